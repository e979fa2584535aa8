"""Exceptions and orders, by command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from defusedxml import ElementTree

from tests.cases.command import Camaudit


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_exception_is_recorded_and_counts(filled: Camaudit) -> None:
    given = ("--policy", "us-889-part-a", "--site", "HQ", "--approver", "the director",
             "--evidence", "letter 7", "--reason", "no other", "--until", "2030-01-01")  # fmt: skip
    assert "granted by the director" in filled("waive", "dni-waiver", *given).out
    assert "no exception" in filled("waive", "nothing", *given, code=2).err


# -------------------------------------------------------------------------------- orders


ORDER = """line,description,supplier
A1,Hikvision DS-2CD2143G2-I camera,Acme Ltd
A2,Axis P3245-V camera,Acme Ltd
A3,Annke 8CH NVR kit,Acme Ltd
A4,hard disk 8TB,Acme Ltd
"""


def test_an_order_is_checked_by_the_contract(camaudit: Camaudit, tmp_path: Path) -> None:
    order = tmp_path / "order.csv"
    order.write_text(ORDER)
    asked = ("--regime", "us-889-part-a", "--purpose", "government-facility-security",
             "--as-of", "2026-11-26", "--json")  # fmt: skip
    found = rows(camaudit("check", order, *asked, code=3).out)
    assert [row["line"] for row in found] == ["A1", "A2", "A3", "A4"]
    assert [row["verdicts"]["us-889-part-a"] for row in found] == [
        "breaches", "meets", "cannot_tell", "not_applicable",
    ]  # fmt: skip
    assert set(found[0]) == {
        "line", "items", "verdicts", "basis", "not_examined", "reasons", "ask_supplier",
    }  # fmt: skip
    assert set(found[0]["items"][0]) == {"brand", "model", "maker", "maker_confidence", "kind"}


def test_what_is_written_for_others(camaudit: Camaudit, tmp_path: Path) -> None:
    order = tmp_path / "order.csv"
    order.write_text(ORDER)
    sarif, junit, letters = (tmp_path / name for name in ("o.sarif", "o.xml", "letters"))
    camaudit(
        "check", order, "--site", "HQ", "--sensitive", "yes",
        "--sarif", sarif, "--junit", junit, "--letters", letters, code=3,
    )  # fmt: skip
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    suites = ElementTree.fromstring(junit.read_text())
    assert [suite.get("failures") for suite in suites.iter("testsuite")] == ["1"]
    assert [path.name for path in letters.iterdir()] == ["01-acme-ltd.md"]


def test_an_order_is_refused_with_what_to_do(camaudit: Camaudit, tmp_path: Path) -> None:
    order = tmp_path / "order.csv"
    order.write_text(ORDER)
    assert "is none of" in camaudit("check", order, "--purpose", "fun", code=2).err
    assert "no policy is called" in camaudit("check", order, "--regime", "nothing", code=2).err
    clean = tmp_path / "clean.csv"
    clean.write_text("line,description\n1,hard disk 8TB\n")
    camaudit("check", clean)
    open_ = tmp_path / "open.csv"
    open_.write_text("line,description\n1,a camera of nobody\n")
    camaudit("check", open_, "--site", "HQ", "--sensitive", "yes", code=4)
