"""Write an order's answers as JUnit XML, in the part of it that GitLab, Jenkins and GitHub read.

1. A test suite is a policy, a test case is a line. A breach is a failure, what does not apply is
   skipped, what meets passes and says what that rests on.
2. What cannot be told is an error, since it must not look like a pass; a caller who wants it
   skipped says so. An order without lines, and a policy that was not asked, cannot be told either.
3. Reasons stand in the text of an element, which every reader shows, and in short in ``message``.
4. Test cases of one name are dropped by GitLab but for the first, so each has its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from camaudit.model.orders import LineAnswer
from camaudit.model.words import VerdictCode
from camaudit.reports import orders, phrases
from camaudit.reports.legible import REPLACEMENT, clipped, legible
from camaudit.reports.orders import OrderAbout

#: How what cannot be told is written.
OpenAs = Literal["error", "skipped"]

#: Characters of a ``message``, which readers show on one line.
LONGEST_MESSAGE: Final = 300

#: Beyond what ``legible`` takes out, XML 1.0 (2.2) has no place for these two.
_NO_XML: Final = re.compile("[\ufffe\uffff]")
#: What cannot be told is for the caller to say.
_TAGS: Final = {
    VerdictCode.BREACHES: "failure",
    VerdictCode.NOT_APPLICABLE: "skipped",
}


def build(
    answers: Sequence[LineAnswer], about: OrderAbout, *, open_as: OpenAs = "error"
) -> Iterator[bytes]:
    """Yield the document in chunks, one policy a chunk.

    Raises:
        CamauditError: a verdict has no ground, before the first chunk.
    """
    orders.insist_on(answers)
    return _chunks(answers, about, open_as)


def _chunks(answers: Sequence[LineAnswer], about: OrderAbout, open_as: OpenAs) -> Iterator[bytes]:
    policies = orders.policies_of(answers)
    root = Element(
        "testsuites", {"name": _attribute(f"camaudit check {orders.path_of(about.order)}")}
    )
    suites = [_suite(policy, answers, about, open_as) for policy in policies] or [
        _nothing(about, answers)
    ]
    for word in ("tests", "failures", "errors"):
        root.set(word, str(sum(int(suite.get(word, "0")) for suite in suites)))
    root.text = "\n"  # so that the root is written with an end of its own
    head, end = tostring(root, encoding="unicode").split("\n")
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n'.encode()
    for suite in suites:
        yield f"{tostring(suite, encoding='unicode')}\n".encode()
    yield f"{end}\n".encode()


def _suite(
    policy: str, answers: Sequence[LineAnswer], about: OrderAbout, open_as: OpenAs
) -> Element:
    suite = Element("testsuite")
    _properties(suite, policy, answers, about)
    names: set[str] = set()
    for answer in answers:
        case = SubElement(
            suite,
            "testcase",
            {
                "classname": _attribute(policy),
                "name": _own_name(answer, names),
                "file": _attribute(orders.path_of(about.order)),
                "time": "0",
            },
        )
        _say(case, answer, policy, about, open_as)
    return _counted(suite, about.policies.get(policy, policy), len(answers))


def _own_name(answer: LineAnswer, taken: set[str]) -> str:
    base = f"{orders.line_name(answer)}: {orders.line_text(answer, orders.LONGEST_TITLE)}"
    name = base = _attribute(base)
    number = 1
    while name in taken:
        number += 1
        name = f"{base} [{number}]"
    taken.add(name)
    return name


def _nothing(about: OrderAbout, answers: Sequence[LineAnswer]) -> Element:
    """Return the suite of an order of which no line was read, or for which no policy was asked."""
    why = "No policy was asked." if answers else "No line of the order was read."
    suite = Element("testsuite")
    attributes = {"classname": "camaudit", "name": "the order", "time": "0"}
    case = SubElement(
        suite, "testcase", {**attributes, "file": _attribute(orders.path_of(about.order))}
    )
    _child(case, "error", VerdictCode.CANNOT_TELL, why, [why])
    return _counted(suite, "camaudit", 1)


def _counted(suite: Element, name: str, tests: int) -> Element:
    suite.set("name", _attribute(name))
    suite.set("tests", str(tests))
    for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(word, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", "0")
    return suite


def _properties(
    suite: Element, policy: str, answers: Sequence[LineAnswer], about: OrderAbout
) -> None:
    told = {"policy": policy, "camaudit": about.version}
    verdict = next(
        (each.verdict for answer in answers for each in orders.findings(answer, policy)), None
    )
    if verdict is not None:
        told |= {
            "policy.version": verdict.version,
            "policy.digest": verdict.digest,
            "rules.on": verdict.at.isoformat(),
        }
    if about.redacted:
        told["redacted"] = phrases.left_out(sorted(about.redacted))
    holder = SubElement(suite, "properties")
    for name, value in told.items():
        SubElement(holder, "property", {"name": name, "value": _attribute(value)})


def _say(
    case: Element, answer: LineAnswer, policy: str, about: OrderAbout, open_as: OpenAs
) -> None:
    code = orders.verdict_on(answer, policy)
    told = _told(answer, policy, code)
    if code in {VerdictCode.BREACHES, VerdictCode.CANNOT_TELL}:
        told += _questions(answer, policy)
    told += [f"{orders.item_text(each)}: {orders.maker_text(each, about)}" for each in answer.items]
    if code is VerdictCode.MEETS:
        basis, missed = orders.rests_on(answer, policy)
        _output(case, [phrases.answered(code, basis, missed), *told])
        return
    tag = open_as if code is VerdictCode.CANNOT_TELL else _TAGS[code]
    _child(case, tag, code, told[0], told)


def _told(answer: LineAnswer, policy: str, code: VerdictCode) -> list[str]:
    """Return why a line has its answer; never nothing."""
    # A breach does not hide what else is open, and nothing hides a decision that is outstanding.
    named = {code, VerdictCode.CANNOT_TELL} if code is VerdictCode.BREACHES else {code}
    found = orders.findings(answer, policy)
    decide = [
        orders.told(each)
        for each in sorted(found, key=lambda each: each.verdict.verdict != code)
        if each.verdict.verdict in named or each.verdict.outstanding
    ]
    if policy not in answer.verdicts and not decide:
        decide = ["This policy was not asked of this line."]
    return orders.listed((*decide, *answer.reasons)) or [f"{phrases.plain(code)}; no reason given"]


def _questions(answer: LineAnswer, policy: str) -> list[str]:
    asked = [question for each in orders.findings(answer, policy) for question in each.questions]
    every = orders.listed((*asked, *answer.ask_supplier))
    return ["What would settle it:", *(f"- {question}" for question in every)] if every else []


def _child(case: Element, tag: str, code: VerdictCode, short: str, told: Sequence[str]) -> None:
    child = SubElement(case, tag, {"message": _attribute(clipped(short, LONGEST_MESSAGE))})
    if tag != "skipped":  # which has no type of its own
        child.set("type", code)
    child.text = _text(told)


def _output(case: Element, told: Sequence[str]) -> None:
    SubElement(case, "system-out").text = _text(told)


def _text(lines: Sequence[str]) -> str:
    return _NO_XML.sub(REPLACEMENT, legible("\n".join(lines)))


def _attribute(text: str) -> str:
    return _NO_XML.sub(REPLACEMENT, clipped(text, 2 * orders.LONGEST_TITLE))
