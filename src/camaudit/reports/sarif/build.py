"""Write an order's findings as one SARIF run (OASIS Standard, SARIF 2.1.0; sections in comments).

1. A rule is a policy's requirement, a result is what it says of a line: breaches, and what cannot
   be told. What is met or does not apply is no result unless it is asked for (``every``): readers
   that do not know ``kind`` would show it as an alert.
2. A result whose ``kind`` is not ``fail`` has the level ``none`` (3.27.10). What cannot be told is
   of kind ``open``, as SARIF calls it when not enough is known to decide (3.27.9).
   ``open_as="note"`` writes it as a note for readers that show nothing of level ``none``.
3. Only plain text is written, no Markdown; text from outside can form neither link nor placeholder.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal
from urllib.parse import quote, urlsplit

from camaudit.model.ids import canonical
from camaudit.model.orders import LineAnswer, OrderLine
from camaudit.model.policy import Verdict
from camaudit.model.words import Strength, VerdictCode
from camaudit.reports import orders, phrases
from camaudit.reports.legible import clipped, legible
from camaudit.reports.orders import INSTRUCTIONS, Finding, OrderAbout
from camaudit.reports.scrub import REDACTED

VERSION: Final = "2.1.0"
SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
#: Of our own fingerprint: what goes into it does not change under this name.
FINGERPRINT: Final = "camaudit/orderLine/v1"
#: The name under which GitHub looks for a fingerprint.
LINE_HASH: Final = "primaryLocationLineHash"

#: How what cannot be told is written.
OpenAs = Literal["open", "note"]

_KINDS: Final = {
    VerdictCode.BREACHES: "fail",
    VerdictCode.CANNOT_TELL: "open",
    VerdictCode.MEETS: "pass",
    VerdictCode.NOT_APPLICABLE: "notApplicable",
}
#: ``row 7`` of a table, on whichever sheet, and ``line 7`` of a text. A line of a page is none of
#: the file.
_ROW: Final = re.compile(r"(?:(?:.*[\s,;:])?row|line) ([1-9][0-9]{0,8})(?![0-9.])", re.DOTALL)
_LINK: Final = "]("
#: Hexadecimal digits of a digest that tell a line from others.
_HASH_DIGITS: Final = 32


def build(
    answers: Sequence[LineAnswer],
    about: OrderAbout,
    *,
    open_as: OpenAs = "open",
    every: bool = False,
) -> Iterator[bytes]:
    """Yield the log in chunks, one result a chunk.

    Raises:
        CamauditError: a verdict has no ground, before the first chunk.
    """
    orders.insist_on(answers)
    return _chunks(answers, about, open_as, every=every)


def _chunks(
    answers: Sequence[LineAnswer], about: OrderAbout, open_as: OpenAs, *, every: bool
) -> Iterator[bytes]:
    rules = _rules(answers)
    run = {
        "tool": {"driver": _driver(about, rules)},
        "invocations": [_invocation(answers)],
        "artifacts": [{"location": {"uri": _uri(about.order)}, "roles": ["analysisTarget"]}],
        "language": "en-GB",
        **({"redactionTokens": [REDACTED]} if about.redacted else {}),
        "properties": _asked(answers, about),
    }
    head = {"$schema": SCHEMA, "version": VERSION}
    # "results" comes last, so that results can follow one by one.
    yield f'{_json(head)[:-1]},"runs":[{_json(run)[:-1]},"results":['.encode()
    results = _results(answers, about, [*rules], open_as, every=every)
    for number, result in enumerate(results):
        yield f"{',' if number else ''}\n{_json(result)}".encode()
    yield b"\n]}]}\n"


def _driver(about: OrderAbout, rules: dict[str, Verdict]) -> dict[str, Any]:
    return {
        "name": "camaudit",
        "version": about.version,
        "rules": [_rule(name, verdict) for name, verdict in rules.items()],
    }


def _rules(answers: Sequence[LineAnswer]) -> dict[str, Verdict]:
    """Return a verdict of each requirement, by the rule's id: what they say of it is the same."""
    found: dict[str, Verdict] = {}
    for answer in answers:
        for finding in orders.findings(answer):
            found.setdefault(finding.rule, finding.verdict)
    return found


