"""The awkward cases, third part: whose it is, who else is there, and what kind of thing it is.

Each test is one case of the sort that breaks "is the maker in the list?", judged by a shipped pack
where one concerns it. What is expected is worked out from the instrument's text and its notes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from camaudit.errors import PackError
from camaudit.model.policy import FACTS
from camaudit.policy import compile_policy, evaluate, evaluate_all, outranked
from tests.unit.policy.small_packs import (
    ROW,
    TODAY,
    by_shipped,
    gaps,
    judged,
    load,
    makers,
    pack_text,
    shipped,
    small,
)

UK: dict[str, Any] = {
    "device.producer": "hikvision",
    "site.sensitivity": "yes",
    "device.not_before": date(2023, 2, 1),
    "device.not_after": date(2023, 2, 1),
}
QUEBEC: dict[str, Any] = {
    "body.kind": "ca_quebec_body",
    "device.producer": "hikvision",
    "device.acquired_not_before": date(2022, 1, 1),
    "device.acquired_not_after": date(2022, 1, 1),
}


# -------------------------------------------------------------------- not networked, isolated


@pytest.mark.parametrize(
    ("networked", "internet", "expected"),
    [
        (False, None, "meets"),
        (True, False, "meets"),
        (True, True, "breaches"),
        # an analogue head takes its recorder's connection: on a network, and who knows how far
        (True, None, "cannot_tell"),
        (None, None, "cannot_tell"),
        # known to be on the internet, whatever the register says of networks
        (False, True, "breaches"),
    ],
)
def test_isolated_under_quebec_nothing_but_a_known_absence_suffices(
    *, networked: bool | None, internet: bool | None, expected: str
) -> None:
    row = QUEBEC | {"device.networked": networked, "device.internet": internet}
    found = by_shipped("ca-quebec-2023", row)["internet"]
    assert found.verdict == expected
    if expected == "cannot_tell":
        assert "device.internet" in gaps(found)


@pytest.mark.parametrize(
    ("networked", "core", "expected"),
    [(False, None, "meets"), (True, None, "cannot_tell"), (True, True, "breaches")],
)
def test_isolated_an_analogue_head_behind_a_networked_recorder_is_not(
    *, networked: bool, core: bool | None, expected: str
) -> None:
    row = UK | {"device.networked": networked, "device.core_connected": core}
    found = by_shipped("uk-2022-statement", row)["b"]
    assert found.verdict == expected
    assert gaps(found) == ({"device.core_network"} if expected == "cannot_tell" else set())


# ---------------------------------------------------------------------- leased, landlord-owned


@pytest.mark.parametrize(
    ("ends", "says"),
    [(date(2028, 3, 31), "when the lease ends on 2028-03-31"), (None, "lease ends is not known")],
)
def test_leased_a_landlords_camera_is_a_breach_to_be_negotiated(
    ends: date | None, says: str
) -> None:
    """The statement speaks of sites, not of owners: who owns it changes what can be done."""
    row = UK | {"device.owner": "landlord", "body.relation": "tenant", "site.lease_ends": ends}
    found = by_shipped("uk-2022-statement", row)["a"]
    assert (found.verdict, gaps(found)) == ("breaches", set())
    assert (found.action, found.lease_ends) == ("negotiate", ends)
    assert "belongs to the landlord" in found.sentence
    assert says in found.sentence
    own = by_shipped("uk-2022-statement", row | {"device.owner": "body"})["a"]
    assert (own.verdict, own.action, own.lease_ends) == ("breaches", "prohibit_new", None)
    assert "negotiated" not in own.sentence


def test_leased_whose_device_it_is_may_be_unknown_and_changes_no_verdict() -> None:
    for owner in (None, "unknown"):
        found = by_shipped("uk-2022-statement", UK | {"device.owner": owner})["a"]
        assert (found.verdict, found.action) == ("breaches", "prohibit_new")


def test_leased_what_is_due_to_be_decided_is_negotiated_and_what_is_met_is_not() -> None:
    row = UK | {"device.owner": "landlord"}
    due, done = (
        by_shipped("uk-2022-statement", row | {"decisions": text})["c"] for text in ("", "c")
    )
    assert (due.outstanding, due.action) == (True, "negotiate")
    assert (done.verdict, done.action) == ("meets", "consider_remove")


def test_leased_in_scotland_the_programme_binds_nobody_and_says_to_negotiate() -> None:
    found = by_shipped("uk-scotland", {"body.kind": "devolved", "device.owner": "landlord"})
    assert found["landlord"].verdict == "not_applicable"
    assert "a matter to negotiate" in found["landlord"].sentence


def test_leased_a_bulk_run_keeps_what_an_explanation_needs() -> None:
    """A policy judges the rows that it reads; whose device it is must not get lost there."""
    row = {**ROW, **UK, "device.owner": "landlord", "site.lease_ends": date(2028, 3, 31)}
    compiled = compile_policy(shipped()["uk-2022-statement"], makers(), at=TODAY)
    (found,) = evaluate_all([compiled], pa.Table.from_pylist([row], schema=FACTS))
    assert found.facts.column("device.owner").to_pylist() == ["landlord"]
    assert found.facts.column("site.lease_ends").to_pylist() == [date(2028, 3, 31)]


# ------------------------------------------------------------------------- contractor-owned


def test_contractor_under_part_b_any_use_counts_whoever_owns_this_device() -> None:
    """What bars the contract is the contractor's use, not the camera on the line."""
    row = {"body.kind": "us_federal_agency", "event.kind": "contract", "device.producer": "axis"}
    for owner in ("body", "contractor", None):
        using = row | {"device.owner": owner, "supplier.representation": "does"}
        assert by_shipped("us-889-part-b", using)["a1b"].verdict == "breaches"
    silent = by_shipped("us-889-part-b", row | {"device.owner": "contractor"})["a1b"]
    assert (silent.verdict, gaps(silent)) == ("cannot_tell", {"supplier.representation"})


