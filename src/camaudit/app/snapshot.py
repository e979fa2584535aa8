"""Turn an assessment into the plain values that every report is built from."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from camaudit import __version__
from camaudit.attribution import Relations
from camaudit.model.estate import Device
from camaudit.model.ids import BodyId, DeviceId
from camaudit.model.snapshot import (
    Count,
    DeviceRow,
    DutyCount,
    PolicyLine,
    Question,
    SiteRow,
    Snapshot,
    TieLine,
    VerdictLine,
    WhatIf,
)
from camaudit.model.words import OUTSIDE_KINDS, VerdictCode

from . import telling
from .assess import Assessment
from .facts import body_of, sensitivity_of, state_of
from .figures import answer, unknowns
from .packset import PackSet
from .survey import Survey
from .ties import tie_line
from .weaknesses import Weaknesses, weakness_counts, weakness_figures
from .what_if import extended

#: Verdicts that rest on something.
RESTING = frozenset({VerdictCode.MEETS.value, VerdictCode.BREACHES.value})
#: Questions shown: those that would settle most.
QUESTIONS = 5


def build_snapshot(
    assessment: Assessment,
    packs: PackSet,
    estate: str,
    at: datetime,
    only: DeviceId | None = None,
    recorded: Assessment | None = None,
) -> Snapshot:
    """Return everything that a report may say; with ``only``, of one device and without figures.

    ``recorded`` is the same assessment without what is supposed, where something is.
    """
    survey = assessment.survey
    told, weaknesses = _Told(assessment), Weaknesses(packs)
    rows = tuple(
        _row(assessment, packs, device, place, told, weaknesses)
        for place, device in enumerate(survey.devices)
        if only is None or device.id == only
    )
    question = assessment.question
    return Snapshot(
        estate=survey.name or estate,
        marking=survey.marking,
        pretend=survey.pretend,
        generated_at=at,
        rules_on=question.rules_on,
        facts_on=question.facts_on,
        known_at=question.known_at,
        collector=f"camaudit {__version__}",
        policy=_policy(assessment),
        figures=answer(assessment, rows) if only is None else (),
        duties=_duties(assessment),
        makers=_makers(rows),
        bands=tuple((band.id, band.at_least) for band in packs.makers.vocabulary.bands),
        kinds=_counts(Counter(row.kind for row in rows)),
        states=_counts(Counter(row.state for row in rows)),
        bases=_counts(
            Counter(
                v.basis
                for row in rows
                for v in row.verdicts
                if v.basis is not None and v.verdict in RESTING
            )
        ),
        unknowns=unknowns(assessment, rows) if only is None else (),
        questions=tuple(
            Question(
                fact=gap.fact,
                question=gap.question,
                obtain=gap.obtain,
                verdicts=gap.verdicts,
                settles=gap.settles,
            )
            for gap in assessment.gaps[:QUESTIONS]
        ),
        sites=_sites(assessment, rows),
        devices=rows,
        ties=_ties(survey, packs, question.facts_on) if only is None else (),
        weaknesses=weakness_counts(rows) if only is None else (),
        weakness_figures=weakness_figures(rows, question.facts_on) if only is None else (),
        advisory_digest=packs.advisories.digest,
        what_if=_what_if(assessment, recorded) if recorded is not None else None,
    )


def _what_if(assessment: Assessment, recorded: Assessment) -> WhatIf:
    supposed = assessment.question.what_if
    extending = any(each.where is not None for each in supposed)
    return WhatIf(
        overridden=tuple(each.text for each in supposed),
        before=_duties(recorded),
        extended=extended(assessment.policy) if extending else (),
    )


class _Told(dict[int, tuple[VerdictLine, ...]]):
    """The verdicts of each distinct row of facts in words, made once for all its devices."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__()
        self._assessment = assessment

    def __missing__(self, row: int) -> tuple[VerdictLine, ...]:
        lines = tuple(telling.verdict_line(each) for each in self._assessment.verdicts[row])
        self[row] = lines
        return lines


def _row(
    assessment: Assessment,
    packs: PackSet,
    device: Device,
    place: int,
    told: _Told,
    weaknesses: Weaknesses,
) -> DeviceRow:
    survey = assessment.survey
    found = survey.attributions[device.id]
    dating = survey.datings[device.id]
    lines = telling.reasons(survey.evidence.get(device.id, []), packs)
    site = survey.sites.get(device.site) if device.site else None
    on = assessment.setting.on
    body, body_kind = body_of(survey, device, on)
    state = state_of(device, on)
    sensitivity = sensitivity_of(survey, device, assessment.setting).value
    confirmed = survey.confirmed.get(device.id)
    text = telling.sentence(found, lines, packs)
    if confirmed is not None:
        name = telling.maker_name(packs, confirmed.body["maker"])
        text = f"Confirmed as produced by {name}: {confirmed.body['evidence']}. {text}"
    return DeviceRow(
        id=device.id,
        site=device.site,
        site_name=site.name if site else device.site_text,
        location=device.location,
        addresses=device.addresses,
        macs=device.macs,
        asset_ids=device.asset_ids,
        serial=found.serial,
        recorder=device.recorder,
        units=device.quantity.units,
        approximate=device.quantity.approximate,
        kind=found.kind.value,
        kind_confidence=found.kind_confidence,
        capabilities=found.capabilities,
        brand=telling.maker_name(packs, found.brand),
        model=found.model,
        firmware_version=found.firmware_version,
        maker=found.maker,
        maker_name=telling.maker_name(packs, found.maker),
        maker_confidence=found.maker_confidence,
        maker_aspect=found.maker_aspect,
        band=telling.band_of(packs.makers, found.maker_confidence),
        sentence=text,
        aspects=telling.aspect_lines(found, packs),
        reasons=lines,
        conflicts=telling.conflict_text(found, packs),
        state=state.value if state else "unknown",
        installed=_interval(dating.interval.not_before, dating.interval.not_after),
        dating=dating.reasons,
        in_register=device.in_register,
        on_network=device.on_network,
        sighted=device.sighted,
        people=tuple((role.role, role.of) for role in device.roles),
        history=tuple(
            (change.state.value, _day(change.on), change.who, change.evidence)
            for change in device.states
        ),
        body=_body_name(survey, body),
        body_kind=body_kind.value,
        sensitivity=sensitivity,
        zone=(device.zone.value if device.zone else None),
        verdicts=told[assessment.rows[place]],
        remarks=device.remarks,
        channels_declared=device.channels_declared,
        channels_seen=device.channels_seen,
        weaknesses=weaknesses.of(found),
        overridden=tuple(
            each.text
            for each in assessment.question.what_if
            if each.where is None or each.where[1] == sensitivity
        ),
    )


