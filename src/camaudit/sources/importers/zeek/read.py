"""Read Zeek's logs: connections, names that were asked for and spoken to, and what DHCP told.

Of HTTP only the host is taken, never a path or a query. The fields are those of the Zeek manual
("Zeek Log Formats and Inspection").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, cast

from camaudit.errors import SourceError
from camaudit.model.conversations import WITH_PORTS
from camaudit.model.observation import Problem
from camaudit.sources.bulk import RecordError, TrafficBook, looks_like
from camaudit.sources.bulk.flow_cells import (
    ICMP,
    ICMP6,
    TCP,
    address,
    count,
    duration,
    hardware,
    micros,
    need_address,
    port,
    protocol,
)
from camaudit.sources.spec import Item, ReadOptions

from .lines import Row, json_rows, tsv_rows

#: conn_state of TCP: the handshake, or part of it, was seen. OTH: it was not.
_OPENED: Final = frozenset(
    ("S0", "S1", "S2", "S3", "SF", "REJ", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR")
)
#: What tells a log by its fields, where the file does not name it (JSON): any of these.
_TELLING: Final = {
    "conn": ("conn_state", "history", "orig_pkts"),
    "dns": ("trans_id", "qtype_name", "rcode_name"),
    "ssl": ("cipher", "server_name", "ssl_history", "established"),
    "http": ("trans_depth", "user_agent", "status_code"),
    "dhcp": ("msg_types", "assigned_addr", "requested_addr", "client_fqdn"),
    "known_devices": ("dhcp_host_name",),
}
_EVENTS: Final = {"DISCOVER": "dhcp_discover", "REQUEST": "dhcp_request"}


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is a log of Zeek."""
    del name  # the content tells
    if head.startswith(b"#separator ") or b"\n#fields\t" in head[:4096]:
        return 95
    if looks_like(head, b"id.orig_h", b"ts"):
        return 95
    is_dhcp = looks_like(head, b"ts", b"uids", b"msg_types")
    is_device = looks_like(head, b"ts", b"mac", b"dhcp_host_name")
    return 95 if is_dhcp or is_device else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what Zeek saw.

    Raises:
        SourceError: The file is neither TSV with its head nor JSON, or of no log that is read.
    """
    head = stream.read(1)
    while head and head in b" \t\r\n":
        head = stream.read(1)
    if not head:
        raise SourceError("the file is empty")
    source = cast(BinaryIO, _Rejoined(head, stream))
    rows = tsv_rows(source) if head == b"#" else json_rows(source)
    yield from _read(rows, TrafficBook(options.sentinel))


class _Rejoined:
    """A stream whose first byte was taken, as it was before."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes."""
        if self._head:
            head, self._head = self._head, b""
            return head
        return self._rest.read(size)


def _read(rows: Iterator[Row | Problem], book: TrafficBook) -> Iterator[Item]:
    taken = others = 0
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        reader = _READERS.get(row.path) or _READERS.get(_told_by_fields(row))
        if reader is None:
            others += 1
            continue
        taken += 1
        try:
            reader(row, book)
        except RecordError as error:
            yield Problem(position=f"line {row.line}", field=error.field, message=error.message)
        yield from book.part()
    if others and not taken:
        raise SourceError(
            f"none of its {others:,} rows is of a log that is read: {', '.join(sorted(_READERS))}"
        )
    yield from book.close()
    if others:
        message = f"rows of other logs are not used ({others})"
        yield Problem(position="", field="", message=message, rejected=False)


def _told_by_fields(row: Row) -> str:
    for path, names in _TELLING.items():
        if any(name in row.cells or name in row.lists for name in names):
            return path
    return ""


def _ends(row: Row) -> tuple[str, str]:
    origin, responder = (row.cells.get(name, "") for name in ("id.orig_h", "id.resp_h"))
    return need_address(origin, "id.orig_h"), need_address(responder, "id.resp_h")


def _at(row: Row) -> int:
    return micros(row.cells.get("ts", ""), "ts")


# ----------------------------------------------------------------------------------------- conn


