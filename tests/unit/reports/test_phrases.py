"""The words that all reports share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from camaudit.model.words import Aspect, BodyKind, Sensitivity, Zone
from camaudit.reports import phrases
from camaudit.reports.legible import legible, one_line

from .sample import EXPLOITED, device, sample, verdict


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"verdict": "meets", "basis": "evidenced", "not_examined": ("x",)}, "meets (evidenced)"),
        (
            {"verdict": "meets", "basis": "presumed", "not_examined": ("cloud_service", "parts")},
            "meets (presumed; not examined: cloud service, parts)",
        ),
        ({"verdict": "meets", "basis": "declared"}, "meets (declared)"),
        ({"verdict": "breaches", "basis": "declared"}, "breaches (declared)"),
        ({"verdict": "breaches"}, "breaches"),
        ({"verdict": "cannot_tell"}, "cannot tell"),
        ({"verdict": "cannot_tell", "outstanding": True}, "decision outstanding"),
        ({"verdict": "not_applicable", "basis": "declared"}, "not applicable"),
    ],
)
def test_a_verdict_s_words(changes: dict[str, object], expected: str) -> None:
    line = replace(verdict("a", "meets", "x"), **changes)  # type: ignore[arg-type]
    assert phrases.outcome(line) == expected


@pytest.mark.parametrize(
    ("strength", "described", "expected"),
    [
        ("must_not", "", "must not"),
        (
            "should",
            "must since July 2023 (two answers)",
            "should (described as must since July 2023)",
        ),
        ("should", "must", "should (described as must)"),
    ],
)
def test_a_strength_s_words(strength: str, described: str, expected: str) -> None:
    assert phrases.strength(strength, described) == expected


def test_every_word_of_the_model_has_its_words() -> None:
    assert len({phrases.sensitivity(word) for word in Sensitivity}) == len(Sensitivity)
    assert all("declared" in phrases.zone(word) for word in Zone)
    assert all(phrases.aspect(word) != word for word in Aspect)
    assert all("_" not in phrases.plain(word) for word in BodyKind)


def test_a_word_that_is_new_is_shown_as_it_is() -> None:
    assert phrases.sensitivity("partly_known") == "partly known"
    assert phrases.zone("air_gapped") == "declared air gapped, not verified"
    assert phrases.aspect("optics") == "Optics"


def test_dates_and_times() -> None:
    assert phrases.on_day(date(2022, 11, 24)) == "24 November 2022"
    assert phrases.at_time(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "2 January 2026, 03:04 UTC"
    summer = timezone(timedelta(hours=1))
    there = datetime(2026, 7, 2, 13, 4, tzinfo=summer)
    assert phrases.at_time(there) == "2 July 2026, 13:04 UTC+01:00"


def test_a_figure_s_denominator() -> None:
    assert phrases.out_of(sample().figures[1]) == "of 5 sites in the register, at 22 November 2026"
    assert phrases.count(12_000) == "12,000"
    assert phrases.count(12, approximate=True) == "about 12"


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.93, "0.93"),
        (0.995, "0.99"),
        (0.9951, "over 0.99"),
        (1.0, "over 0.99"),
        (0.0, "under 0.01"),
    ],
)
def test_no_probability_is_a_certainty(share: float, expected: str) -> None:
    assert phrases.probability(share) == expected


def test_a_device_s_name_place_and_sources() -> None:
    assert phrases.name(device("D-1", brand="Axis", model="P3")) == "Axis P3"
    assert phrases.name(device("D-1", kind="recorder")) == "Unnamed recorder"
    assert phrases.name(device("D-1", kind="unknown")) == "Unnamed device"
    assert phrases.place(device("D-1", site=None, site_name=None)) == "no known site"
    assert phrases.seen_how(device("D-1", on_network=True)) == (
        "listed in the register and seen on the network"
    )
    assert phrases.seen_how(device("D-1", in_register=False)) == "no source recorded"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("caf\u00e9 \u4e2d\u6587 \u2713", "caf\u00e9 \u4e2d\u6587 \u2713"),
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
        ("gate\u202egnp.exe", "gate\ufffdgnp.exe"),
        ("\ud800", "\ufffd"),
        ("a\x00b\x9bc", "a\ufffdb\ufffdc"),
        ("tab\tand\nline", "tab\tand\nline"),
    ],
)
def test_text_cannot_steer_the_screen(text: str, expected: str) -> None:
    assert legible(text) == expected


def test_one_line_is_one_line() -> None:
    assert one_line(" a\n\tb  c ") == "a b c"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "known to be exploited, listed on 10 January 2022 (catalogue of 25 August 2025)"),
        ({"exploited": "no"}, "not listed as exploited (catalogue of 25 August 2025)"),
        (
            {"exploited": "unknown", "exploited_note": "said to be"},
            "whether it is exploited is not known: said to be (catalogue of 25 August 2025)",
        ),
        (
            {"exploited": "unknown", "catalogue_on": None},
            "whether it is exploited is not known: no catalogue was read",
        ),
    ],
)
def test_whether_a_weakness_is_exploited(changes: dict[str, Any], text: str) -> None:
    assert phrases.exploited(replace(EXPLOITED.record, **changes)) == text


@pytest.mark.parametrize(
    ("confidence", "base", "answer", "text"),
    [
        ("verified", False, "affected", "affected"),
        ("reported", False, "affected", "likely affected"),
        ("reported", False, "not_affected", "likely not affected"),
        ("reported", False, "cannot_tell", "cannot tell"),
        (
            "verified",
            True,
            "affected",
            "likely affected, by the base vendor's rule for another brand's build",
        ),
    ],
)
def test_what_rests_on_hearsay_says_likely(
    confidence: str, *, base: bool, answer: str, text: str
) -> None:
    record = replace(EXPLOITED.record, confidence=confidence)
    line = replace(EXPLOITED, record=record, base_vendor=base, answer=answer)
    assert phrases.weakness(line) == text


def test_many_ids_of_one_record_are_named_by_their_ends() -> None:
    record = replace(EXPLOITED.record, ids=tuple(f"CVE-2020-100{n:02}" for n in range(5)))
    assert phrases.weakness_name(record) == "CVE-2020-10000 to CVE-2020-10004 (5 ids)"


@pytest.mark.parametrize(
    ("declared", "seen", "text"),
    [(16, 3, "16 declared channels, 3 seen"), (None, 3, "3 seen"), (None, 0, ""),
     (16, 0, "16 declared channels, 0 seen")],
)  # fmt: skip
def test_a_recorders_channels(declared: int | None, seen: int, text: str) -> None:
    row = device("D-1", channels_declared=declared, channels_seen=seen)
    assert phrases.channels(row) == text
