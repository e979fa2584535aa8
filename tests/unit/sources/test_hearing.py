"""camaudit.sources.hearing: when the sentinel was heard, in captures and in flow logs."""

from __future__ import annotations

import io
from datetime import timedelta

import numpy as np
import pytest

from camaudit.model.traffic import Traffic
from camaudit.sources import hearing
from camaudit.sources.bulk import TrafficBook
from camaudit.sources.captures.read import read_capture
from camaudit.sources.hearing import Hearing
from tests.captured import HOST, HOST6, PEER, Shot, datagram, pcap
from tests.flow_rows import MICROS, at

SECOND = 1_000_000


def heard(*spans: tuple[float, float]) -> list[tuple[float, float]]:
    found = Hearing(HOST)
    for first, last in spans:
        found.add(np.array([first * SECOND]), np.array([last * SECOND]))
    return seconds(found)


def seconds(found: Hearing) -> list[tuple[float, float]]:
    return [
        (row["first"].timestamp(), row["last"].timestamp()) for row in found.table().to_pylist()
    ]


def test_what_is_near_is_one_stretch_whatever_the_order() -> None:
    assert heard((200, 200), (0, 0), (60, 60), (261, 300)) == [(0, 60), (200, 200), (261, 300)]
    assert heard((0, 500), (100, 100), (550, 550)) == [(0, 550)]


def test_nobody_is_heard_where_no_address_is_named() -> None:
    for nobody in (None, "", "sensor"):
        found = Hearing(nobody)
        assert found.address is None
        assert seconds(found) == []


def test_many_stretches_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "MAX_STRETCHES", 3)
    monkeypatch.setattr(hearing, "_WAITING", 2)
    assert heard(*((each * 100.0, each * 100.0) for each in range(9))) == [
        (0, 0),
        (100, 100),
        (200, 200),
    ]


def spans(traffic: Traffic) -> list[tuple[str, float, float]]:
    return [
        (row["address"], row["first"].timestamp(), row["last"].timestamp())
        for row in traffic.heard.to_pylist()
    ]


@pytest.mark.parametrize("window", [2000, 1 << 20])
def test_of_a_capture_its_packets_count(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    monkeypatch.setattr("camaudit.sources.captures.window.WINDOW_BYTES", window)
    to = [Shot(datagram(source=PEER, target=HOST), 10 * at) for at in range(60)]
    sent = [Shot(datagram(), 10 * at) for at in (0, 5, 6, 20, 26)]
    six = [Shot(datagram(source=HOST6, target="ff02::1"), 300)]
    data = pcap([*sorted([*to, *sent, *six], key=lambda each: each.after)])
    start = read_capture(io.BytesIO(data)).first
    assert start is not None
    begin = start.timestamp()
    for sentinel, expected in ((HOST, [(0, 60), (200, 260)]), (HOST6, [(300, 300)]), (None, [])):
        found = spans(read_capture(io.BytesIO(data), sentinel=sentinel))
        assert [(first - begin, last - begin) for _, first, last in found] == expected
        assert {who for who, _, _ in found} <= {sentinel}


def test_of_a_flow_log_the_flows_that_it_sent_in_count() -> None:
    book = TrafficBook("192.0.2.7")

    def flow(client: str, server: str, minute: int, counts: tuple[int, int, int, int]) -> None:
        first = MICROS + minute * 60 * SECOND
        book.flow(client, server, 6, 80, counts, first, first + 30 * SECOND, opened=True)

    flow("192.0.2.7", "192.0.2.1", 0, (1, 0, 60, 0))
    flow("192.0.2.1", "192.0.2.7", 10, (1, 0, 60, 0))  # nothing came back
    flow("192.0.2.1", "192.0.2.7", 20, (1, 1, 60, 60))
    (traffic,) = [each for each in book.close() if isinstance(each, Traffic)]
    start = at(0)
    assert [(row["first"], row["last"]) for row in traffic.heard.to_pylist()] == [
        (start + timedelta(minutes=each), start + timedelta(minutes=each, seconds=30))
        for each in (0, 20)
    ]
