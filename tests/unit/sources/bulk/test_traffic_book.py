"""What flow logs tell is merged as it comes, up to a ceiling, and the rest is told."""

from __future__ import annotations

import pytest

from camaudit.model.observation import Problem
from camaudit.model.traffic import Traffic
from camaudit.sources.bulk import RecordError, TrafficBook, traffic_book
from tests.flow_rows import MICROS, at, short
from tests.traffic_told import check_traffic

HOUR = 3_600_000_000
MAC = b"\0\0\x5e\0\x53\1"


def add(book: TrafficBook, client: str, port: int, first: int = 0, last: int | None = None) -> None:
    end = first if last is None else last
    book.flow(
        client, "192.0.2.1", 6, port, (3, 2, 300, 200), MICROS + first, MICROS + end, opened=True
    )


def close(book: TrafficBook) -> tuple[list[Traffic], list[Problem]]:
    items = list(book.close())
    for item in items:
        if isinstance(item, Traffic):
            check_traffic(item)
    return (
        [item for item in items if isinstance(item, Traffic)],
        [item for item in items if isinstance(item, Problem)],
    )


@pytest.mark.parametrize("block", [1, 7, 1000])
def test_rows_merge_whatever_the_size_of_blocks(block: int) -> None:
    book = TrafficBook(block=block)
    for number in range(100):
        add(book, f"192.0.2.{10 + number % 2}", 443, number)
    (traffic,), problems = close(book)
    assert short(traffic.conversations) == {
        (f"192.0.2.{n}", "192.0.2.1", 6, 443, 150, 100, 15000, 10000) for n in (10, 11)
    }
    assert traffic.packets == 500
    assert not problems


def test_beyond_the_ceiling_a_scan_loses_its_ports_first() -> None:
    book = TrafficBook(ceiling=100, block=10)
    add(book, "192.0.2.10", 554)
    for port in range(1, 201):
        add(book, "192.0.2.99", port)
    (traffic,), problems = close(book)
    kept = short(traffic.conversations)
    assert ("192.0.2.10", "192.0.2.1", 6, 554, 3, 2, 300, 200) in kept
    assert len(kept) < 100
    assert sum(row[4] for row in kept) == 3 * 201
    assert any(row[0] == "192.0.2.99" and row[3] == 0 for row in kept)
    (problem,) = problems
    assert "merged" in problem.message
    assert "100 conversations" in problem.message
    assert not problem.rejected


def test_then_all_lose_them_and_then_the_log_is_taken_in_parts() -> None:
    book, parts = TrafficBook(ceiling=100, block=10), []
    for number in range(1000):
        add(book, f"192.0.2.{number % 250}", number % 4, number)
        parts += list(book.part())
    rest, problems = close(book)
    assert len(parts) > 1
    assert sum(part.packets for part in parts + rest) == 5000
    assert all(part.conversations.num_rows <= 110 for part in parts + rest)
    assert any(f"in {len(parts) + 1} parts" in problem.message for problem in problems)


def test_only_the_minutes_of_the_first_and_the_last_packet_are_proven() -> None:
    book = TrafficBook()
    add(book, "192.0.2.10", 443, 0, 10 * 60_000_000)
    (traffic,), _ = close(book)
    minutes = {row["minute"]: row["packets"] for row in traffic.activity.to_pylist()}
    assert minutes == {at(0): 4, at(600): 1}


def test_a_conversation_counts_in_the_hour_of_its_first_packet() -> None:
    book = TrafficBook()
    add(book, "192.0.2.10", 443, 0, 2 * HOUR)
    add(book, "192.0.2.10", 443, HOUR)
    (traffic,), _ = close(book)
    spans = [(row["first"], row["last"]) for row in traffic.conversations.to_pylist()]
    assert spans == [(at(0), at(7200)), (at(3600), at(3600))]
    assert (traffic.first, traffic.last) == (at(0), at(7200))


def test_what_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(RecordError, match="before it begins"):
        add(TrafficBook(), "192.0.2.10", 443, 5, 4)


def test_names_add_up_and_what_is_no_name_is_counted() -> None:
    book = TrafficBook()
    for name in (
        "Cam.Example.",
        "cam.example",
        "http://x/?user=a",
        "192.0.2.1",
        "[2001:db8::1]:80",
    ):
        book.name("192.0.2.10", "dns", name, MICROS)
    (traffic,), _ = close(book)
    (row,) = traffic.names.to_pylist()
    assert (row["name"], row["count"]) == ("cam.example", 2)
    assert [(each.what, each.count) for each in traffic.damage] == [
        ("texts that are no name of a host (dns)", 1)
    ]


def test_hardware_addresses_are_noted_with_what_they_sent() -> None:
    book = TrafficBook()
    book.flow(
        "192.0.2.10", "192.0.2.1", 17, 53, (3, 0, 1, 0), MICROS, MICROS, opened=True,
        macs=(MAC, b"\0\0\x5e\0\x53\2"),
    )  # fmt: skip
    (traffic,), _ = close(book)
    assert traffic.addresses == {"00:00:5e:00:53:01": {"192.0.2.10": 3}}


def test_many_names_make_a_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traffic_book, "MOST_HELD", 3)
    book = TrafficBook()
    for number in range(3):
        book.name("192.0.2.10", "dns", f"n{number}.example", MICROS)
    (part,) = book.part()
    assert part.names.num_rows == 3
    assert not list(book.part())


def test_a_log_that_tells_nothing_gives_an_empty_part() -> None:
    (traffic,), problems = close(TrafficBook())
    assert traffic.conversations.num_rows == traffic.packets == 0
    assert traffic.first is None
    assert not problems
