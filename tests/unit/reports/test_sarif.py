"""SARIF of an order: what the standard asks of a log, and what a reader may rely on.

The members and words below are those of SARIF 2.1.0 (OASIS Standard, 27 March 2020), section 3.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote

import pytest

from camaudit.errors import CamauditError
from camaudit.model.orders import LineAnswer
from camaudit.model.words import Strength
from camaudit.reports.orders import OrderAbout
from camaudit.reports.sarif import build

from .sample_order import (
    ABOUT,
    BREACHES,
    BREACHING,
    CANNOT_TELL,
    MEETING,
    MEETS,
    OPEN,
    ORDER,
    OUTSIDE,
    STATUTE,
    hostile,
    item,
    line,
    long,
    verdict,
)

#: Members that an object may have, as far as this log has such objects at all.
MEMBERS: Final = {
    "log": {"$schema", "version", "runs", "inlineExternalProperties", "properties"},
    "run": {
        "tool",
        "invocations",
        "artifacts",
        "language",
        "redactionTokens",
        "properties",
        "results",
    },
    "driver": {"name", "version", "semanticVersion", "informationUri", "rules", "properties"},
    "rule": {
        "id",
        "name",
        "shortDescription",
        "fullDescription",
        "help",
        "helpUri",
        "defaultConfiguration",
        "properties",
    },
    "result": {
        "ruleId",
        "ruleIndex",
        "kind",
        "level",
        "message",
        "locations",
        "fingerprints",
        "partialFingerprints",
        "properties",
    },
    "location": {"physicalLocation", "logicalLocations", "message", "properties"},
    "physical": {"artifactLocation", "region", "properties"},
}
KINDS: Final = {"pass", "open", "informational", "notApplicable", "review", "fail"}
LEVELS: Final = {"none", "note", "warning", "error"}


def log(*answers: LineAnswer, about: OrderAbout = ABOUT, **options: Any) -> dict[str, Any]:
    content = b"".join(build(answers, about, **options))
    found = json.loads(content)
    assert isinstance(found, dict)
    return found


def run(*answers: LineAnswer, about: OrderAbout = ABOUT, **options: Any) -> dict[str, Any]:
    (only,) = log(*answers, about=about, **options)["runs"]
    assert isinstance(only, dict)
    return only


def results(*answers: LineAnswer, about: OrderAbout = ABOUT, **options: Any) -> list[Any]:
    return list(run(*answers, about=about, **options)["results"])


def messages(found: Any) -> list[str]:
    """Return every message's text, wherever it stands."""
    if isinstance(found, dict):
        own = [found["text"]] if set(found) == {"text"} else []
        return own + [text for each in found.values() for text in messages(each)]
    return [text for each in found for text in messages(each)] if isinstance(found, list) else []


