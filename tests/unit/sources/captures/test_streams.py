"""The start of each direction of a connection, and datagrams, as the codecs are given them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from camaudit.sources.captures import streams
from camaudit.sources.captures.payload import MAX_STREAM_BYTES, Payload
from tests.captured import (
    ACK,
    CAMERA,
    FIN,
    HOST,
    HOST6,
    PEER,
    PEER6,
    PUSH,
    RECORDER,
    RST,
    START,
    SYN,
    TCP,
    UDP,
    Shot,
    datagram,
    ethernet,
    ipv4,
    mac,
    pcap,
    segment,
    udp,
)
from tests.watchers import payloads

AT = datetime.fromtimestamp(START, UTC)
#: One short of the end of the number space, so that every test passes over it.
FIRST = 0xFFFFFFFF - 5


def sent(frames: list[bytes | Shot]) -> list[bytes]:
    return [each.data for each in payloads(pcap(frames))]


def test_a_datagram() -> None:
    (one,) = payloads(pcap([datagram(b"question")]))
    assert one == Payload(
        mac=mac(CAMERA),
        peer_mac=mac(RECORDER),
        source=HOST,
        target=PEER,
        protocol=UDP,
        source_port=40000,
        target_port=53,
        at=AT,
        position=1,
        data=b"question",
    )


def test_datagrams_from_and_to_known_ports_alone() -> None:
    frames = [
        datagram(b"asked", ports=(40000, 53)),
        datagram(b"answered", ports=(53, 40000)),
        datagram(b"video", ports=(40000, 40002)),
        datagram(b"", ports=(40000, 53)),
        datagram(b"six", source=HOST6, target=PEER6),
    ]
    taken = payloads(pcap(frames))
    assert [each.data for each in taken] == [b"asked", b"answered", b"six"]
    assert (taken[2].source, taken[2].target) == (HOST6, PEER6)


def test_of_a_fragmented_datagram_the_first_part_is_given() -> None:
    body = udp(bytes(range(40)), 5000, 53)
    frames = [
        ethernet(ipv4(body[:24], identity=1, more=True)),
        ethernet(ipv4(body[24:], identity=1, offset=24)),
    ]
    assert sent([*frames]) == [bytes(range(16))]


def test_the_length_of_a_datagram_is_its_own() -> None:
    padded = ethernet(ipv4(udp(b"short", 5000, 53) + b"padding"))
    assert sent([padded]) == [b"short"]
    cut = Shot(datagram(b"0123456789"), 0, 14 + 20 + 8 + 4)
    assert sent([cut]) == [b"0123"]


def opened(flags: int = SYN, sequence: int = FIRST, port: int = 80) -> bytes:
    return segment(flags, b"", sequence, ports=(40000, port))


def data(text: bytes, place: int, flags: int = ACK, port: int = 80) -> bytes:
    return segment(flags, text, FIRST + 1 + place, ports=(40000, port))


def test_a_direction_in_order() -> None:
    (one,) = payloads(pcap([opened(), data(b"abc", 0), data(b"def", 3, FIN | ACK)]))
    assert one == Payload(
        mac=mac(CAMERA),
        peer_mac=mac(RECORDER),
        source=HOST,
        target=PEER,
        protocol=TCP,
        source_port=40000,
        target_port=80,
        at=AT + timedelta(seconds=1),
        position=2,
        data=b"abcdef",
    )


@pytest.mark.parametrize(
    "frames",
    [
        [opened(), data(b"def", 3), data(b"abc", 0)],
        [opened(), data(b"abc", 0), data(b"abc", 0), data(b"def", 3)],
        [opened(), opened(), data(b"abcd", 0), data(b"cdef", 2)],
        [opened(), data(b"abc", 0), data(b"abcdef", 0)],
        [opened(), data(b"abcdef", 0), data(b"ab", 0)],
        # RFC 7413: data with the SYN
        [segment(SYN, b"abc", FIRST), data(b"def", 3)],
        # RFC 9293 3.8.4: a probe of the number before
        [opened(), data(b"x", -1), data(b"abcdef", 0)],
        [opened(), data(b"abcdef", 0), data(b"hij", 7)],
    ],
    ids=["late", "twice", "overlap", "longer", "shorter", "syn", "probe", "gap"],
)
def test_whatever_the_network_did_to_it(frames: list[bytes | Shot]) -> None:
    assert sent(frames) == [b"abcdef"]


def test_a_start_that_is_missing_is_nothing() -> None:
    assert sent([opened(), data(b"def", 3)]) == []


def test_no_more_than_the_start_is_kept() -> None:
    parts = [bytes([at % 251]) * 1000 for at in range(300)]
    frames = [opened(), *(data(part, at * 1000) for at, part in enumerate(parts))]
    assert sent([*frames]) == [b"".join(parts)[:MAX_STREAM_BYTES]]


def test_both_directions_and_the_next_connection_of_the_same_ports() -> None:
    def back(flags: int, text: bytes, sequence: int) -> bytes:
        return segment(flags, text, sequence, PEER, HOST, (80, 40000), (RECORDER, CAMERA))

    frames = [
        opened(),
        back(SYN | ACK, b"", 9),
        data(b"ask", 0),
        back(ACK, b"answer", 10),
        opened(sequence=77),
        segment(ACK, b"again", 78),
    ]
    assert sorted(sent([*frames])) == [b"again", b"answer", b"ask"]


def test_a_direction_that_was_done_with_stays_so() -> None:
    frames = [opened(), data(b"GET / HTTP/1.1\r\n\r\n", 0, FIN | ACK), data(b"GET /2 HTTP/1.1", 18)]
    assert len(sent([*frames])) == 1


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        (b"HTTP/1.1 200 OK\r\n", True),
        (b"POST /x HTTP/1.1\r\n", True),
        (b"DESCRIBE rtsp://x RTSP/1.0\r\n", True),
        (b"RTSP/1.0 200 OK\r\n", True),
        (b"SSH-2.0-OpenSSH\r\n", True),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", True),
        (b"\x16\x03\x09\x02\x00\x01\x00\x01", False),
        (b"\x17\x03\x03\x02\x00\x01\x00\x01", False),
        (b"$\x00\x05\x74 interleaved video", False),
        (b"\x00\x00\x00\x60\xfeSMB and so on", False),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_on_other_ports_the_beginning_tells(text: bytes, taken: bool, known: bool) -> None:  # noqa: FBT001
    start = [opened(port=9999)] if known else []
    assert sent([*start, data(text, 0, port=9999)]) == ([text] if taken else [])
    # a port of ours gives whatever begins there, but only where it is seen to begin
    start = [opened()] if known else []
    assert sent([*start, data(text, 0)]) == ([text] if taken or known else [])


def test_a_beginning_in_small_pieces_is_waited_for() -> None:
    text = b"GET / HTTP/1.1\r\n"
    frames = [data(text[at : at + 1], at, port=9999) for at in range(len(text))]
    assert sent([opened(port=9999), *frames]) == [text]


def test_a_reset_ends_a_direction() -> None:
    assert sent([opened(), data(b"abc", 0), data(b"", 3, RST)]) == [b"abc"]


def test_directions_are_given_up_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("camaudit.sources.captures.window.WINDOW_BYTES", 200)
    monkeypatch.setattr(streams, "MAX_DIRECTIONS", 5)
    flood = [segment(SYN, b"", at, ports=(at, 80)) for at in range(1000, 1100)]
    frames = [opened(), data(b"abc", 0), *flood, data(b"def", 3)]
    # what was there is handed on; the rest is no beginning
    assert sent([*frames]) == [b"abc"]


def test_bytes_that_are_held_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("camaudit.sources.captures.window.WINDOW_BYTES", 2000)
    monkeypatch.setattr(streams, "MAX_HELD_BYTES", 10_000)
    frames: list[bytes] = []
    for port in range(2000, 2050):
        frames.append(segment(SYN, b"", 0, ports=(port, 80)))
        frames.append(segment(ACK | PUSH, bytes(900), 1, ports=(port, 80)))
    taken = payloads(pcap(frames))
    assert [each.source_port for each in taken] == list(range(2000, 2050))
    assert {len(each.data) for each in taken} == {900}


def test_windows_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = [opened(), *(data(bytes([at]) * 100, at * 100) for at in range(50))]
    frames += [data(b"", 5000, FIN | ACK)]
    whole = sent([*frames])
    monkeypatch.setattr("camaudit.sources.captures.window.WINDOW_BYTES", 300)
    assert sent([*frames]) == whole
    assert len(whole[0]) == 5000


def test_how_many_segments_are_taken_at_once_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frames = [opened(), *(data(bytes([at]) * 100, at * 100) for at in range(50))]
    whole = sent([*frames])
    monkeypatch.setattr(streams, "_AT_ONCE", 3)
    assert sent([*frames]) == whole
    assert len(whole[0]) == 5000
