"""One body for every report: what each must say, must refuse, and must be able to leave out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations
from typing import Any

import pytest

from camaudit.errors import CamauditError, UsageError
from camaudit.model.snapshot import DeviceRow, Figure, Snapshot
from camaudit.reports import CATEGORIES, ReportSpec, redact, registry
from tests.unit.reports.sample import (
    DEVICES,
    EXPLOITED,
    SECRETS,
    WEAKNESSES,
    empty,
    large,
    sample,
)

REPORTS = sorted(registry().values(), key=lambda spec: spec.id)
ids = [spec.id for spec in REPORTS]
every_report = pytest.mark.parametrize("report", REPORTS, ids=ids)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def words(report: ReportSpec, snapshot: Snapshot) -> str:
    """Return what a reader sees, on one line and in lower case."""
    text = b"".join(report.build(snapshot)).decode()
    if report.id == "html":
        parser = _Text()
        parser.feed(text)
        text = "".join(parser.parts)
    if report.id == "jsonl":
        text = json.dumps([json.loads(line) for line in text.splitlines()], ensure_ascii=False)
    return " ".join(text.split()).lower()


def test_the_reports_are_those_that_we_promise() -> None:
    assert ids == ["csv", "html", "jsonl", "terminal"]
    assert len({spec.suffix for spec in REPORTS}) == len(REPORTS)


@every_report
def test_a_spec_says_what_it_is_and_for_whom(report: ReportSpec) -> None:
    assert report.title
    assert report.audience
    assert report.suffix.startswith(".")
    assert "/" in report.media_type


@every_report
def test_it_carries_the_marking(report: ReportSpec) -> None:
    assert "marked to test 7" in words(report, sample(marking="Marked to test 7"))


@every_report
@pytest.mark.parametrize("marking", [None, "", "  "])
def test_it_says_that_no_marking_is_set(report: ReportSpec, marking: str | None) -> None:
    assert "marking not set" in words(report, sample(marking=marking))


@every_report
def test_even_an_empty_estate_carries_the_marking(report: ReportSpec) -> None:
    assert "official-sensitive" in words(report, empty())


@every_report
def test_a_pretend_estate_is_called_so(report: ReportSpec) -> None:
    told = {flag: words(report, sample(pretend=flag, estate="E")) for flag in (True, False)}
    if report.id == "jsonl":
        signs = {True: '"pretend": true', False: '"pretend": false'}
    elif report.id == "csv":
        signs = {True: "official-sensitive,yes,", False: "official-sensitive,no,"}
    else:
        assert "pretend estate" in told[True]
        assert "pretend estate" not in told[False]
        return
    assert all(
        (sign in told[flag]) is (flag is meant) for flag in told for meant, sign in signs.items()
    )


@every_report
def test_a_verdict_stands_with_its_clause_and_its_basis(report: ReportSpec) -> None:
    text = words(report, sample())
    assert "meets (presumed; not examined: components, firmware origin, cloud service)" in text
    assert "meets (declared; not examined: network traffic)" in text
    assert "decision outstanding" in text
    assert "no new deployment on sensitive sites" in text


@every_report
def test_an_unknown_class_shows_both_branches(report: ReportSpec) -> None:
    text = words(report, sample())
    assert "if sensitive: cannot tell" in text
    assert "if not: not applicable" in text


@every_report
def test_a_stronger_description_stands_beside_the_strength(report: ReportSpec) -> None:
    text = words(report, sample())
    assert "must since july 2023" in text
    assert "should" in text


@every_report
def test_a_declared_isolation_is_never_more_than_declared(report: ReportSpec) -> None:
    text = words(report, sample())
    if report.id == "jsonl":
        assert '"zone": "isolated"' in text  # the word of the data, which is a declaration
    else:
        assert "declared isolated, not verified" in text


@every_report
def test_a_maker_is_likely_and_never_accused(report: ReportSpec) -> None:
    text = words(report, sample())
    assert "likely produced by hikvision (0.99), because" in text


@every_report
def test_it_says_on_which_dates_and_by_which_pack(report: ReportSpec) -> None:
    text = words(report, sample())
    assert "2026-11-22" in text or "22 november 2026" in text
    assert "5f5f5f5f5f5f5f5f" in text
    assert "camaudit 0.1.0" in text


@every_report
def test_the_same_snapshot_gives_the_same_bytes(report: ReportSpec) -> None:
    assert b"".join(report.build(sample())) == b"".join(report.build(sample()))


@every_report
def test_a_large_estate_comes_in_chunks(report: ReportSpec) -> None:
    chunks = [len(chunk) for chunk in report.build(large(3_000))]
    assert len(chunks) > 4
    assert max(chunks) < 2_000_000


@every_report
def test_no_control_character_reaches_the_reader(report: ReportSpec) -> None:
    text = b"".join(report.build(sample())).decode()
    if report.id == "jsonl":  # escaped, so that the value stays what it was
        assert "\\u001b" in text
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text)
    assert report.id == "jsonl" or "\u202e" not in text


@every_report
def test_it_says_which_weaknesses_a_version_has_and_which_it_may_have(report: ReportSpec) -> None:
    told = words(report, sample())
    assert "cve-2020-10001" in told
    if report.id == "terminal":
        assert "affected 1, cannot tell 1, of 3 records" in told
    else:
        assert "cve-2020-10002" in told


# ------------------------------------------------------------------------------------- refusals


def device(**changes: object) -> tuple[DeviceRow, ...]:
    return (replace(DEVICES[0], **changes), *DEVICES[1:])  # type: ignore[arg-type]


def without(**changes: object) -> tuple[DeviceRow, ...]:
    line = replace(DEVICES[0].verdicts[0], **changes)  # type: ignore[arg-type]
    return device(verdicts=(line, *DEVICES[0].verdicts[1:]))


def weak(**changes: object) -> tuple[DeviceRow, ...]:
    return device(weaknesses=(replace(EXPLOITED, **changes),))  # type: ignore[arg-type]


def figures(**changes: object) -> tuple[Figure, ...]:
    return (replace(sample().figures[1], **changes),)  # type: ignore[arg-type]


GROUNDLESS: dict[str, tuple[dict[str, Any], str]] = {
    "a figure without a denominator": ({"figures": figures(of_label=" ")}, "no denominator"),
    "a figure above its denominator": ({"figures": figures(value=6)}, "is 6 of 5"),
    "a figure that counts nothing": ({"figures": figures(label="")}, "what it counts"),
    "an unknown without a denominator": ({"unknowns": figures(of_label="")}, "no denominator"),
    "a duty that does not add up": (
        {"duties": (replace(sample().duties[0], breaches=5),)},
        "counts 16 device records where there are 12",
    ),
    "a duty without a quote": ({"duties": (replace(sample().duties[0], quote=""),)}, "no quote"),
    "a question that settles more than waits": (
        {"questions": (replace(sample().questions[0], settles=8),)},
        "settles 8 of 7",
    ),
    "a site with more breaches than devices": (
        {"sites": (replace(sample().sites[0], breaches=4),)},
        "more devices with a verdict",
    ),
    "a verdict without its clause": ({"devices": without(clause="")}, "without its clause"),
    "a verdict without its quote": ({"devices": without(quote=" ")}, "without its clause"),
    "a verdict without a citation": ({"devices": without(citations=())}, "without its clause"),
    "a word that is no verdict": ({"devices": without(verdict="compliant")}, "no verdict"),
    "a word that is no strength": ({"devices": without(strength="ought")}, "no verdict"),
    "a meets that rests on nothing": ({"devices": without(verdict="meets", basis=None)}, "rests"),
    "a presumption that examined all": (
        {"devices": without(verdict="meets", basis="presumed", not_examined=())},
        "not examined",
    ),
    "a maker without a signal": ({"devices": device(reasons=())}, "a signal"),
    "a weakness without a reason": ({"devices": weak(reason=" ")}, "a weakness without"),
    "a weakness without a source": (
        {"devices": weak(record=replace(EXPLOITED.record, source=""))},
        "a weakness without",
    ),
    "a word that is no answer": ({"devices": weak(answer="vulnerable")}, "a weakness without"),
    "an open weakness that nothing settles": (
        {"devices": weak(answer="cannot_tell", settle="")},
        "what would settle it",
    ),
    "a weakness of more devices than there are": (
        {"weaknesses": (replace(WEAKNESSES[0], affected=13),)},
        "more device records",
    ),
    "a maker without a confidence": (
        {"devices": device(maker_confidence=None)},
        "a confidence",
    ),
}


@every_report
@pytest.mark.parametrize("fault", GROUNDLESS)
def test_what_has_no_ground_is_refused_before_the_first_byte(
    report: ReportSpec, fault: str
) -> None:
    changes, message = GROUNDLESS[fault]
    with pytest.raises(CamauditError, match=message):
        report.build(sample(**changes))


@every_report
def test_the_refusal_names_few_faults_and_counts_the_rest(report: ReportSpec) -> None:
    bad = tuple(replace(each, reasons=(), maker="x") for each in DEVICES)
    with pytest.raises(CamauditError, match=r"and \d+ more"):
        report.build(sample(devices=bad))


# ------------------------------------------------------------------------------------ redaction


def test_the_secrets_to_look_for_do_stand_in_an_unredacted_report() -> None:
    html = b"".join(registry()["html"].build(sample())).decode()
    others = [s for category in CATEGORIES if category != "sites" for s in SECRETS[category]]
    assert [secret for secret in others if secret not in html] == []
    jsonl = b"".join(registry()["jsonl"].build(sample())).decode()
    assert [s for each in SECRETS.values() for s in each if s not in jsonl] == []


COMBINATIONS = [
    frozenset(chosen)
    for size in range(1, len(CATEGORIES) + 1)
    for chosen in combinations(CATEGORIES, size)
]


@every_report
@pytest.mark.parametrize("what", COMBINATIONS, ids=lambda what: "+".join(sorted(what)))
def test_redaction_leaves_no_secret_in_the_bytes(report: ReportSpec, what: frozenset[str]) -> None:
    content = b"".join(report.build(redact(sample(), what))).lower()
    left = [s for category in what for s in SECRETS[category] if s.lower().encode() in content]
    assert left == []


@every_report
def test_redaction_keeps_the_verdicts_and_says_what_is_gone(report: ReportSpec) -> None:
    text = words(report, redact(sample(), CATEGORIES))
    assert "likely produced by hikvision (0.99), because" in text
    assert "d-k3qw7plm" in text
    assert "site 4" in text
    for word in CATEGORIES if report.id in ("csv", "jsonl") else ("serial numbers", "names of"):
        assert word in text


def test_redacting_nothing_changes_nothing() -> None:
    assert redact(sample(), ()) == sample()


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot redact faces"):
        redact(sample(), {"faces"})
