"""A position in bytes that cannot run past their end."""

from __future__ import annotations

from camaudit.errors import DecodeError

from .limits import MAX_DATAGRAM_BYTES

_U16_BYTES = 2
_U32_BYTES = 4


class Cursor:
    """Read fixed-size parts one after the other; a missing byte raises ``DecodeError``."""

    __slots__ = ("_data", "at")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self.at = at

    @property
    def left(self) -> int:
        """Return how many bytes are still to be read."""
        return len(self._data) - self.at

    def take(self, size: int) -> bytes:
        """Return the next ``size`` bytes."""
        if not 0 <= size <= self.left:
            raise DecodeError(f"{size} bytes wanted at {self.at}, {self.left} left")
        part = self._data[self.at : self.at + size]
        self.at += size
        return part

    def u8(self) -> int:
        """Return the next byte as an unsigned number."""
        return self.take(1)[0]

    def u16_le(self) -> int:
        """Return the next two bytes as an unsigned little-endian number."""
        return int.from_bytes(self.take(_U16_BYTES), "little")

    def u16_be(self) -> int:
        """Return the next two bytes as an unsigned big-endian number."""
        return int.from_bytes(self.take(_U16_BYTES), "big")

    def u32_be(self) -> int:
        """Return the next four bytes as an unsigned big-endian number."""
        return int.from_bytes(self.take(_U32_BYTES), "big")

    def u32_le(self) -> int:
        """Return the next four bytes as an unsigned little-endian number."""
        return int.from_bytes(self.take(_U32_BYTES), "little")

    def rest(self) -> bytes:
        """Return everything that is left."""
        return self.take(self.left)


def datagram(data: bytes) -> Cursor:
    """Return a cursor over one datagram; more than UDP can carry is refused."""
    if len(data) > MAX_DATAGRAM_BYTES:
        raise DecodeError(f"a datagram has at most {MAX_DATAGRAM_BYTES} bytes")
    return Cursor(data)