@pytest.mark.parametrize("every", [True, False])
@pytest.mark.parametrize(
    "answers", [ORDER, (hostile(),), (long(),), ()], ids=["order", "hostile", "long", "empty"]
)
def test_a_log_has_the_shape_that_the_standard_asks_for(
    answers: tuple[LineAnswer, ...], *, every: bool
) -> None:
    found = log(*answers, every=every)
    assert set(found) <= MEMBERS["log"]
    assert found["version"] == "2.1.0"
    (only,) = found["runs"]
    assert set(only) <= MEMBERS["run"]
    driver = only["tool"]["driver"]
    assert set(driver) <= MEMBERS["driver"]
    assert (driver["name"], driver["version"]) == ("camaudit", "0.1.0")
    rules = driver["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert set(rule) <= MEMBERS["rule"]
        assert rule["defaultConfiguration"]["level"] in LEVELS
    for result in only["results"]:
        assert set(result) <= MEMBERS["result"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]  # 3.27.6
        assert result["kind"] in KINDS
        assert result["level"] in LEVELS
        assert result["kind"] == "fail" or result["level"] == "none"  # 3.27.10
        assert result["message"]["text"].strip()  # 3.11.2
        for location in result["locations"]:
            assert set(location) <= MEMBERS["location"]
            physical = location["physicalLocation"]
            assert set(physical) <= MEMBERS["physical"]
            assert physical["artifactLocation"]["uri"]
            assert physical.get("region", {"startLine": 1})["startLine"] >= 1  # 3.30.5
            index = physical["artifactLocation"]["index"]
            artifact = only["artifacts"][index]["location"]
            assert artifact["uri"] == physical["artifactLocation"]["uri"]


def test_a_rule_is_a_requirement_with_its_quote_and_its_place() -> None:
    rules = run(*ORDER)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["pretend-ban/buy", "pretend-ban/prefer"]
    first = rules[0]
    assert first["shortDescription"]["text"] == "Do not buy covered equipment"
    assert "\u201cno covered equipment may be bought\u201d" in first["fullDescription"]["text"]
    assert "Pretend Act, section 9(1) (verified)" in first["fullDescription"]["text"]
    assert first["helpUri"] == "https://statutes.example/9"
    assert [rule["properties"]["strength"] for rule in rules] == ["must_not", "should"]


@pytest.mark.parametrize(
    ("strength", "level"),
    [(Strength.MUST_NOT, "error"), (Strength.MUST, "error"), (Strength.SHOULD, "warning")],
)
def test_a_breach_is_as_grave_as_the_clause_presses(strength: Strength, level: str) -> None:
    breach = verdict(BREACHES, "It is covered.", strength=strength)
    (result,) = results(line(1, "x", item("x", breach), verdicts={"pretend-ban": BREACHES}))
    assert (result["kind"], result["level"]) == ("fail", level)


def test_there_is_a_result_for_each_line_and_requirement_that_breaches_or_is_open() -> None:
    found = [(each["ruleId"], each["properties"]["line"]) for each in results(*ORDER)]
    assert found == [
        ("pretend-ban/buy", "1"),
        ("pretend-ban/prefer", "1"),
        ("pretend-ban/buy", "2"),
    ]


def test_what_cannot_be_told_is_open_and_never_a_failure() -> None:
    (result,) = results(OPEN)
    assert (result["kind"], result["level"]) == ("open", "none")
    assert result["properties"]["verdict"] == "cannot_tell"
    assert "Who produced this recorder?" in result["message"]["text"]


def test_what_cannot_be_told_is_a_note_for_readers_without_kinds() -> None:
    (result,) = results(OPEN, open_as="note")
    assert (result["kind"], result["level"]) == ("fail", "note")
    assert result["properties"]["verdict"] == "cannot_tell"


def test_what_meets_or_does_not_apply_is_told_on_request_only() -> None:
    assert results(MEETING, OUTSIDE) == []
    kinds = [each["kind"] for each in results(MEETING, OUTSIDE, every=True)]
    assert kinds == ["pass", "pass", "notApplicable", "notApplicable"]


def test_a_requirement_says_the_gravest_of_a_line_s_items() -> None:
    kit = line(
        1,
        "kit",
        item("bracket", verdict(MEETS, "Fine.")),
        item("camera", verdict(BREACHES, "It is covered."), maker="dahua", share=0.9),
        verdicts={"pretend-ban": BREACHES},
    )
    (result,) = results(kit)
    assert result["level"] == "error"
    assert [each["text"] for each in result["properties"]["items"]] == ["camera"]
    assert "likely Dahua (0.90)" in result["message"]["text"]


@pytest.mark.parametrize(
    ("position", "row"),
    [
        ("row 7", 7),
        ("sheet North, row 7", 7),
        ("sheet row 99, row 7", 7),
        ("row 7, column C", 7),
        ("line 14", 14),
        ("page 2, line 14", None),
        ("InvoiceLine 3", None),
        ("row 0", None),
        ("row 1.5", None),
        ("arrow 7", None),
        ("row 12345678901", None),
        ("", None),
    ],
)
def test_only_a_place_that_tells_a_row_has_a_region(position: str, row: int | None) -> None:
    (result, _) = results(replace(BREACHING, line=replace(BREACHING.line, position=position)))
    (location,) = result["locations"]
    region = location["physicalLocation"].get("region")
    assert region == ({"startLine": row} if row else None)
    assert position in location["logicalLocations"][0]["fullyQualifiedName"]


@pytest.mark.parametrize(
    ("order", "uri"),
    [
        ("orders/2026.csv", "orders/2026.csv"),
        ("./orders/a b.csv", "orders/a%20b.csv"),
        ("a:b.csv", "a%3Ab.csv"),  # else "a" would be a scheme
        ("x/q?1#2%.csv", "x/q%3F1%232%25.csv"),
        ("/home/somebody/orders/2026.csv", "2026.csv"),
        ("../secret/2026.csv", "2026.csv"),
        ("C:\\orders\\2026.csv", "2026.csv"),
        ("Bestellung für Köln.csv", "Bestellung%20f%C3%BCr%20K%C3%B6ln.csv"),
        ("odd\udcff\n.csv", "odd%3F%0A.csv"),
        ("-", "standard-input"),
        ("", "standard-input"),
    ],
)
def test_the_order_is_a_relative_uri_and_no_path_of_a_machine(order: str, uri: str) -> None:
    (result, _) = results(BREACHING, about=replace(ABOUT, order=order))
    found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == uri
    assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", found)
    assert "/home" not in unquote(found)


def prints(*answers: LineAnswer, about: OrderAbout = ABOUT) -> list[str]:
    found = results(*answers, about=about)
    for each in found:
        (name,) = each["partialFingerprints"]
        assert name == "primaryLocationLineHash"
    return [next(iter(each["fingerprints"].values())) for each in found]


def moved(answer: LineAnswer, rows: int) -> LineAnswer:
    place = replace(answer.line, line=str(1 + rows), position=f"row {2 + rows}", quantity="12")
    return replace(answer, line=place)


def test_a_fingerprint_stays_when_a_line_moves() -> None:
    assert prints(moved(BREACHING, 5)) == prints(BREACHING)
    assert prints(OPEN, BREACHING)[1:] == prints(BREACHING)


def test_a_fingerprint_stays_when_the_answer_changes() -> None:
    open_now = item("x", verdict(CANNOT_TELL, "Not known."))
    breach = item("x", verdict(BREACHES, "Now it is known."))
    before = line(1, "x", open_now, verdicts={"pretend-ban": CANNOT_TELL})
    after = line(1, "x", breach, verdicts={"pretend-ban": BREACHES})
    assert prints(before) == prints(after)


def test_fingerprints_tell_lines_requirements_and_orders_apart() -> None:
    twins = prints(BREACHING, moved(BREACHING, 1))
    other = prints(line(8, "another", *BREACHING.items, verdicts={"pretend-ban": BREACHES}))
    elsewhere = prints(BREACHING, about=replace(ABOUT, order="orders/other.csv"))
    every = [*twins, *other, *elsewhere]
    assert len(set(every)) == len(every) == 8


def test_text_from_outside_forms_neither_link_nor_placeholder_nor_escape() -> None:
    content = b"".join(build((hostile(),), ABOUT, every=True)).decode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", content)
    found = json.loads(content)
    texts = messages(found)
    assert any("alert" in text for text in texts)
    for text in texts:
        assert "](" not in text  # 3.11.6
        assert re.sub(r"\{\{|\}\}", "", text).count("{") == 0  # 3.11.5
    assert "\\u001b" not in json.dumps(found)


def test_there_is_no_markdown() -> None:
    assert '"markdown"' not in json.dumps(log(*ORDER, hostile()))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://a.example/\x1b",
        "http://[x",
    ],
)
def test_only_a_web_address_is_a_link(url: str) -> None:
    cited = verdict(BREACHES, "x", citations=(replace(STATUTE, url=url),))
    only = run(line(1, "x", item("x", cited), verdicts={"pretend-ban": BREACHES}))
    assert "helpUri" not in only["tool"]["driver"]["rules"][0]


