"""Write one JSON object a line: the report first, then figures, counts, questions, sites, devices.

Field names are those of ``docs/reference/reports.md`` and do not change within a major version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final

from camaudit.model.snapshot import DeviceRow, PolicyLine, Snapshot
from camaudit.reports import phrases
from camaudit.reports.grounds import insist, judged
from camaudit.reports.supposing import changes, extended_to

#: Of the shape of the lines; a reader refuses a major version that it does not know.
FORMAT: Final = "camaudit-report/1"


def build(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the lines, one a chunk."""
    insist(snapshot)
    return map(encode, lines(snapshot))


def lines(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Yield each line as an object; ``type`` comes first."""
    yield _report(snapshot)
    yield _policy(snapshot.policy)
    yield from typed("figure", snapshot.figures)
    for duty in snapshot.duties:
        yield {"type": "duty", **_object(duty), "of": judged(duty)}
    for by, counts in (
        ("maker", snapshot.makers),
        ("kind", snapshot.kinds),
        ("state", snapshot.states),
        ("basis", snapshot.bases),
    ):
        total = sum(each.devices for each in counts)
        for each in counts:
            yield {"type": "count", "by": by, **_object(each), "of": total}
    yield from typed("unknown", snapshot.unknowns)
    total = sum(map(judged, snapshot.duties))
    for question in snapshot.questions:
        yield {"type": "question", **_object(question), "of": total}
    yield from _what_if(snapshot)
    yield from typed("site", snapshot.sites)
    yield from typed("weakness_figure", snapshot.weakness_figures)
    for count in snapshot.weaknesses:
        yield {"type": "weakness", **_object(count), "of": len(snapshot.devices)}
    for device in snapshot.devices:
        yield _device(device)


def _report(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "type": "report",
        "format": FORMAT,
        "marking": phrases.marking(snapshot),
        "pretend": snapshot.pretend,
        "redacted": list(snapshot.redacted),
        "estate": snapshot.estate,
        "generated_at": snapshot.generated_at.isoformat(),
        "rules_on": snapshot.rules_on.isoformat(),
        "facts_on": snapshot.facts_on.isoformat(),
        "known_at": snapshot.known_at.isoformat(),
        "collector": snapshot.collector,
        "devices": len(snapshot.devices),
        "sites": len(snapshot.sites),
        "advisory_digest": snapshot.advisory_digest,
        "overridden": list(snapshot.what_if.overridden) if snapshot.what_if else [],
    }


def _what_if(snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    if snapshot.what_if is None:
        return
    overridden = list(snapshot.what_if.overridden)
    for change in changes(snapshot.what_if, snapshot.duties):
        yield {"type": "what_if", "overridden": overridden, **_object(change)}
    for place in extended_to(snapshot):
        yield {"type": "extension", "overridden": overridden, **_object(place)}


def _policy(policy: PolicyLine) -> dict[str, Any]:
    return {
        "type": "policy",
        **_object(policy),
        "notes": [
            {"question": question, "reading": reading, "chosen_by": chosen_by}
            for question, reading, chosen_by in policy.notes
        ],
        "choices": [
            {"question": question, "option": option} for question, option in policy.choices
        ],
    }


def _device(device: DeviceRow) -> dict[str, Any]:
    return {
        "type": "device",
        **_object(device),
        "people": [{"role": role, "who": who} for role, who in device.people],
        "history": [
            {"state": state, "on": on, "who": who, "evidence": evidence}
            for state, on, who, evidence in device.history
        ],
        "verdicts": [
            {**_object(line), "outcome": phrases.outcome(line)} for line in device.verdicts
        ],
        "weaknesses": [
            {**_object(line), "outcome": phrases.weakness(line)} for line in device.weaknesses
        ],
    }


def typed(word: str, rows: Iterable[object]) -> Iterator[dict[str, Any]]:
    """Yield the fields of plain values, with their type first."""
    for row in rows:
        yield {"type": word, **_object(row)}


def _object(row: object) -> dict[str, Any]:
    if not is_dataclass(row):
        raise TypeError(f"not a snapshot's part: {type(row).__name__}")
    return {field.name: _value(getattr(row, field.name)) for field in fields(row)}


def _value(value: object) -> Any:
    if isinstance(value, tuple):
        return [_value(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return _object(value) if is_dataclass(value) else value


def encode(line: dict[str, Any]) -> bytes:
    """Return a line in bytes."""
    # A lone surrogate, which UTF-8 cannot hold, becomes the JSON escape of itself.
    text = json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"
