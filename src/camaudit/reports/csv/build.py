"""Write the table: RFC 4180, UTF-8, no preamble; marking and dates stand in columns.

A cell that a spreadsheet would take for a formula gets a leading apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from camaudit.model.advisories import Answer
from camaudit.model.snapshot import DeviceRow, Snapshot, VerdictLine
from camaudit.reports import phrases
from camaudit.reports.grounds import insist
from camaudit.reports.legible import one_line

#: Rows written at once.
CHUNK_ROWS: Final = 512

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_REPORT: Final[dict[str, Callable[[Snapshot], object]]] = {
    "marking": phrases.marked,
    "pretend": lambda s: s.pretend,
    "redacted": lambda s: s.redacted,
    "estate": lambda s: s.estate,
    "generated_at": lambda s: s.generated_at.isoformat(),
    "rules_on": lambda s: s.rules_on.isoformat(),
    "facts_on": lambda s: s.facts_on.isoformat(),
    "known_at": lambda s: s.known_at.isoformat(),
    "collector": lambda s: s.collector,
    "policy": lambda s: s.policy.id,
    "policy_version": lambda s: s.policy.version,
    "policy_digest": lambda s: s.policy.digest,
    "advisory_digest": lambda s: s.advisory_digest,
}
_DEVICE: Final[dict[str, Callable[[DeviceRow], object]]] = {
    "device": lambda d: d.id,
    "site": lambda d: d.site,
    "site_name": lambda d: d.site_name,
    "sensitivity": lambda d: d.sensitivity,
    "zone": lambda d: d.zone,
    "zone_label": lambda d: phrases.zone(d.zone),
    "body": lambda d: d.body,
    "body_kind": lambda d: d.body_kind,
    "location": lambda d: d.location,
    "addresses": lambda d: d.addresses,
    "macs": lambda d: d.macs,
    "asset_ids": lambda d: d.asset_ids,
    "serial": lambda d: d.serial,
    "recorder": lambda d: d.recorder,
    "units": lambda d: d.units,
    "approximate": lambda d: d.approximate,
    "kind": lambda d: d.kind,
    "kind_confidence": lambda d: d.kind_confidence,
    "capabilities": lambda d: d.capabilities,
    "brand": lambda d: d.brand,
    "model": lambda d: d.model,
    "firmware_version": lambda d: d.firmware_version,
    "maker": lambda d: d.maker,
    "maker_name": lambda d: d.maker_name,
    "maker_confidence": lambda d: d.maker_confidence,
    "maker_aspect": lambda d: d.maker_aspect,
    "maker_band": lambda d: d.band,
    "maker_sentence": lambda d: d.sentence,
    "conflicts": lambda d: d.conflicts,
    "state": lambda d: d.state,
    "installed": lambda d: d.installed,
    "in_register": lambda d: d.in_register,
    "on_network": lambda d: d.on_network,
    "sighted": lambda d: d.sighted,
    "remarks": lambda d: d.remarks,
    "channels_declared": lambda d: d.channels_declared,
    "channels_seen": lambda d: d.channels_seen,
    "weaknesses_exploited": phrases.exploited_ids,
    "weaknesses_affected": lambda d: phrases.weakness_ids(d, Answer.AFFECTED),
    "weaknesses_cannot_tell": lambda d: phrases.weakness_ids(d, Answer.CANNOT_TELL),
}
_VERDICT: Final[dict[str, Callable[[VerdictLine], object]]] = {
    "requirement": lambda v: v.requirement,
    "clause": lambda v: v.clause,
    "requirement_title": lambda v: v.title,
    "verdict": lambda v: v.verdict,
    "outcome": phrases.outcome,
    "outstanding": lambda v: v.outstanding,
    "strength": lambda v: v.strength,
    "described_as": lambda v: v.described_as,
    "basis": lambda v: v.basis,
    "not_examined": lambda v: v.not_examined,
    "verdict_sentence": lambda v: v.sentence,
    "quote": lambda v: v.quote,
    "citations": lambda v: [f"{c.locator} <{c.url}> ({c.confidence})" for c in v.citations],
    "gaps": lambda v: v.gaps,
    "branches": lambda v: v.branches,
    "choices": lambda v: v.choices,
    "check": lambda v: v.check,
}

#: The header, in order. New columns come last within their part; none is renamed.
COLUMNS: Final = (*_REPORT, *_DEVICE, *_VERDICT)


def build(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the table: one row for each device and requirement."""
    insist(snapshot)
    return _chunks(_rows(snapshot))


def _rows(snapshot: Snapshot) -> Iterator[list[str]]:
    yield list(COLUMNS)
    report = [cell(value(snapshot)) for value in _REPORT.values()]
    no_device, no_verdict = [""] * len(_DEVICE), [""] * len(_VERDICT)
    if not snapshot.devices:  # the marking stands on an empty table too
        yield report + no_device + no_verdict
    for device in snapshot.devices:
        about = report + [cell(value(device)) for value in _DEVICE.values()]
        if not device.verdicts:
            yield about + no_verdict
        for line in device.verdicts:
            yield about + [cell(value(line)) for value in _VERDICT.values()]


def cell(value: object) -> str:
    """Return a value as one cell that no spreadsheet runs."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    text = value if isinstance(value, str) else "; ".join(map(str, _strings(value)))
    if text.startswith(_FORMULA):
        return f"'{one_line(text)}"
    text = one_line(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _strings(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _chunks(rows: Iterator[list[str]]) -> Iterator[bytes]:
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    for number, row in enumerate(rows, 1):
        writer.writerow(row)
        if number % CHUNK_ROWS == 0:
            yield sink.getvalue().encode()
            sink.seek(0)
            sink.truncate()
    if sink.tell():
        yield sink.getvalue().encode()
