"""Classic capture files: both byte orders and clocks, and damage of every sort."""

from __future__ import annotations

import gzip
import io
import struct
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from camaudit.errors import SourceError
from camaudit.sources.captures import pcap as reader
from camaudit.sources.captures.read import read_capture
from tests.captured import START, Shot, datagram, pcap, pcap_header, pcap_record, shots
from tests.watchers import damage, read

AT = datetime.fromtimestamp(START, UTC)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("unit", [1_000_000, 1_000_000_000])
def test_both_byte_orders_and_clocks(order: str, unit: int) -> None:
    traffic = read(pcap([Shot(datagram(), 0.000_001), Shot(datagram(), 61.5)], order, unit))
    assert traffic.packets == 2
    assert traffic.first == AT + timedelta(microseconds=1)
    assert traffic.last == AT + timedelta(seconds=61.5)
    assert traffic.damage == ()
    assert traffic.lost is None
    assert traffic.activity.to_pylist() == [
        {"minute": AT, "packets": 1},
        {"minute": AT + timedelta(minutes=1), "packets": 1},
    ]


def test_packets_that_were_cut_are_counted() -> None:
    traffic = read(pcap([Shot(datagram(bytes(200)), 0, 60), Shot(datagram(bytes(200)), 1)]))
    assert traffic.cut == 1
    # the size is that on the wire: 20 of IPv4, 8 of UDP, 200 of data
    assert traffic.conversations.column("bytes_out").to_pylist() == [456]


def test_compressed() -> None:
    data = pcap([datagram(), datagram()])
    assert read(gzip.compress(data)).packets == 2
    assert read(pa.compress(data, "zstd", asbytes=True)).packets == 2


def test_a_cut_gz_is_read_as_far_as_it_goes() -> None:
    data = gzip.compress(pcap([datagram(bytes([at]) * 50) for at in range(200)]))[:-200]
    traffic = read(data)
    assert 0 < traffic.packets < 200
    assert any("compression is damaged" in each.what for each in traffic.damage)


def test_what_gives_no_random_access_is_read_as_well() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.data = data

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            del size  # it gives what it has
            piece, self.data = self.data[:3], self.data[3:]
            return piece

    assert read_capture(Pipe(pcap([datagram()] * 3))).packets == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"", b"\xd4\xc3", b"GET / HTTP/1.1\r\n", bytes(100)])
def test_what_is_no_capture_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="no capture"):
        read(data)


@pytest.mark.parametrize("size", [4, 23, 24, 30, 40])
def test_a_file_cut_early_is_an_empty_capture(size: int) -> None:
    traffic = read(pcap([datagram()])[:size])
    assert traffic.packets == 0
    assert traffic.first is None
    assert [each.what for each in traffic.damage] == ([] if size == 24 else [reader.CUT])


def test_a_file_that_ends_within_a_record() -> None:
    whole = pcap([datagram()])
    data = whole + pcap_record(Shot(datagram(), 1))[:-1]
    assert damage(data) == {reader.CUT: (1, f"byte {len(whole)}")}
    assert read(data).packets == 1


def test_an_absurd_length_costs_its_own_record() -> None:
    frames = [datagram(bytes([at]) * 40) for at in range(20)]
    data = bytearray(pcap(frames))
    record = 16 + len(frames[0])
    broken = 24 + 7 * record
    data[broken + 8 : broken + 12] = b"\xff\xff\xff\xff"
    assert read(bytes(data)).packets == 19
    assert damage(bytes(data)) == {
        reader.ABSURD: (1, f"byte {broken}"),
        reader.PASSED_OVER: (record, f"byte {broken}"),
    }


def test_a_length_that_is_a_little_wrong_costs_what_it_swallows() -> None:
    frames = [datagram(bytes([at]) * 40) for at in range(20)]
    data = bytearray(pcap(frames))
    record = 16 + len(frames[0])
    broken = 24 + 7 * record
    struct.pack_into("<I", data, broken + 8, len(frames[0]) + 30)
    traffic = read(bytes(data))
    assert traffic.packets >= 19
    assert reader.ABSURD in {each.what for each in traffic.damage}


def test_a_hole_of_zeros_is_passed_over() -> None:
    before, after = pcap([datagram()] * 5), shots([datagram()] * 5)
    data = before + bytes(5000) + b"".join(pcap_record(each) for each in after)
    traffic = read(data)
    assert traffic.packets == 10
    assert damage(data)[reader.ABSURD] == (1, f"byte {len(before)}")
    assert damage(data)[reader.PASSED_OVER] == (5000, f"byte {len(before)}")


def test_noise_without_end_is_given_up() -> None:
    frames = b"".join(pcap_record(each) for each in shots([datagram()] * 4))
    data = pcap_header() + (frames + b"\xff" * 64) * 3000
    traffic = read(data)
    assert traffic.packets == 4 * (reader.MAX_SEARCHES + 1)
    assert reader.GIVEN_UP in {each.what for each in traffic.damage}


def test_clock_jumps_are_counted() -> None:
    year = 367 * 86400
    frames = [Shot(datagram(), at) for at in (0, 10, 9.5, -120, year, year + 1)]
    assert damage(pcap(frames)) == {
        "clock jumps back by more than a minute": (1, "packet 4"),
        "clock jumps ahead by more than a year": (1, "packet 5"),
    }


def test_a_capture_longer_than_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("camaudit.sources.captures.window.WINDOW_BYTES", 1000)
    traffic = read(pcap([datagram(bytes(400))] * 50))
    assert traffic.packets == 50
    assert traffic.conversations.column("packets_out").to_pylist() == [50]
    assert traffic.damage == ()


def test_link_types_that_are_not_read_are_named() -> None:
    assert damage(pcap([b"x" * 60] * 3, link=127)) == {
        "packets of a link type that is not read: IEEE 802.11 with radiotap header": (3, "packet 1")
    }
    assert damage(pcap([b"x" * 60], link=2000)) == {
        "packets of a link type that is not read: number 2000": (1, "packet 1")
    }
