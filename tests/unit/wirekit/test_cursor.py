"""The bounded cursor."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.wirekit.cursor import Cursor, datagram
from camaudit.wirekit.limits import MAX_DATAGRAM_BYTES


def test_parts_are_read_in_order() -> None:
    cursor = Cursor(b"\x20\0\0\0DHIPrest")
    assert (cursor.u32_le(), cursor.take(4), cursor.left) == (32, b"DHIP", 4)
    assert cursor.rest() == b"rest"
    assert cursor.left == 0


def test_a_size_beyond_the_end_is_refused_and_nothing_is_consumed() -> None:
    cursor = Cursor(b"abc", at=1)
    with pytest.raises(DecodeError, match="4 bytes wanted at 1, 2 left"):
        cursor.u32_le()
    assert cursor.rest() == b"bc"


def test_a_negative_size_cannot_turn_the_cursor_back() -> None:
    with pytest.raises(DecodeError):
        Cursor(b"abc", at=2).take(-1)


def test_numbers_are_read_in_either_order() -> None:
    cursor = Cursor(bytes.fromhex("01 0200 0002 00000003"))
    assert (cursor.u8(), cursor.u16_le(), cursor.u16_be(), cursor.u32_be()) == (1, 2, 2, 3)
    with pytest.raises(DecodeError):
        cursor.u8()


def test_a_datagram_has_as_many_bytes_as_udp_can_carry() -> None:
    assert datagram(bytes(MAX_DATAGRAM_BYTES)).left == MAX_DATAGRAM_BYTES
    with pytest.raises(DecodeError, match="at most"):
        datagram(bytes(MAX_DATAGRAM_BYTES + 1))
