"""camaudit.app.what_if: facts supposed to be otherwise, checked by the vocabulary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camaudit.app.assess import need_policy, on_record, policies
from camaudit.app.snapshot import build_snapshot
from camaudit.app.what_if import (
    Override,
    extend_to_other_sites,
    extended,
    read_overrides,
    unread,
)
from camaudit.errors import UsageError
from camaudit.model.policy import Policy
from camaudit.model.snapshot import Snapshot
from camaudit.reports.supposing import changes, extended_to
from tests.estates import AT, POLICY, Estate, small

REGISTER = """\
Asset ID,Site,Manufacturer,Installed,IP Address
HQ-1,HQ,Hikvision,2023-06-01,10.1.0.5
NEW-1,DEPOT,Hikvision,2023-06-01,
OLD-1,DEPOT,Hikvision,2019-06-01,
AXIS-1,DEPOT,Axis,2020-01-01,
OPEN-1,ANNEX,Hikvision,2023-06-01,
"""


@pytest.fixture(name="filled")
def _filled(estate: Estate) -> Estate:
    assert estate.add("register.csv", REGISTER).rejected == 0
    return estate


def policy(name: str = POLICY) -> Policy:
    return need_policy(policies(small()), name)


def read(*texts: str) -> tuple[Override, ...]:
    return read_overrides(texts, [policy()], small().names)


def snapshot(estate: Estate, *what_if: Override) -> Snapshot:
    assessment = estate.ask(what_if=what_if)
    recorded = on_record(assessment, small()) if what_if else None
    return build_snapshot(assessment, small(), "estate", AT, recorded=recorded)


# --------------------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    ("text", "told", "columns"),
    [
        ("site.sensitive=yes", "site.sensitivity=yes", {"site.sensitivity": "yes"}),
        (" site.sensitivity = Withheld ", "site.sensitivity=withheld",
         {"site.sensitivity": "withheld"}),
        ("event.kind=deploy", "event.kind=deploy", {"event.kind": "deploy"}),
        ("event.kind=unknown", "event.kind=unknown", {"event.kind": None}),
        ("device.made_in=CN", "device.made_in=CN", {"device.made_in": "CN"}),
        ("device.made_in=unknown", "device.made_in=unknown", {"device.made_in": None}),
        ("device.surveillance=no", "device.surveillance=no", {"device.surveillance": False}),
        ("device.surveillance=UNKNOWN", "device.surveillance=unknown",
         {"device.surveillance": None}),
        ("device.core_network=no", "device.core_network=no",
         {"device.core_connected": False, "device.core_basis": "declared",
          "device.core_note": None}),
        ("device.producer.confidence=0.5", "device.producer.confidence=0.5",
         {"device.producer.confidence": 0.5}),
        ("device.producer.confidence=unknown", "device.producer.confidence=unknown",
         {"device.producer.confidence": None}),
        ("device.installed=2022-11-24", "device.installed=2022-11-24",
         {"device.not_before": date(2022, 11, 24), "device.not_after": date(2022, 11, 24),
          "device.doubtful_dates": False}),
        ("device.installed=2022-11-01..unknown", "device.installed=2022-11-01..unknown",
         {"device.not_before": date(2022, 11, 1), "device.not_after": None,
          "device.doubtful_dates": False}),
        ("device.producer=Axis", "device.producer=axis",
         {"device.producer": "axis", "device.producer.confidence": 1.0,
          "device.producer.clean": True, "device.producer.basis": "declared",
          "device.producer.confirmed": False, "device.producer.aspect": None,
          "device.producer.others": None}),
        ("device.producer=unknown", "device.producer=unknown",
         {"device.producer": None, "device.producer.confidence": None,
          "device.producer.clean": None, "device.producer.aspect": None,
          "device.producer.others": None}),
    ],
)  # fmt: skip
def test_a_fact_is_read_by_its_type(text: str, told: str, columns: dict[str, Any]) -> None:
    (override,) = read(text)
    assert (override.text, dict(override.columns)) == (told, columns)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["site.sensitive"], "want FACT=VALUE, such as site.sensitive=yes"),
        (["=yes"], "want FACT=VALUE"),
        (["site.sensitive="], "want FACT=VALUE"),
        (["site.sensitve=yes"], "no fact is called 'site.sensitve'; did you mean site.sensitive"),
        (["wheels=4"], "no fact is called 'wheels'; there are body.kind"),
        (["decision.zz=yes"], "no fact is called 'decision.zz'"),
        (["site.sensitive=maybe"], "is one of yes, no, unknown, withheld, not 'maybe'"),
        (["device.core_network=perhaps"], "is yes, no or unknown, not 'perhaps'"),
        (["decision.c=perhaps"], "is yes, no or unknown, not 'perhaps'"),
        (["device.producer.confidence=2"], "is a number from 0 to 1, not '2'"),
        (["device.producer.confidence=nan"], "is a number from 0 to 1"),
        (["device.producer.confidence=high"], "is a number from 0 to 1"),
        (["device.producer=axsi"], "no maker is called 'axsi'; did you mean axis?"),
        (["device.producer=zzzz"], "no maker is called 'zzzz'; `camaudit makers list`"),
        (["device.installed=2020"], "is a date such as 2022-11-24, not '2020'"),
        (["device.installed=2023-01-01..2022-01-01"], "ends before it starts"),
        (["rule.in_force=yes"], "is of the rule and not of a device; ask at another day: --as-of"),
        (["site.sensitive=yes", "site.sensitivity=no"], "site.sensitivity is supposed twice"),
    ],
)
def test_what_the_vocabulary_does_not_have_is_refused(texts: list[str], says: str) -> None:
    with pytest.raises(UsageError) as error:
        read(*texts)
    assert says in str(error.value)
    assert str(error.value).startswith(f"--what-if {texts[-1]}: ")


# ----------------------------------------------------------------------- what comes of it


def test_what_holds_on_sensitive_sites_holds_where_one_is_supposed(filled: Estate) -> None:
    """Clause a is about deployments from 24 November 2022 on, clause d about other sites."""
    assert filled.verdicts("NEW-1")["a"] == "not_applicable"
    found = filled.verdicts("NEW-1", what_if=read("site.sensitive=yes"))
    assert (found["a"], found["c"], found["d"]) == ("breaches", "cannot_tell", "not_applicable")
    assert filled.verdicts("OLD-1", what_if=read("site.sensitive=yes"))["a"] == "not_applicable"


def test_off_the_core_network_clause_b_is_met(filled: Estate) -> None:
    assert filled.verdicts("HQ-1")["b"] == "breaches"
    assert filled.verdicts("HQ-1", what_if=read("device.core_network=no"))["b"] == "meets"
    assert filled.verdicts("NEW-1", what_if=read("device.core_network=yes"))["b"] == "breaches"


def test_a_maker_may_be_supposed(filled: Estate) -> None:
    found = filled.verdicts("HQ-1", what_if=read("device.producer=axis"))
    assert (found["a"], found["c"]) == ("meets", "meets")


def test_a_decision_may_be_supposed_or_taken_away(filled: Estate) -> None:
    assert filled.verdicts("HQ-1")["c"] == "cannot_tell"
    assert filled.verdicts("HQ-1", what_if=read("decision.c=yes"))["c"] == "meets"
    filled.decide("c", "site:HQ", "keep", "2026-01-01")
    filled.decide("d", "site:HQ", "keep", "2026-01-01")
    assert filled.verdicts("HQ-1")["c"] == "meets"
    assert filled.verdicts("HQ-1", what_if=read("decision.c=no"))["c"] == "cannot_tell"
    assert filled.facts("HQ-1", what_if=read("decision.c=no"))["decisions"] == "d"
    assert filled.facts("HQ-1", what_if=read("decision.c=unknown"))["decisions"] is None


def test_a_record_of_another_policy_is_left_out(filled: Estate) -> None:
    (waiver,) = read_overrides(["exception.dni-waiver=yes"], [policy("us-889-part-a")], {})
    assert filled.facts("HQ-1", what_if=(waiver,))["exceptions"] == ""
    assert (
        filled.facts("HQ-1", what_if=(waiver,), policy="us-889-part-a")["exceptions"]
        == "dni-waiver"
    )


def test_what_no_rule_asks_changes_nothing_and_is_told(filled: Estate) -> None:
    compiled = filled.ask().compiled
    supposed = read("item.function=service", "site.sensitive=yes", "decision.c=yes")
    assert unread(supposed, compiled) == ("item.function",)
    (waiver,) = read_overrides(["exception.dni-waiver=yes"], [policy("us-889-part-a")], {})
    assert unread((waiver,), compiled) == ("exception.dni-waiver",)


def test_nothing_of_it_is_stored(filled: Estate) -> None:
    before = filled.ask()
    content = filled.path.read_bytes()
    filled.ask(what_if=read("site.sensitive=yes", "decision.c=yes"))
    assert filled.path.read_bytes() == content
    assert filled.ask().verdicts == before.verdicts


def test_what_is_supposed_stands_beside_what_is_on_record(filled: Estate) -> None:
    """On record clause a is breached by HQ-1; supposed everywhere, by NEW-1 and OPEN-1 too."""
    found = snapshot(filled, *read("site.sensitive=yes"))
    assert found.what_if is not None
    assert found.what_if.overridden == ("site.sensitivity=yes",)
    change = {each.requirement: each for each in changes(found.what_if, found.duties)}
    # breaches, outstanding, cannot tell, meets, not applicable
    assert change["a"].on_record == (1, 0, 1, 0, 3)
    assert change["a"].what_if == (3, 0, 0, 0, 2)
    assert change["a"].difference == (2, 0, -1, 0, -1)
    assert all(sum(each.difference) == 0 for each in change.values())
    assert {each.overridden for each in found.devices} == {("site.sensitivity=yes",)}
    assert extended_to(found) == ()


def test_without_a_supposition_nothing_is_marked(filled: Estate) -> None:
    found = snapshot(filled)
    assert found.what_if is None
    assert {each.overridden for each in found.devices} == {()}
    assert extended_to(found) == ()


# ------------------------------------------------------------------------------ extending


def test_what_can_be_extended_is_what_holds_on_sensitive_sites() -> None:
    assert extended(policy()) == ("a", "c")


def test_a_policy_without_such_a_clause_cannot_be_extended() -> None:
    with pytest.raises(UsageError, match="us-889-part-a has no clause that asks whether to extend"):
        extend_to_other_sites(policy("us-889-part-a"))


def test_extending_is_counted_by_body_and_site(filled: Estate) -> None:
    """Of three devices at the depot one is new, two are covered; ANNEX has no class and stays."""
    found = snapshot(filled, extend_to_other_sites(policy()))
    assert found.what_if is not None
    assert found.what_if.extended == ("a", "c")
    a, c = extended_to(found)
    assert (a.body, a.site, a.clause, a.devices) == ("Department", "Depot", "a", 3)
    # breaches, outstanding, cannot tell, meets, not applicable
    assert a.counts == (1, 0, 0, 0, 2)
    assert (c.clause, c.counts) == ("c", (0, 2, 0, 1, 0))
    marked = {each.asset_ids[0]: each.overridden for each in found.devices}
    extended_text = ("site.sensitivity=yes where it is no",)
    assert marked == {
        "HQ-1": (),
        "NEW-1": extended_text,
        "OLD-1": extended_text,
        "AXIS-1": extended_text,
        "OPEN-1": (),
    }
    assert filled.verdicts("OPEN-1", what_if=(extend_to_other_sites(policy()),)) == filled.verdicts(
        "OPEN-1"
    )
