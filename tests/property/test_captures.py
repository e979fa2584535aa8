"""Captures of every sort: what was written is read, and damage raises nothing and hides nothing."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camaudit.errors import SourceError
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Traffic
from camaudit.model.traffic_schemas import ACTIVITY, CONVERSATIONS, EVENTS, NAMES
from camaudit.sources.captures.payload import MAX_STREAM_BYTES
from camaudit.sources.captures.read import read_capture
from tests.captured import (
    ACK,
    ARP,
    CAMERA,
    IPV6,
    LLDP,
    MPLS,
    SYN,
    TCP,
    UDP,
    VLAN,
    Shot,
    arp,
    datagram,
    ethernet,
    fragment_header,
    ipv4,
    ipv6,
    labelled,
    packet,
    pcap,
    pcapng,
    segment,
    tcp,
    udp,
)
from tests.payloads import announced
from tests.watchers import Watcher, read

HOSTS = ["192.0.2.1", "192.0.2.2", "198.51.100.9", "2001:db8::1", "2001:db8::2"]
PORTS = st.sampled_from([53, 80, 443, 5000, 40000, 65535])
SHORT = st.binary(max_size=40)


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A frame that is right: any family, tag and protocol."""
    source = draw(st.sampled_from(HOSTS))
    target = draw(st.sampled_from([each for each in HOSTS if (":" in each) == (":" in source)]))
    ports = draw(PORTS), draw(PORTS)
    data = draw(SHORT)
    protocol = draw(st.sampled_from([1, TCP, UDP]))
    body = {
        1: bytes(8) + data,
        TCP: tcp(
            data, *ports, draw(st.sampled_from([SYN, SYN | ACK, ACK])), draw(st.integers(0, 99))
        ),
        UDP: udp(data, *ports),
    }[protocol]
    kind, inner = packet(body, source, target, protocol)
    tags = draw(st.lists(st.tuples(st.just(VLAN), st.integers(0, 4095)), max_size=2))
    return ethernet(inner, kind=kind, tags=tags)


SHOTS = st.lists(
    st.builds(Shot, frames(), st.integers(0, 10**9).map(lambda at: at / 1000)), max_size=25
)


def held(data: bytes) -> tuple[Traffic, Watcher] | None:
    """Read, and hold what comes out against its schemas and bounds."""
    watcher = Watcher()
    try:
        traffic = read_capture(io.BytesIO(data), watcher)
    except SourceError:
        return None
    for table, schema in (
        (traffic.conversations, CONVERSATIONS),
        (traffic.names, NAMES),
        (traffic.events, EVENTS),
        (traffic.activity, ACTIVITY),
        (traffic.observations, OBSERVATIONS),
    ):
        assert table.schema.equals(schema)
        table.validate(full=True)
    assert sum(traffic.activity.column("packets").to_pylist()) == traffic.packets
    assert all(each.count > 0 and each.first for each in traffic.damage)
    for row in traffic.conversations.to_pylist():
        assert row["packets_out"] + row["packets_back"] > 0
        assert row["first"] <= row["last"]
    assert all(
        0 < len(each.data) <= (MAX_STREAM_BYTES, 65535)[each.protocol == UDP]
        for each in watcher.taken
    )
    return traffic, watcher


@given(shots=SHOTS, write=st.sampled_from([pcap, pcapng]), order=st.sampled_from("<>"))
def test_every_packet_is_in_one_conversation(
    shots: list[Shot], write: Callable[..., bytes], order: str
) -> None:
    found = held(write(shots, order))
    assert found is not None
    traffic, _ = found
    assert traffic.packets == len(shots)
    rows = traffic.conversations.to_pylist()
    assert sum(row["packets_out"] + row["packets_back"] for row in rows) == len(shots)
    sizes = sum(
        len(shot.frame)
        - shot.frame.index(b"\x08\x00E" if b"\x08\x00E" in shot.frame else b"\x86\xdd`")
        - 2
        for shot in shots
    )
    assert sum(row["bytes_out"] + row["bytes_back"] for row in rows) == sizes
    assert {each.what for each in traffic.damage} <= {
        "clock jumps back by more than a minute",
        "clock jumps ahead by more than a year",
    }


@given(shots=SHOTS)
def test_both_containers_say_the_same(shots: list[Shot]) -> None:
    one, other = read(pcap(shots)), read(pcapng(shots, ">"))
    assert one.conversations.equals(other.conversations)
    assert one.activity.equals(other.activity)
    assert one.addresses == other.addresses


