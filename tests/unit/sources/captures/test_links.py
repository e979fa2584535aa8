"""Link layers and IP headers, each against bytes written as its standard says."""

from __future__ import annotations

import struct

import pytest

from camaudit.sources.captures import links, network
from tests.captured import (
    ARP,
    CAMERA,
    HOST,
    HOST6,
    ICMP6,
    IPV4,
    IPV6,
    MPLS,
    MPLS_MANY,
    OLD_QINQ,
    PEER,
    PEER6,
    PPPOE,
    QINQ,
    RECORDER,
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
    mac,
    pcap,
    tcp,
    udp,
)
from tests.watchers import damage, hiding, read, rows

ASKED = udp(b"question", 40000, 53)
FOUR, SIX = ipv4(ASKED), ipv6(ASKED)


def told(frame: bytes, link: int = 1) -> tuple[object, ...]:
    """The one conversation of one frame."""
    (row,) = rows(pcap([frame], link=link))
    assert damage(pcap([frame], link=link)) == {}
    assert row["packets_out"] == 1
    names = ("client", "server", "protocol", "port", "vlan", "bytes_out")
    return tuple(row[name] for name in names)


@pytest.mark.parametrize(
    ("tags", "vlan"),
    [
        ((), None),
        (((VLAN, 20),), 20),
        # 802.1Q: the low twelve bits are the VLAN, the rest priority
        (((VLAN, 0xE014),), 20),
        (((QINQ, 100), (VLAN, 20)), 100),
        (((OLD_QINQ, 100), (OLD_QINQ, 7), (VLAN, 20)), 100),
        (((VLAN, 0),), 0),
    ],
)
def test_tags(tags: tuple[tuple[int, int], ...], vlan: int | None) -> None:
    assert told(ethernet(FOUR, tags=tags)) == (HOST, PEER, UDP, 53, vlan, 36)
    assert told(ethernet(SIX, kind=IPV6, tags=tags)) == (HOST6, PEER6, UDP, 53, vlan, 56)


def pppoe(payload: bytes, protocol: int) -> bytes:
    """RFC 2516 4, and the protocol of RFC 1661."""
    body = struct.pack("!H", protocol) + payload
    return struct.pack("!BBHH", 0x11, 0, 7, len(body)) + body


def test_pppoe_sessions() -> None:
    assert told(ethernet(pppoe(FOUR, 0x21), kind=PPPOE)) == (HOST, PEER, UDP, 53, None, 36)
    tagged = ethernet(pppoe(SIX, 0x57), kind=PPPOE, tags=[(VLAN, 9)])
    assert told(tagged) == (HOST6, PEER6, UDP, 53, 9, 56)
    assert damage(pcap([ethernet(pppoe(bytes(20), 0xC021), kind=PPPOE)])) == {
        network.NO_CONTENT: (1, "packet 1")
    }


@pytest.mark.parametrize("kind", [MPLS, MPLS_MANY])
@pytest.mark.parametrize("labels", [(16,), (0,), (1000, 17, 1048575)])
def test_labels_of_mpls(kind: int, labels: tuple[int, ...]) -> None:
    assert told(ethernet(labelled(FOUR, *labels), kind=kind)) == (HOST, PEER, UDP, 53, None, 36)
    tagged = ethernet(labelled(SIX, *labels), kind=kind, tags=[(VLAN, 9)])
    assert told(tagged) == (HOST6, PEER6, UDP, 53, 9, 56)


@pytest.mark.parametrize(
    "behind",
    [
        # RFC 4385 3: a control word, then a frame; RFC 4448 4.6 lets the word be left out
        labelled(bytes(4) + ethernet(FOUR), 16),
        labelled(ethernet(FOUR, target="4c:bd:8f:00:00:01"), 16),
        labelled(ethernet(FOUR, target="60:00:00:00:8f:01"), 16),
        labelled(FOUR, *range(16, 48)),
        struct.pack("!I", 16 << 12) + FOUR[:2],
        labelled(FOUR[:19], 16),
    ],
    ids=["a-frame", "like-ipv4", "like-ipv6", "many-labels", "no-bottom", "cut"],
)
def test_what_is_no_ip_behind_labels_is_counted(behind: bytes) -> None:
    data = pcap([ethernet(behind, kind=MPLS)])
    assert rows(data) == []
    assert damage(data) == {"frames that are not read: ether type 0x8847": (1, "packet 1")}


