"""Debian's tshark on the same captures: the same packets, bytes, addresses, ports and tags."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from camaudit.sources.captures.read import read_capture
from tests.bench.capture.capture import write_capture
from tests.captured import (
    ACK,
    IPV6,
    MPLS,
    MPLS_MANY,
    PPPOE,
    QINQ,
    SYN,
    VLAN,
    Shot,
    datagram,
    enhanced,
    ethernet,
    fragment_header,
    interface,
    ipv4,
    ipv6,
    labelled,
    pcap,
    pcapng,
    section,
    segment,
    udp,
)

CAPTURES = Path(__file__).parents[3] / "shared" / "real" / "pcap"
#: One value of each, the outermost; there is a test for the order of tags.
FIELDS: Final = (
    *(
        "frame.len",
        "frame.cap_len",
        "vlan.id",
        "ieee8021ad.id",
        "ip.src",
        "ip.dst",
        "ip.len",
        "ip.proto",
    ),
    *("ipv6.src", "ipv6.dst", "ipv6.plen", "tcp.srcport", "tcp.dstport"),
    *("udp.srcport", "udp.dstport", "ip.frag_offset", "ipv6.fraghdr.offset", "icmp.type"),
)


class Sums(NamedTuple):
    """What a capture comes to: of each pair of addresses, packets and bytes; ports; tags."""

    packets: int
    cut: int
    pairs: Counter[frozenset[str]]
    sizes: Counter[frozenset[str]]
    services: Counter[tuple[frozenset[str], int]]
    tags: Counter[int | None]
    #: Later fragments, to which ours gives the ports of the first.
    later: Counter[frozenset[str]]


def tshark(path: Path) -> Iterator[dict[str, str]]:
    """Yield the fields of each packet, the outermost where there are several."""
    wanted = [word for field in FIELDS for word in ("-e", field)]
    # without reassembly and without checks that could hide a header
    set_to = ("ip.defragment:FALSE", "ipv6.defragment:FALSE", "ip.check_checksum:FALSE")
    settings = [word for each in set_to for word in ("-o", each)]
    done = subprocess.run(
        ["tshark", "-n", "-r", path, "-T", "fields", "-E", "occurrence=f", *settings, *wanted],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    for line in done.stdout.splitlines():
        yield dict(zip(FIELDS, line.split("\t"), strict=True))


def theirs(path: Path) -> Sums:
    sums = Sums(0, 0, *(Counter() for _ in range(5)))
    packets = cut = 0
    for row in tshark(path):
        packets += 1
        cut += row["frame.cap_len"] != row["frame.len"]
        source, target = row["ip.src"] or row["ipv6.src"], row["ip.dst"] or row["ipv6.dst"]
        if not source:
            continue
        pair = frozenset((source, target))
        sums.pairs[pair] += 1
        sums.later[pair] += int(row["ip.frag_offset"] or row["ipv6.fraghdr.offset"] or 0) > 0
        sums.sizes[pair] += int(row["ip.len"] or 0) or int(row["ipv6.plen"]) + 40
        # tshark knows the tag of a provider bridge (0x88a8) by a name of its own
        tag = row["ieee8021ad.id"] or row["vlan.id"]
        sums.tags[int(tag) if tag else None] += 1
        for source_port, target_port in (
            ("tcp.srcport", "tcp.dstport"),
            ("udp.srcport", "udp.dstport"),
        ):
            # of an error message the ports are those of the packet that it quotes
            if row[source_port] and not row["icmp.type"]:
                for port in {int(row[source_port]), int(row[target_port])}:
                    sums.services[pair, port] += 1
    return sums._replace(packets=packets, cut=cut)


def ours(path: Path) -> Sums:
    with path.open("rb") as stream:
        traffic = read_capture(stream)
    sums = Sums(traffic.packets, traffic.cut, *(Counter() for _ in range(5)))
    for row in traffic.conversations.to_pylist():
        pair = frozenset((row["client"], row["server"]))
        count = row["packets_out"] + row["packets_back"]
        sums.pairs[pair] += count
        sums.sizes[pair] += row["bytes_out"] + row["bytes_back"]
        sums.tags[row["vlan"]] += count
        if row["port"]:
            sums.services[pair, row["port"]] += count
    return sums


def same(path: Path) -> Sums:
    mine, other = ours(path), theirs(path)
    assert mine.packets == other.packets
    assert mine.cut == other.cut
    assert mine.pairs == other.pairs
    assert mine.sizes == other.sizes
    # the client's port is in no conversation of ours, so each service is one of theirs
    for service, count in mine.services.items():
        assert count <= other.services[service] + other.later[service[0]], service
    return mine


FRAMES: Final[list[bytes | Shot]] = [
    datagram(tags=[(VLAN, 20)]),
    datagram(tags=[(QINQ, 100), (VLAN, 20)]),
    segment(SYN),
    segment(ACK, bytes(100), source="2001:db8::1", target="2001:db8::2"),
    ethernet(ipv4(udp(bytes(9), 4000, 5000), options=b"\x94\x04\0\0")),
    ethernet(ipv4(udp(bytes(40), 4000, 5000)[:24], identity=4, more=True)),
    ethernet(ipv4(bytes(24), identity=4, offset=24)),
    ethernet(
        ipv6(udp(bytes(9), 4000, 5000), between=[(0, b"\0" + bytes(6)), (60, b"\0" + bytes(6))]),
        kind=IPV6,
    ),
    ethernet(ipv6(bytes(16), between=[fragment_header(8, 16, more=False)]), kind=IPV6),
    ethernet(b"\x11\0\0\x07\0\x26\0\x21" + ipv4(udp(bytes(8), 4000, 5000)), kind=PPPOE),
    Shot(datagram(bytes(300)), 20, 50),
    ethernet(bytes(60), kind=0x88CC),
    ethernet(labelled(ipv4(udp(bytes(9), 4000, 5000)), 16), kind=MPLS),
    ethernet(labelled(ipv6(udp(bytes(9), 4000, 5000)), 16, 2), kind=MPLS_MANY, tags=[(VLAN, 20)]),
]
SPLIT: Final = section(">") + interface(1, ">") + interface(101, ">")


@pytest.mark.parametrize(
    "data",
    [
        pcap(FRAMES),
        pcap(FRAMES, ">", 1_000_000_000),
        pcapng(FRAMES),
        SPLIT + enhanced(Shot(ipv4(udp(b"x", 1, 2))), 1, order=">") + pcapng(FRAMES),
        pcap([ipv4(udp(b"x", 4000, 5000)), ipv6(udp(b"x", 4000, 5000))], link=101),
    ],
    ids=["pcap", "big-nano", "pcapng", "sections", "raw"],
)
def test_on_frames_of_every_sort(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "capture"
    path.write_bytes(data)
    mine = same(path)
    if mine.packets >= len(FRAMES):
        assert mine.tags == theirs(path).tags


def test_on_the_capture_of_the_benchmark(tmp_path: Path) -> None:
    write_capture(tmp_path / "capture", 3_000_000)
    mine = same(tmp_path / "capture")
    assert mine.packets > 3000
    assert mine.tags == theirs(tmp_path / "capture").tags


def test_on_real_captures() -> None:
    """No duty: the captures lie beside the repository, and not everywhere."""
    for path in sorted(CAPTURES.glob("*.pcap")):
        same(path)
