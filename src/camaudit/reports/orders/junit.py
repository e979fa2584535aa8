"""The purchase gate as JUnit XML, as build servers read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Final

from camaudit.model.orders import LineAnswer
from camaudit.model.words import VerdictCode
from camaudit.reports.legible import REPLACEMENT, one_line

#: What XML 1.0 section 2.2 has no place for, beyond what ``legible`` takes away.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def junit(answers: Sequence[LineAnswer], file: str) -> bytes:
    """Return a suite for each policy and a case for each line.

    What cannot be told is an error and never a pass: nobody has shown that the line may be bought.
    """
    policies = list(answers[0].verdicts) if answers else []
    suites = "".join(_suite(policy, answers, file) for policy in policies)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suites}</testsuites>\n'.encode()


def _suite(policy: str, answers: Sequence[LineAnswer], file: str) -> str:
    codes = [answer.verdicts[policy] for answer in answers]
    cases = "".join(_case(answer, answer.verdicts[policy], file) for answer in answers)
    return (
        f"<testsuite name={_attribute(policy)} tests={_attribute(str(len(codes)))} "
        f"failures={_attribute(str(codes.count(VerdictCode.BREACHES)))} "
        f"errors={_attribute(str(codes.count(VerdictCode.CANNOT_TELL)))} "
        f"skipped={_attribute(str(codes.count(VerdictCode.NOT_APPLICABLE)))}>\n{cases}</testsuite>\n"
    )


def _case(answer: LineAnswer, code: VerdictCode, file: str) -> str:
    name = f"{answer.line.line}: {answer.line.description}"
    why = "\n".join((*answer.reasons, *(f"Ask: {each}" for each in answer.ask_supplier)))
    message = answer.reasons[0] if answer.reasons else code.value
    inner = {
        VerdictCode.BREACHES: f"<failure message={_attribute(message)}>{_text(why)}</failure>",
        VerdictCode.CANNOT_TELL: (
            f'<error type="cannot_tell" message={_attribute(message)}>{_text(why)}</error>'
        ),
        VerdictCode.NOT_APPLICABLE: f"<skipped message={_attribute(message)}/>",
        VerdictCode.MEETS: f"<system-out>{_text(_passes(answer, why))}</system-out>",
    }[code]
    return (
        f"<testcase classname={_attribute(file)} name={_attribute(name)}>\n{inner}\n</testcase>\n"
    )


def _passes(answer: LineAnswer, why: str) -> str:
    basis = answer.basis.value if answer.basis else "nothing"
    unseen = f"; not examined: {', '.join(answer.not_examined)}" if answer.not_examined else ""
    return f"Rests on what is {basis}{unseen}.\n{why}"


def _attribute(text: str) -> str:
    return f'"{_text(text)}"'


def _text(text: str) -> str:
    return escape(_NOT_XML.sub(REPLACEMENT, "\n".join(map(one_line, text.splitlines()))))
