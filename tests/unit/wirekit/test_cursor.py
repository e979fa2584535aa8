"""The bounded cursor."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.wirekit.cursor import Cursor


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
