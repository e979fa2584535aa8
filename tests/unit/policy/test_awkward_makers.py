"""The awkward cases, first part: who made it, and whom a list reaches.

Each test is one case of the sort that breaks "is the maker in the list?", judged by a shipped pack
where one concerns it. What is expected is worked out from the instrument's text and its notes.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camaudit.model.policy import Reach
from camaudit.model.words import Confidence, Firmness
from tests.unit.policy.rows import maker, owned_by
from tests.unit.policy.small_packs import TODAY, by_shipped, gaps, judged, shipped, small

SENSITIVE: dict[str, Any] = {
    "site.sensitivity": "yes",
    "device.not_before": date(2023, 2, 1),
    "device.not_after": date(2023, 2, 1),
}
FEDERAL: dict[str, Any] = {
    "body.kind": "us_federal_agency",
    "event.kind": "procure",
    "use.purpose": "government_facility_security",
}


# ------------------------------------------------------------------------- OEM and rebadged


def test_rebadged_what_counts_is_who_made_it_not_the_badge() -> None:
    """A unit under a western badge whose firmware names the maker: clause a forbids it."""
    made = {"device.producer": "hikvision", "device.producer.aspect": "firmware"}
    found = by_shipped("uk-2022-statement", SENSITIVE | made)["a"]
    assert (found.verdict, gaps(found)) == ("breaches", set())
    assert found.sentence.startswith("Likely produced by Hikvision (0.95)")


@pytest.mark.parametrize("policy", ["uk-2022-statement", "us-889-part-a"])
def test_rebadged_a_badge_with_a_tie_to_a_covered_maker_clears_nothing(policy: str) -> None:
    badge = {
        "device.producer": "honeywell",
        "device.producer.aspect": "badge",
        "device.producer.clean": False,
        "device.producer.others": "dahua hikvision",
    }
    usual = SENSITIVE if policy == "uk-2022-statement" else FEDERAL
    found = by_shipped(policy, usual | badge)[shipped()[policy].requirements[0].id]
    assert (found.verdict, gaps(found)) == ("cannot_tell", {"device.producer"})
    assert "who made the device" in found.sentence


def test_rebadged_a_declared_origin_is_no_maker() -> None:
    """The cameras that were bought as Korean: what the vendor declares decides nothing."""
    declared = {"device.made_in": "KR", "device.producer": "dahua"}
    found = by_shipped("us-889-part-a", FEDERAL | declared)["a1a"]
    assert (found.verdict, gaps(found)) == ("breaches", set())
    assert "Dahua" in found.sentence


@pytest.mark.parametrize(
    ("share", "expected"), [(0.79, "cannot_tell"), (0.80, "breaches"), (None, "cannot_tell")]
)
def test_rebadged_a_probability_is_no_fact(share: float | None, expected: str) -> None:
    """Below the band of the rule (probable, 0.8) nothing is known."""
    made = {"device.producer": "hikvision", "device.producer.confidence": share}
    found = by_shipped("uk-2022-statement", SENSITIVE | made)["a"]
    assert found.verdict == expected
    assert gaps(found) == ({"device.producer"} if expected == "cannot_tell" else set())


# ---------------------------------------------------------------------------- brand sold


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # it belonged to Dahua until late in 2022
        ("2021-01-01", "2021-12-31", "breaches"),
        ("2024-01-01", "2024-12-31", "meets"),
        # made on a day before or after the sale: nobody knows which
        ("2021-01-01", "2024-12-31", "cannot_tell"),
    ],
)
def test_brand_sold_the_same_label_by_its_day_of_manufacture(
    first: str, last: str, expected: str
) -> None:
    made = {
        "device.producer": "lorex",
        "device.made_not_before": date.fromisoformat(first),
        "device.made_not_after": date.fromisoformat(last),
    }
    found = by_shipped("us-889-part-a", FEDERAL | made, ownership="at_manufacture")["a1a"]
    assert found.verdict == expected
    assert "ownership" in {each.id for each in found.choices} or expected == "meets"
    assert bool(gaps(found)) is (expected == "cannot_tell")


# ------------------------------------------------------------------------- components, SoC

DEEP = small(extra="component_depth: any_component")
ESSENTIAL = small(extra="component_depth: essential_component")
FIRMWARE = small(extra="component_depth: firmware")
WHOLE = small(extra="component_depth: whole_device")


@pytest.mark.parametrize(
    ("parts", "whole", "expected"),
    [
        # nothing known of its parts: a rule that looks into them cannot tell
        (None, None, "cannot_tell"),
        # one part of the covered maker suffices, however much else is unknown
        ("!soc=named sensor=?", False, "breaches"),
        ("board/!soc=child", None, "breaches"),
        # a part whose maker is unknown, or a list that is not whole, clears nothing
        ("!soc=elsewhere radio=?", True, "cannot_tell"),
        ("!soc=elsewhere", False, "cannot_tell"),
        ("!soc=elsewhere", None, "cannot_tell"),
        ("!soc=a-maker-of-which-nobody-heard", True, "cannot_tell"),
        ("a word that is no part", True, "cannot_tell"),
        ("!soc=elsewhere radio=subject", True, "meets"),
    ],
)
def test_components_a_rule_on_any_component_needs_every_one_of_them(
    *, parts: str | None, whole: bool | None, expected: str
) -> None:
    found = judged(DEEP, {"device.parts": parts, "device.parts_whole": whole})["one"]
    assert found.verdict == expected
    assert gaps(found) == ({"device.parts"} if expected == "cannot_tell" else set())


@pytest.mark.parametrize(
    ("parts", "essential", "firmware"),
    [
        # a decorative part of the covered maker is no essential one
        ("!soc=elsewhere bracket=named", "meets", "meets"),
        ("!soc=elsewhere radio=?", "meets", "meets"),
        ("!soc=?", "cannot_tell", "meets"),
        ("!soc=elsewhere board/firmware=named", "meets", "breaches"),
        ("!soc=elsewhere !firmware=?", "cannot_tell", "cannot_tell"),
    ],
)
def test_components_count_as_deep_as_the_rule_looks(
    parts: str, essential: str, firmware: str
) -> None:
    row = {"device.parts": parts, "device.parts_whole": True}
    assert judged(ESSENTIAL, row)["one"].verdict == essential
    assert judged(FIRMWARE, row)["one"].verdict == firmware
    # a rule on the device as a whole never looks inside, and says so
    found = judged(WHOLE, row)["one"]
    assert (found.verdict, found.not_examined) == ("meets", ("components",))


def test_components_the_maker_of_the_whole_suffices_at_any_depth() -> None:
    for policy in (DEEP, ESSENTIAL, FIRMWARE, WHOLE):
        assert judged(policy, {"device.producer": "named"})["one"].verdict == "breaches"


def test_components_under_section_889_by_the_reading_chosen() -> None:
    """A western camera whose chips nobody looked at: cleared with a remark, or left open."""
    row = FEDERAL | {"device.producer": "axis"}
    whole = by_shipped("us-889-part-a", row, depth="whole_device")["a1a"]
    assert (whole.verdict, whole.basis) == ("meets", "presumed")
    assert "components" in whole.not_examined
    deep = by_shipped("us-889-part-a", row, depth="essential_component")["a1a"]
    assert (deep.verdict, gaps(deep)) == ("cannot_tell", {"device.components"})


def test_components_under_a_notice_that_is_still_open_bind_nobody() -> None:
    found = by_shipped("us-fcc-covered-list", {"body.kind": "private", "event.kind": "import"})
    assert found["components"].verdict == "not_applicable"
    assert "binds nobody" in found["components"].sentence


# --------------------------------------------------------------------- ownership thresholds

#: A firm that a list names, its owner, and another firm of that owner.
FAMILY = (
    maker("holding", "CN"),
    maker("hikvision", "CN", owned_by("holding")),
    maker("sister", "GB", owned_by("holding")),
    maker("child", "GB", owned_by("hikvision")),
    maker("rumoured", "GB", owned_by("hikvision", firmness=Firmness.MIXED)),
    maker("unread", "GB", owned_by("hikvision", confidence=Confidence.UNVERIFIED)),
    maker("stranger", "SE"),
)


@pytest.mark.parametrize(
    ("policy", "clause", "row", "expected"),
    [
        # affiliates: what is owned by the same owner counts as well
        (
            "us-fcc-covered-list",
            "authorise",
            {"body.kind": "private", "event.kind": "import", "device.certified": False},
            {"child": "breaches", "sister": "breaches", "stranger": "meets"},
        ),
        # as this pack reads it, control
        (
            "us-889-part-a",
            "a1a",
            FEDERAL,
            {"child": "breaches", "sister": "meets", "stranger": "meets"},
        ),
    ],
)
def test_ownership_each_instrument_reaches_as_far_as_it_says(
    policy: str, clause: str, row: dict[str, Any], expected: dict[str, str]
) -> None:
    for who, verdict in expected.items():
        found = judged(shipped()[policy], row | {"device.producer": who}, people=FAMILY)[clause]
        assert found.verdict == verdict, who


@pytest.mark.parametrize("who", ["rumoured", "unread"])
def test_ownership_an_edge_that_is_not_known_is_not_known(who: str) -> None:
    found = judged(shipped()["us-889-part-a"], FEDERAL | {"device.producer": who}, people=FAMILY)
    assert (found["a1a"].verdict, gaps(found["a1a"])) == ("cannot_tell", {"device.producer"})


def test_ownership_the_threshold_is_data_of_each_list() -> None:
    said = {
        policy: {group.threshold or "" for group in shipped()[policy].groups}
        for policy in ("us-fcc-covered-list", "us-bis-entity-list", "us-889-part-a")
    }
    assert any("10 per cent" in each for each in said["us-fcc-covered-list"])
    assert any("50 per cent" in each for each in said["us-bis-entity-list"])
    assert all("none stated" in each for each in said["us-889-part-a"])


# ------------------------------------------------------------------------- exact-name lists


def test_exact_names_reach_no_subsidiary() -> None:
    (securities,) = shipped()["us-ns-cmic"].groups
    listed = next(each for each in shipped()["us-bis-entity-list"].groups if each.id == "listed")
    assert (securities.reach, listed.reach) == (Reach.EXACT, Reach.EXACT)


def test_exact_names_under_quebec_by_the_reading_chosen() -> None:
    """The named company alone, or what it controls: "liées" is not defined."""
    row = {
        "body.kind": "ca_quebec_body",
        "device.producer": "child",
        "device.acquired_not_before": date(2024, 1, 1),
        "device.acquired_not_after": date(2024, 1, 1),
    }
    for related, expected in (("named_only", "meets"), ("controlled", "breaches")):
        found = judged(
            shipped()["ca-quebec-2023"],
            row,
            choices={"related": related, "ownership": "today"},
            people=FAMILY,
        )["acquired-after"]
        assert found.verdict == expected
        assert "related" in {each.id for each in found.choices}


# ------------------------------------------------------------------------- misreported rules


@pytest.mark.parametrize("policy", shipped().values(), ids=lambda policy: policy.id)
def test_misreported_no_clause_is_given_without_saying_how_well_it_was_read(policy: Any) -> None:
    """A clause cites at least one place; only a text that was read itself is called verified."""
    cited = {each.id: each for each in policy.citations}
    for rule in policy.requirements:
        assert rule.citations, rule.id
        for name in rule.citations:
            if cited[name].confidence is Confidence.VERIFIED:
                assert cited[name].url.startswith("http"), name


def test_misreported_the_order_of_canada_names_its_own_minister() -> None:
    """One page credits it to another minister: what a verdict cites is the text, and how read."""
    assert shipped()["ca-federal-2025"].issuer == "Minister of Industry of Canada"
    row = {"body.kind": "ca_federal_body", "device.producer": "hikvision", "event.kind": "procure"}
    for found in by_shipped("ca-federal-2025", row, TODAY).values():
        assert {each.confidence for each in found.citations} <= set(Confidence)
        assert found.citations