def _rule(name: str, verdict: Verdict) -> dict[str, Any]:
    """Return a reportingDescriptor (3.49)."""
    cited = "; ".join(f"{each.locator} ({each.confidence})" for each in verdict.citations)
    quoted = f"\u201c{verdict.quote}\u201d {cited}"
    link = next((each.url for each in verdict.citations if _is_web(each.url)), None)
    return {
        "id": name,
        "shortDescription": _message(verdict.title),
        "fullDescription": _message(quoted),
        "help": _message(
            f"Clause {verdict.clause} of {verdict.policy}, {phrases.plain(verdict.strength)}: "
            f"{verdict.title}. {quoted}"
        ),
        **({"helpUri": link} if link else {}),
        "defaultConfiguration": {"level": _level(verdict.strength)},
        "properties": {
            "strength": verdict.strength,
            "policy": verdict.policy,
            "clause": verdict.clause,
            "check": verdict.check,
            "citations": [
                {
                    "locator": clipped(each.locator, orders.LONGEST),
                    "url": clipped(each.url, orders.LONGEST),
                    "retrieved": each.retrieved.isoformat(),
                    "confidence": each.confidence,
                }
                for each in verdict.citations
            ],
        },
    }


def _level(strength: Strength) -> str:
    if strength in INSTRUCTIONS:
        return "error"
    return "warning" if strength is Strength.SHOULD else "note"


def _invocation(answers: Sequence[LineAnswer]) -> dict[str, Any]:
    """Return an invocation (3.20): an order of which nothing was read was not checked."""
    if answers:
        return {"executionSuccessful": True}
    notice = {"level": "error", "message": _message("No line of the order was read.")}
    return {"executionSuccessful": False, "toolExecutionNotifications": [notice]}


def _asked(answers: Sequence[LineAnswer], about: OrderAbout) -> dict[str, Any]:
    packs = {
        each.verdict.policy: each.verdict for answer in answers for each in orders.findings(answer)
    }
    return {
        "lines": len(answers),
        "redacted": sorted(about.redacted),
        "policies": [
            {
                "id": name,
                "version": verdict.version,
                "digest": verdict.digest,
                "rulesOn": verdict.at.isoformat(),
            }
            for name, verdict in packs.items()
        ],
    }


def _results(
    answers: Sequence[LineAnswer],
    about: OrderAbout,
    rules: Sequence[str],
    open_as: OpenAs,
    *,
    every: bool,
) -> Iterator[dict[str, Any]]:
    index = {name: number for number, name in enumerate(rules)}
    alike: Counter[bytes] = Counter()
    for answer in answers:
        same = _identity(answer.line)
        alike[same] += 1
        for finding in orders.findings(answer):
            code = finding.verdict.verdict
            if every or code in {VerdictCode.BREACHES, VerdictCode.CANNOT_TELL}:
                yield {
                    "ruleId": finding.rule,
                    "ruleIndex": index[finding.rule],
                    **_weight(finding.verdict, open_as),
                    "message": _message(_text(answer, finding, about)),
                    "locations": [_location(answer, about)],
                    **_fingerprints(about, finding, same, alike[same]),
                    "properties": _properties(answer, finding, about),
                }


def _weight(verdict: Verdict, open_as: OpenAs) -> dict[str, str]:
    kind = _KINDS[verdict.verdict]
    if kind == "fail":
        return {"kind": kind, "level": _level(verdict.strength)}
    if kind == "open" and open_as == "note":
        return {"kind": "fail", "level": "note"}
    return {"kind": kind, "level": "none"}