def _conn(row: Row, book: TrafficBook) -> None:
    cells = row.cells
    origin, responder = _ends(row)
    number = protocol(
        cells.get("ip_proto") or cells.get("proto", ""), "proto", of_v6=":" in responder
    )
    ports = (
        port(cells.get("id.orig_p", ""), "id.orig_p"),
        port(cells.get("id.resp_p", ""), "id.resp_p"),
    )
    first = _at(row)
    last = first + duration(cells.get("duration", ""), "duration")
    counts = [
        count(cells.get(name, ""), name) for name in ("orig_pkts", "resp_pkts", *_sizes(row, book))
    ]
    if missed := count(cells.get("missed_bytes", ""), "missed_bytes"):
        book.damage("bytes that the sensor missed (missed_bytes)", f"line {row.line}", missed)
    macs = [hardware(cells.get(name, "")) for name in ("orig_l2_addr", "resp_l2_addr")]
    ends = [origin, responder]
    turned, opened = _opening(cells.get("history", ""), cells.get("conn_state", ""), number, ports)
    if turned:
        ends, macs, ports = ends[::-1], macs[::-1], ports[::-1]
        counts = [counts[1], counts[0], counts[3], counts[2]]
    vlan = count(cells.get("vlan", ""), "vlan") if "vlan" in cells else None
    book.flow(
        ends[0],
        ends[1],
        number,
        ports[1] if number in WITH_PORTS else 0,
        (counts[0], counts[1], counts[2], counts[3]),
        first,
        last,
        opened=opened,
        macs=(macs[0], macs[1]),
        vlan=vlan if vlan is None or vlan < 1 << 12 else None,
    )


def _sizes(row: Row, book: TrafficBook) -> tuple[str, str]:
    """Return where bytes stand: those of IP packets, or at least those of the payload."""
    if "orig_ip_bytes" in row.cells or "orig_bytes" not in row.cells:
        return "orig_ip_bytes", "resp_ip_bytes"
    book.damage("connections with bytes of the payload only", f"line {row.line}")
    return "orig_bytes", "resp_bytes"


def _opening(history: str, state: str, number: int, ports: tuple[int, int]) -> tuple[bool, bool]:
    """Tell whether the responder is the client after all, and whether the opening was seen.

    History: S is a SYN, H a SYN with ACK, D data; of the originator in capitals. A caret says that
    Zeek turned the ends round by what it knows of ports.
    """
    if number in (ICMP, ICMP6):
        return False, True
    if number == TCP:
        if "s" in history and "S" not in history:
            return True, True
        if "S" in history or "h" in history or (not history and state in _OPENED):
            return False, True
    elif "^" not in history and not history.startswith("d"):
        return False, True
    return ports[0] < ports[1], False


# ---------------------------------------------------------------------------------------- names


def _dns(row: Row, book: TrafficBook) -> None:
    client, _ = _ends(row)
    name = row.cells.get("query", "")
    found = [address(one[:64]) for one in row.lists.get("answers", [])]
    book.name(client, "dns", name, _at(row), tuple(one for one in found if one))


def _ssl(row: Row, book: TrafficBook) -> None:
    client, server = _ends(row)
    book.name(client, "sni", row.cells.get("server_name", ""), _at(row), (server,))


def _http(row: Row, book: TrafficBook) -> None:
    client, server = _ends(row)
    book.name(client, "http_host", row.cells.get("host", ""), _at(row), (server,))


# ----------------------------------------------------------------------------------------- DHCP


def _dhcp(row: Row, book: TrafficBook) -> None:
    mac, at = _need_mac(row), _at(row)
    where = f"line {row.line}"
    book.observe(mac, "dhcp.hostname", row.cells.get("host_name", ""), where, at)
    # policy/protocols/dhcp/software: what the client gave as its vendor class
    book.observe(mac, "dhcp.vendor_class", row.cells.get("client_software", ""), where, at)
    for kind in row.lists.get("msg_types", []):
        if kind in _EVENTS:
            book.event(mac, _EVENTS[kind], at)
    if used := address(row.cells.get("assigned_addr", "")[:64]):
        book.address(mac, used)


def _need_mac(row: Row) -> bytes:
    mac = hardware(row.cells.get("mac", ""))
    if mac is None:
        raise RecordError("mac", "is no hardware address of a device")
    return mac


def _known_device(row: Row, book: TrafficBook) -> None:
    mac, at = _need_mac(row), _at(row)
    where = f"line {row.line}"
    book.observe(mac, "mac.address", mac.hex(":"), where, at)
    book.observe(mac, "dhcp.hostname", row.cells.get("dhcp_host_name", ""), where, at)


_READERS: Final[dict[str, Callable[[Row, TrafficBook], None]]] = {
    "conn": _conn,
    "dns": _dns,
    "ssl": _ssl,
    "http": _http,
    "dhcp": _dhcp,
    "known_devices": _known_device,
}
