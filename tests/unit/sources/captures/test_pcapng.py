"""pcapng: sections, interfaces, clocks, statistics, old blocks, and damage."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import pytest

from camaudit.sources.captures import pcap, pcapng_packets
from camaudit.sources.captures import pcapng as reader
from tests.captured import (
    HOST,
    PEER,
    START,
    UDP,
    Shot,
    block,
    datagram,
    enhanced,
    interface,
    ipv4,
    old_packet,
    option,
    pcapng,
    section,
    simple,
    statistics,
    udp,
)
from tests.watchers import damage, read, rows

AT = datetime.fromtimestamp(START, UTC)


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders(order: str) -> None:
    traffic = read(pcapng([Shot(datagram(), 0.000_001), Shot(datagram(), 2)], order))
    assert traffic.packets == 2
    assert traffic.first == AT + timedelta(microseconds=1)
    assert traffic.last == AT + timedelta(seconds=2)
    assert traffic.damage == ()


def test_sections_of_either_order_with_interfaces_of_their_own() -> None:
    inner = ipv4(udp(b"x", 40000, 53))
    data = (
        pcapng([datagram()], "<")
        + section(">")
        + interface(101, ">")
        + interface(1, ">")
        + enhanced(Shot(inner, 1), 0, order=">")
        + enhanced(Shot(datagram(), 2), 1, order=">")
        + pcapng([Shot(datagram(), 3)], "<")
    )
    traffic = read(data)
    assert traffic.packets == 4
    assert traffic.damage == ()
    assert sum(row["packets_out"] for row in traffic.conversations.to_pylist()) == 4
    assert {row["client_mac"] is None for row in traffic.conversations.to_pylist()} == {True, False}


@pytest.mark.parametrize(
    ("resolution", "offset", "ticks"),
    [
        (3, 0, START * 1000 + 250),
        (9, 0, START * 10**9 + 250_000_000),
        (0x80 | 10, 0, START * 1024 + 256),
        (0x80 | 32, 0, (START << 32) + (1 << 30)),
        (6, 1_000_000_000, (START - 1_000_000_000) * 10**6 + 250_000),
        (6, -100, (START + 100) * 10**6 + 250_000),
    ],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_clocks(resolution: int, offset: int, ticks: int, order: str) -> None:
    options = option(9, bytes([resolution]), order)
    options += option(14, struct.pack(f"{order}q", offset), order)
    head = section(order) + interface(1, order, options)
    traffic = read(head + enhanced(Shot(datagram()), ticks=ticks, order=order))
    # 256/1024, 2**30/2**32 and 250/1000 are all a quarter of a second
    assert traffic.first == AT + timedelta(milliseconds=250)


def test_a_time_that_no_clock_shows_is_that_of_the_packet_before() -> None:
    head = section() + interface(1) + enhanced(Shot(datagram(), 5))
    data = head + enhanced(Shot(datagram()), ticks=2**63)
    assert read(data).last == AT + timedelta(seconds=5)
    assert damage(data) == {pcapng_packets.NO_CLOCK: (1, "packet 2")}


def test_simple_packets_have_no_time_and_the_length_of_the_snap() -> None:
    frame = datagram(bytes(100))
    data = section() + interface(1, snap=60) + enhanced(Shot(frame, 5)) + simple(frame, 60)
    traffic = read(data)
    assert traffic.packets == 2
    assert traffic.cut == 1
    assert traffic.last == AT + timedelta(seconds=5)
    assert damage(data) == {pcapng_packets.NO_TIME: (1, "packet 2")}
    assert traffic.conversations.column("bytes_out").to_pylist() == [256]


def test_packet_blocks_of_old_files() -> None:
    head = section() + interface(1) + interface(101)
    data = head + old_packet(Shot(datagram(), 1), 0, 3)
    data += old_packet(Shot(ipv4(udp(b"x", 1, 2)), 2), 1, 0xFFFF)
    traffic = read(data)
    assert traffic.packets == 2
    assert traffic.conversations.num_rows == 2
    assert traffic.lost == 3


def test_what_the_sensor_lost_is_the_last_word_of_each_interface() -> None:
    def dropped(number: int, by_interface: int, by_system: int | None = None) -> bytes:
        options = option(5, struct.pack("<Q", by_interface))
        if by_system is not None:
            options += option(7, struct.pack("<Q", by_system))
        return statistics(number, options)

    head = section() + interface(1) + interface(1) + enhanced(Shot(datagram()))
    assert read(head).lost is None
    assert read(head + statistics(0, option(4, struct.pack("<Q", 9)))).lost is None
    assert read(head + dropped(0, 0)).lost == 0
    assert read(head + dropped(0, 5) + dropped(1, 2, 1) + dropped(0, 7)).lost == 10
    # more than any sensor loses: the estate keeps sums in 64 bits
    lying = read(head + dropped(0, (1 << 64) - 1) + dropped(1, (1 << 64) - 1, 1)).lost
    assert lying is not None
    assert 1 << 40 < lying < 1 << 50
    # of an interface that is not there
    assert read(head + dropped(2, 5)).lost is None


def test_other_blocks_are_passed_over() -> None:
    names, custom = block(4, bytes(20)), block(0xBAD, bytes(70_000))
    data = section() + names + interface(1) + custom + enhanced(Shot(datagram())) + block(77, b"")
    assert read(data).packets == 1
    assert damage(data) == {}


def test_a_packet_of_an_interface_that_is_not_described() -> None:
    data = pcapng([datagram()]) + enhanced(Shot(datagram(), 1), 3)
    assert read(data).packets == 2
    assert damage(data) == {pcapng_packets.UNDESCRIBED: (1, "packet 2")}
    assert sum(row["packets_out"] for row in rows(data)) == 1


def test_a_length_that_disagrees_at_the_end_is_told() -> None:
    frames = [enhanced(Shot(datagram(), at)) for at in range(3)]
    frames[1] = frames[1][:-4] + struct.pack("<I", 8)
    data = section() + interface(1) + b"".join(frames)
    assert read(data).packets == 3
    assert damage(data) == {pcapng_packets.DISAGREE: (1, "packet 2")}
    other = section() + interface(1)[:-4] + struct.pack("<I", 8) + frames[0]
    assert damage(other) == {reader.DISAGREE: (1, f"byte {len(section())}")}


@pytest.mark.parametrize("length", [0, 8, 33, 0x7FFFFFFC, 0xFFFFFFFF])
def test_an_absurd_length_costs_its_own_block(length: int) -> None:
    head = pcapng([datagram()])
    broken = bytearray(enhanced(Shot(datagram(), 1)))
    struct.pack_into("<I", broken, 4, length)
    data = head + bytes(broken) + enhanced(Shot(datagram(), 2)) + enhanced(Shot(datagram(), 3))
    assert read(data).packets == 3
    assert damage(data) == {
        reader.ABSURD: (1, f"byte {len(head)}"),
        reader.PASSED_OVER: (len(broken), f"byte {len(head)}"),
    }


def test_a_packet_longer_than_its_block_is_what_the_block_holds() -> None:
    block_of = bytearray(enhanced(Shot(datagram(bytes(8)), 1)))
    struct.pack_into("<II", block_of, 20, 5000, 5000)
    data = section() + interface(1) + bytes(block_of)
    assert read(data).cut == 1
    assert damage(data) == {pcapng_packets.TOO_LONG: (1, "packet 1")}


def test_a_file_that_ends_within_a_block() -> None:
    data = pcapng([datagram(), datagram()])
    whole = len(pcapng([datagram()]))
    assert read(data[:-1]).packets == 1
    assert damage(data[:-1]) == {reader.CUT: (1, f"byte {whole}")}


def test_turns_without_end_are_given_up() -> None:
    data = (pcapng([datagram()], "<") + pcapng([datagram()], ">")) * 600
    traffic = read(data)
    assert 1000 <= traffic.packets < 1200
    assert pcap.GIVEN_UP in {each.what for each in traffic.damage}


def test_many_sections_are_read() -> None:
    data = pcapng([datagram()]) * 3000
    assert read(data).packets == 3000
    assert damage(data) == {}


def test_blocks_too_short_for_what_they_are() -> None:
    data = pcapng([datagram()]) + block(6, bytes(4)) + block(1, b"") + block(5, bytes(4))
    assert read(data).packets == 1
    assert damage(data)[reader.SHORT][0] == 3


def test_a_section_without_a_byte_order_is_no_block() -> None:
    data = section() + interface(1) + block(0x0A0D0D0A, bytes(16)) + enhanced(Shot(datagram(), 1))
    assert read(data).packets == 1
    assert damage(data)[reader.ABSURD][0] == 1


def test_addresses_are_those_of_the_packets() -> None:
    (row,) = rows(pcapng([datagram()]))
    assert (row["client"], row["server"], row["protocol"], row["port"]) == (HOST, PEER, UDP, 53)
