"""Read EVE: one JSON object an event (Suricata User Guide, "Eve JSON Format").

1. A flow event tells both directions and, by the side that Suricata saw first, who opened.
   Netflow events tell one direction each.
2. DNS comes in three forms: version 1 has an event for each answer (``rrname``, ``rdata``),
   version 2 one with ``answers`` and ``grouped``, version 3 has ``queries`` as a list.
3. Of TLS and HTTP only the name of the host is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, Final

import msgspec

from camaudit.model.conversations import WITH_PORTS
from camaudit.model.observation import Problem
from camaudit.sources.bulk import (
    Record,
    RecordError,
    TrafficBook,
    json_records,
    looks_like,
    section,
    text,
)
from camaudit.sources.bulk.flow_cells import (
    MAX_COUNT,
    TCP,
    address,
    hardware,
    micros,
    need_address,
    protocol,
)
from camaudit.sources.spec import Item, ReadOptions

#: Ours. Answers and queries of one event that are looked at.
_MAX_ANSWERS: Final = 256
_MAX_PORT: Final = (1 << 16) - 1
_MAX_VLAN: Final = 1 << 12
_ADDRESS_TYPES: Final = ("A", "AAAA")
_EVENTS: Final = {"discover": "dhcp_discover", "request": "dhcp_request"}
_SYN: Final = 0x02
_DNS_PORT: Final = 53

Event = Mapping[str, Any]


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is Suricata's."""
    del name  # the content tells
    return 95 if looks_like(head, b"event_type", b"timestamp") else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what Suricata saw.

    Raises:
        SourceError: The file as a whole is not JSON.
    """
    book, unused = TrafficBook(options.sentinel), Counter[str]()
    for record in json_records(stream):
        if isinstance(record, Problem):
            yield record
            continue
        try:
            _take(record, book, unused)
        except RecordError as error:
            yield Problem(position=f"line {record.line}", field=error.field, message=error.message)
        yield from book.part()
    yield from book.close()
    if count := unused.total():
        message = f"events of other types are not used ({count})"
        yield Problem(position="", field="event_type", message=message, rejected=False)


def _take(record: Record, book: TrafficBook, unused: Counter[str]) -> None:
    try:
        event = msgspec.json.decode(record.data)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise RecordError("", f"not JSON: {error}"[:200]) from error
    if not isinstance(event, dict):
        raise RecordError("", "not a JSON object")
    reader = _READERS.get(text(event, "event_type"))
    if reader is None:
        unused["other"] += 1
        return
    reader(event, f"line {record.line}", book)


def _ends(event: Event) -> tuple[str, str]:
    return (
        need_address(text(event, "src_ip"), "src_ip"),
        need_address(text(event, "dest_ip"), "dest_ip"),
    )


def _at(event: Event) -> int:
    return micros(text(event, "timestamp"), "timestamp")


def _number(record: Event, name: str, most: int = MAX_COUNT) -> int:
    value = record.get(name, 0)
    if not isinstance(value, int) or not 0 <= value <= most:
        raise RecordError(name, "is no count" if most == MAX_COUNT else "is no port")
    return value


def _macs(event: Event) -> tuple[bytes | None, bytes | None]:
    """Return the hardware addresses (``ethernet: yes``); of a flow with several, none."""
    ether = section(event, "ether")
    found = []
    for one, many in (("src_mac", "src_macs"), ("dest_mac", "dest_macs")):
        listed = ether.get(many)
        alone = listed[0] if isinstance(listed, list) and len(listed) == 1 else ether.get(one)
        found.append(hardware(alone) if isinstance(alone, str) else None)
    return found[0], found[1]


def _vlan(event: Event) -> int | None:
    """Return the outermost tag; EVE lists them from the outside."""
    listed = event.get("vlan")
    tag = listed[0] if isinstance(listed, list) and listed else listed
    return tag if isinstance(tag, int) and 0 <= tag < _MAX_VLAN else None


# ----------------------------------------------------------------------------------------- flow


def _flow(event: Event, where: str, book: TrafficBook) -> None:
    del where
    flow, (source, target) = section(event, "flow"), _ends(event)
    number = protocol(text(event, "proto"), "proto", of_v6=":" in target)
    ports = tuple(_number(event, name, _MAX_PORT) for name in ("src_port", "dest_port"))
    first = micros(text(flow, "start"), "flow.start")
    last = micros(text(flow, "end") or text(flow, "start"), "flow.end")
    out, back = (
        (_number(flow, f"pkts_to{way}"), _number(flow, f"bytes_to{way}"))
        for way in ("server", "client")
    )
    ends, macs = (source, target), _macs(event)
    opened = number != TCP or bool(_flags(section(event, "tcp"), "tcp_flags_ts") & _SYN)
    if not opened and number in WITH_PORTS and ports[0] < ports[1]:
        ends, macs, ports, out, back = ends[::-1], macs[::-1], ports[::-1], back, out
    book.flow(
        *ends,
        number,
        ports[1] if number in WITH_PORTS else 0,
        (out[0], back[0], out[1], back[1]),
        first,
        last,
        opened=opened,
        macs=macs,
        vlan=_vlan(event),
    )


def _flags(tcp: Event, name: str) -> int:
    """Return flags of TCP, which are written in hexadecimal; 0 where they are not known."""
    try:
        return int(text(tcp, name)[:4], 16) & 0xFF
    except ValueError:
        return 0


def _netflow(event: Event, where: str, book: TrafficBook) -> None:
    del where
    flow, (source, target) = section(event, "netflow"), _ends(event)
    first = micros(text(flow, "start"), "netflow.start")
    last = micros(text(flow, "end") or text(flow, "start"), "netflow.end")
    book.one_way(
        source,
        target,
        (_number(event, "src_port", _MAX_PORT), _number(event, "dest_port", _MAX_PORT)),
        protocol(text(event, "proto"), "proto", of_v6=":" in target),
        _flags(section(event, "tcp"), "tcp_flags"),
        (_number(flow, "pkts"), _number(flow, "bytes")),
        first,
        last,
        _macs(event),
        _vlan(event),
    )


# ---------------------------------------------------------------------------------------- names


def _dns(event: Event, where: str, book: TrafficBook) -> None:
    del where
    dns, (source, target), at = section(event, "dns"), _ends(event), _at(event)
    kind = text(dns, "type")
    queries = _objects(dns.get("queries") or dns.get("query")) or [dns]
    # The ends are those of the packet or those of the flow, by version and kind: the port tells.
    answered = kind in ("answer", "response") and event.get("src_port") == _DNS_PORT
    client = target if answered else source
    found = [found for one in _answers(dns) if (found := address(one[:64]))]
    for query in queries[:_MAX_ANSWERS]:
        book.name(client, "dns", text(query, "rrname"), at, tuple(dict.fromkeys(found)))


def _objects(value: object) -> list[Event]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _answers(dns: Event) -> Iterator[str]:
    """Yield the addresses of an answer, in each of the forms."""
    for one in _objects(dns.get("answers"))[:_MAX_ANSWERS]:
        if text(one, "rrtype") in _ADDRESS_TYPES:
            yield text(one, "rdata")
    if text(dns, "rrtype") in _ADDRESS_TYPES:
        yield text(dns, "rdata")
    for kind in _ADDRESS_TYPES:
        listed = section(dns, "grouped").get(kind)
        if isinstance(listed, list):
            yield from (one for one in listed[:_MAX_ANSWERS] if isinstance(one, str))


def _tls(event: Event, where: str, book: TrafficBook) -> None:
    del where
    client, server = _ends(event)
    book.name(client, "sni", text(section(event, "tls"), "sni"), _at(event), (server,))


def _http(event: Event, where: str, book: TrafficBook) -> None:
    del where
    client, server = _ends(event)
    book.name(client, "http_host", text(section(event, "http"), "hostname"), _at(event), (server,))


# ----------------------------------------------------------------------------------------- DHCP


def _dhcp(event: Event, where: str, book: TrafficBook) -> None:
    dhcp, at = section(event, "dhcp"), _at(event)
    mac = hardware(text(dhcp, "client_mac"))
    if mac is None:
        raise RecordError("dhcp.client_mac", "is no hardware address of a device")
    if text(dhcp, "type") == "request":
        book.observe(mac, "dhcp.hostname", text(dhcp, "hostname"), where, at)
        book.observe(mac, "dhcp.vendor_class", text(dhcp, "vendor_class_identifier"), where, at)
        if kind := _EVENTS.get(text(dhcp, "dhcp_type")):
            book.event(mac, kind, at)
        return
    used = address(text(dhcp, "assigned_ip")[:64])
    if used and used != "0.0.0.0" and text(dhcp, "dhcp_type") == "ack":  # noqa: S104  no address
        book.address(mac, used)


_READERS: Final[dict[str, Callable[[Event, str, TrafficBook], None]]] = {
    "flow": _flow,
    "netflow": _netflow,
    "dns": _dns,
    "tls": _tls,
    "http": _http,
    "dhcp": _dhcp,
}
