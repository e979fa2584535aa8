"""The purchase gate as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from camaudit.model.orders import ItemAnswer, LineAnswer
from camaudit.model.policy import Verdict
from camaudit.model.words import Strength, VerdictCode
from camaudit.reports.legible import one_line

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
#: Section 3.27.10: the level of a result, where it fails.
_LEVELS: Final = {Strength.MUST: "error", Strength.MUST_NOT: "error", Strength.SHOULD: "warning"}
#: Section 3.27.9: the kind of a result.
_KINDS: Final = {
    VerdictCode.BREACHES: "fail",
    VerdictCode.CANNOT_TELL: "open",
    VerdictCode.MEETS: "pass",
    VerdictCode.NOT_APPLICABLE: "notApplicable",
}
_ROW: Final = re.compile(r"(?:row|line) (\d{1,9})")


def sarif(answers: Sequence[LineAnswer], file: str, version: str) -> bytes:
    """Return one run over one order; ``file`` is the order's name, as it is shown."""
    verdicts = [
        verdict
        for answer in answers
        for item in answer.items
        for found in item.verdicts.values()
        for verdict in found
    ]
    rules = {_rule_id(each): each for each in verdicts}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "camaudit",
                        "semanticVersion": version,
                        "rules": [_rule(each) for each in rules.values()],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": list(_results(answers, file, list(rules))),
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _rule_id(verdict: Verdict) -> str:
    return f"{verdict.policy}/{verdict.requirement}"


def _rule(verdict: Verdict) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": _rule_id(verdict),
        "shortDescription": {"text": one_line(verdict.title)},
        "fullDescription": {"text": one_line(verdict.quote)},
        "defaultConfiguration": {"level": _LEVELS.get(verdict.strength, "note")},
        "properties": {"strength": verdict.strength.value, "packVersion": verdict.version},
    }
    if verdict.citations:
        rule["helpUri"] = verdict.citations[0].url
    return rule


def _results(
    answers: Sequence[LineAnswer], file: str, rules: Sequence[str]
) -> Iterator[dict[str, Any]]:
    for answer in answers:
        for number, item in enumerate(answer.items):
            for found in item.verdicts.values():
                for verdict in found:
                    yield _result(answer, number, item, verdict, file, rules)


def _result(
    answer: LineAnswer,
    number: int,
    item: ItemAnswer,
    verdict: Verdict,
    file: str,
    rules: Sequence[str],
) -> dict[str, Any]:
    code = verdict.verdict
    if item.item.or_equal and code is VerdictCode.MEETS:
        code = VerdictCode.CANNOT_TELL  # something else may be delivered
    fails = code is VerdictCode.BREACHES
    rule = _rule_id(verdict)
    text = f"{item.item.text}: {verdict.sentence}"
    location: dict[str, Any] = {"artifactLocation": {"uri": file}}
    if row := _ROW.search(answer.line.position):
        location["region"] = {"startLine": int(row[1])}
    key = "\0".join((answer.line.line, str(number), item.item.text, rule))
    return {
        "ruleId": rule,
        "ruleIndex": rules.index(rule),
        "kind": _KINDS[code],
        "level": _LEVELS.get(verdict.strength, "note") if fails else "none",
        "message": {"text": one_line(text)},
        "locations": [
            {
                "physicalLocation": location,
                "logicalLocations": [{"name": one_line(answer.line.line), "kind": "element"}],
            }
        ],
        "partialFingerprints": {"item/v1": hashlib.sha256(key.encode()).hexdigest()},
        "properties": {"basis": verdict.basis.value if verdict.basis else None},
    }