def test_long_text_is_cut_and_counted() -> None:
    content = b"".join(build((long(),), ABOUT))
    assert len(content) < 200_000
    assert b"more characters" in content


def test_an_order_without_lines_was_not_checked() -> None:
    (invocation,) = run()["invocations"]
    assert invocation["executionSuccessful"] is False
    (told,) = invocation["toolExecutionNotifications"]
    assert "No line" in told["message"]["text"]
    assert run(*ORDER)["invocations"] == [{"executionSuccessful": True}]


def test_redaction_is_told() -> None:
    only = run(*ORDER, about=replace(ABOUT, redacted=("sites", "people")))
    assert only["redactionTokens"] == ["[redacted]"]
    assert only["properties"]["redacted"] == ["people", "sites"]
    assert "redactionTokens" not in run(*ORDER)


def test_the_packs_and_the_day_are_told() -> None:
    assert run(*ORDER)["properties"]["policies"] == [
        {
            "id": "pretend-ban",
            "version": "2026.1",
            "digest": "5f" * 32,
            "rulesOn": "2026-11-26",
        }
    ]


def test_a_verdict_without_a_citation_is_refused_before_anything_is_written() -> None:
    bad = item("x", verdict(BREACHES, "x", citations=()))
    with pytest.raises(CamauditError, match="clause, quote and citation"):
        build((line(1, "x", bad, verdicts={"pretend-ban": BREACHES}),), ABOUT)


def test_the_same_answers_give_the_same_bytes() -> None:
    assert b"".join(build(ORDER, ABOUT)) == b"".join(build(ORDER, ABOUT))
