"""Refuse numbers without denominators, verdicts without clauses and makers without signals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.errors import CamauditError
from camaudit.model.advisories import Answer
from camaudit.model.snapshot import (
    DeviceRow,
    DutyCount,
    Figure,
    Question,
    SiteRow,
    Snapshot,
    VerdictLine,
    WeaknessCount,
    WeaknessLine,
)
from camaudit.model.words import Basis, Strength, VerdictCode

#: Faults named in the message; the rest is counted.
SHOWN_FAULTS: Final = 5

_VERDICTS: Final = frozenset(VerdictCode)
_ANSWERS: Final = frozenset(Answer)
_STRENGTHS: Final = frozenset(Strength)


def insist(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot as it is, or raise ``CamauditError`` that names what has no ground."""
    faults = list(_faults(snapshot))
    if faults:
        more = f"; and {len(faults) - SHOWN_FAULTS} more" if len(faults) > SHOWN_FAULTS else ""
        raise CamauditError(
            f"this cannot be reported: {'; '.join(faults[:SHOWN_FAULTS])}{more}. "
            "Run the assessment again; if it stays so, the pack or the estate is damaged"
        )
    return snapshot


def judged(duty: DutyCount) -> int:
    """Return how many device records a duty's counts are out of."""
    return (
        duty.breaches
        + duty.meets_evidenced
        + duty.meets_presumed
        + duty.meets_declared
        + duty.outstanding
        + duty.cannot_tell
        + duty.not_applicable
    )


def verdicts_given(snapshot: Snapshot) -> int:
    """Return how many verdicts the rules were asked for; manual clauses are judged by nobody."""
    return sum(judged(duty) for duty in snapshot.duties if not duty.manual)


def _faults(snapshot: Snapshot) -> Iterator[str]:
    for figure in (*snapshot.figures, *snapshot.unknowns, *snapshot.weakness_figures):
        yield from _figure(figure)
    for duty in snapshot.duties:
        yield from _duty(duty, len(snapshot.devices))
    total = verdicts_given(snapshot)
    for question in snapshot.questions:
        yield from _question(question, total)
    for site in snapshot.sites:
        yield from _site(site)
    for count in snapshot.weaknesses:
        yield from _weakness_count(count, len(snapshot.devices))
    for device in snapshot.devices:
        yield from _device(device)


def _figure(figure: Figure) -> Iterator[str]:
    if not figure.label.strip():
        yield f"figure {figure.id!r} does not say what it counts"
    if not figure.of_label.strip():
        yield f"figure {figure.id!r} has no denominator"
    if not 0 <= figure.value <= figure.of:
        yield f"figure {figure.id!r} is {figure.value} of {figure.of}"


def _duty(duty: DutyCount, devices: int) -> Iterator[str]:
    if not duty.clause.strip() or not duty.quote.strip():
        yield f"requirement {duty.requirement!r} has no clause or no quote"
    if judged(duty) != devices:
        yield (
            f"requirement {duty.requirement!r} counts {judged(duty)} device records "
            f"where there are {devices}"
        )


def _question(question: Question, verdicts: int) -> Iterator[str]:
    if not 0 <= question.settles <= question.verdicts <= verdicts:
        yield (
            f"question {question.fact!r} settles {question.settles} of {question.verdicts} "
            f"verdicts out of {verdicts}"
        )


def _site(site: SiteRow) -> Iterator[str]:
    if max(site.breaches, site.cannot_tell) > site.devices:
        yield f"site {site.id!r} has more devices with a verdict than devices"


def _weakness_count(count: WeaknessCount, devices: int) -> Iterator[str]:
    if count.affected + count.cannot_tell + count.not_affected > devices:
        yield f"{count.record.ids[0]} is counted for more device records than there are"


def _device(device: DeviceRow) -> Iterator[str]:
    if device.maker is not None and not device.reasons:
        yield f"device {device.id} names a maker without a signal"
    if device.maker is not None and device.maker_confidence is None:
        yield f"device {device.id} names a maker without a confidence"
    for line in device.verdicts:
        yield from _verdict(device.id, line)
    for weakness in device.weaknesses:
        yield from _weakness(device.id, weakness)


def _weakness(device: str, line: WeaknessLine) -> Iterator[str]:
    where = f"device {device}, {', '.join(line.record.ids)}"
    if line.answer not in _ANSWERS or not line.reason.strip() or not line.record.source.strip():
        yield f"{where}: a weakness without its answer, reason and source"
    if line.answer == Answer.CANNOT_TELL and not line.settle.strip():
        yield f'{where}: "cannot tell" without what would settle it'


def _verdict(device: str, line: VerdictLine) -> Iterator[str]:
    where = f"device {device}, requirement {line.requirement!r}"
    if line.verdict not in _VERDICTS or line.strength not in _STRENGTHS:
        yield f"{where}: {line.verdict!r} under {line.strength!r} is no verdict"
    if not line.clause.strip() or not line.quote.strip() or not line.citations:
        yield f"{where}: a verdict without its clause, quote and citation"
    if line.verdict == VerdictCode.MEETS and not line.basis:
        yield f'{where}: "meets" without what it rests on'
    if line.verdict == VerdictCode.MEETS and line.basis == Basis.PRESUMED and not line.not_examined:
        yield f'{where}: "meets (presumed)" without what was not examined'
