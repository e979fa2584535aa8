"""camaudit.sources.captures.passive_kept: ceilings hold, and are told when they are met."""

from __future__ import annotations

import pytest

from camaudit.model.observation import Seen
from camaudit.model.traffic_schemas import EVENTS, NAMES
from camaudit.sources.captures import passive_kept
from camaudit.sources.captures.passive import Watcher
from camaudit.sources.captures.passive_kept import Events, Names, Place, Tally, Told
from tests.payloads import CAMERA, CLIENT, START, dns_query, udp


def place(position: int) -> Place:
    return Place(START, position)


def test_nothing_seen_gives_empty_tables_of_the_right_shape() -> None:
    result = Watcher().result()
    assert (result.names.schema, result.names.num_rows) == (NAMES, 0)
    assert (result.events.schema, result.events.num_rows) == (EVENTS, 0)
    assert (result.observations, result.damage) == ([], ())


def test_the_result_may_be_asked_for_more_than_once() -> None:
    watcher = Watcher()
    watcher.take(udp(dns_query("a.example"), 53))
    assert watcher.result().names.num_rows == 1
    watcher.take(udp(dns_query("b.example"), 53))
    assert watcher.result().names.num_rows == 2


def test_names_of_one_device_and_of_all_have_ceilings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passive_kept, "MAX_NAMES", 5)
    monkeypatch.setattr(passive_kept, "MAX_NAMES_A_DEVICE", 3)
    tally = Tally()
    names = Names(tally)
    for at in range(4):
        names.add(CAMERA, "192.168.1.64", "dns", f"{at}.example", None, place(at))
        names.add(CLIENT, "192.168.1.9", "dns", f"{at}.example", None, place(at))
    assert names.table().num_rows == 5
    (damage,) = tally.result()
    assert (damage.what, damage.count) == ("names beyond the ceiling", 3)
    names.add(CAMERA, "192.168.1.64", "dns", "0.example", None, place(9))
    assert max(names.table().column("count").to_pylist()) == 2


def test_starts_have_a_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passive_kept, "MAX_EVENTS_A_DEVICE", 2)
    tally = Tally()
    events = Events(tally)
    for at in range(5):
        events.add(CAMERA, "hello", place(at))
    assert events.table().num_rows == 2
    assert [(each.count, each.first) for each in tally.result()] == [(3, "packet 2")]


@pytest.mark.parametrize(
    ("ceiling", "kept"), [("MAX_VALUES_A_DEVICE", 4), ("MAX_VALUES_BYTES", 4), ("MAX_DEVICES", 0)]
)
def test_values_have_ceilings(monkeypatch: pytest.MonkeyPatch, ceiling: str, kept: int) -> None:
    monkeypatch.setattr(passive_kept, ceiling, kept)
    tally = Tally()
    told = Told(tally)
    for at in range(9):
        told.add(CAMERA, Seen("http", "title", b"%d" % at), place(at), near=True)
    rows = sum(batch.num_rows for batch in told.batches())
    assert rows == (kept + 1 if kept else 0)  # the device's own address comes with them
    assert sum(each.count for each in tally.result()) == 9 - kept


def test_sorts_of_damage_have_a_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passive_kept, "_MAX_KINDS", 2)
    tally = Tally()
    for at, what in enumerate(("a", "b", "c", "a")):
        tally.add(what, at)
    assert [(each.what, each.count) for each in tally.result()] == [("a", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("addresses", "router"),
    [
        (["192.168.1.64", "169.254.3.4", "0.0.0.0", "192.0.0.64", "10.0.0.5"], False),  # noqa: S104
        ([f"10.0.{at}.1" for at in range(5)], True),
        ([f"2001:db8::{at:x}" for at in range(1, 40)], False),
        ([f"fe80::{at:x}" for at in range(1, 40)], False),
        ([f"2001:db8:0:{at:x}::1" for at in range(6)], True),
    ],
)
def test_what_is_taken_for_a_router(addresses: list[str], *, router: bool) -> None:
    """RFC 8981: a host has many addresses of one prefix; only other networks count."""
    told = Told(Tally())
    for each in addresses:
        told.sent_from(CAMERA, each)
    told.add(CAMERA, Seen("http", "title", b"x"), place(1), near=False)
    assert bool(told.batches()) is not router
