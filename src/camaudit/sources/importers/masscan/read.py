"""Read masscan's JSON: an array with one record a line, the last perhaps with a comma, or none.

A record is ``{"ip", "timestamp", "ports": [{"port", "proto", "status"}]}``; where a banner was
taken, the port has ``"service": {"name", "banner"}`` instead of the status. Bytes of banners that
are no plain text are escaped as the characters of the same numbers.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from camaudit.model.observation import Seen
from camaudit.sources.bulk import (
    RecordError,
    Told,
    looks_like,
    read_export,
    reply,
    said,
    section,
    text,
    when,
)
from camaudit.sources.spec import Item, ReadOptions
from camaudit.wirekit.limits import MAX_VALUE_BYTES

#: Parts of pages that masscan picks out by itself, and the fields that they are.
_PICKED: Final = {"title": "http.title", "http.server": "http.server", "html": "http.body"}

#: Ours. A host has no more ports than there are; one record of masscan names one.
_MAX_PORTS: Final = 1 << 16


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is masscan's."""
    del name  # the content tells
    return 95 if looks_like(head, b"ip", b"ports", b"proto") else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what masscan saw.

    Raises:
        SourceError: The file as a whole is not JSON.
    """
    del options  # there is nothing to choose
    return read_export(stream, _told)


def _told(record: Mapping[str, Any], unused: Counter[str]) -> Iterator[Told]:
    ports = record.get("ports")
    if not isinstance(ports, list):
        raise RecordError("ports", "is missing; this is no record of masscan")
    address, at = text(record, "ip"), when(record.get("timestamp"))
    yield Told(address, "", at, ())
    for port in ports[:_MAX_PORTS]:
        number = port.get("port") if isinstance(port, Mapping) else None
        if not isinstance(number, int):
            raise RecordError("ports", "a port without its number")
        transport = text(port, "proto") or "tcp"
        place = f"port {number}/{transport[:8]}"
        yield Told(address, place, at, list(_of_port(port, place[5:], unused)))


def _of_port(port: Mapping[str, Any], place: str, unused: Counter[str]) -> Iterator[Seen]:
    service = section(port, "service")
    if not service:
        if text(port, "status") in ("", "open"):
            yield from said("port.open", place)
        else:
            unused["ports that are not open"] += 1
        return
    name, banner = text(service, "name"), _bytes(text(service, "banner"))
    if name in _PICKED:
        yield from said(_PICKED[name], banner)
    elif name == "X509":
        yield from _certificate(banner, unused)
    elif name == "snmp":
        yield from _system_description(banner, unused)
    else:
        yield from reply(banner, name, unused)


def _bytes(banner: str) -> bytes:
    try:
        return banner.encode("latin-1")
    except UnicodeEncodeError:
        return banner.encode("utf-8", "replace")


def _certificate(banner: bytes, unused: Counter[str]) -> Iterator[Seen]:
    try:
        certificate = b64decode(banner, validate=True)
        if len(certificate) > MAX_VALUE_BYTES:
            unused["certificates that are too long"] += 1
        else:
            yield Seen("tls", "certificate", certificate)
    except (Base64Error, ValueError):
        unused["certificates that are not base64"] += 1


def _system_description(banner: bytes, unused: Counter[str]) -> Iterator[Seen]:
    for line in banner.split(b"\n"):
        if line.lower().startswith(b"sysdescr:"):
            yield from said("snmp.sysDescr", line[9:].strip())
            return
    unused["SNMP replies without a description"] += 1