def _text(answer: LineAnswer, finding: Finding, about: OrderAbout) -> str:
    """Return the message; its first sentence stands alone where there is little room (3.11.3)."""
    title = orders.line_text(answer, orders.LONGEST_TITLE)
    name = orders.line_name(answer)
    parts = [f"{name[:1].upper()}{name[1:]}, \u201c{title}\u201d: {orders.told(finding)}"]
    parts += [
        f"{orders.item_text(each)}: {orders.maker_text(each, about)}." for each in finding.items
    ]
    if finding.verdict.verdict is VerdictCode.CANNOT_TELL:
        parts += orders.listed((*finding.questions, *answer.ask_supplier))
    return "\n".join(parts)


def _location(answer: LineAnswer, about: OrderAbout) -> dict[str, Any]:
    """Return a location (3.28); only a place that tells a row of the file has a region."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(about.order), "index": 0}}
    if row := _ROW.match(answer.line.position):
        physical["region"] = {"startLine": int(row.group(1))}
    return {
        "physicalLocation": physical,
        "logicalLocations": [
            {
                "name": clipped(answer.line.line, orders.LONGEST_TITLE),
                "fullyQualifiedName": orders.line_name(answer),
            }
        ],
    }


def _fingerprints(
    about: OrderAbout, finding: Finding, same: bytes, occurrence: int
) -> dict[str, Any]:
    """Return fingerprints (3.27.16) that stay when lines move, and when the answer changes.

    The order is part of them: who dismisses a finding in one order has not read another one.
    """
    parts = (_bytes(about.order), _bytes(finding.rule), same, str(occurrence).encode())
    digest = hashlib.sha256(canonical(parts)).hexdigest()
    return {
        "fingerprints": {FINGERPRINT: digest},
        "partialFingerprints": {LINE_HASH: f"{digest[:_HASH_DIGITS]}:1"},
    }


def _identity(line: OrderLine) -> bytes:
    """Return what makes a line this line, wherever it stands and however many it asks for."""
    told = (line.description, line.brand, line.model, line.supplier, line.site, line.body)
    return canonical(_bytes(" ".join((text or "").split())) for text in told)


def _properties(answer: LineAnswer, finding: Finding, about: OrderAbout) -> dict[str, Any]:
    verdict = finding.verdict
    return {
        "verdict": verdict.verdict,
        "outstanding": verdict.outstanding,
        "outcome": orders.outcome(finding),
        "strength": verdict.strength,
        "basis": verdict.basis,
        "notExamined": list(verdict.not_examined),
        "line": clipped(answer.line.line, orders.LONGEST_TITLE),
        "position": clipped(answer.line.position, orders.LONGEST_TITLE),
        "items": [
            {
                "text": orders.item_text(each),
                "function": each.item.function,
                "kind": each.kind,
                "maker": each.maker,
                "makerConfidence": each.maker_confidence,
                "says": orders.maker_text(each, about),
            }
            for each in finding.items
        ],
        "questions": orders.listed(finding.questions),
        "askSupplier": orders.listed(answer.ask_supplier),
        "reasons": orders.listed(answer.reasons),
    }


def _message(text: str) -> dict[str, str]:
    """Return a plain text message in which braces and brackets are only characters (3.11.5, .6)."""
    plain = legible(text).replace("{", "{{").replace("}", "}}").replace(_LINK, "] (")
    return {"text": plain or " "}


def _uri(order: str) -> str:
    """Return a file's path as a relative URI reference; its parts hold no character of a URI's own.

    A colon in the first part would make it a scheme (RFC 3986, 4.2), so it is escaped too.
    """
    parts = orders.path_of(order).split("/")
    return "/".join(quote(part, safe="", errors="replace") for part in parts)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.netloc)
        and re.fullmatch(r"[!#$%&'()*+,\-./0-9:;=?@A-Z_a-z~]+", url) is not None
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _json(value: object) -> str:
    return json.dumps(_safe(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _safe(value: object) -> object:
    """Return a value whose every text is legible, whatever was put in."""
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, dict):
        return {key: _safe(each) for key, each in value.items()}
    return [_safe(each) for each in value] if isinstance(value, Iterable) else value