@pytest.mark.parametrize(
    ("body", "owner", "action"),
    [
        # the agency's own, the contractor's in the agency, and the contractor as the one asked
        ("tw_agency", "body", "prohibit_use"),
        ("tw_agency", "contractor", "negotiate"),
        ("tw_contractor", "body", "prohibit_use"),
    ],
)
def test_contractor_in_taiwan_what_a_contractor_brings_counts(
    body: str, owner: str, action: str
) -> None:
    row = {"body.kind": body, "device.owner": owner, "device.producer": "hikvision"}
    found = by_shipped("tw-2020", row)["use"]
    assert (found.verdict, found.action) == ("breaches", action)
    assert ("belongs to a contractor" in found.sentence) is (action == "negotiate")


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("operator", "breaches"),
        ("owner operator", "breaches"),
        ("tenant", "meets"),
        ("tenant unknown", "cannot_tell"),
        (None, "cannot_tell"),
    ],
)
def test_contractor_a_rule_may_ask_how_the_body_stands_to_the_device(
    relation: str | None, expected: str
) -> None:
    policy = small(
        forbidden="{all: [{fact: device.producer, in_group: listed, band: probable}, "
        "{fact: body.relation, in: [owner, operator]}]}"
    )
    found = judged(policy, {"device.producer": "named", "body.relation": relation})["one"]
    assert found.verdict == expected
    assert gaps(found) == ({"body.relation"} if expected == "cannot_tell" else set())


# --------------------------------------------------------------- shared sites, several bodies


def test_shared_one_camera_at_two_bodies_has_a_finding_of_each_rule_and_body() -> None:
    """A lobby camera that a department and an agency of Taiwan both answer for."""
    camera = {**ROW, **UK}
    rows = [camera | {"body.kind": body} for body in ("department", "tw_agency", "council")]
    facts = pa.Table.from_pylist(rows, schema=FACTS)
    wanted = {"uk-2022-statement": "a", "tw-2020": "use"}
    found: dict[tuple[str, str], str] = {}
    for name, clause in wanted.items():
        evaluation = evaluate(compile_policy(shipped()[name], makers(), at=TODAY), facts)
        said = {
            each["row"]: each["verdict"]
            for each in evaluation.verdicts.to_pylist()
            if each["requirement"] == clause
        }
        for row, at in zip(rows, evaluation.row_of.to_pylist(), strict=True):
            found[name, row["body.kind"]] = said[at]
    assert found == {
        ("uk-2022-statement", "department"): "breaches",
        ("uk-2022-statement", "tw_agency"): "not_applicable",
        ("uk-2022-statement", "council"): "not_applicable",
        ("tw-2020", "department"): "not_applicable",
        ("tw-2020", "tw_agency"): "breaches",
        ("tw-2020", "council"): "not_applicable",
    }


