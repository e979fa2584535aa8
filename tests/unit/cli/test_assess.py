"""camaudit assess: what if, several policies, and what to find out first."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cases.command import Camaudit

UK, US = "uk-2022-statement", "us-889-part-a"


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def of(found: list[dict[str, Any]], word: str) -> list[dict[str, Any]]:
    return [each for each in found if each["type"] == word]


# ------------------------------------------------------------------------------- what if


def test_a_supposition_is_shown_beside_what_is_on_record(filled: Camaudit) -> None:
    """On record HIK-1 breaches clause b, by the network of its site."""
    asked = ("assess", "--what-if", "device.core_network=no")
    text = filled(*asked, code=3).out
    assert "WHAT IF, NOT AS ON RECORD" in text
    assert "overridden, not on record: device.core_network=no" in text
    found = rows(filled(*asked, "--json", code=3).out)
    assert found[0]["overridden"] == ["device.core_network=no"]
    (change,) = (each for each in of(found, "what_if") if each["clause"] == "b")
    named = dict(zip(change["outcomes"], change["difference"], strict=True))
    assert (named["breaches"], named["meets"]) == (-1, 1)
    assert all(each["overridden"] for each in of(found, "device"))


def test_a_supposition_does_not_change_the_exit_code_or_the_estate(filled: Camaudit) -> None:
    before = filled.estate.read_bytes()
    filled("assess", "--what-if", "site.sensitive=no", code=3)
    filled("assess", "--what-if", "device.producer=axis", code=3)
    filled("assess", "--as-of", "2022-12-01", "--what-if", "device.present=yes")
    assert filled.estate.read_bytes() == before
    usual = rows(filled("assess", "--json", code=3).out)
    assert usual[0]["overridden"] == []
    assert of(usual, "what_if") == []


def test_a_fact_that_no_rule_asks_for_is_noted(filled: Camaudit) -> None:
    ran = filled("assess", "--what-if", "item.function=service", code=3)
    assert f"note: {UK} asks nothing about item.function" in ran.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--what-if", "site.sensitve=yes"], "did you mean site.sensitive?"),
        (["--what-if", "site.sensitive=maybe"], "is one of yes, no, unknown, withheld"),
        (["--policy", US, "--extend-to-other-sites"], f"{US} has no clause that asks whether"),
        (["--extend-to-other-sites", "--what-if", "site.sensitive=no"],
         "both suppose site.sensitivity"),
        (["--policy", "all", "--policy", UK, "--choose", "x=y"], "has no choice x; there are"),
        (["--policy", UK, "--policy", "eu-2030"], "no policy is called 'eu-2030'; there are"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_2_and_says_what_to_do(
    filled: Camaudit, words: list[str], says: str
) -> None:
    ran = filled("assess", *words, code=2)
    assert says in ran.err
    assert ran.out == ""


def test_extending_counts_by_body_and_site(filled: Camaudit) -> None:
    """AXIS-1 is at the depot, which is not sensitive: there it would meet clause c."""
    asked = ("assess", "--extend-to-other-sites")
    text = " ".join(filled(*asked, code=3).out.split())
    assert "Extended to sites that are not sensitive, by body and site" in text
    assert "Department, Depot (devices: 1)" in text
    found = {each["clause"]: each for each in of(rows(filled(*asked, "--json", code=3).out),
                                                 "extension")}  # fmt: skip
    assert set(found) == {"a", "c"}
    for each in found.values():
        assert (each["body"], each["site"], each["devices"]) == ("Department", "Depot", 1)
        assert sum(each["counts"]) == 1
    counts = dict(zip(found["c"]["outcomes"], found["c"]["counts"], strict=True))
    assert counts["meets"] == 1


def test_redaction_reaches_what_is_extended_and_found_out(filled: Camaudit) -> None:
    for words in (["--extend-to-other-sites"], ["--gaps"], ["--policy", "all"]):
        for form in ([], ["--json"]):
            out = filled("assess", *words, *form, "--redact", "sites", code=3).out
            assert "Depot" not in out
            assert "Head office" not in out


# --------------------------------------------------------------------------- many policies


def test_policies_stand_side_by_side(filled: Camaudit) -> None:
    text = " ".join(filled("assess", "--policy", UK, "--policy", US, code=3).out.split())
    assert "Policies side by side" in text
    assert f"{UK}: \u00d7 breaches" in text
    assert f"not applicable: {US}" in text
    found = rows(filled("assess", "--policy", UK, "--policy", US, "--json", code=3).out)
    assert found[0]["policies"] == [UK, US]
    for device in of(found, "device"):
        assert set(device["policies"]) == {UK, US}
        assert device["policies"][US]["standing"] == "not_applicable"


def test_all_means_every_policy_once(filled: Camaudit) -> None:
    found = rows(filled("assess", "--policy", "all", "--policy", UK, "--json", code=3).out)
    names = [each["id"] for each in of(found, "policy")]
    assert {UK, US} <= set(names)
    assert len(names) == len(set(names))


def test_the_worst_of_the_policies_decides_the_exit_code(filled: Camaudit) -> None:
    """Neither camera is an agency's of the United States: that policy alone leaves nothing open."""
    filled("assess", "--policy", US)
    filled("assess", "--policy", US, "--policy", UK, code=3)


def test_a_choice_reaches_the_policy_that_has_it(filled: Camaudit) -> None:
    filled("assess", "--policy", "all", "--choose", "ownership=today", code=3)


# -------------------------------------------------------------------------------- gaps


def test_what_to_find_out_first(filled: Camaudit) -> None:
    """The decision on clause c for HIK-1 is all that its site's open verdict waits for."""
    text = " ".join(filled("assess", "--gaps", code=3).out.split())
    assert "What to find out first" in text
    assert "A recorded decision on clause c: Head office" in text
    assert "camaudit decide" in text
    found = rows(filled("assess", "--gaps", "--policy", "all", "--json", code=3).out)
    assert (found[0]["format"], found[0]["type"]) == ("camaudit-gaps/1", "report")
    observations = of(found, "observation")
    assert observations[-1]["settled"] <= observations[-1]["of"]
    decision = next(each for each in observations if each["fact"] == "decision.c")
    assert (decision["policy"], decision["place"], decision["effort"]) == (
        UK,
        "Head office",
        "days",
    )
    assert (decision["alone"], decision["after"]) == (1, 1)


def test_nothing_to_find_out(camaudit: Camaudit) -> None:
    camaudit("init")
    assert "No verdict waits for a fact." in camaudit("assess", "--gaps").out
