"""camaudit.app.between: verdicts over time, by the days on which anything changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from camaudit.app import judge
from camaudit.app.assess import Question, need_policy, policies
from camaudit.app.between import assess_between, device_history
from camaudit.app.device_changes import DeviceChanges
from camaudit.app.facts import Setting, build_facts
from camaudit.app.packset import PackSet
from camaudit.errors import UsageError
from camaudit.model.changes import Cause
from camaudit.model.packs import Tie
from camaudit.model.timeline import Column, Day, History, Stretch, Timeline
from camaudit.model.words import DeviceState, MakerKind, Sensitivity
from tests.estates import AT, POLICY, TODAY, Estate, make_estate, small
from tests.small_packs import brand, maker, pack_set, packs, tie

REGISTER = """\
Asset ID,Site,Manufacturer,Model,Installed
OLD,HQ,Hikvision,,2019-05-14
NEW,HQ,Hikvision,,2023-02-03
AXIS,DEPOT,Axis,,2020-01-01
"""
#: The day before the statement, and a day after all that the tests record.
BEFORE, AFTER = date(2022, 11, 23), date(2024, 12, 31)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def filled(estate: Estate) -> Estate:
    estate.add("register.csv", REGISTER)
    return estate


def question(**more: Any) -> Question:
    usual: dict[str, Any] = {
        "policy": POLICY, "rules_on": TODAY, "facts_on": TODAY, "known_at": AT,
    }  # fmt: skip
    return Question(**(usual | more))


def between(
    estate: Estate, since: date = BEFORE, until: date = AFTER, packs: PackSet | None = None
) -> Timeline:
    return assess_between(estate.store, packs or small(), question(), (since, until))


def history(estate: Estate, name: str, since: date | None = None, until: date = AFTER) -> History:
    device = judge.need_device(estate.store, name)
    return device_history(estate.store, small(), question(), device, (since, until))


def of(found: History, requirement: str) -> list[Stretch]:
    return [each for each in found.stretches if each.requirement == requirement]


def day(found: Timeline, on: str) -> Day:
    return next(each for each in found.days if each.day == d(on))


def told(stretches: list[Stretch]) -> list[tuple[str, str | None, str]]:
    return [
        (
            str(each.since),
            str(each.until) if each.until else None,
            "outstanding" if each.outstanding else each.verdict.value,
        )
        for each in stretches
    ]


def put(estate: Estate, name: str, state: DeviceState, on: str) -> None:
    device = judge.need_device(estate.store, name)
    judge.set_state(estate.store, device, state, d(on), "work order", "me", AT)


# ------------------------------------------------------------------------------ the estate


def test_the_days_are_those_on_which_something_changes(filled: Estate) -> None:
    put(filled, "OLD", DeviceState.REMOVED, "2024-02-01")
    found = between(filled)
    assert (
        [str(each.day) for each in found.days]
        == [
            "2022-11-23",  # the first day asked of
            "2022-11-24",  # the statement
            "2023-02-03",  # NEW arrives
            "2023-07-21",  # clause b is described otherwise
            "2024-02-01",  # OLD is removed
            "2024-04-29",  # a target is announced
        ]
        + [str(each.day) for each in found.days[6:]]
    )
    assert {c.cause for each in found.days[6:] for c in each.reasons} <= {Cause.DEADLINE}


def test_what_moves_is_counted_with_its_reason(filled: Estate) -> None:
    put(filled, "OLD", DeviceState.REMOVED, "2024-02-01")
    found = between(filled)
    first = found.days[0]
    assert first.counts["a"] == {Column.NOT_APPLICABLE: 3}
    assert (first.moves, first.reasons) == ((), ())
    began = day(found, "2022-11-24")
    # OLD was there before, so that clause a leaves it to clause c; AXIS is on no sensitive site
    assert began.counts["a"] == {Column.NOT_APPLICABLE: 3}
    assert began.counts["c"] == {Column.OUTSTANDING: 1, Column.NOT_APPLICABLE: 2}
    (reason,) = began.reasons
    assert (reason.cause, reason.says) == (Cause.RULE_BEGAN, "the instrument is in force")
    # under one clause or another: OLD falls under c, and AXIS under b and d
    assert reason.moved >= 2
    arrived = day(found, "2023-02-03")
    assert arrived.counts["a"] == {Column.BREACHES: 1, Column.NOT_APPLICABLE: 2}
    (reason,) = arrived.reasons
    new = judge.need_device(filled.store, "NEW")
    assert (reason.cause, reason.devices, reason.moved) == (Cause.ARRIVED, (new,), 1)
    gone = day(found, "2024-02-01")
    assert gone.counts["c"][Column.OUTSTANDING] == 1
    assert [(m.before, m.after, m.devices) for m in gone.moves if m.requirement == "c"] == [
        (Column.OUTSTANDING, Column.NOT_APPLICABLE, 1)
    ]
    assert [each.cause for each in gone.reasons] == [Cause.LEFT]


def test_every_count_is_of_all_devices(filled: Estate) -> None:
    for each in between(filled).days:
        assert {sum(columns.values()) for columns in each.counts.values()} == {3}


def test_a_decision_moves_from_its_day_to_its_review(filled: Estate) -> None:
    filled.decide("c", "class:yes", "replace", "2023-05-01", "2023-12-31")
    found = between(filled)
    made, expired = day(found, "2023-05-01"), day(found, "2024-01-01")
    (reason,) = made.reasons
    assert (reason.cause, reason.requirement, reason.moved) == (Cause.DECIDED, "c", 2)
    assert len(reason.devices) == 2
    assert made.counts["c"].get(Column.OUTSTANDING) is None
    (reason,) = expired.reasons
    assert (reason.cause, reason.moved) == (Cause.EXPIRED, 2)
    assert expired.counts["c"][Column.OUTSTANDING] == 2


def test_a_decision_that_was_followed_does_not_expire(filled: Estate) -> None:
    filled.decide("c", "site:HQ", "keep", "2023-05-01", "2023-12-31")
    filled.decide("c", "site:HQ", "replace", "2023-06-01")
    causes = [c.cause for each in between(filled).days for c in each.reasons]
    assert causes.count(Cause.DECIDED) == 2
    assert Cause.EXPIRED not in causes


@pytest.mark.parametrize(
    ("until", "expires", "stands_until"),
    [
        ("2024-12-31", "2024-06-30", "2024-06-30"),
        ("2024-03-31", "2024-06-30", "2024-03-31"),
        (None, "2024-06-30", "2024-06-30"),
        # nothing ends that had ended before it began
        (None, "2022-12-31", None),
        (None, None, None),
    ],
)
def test_a_waiver_ends_with_the_exception_that_it_rests_on(
    filled: Estate, until: str | None, expires: str | None, stands_until: str | None
) -> None:
    filled.waive("dni-waiver", "site:HQ", "2023-05-01", until=until)
    policy = need_policy(policies(small()), "us-889-part-a")
    ending = tuple(replace(e, expires=d(expires) if expires else None) for e in policy.exceptions)
    changes = DeviceChanges(
        filled.survey(), replace(policy, exceptions=ending), Setting(on=BEFORE, sensitivity={})
    )
    ends = [each.day for each in changes.of(filled.device("NEW")) if each.cause is Cause.EXPIRED]
    assert ends == ([d(stands_until) + timedelta(days=1)] if stands_until else [])


def test_ownership_that_changes_is_told_for_the_makers_at_hand(filled: Estate) -> None:
    owned = [
        maker("hikvision", jurisdiction="CN"),
        maker(
            "axis",
            MakerKind.MANUFACTURER,
            tie_of("hikvision", "2023-03-01", "2023-09-30"),
            jurisdiction="SE",
        ),
        maker(
            "elsewhere",
            MakerKind.MANUFACTURER,
            tie_of("hikvision", "2023-04-01", None),
            jurisdiction="SE",
        ),
        brand("annke"),
    ]
    sold = pack_set(packs(owned, small().makers.signatures))
    found = between(filled, packs=sold)
    bought, left = day(found, "2023-03-01"), day(found, "2023-10-01")
    (reason,) = bought.reasons
    assert (reason.cause, reason.makers) == (Cause.OWNERSHIP, ("axis",))
    assert "belongs to Hikvision from then on" in reason.says
    assert reason.moved == 1
    assert [each.cause for each in left.reasons] == [Cause.OWNERSHIP]
    # nobody has anything of the other one
    assert d("2023-04-01") not in {each.day for each in found.days}


def tie_of(owner: str, since: str, until: str | None) -> Tie:
    return tie(owner, owned=True, since=d(since), until=d(until) if until else None)


def test_an_estate_without_devices_has_rules_only(estate: Estate) -> None:
    found = between(estate)
    assert found.devices == 0
    assert day(found, "2022-11-24").reasons[0].moved == 0


def test_the_earlier_day_comes_first(filled: Estate) -> None:
    with pytest.raises(UsageError, match="give the earlier day first"):
        between(filled, AFTER, BEFORE)


def test_progress_is_told_and_ends(filled: Estate) -> None:
    said: list[tuple[str, int, int]] = []
    assess_between(
        filled.store, small(), question(), (BEFORE, AFTER), lambda *each: said.append(each)
    )
    assert {what for what, _, _ in said} == {"reading the estate", "collecting facts", "judging"}
    assert all(done <= total for _, done, total in said)
    assert said[-1][1] == said[-1][2]


def test_work_is_bounded_by_what_changes(filled: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten years in which a device has one day: three rows and one more, not one for each day."""
    asked: list[int] = []

    def counting(*given: Any) -> pa.Table:
        table = build_facts(*given)
        asked.append(table.num_rows)
        return table

    monkeypatch.setattr("camaudit.app.between.build_facts", counting)
    between(filled, d("2021-01-01"), d("2031-01-01"))
    assert sum(asked) == 3 + 1


