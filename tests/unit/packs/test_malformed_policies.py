"""Packs that contradict themselves, go round in circles or name absurd days are refused.

Each with the file, the line, the field, and a hint on what to do.
"""

from __future__ import annotations

import pytest

from camaudit.errors import PackError
from tests.unit.policy.small_packs import load, pack_text

FORBIDDEN = "{fact: device.producer, in_group: listed, band: probable}"
SCOPE = "equipment: {kinds: [camera], component_depth: whole_device, networked: any}"
SITE = "site: {}"
NAMED = "named: [{maker: named}]"
VALID = "in_force_from: 2020-01-01"


def refused(old: str, new: str, text: str = "") -> PackError:
    """Load a pack with one piece replaced; give the error, and see that it says where."""
    text = text or pack_text()
    assert text.count(old) == 1, old
    with pytest.raises(PackError) as caught:
        load(small=text.replace(old, new))
    error = caught.value
    assert error.file == "policies/small/pack.yaml"
    assert error.line > 1
    return error


# ------------------------------------------------------------------------------ absurd days


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-12-31", "2101-01-01"])
@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (VALID, "in_force_from: {}", "validity.in_force_from"),
        ("in_force_to: null", "in_force_to: {}", "validity.in_force_to"),
        ("announced: 2020-01-01", "announced: {}", "validity.announced"),
        ("as_of: 2026-11-26", "as_of: {}", "pack.as_of"),
        ("retrieved: 2026-11-26", "retrieved: {}", "pack.citations[0].retrieved"),
        ("suspended: []", "suspended: [{{from: {}}}]", "validity.suspended[0].from"),
        (NAMED, "named: [{{maker: named, to: {}}}]", "entities.listed.named[0].to"),
        (
            "deadline: {kind: none}",
            "deadline: {{kind: legal, date: {}}}",
            "requirements[0].obligation.deadline.date",
        ),
        (
            FORBIDDEN,
            "{{fact: device.installed, on_or_after: {}}}",
            "requirements[0].forbidden[0].when.on_or_after",
        ),
    ],
)
def test_an_absurd_day_is_refused(day: str, old: str, new: str, field: str) -> None:
    error = refused(old, new.format(day))
    assert error.field == field
    assert "no day of an instrument" in str(error)
    assert "1900 to 2100" in str(error)


def test_a_day_that_no_calendar_has_is_refused() -> None:
    assert refused(VALID, "in_force_from: 2023-02-30").field == "validity.in_force_from"


@pytest.mark.parametrize("day", ["1900-01-01", "2100-12-31"])
def test_the_first_and_the_last_day_are_taken(day: str) -> None:
    assert load(small=pack_text().replace("announced: 2020-01-01", f"announced: {day}"))


# --------------------------------------------------------------- from after to, overlapping


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("in_force_to: null", "in_force_to: 2019-12-31", "validity.in_force_to"),
        (
            "suspended: []",
            "suspended: [{from: 2022-02-02, to: 2022-02-01}]",
            "validity.suspended[0].to",
        ),
        (
            "suspended: []",
            "suspended: []\n  contested: [{from: 2022-02-02, to: 2022-02-01, says: nobody knows}]",
            "validity.contested[0].to",
        ),
        (
            NAMED,
            "named: [{maker: named, from: 2022-02-02, to: 2022-02-01}]",
            "entities.listed.named[0].to",
        ),
        (
            "check: automated",
            "check: automated\n    validity: {in_force_from: 2022-02-02, in_force_to: 2022-02-01}",
            "requirements[0].validity.in_force_to",
        ),
    ],
)
def test_an_end_before_its_beginning_is_refused(old: str, new: str, field: str) -> None:
    error = refused(old, new)
    assert error.field == field
    assert "is before" in str(error)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        # both ends are days of the interval
        (
            "suspended: []",
            "suspended: [{from: 2022-01-01, to: 2022-02-01}, {from: 2022-02-01}]",
            "validity.suspended[1].from",
        ),
        # one that has no end covers every later day
        (
            "suspended: []",
            ("suspended: [{from: 2022-01-01}]\n"
            "  contested: [{from: 2024-01-01, says: nobody knows it}]"),
            "validity.contested[0].from",
        ),
        (
            NAMED,
            "named: [{maker: named, to: 2022-01-01}, {maker: named, from: 2022-01-01}]",
            "entities.listed.named[1]",
        ),
        (NAMED, "named: [{maker: named}, {maker: other}, {maker: named}]",
         "entities.listed.named[2]"),
    ],
)  # fmt: skip
def test_intervals_that_overlap_are_refused(old: str, new: str, field: str) -> None:
    assert refused(old, new).field == field


