"""Verdicts over time and otherwise, exceptions, versions of rules, and orders, by command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from defusedxml import ElementTree

import camaudit.data
from tests.cases.command import Camaudit

STATEMENT = "uk-2022-statement"


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_days_on_which_counts_change(filled: Camaudit) -> None:
    ran = filled("assess", "--between", "2022-11-01", "2023-07-01", "--json")
    days = {row["day"]: row for row in rows(ran.out)}
    assert next(iter(days)) == "2022-11-01"
    assert any("in force" in each for each in days["2022-11-24"]["because"])
    counts = {(rule, verdict): count for rule, verdict, count in days["2023-06-01"]["counts"]}
    assert counts["a", "breaches"] == 1
    assert "2023-06-01" in filled("assess", "--between", "2022-11-01", "2023-07-01").out
    assert (
        "before the first" in filled("assess", "--between", "2023-07-01", "2022-11-01", code=2).err
    )


def test_a_devices_verdicts_are_intervals_without_holes(filled: Camaudit) -> None:
    ran = filled("devices", "verdicts", "HIK-1", "--between", "2022-11-01", "2024-01-01", "--json")
    mine = [row for row in rows(ran.out) if row["requirement"] == "a"]
    assert [(row["from"], row["verdict"]) for row in mine] == [
        ("2022-11-01", "not_applicable"),
        ("2023-06-01", "breaches"),
    ]
    assert mine[-1]["to"] == "2024-01-01"
    assert mine[0]["to"] == "2023-05-31"


def test_an_exception_is_recorded_and_counts(filled: Camaudit) -> None:
    given = ("--policy", "us-889-part-a", "--site", "HQ", "--approver", "the director",
             "--evidence", "letter 7", "--reason", "no other", "--until", "2030-01-01")  # fmt: skip
    assert "granted by the director" in filled("waive", "dni-waiver", *given).out
    assert "no exception" in filled("waive", "nothing", *given, code=2).err


# ------------------------------------------------------------------------- versions of rules


def overlay(folder: Path, *changes: tuple[str, str]) -> Path:
    """Return an overlay with the shipped statement, changed."""
    shipped = Path(camaudit.data.__path__[0]) / "policies" / STATEMENT
    target = folder / "policies" / STATEMENT
    shutil.copytree(shipped, target)
    pack = target / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    pack.write_text(text, encoding="utf-8")
    names = ", ".join(
        f"policies/{STATEMENT}/{name}: tested" for name in sorted(p.name for p in target.iterdir())
    )
    (folder / "overrides.yaml").write_text(f"overrides: {{{names}}}\n")
    return folder


def test_two_versions_are_told_apart(filled: Camaudit, tmp_path: Path) -> None:
    one = overlay(tmp_path / "one")
    other = overlay(tmp_path / "other", ("in_force_from: 2022-11-24", "in_force_from: 2024-01-01"))
    assert filled("packs", "diff", one, one).out == ""
    out = filled(
        "packs", "diff", one, other, "--estate", filled.estate, "--as-of", "2023-08-01", code=3
    ).out
    assert "! validity: in force from 2024-01-01, not 2022-11-24" in out
    assert f"{STATEMENT} a: breaches becomes not applicable for 1" in out


def test_an_overlay_that_asks_less_is_named_by_what_judges(
    filled: Camaudit, tmp_path: Path
) -> None:
    weak = overlay(tmp_path / "weak", ("in_force_from: 2022-11-24", "in_force_from: 2024-01-01"))
    assert "an overlay may ask less" in filled("assess", "--packs", weak, code=3).err
    same = overlay(tmp_path / "same")
    assert "may ask less" not in filled("assess", "--packs", same, code=3).err


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
