"""The numbers that a report opens with, each with its denominator, its date and its limits.

"Such equipment" is what the policy's entity predicate covers, at the band that it asks for.
"""

from __future__ import annotations

from datetime import date

from camaudit.model.snapshot import DeviceRow, Figure
from camaudit.model.words import DeviceState, Sensitivity
from camaudit.policy.kleene import TRUE

from .assess import Assessment

GONE = frozenset({DeviceState.REMOVED.value, DeviceState.DISPOSED.value})


def answer(assessment: Assessment, rows: tuple[DeviceRow, ...]) -> tuple[Figure, ...]:
    """Return the answer to "how many, where, and what has been done about it?"."""
    survey, on = assessment.survey, assessment.setting.on
    sites = len(survey.sites)
    classes = {
        site.id: assessment.setting.sensitivity.get(site.id, site.sensitivity)
        for site in survey.sites.values()
    }
    covered = _covered(assessment)
    such = [row for row, flag in zip(rows, covered, strict=True) if flag is True]
    present = [row for row in such if row.state not in GONE]
    classed = sum(word in (Sensitivity.YES, Sensitivity.NO) for word in classes.values())
    seen_sites = {row.site for row in rows if row.site}
    with_such = {row.site for row in present if row.site}
    units = sum(row.units for row in rows)
    about = any(row.approximate for row in rows)
    f = _Figures(on)
    f.add("sites", "sites in the register", sites, sites, "sites in the register")
    f.add(
        "sites-classified",
        "sites classified as sensitive or not",
        classed,
        sites,
        "sites in the register",
        "sites whose class is unknown or withheld are not counted",
    )
    f.add(
        "sites-assessed",
        "sites with at least one device on record",
        len(seen_sites),
        sites,
        "sites in the register",
        "a site without a device on record was not shown to have none",
    )
    f.add(
        "sites-with",
        "sites with such equipment still there",
        len(with_such),
        len(seen_sites),
        "sites with a device on record",
    )
    f.add(
        "devices",
        "devices or register entries",
        len(rows),
        len(rows),
        "entries",
        "an entry of the register may stand for several units",
    )
    f.add(
        "units",
        "units that these entries stand for",
        units,
        units,
        "units",
        "where the register says how many",
        approximate=about,
    )
    f.add(
        "devices-such",
        "devices likely produced by companies that the statement covers",
        len(such),
        len(rows),
        "entries",
        "likely, on signals; the confidence stands beside each",
    )
    f.add(
        "disconnected",
        "of these recorded as disconnected",
        sum(row.state == DeviceState.DISCONNECTED.value for row in such),
        len(such),
        "such devices",
        "recorded by a person; not verified from traffic",
    )
    f.add(
        "removed",
        "of these recorded as removed or disposed of",
        sum(row.state in GONE for row in such),
        len(such),
        "such devices",
    )
    return tuple(f.lines)


def unknowns(assessment: Assessment, rows: tuple[DeviceRow, ...]) -> tuple[Figure, ...]:
    """Return how much is not known."""
    on, survey = assessment.setting.on, assessment.survey
    total = len(rows)
    f = _Figures(on)
    verdicts = [line for row in rows for line in row.verdicts if line.check == "automated"]
    f.add(
        "cannot-tell",
        "verdicts that cannot be given",
        sum(line.verdict == "cannot_tell" for line in verdicts),
        len(verdicts),
        "verdicts",
        "including duties to consider without a recorded decision",
    )
    f.add(
        "no-maker",
        "devices whose producer cannot be told",
        sum(row.maker is None for row in rows),
        total,
        "entries",
    )
    f.add(
        "no-kind",
        "devices whose kind cannot be told",
        sum(row.kind == "unknown" for row in rows),
        total,
        "entries",
    )
    f.add(
        "no-site", "devices at no known site", sum(r.site is None for r in rows), total, "entries"
    )
    f.add(
        "undated",
        "devices without an earliest date of installation",
        sum(d.interval.not_before is None for d in survey.datings.values()),
        total,
        "entries",
    )
    f.add(
        "not-in-register",
        "devices on the network that no register lists",
        sum(row.on_network and not row.in_register for row in rows),
        sum(row.on_network for row in rows),
        "devices on the network",
    )
    f.add(
        "register-only",
        "register entries that nothing on the network confirms",
        sum(row.in_register and not row.on_network for row in rows),
        sum(row.in_register for row in rows),
        "register entries",
    )
    return tuple(f.lines)


def _covered(assessment: Assessment) -> list[bool | None]:
    """Return, for each device, whether the policy's entities cover its likely producer."""
    facts = assessment.evaluation.facts
    makers = facts.column("device.producer").to_pylist()
    shares = facts.column("device.producer.confidence").to_pylist()
    surveillance = facts.column("device.surveillance").to_pylist()
    by_row = [
        _is_covered(assessment, maker, share, surveillance=kind)
        for maker, share, kind in zip(makers, shares, surveillance, strict=True)
    ]
    return [by_row[row] for row in assessment.rows]


def _is_covered(
    assessment: Assessment, maker: str | None, share: float | None, *, surveillance: bool | None
) -> bool | None:
    if maker is None or share is None or share < assessment.probable or surveillance is False:
        return None
    return any(group.today.get(maker) == TRUE for group in assessment.compiled.covered.values())


class _Figures:
    def __init__(self, on: date) -> None:
        self._on = on
        self.lines: list[Figure] = []

    def add(
        self,
        name: str,
        label: str,
        value: int,
        of: int,
        of_label: str,
        note: str = "",
        *,
        approximate: bool = False,
    ) -> None:
        self.lines.append(
            Figure(
                id=name,
                label=label,
                value=value,
                of=of,
                of_label=of_label,
                on=self._on,
                note=note,
                approximate=approximate,
            )
        )
