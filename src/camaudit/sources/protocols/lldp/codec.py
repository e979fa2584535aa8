"""Bytes and messages of LLDP: a list of values, each behind its type and length.

1. Values are read by a closed list; what else a frame carries is stepped over.
2. Of a frame that was cut off, the values that are whole are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Codec

#: IEEE 802.3 3.2.7: what a frame may carry.
MAX_FRAME_BYTES: Final = 1500
#: IEEE 802.1AB 8.4: seven bits of type, nine of length.
_HEAD_BYTES: Final = 2
_LENGTH_BITS: Final = 9
_MAX_VALUE: Final = (1 << _LENGTH_BITS) - 1
#: IEEE 802.1AB 8.2: these three come first, in this order.
_BEGINS: Final = 3


class Kind(IntEnum):
    """The values that are read (IEEE 802.1AB table 8-1)."""

    END = 0
    CHASSIS_ID = 1
    PORT_ID = 2
    TIME_TO_LIVE = 3
    SYSTEM_NAME = 5
    SYSTEM_DESCRIPTION = 6
    CAPABILITIES = 7
    MANAGEMENT_ADDRESS = 8
    OF_ORGANISATION = 127


class Inventory(IntEnum):
    """What devices tell of their make (ANSI/TIA-1057 table 6: subtypes)."""

    FIRMWARE = 6
    SOFTWARE = 7
    SERIAL = 8
    MANUFACTURER = 9
    MODEL = 10


#: ANSI/TIA-1057 10.2: the organisation, before a subtype.
TIA: Final = b"\x00\x12\xbb"
_KINDS: Final = frozenset(int(kind) for kind in Kind)
_INVENTORY: Final = frozenset(TIA + bytes((subtype,)) for subtype in Inventory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What one frame says, in its order: type and value."""

    values: tuple[tuple[int, bytes], ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)

    def value(self, kind: Kind) -> bytes:
        """Return a value; empty where it is missing."""
        return next((value for found, value in self.values if found == kind), b"")

    def inventory(self, subtype: Inventory) -> bytes:
        """Return what the device tells of its make; empty where it does not."""
        head = TIA + bytes((subtype,))
        told = (value for kind, value in self.values if kind == Kind.OF_ORGANISATION)
        return next((value[len(head) :] for value in told if value.startswith(head)), b"")


def decode_frame(data: bytes) -> Announcement:
    """Read what a frame carries behind its ether type."""
    if len(data) > MAX_FRAME_BYTES:
        raise DecodeError(f"a frame carries at most {MAX_FRAME_BYTES} bytes")
    tally = Tally()
    values = tuple(_walk(data, tally))
    first = [kind for kind, _ in values[:_BEGINS]]
    if first != [Kind.CHASSIS_ID, Kind.PORT_ID, Kind.TIME_TO_LIVE]:
        raise DecodeError("no chassis, port and time to live at the beginning")
    kept = tuple((kind, value) for kind, value in values if _is_read(kind, value))
    return Announcement(values=kept, anomalies=tally.result())


def encode_frame(message: Announcement) -> bytes:
    """Write a frame's content back, for the laws; nothing here ever sends one."""
    parts = (
        (kind << _LENGTH_BITS | len(value)).to_bytes(_HEAD_BYTES, "big") + value
        for kind, value in message.values
    )
    return b"".join(parts) + bytes(_HEAD_BYTES)


def frame_parts(message: Announcement) -> tuple[object, ...]:
    """Return the parts of a message in the order of its bytes."""
    return tuple(part for pair in message.values for part in pair)


def _is_read(kind: int, value: bytes) -> bool:
    if kind == Kind.OF_ORGANISATION:
        return value[: len(TIA) + 1] in _INVENTORY
    return kind in _KINDS


def _walk(data: bytes, tally: Tally) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEAD_BYTES <= len(data):
        head = int.from_bytes(data[at : at + _HEAD_BYTES], "big")
        kind, end = head >> _LENGTH_BITS, at + _HEAD_BYTES + (head & _MAX_VALUE)
        if kind == Kind.END:
            return
        if end > len(data):
            break
        yield kind, data[at + _HEAD_BYTES : end]
        at = end
    tally.add("values_unfinished")


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "frame": Codec(decode=decode_frame, encode=encode_frame, parts=frame_parts)
}