@given(shots=SHOTS, draw=st.data())
def test_the_other_way_round_the_same_ends_talk(shots: list[Shot], draw: st.DataObject) -> None:
    """The order of packets may turn client and server, and changes nothing else."""
    turned = [
        Shot(each.frame, at.after)
        for each, at in zip(draw.draw(st.permutations(shots)), shots, strict=True)
    ]

    def pairs(data: bytes) -> Counter[frozenset[str]]:
        found: Counter[frozenset[str]] = Counter()
        for row in read(data).conversations.to_pylist():
            found[frozenset((row["client"], row["server"]))] += (
                row["packets_out"] + row["packets_back"]
            )
        return found

    assert pairs(pcap(shots)) == pairs(pcap(turned))


PIECES = st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=12)


@given(pieces=PIECES, draw=st.data())
def test_a_stream_is_put_together_from_any_order(pieces: list[bytes], draw: st.DataObject) -> None:
    base = draw.draw(st.sampled_from([0, 1000, 0xFFFFFFF0]))
    places = [sum(map(len, pieces[:at])) for at in range(len(pieces))]
    sent = [
        segment(ACK, piece, base + 1 + place) for piece, place in zip(pieces, places, strict=True)
    ]
    again = draw.draw(st.lists(st.sampled_from(sent), max_size=4))
    order = draw.draw(st.permutations([*sent, *again]))
    watcher = Watcher()
    read_capture(io.BytesIO(pcap([segment(SYN, b"", base), *order])), watcher)
    assert [each.data for each in watcher.taken] == [b"".join(pieces)]


MIXED = [
    datagram(b"question"),
    segment(SYN, b"", 5),
    segment(ACK, b"GET / HTTP/1.1\r\n\r\n", 6),
    ethernet(arp(1, CAMERA, "192.0.2.1", CAMERA, "192.0.2.1"), kind=ARP),
    ethernet(ipv4(udp(bytes(30), 1, 2)[:16], identity=3, more=True)),
    ethernet(ipv4(bytes(8), identity=3, offset=16)),
    ethernet(ipv6(bytes(8), between=[fragment_header(1, 8, more=False)]), kind=IPV6),
    datagram(source="2001:db8::1", target="2001:db8::2", tags=[(VLAN, 5)]),
    ethernet(labelled(ipv4(udp(bytes(8), 1, 2)), 16, 17), kind=MPLS),
    ethernet(announced((5, b"camera")), target="01:80:c2:00:00:0e", kind=LLDP),
]
WHOLE = {
    "pcap": pcap(MIXED),
    "pcap-big-nano": pcap(MIXED, ">", 10**9),
    "pcapng": pcapng(MIXED),
    "pcapng-big": pcapng(MIXED, ">"),
}
every_file = pytest.mark.parametrize("data", [pytest.param(WHOLE[name], id=name) for name in WHOLE])


@every_file
def test_cut_anywhere(data: bytes) -> None:
    whole = read(data)
    for cut in range(len(data)):
        found = held(data[:cut])
        if found is not None:
            traffic, _ = found
            assert traffic.packets <= whole.packets
            assert set(traffic.addresses) <= set(whole.addresses)


@every_file
@given(draw=st.data())
def test_some_bytes_are_others(data: bytes, draw: st.DataObject) -> None:
    damaged = bytearray(data)
    for at in draw.draw(st.lists(st.integers(0, len(data) - 1), max_size=20)):
        damaged[at] = draw.draw(st.sampled_from(b"\x00\x01\x7f\x80\xff") | st.integers(0, 255))
    held(bytes(damaged))


@every_file
@given(draw=st.data())
def test_pieces_are_missing_or_doubled(data: bytes, draw: st.DataObject) -> None:
    first, last = sorted(draw.draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    held(data[:first] + data[last:])
    held(data[:last] + data[first:])


@settings(max_examples=300)
@given(
    data=st.binary(max_size=200),
    link=st.sampled_from([0, 1, 9, 12, 50, 51, 101, 108, 113, 276, 127]),
)
def test_random_frames(data: bytes, link: int) -> None:
    found = held(pcap([data, data[: len(data) // 2]], link=link))
    assert found is not None


@given(data=st.binary(max_size=300), mark=st.sampled_from([pcap([]), pcapng([])]))
def test_random_bytes_after_the_mark(data: bytes, mark: bytes) -> None:
    assert held(mark + data) is not None