def test_shared_at_two_sites_each_has_its_own_answer() -> None:
    """One camera that looks over a sensitive yard and a public street."""
    inside = by_shipped("uk-2022-statement", UK)
    street = by_shipped("uk-2022-statement", UK | {"site.sensitivity": "no"})
    assert (inside["a"].verdict, street["a"].verdict) == ("breaches", "not_applicable")
    assert (inside["d"].verdict, street["d"].outstanding) == ("not_applicable", True)


@pytest.mark.parametrize(
    ("kinds", "expected", "missing"),
    [
        ("us_federal_contractor us_grant_recipient", "breaches", set()),
        ("education us_grant_recipient", "breaches", set()),
        ("education private", "not_applicable", set()),
        # what else it may be is not known, so it is not let off
        ("education unknown", "cannot_tell", {"body.kind"}),
        ("us_grant_recipient unknown", "breaches", set()),
        ("education nonsense", "cannot_tell", {"body.kind"}),
    ],
)
def test_shared_a_body_of_several_kinds_is_bound_by_each_of_them(
    kinds: str, expected: str, missing: set[str]
) -> None:
    """A university that is a contractor, too: 2 CFR 200.216 binds it as it spends grants."""
    row = {
        "body.kind": kinds,
        "event.kind": "spend_grant",
        "device.producer": "huawei",
        "use.purpose": "public_safety",
    }
    rules = by_shipped("us-2cfr-200-216", row)
    found = rules[shipped()["us-2cfr-200-216"].requirements[0].id]
    assert (found.verdict, gaps(found)) == (expected, missing)
    if kinds == "education private":
        assert "education and private" in found.sentence


# ------------------------------------------------------------------------------------ services


def test_services_a_service_of_a_covered_maker_counts_where_the_text_says_services() -> None:
    """The letters of Taiwan reach software, hardware and services alike."""
    row = {
        "body.kind": "tw_agency",
        "event.kind": "procure",
        "device.surveillance": False,
        "device.kind": "service",
        "item.function": "service",
        "device.producer": "hikvision",
    }
    found = by_shipped("tw-2020", row)["procure"]
    assert (found.verdict, gaps(found)) == ("breaches", set())
    statement = by_shipped("uk-2022-statement", UK | row | {"body.kind": "department"})["a"]
    assert (statement.verdict, statement.sentence) == (
        "not_applicable",
        "It is not visual surveillance equipment.",
    )


# ---------------------------------------------------------------------- certified-model regimes


@pytest.mark.parametrize(
    ("certified", "expected"), [(True, "meets"), (False, "breaches"), (None, "cannot_tell")]
)
@pytest.mark.parametrize("producer", ["hikvision", "axis", None])
def test_certified_in_india_a_model_passes_or_fails_whoever_made_it(
    *, certified: bool | None, expected: str, producer: str | None
) -> None:
    row = {
        "body.kind": "in_government_buyer",
        "event.kind": "procure",
        "device.certified": certified,
        "device.producer": producer,
    }
    found = by_shipped("in-er-2024", row, date(2026, 5, 1))["model"]
    assert found.verdict == expected
    assert gaps(found) == ({"device.certified"} if certified is None else set())


# -------------------------------------------------------------------------- data-flow regimes


@pytest.mark.parametrize("producer", ["hikvision", "axis", None])
@pytest.mark.parametrize(
    ("flow", "networked", "expected", "outstanding"),
    [
        ("to_covered_country", True, "cannot_tell", True),
        ("elsewhere", True, "meets", False),
        ("unknown", True, "cannot_tell", False),
        (None, None, "cannot_tell", False),
        (None, False, "meets", False),
    ],
)
def test_data_flow_in_czechia_what_counts_is_where_data_go_and_who_administers(
    *,
    producer: str | None,
    flow: str | None,
    networked: bool | None,
    expected: str,
    outstanding: bool,
) -> None:
    row = {
        "body.kind": "cz_regulated_body",
        "device.data_flow": flow,
        "device.networked": networked,
        "device.producer": producer,
    }
    found = by_shipped("cz-2025", row)["assess"]
    assert (found.verdict, found.outstanding) == (expected, outstanding)
    if expected == "cannot_tell":
        assert ("decision.assess" if outstanding else "device.data_flow") in gaps(found)


