"""JUnit XML of an order: no answer may look like another one, least of all like a pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from camaudit.errors import CamauditError
from camaudit.model.orders import LineAnswer
from camaudit.reports.junit import build
from camaudit.reports.orders import OrderAbout

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
    gap,
    hostile,
    item,
    line,
    long,
    verdict,
)


def document(
    answers: Sequence[LineAnswer] = ORDER, about: OrderAbout = ABOUT, **options: Any
) -> Element:
    found: Element = fromstring(b"".join(build(answers, about, **options)))
    return found


def case(answer: LineAnswer, **options: Any) -> Element:
    (only,) = document((answer,), **options).iter("testcase")
    return only


def tags(element: Element) -> list[str]:
    return [each.tag for each in element]


def test_a_suite_is_a_policy_and_a_case_is_a_line() -> None:
    root = document()
    assert root.tag == "testsuites"
    (suite,) = root
    assert suite.get("name") == "A pretend ban"
    cases = suite.findall("testcase")
    assert [each.get("classname") for each in cases] == ["pretend-ban"] * 4
    assert [each.get("file") for each in cases] == ["orders/2026 north.csv"] * 4
    assert cases[0].get("name") == "line 1 (row 2): DS-2CD2143G2 dome camera"


def test_no_path_of_a_machine_is_told() -> None:
    content = b"".join(build(ORDER, replace(ABOUT, order="/home/somebody/2026.csv")))
    assert b"somebody" not in content
    assert b'file="2026.csv"' in content


def test_the_numbers_are_those_of_the_cases() -> None:
    root = document()
    (suite,) = root
    told = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert told == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert {name: root.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
    }


def test_a_breach_is_a_failure_with_its_reasons() -> None:
    found = case(BREACHING)
    assert tags(found) == ["failure"]
    assert found[0].get("type") == "breaches"
    text = found[0].text or ""
    assert "Likely produced by Hikvision (0.97), which the Act names." in text
    assert "The model number is one that Hikvision gives." in text
    assert "Clause 9(1) of pretend-ban (must not)" in text
    assert "Clause 9(1)" in (found[0].get("message") or "")


def test_what_cannot_be_told_is_an_error_with_its_questions() -> None:
    found = case(OPEN)
    assert tags(found) == ["error"]
    assert found[0].get("type") == "cannot_tell"
    text = found[0].text or ""
    assert "Who produced this recorder?" in text
    assert "Which model is the recorder of this kit?" in text


def test_what_cannot_be_told_is_skipped_only_if_the_caller_says_so() -> None:
    found = case(OPEN, open_as="skipped")
    assert tags(found) == ["skipped"]
    assert "Who produced this recorder?" in (found[0].text or "")
    (suite,) = document((OPEN,), open_as="skipped")
    assert (suite.get("errors"), suite.get("skipped")) == ("0", "1")


def test_what_does_not_apply_is_skipped_with_its_reason() -> None:
    found = case(OUTSIDE)
    assert tags(found) == ["skipped"]
    assert "neither equipment nor a service" in (found[0].get("message") or "")


def test_a_pass_says_what_it_rests_on_and_what_was_not_examined() -> None:
    found = case(MEETING)
    assert tags(found) == ["system-out"]
    first = (found[0].text or "").splitlines()[0]
    assert first == "meets (presumed; not examined: components, firmware origin)"


def test_a_pass_does_not_hide_a_decision_that_is_outstanding() -> None:
    waits = verdict(CANNOT_TELL, "Decision outstanding.", "prefer", outstanding=True)
    found = case(line(1, "x", item("x", verdict(MEETS, "Fine."), waits)))
    assert "decision outstanding" in (found[0].text or "")


def test_a_breach_does_not_hide_what_else_is_open() -> None:
    unknown = verdict(CANNOT_TELL, "The rest is not known.", "prefer", gaps=(gap("Which one?"),))
    answer = line(
        1,
        "x",
        item("x", unknown, verdict(BREACHES, "Covered.")),
        verdicts={"pretend-ban": BREACHES},
    )
    text = case(answer)[0].text or ""
    assert text.index("Covered.") < text.index("The rest is not known.") < text.index("Which one?")


def test_a_policy_that_was_not_asked_of_a_line_cannot_be_told() -> None:
    other = replace(MEETING, verdicts={"pretend-ban": MEETS, "pretend-list": MEETS})
    root = document((BREACHING, other))
    suite = root.findall("testsuite")[1]
    assert suite.get("name") == "A pretend list"
    first = suite.findall("testcase")[0]
    assert tags(first) == ["error"]
    assert "not asked of this line" in (first[0].text or "")


@pytest.mark.parametrize("answers", [(), (line(1, "x", verdicts={}),)], ids=["lines", "policies"])
def test_an_order_of_which_nothing_was_asked_does_not_pass(answers: tuple[LineAnswer, ...]) -> None:
    root = document(answers)
    assert (root.get("tests"), root.get("errors")) == ("1", "1")
    (only,) = root.iter("testcase")
    assert tags(only) == ["error"]


def test_cases_have_names_of_their_own() -> None:
    text = "y" * 1000
    twins = (line(1, text), line(1, text), line(1, "y"), line(1, "y [2]"), line(1, "y"))
    names = [each.get("name") for each in document(twins).iter("testcase")]
    assert len(set(names)) == 5


def test_hostile_text_is_well_formed_and_inert() -> None:
    content = b"".join(build((hostile(), BREACHING), ABOUT)).decode("utf-8")
    for bad in ("\x1b", "\x07", "\x00", "\ufffe", "\uffff", "\u202e", "<script>"):
        assert bad not in content
    root: Element = fromstring(content.encode())
    assert len([*root.iter("testcase")]) == 2
    (error,) = root.iter("error")
    assert "<script>alert(1)</script>" in (error.text or "")


def test_long_text_is_cut_and_counted() -> None:
    content = b"".join(build((long(),), ABOUT))
    assert len(content) < 200_000
    assert b"more characters" in content
    assert b"more</error>" in content or b"and 61 more" in content


def test_the_pack_and_the_redaction_are_told() -> None:
    (suite,) = document(about=replace(ABOUT, redacted=("people",)))
    told = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert told["policy.digest"] == "5f" * 32
    assert told["rules.on"] == "2026-11-26"
    assert told["redacted"] == "people and organisations named in records"


def test_a_line_that_passes_while_an_item_breaches_is_refused() -> None:
    wrong = replace(BREACHING, verdicts={"pretend-ban": MEETS})
    with pytest.raises(CamauditError, match="does not say so"):
        build((wrong,), ABOUT)
