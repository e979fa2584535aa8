"""``camaudit explain`` on a camera whose register entry, label and maker all differ."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cases.command import Camaudit

HERE = Path(__file__).parent / "rebadged"
EXPECTED: dict[str, Any] = yaml.safe_load((HERE / "expected.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 22)
ASPECTS = ("badge", "firmware", "hardware")


@pytest.fixture
def explained(camaudit: Camaudit) -> tuple[str, dict[str, Any]]:
    """Return what ``explain`` says, as text in one line and as JSON."""
    camaudit("init", on=TODAY)
    for name in ("bodies.csv", "sites.csv", "register.csv", "signals.jsonl"):
        camaudit("import", HERE / name, "--strict", on=TODAY)
    asked = ("explain", EXPECTED["device"], "--as-of", str(EXPECTED["as_of"]))
    text = " ".join(camaudit(*asked, on=TODAY).out.split())
    return text, json.loads(camaudit(*asked, "--json", on=TODAY).out)


def test_it_is_likely_produced_by_hikvision(explained: tuple[str, dict[str, Any]]) -> None:
    text, row = explained
    assert row["maker"] == EXPECTED["maker"]
    assert "Likely produced by Hikvision" in text
    assert EXPECTED["conflict"] in text


def test_badge_firmware_and_hardware_stand_apart(explained: tuple[str, dict[str, Any]]) -> None:
    _, row = explained
    makers = {each["aspect"]: each["maker"] for each in row["aspects"]}
    assert makers == {aspect: EXPECTED["aspects"][aspect]["maker"] for aspect in ASPECTS}
    for aspect in ASPECTS:
        seen = " ".join(each["seen"] for each in row["reasons"] if aspect in each["aspect"])
        assert [value for value in EXPECTED["aspects"][aspect]["seen"] if value not in seen] == []


def test_every_signal_is_a_plain_sentence(explained: tuple[str, dict[str, Any]]) -> None:
    text, row = explained
    assert len(row["reasons"]) >= sum(len(each["seen"]) for each in EXPECTED["aspects"].values())
    for each in row["reasons"]:
        assert re.fullmatch(r"[A-Z].{8,}\.", each["text"]), each["text"]
        assert " ".join(each["text"].split()) in text


def test_the_text_puts_each_signal_under_its_aspect(explained: tuple[str, dict[str, Any]]) -> None:
    text, _ = explained
    at = [text.index(heading) for heading in ("Badge (", "Firmware (", "Hardware (")]
    assert at == sorted(at)
    ends = [*at[1:], len(text)]
    parts = {name: text[start:end] for name, start, end in zip(ASPECTS, at, ends, strict=True)}
    for aspect in ASPECTS:
        wanted = EXPECTED["aspects"][aspect]["seen"]
        assert [value for value in wanted if value not in parts[aspect]] == [], aspect


@pytest.mark.parametrize("clause", EXPECTED["verdicts"])
def test_verdict_with_clause_quote_strength_and_basis(
    clause: str, explained: tuple[str, dict[str, Any]]
) -> None:
    text, row = explained
    told = EXPECTED["verdicts"][clause]
    (verdict,) = [each for each in row["verdicts"] if each["clause"] == clause]
    assert {name: verdict[name] for name in ("verdict", "strength", "basis")} == {
        name: told[name] for name in ("verdict", "strength", "basis")
    }
    assert verdict["quote"].startswith(told["quote"])
    assert verdict["citations"]
    assert f"clause {clause}, {told['in_words']}" in text
    assert told["quote"] in text


def test_the_verdict_says_on_which_day(explained: tuple[str, dict[str, Any]]) -> None:
    text, row = explained
    assert EXPECTED["date_in_words"] in text
    assert row["rules_on"] == row["facts_on"] == str(EXPECTED["as_of"])