# ------------------------------------------- body-worn, drones, doorbells, thermal, plate readers


@pytest.mark.parametrize(
    ("kind", "choice", "expected"),
    [
        ("body_worn", "included", "breaches"),
        ("body_worn", "excluded", "not_applicable"),
        ("drone", "excluded", "not_applicable"),
        ("camera", "excluded", "breaches"),
        ("intercom", "excluded", "breaches"),
    ],
)
def test_kinds_of_equipment_are_included_pack_by_pack(
    kind: str, choice: str, expected: str
) -> None:
    found = by_shipped("uk-2022-statement", UK | {"device.kind": kind}, portable_equipment=choice)[
        "a"
    ]
    assert (found.verdict, gaps(found)) == (expected, set())
    shown = {each.id for each in found.choices}
    assert ("portable_equipment" in shown) is (kind in {"body_worn", "drone"})


def test_kinds_of_equipment_are_a_list_of_each_pack() -> None:
    """The Parliament decided about its thermal cameras; the statement about all surveillance."""
    assert shipped()["eu-parliament-2021"].equipment_kinds == ("camera",)
    assert {"intercom", "recorder"} <= set(shipped()["uk-2022-statement"].equipment_kinds)
    for policy in shipped().values():
        assert "not_surveillance" not in policy.equipment_kinds, policy.id


# ------------------------------------------------------------------- precedence between packs

OUTRANKED = """outranked_by:
      - policy: higher
        requirement: one
        says: The higher rule goes before this one where both apply.
        citations: [text]"""


def test_precedence_is_shown_with_both_answers() -> None:
    both = load(lower=pack_text("lower", extra=OUTRANKED), higher=pack_text("higher"))
    row = {"device.producer": "named"}
    low, high = judged(both["lower"], row)["one"], judged(both["higher"], row)["one"]
    # the rule that is outranked keeps its answer, and says what goes before it
    assert (low.verdict, high.verdict) == ("breaches", "breaches")
    assert low.sentence.endswith("The higher rule goes before this one where both apply.")
    (pair,) = outranked([low, high])
    assert (pair.verdict, pair.by) == (low, high)
    assert pair.says == "The higher rule goes before this one where both apply."


def test_precedence_a_rule_that_does_not_apply_goes_before_nothing() -> None:
    both = load(
        lower=pack_text("lower", extra=OUTRANKED), higher=pack_text("higher", body="council")
    )
    row = {"device.producer": "named"}
    low, high = judged(both["lower"], row)["one"], judged(both["higher"], row)["one"]
    assert (low.verdict, high.verdict) == ("breaches", "not_applicable")
    assert outranked([low, high]) == ()


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (("policy: higher", "policy: nobody"), "policy", "no pack is called nobody"),
        (("requirement: one", "requirement: two"), "requirement", "no requirement two"),
        (("citations: [text]", "citations: [talk]"), "citations[0]", "not among"),
    ],
)
def test_precedence_over_what_is_not_there_is_refused(
    change: tuple[str, str], field: str, says: str
) -> None:
    lower = pack_text("lower", extra=OUTRANKED.replace(*change))
    with pytest.raises(PackError, match=says) as caught:
        load(lower=lower, higher=pack_text("higher"))
    assert caught.value.field == f"requirements[0].outranked_by[0].{field}"
    assert caught.value.line == 1 + next(
        number
        for number, line in enumerate(lower.splitlines())
        if line.strip(" -").startswith(change[1])
    )


@pytest.mark.parametrize("whole", [True, False])
def test_precedence_in_a_circle_is_refused(*, whole: bool) -> None:
    back = OUTRANKED.replace("policy: higher", "policy: lower")
    back = back.replace("        requirement: one\n", "") if whole else back
    with pytest.raises(PackError, match="outranked by this one in turn") as caught:
        load(lower=pack_text("lower", extra=OUTRANKED), higher=pack_text("higher", extra=back))
    assert caught.value.field == "requirements[0].outranked_by[0]"
    assert caught.value.line > 1
