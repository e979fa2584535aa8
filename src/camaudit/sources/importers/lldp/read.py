"""Read LLDP neighbours: blocks of ``Name: value``, one a neighbour.

``show lldp neighbors detail`` of Cisco IOS, Junos and Aruba; ``lldpctl`` as text, as ``-f
keyvalue`` and as ``-f json``. A neighbour begins where its chassis is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

import msgspec

from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS, BatchBuilder, strip_secrets
from camaudit.sources.tables.addresses import names_device, parse_ip, parse_mac
from camaudit.sources.tables.pasted import PastedLine, pasted_lines
from camaudit.wirekit.secrets import blank

#: Names of values, folded and without blanks, in the programs above.
_WORDS: Final = {
    "chassisid": "chassis",
    "portid": "port",
    "sysname": "lldp.system_name",
    "systemname": "lldp.system_name",
    "sysdescr": "lldp.system_description",
    "systemdescription": "lldp.system_description",
    "mgmtip": "ip",
    "managementaddress": "ip",
    "ip": "ip",
    "address": "ip",
}
#: lldpctl -f keyvalue: lldp.eth0.chassis.mac=00:40:8c:00:00:01
_KEYVALUE: Final = re.compile(r"lldp\.([^=]{1,64}?)\.(chassis|port)\.([a-z.-]{1,32})=(.*)")
_KEYS: Final = {
    "chassis.mac": "chassis",
    "chassis.name": "lldp.system_name",
    "chassis.descr": "lldp.system_description",
    "chassis.mgmt-ip": "ip",
    "port.mac": "port",
    "port.ifname": "port",
    "port.local": "port",
}
_LINE: Final = re.compile(r"\s*([A-Za-z][A-Za-z ]{1,30}?)\s*(?:-\s[^:]{0,40})?[:]\s*(.*)")
_KIND_BEFORE: Final = re.compile(r"(?:mac|ifname|local|ip)\s+(\S.*)")
_MAX_JSON: Final = 32 << 20


def sniff(name: str, head: bytes) -> int:
    """Tell how sure it is that these are LLDP neighbours."""
    del name
    text = head.decode("utf-8", "replace")
    if text.lstrip().startswith("{"):
        return 96 if '"lldp"' in text[:200] and '"chassis"' in text else 0
    if _KEYVALUE.search(text):
        return 96
    chassis = re.search(r"(?im)^\s*chassis\s?id\b", text)
    return 96 if chassis and re.search(r"(?im)^\s*(?:port\s?id|sys(?:tem )?name)\b", text) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what each neighbour says of itself."""
    batch = BatchBuilder()
    start = stream.read(64)
    stream.seek(0)
    is_json = start.lstrip().startswith(b"{")
    for found in _of_json(stream) if is_json else _of_text(pasted_lines(stream, options.encoding)):
        if isinstance(found, Problem):
            yield found
        elif not _add(batch, *found):
            yield Problem(
                position=found[0],
                field="chassis",
                message="a neighbour that names neither a hardware nor a network address",
            )
        if len(batch) > MAX_BATCH_ROWS - 8:
            yield from batch.flush()
    yield from batch.flush()


def _of_text(
    lines: Iterable[PastedLine | Problem],
) -> Iterator[tuple[str, dict[str, str]] | Problem]:
    blocks = _Blocks()
    for line in lines:
        if isinstance(line, Problem):
            yield line
        elif (block := blocks.take(line)) is not None:
            yield block
    if blocks.held:
        yield blocks.where, blocks.held


class _Blocks:
    """Gather the values of one neighbour after the other."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.where = ""
        self._last = self._link = ""

    def take(self, line: PastedLine) -> tuple[str, dict[str, str]] | None:
        """Take one line; return the neighbour before it, where the line begins another."""
        key, value, link = _value(line.text)
        if key is None:
            self._go_on(line.text.strip())
            return None
        done = None
        if key == "chassis" or (link and link != self._link):
            done = (self.where, self.held) if self.held else None
            self.held, self.where = {}, line.where
        self._link, self._last = link or self._link, key
        self.held[key] = self.held.get(key) or value
        return done

    def _go_on(self, text: str) -> None:
        # Cisco writes the description on the lines that follow its name
        if self._last == "lldp.system_description" and text:
            self.held[self._last] = f"{self.held[self._last]} {text}".strip()
        elif not text:
            self._last = ""


def _value(text: str) -> tuple[str | None, str, str]:
    """Return what a line gives, its value, and the link that it is about, if it says so."""
    if found := _KEYVALUE.fullmatch(text.strip()):
        key = _KEYS.get(f"{found[2]}.{found[3]}")
        return (None if key == "chassis" and not found[4] else key), found[4], found[1]
    found = _LINE.fullmatch(text)
    if found is None:
        return None, "", ""
    key = _WORDS.get(found[1].replace(" ", "").casefold())
    value = found[2].strip()
    if key in ("chassis", "port", "ip") and (kind := _KIND_BEFORE.fullmatch(value)):
        value = kind[1]
    return key, value, ""


def _of_json(stream: BinaryIO) -> Iterator[tuple[str, dict[str, str]] | Problem]:
    try:
        document = msgspec.json.decode(stream.read(_MAX_JSON))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        yield Problem(position="", field="", message=f"not the JSON of lldpctl: {error}")
        return
    links = _below(_below(document, "lldp"), "interface")
    for number, link in enumerate(_each(links), start=1):
        for name, about in link.items():
            yield f"interface {number} {name}", _of_interface(about)


def _of_interface(about: Any) -> dict[str, str]:
    chassis, port = _below(about, "chassis"), _below(about, "port")
    # lldpctl puts the system's name as the key of what it says of it
    name, said = next(iter(chassis.items()), ("", {})) if isinstance(chassis, dict) else ("", {})
    if not isinstance(said, dict):
        name, said = "", chassis
    found = {"lldp.system_name": name if name not in ("id", "name") else ""}
    found["chassis"] = _text(_below(_below(said, "id"), "value"))
    found["lldp.system_description"] = _text(_below(said, "descr"))
    ip = _below(said, "mgmt-ip")
    found["ip"] = _text(ip[0] if isinstance(ip, list) and ip else ip)
    found["port"] = _text(_below(_below(port, "id"), "value"))
    return found


def _each(links: Any) -> list[dict[str, Any]]:
    found = links if isinstance(links, list) else [links]
    return [each for each in found if isinstance(each, dict)]


def _below(value: Any, key: str) -> Any:
    return value.get(key, {}) if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _add(batch: BatchBuilder, where: str, found: dict[str, str]) -> bool:
    mac = parse_mac(found.get("chassis", "")) or parse_mac(found.get("port", ""))
    ip = parse_ip(found.get("ip", ""))
    if mac is not None and not names_device(mac):
        mac = None
    if mac is None and ip is None:
        return False
    device = f"mac:{mac}" if mac else f"host:{ip}"
    for key, text in (
        ("mac.address", mac or ""),
        ("ip.address", ip or ""),
        ("lldp.system_name", found.get("lldp.system_name", "")),
        ("lldp.system_description", found.get("lldp.system_description", "")),
    ):
        if text:
            batch.add(device, key, blank(strip_secrets(text).encode()), where)
    return True
