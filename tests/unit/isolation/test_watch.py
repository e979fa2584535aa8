"""camaudit.isolation.watch: what a watch must have been for silence to count."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from camaudit.model.isolation import Isolation, Separation
from camaudit.model.traffic import Damage, Traffic
from camaudit.model.traffic_schemas import HEARD
from tests.traffic import CAMERA, START, heard, minutes, raw, talk, traffic
from tests.watches import (
    DAY,
    DEVICE,
    RECORDER_AT,
    SENTINEL_AT,
    day,
    judged,
    out,
    sentinel,
    video,
)

CANNOT_TELL = (Separation.CANNOT_TELL,)
PHONE_AT = "192.168.7.200"


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def dark(found: Isolation) -> list[int]:
    """The hours, from the start, of which nothing can be said."""
    return [
        number for number, (_, answer) in enumerate(found.hours) if answer is Separation.CANNOT_TELL
    ]


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"vantage": None}, "it is not declared where the sensor stands"),
        ({"sentinel": None}, "no sentinel is declared whose traffic would show"),
        ({"sentinel": "192.168.7.4"}, "the sentinel 192.168.7.4 was not seen"),
        ({"interfaces": ("wired", "cellular", "second_port")}, "Wi-Fi is not accounted for"),
        ({"interfaces": ("wired", "wifi", "second_port")}, "a cellular modem is not accounted"),
        ({"interfaces": ("wired", "wifi", "cellular")}, "a second network port is not accounted"),
        ({"interfaces": ("wifi", "cellular", "second_port")}, "its wired interface is not"),
        ({"hours": 25.0}, "24.0 hours were watched, and 25 are asked for"),
    ],
)
def test_each_demand_of_the_profile_is_missed_where_it_is_not_met(
    changes: dict[str, Any], lacking: str
) -> None:
    found = judged(day(), **changes)
    assert found.answers == CANNOT_TELL
    assert [each for each in found.coverage.lacking if each.startswith(lacking)]
    assert any(lacking in each for each in found.because)


def test_five_quiet_minutes_are_no_isolation() -> None:
    rows = [talk(SENTINEL_AT, RECORDER_AT), *video(1)]
    found = judged(traffic(rows, activity=minutes(5), hours=5 / 60))
    assert found.answers == CANNOT_TELL
    assert [answer for _, answer in found.hours] == list(CANNOT_TELL)


def test_an_hour_without_a_packet_is_a_gap_and_cannot_be_told() -> None:
    activity = [*minutes(10 * 60), *minutes(13 * 60, start=at(11))]
    found = judged(day(activity=activity))
    assert found.answers == CANNOT_TELL
    (gap,) = found.coverage.gaps
    assert (gap.start, gap.end, gap.why) == (at(10), at(11), "the sensor saw nothing at all")
    assert found.coverage.hours == pytest.approx(23)
    assert dark(found) == [10]


def test_minutes_without_packets_are_as_good_as_none() -> None:
    activity = [*minutes(10 * 60), *minutes(60, start=at(10), packets=0)]
    activity += minutes(13 * 60, start=at(11))
    assert dark(judged(day(activity=activity))) == [10]


def test_a_silent_sentinel_is_a_gap_though_others_were_seen() -> None:
    rows = [row for row in sentinel() if not at(4.5) <= row["first"] < at(5.5)]
    found = judged(traffic([*rows, *video()], activity=minutes(DAY * 60), hours=DAY))
    assert found.answers == CANNOT_TELL
    assert [gap.why for gap in found.coverage.gaps] == [f"the sentinel {SENTINEL_AT} was silent"]
    assert dark(found) == [4, 5]


@pytest.mark.parametrize(
    ("start", "minutes_long", "expected"),
    [
        # from the last beat two minutes before to the first beat three minutes after
        (10 - 2 / 60, 65, [10]),
        # no hour holds more than a pause may last, so each that has a part of it is open
        (10 - 4 / 60, 8, [9, 10]),
        (10.5, 8, [10]),
        (10 - 10 / 60, 75, [9, 10]),
    ],
)
def test_which_hours_a_gap_takes(start: float, minutes_long: int, expected: list[int]) -> None:
    before = round(start * 60)
    after = before + minutes_long
    activity = [*minutes(before), *minutes(DAY * 60 - after, start=at(after / 60))]
    found = judged(day(activity=activity))
    assert found.answers == CANNOT_TELL
    assert dark(found) == expected


def test_a_sentinel_that_pauses_within_an_hour_is_a_gap_though_its_rows_span_it() -> None:
    """Its conversation of that hour has one row, from the first packet to the last."""
    seen = day()
    spans = seen.heard.filter(pc.equal(seen.heard.column("address"), SENTINEL_AT)).to_pylist()
    kept = [each for each in spans if not at(10.2) <= each["first"] < at(10.8)]
    found = judged(replace(seen, heard=pa.Table.from_pylist(kept, HEARD)))
    assert found.answers == CANNOT_TELL
    assert dark(found) == [10]


def test_a_sentinel_that_was_declared_too_late_is_told_with_what_to_do() -> None:
    found = judged(replace(day(), heard=HEARD.empty_table()))
    assert found.answers == CANNOT_TELL
    assert "import the files again" in " ".join(found.coverage.lacking)


def test_a_sentinel_of_ipv6_may_be_written_in_any_form() -> None:
    six = "2001:db8:7::3"
    beats = [{**row, "client": six} for row in sentinel()]
    seen = day(*beats)
    assert judged(seen, sentinel="2001:DB8:7:0::3").answers == (Separation.ISOLATED,)


def test_a_sentinel_that_is_only_spoken_to_proves_nothing() -> None:
    """Anybody can send to its address; only what it sends shows that its traffic passes."""
    asked = [talk(RECORDER_AT, SENTINEL_AT, port=7, at=row["first"], back=0) for row in sentinel()]
    found = judged(traffic([*asked, *video()], activity=minutes(DAY * 60), hours=DAY))
    assert found.answers == CANNOT_TELL
    assert f"the sentinel {SENTINEL_AT} was not seen" in " ".join(found.coverage.lacking)


@pytest.mark.parametrize(("quiet", "gaps"), [(5, 0), (6, 1)])
def test_a_pause_counts_from_longer_than_the_profile_allows(quiet: int, gaps: int) -> None:
    activity = [*minutes(60), *minutes(DAY * 60 - 60 - quiet, start=at(1 + quiet / 60))]
    assert len(judged(day(activity=activity)).coverage.gaps) == gaps


def test_a_watch_that_begins_within_an_hour_proves_nothing_of_that_hour() -> None:
    """The sensor started at half past; what happened before is not known."""
    first = at(0.5)
    rows = [row for row in (*sentinel(), *video()) if row["first"] >= first]
    seen = day(activity=minutes(DAY * 60 - 30, start=first))
    found = judged(
        Traffic(
            conversations=traffic(rows).conversations,
            names=seen.names,
            events=seen.events,
            activity=seen.activity,
            observations=seen.observations,
            packets=seen.packets,
            first=first,
            last=seen.last,
            lost=0,
            heard=heard(rows),
        ),
        hours=23.5,
    )
    assert found.hours[0][0] == START
    assert dark(found) == [0]
    assert found.answers == (Separation.ISOLATED,)


def test_a_contact_outweighs_the_gap_of_its_hour() -> None:
    activity = [*minutes(10 * 60 + 20), *minutes(13 * 60, start=at(11))]
    found = judged(day(out("8.8.8.8", at=at(10.1)), activity=activity))
    assert found.hours[10][1] is Separation.REACHES_INTERNET
    assert found.answers == (Separation.REACHES_INTERNET,)


@pytest.mark.parametrize(
    ("kinds", "restarted"),
    [
        ([("dhcp_discover", 3.0)], True),
        ([("hello", 3.0)], True),
        ([("dhcp_request", 3.0)], False),  # a renewal
        ([("arp_announcement", 3.0)], False),
        ([("dhcp_request", 3.0), ("arp_announcement", 3.01)], True),
        ([("dhcp_request", 3.0), ("arp_announcement", 3.5)], False),
        ([("arp_announcement", 3.0), ("dhcp_request", 3.01)], False),
        ([("dhcp_discover", 25.0)], False),  # after the watch
        ([], False),
    ],
)
def test_a_restart_is_shown_by_what_happens_at_no_other_time(
    kinds: list[tuple[str, float]],
    restarted: bool,  # noqa: FBT001 - a case of the table
) -> None:
    events = [{"mac": raw(CAMERA), "kind": kind, "at": at(when)} for kind, when in kinds]
    found = judged(day(events=events))
    assert (found.answers == (Separation.ISOLATED,)) is restarted
    assert bool(found.coverage.restarts) is restarted
    # an hour by itself asks for no restart
    assert dark(found) == []
    assert judged(day(events=events), restart=False).answers == (Separation.ISOLATED,)


def test_the_restart_of_another_device_does_not_count() -> None:
    events = [{"mac": raw("02:00:00:00:00:09"), "kind": "dhcp_discover", "at": at(3)}]
    assert judged(day(events=events)).answers == CANNOT_TELL


@pytest.mark.parametrize(
    ("lost", "allowed", "answer"),
    [
        (0, 0.0, Separation.ISOLATED),
        (1, 0.0, Separation.CANNOT_TELL),
        (10, 0.01, Separation.ISOLATED),
        (None, 0.0, Separation.ISOLATED),
    ],
)
def test_lost_packets_are_told(lost: int | None, allowed: float, answer: Separation) -> None:
    found = judged(day(lost=lost), most_lost=allowed)
    assert found.answers == (answer,)
    assert found.coverage.lost == lost
    silent = any("it does not say how many" in each for each in found.not_looked_at)
    assert silent is (lost is None)


def test_a_device_that_was_not_seen_is_not_isolated() -> None:
    other = DEVICE.__class__(device="other", addresses=("192.168.7.99",))
    found = judged(day(), device=other, restart=False)
    assert found.answers == CANNOT_TELL
    assert "the device was not seen at all" in found.coverage.lacking


def test_a_sensor_that_sees_only_what_goes_to_everybody_does_not_see_the_path() -> None:
    greeting = out("239.255.255.250", port=1900, protocol=17, back=0)
    found = judged(traffic([*sentinel(), greeting], activity=minutes(DAY * 60), hours=DAY))
    assert any("only what goes to everybody" in each for each in found.coverage.lacking)


def test_an_interface_that_nobody_watches_lacks_and_a_modem_is_a_path() -> None:
    wireless = DEVICE.__class__(device=CAMERA, macs=(CAMERA,), unwatched=("wifi",))
    found = judged(day(), device=wireless)
    assert found.answers == CANNOT_TELL
    assert "Wi-Fi of the device is not watched" in found.coverage.lacking
    assert "wifi" not in found.coverage.interfaces
    modem = DEVICE.__class__(device=CAMERA, macs=(CAMERA,), unwatched=("cellular",))
    found = judged(day(), device=modem)
    assert found.answers == (Separation.INDIRECT_PATH,)
    assert {answer for _, answer in found.hours} == {Separation.INDIRECT_PATH}


def test_what_stands_behind_a_router_cannot_be_told_apart() -> None:
    carried = {CAMERA: {f"192.168.7.{at}": 1 for at in range(10, 20)}}
    found = judged(day(addresses=carried))
    assert found.answers == CANNOT_TELL
    assert any("carries 10 addresses" in each for each in found.coverage.lacking)


def test_a_clock_that_jumps_over_years_makes_no_endless_list() -> None:
    seen = day()
    found = judged(
        Traffic(
            conversations=seen.conversations,
            names=seen.names,
            events=seen.events,
            activity=seen.activity,
            observations=seen.observations,
            packets=seen.packets,
            first=START - timedelta(days=20000),
            last=seen.last,
            lost=0,
        )
    )
    assert (found.answers, found.hours) == (CANNOT_TELL, ())
    assert any("clock jumped" in each for each in found.coverage.lacking)


def test_damage_and_cuts_are_told() -> None:
    seen = day()
    found = judged(
        Traffic(
            conversations=seen.conversations,
            names=seen.names,
            events=seen.events,
            activity=seen.activity,
            observations=seen.observations,
            packets=seen.packets,
            first=seen.first,
            last=seen.last,
            lost=0,
            cut=7,
            damage=(Damage(what="record", count=2, first="packet 1"),),
        )
    )
    assert "what stood in the cut part of 7 packets" in found.not_looked_at
    assert "what stood in 2 damaged places" in found.not_looked_at


def told_of(*, hides: bool) -> Isolation:
    damage = Damage(what="records that are cut", count=9, first="packet 1", hides=hides)
    return judged(replace(day(), damage=(damage,)))


def test_packets_that_nobody_could_read_leave_it_open_whom_they_went_to() -> None:
    found = told_of(hides=True)
    assert found.answers == CANNOT_TELL
    assert "9 records that are cut: whom they went to is not known" in found.coverage.lacking


def test_damage_that_hides_no_packet_leaves_nothing_open() -> None:
    assert told_of(hides=False).answers == (Separation.ISOLATED,)