@pytest.mark.parametrize(
    ("link", "frame"),
    [
        (101, FOUR),
        (12, FOUR),
        (228, FOUR),
        (0, struct.pack("<I", 2) + FOUR),
        (0, struct.pack(">I", 2) + FOUR),
        (108, struct.pack(">I", 2) + FOUR),
        (9, b"\xff\x03\x00\x21" + FOUR),
        (9, b"\x00\x21" + FOUR),
        (9, b"\x21" + FOUR),
        (50, b"\xff\x03\x00\x21" + FOUR),
        (51, pppoe(FOUR, 0x21)),
    ],
)
def test_links_without_hardware_addresses(link: int, frame: bytes) -> None:
    assert told(frame, link) == (HOST, PEER, UDP, 53, None, 36)
    (row,) = rows(pcap([frame], link=link))
    assert row["client_mac"] is row["server_mac"] is None
    assert read(pcap([frame], link=link)).observations.num_rows == 0


@pytest.mark.parametrize("family", [10, 24, 28, 30])
def test_loopback_of_ipv6_has_as_many_numbers_as_systems(family: int) -> None:
    assert told(struct.pack("<I", family) + SIX, 0) == (HOST6, PEER6, UDP, 53, None, 56)


def test_cooked_frames_know_the_sender() -> None:
    first = struct.pack("!HHH", 0, 1, 6) + mac(CAMERA) + b"\0\0" + struct.pack("!H", IPV4) + FOUR
    second = struct.pack("!HHIHBB", IPV4, 0, 3, 1, 0, 6) + mac(CAMERA) + b"\0\0" + FOUR
    for link, frame in ((113, first), (276, second)):
        assert told(frame, link) == (HOST, PEER, UDP, 53, None, 36)
        (row,) = rows(pcap([frame], link=link))
        assert row["client_mac"] == mac(CAMERA)
        assert row["server_mac"] is None


def test_cooked_frames_may_be_tagged() -> None:
    head = (
        struct.pack("!HHH", 0, 1, 6) + mac(CAMERA) + b"\0\0" + struct.pack("!HHH", VLAN, 20, IPV4)
    )
    assert told(head + FOUR, 113) == (HOST, PEER, UDP, 53, 20, 36)


def test_snap_carries_an_ether_type() -> None:
    body = b"\xaa\xaa\x03\0\0\0" + struct.pack("!H", IPV4) + FOUR
    assert told(ethernet(body, kind=len(body))) == (HOST, PEER, UDP, 53, None, 36)


def test_what_is_not_read_is_counted_by_its_name() -> None:
    frames = [
        ethernet(b"\x42\x42\x03" + bytes(40), kind=43),
        ethernet(bytes(46), kind=0x88E1),
        ethernet(bytes(46), kind=0x88E1),
        ethernet(arp(1, CAMERA, HOST, RECORDER, PEER), kind=ARP),
    ]
    assert read(pcap(frames)).packets == 4
    assert damage(pcap(frames)) == {
        "frames that are not read: IEEE 802.3 (LLC)": (1, "packet 1"),
        "frames that are not read: ether type 0x88e1": (2, "packet 2"),
    }


def test_what_a_bridge_passes_on_and_nobody_reads_hides_whom_it_went_to() -> None:
    near = [ethernet(bytes(46), kind=kind) for kind in (40, 0x888E, 0x9000)]
    assert hiding(pcap(near)) == set()
    assert hiding(pcap([*near, ethernet(bytes(46), kind=0x6003)])) == {
        "frames that are not read: ether type 0x6003"
    }
    assert hiding(pcap([ethernet(FOUR)[:30]])) == {"packets whose IP header is cut"}
    assert hiding(pcap([ethernet(b"\0" + FOUR[1:])])) == {
        "packets that are marked as IP and are not"
    }
    assert hiding(pcap([b"x" * 60], link=127)) == {
        "packets of a link type that is not read: IEEE 802.11 with radiotap header"
    }
    assert hiding(pcap([b"x" * 10])) == {"frames whose link header is cut"}


def test_sorts_beyond_the_ceiling_hide_as_well() -> None:
    many = [ethernet(bytes(46), kind=0x6000 + at) for at in range(70)]
    assert "damage of further sorts" in hiding(pcap(many))


