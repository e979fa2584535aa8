"""Lines are split without holding a long one."""

from __future__ import annotations

import io
from itertools import islice

import pytest

from camaudit.sources.tables.lines import (
    CHUNK_BYTES,
    MAX_LINE_BYTES,
    LineBlock,
    LongLine,
    chunks,
    line_blocks,
)

LONG = b"x" * (MAX_LINE_BYTES + 1)


def _lines(data: bytes, size: int) -> list[tuple[int, bytes | int]]:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    found: list[tuple[int, bytes | int]] = []
    for block in line_blocks(pieces):
        if isinstance(block, LongLine):
            found.append((block.number, block.size))
        else:
            lines = block.data.removesuffix(b"\n").split(b"\n")
            found += list(enumerate(lines, start=block.first))
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_the_size_of_the_pieces_does_not_matter(size: int) -> None:
    data = b"one\n\ntwo\nthree"
    assert _lines(data, size) == [(1, b"one"), (2, b""), (3, b"two"), (4, b"three")]


@pytest.mark.parametrize("size", [1 << 16, CHUNK_BYTES])
def test_a_long_line_is_named_and_its_neighbours_are_kept(size: int) -> None:
    data = b"a\n" + LONG + b"\nb\n" + LONG + LONG
    assert _lines(data, size) == [
        (1, b"a"),
        (2, len(LONG)),
        (3, b"b"),
        (4, 2 * len(LONG)),
    ]


def test_a_line_of_the_greatest_length_is_kept() -> None:
    data = LONG[1:] + b"\nb\n"
    assert _lines(data, CHUNK_BYTES) == [(1, LONG[1:]), (2, b"b")]


def test_an_endless_line_is_not_held() -> None:
    seen = 0

    def endless() -> io.RawIOBase:
        return _Zeroes()

    for piece in islice(chunks(endless()), 8):  # type: ignore[arg-type]
        seen += len(piece)
    assert seen == 8 * CHUNK_BYTES


class _Zeroes(io.RawIOBase):
    """A pipe that gives little at a time and never ends."""

    def read(self, size: int = -1) -> bytes:
        return bytes(min(size, 4096 * 16))


def test_a_block_counts_on() -> None:
    blocks = list(line_blocks([b"a\nb\n", b"c\n"]))
    assert blocks == [LineBlock(1, b"a\nb\n"), LineBlock(3, b"c\n")]
