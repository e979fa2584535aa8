"""What the information elements of a flow mean (IANA, "IP Flow Information Export Entities")."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final

from camaudit.sources.bulk import RecordError
from camaudit.sources.bulk.flow_cells import MAX_COUNT

from .codec import REVERSE, Element

Record = Mapping[Element, bytes]

#: Seconds between 1900 (NTP, RFC 5905) and 1970.
_NTP: Final = 2_208_988_800
_SECOND: Final = 1_000_000
_MAX_MICROS: Final = 253_402_300_799 * _SECOND

SOURCES: Final = (8, 27)  # sourceIPv4Address, sourceIPv6Address
TARGETS: Final = (12, 28)
PROTOCOL: Final = 4
FLAGS: Final = 6  # tcpControlBits
#: sourceTransportPort, udpSourcePort, tcpSourcePort, and the same of the destination.
SOURCE_PORTS: Final = (7, 180, 182)
TARGET_PORTS: Final = (11, 181, 183)
#: octetDeltaCount and octetTotalCount, packetDeltaCount and packetTotalCount.
OCTETS: Final = (1, 85)
PACKETS: Final = (2, 86)
#: initiatorOctets, responderOctets, initiatorPackets, responderPackets.
INITIATOR_OCTETS, RESPONDER_OCTETS = 231, 232
INITIATOR_PACKETS, RESPONDER_PACKETS = 298, 299
#: biflowDirection (RFC 5103 6.3), and what it says of the source: it opened, it answered.
DIRECTION: Final = 239
INITIATOR, REVERSE_INITIATOR = 1, 2
SOURCE_MAC, TARGET_MAC = 56, 80
VLANS: Final = (58, 243)  # vlanId, dot1qVlanId

#: Start, end: seconds, milliseconds; then NTP's microseconds and nanoseconds.
_COUNTED: Final = ((150, 151, _SECOND), (152, 153, 1_000))
_AS_NTP: Final = ((154, 155), (156, 157))
#: Microseconds before the time of export.
_BEFORE_EXPORT: Final = (158, 159)
#: flowStartSysUpTime, flowEndSysUpTime, since systemInitTimeMilliseconds.
_UP_TIME: Final = (22, 21)
_BOOTED: Final = 160
#: flowDurationMilliseconds, flowDurationMicroseconds.
_DURATIONS: Final = ((161, 1_000), (162, 1))


def number(record: Record, *elements: int, reverse: bool = False) -> int | None:
    """Return the first unsigned number that is there, in up to eight bytes (RFC 7011 6.2)."""
    for element in elements:
        raw = record.get((REVERSE if reverse else 0, element))
        if raw is not None:
            value = int.from_bytes(raw, "big")
            if len(raw) > 8 or value > MAX_COUNT:
                raise RecordError(f"element {element}", "is no count")
            return value
    return None


def address(record: Record, elements: tuple[int, int], field: str) -> str:
    """Return an address of either family; one that is all nought counts only if it is alone.

    Raises:
        RecordError: There is none.
    """
    found = [raw for each in elements if (raw := record.get((0, each))) and len(raw) in (4, 16)]
    if not found:
        raise RecordError(field, "is missing")
    return str(ipaddress.ip_address(next((raw for raw in found if any(raw)), found[0])))


def mac(record: Record, element: int) -> bytes | None:
    """Return a hardware address; nought is nobody's."""
    raw = record.get((0, element), b"")
    return raw if len(raw) == 6 and any(raw) and raw != b"\xff" * 6 else None


def times(record: Record, export_time: int) -> tuple[int, int]:
    """Return first and last in microseconds, from whichever elements tell them.

    Raises:
        RecordError: None does, or they lie outside of the calendar.
    """
    found = _counted(record) or _as_ntp(record) or _relative(record, export_time)
    if found is None:
        raise RecordError("flowStart", "no element tells when the flow began")
    first, last = found
    if last is None:
        last = first + next(
            (
                value * factor
                for element, factor in _DURATIONS
                if (value := number(record, element)) is not None
            ),
            0,
        )
    if not 0 <= first <= last <= _MAX_MICROS:
        raise RecordError("flowEnd", "it ends before it begins, or lies outside of the calendar")
    return first, last


def _counted(record: Record) -> tuple[int, int | None] | None:
    for start, end, factor in _COUNTED:
        first, last = number(record, start), number(record, end)
        if first is not None:
            return first * factor, None if last is None else last * factor
    return None


def _as_ntp(record: Record) -> tuple[int, int | None] | None:
    for start, end in _AS_NTP:
        first, last = (_ntp(record.get((0, element), b"")) for element in (start, end))
        if first is not None:
            return first, last
    return None


def _ntp(raw: bytes) -> int | None:
    """Return microseconds since 1970: 32 bits of seconds, 32 of their fraction (RFC 7011 6.1.9)."""
    if len(raw) != 8:
        return None
    seconds, fraction = int.from_bytes(raw[:4], "big"), int.from_bytes(raw[4:], "big")
    return (seconds - _NTP) * _SECOND + (fraction * _SECOND >> 32)


def _relative(record: Record, export_time: int) -> tuple[int, int | None] | None:
    first, last = (number(record, element) for element in _BEFORE_EXPORT)
    if first is not None:
        export = export_time * _SECOND
        return export - first, None if last is None else export - last
    first, last = (number(record, element) for element in _UP_TIME)
    booted = number(record, _BOOTED)
    if first is not None and booted is not None:
        return (booted + first) * 1_000, None if last is None else (booted + last) * 1_000
    return None
