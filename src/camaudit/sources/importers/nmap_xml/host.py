"""Turn one ``<host>`` into observations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element

from camaudit.model.observation import Seen
from camaudit.sources.tables import BatchBuilder
from camaudit.sources.tables.addresses import parse_ip, parse_mac
from camaudit.wirekit.secrets import blank

from .replies import raw_replies
from .scripts import READERS, Port

#: Scripts whose results name no maker, or repeat what another field says.
_SILENT: Final = frozenset({"ssh-hostkey", "fingerprint-strings", "clock-skew", "fcrdns"})

#: Longer values are cut: what follows is page text, and matching reads no further.
MAX_VALUE_BYTES: Final = 1 << 16

_MAX_YEAR_SECONDS: Final = 253_402_300_799


def is_down(host: Element) -> bool:
    """Tell whether nmap got no answer from the host."""
    status = host.find("status")
    return status is not None and status.get("state") == "down"


def host_name(host: Element) -> str | None:
    """Return the subject of the host: its first network address, else its hardware address."""
    addresses = list(_addresses(host))
    ips = [value for key, value in addresses if key == "ip"]
    return next(iter([*ips, *(value for _, value in addresses)]), None)


def read_host(host: Element, name: str, batch: BatchBuilder, unused: Counter[str]) -> None:
    """Add everything that is known of one host; count the scripts that were not read."""
    seen_at = _seen_at(host)
    device, where = f"host:{name}", f"host {name}"
    for seen, place in _everything(host, unused):
        value = blank(seen.value)[:MAX_VALUE_BYTES]
        if value:
            key = f"{seen.protocol}.{seen.field}"
            batch.add(device, key, value, f"{where} {place}".rstrip(), seen_at)


def _everything(host: Element, unused: Counter[str]) -> Iterator[tuple[Seen, str]]:
    for seen in _of_host(host):
        yield seen, ""
    for port in host.iterfind("ports/port"):
        yield from _of_port(port, unused)
    for script in host.iterfind("hostscript/script"):
        for seen in _of_script(script, Port(0, "", ""), unused):
            yield seen, ""


def _addresses(host: Element) -> Iterator[tuple[str, str]]:
    for address in host.iterfind("address"):
        text = address.get("addr", "")
        if ip := parse_ip(text):
            yield "ip", ip
        elif mac := parse_mac(text):
            yield "mac", mac


def _of_host(host: Element) -> Iterator[Seen]:
    for key, value in _addresses(host):
        yield Seen(key, "address", value.encode())
    for address in host.iterfind("address"):
        if vendor := address.get("vendor"):
            yield _seen("nmap.mac_vendor", vendor)
    for hostname in host.iterfind("hostnames/hostname"):
        yield _seen("dns.hostname", hostname.get("name", ""))
    best = host.find("os/osmatch")
    if best is not None:
        yield _seen("nmap.os", best.get("name", ""))


def _of_port(element: Element, unused: Counter[str]) -> Iterator[tuple[Seen, str]]:
    state = element.find("state")
    number, transport = element.get("portid", ""), element.get("protocol", "")
    if state is None or state.get("state") != "open" or not number.isdecimal():
        return
    service = element.find("service")
    port = Port(int(number), transport, service.get("name", "") if service is not None else "")
    place = f"port {number}/{transport}"
    yield _seen("port.open", f"{number}/{transport}"), place
    scripts = list(element.iterfind("script"))
    for seen in _of_service(service, port, scripts):
        yield seen, place
    for script in scripts:
        for seen in _of_script(script, port, unused):
            yield seen, place


def _of_service(service: Element | None, port: Port, scripts: list[Element]) -> Iterator[Seen]:
    if service is None:
        yield from raw_replies("", scripts, port)
        return
    if product := service.get("product"):
        extra = service.get("extrainfo")
        parts = (product, service.get("version"), f"({extra})" if extra else None)
        yield _seen("nmap.service", " ".join(filter(None, parts)))
    yield from raw_replies(service.get("servicefp", ""), scripts, port)


def _of_script(script: Element, port: Port, unused: Counter[str]) -> Iterator[Seen]:
    name = script.get("id", "")
    reader = READERS.get(name)
    if reader is not None:
        yield from reader(script, port)
    elif name not in _SILENT:
        unused[name[:80]] += 1


def _seen(key: str, text: str) -> Seen:
    protocol, _, field = key.partition(".")
    return Seen(protocol, field, text.encode("utf-8", "replace"))


def _seen_at(host: Element) -> datetime | None:
    for name in ("endtime", "starttime"):
        text = host.get(name, "")
        if text.isdecimal() and int(text) <= _MAX_YEAR_SECONDS:
            return datetime.fromtimestamp(int(text), UTC)
    return None