# ------------------------------------------------------------------------------ one device


def test_the_history_of_a_device(filled: Estate) -> None:
    put(filled, "NEW", DeviceState.REMOVED, "2024-02-01")
    found = history(filled, "NEW")
    a = of(found, "a")
    assert told(a) == [
        ("2022-11-23", "2023-02-02", "not_applicable"),
        ("2023-02-03", "2024-01-31", "breaches"),
        ("2024-02-01", None, "not_applicable"),
    ]
    assert a[0].reasons == ()
    assert [(c.cause, c.says) for c in a[1].reasons] == [
        (Cause.ARRIVED, "it was there from this day")
    ]
    assert [(c.cause, c.says) for c in a[2].reasons] == [(Cause.LEFT, "it is removed")]
    assert a[2].sentence == "It is not in service (removed)."


def test_a_device_that_came_before_the_rule(filled: Estate) -> None:
    found = history(filled, "OLD")
    assert found.since == d("2019-05-13")
    c = of(found, "c")
    assert told(c) == [
        ("2019-05-13", "2022-11-23", "not_applicable"),
        ("2022-11-24", None, "outstanding"),
    ]
    assert [each.cause for each in c[1].reasons] == [Cause.RULE_BEGAN]


def test_a_recorders_state_is_told_of_what_hangs_under_it(estate: Estate) -> None:
    estate.add(
        "register.csv",
        "Asset ID,Site,Manufacturer,Installed,Recorder,Zone\n"
        "REC,HQ,Hikvision,2019-01-01,,core\n"
        "HEAD,HQ,Hikvision,2019-01-01,REC,\n",
    )
    put(estate, "REC", DeviceState.DISCONNECTED, "2024-02-01")
    b = of(history(estate, "HEAD"), "b")
    assert told(b)[-2:] == [
        ("2022-11-24", "2024-01-31", "breaches"),
        ("2024-02-01", None, "meets"),
    ]
    assert [each.says for each in b[-1].reasons] == ["its recorder is disconnected"]