def test_a_maker_may_be_listed_again_later() -> None:
    again = "named: [{maker: named, to: 2022-01-01}, {maker: named, from: 2022-01-02}]"
    assert load(small=pack_text().replace(NAMED, again))


# ---------------------------------------------------------------------- cyclic incorporation


def including(name: str, other: str) -> str:
    return pack_text(name).replace(
        NAMED, f'includes: [{{policy: {other}, group: listed, "on": null}}]'
    )


def test_packs_that_take_each_other_over_are_refused() -> None:
    with pytest.raises(PackError, match="take each other over: b to c to a") as caught:
        load(a=including("a", "b"), b=including("b", "c"), c=including("c", "a"))
    assert (caught.value.file, caught.value.field) == (
        "policies/a/pack.yaml",
        "entities.listed.includes[0]",
    )
    assert caught.value.line > 1


def test_a_pack_that_takes_itself_over_is_refused() -> None:
    with pytest.raises(PackError, match="take each other over"):
        load(a=including("a", "a"))


def test_a_list_of_a_pack_that_is_not_there_is_refused() -> None:
    with pytest.raises(PackError, match="no pack b has a group listed") as caught:
        load(a=including("a", "b"))
    assert caught.value.field == "entities.listed.includes[0]"


# ----------------------------------------------------------------------- contradictory rules


@pytest.mark.parametrize(
    ("new", "fact"),
    [
        # the whole pack asks one thing, and the clause another
        ('{all: [{fact: body.relation, exists: true}, {fact: body.relation, exists: false}]}',
         "body.relation"),
        ("{all: [{fact: device.networked, is: true}, {fact: device.networked, is: false}]}",
         "device.networked"),
        ("{all: [{fact: device.networked, is: true}, {not: {fact: device.networked, is: true}}]}",
         "device.networked"),
        ('{all: [{fact: site.sensitivity, is: "yes"}, {fact: site.sensitivity, is: "no"}]}',
         "site.sensitivity"),
        (('{all: [{fact: site.sensitivity, is: "yes"}, '
         '{not: {fact: site.sensitivity, in: ["yes", "no"]}}]}'), "site.sensitivity"),
        (("{all: [{fact: device.installed, before: 2022-11-24}, "
         "{fact: device.installed, on_or_after: 2022-11-24}]}"), "device.installed"),
        ('{all: [{fact: site.sensitivity, is: "yes"}, {fact: site.sensitivity, exists: false}]}',
         "site.sensitivity"),
    ],
)  # fmt: skip
def test_a_rule_that_could_never_apply_is_refused(new: str, fact: str) -> None:
    error = refused(FORBIDDEN, new)
    assert error.field == "requirements[0]"
    assert f"two things of {fact}" in str(error)
    assert "look at its parts" in str(error)


@pytest.mark.parametrize(
    "new",
    [
        "{any: [{fact: device.networked, is: true}, {fact: device.networked, is: false}]}",
        # a body may be of two kinds at once
        "{fact: body.kind, is: council}",
        (
            "{all: [{fact: device.installed, before: 2022-11-25}, "
            "{fact: device.installed, on_or_after: 2022-11-24}]}"
        ),
    ],
)
def test_a_rule_that_may_apply_is_taken(new: str) -> None:
    assert load(small=pack_text(forbidden=new))


def test_what_the_pack_and_the_clause_ask_is_held_together() -> None:
    text = pack_text(forbidden="{fact: device.networked, is: true}").replace(
        SITE,
        "site: {parts: [{when: {fact: device.networked, is: false}, otherwise: It is connected.}]}",
    )
    with pytest.raises(PackError, match=r"two things of device\.networked"):
        load(small=text)


def with_second(forbidden: str, extra: str = "") -> str:
    """Return a pack with a second clause like the first, that forbids something else."""
    text = pack_text()
    start, end = text.index("  - id: one\n"), text.index("exceptions: []")
    second = text[start:end].replace("id: one", "id: two").replace(FORBIDDEN, forbidden)
    second = second.replace("check: automated\n", f"check: automated\n    {extra}\n")
    return text[:end] + second + text[end:]


def test_two_clauses_of_which_one_is_always_broken_are_refused() -> None:
    with pytest.raises(PackError, match="two forbids what one asks for") as caught:
        load(small=with_second(f"{{not: {FORBIDDEN}}}"))
    assert caught.value.field == "requirements[1]"
    assert caught.value.line > 1


def test_two_clauses_on_other_days_contradict_nothing() -> None:
    later = "validity: {in_force_from: 2024-01-01}"
    assert load(small=with_second(f"{{not: {FORBIDDEN}}}", later))
    assert load(small=with_second("{fact: device.networked, is: true}"))