def _body_name(survey: Survey, body: str | None) -> str | None:
    known = survey.bodies.get(BodyId(body)) if body else None
    return known.name if known else body


def _day(on: object) -> str:
    return "" if str(on) == "0001-01-01" else str(on)


def _interval(low: object, high: object) -> str:
    if low and high:
        return f"on {low}" if low == high else f"between {low} and {high}"
    if low:
        return f"not before {low}"
    return f"not after {high}" if high else "not known"


def _policy(assessment: Assessment) -> PolicyLine:
    policy = assessment.policy
    chosen = {choice.id: choice.default for choice in policy.choices}
    chosen |= dict(assessment.question.choices)
    return PolicyLine(
        id=policy.id,
        title=policy.title,
        issuer=policy.issuer,
        version=policy.version,
        digest=policy.digest,
        as_of=policy.as_of,
        legal_force=policy.legal_force,
        notes=tuple(
            (note.question, note.choice, note.chosen_by) for note in policy.interpretation_notes
        ),
        choices=tuple((choice.question, chosen[choice.id]) for choice in policy.choices),
        citations=tuple(telling.citation_line(each) for each in policy.citations),
    )


def _duties(assessment: Assessment) -> tuple[DutyCount, ...]:
    result = []
    weights = Counter(assessment.rows)
    for at, requirement in enumerate(assessment.policy.requirements):
        tally: Counter[str] = Counter()
        strength, words = requirement.strength.value, ""
        for row, devices in weights.items():
            verdict = assessment.verdicts[row][at]
            strength, words = verdict.strength.value, telling.described(verdict.described_as)
            tally[_column(verdict.verdict, verdict.basis, outstanding=verdict.outstanding)] += (
                devices
            )
        result.append(
            DutyCount(
                requirement=requirement.id,
                clause=requirement.clause,
                title=requirement.title,
                quote=requirement.quote,
                strength=strength,
                described_as=words,
                breaches=tally["breaches"],
                meets_evidenced=tally["meets_evidenced"],
                meets_presumed=tally["meets_presumed"],
                meets_declared=tally["meets_declared"],
                outstanding=tally["outstanding"],
                cannot_tell=tally["cannot_tell"],
                not_applicable=tally["not_applicable"],
                manual=requirement.check.value == "manual",
                deadline=requirement.deadline.says,
            )
        )
    return tuple(result)


def _column(verdict: VerdictCode, basis: object, *, outstanding: bool) -> str:
    if verdict is VerdictCode.MEETS:
        return f"meets_{basis}"
    return "outstanding" if outstanding else verdict.value


def _ties(survey: Survey, packs: PackSet, at: date) -> tuple[TieLine, ...]:
    """Return the ties of all labels and likely producers of surveillance equipment on record."""
    found = [each for each in survey.attributions.values() if each.kind not in OUTSIDE_KINDS]
    names = {name for each in found for name in (each.brand, each.maker) if name is not None}
    makers = {str(maker.id): maker for maker in packs.makers.makers}
    relations = Relations(packs.makers.makers).above(names)
    return tuple(tie_line(each, makers, at) for each in relations)


def _makers(rows: tuple[DeviceRow, ...]) -> tuple[Count, ...]:
    surveillance = [row for row in rows if row.kind not in OUTSIDE_KINDS]
    counted = Counter((row.maker or "", row.maker_name or "cannot tell") for row in surveillance)
    return tuple(
        Count(word=word, label=label, devices=count)
        for (word, label), count in sorted(counted.items(), key=lambda e: (-e[1], e[0]))
    )


def _counts(counted: Counter[str]) -> tuple[Count, ...]:
    return tuple(
        Count(word=word, label=word.replace("_", " "), devices=count)
        for word, count in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    )


def _sites(assessment: Assessment, rows: tuple[DeviceRow, ...]) -> tuple[SiteRow, ...]:
    survey = assessment.survey
    here: dict[str, list[DeviceRow]] = {}
    for row in rows:
        if row.site:
            here.setdefault(row.site, []).append(row)
    result = []
    for site in survey.sites.values():
        mine = here.get(site.id, [])
        given = assessment.setting.sensitivity.get(site.id, site.sensitivity)
        owner = survey.bodies.get(site.owner) if site.owner else None
        result.append(
            SiteRow(
                id=site.id,
                name=site.name,
                owner=owner.name if owner else site.owner,
                sensitivity=given.value,
                zone=site.zone.value if site.zone else None,
                devices=len(mine),
                breaches=sum(_has(row, "breaches") for row in mine),
                cannot_tell=sum(_has(row, "cannot_tell") for row in mine),
            )
        )
    return tuple(result)


def _has(row: DeviceRow, verdict: str) -> bool:
    return any(line.verdict == verdict for line in row.verdicts)
