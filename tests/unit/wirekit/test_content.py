"""Transfer and content codings of a body."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest

from camaudit.wirekit.content import dechunk, inflate, payload


@pytest.mark.parametrize(
    ("data", "joined", "end"),
    [
        (b"3\r\nabc\r\n0\r\n\r\nrest", b"abc", 13),
        (b"3;x=y\nabc\n0\nTrailer: z\n\nrest", b"abc", 24),
        (b"3\r\nabc\r\n0\r\n", b"abc", None),
        (b"3\r\nab", b"ab", None),
        (b"3\r\nabcd", b"abc", None),
        (b"ffffffff\r\nab", b"ab", None),
        (b"fffffffff\r\nab", b"", None),
        (b"-3\r\nabc", b"", None),
    ],
)
def test_chunks_are_joined_as_far_as_they_are_whole(
    data: bytes, joined: bytes, end: int | None
) -> None:
    found = dechunk(data)
    assert (found.payload, found.end) == (joined, end)


def test_more_chunks_than_the_ceiling_are_not_read() -> None:
    assert len(dechunk(b"1\na\n" * 70_000 + b"0\n\n").payload) == 1 << 16


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress], ids=["gzip", "zlib"])
def test_a_coded_body_is_inflated(compress: Callable[[bytes], bytes]) -> None:
    assert payload(compress(b"page"), coding=b" GZip ") == b"page"


def test_a_decompression_bomb_stops_at_the_limit() -> None:
    bomb = gzip.compress(b"\0" * (64 << 20))
    assert inflate(bomb, 1000) == b"\0" * 1000


def test_a_truncated_gzip_body_gives_what_it_holds() -> None:
    coded = gzip.compress(b"page " * 100)
    assert inflate(coded[:-9]).startswith(b"page page")


@pytest.mark.parametrize("coding", [b"gzip", b"br", b""])
def test_a_body_that_is_not_coded_as_announced_is_taken_as_it_stands(coding: bytes) -> None:
    assert payload(b"<html>", transfer=b"chunked", coding=coding) == b"<html>"


def test_a_payload_is_cut_at_its_limit() -> None:
    assert payload(b"x" * 10, limit=4) == b"xxxx"
