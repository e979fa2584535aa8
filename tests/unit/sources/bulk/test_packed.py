"""Compressed streams: whole, cut off, damaged, one after the other, and from a slow pipe."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from pathlib import Path

import pyarrow as pa
import pytest

from camaudit.sources.bulk import open_packed

TEXT = b"".join(b"line %d of a file that is packed\n" % n for n in range(40_000))


def zst(data: bytes, folder: Path) -> bytes:
    path = folder / "packed"
    with pa.CompressedOutputStream(str(path), "zstd") as out:
        out.write(data)
    return path.read_bytes()


def unpacked(data: bytes) -> tuple[bytes, str]:
    stream, packed = open_packed(io.BytesIO(data))
    return stream.read(), packed.damage


@pytest.fixture(params=["gz", "zst"])
def packing(request: pytest.FixtureRequest, tmp_path: Path) -> bytes:
    return gzip.compress(TEXT) if request.param == "gz" else zst(TEXT, tmp_path)


def test_what_is_not_packed_passes_through() -> None:
    for data in (b"", b"\x1f", b"{}", TEXT):
        assert unpacked(data) == (data, "")


def test_what_is_packed_is_unpacked(packing: bytes) -> None:
    assert unpacked(packing) == (TEXT, "")


def test_members_that_follow_each_other_are_one_text(packing: bytes) -> None:
    assert unpacked(packing + packing) == (TEXT + TEXT, "")


def test_a_tape_may_pad_with_zeros() -> None:
    assert unpacked(gzip.compress(TEXT) + bytes(100_000)) == (TEXT, "")


def test_of_a_cut_file_everything_before_the_cut_is_given(packing: bytes) -> None:
    half, damage = unpacked(packing[: len(packing) * 2 // 3])
    assert "ends too early" in damage
    assert TEXT.startswith(half)
    assert len(half) > len(TEXT) // 3  # what blocks that are not whole hold cannot be known


def test_what_follows_the_data_is_named(packing: bytes) -> None:
    text, damage = unpacked(packing + b"and this is something else")
    assert damage
    assert text == TEXT[: len(text)]
    assert len(TEXT) - len(text) < 1024


@pytest.mark.parametrize("at", [10, 30, -20])
def test_damage_is_named_and_raises_nothing(packing: bytes, at: int) -> None:
    damaged = bytearray(packing)
    damaged[at : at + 4 or None] = b"\xff\x00\xff\x00"
    text, damage = unpacked(bytes(damaged))
    # pyarrow writes zst without a checksum: what decodes to something else cannot be known
    assert damage or packing.startswith(b"\x28\xb5\x2f\xfd")
    assert len(text) <= len(TEXT) + (128 << 10)


@pytest.mark.parametrize("size", [0, 10, 1000, len(TEXT)])
def test_a_wrong_check_sum_is_named_and_costs_nothing(size: int) -> None:
    """RFC 1952 2.3: it comes last, and what it is about was unpacked by then."""
    data = gzip.compress(TEXT[:size])
    for trailer in (bytes(8) if size else b"\1" * 8, data[-8:-4] + b"\xff" * 4):
        text, damage = unpacked(data[:-8] + trailer)
        assert "damaged" in damage
        assert text == TEXT[:size]
    text, _ = unpacked(data + data[:-8] + b"\1" * 8)
    assert text == TEXT[:size] * 2


def test_what_comes_before_a_damaged_place_is_given() -> None:
    # stored as it is (RFC 1951 3.2.4): the second block is of a kind that there is none of
    packed = zlib.compressobj(0, wbits=31)
    whole = packed.compress(TEXT[:4000]) + packed.flush(zlib.Z_FULL_FLUSH)
    text, damage = unpacked(whole + b"\x07" + bytes(100))
    assert text == TEXT[:4000]
    assert "damaged" in damage


def test_a_pipe_may_give_a_byte_at_a_time(packing: bytes) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 1) if size != -1 else 1)

    stream, _ = open_packed(Slow(packing[:5000]))
    assert TEXT.startswith(stream.read(1000))


def test_a_bomb_costs_no_memory(tmp_path: Path) -> None:
    zeros = bytes(64 << 20)
    for bomb in (gzip.compress(zeros, 1), zst(zeros, tmp_path)):
        tracemalloc.start()
        stream, _ = open_packed(io.BytesIO(bomb))
        size = 0
        while piece := stream.read(1 << 20):
            size += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size == len(zeros)
        assert peak < 16 << 20