def test_options_of_ipv4_are_passed_over() -> None:
    assert told(ethernet(ipv4(ASKED, options=b"\x94\x04\0\0"))) == (HOST, PEER, UDP, 53, None, 40)


EIGHT = bytes(7)


@pytest.mark.parametrize(
    ("between", "size"),
    [
        # hop-by-hop, destination and routing headers of eight bytes; the second of sixteen
        ([(0, b"\0" + bytes(6))], 8),
        ([(0, b"\0" + bytes(6)), (60, b"\1" + bytes(14)), (43, b"\0" + bytes(6))], 32),
        # RFC 4302 2.2: the length counts words of four bytes, less two
        ([(51, b"\1" + bytes(10))], 12),
        ([fragment_header(7, 0, more=False)], 8),
    ],
)
def test_headers_before_the_content_of_ipv6(between: list[tuple[int, bytes]], size: int) -> None:
    frame = ethernet(ipv6(ASKED, between=between), kind=IPV6)
    assert told(frame) == (HOST6, PEER6, UDP, 53, None, 56 + size)


def test_too_many_headers_are_told() -> None:
    frame = ethernet(ipv6(ASKED, between=[(60, b"\0" + bytes(6))] * 13), kind=IPV6)
    assert damage(pcap([frame])) == {network.MANY_HEADERS: (1, "packet 1")}
    (row,) = rows(pcap([frame]))
    assert (row["protocol"], row["port"]) == (60, 0)


def test_a_protocol_without_ports_has_port_0() -> None:
    frame = ethernet(ipv6(bytes(16), protocol=ICMP6), kind=IPV6)
    assert told(frame) == (HOST6, PEER6, ICMP6, 0, None, 56)


@pytest.mark.parametrize("protocol", [33, 132, 136])
def test_other_protocols_with_ports(protocol: int) -> None:
    frame = ethernet(ipv4(ASKED, protocol=protocol))
    assert told(frame) == (HOST, PEER, protocol, 53, None, 36)


def test_padding_of_short_frames_is_not_counted() -> None:
    assert told(ethernet(FOUR) + bytes(30))[-1] == 36


def test_a_packet_left_to_the_network_card_is_as_long_as_its_frame() -> None:
    assert told(ethernet(ipv4(ASKED, total=0)))[-1] == 36


def test_a_packet_longer_than_its_frame_is_told() -> None:
    data = pcap([ethernet(ipv4(ASKED, total=60_000))])
    assert damage(data) == {network.TOO_LONG: (1, "packet 1")}
    assert rows(data)[0]["bytes_out"] == 36


def test_no_ip_where_ip_is_said() -> None:
    frames = [
        ethernet(b"\x60" + FOUR[1:]),
        ethernet(b"\x44" + FOUR[1:]),
        ethernet(b"\x45" + SIX[1:], kind=IPV6),
    ]
    assert damage(pcap(frames)) == {network.NOT_IP: (3, "packet 1")}
    assert rows(pcap(frames)) == []


@pytest.mark.parametrize(
    ("kept", "sort"),
    [(10, links.CUT), (14, network.CUT), (33, network.CUT)],
)
def test_headers_that_are_cut_are_told(kept: int, sort: str) -> None:
    data = pcap([Shot(datagram(), 0, kept)])
    assert damage(data) == {sort: (1, "packet 1")}
    assert read(data).cut == 1


def test_ports_that_are_cut_are_not_known() -> None:
    # 14 of Ethernet and 20 of IPv4 are kept, and half of a port
    (row,) = rows(pcap([Shot(datagram(), 0, 35)]))
    assert (row["client"], row["server"], row["port"], row["opened"]) == (HOST, PEER, 0, False)
    assert row["bytes_out"] == 29


def test_the_same_headers_of_every_cut_are_read_the_same() -> None:
    """Nothing past what was kept is ever used."""
    frame = ethernet(ipv4(tcp(b"GET / HTTP/1.1\r\n", 40000, 80, 2), protocol=TCP))
    for kept in range(len(frame)):
        cut = pcap([Shot(frame, 0, kept), Shot(b"\xff" * 90, 1)])
        assert read(cut).packets == 2
        found = [row for row in rows(cut) if row["client"] in (HOST, PEER)]
        assert len(found) == (kept >= 34)
        assert [row["opened"] for row in found] == [kept >= 48] * len(found)
