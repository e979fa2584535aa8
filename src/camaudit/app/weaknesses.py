"""Put what is published of a device's firmware into plain values, and count it over the estate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from camaudit.attribution import unit_of
from camaudit.model.advisories import Advisory, Answer, Finding, Known, Reach, Unit
from camaudit.model.attribution import Attribution
from camaudit.model.snapshot import (
    DeviceRow,
    Figure,
    WeaknessCount,
    WeaknessLine,
    WeaknessRecord,
)
from camaudit.model.words import OUTSIDE_KINDS

from . import telling
from .packset import PackSet

_EXPLOITED_FIRST = {Known.YES.value: 0, Known.UNKNOWN.value: 1, Known.NO.value: 2}


class Weaknesses:
    """The weaknesses of devices in words, made once for each distinct set of version facts."""

    def __init__(self, packs: PackSet) -> None:
        self._packs = packs
        self._records: dict[tuple[str, tuple[str, ...]], WeaknessRecord] = {}
        self._lines: dict[Unit, tuple[WeaknessLine, ...]] = {}

    def of(self, found: Attribution) -> tuple[WeaknessLine, ...]:
        """Return what the records say of a device, most urgent first."""
        unit = unit_of(found, self._packs.attributor.graph)
        lines = self._lines.get(unit)
        if lines is None:
            lines = tuple(self._line(each) for each in self._packs.advisor.find(unit))
            self._lines[unit] = lines
        return lines

    def _line(self, finding: Finding) -> WeaknessLine:
        return WeaknessLine(
            record=self._record(finding.advisory),
            answer=finding.answer.value,
            reason=finding.reason,
            settle=finding.settle,
            base_vendor=finding.reach is Reach.BASE,
        )

    def _record(self, advisory: Advisory) -> WeaknessRecord:
        key = (advisory.maker, advisory.ids)
        if key not in self._records:
            exploited = advisory.exploited
            self._records[key] = WeaknessRecord(
                ids=advisory.ids,
                title=advisory.title,
                maker=advisory.maker,
                maker_name=telling.maker_name(self._packs, advisory.maker) or advisory.maker,
                exploited=exploited.known.value,
                exploited_since=exploited.added,
                catalogue_on=exploited.catalogue_on,
                exploited_note=exploited.note,
                confidence=advisory.confidence.value,
                source=advisory.source.title,
                url=advisory.source.url,
                read_on=advisory.source.read_on,
                note=advisory.note,
            )
        return self._records[key]


def weakness_counts(rows: Sequence[DeviceRow]) -> tuple[WeaknessCount, ...]:
    """Count the answers of each record over the estate, most urgent first."""
    records: dict[tuple[str, tuple[str, ...]], WeaknessRecord] = {}
    counted: Counter[tuple[tuple[str, tuple[str, ...]], str]] = Counter()
    for row in rows:
        for line in row.weaknesses:
            key = (line.record.maker, line.record.ids)
            records[key] = line.record
            counted[key, line.answer] += 1
    result = [
        WeaknessCount(
            record=record,
            affected=counted[key, Answer.AFFECTED.value],
            cannot_tell=counted[key, Answer.CANNOT_TELL.value],
            not_affected=counted[key, Answer.NOT_AFFECTED.value],
        )
        for key, record in records.items()
    ]
    return tuple(sorted(result, key=_urgency))


def _urgency(count: WeaknessCount) -> tuple[bool, int, int, int, tuple[str, ...]]:
    return (
        not (count.affected or count.cannot_tell),
        _EXPLOITED_FIRST[count.record.exploited],
        -count.affected,
        -count.cannot_tell,
        count.record.ids,
    )


def weakness_figures(rows: Sequence[DeviceRow], on: date) -> tuple[Figure, ...]:
    """Return how many devices have published weaknesses, and of how many that cannot be told."""
    looked = [row for row in rows if row.kind not in OUTSIDE_KINDS]
    affected = [row for row in looked if _answers(row, Answer.AFFECTED)]
    open_ = [
        row
        for row in looked
        if _answers(row, Answer.CANNOT_TELL) and not _answers(row, Answer.AFFECTED)
    ]
    exploited = [row for row in affected if _exploited(row)]
    silent = [row for row in looked if not row.weaknesses]
    dates = {line.record.catalogue_on for row in looked for line in row.weaknesses} - {None}
    listed = f"as a catalogue of {max(filter(None, dates))} lists them" if dates else ""
    return tuple(
        Figure(
            id=name,
            label=label,
            value=len(found),
            of=len(looked),
            of_label="devices that are, or may be, surveillance equipment",
            on=on,
            note=note,
        )
        for name, label, found, note in (
            (
                "weak-exploited",
                "devices whose version has, or likely has, a weakness known to be exploited",
                exploited,
                listed,
            ),
            (
                "weak",
                "devices whose version has, or likely has, a published weakness",
                affected,
                "",
            ),
            (
                "weak-cannot-tell",
                "devices with published weaknesses of which version facts decide none",
                open_,
                "the version, its build date, the model or the maker is missing or not sure",
            ),
            (
                "weak-no-record",
                "devices that no record was found for",
                silent,
                "no known maker, or none that a record is about; that shows no absence",
            ),
        )
    )


def _answers(row: DeviceRow, answer: Answer) -> bool:
    return any(line.answer == answer for line in row.weaknesses)


def _exploited(row: DeviceRow) -> bool:
    return any(
        line.answer == Answer.AFFECTED and line.record.exploited == Known.YES
        for line in row.weaknesses
    )
