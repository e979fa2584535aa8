"""Who is the client, what is one row, and what happens when there are too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import Any

import pytest

from camaudit.sources.captures import addresses, conversations, datagrams, fragments
from tests.captured import (
    ACK,
    ARP,
    CAMERA,
    HOST,
    HOST6,
    IPV6,
    PEER,
    PEER6,
    PUSH,
    RECORDER,
    ROUTER,
    RST,
    START,
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
    mac,
    pcap,
    segment,
    udp,
)
from tests.watchers import damage, payloads, read, rows

#: Of a host that has no address yet.
UNSET = str(IPv4Address(0))
AT = datetime.fromtimestamp(START, UTC)


def answer(flags: int, data: bytes = b"", ports: tuple[int, int] = (80, 40000)) -> bytes:
    """A segment from the peer to the host."""
    return segment(flags, data, 1, PEER, HOST, ports, (RECORDER, CAMERA))


def told(ports: tuple[int, int]) -> bytes:
    """A datagram from the peer to the host."""
    return datagram(b"x", PEER, HOST, ports, (RECORDER, CAMERA))


def ends(row: dict[str, Any]) -> tuple[object, ...]:
    return tuple(row[name] for name in ("client", "server", "port", "opened"))


def one(frames: list[bytes | Shot]) -> dict[str, Any]:
    (row,) = rows(pcap(frames))
    return row


def test_a_row_of_a_connection() -> None:
    row = one(
        [
            segment(SYN),
            answer(SYN | ACK),
            segment(ACK, b"GET", 1),
            answer(ACK, b"answer"),
        ]
    )
    assert row == {
        "client": HOST,
        "server": PEER,
        "client_mac": mac(CAMERA),
        "server_mac": mac(RECORDER),
        "vlan": None,
        "protocol": TCP,
        "port": 80,
        "opened": True,
        "packets_out": 2,
        "packets_back": 2,
        # 20 of IPv4 and 20 of TCP each
        "bytes_out": 83,
        "bytes_back": 86,
        "first": AT,
        "last": AT + timedelta(seconds=3),
    }


def test_the_sender_of_the_first_syn_is_the_client_whatever_the_ports() -> None:
    frames = [segment(SYN, ports=(80, 40000)), answer(ACK, ports=(40000, 80))]
    assert ends(one([*frames])) == (HOST, PEER, 40000, True)


def test_a_syn_that_comes_late_still_tells() -> None:
    frames = [answer(ACK, ports=(40000, 80)), segment(SYN, ports=(80, 40000))]
    assert ends(one([*frames])) == (HOST, PEER, 40000, True)


def test_who_answers_a_syn_is_the_server() -> None:
    row = one([answer(SYN | ACK), segment(ACK)])
    assert ends(row) == (HOST, PEER, 80, True)


def test_who_goes_on_was_answered_where_the_sensor_did_not_see_it() -> None:
    silent = [segment(SYN, ports=(port, 80)) for port in (40000, 40001)]
    assert ends(one([*silent])) == (HOST, PEER, 80, True)
    # it ends the handshake that only the other direction shows; one silent opening hides nothing
    assert ends(one([*silent, segment(ACK, ports=(40001, 80))])) == (HOST, PEER, 80, False)
    # a refusal is answered by nothing, and a reset follows an answer to nothing that was asked
    assert ends(one([*silent, segment(RST | ACK, ports=(40001, 80))])) == (HOST, PEER, 80, True)


def test_without_an_opening_the_higher_port_is_the_client() -> None:
    assert ends(one([answer(ACK)])) == (HOST, PEER, 80, False)
    assert ends(one([segment(ACK)])) == (HOST, PEER, 80, False)


def test_the_sender_of_the_first_datagram_is_the_client() -> None:
    frames = [datagram(ports=(6000, 50000)), told((50000, 6000))]
    assert ends(one([*frames])) == (HOST, PEER, 50000, True)
    assert ends(one([datagram(ports=(68, 67))])) == (HOST, PEER, 67, True)


@pytest.mark.parametrize("port", [53, 123, 1900, 3702])
def test_a_datagram_that_can_only_be_an_answer_opened_nothing(port: int) -> None:
    assert ends(one([told((port, 50000))])) == (HOST, PEER, port, False)


def test_groups_ask_nothing() -> None:
    row = one([datagram(target="239.255.255.250", ports=(1900, 50000))])
    assert ends(row) == (HOST, "239.255.255.250", 50000, True)
    row = one([datagram(source=HOST6, target="ff02::c", ports=(1900, 50000))])
    assert ends(row) == (HOST6, "ff02::c", 50000, True)


def test_many_connections_to_a_service_are_one_row() -> None:
    frames = [segment(SYN, ports=(port, 443)) for port in range(40000, 40050)]
    row = one([*frames])
    assert (row["packets_out"], row["port"]) == (50, 443)


def test_each_hour_has_its_row_and_the_opening_is_remembered() -> None:
    frames = [Shot(segment(SYN), 3590), Shot(segment(ACK), 3610), Shot(segment(ACK), 3 * 3600)]
    found = rows(pcap([*frames, Shot(answer(ACK), 3 * 3600)]))
    assert [row["first"] for row in found] == [
        AT + timedelta(seconds=each.after) for each in frames
    ]
    assert {ends(row) for row in found} == {(HOST, PEER, 80, True)}


def test_both_families_stand_apart() -> None:
    found = rows(pcap([datagram(), datagram(source=HOST6, target=PEER6)]))
    assert [ends(row) for row in found] == [(HOST, PEER, 53, True), (HOST6, PEER6, 53, True)]
    assert [row["bytes_out"] for row in found] == [29, 49]


def test_a_small_ipv6_address_is_not_an_ipv4_address() -> None:
    frames = [datagram(source="::c000:20a", target="::c000:214"), datagram()]
    assert len(rows(pcap([*frames]))) == 2


def test_an_answer_under_another_tag_belongs_to_its_question() -> None:
    question = datagram(tags=[(VLAN, 20)])
    answer = datagram(ports=(53, 40000), source=PEER, target=HOST, macs=(ROUTER, CAMERA))
    row = one([question, answer])
    assert (row["vlan"], row["packets_out"], row["packets_back"]) == (20, 1, 1)
    assert row["server_mac"] == mac(RECORDER)


def test_a_sensor_on_both_sides_of_a_router_sees_two_rows() -> None:
    frames = [datagram(macs=(CAMERA, ROUTER)), datagram(macs=(ROUTER, RECORDER))]
    found = rows(pcap([*frames]))
    assert [(row["client_mac"], row["packets_out"]) for row in found] == [
        (mac(CAMERA), 1),
        (mac(ROUTER), 1),
    ]


def test_ways_are_joined_among_many_that_stand_alone() -> None:
    """An answer under another tag, rows on both sides of a router, and rows without a partner."""
    question = datagram(tags=[(VLAN, 20)])
    answer = datagram(ports=(53, 40000), source=PEER, target=HOST, macs=(ROUTER, CAMERA))
    both = [
        datagram(ports=(40000, 99), macs=each) for each in ((CAMERA, ROUTER), (ROUTER, RECORDER))
    ]
    alone = [datagram(ports=(40000, port)) for port in range(200, 210)]
    found = rows(pcap([*alone[:5], question, *both, answer, *alone[5:]]))
    told = [(row["port"], row["vlan"], row["packets_out"], row["packets_back"]) for row in found]
    assert told == [
        *((port, None, 1, 0) for port in range(200, 205)),
        (53, 20, 1, 1),
        *((99, None, 1, 0),) * 2,
        *((port, None, 1, 0) for port in range(205, 210)),
    ]


def fragmented(identity: int = 7) -> list[bytes]:
    body = udp(bytes(24), 5000, 6000)
    return [
        ethernet(ipv4(body[:16], identity=identity, more=True)),
        ethernet(ipv4(body[16:24], identity=identity, offset=16, more=True)),
        ethernet(ipv4(body[24:], identity=identity, offset=24)),
    ]


def test_later_fragments_have_the_ports_of_the_first() -> None:
    row = one([*fragmented()])
    assert ends(row) == (HOST, PEER, 6000, True)
    assert (row["packets_out"], row["bytes_out"]) == (3, 3 * 20 + 32)


def test_fragments_of_ipv6() -> None:
    body = udp(bytes(24), 5000, 6000)
    parts = [(0, body[:16], True), (16, body[16:], False)]
    frames = [
        ethernet(ipv6(part, between=[fragment_header(9, offset, more=more)]), kind=IPV6)
        for offset, part, more in parts
    ]
    row = one([*frames])
    assert ends(row) == (HOST6, PEER6, 6000, True)
    assert row["packets_out"] == 2


def test_a_fragment_before_its_first_has_no_ports() -> None:
    first, second, third = fragmented()
    data = pcap([second, first, third])
    assert damage(data) == {fragments.UNKNOWN: (1, "packet 1")}
    found = {row["port"]: row for row in rows(data)}
    assert found.keys() == {0, 6000}
    assert found[0]["opened"] is False
    assert found[6000]["packets_out"] == 2


def test_the_nearest_first_fragment_counts() -> None:
    again = udp(bytes(24), 5001, 6001)
    frames = [
        *fragmented(),
        ethernet(ipv4(again[:16], identity=7, more=True)),
        ethernet(ipv4(again[16:], identity=7, offset=16)),
    ]
    found = {row["port"]: row["packets_out"] for row in rows(pcap([*frames]))}
    assert found == {6000: 3, 6001: 2}


def test_first_fragments_are_remembered_over_windows_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("camaudit.sources.captures.window.WINDOW_BYTES", 120)
    first, second, third = fragmented()
    others = [fragmented(identity)[0] for identity in range(100, 110)]
    assert damage(pcap([first, *others, second, third])) == {}
    monkeypatch.setattr(fragments, "MAX_FIRST_FRAGMENTS", 5)
    assert damage(pcap([first, *others, second, third])) == {fragments.UNKNOWN: (2, "packet 12")}


def test_addresses_of_each_hardware_address() -> None:
    frames = [
        datagram(),
        datagram(),
        datagram(source="192.0.2.11"),
        datagram(source=HOST6, target=PEER6),
        datagram(source=UNSET, macs=("02:00:00:00:00:0c", RECORDER)),
        # a group sends nothing
        datagram(macs=("01:00:5e:00:00:01", RECORDER)),
        ethernet(arp(1, ROUTER, PEER, CAMERA, HOST), ROUTER, CAMERA, ARP),
    ]
    traffic = read(pcap(frames))
    assert traffic.addresses == {CAMERA: {HOST: 2, "192.0.2.11": 1, HOST6: 1}}
    observed = traffic.observations.to_pylist()
    assert [(row["device"], row["position"]) for row in observed] == [
        (CAMERA, "packet 1"),
        ("02:00:00:00:00:0c", "packet 5"),
        # who only asks for neighbours is there as well
        (ROUTER, "packet 7"),
    ]
    assert {(row["protocol"], row["field"], row["value"]) for row in observed} == {
        ("mac", "address", CAMERA.encode()),
        ("mac", "address", b"02:00:00:00:00:0c"),
        ("mac", "address", ROUTER.encode()),
    }


def test_a_router_is_no_device() -> None:
    public = [
        datagram(source=f"198.18.0.{at}", macs=(CAMERA, RECORDER)) for at in range(20)
    ]  # RFC 2544: not public
    edge = [datagram(source=f"8.8.{at}.8", macs=(RECORDER, CAMERA)) for at in range(8)]
    router = [datagram(source=f"8.8.{at}.8", macs=(ROUTER, CAMERA)) for at in range(9)]
    traffic = read(pcap([*public, *edge, *router]))
    assert [row["device"] for row in traffic.observations.to_pylist()] == [CAMERA, RECORDER]
    assert damage(pcap([*public, *edge, *router])) == {addresses.ROUTERS: (1, "packet 29")}
    assert len(traffic.addresses[ROUTER]) == 9


def announced(operation: int, address: str, asked: str) -> bytes:
    body = arp(operation, CAMERA, address, "00:00:00:00:00:00", asked)
    return ethernet(body, CAMERA, "ff:ff:ff:ff:ff:ff", ARP)


def test_announcements_of_addresses() -> None:
    frames = [
        announced(1, UNSET, HOST),  # RFC 5227 2.1.1: a probe
        announced(1, HOST, HOST),  # 2.3: an announcement
        announced(1, HOST, PEER),  # a question
        announced(2, HOST, HOST),
        announced(1, HOST, HOST)[:30],
    ]
    assert read(pcap(frames)).events.to_pylist() == [
        {"mac": mac(CAMERA), "kind": "arp_announcement", "at": AT + timedelta(seconds=at)}
        for at in (1, 3)
    ]


def addressed(at: int) -> str:
    return f"10.{at >> 16}.{at >> 8 & 255}.{at & 255}"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("camaudit.sources.captures.window.WINDOW_BYTES", 2000)
    monkeypatch.setattr("camaudit.sources.captures.grouping._WAITING", 10)
    monkeypatch.setattr(conversations, "MAX_CONNECTIONS", 40)
    monkeypatch.setattr(conversations, "MAX_CONVERSATIONS", 60)
    monkeypatch.setattr(conversations, "MAX_PAIRS", 30)
    monkeypatch.setattr(addresses, "MAX_SOURCES", 50)


@pytest.mark.usefixtures("few")
def test_beyond_the_ceiling_pairs_of_addresses_are_told_apart() -> None:
    frames = [datagram(ports=(40000, port)) for port in range(2000, 3000)]
    data = pcap([*frames])
    found = rows(data)
    assert sum(row["packets_out"] for row in found) == 1000
    assert len(found) <= 61
    merged = [row for row in found if row["port"] == 0]
    assert [(row["client"], row["server"], row["client_mac"]) for row in merged] == [
        (HOST, PEER, None)
    ]
    assert damage(data)[conversations.MERGED][0] >= 900


@pytest.mark.usefixtures("few")
def test_beyond_all_ceilings_packets_are_counted_and_told() -> None:
    frames = [datagram(source=addressed(at)) for at in range(1000)]
    data = pcap([*frames])
    found, wrong = rows(data), damage(data)
    kept = sum(row["packets_out"] for row in found)
    assert len(found) <= 60 + 30
    assert kept + wrong[conversations.DROPPED][0] == 1000
    assert sum(read(data).addresses[CAMERA].values()) + wrong[addresses.DROPPED][0] == 1000


@pytest.mark.usefixtures("few")
def test_a_busy_connection_keeps_who_opened_it() -> None:
    frames: list[bytes] = [segment(SYN, ports=(50, 60))]
    for at in range(300):
        frames.append(datagram(source=addressed(at % 7), ports=(2000 + at, 53)))
        frames.append(answer(ACK, ports=(60, 50)))
    (row,) = [row for row in rows(pcap([*frames])) if row["protocol"] == TCP]
    assert ends(row) == (HOST, PEER, 60, True)
    assert (row["packets_out"], row["packets_back"]) == (1, 300)


def test_a_direction_that_talks_too_much_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datagrams, "MAX_OF_DIRECTION", 10)
    frames = [datagram(bytes([at])) for at in range(30)] + [datagram(b"y", ports=(40001, 53))]
    taken = payloads(pcap(frames))
    assert [each.data[0] for each in taken] == [*range(10), ord("y")]


def test_windows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [
        datagram(bytes(at), addressed(at % 5), addressed(at % 3), (3000 + at % 4, 4000))
        for at in range(200)
    ] + [segment(ACK | PUSH, bytes(at), at, ports=(at + 1, 80)) for at in range(100)]
    whole = read(pcap(frames))
    monkeypatch.setattr("camaudit.sources.captures.window.WINDOW_BYTES", 500)
    parts = read(pcap(frames))
    assert parts.conversations.equals(whole.conversations)
    assert parts.addresses == whole.addresses
    assert parts.activity.equals(whole.activity)
    assert UDP in whole.conversations.column("protocol").to_pylist()
