"""What the purchase gate writes for machines and suppliers."""

from __future__ import annotations

import io
import json
from datetime import date
from functools import cache

import pytest
from defusedxml import ElementTree
from rich.console import Console

from camaudit.app.assess import need_policy, policies
from camaudit.app.check import Intent, check_order
from camaudit.app.packset import load_packs
from camaudit.model.orders import LineAnswer, OrderLine
from camaudit.reports.orders import junit, letters, render, sarif

ON = date(2026, 11, 26)
HOSTILE = "Annke \x1b[31m<b>]]>&\u202e camera"
ORDER = [
    OrderLine(line="1", position="row 2", description="Hikvision DS-2CD2143G2-I camera"),
    OrderLine(line="2", position="row 3", description="Axis P3245-V camera"),
    OrderLine(line="3", position="row 4", description=HOSTILE, supplier="Acme Ltd"),
    OrderLine(line="4", position="row 5", description="hard disk 8TB"),
]


@cache
def answers() -> list[LineAnswer]:
    packs = load_packs()
    asked = Intent(on=ON, purpose="government_facility_security")
    return check_order(ORDER, packs, [need_policy(policies(packs), "us-889-part-a")], asked)


def test_sarif_has_a_result_for_each_requirement_of_each_item() -> None:
    log = json.loads(sarif(answers(), "order.csv", "1.2.3"))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert {each["id"] for each in rules} == {"us-889-part-a/a1a", "us-889-part-a/report"}
    found = [each for each in run["results"] if each["ruleId"] == "us-889-part-a/a1a"]
    assert [each["kind"] for each in found] == ["fail", "pass", "open", "notApplicable"]
    assert [each["level"] for each in found] == ["error", "none", "none", "none"]
    places = [each["locations"][0]["physicalLocation"] for each in found]
    assert [each["region"]["startLine"] for each in places] == [2, 3, 4, 5]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    marks = [each["partialFingerprints"]["item/v1"] for each in run["results"]]
    assert len(set(marks)) == len(marks)


def test_junit_never_lets_what_cannot_be_told_pass() -> None:
    root = ElementTree.fromstring(junit(answers(), "order.csv"))
    (suite,) = root
    assert {key: suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "us-889-part-a", "tests": "4", "failures": "1", "errors": "1", "skipped": "1",
    }  # fmt: skip
    assert [case[0].tag for case in suite] == ["failure", "system-out", "error", "skipped"]


def test_what_a_line_holds_steers_nothing() -> None:
    for data in (sarif(answers(), "order.csv", "1"), junit(answers(), "order.csv")):
        assert b"\x1b" not in data
        assert "\u202e".encode() not in data


def test_a_letter_asks_and_names_nobody_that_the_order_does_not() -> None:
    found = letters(answers(), ON)
    assert set(found) == {"Acme Ltd"}
    text = found["Acme Ltd"]
    assert "2026-11-26" in text
    packs = load_packs()
    names = {name for maker in packs.makers.makers for name in maker.names if len(name) > 4}
    asked = "\n".join(row for row in text.splitlines() if not row.startswith(("## ", "To: ")))
    words = set(asked.replace(",", " ").replace(".", " ").split())
    assert not names & words
    assert not {"China", "Chinese", "PRC", "origin", "country"} & words


@pytest.mark.parametrize("width", [80, 120])
def test_the_screen_shows_every_line_and_counts_them(width: int) -> None:
    console = Console(width=width, record=True, file=io.StringIO())
    render(answers(), console)
    text = console.export_text()
    for word in ("refused", "passes", "cannot tell", "not concerned"):
        assert word in text
    assert "us-889-part-a: 1 refused, 1 cannot tell, 1 passes, 1 not concerned, of 4 lines" in (
        " ".join(text.split())
    )
    assert max(map(len, text.splitlines())) <= width