def test_a_new_operator_is_a_reason(filled: Estate) -> None:
    device = judge.need_device(filled.store, "NEW")
    judge.set_role(filled.store, device, "operator", "SCH", d("2024-03-01"), "me", AT)
    a = of(history(filled, "NEW"), "a")
    assert told(a)[-1] == ("2024-03-01", None, "not_applicable")
    assert [each.cause for each in a[-1].reasons] == [Cause.BODY]


def test_a_span_may_be_given(filled: Estate) -> None:
    found = history(filled, "NEW", d("2023-06-01"), d("2023-07-01"))
    assert told(of(found, "a")) == [("2023-06-01", None, "breaches")]


def test_a_device_that_was_not_known_then_is_refused(filled: Estate) -> None:
    device = judge.need_device(filled.store, "NEW")
    early = replace(question(), known_at=AT - timedelta(days=1))
    with pytest.raises(UsageError, match="try a later --known-at"):
        device_history(filled.store, small(), early, device, (None, AFTER))


# ------------------------------------------------------------------------------ properties

STATES = st.lists(
    st.tuples(st.sampled_from(list(DeviceState)), st.dates(date(2022, 11, 1), date(2023, 12, 1))),
    max_size=3,
)
DECISIONS = st.lists(
    st.tuples(
        st.sampled_from(["c", "d"]),
        st.sampled_from(["site:HQ", "class:yes", "class:no"]),
        st.sampled_from(["keep", "withdrawn"]),
        st.dates(date(2022, 11, 1), date(2023, 6, 1)),
        st.one_of(st.none(), st.integers(0, 200)),
    ),
    max_size=4,
)
ROLES = st.lists(
    st.tuples(
        st.sampled_from(judge.ROLES),
        st.sampled_from(["DEP", "SCH", "a landlord"]),
        st.one_of(st.none(), st.dates(date(2022, 11, 1), date(2023, 12, 1))),
    ),
    max_size=2,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    STATES,
    DECISIONS,
    ROLES,
    st.lists(st.dates(date(2022, 11, 1), date(2023, 12, 31)), min_size=3, max_size=3),
)
def test_a_verdict_on_a_day_is_that_of_the_interval_that_holds_it(
    tmp_path_factory: pytest.TempPathFactory,
    states: list[tuple[DeviceState, date]],
    decisions: list[tuple[str, str, str, date, int | None]],
    roles: list[tuple[str, str, date | None]],
    asked: list[date],
) -> None:
    estate = make_estate(tmp_path_factory.mktemp("estate") / "e")
    estate.add("register.csv", REGISTER + "REC,HQ,Hikvision,,\n")
    device = judge.need_device(estate.store, "NEW")
    recorder = judge.need_device(estate.store, "REC")
    judge.attach(estate.store, device, recorder, None, "me", AT)
    for number, (state, on) in enumerate(states):
        judge.set_state(estate.store, (device, recorder)[number % 2], state, on, "seen", "me", AT)
    for clause, subject, outcome, on, stands in decisions:
        review = str(on + timedelta(days=stands)) if stands is not None else None
        estate.decide(clause, subject, outcome, str(on), review)
    for role, body, since in roles:
        judge.set_role(estate.store, device, role, body, since, "me", AT)
    found = history(estate, "NEW", date(2022, 11, 1), date(2023, 12, 31))
    counted = between(estate, date(2022, 11, 1), date(2023, 12, 31))
    turns = [each.since + timedelta(days=step) for each in found.stretches for step in (-1, 0)]
    for on in {*asked, *(each for each in turns if each >= found.since)}:
        assessment = estate.ask(rules_on=on, facts_on=on)
        at = [each.id for each in assessment.survey.devices].index(device)
        for verdict in assessment.verdicts_of(at):
            (stretch,) = (
                each
                for each in of(found, verdict.requirement)
                if each.since <= on and (each.until is None or on <= each.until)
            )
            assert (stretch.verdict, stretch.outstanding, stretch.strength, stretch.basis) == (
                verdict.verdict,
                verdict.outstanding,
                verdict.strength,
                verdict.basis,
            )
            assert all(each.cause is not Cause.FACTS for each in stretch.reasons)
        day_of = [each for each in counted.days if each.day <= on][-1]
        for number, rule in enumerate(counted.requirements):
            tally: dict[Column, int] = {}
            for place in range(len(assessment.survey.devices)):
                verdict = assessment.verdicts_of(place)[number]
                column = Column.OUTSTANDING if verdict.outstanding else Column(verdict.verdict)
                tally[column] = tally.get(column, 0) + 1
            assert day_of.counts[rule] == tally


def test_a_class_from_a_file_is_used(filled: Estate) -> None:
    depot = filled.device("AXIS").site
    asked = question(sensitivity={depot: Sensitivity.YES})
    found = assess_between(filled.store, small(), asked, (BEFORE, AFTER))
    assert day(found, "2022-11-24").counts["c"] != day(between(filled), "2022-11-24").counts["c"]
