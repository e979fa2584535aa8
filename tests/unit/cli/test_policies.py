"""``camaudit packs list``, ``show`` and ``diff``, and the warnings about overlays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from camaudit.packs.shipped import find_pack_files
from tests.cases.command import Camaudit

STATEMENT = "uk-2022-statement"


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def plain(text: str) -> str:
    return " ".join(text.split())


def overlay(folder: Path, *changes: tuple[str, str], name: str = "ours") -> Path:
    """Write an overlay with the statement, changed in these places."""
    pack = f"policies/{STATEMENT}/pack.yaml"
    text = find_pack_files().contents[pack].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / name / pack
    path.parent.mkdir(parents=True)
    path.write_text(text)
    (folder / name / "overrides.yaml").write_text(f"overrides: {{{pack}: tested}}\n")
    return folder / name


WEAKER = ("strength: must_not", "strength: should")
LATER = ("in_force_from: 2022-11-24", "in_force_from: 2023-06-02")
STRICTER = ("default: as_written", "default: as_described")


# --------------------------------------------------------------------------- list and show


def test_the_list_says_where_how_what_and_since_when(camaudit: Camaudit) -> None:
    found = {row["id"]: row for row in rows(camaudit("packs", "list", "--json").out)}
    row = found[STATEMENT]
    assert (row["jurisdiction"], row["legal_force"], row["tests"], row["in_force_from"]) == (
        "GB",
        "internal",
        "item",
        "2022-11-24",
    )
    assert (found["us-889-part-a"]["jurisdiction"], found["us-889-part-a"]["legal_force"]) == (
        "US",
        "binding",
    )
    shown = camaudit("packs", "list").out
    assert all(name in shown for name in found)


@pytest.mark.parametrize(("on", "state"), [("2022-11-23", "not_yet"), ("2022-11-24", "in_force")])
def test_a_policy_is_shown_as_it_stands_on_a_day(camaudit: Camaudit, on: str, state: str) -> None:
    (card,) = rows(camaudit("packs", "show", STATEMENT, "--as-of", on, "--json").out)
    assert card["standing"]["state"] == state
    assert {rule["standing"]["state"] for rule in card["requirements"]} == {state}
    assert [rule["strength"] for rule in card["requirements"]] == [
        "must_not",
        "should",
        "consider",
        "consider",
        "may",
    ]
    listed = rows(camaudit("packs", "list", "--as-of", on, "--json").out)
    assert next(row["state"] for row in listed if row["id"] == STATEMENT) == state


def test_what_was_said_later_is_shown_from_its_day(camaudit: Camaudit) -> None:
    def described(on: str) -> list[str]:
        (card,) = rows(camaudit("packs", "show", STATEMENT, "--as-of", on, "--json").out)
        return [strength for strength, _, _ in card["requirements"][1]["described_as"]]

    assert described("2023-07-20") == []
    assert described("2023-07-21") == ["must"]


def test_choices_sources_and_reasons_are_on_the_screen(camaudit: Camaudit) -> None:
    out = plain(camaudit("packs", "show", STATEMENT, "--as-of", "2022-11-23").out)
    assert "not yet: On 2022-11-23 the statement of 24 November 2022 was not yet in force" in out
    assert "bound (default): yes, as part of its parent department" in out
    assert "not_bound: no, it is a body of its own" in out
    assert "hcws386 (reported, read on 2026-11-22)" in out


def test_a_policy_that_nobody_knows_is_refused(camaudit: Camaudit) -> None:
    assert "no policy is called 'eu-2030'" in camaudit("packs", "show", "eu-2030", code=2).err


# ------------------------------------------------------------------------------------ diff


def test_what_differs_and_what_is_weaker(camaudit: Camaudit, tmp_path: Path) -> None:
    ours = overlay(tmp_path, WEAKER, LATER)
    (found,) = rows(camaudit("packs", "diff", "shipped", ours, "--json", code=3).out)
    assert found["policy"] == STATEMENT
    assert [
        (each["what"], each["requirement"], each["before"], each["after"])
        for each in found["differences"]
    ] == [
        ("dates", None, "from 2022-11-24", "from 2023-06-02"),
        ("strength", "a", "must_not", "should"),
    ]
    assert found["weakens"] == [
        "requirement a: its strength is should instead of must_not",
        (
            "requirements a, b, c, d, e: it is not yet instead of in force from 2022-11-24 to "
            "2023-06-01"
        ),
    ]
    back = rows(camaudit("packs", "diff", ours, "shipped", "--json").out)
    assert back[0]["weakens"] == []
    out = plain(camaudit("packs", "diff", "shipped", ours, code=3).out)
    assert "weaker: requirement a: its strength is should instead of must_not" in out


def test_a_policys_folder_and_a_directory_are_sides_too(camaudit: Camaudit, tmp_path: Path) -> None:
    one = overlay(tmp_path, name="one") / "policies" / STATEMENT
    other = overlay(tmp_path, WEAKER, name="other")
    assert camaudit("packs", "diff", one, one).out == f"{STATEMENT}: the same\n"
    assert "should instead of must_not" in camaudit("packs", "diff", one, other, code=3).out


def test_a_policy_on_one_side_only_is_said(camaudit: Camaudit, tmp_path: Path) -> None:
    one, other = overlay(tmp_path, name="one"), overlay(tmp_path, name="other")
    (other / "policies" / STATEMENT).rename(other / "policies" / "us-889-part-a")
    # a folder is named for its policy, so that this side does not hold together
    assert "must be the folder's name" in camaudit("packs", "diff", one, other, code=1).err


@pytest.mark.parametrize(
    ("side", "says"),
    [("nowhere", "is no directory; give one with policies/, or 'shipped'"),
     ("empty", "holds no policies: neither policies/ nor pack.yaml")],
)  # fmt: skip
def test_a_side_without_policies_is_refused(
    camaudit: Camaudit, tmp_path: Path, side: str, says: str
) -> None:
    (tmp_path / "empty").mkdir()
    assert says in camaudit("packs", "diff", side, "shipped", code=2).err


def test_who_newly_passes_and_why(filled: Camaudit, tmp_path: Path) -> None:
    ours = overlay(tmp_path, LATER)
    day = ("--as-of", "2023-06-01")
    found = rows(
        filled(
            "packs", "diff", "shipped", ours, "--estate", filled.estate, *day, "--json", code=3
        ).out
    )
    turned = {each["requirement"]: each for each in found[1:]}
    passes = turned["a"]
    assert (passes["turn"], passes["before"]["verdict"], passes["after"]["verdict"]) == (
        "newly_passes",
        "breaches",
        "not_applicable",
    )
    assert len(passes["devices"]) == 1
    assert "not yet in force" in passes["after"]["sentence"]
    assert ("device.producer", "hikvision") in {
        (fact["name"], fact["value"]) for fact in passes["before"]["facts"]
    }
    back = rows(
        filled("packs", "diff", ours, "shipped", "--estate", filled.estate, *day, "--json").out
    )
    assert next(e["turn"] for e in back[1:] if e["requirement"] == "a") == "newly_fails"
    out = plain(filled("packs", "diff", ours, "shipped", "--estate", filled.estate, *day).out)
    assert f"newly fails, {STATEMENT} a: {passes['devices'][0]}" in out


def test_the_fact_that_frees_a_device_is_named(filled: Camaudit, tmp_path: Path) -> None:
    ours = overlay(tmp_path, ("in: [in_service, seen_again, disconnected]", "in: [seen_again]"))
    asked = ("packs", "diff", "shipped", ours, "--estate", filled.estate, "--json")
    found = rows(filled(*asked, code=3).out)
    passes = next(each for each in found[1:] if each["requirement"] == "a")
    assert [(f["name"], f["value"]) for f in passes["after"]["facts"]] == [
        ("device.state", "in_service")
    ]
    assert passes["after"]["sentence"] == "It is not in service (in service)."


def test_an_estate_that_nothing_turns_in(filled: Camaudit, tmp_path: Path) -> None:
    ours = overlay(tmp_path)
    out = filled("packs", "diff", "shipped", ours, "--estate", filled.estate).out
    assert out == f"{STATEMENT}: the same\nNo device's verdict turns.\n"


# -------------------------------------------------------------------------------- warnings


@pytest.mark.parametrize(
    "words",
    [
        ["assess", "--as-of", "2022-01-01"],
        ["assess", "--between", "2022-01-01", "2022-02-01"],
        ["report"],
        ["explain", "HIK-1"],
        ["devices", "list"],
        ["devices", "verdicts", "HIK-1"],
    ],
    ids=" ".join,
)
def test_every_assessment_says_what_an_overlay_weakens(
    filled: Camaudit, tmp_path: Path, words: list[str]
) -> None:
    ours = overlay(tmp_path, WEAKER)
    ran = filled(*words, "--packs", ours)
    assert f"warning: the policy {STATEMENT} is weaker than the shipped one" in ran.err
    assert "requirement a: its strength is should instead of must_not" in ran.err
    assert "weaker than" not in ran.out
    assert "weaker than" not in filled(*words).err


def test_packs_beside_the_estate_are_warned_of_too(filled: Camaudit, tmp_path: Path) -> None:
    overlay(tmp_path, WEAKER, name="packs")
    assert "is weaker than the shipped one" in filled("assess", "--as-of", "2022-01-01").err


def test_verify_warns_even_where_an_example_fails(camaudit: Camaudit, tmp_path: Path) -> None:
    ran = camaudit("packs", "verify", "--packs", overlay(tmp_path, WEAKER), code=1)
    assert "is weaker than the shipped one" in ran.err
    assert "strength is should, not must_not" in ran.err


def test_a_stricter_overlay_is_a_note(filled: Camaudit, tmp_path: Path) -> None:
    ran = filled("assess", "--as-of", "2022-01-01", "--packs", overlay(tmp_path, STRICTER))
    assert f"note: the policy {STATEMENT} is not the shipped one" in ran.err
    assert "asks nothing less" in plain(ran.err)
    assert "warning" not in ran.err


def test_an_overlay_of_makers_alone_says_nothing(filled: Camaudit, tmp_path: Path) -> None:
    makers = tmp_path / "mine" / "makers"
    makers.mkdir(parents=True)
    (makers / "ours.yaml").write_text("id: ours\nkind: brand\nnames: [Ours]\nsources: {}\n")
    ran = filled("assess", "--as-of", "2022-01-01", "--packs", tmp_path / "mine")
    assert "policy" not in ran.err


# ------------------------------------------------------------------------------- over days


def test_counts_between_two_days(filled: Camaudit) -> None:
    words = ("assess", "--between", "2022-11-23", "2024-01-01")
    found = rows(filled(*words, "--json").out)
    assert [row["day"] for row in found][:3] == ["2022-11-23", "2022-11-24", "2023-06-01"]
    assert found[0]["marking"] == "TEST-MARKING"
    assert found[2]["counts"]["a"]["breaches"] == 1
    (reason,) = found[2]["reasons"]
    assert (reason["cause"], reason["moved"]) == ("device_arrived", 1)
    out = plain(filled(*words).out)
    assert out.startswith("TEST-MARKING")
    assert "the instrument is in force" in out
    assert "a: 1 from not applicable to breaches" in out


def test_between_goes_with_no_other_day(filled: Camaudit) -> None:
    words = ("assess", "--between", "2022-11-23", "2024-01-01")
    for more in (("--as-of", "2023-01-01"), ("--facts-as-of", "2023-01-01"), ("--fail-on", "may")):
        assert "--between goes without" in filled(*words, *more, code=2).err
    assert (
        "earlier day first" in filled("assess", "--between", "2024-01-01", "2022-11-23", code=2).err
    )


def test_the_verdicts_of_a_device(filled: Camaudit) -> None:
    found = rows(filled("devices", "verdicts", "HIK-1", "--json").out)
    a = [each for each in found if each["requirement"] == "a"]
    assert [(each["since"], each["until"], each["verdict"]) for each in a] == [
        ("2022-11-23", "2023-05-31", "not_applicable"),
        ("2023-06-01", None, "breaches"),
    ]
    assert [each["cause"] for each in a[1]["reasons"]] == ["device_arrived"]
    out = plain(filled("devices", "verdicts", "HIK-1").out)
    assert "from 2022-11-23 to 2023-05-31: not applicable, must not" in out
    assert "since 2023-06-01: breaches (declared), must not because it was there" in out
    short = filled("devices", "verdicts", "HIK-1", "--between", "2023-06-01", "2023-06-02").out
    assert "since 2023-06-01: breaches" in short
