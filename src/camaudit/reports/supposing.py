"""Count what a supposition changes, by clause; and by place, what extending a clause would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from camaudit.model.snapshot import DeviceRow, DutyCount, Snapshot, VerdictLine, WhatIf
from camaudit.model.words import Sensitivity

#: What a clause can say of a device, in the order of columns.
OUTCOMES: Final = ("breaches", "outstanding", "cannot_tell", "meets", "not_applicable")
#: A place without a name.
NO_BODY: Final = "no known body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One clause's counts over all devices, in the order of ``OUTCOMES``."""

    requirement: str
    clause: str
    title: str
    outcomes: tuple[str, ...]
    on_record: tuple[int, ...]
    what_if: tuple[int, ...]
    difference: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """What a clause would say of the devices of one place that are outside it now."""

    body: str
    site: str
    requirement: str
    clause: str
    #: How many devices are there, at a site that is not sensitive.
    devices: int
    outcomes: tuple[str, ...]
    counts: tuple[int, ...]


def changes(what_if: WhatIf, duties: Sequence[DutyCount]) -> tuple[Change, ...]:
    """Return each clause's counts on record, as supposed, and the difference."""
    result = []
    for before, after in zip(what_if.before, duties, strict=True):
        old, new = _counts(before), _counts(after)
        result.append(
            Change(
                requirement=after.requirement,
                clause=after.clause,
                title=after.title,
                outcomes=OUTCOMES,
                on_record=old,
                what_if=new,
                difference=tuple(b - a for a, b in zip(old, new, strict=True)),
            )
        )
    return tuple(result)


def extended_to(snapshot: Snapshot) -> tuple[Extended, ...]:
    """Return what the extended clauses would say, by body and site."""
    if snapshot.what_if is None or not snapshot.what_if.extended:
        return ()
    places: dict[tuple[str, str], list[DeviceRow]] = {}
    for device in snapshot.devices:
        if device.sensitivity == Sensitivity.NO:
            place = (device.body or NO_BODY, device.site_name or device.site or "")
            places.setdefault(place, []).append(device)
    result = []
    for (body, site), devices in sorted(places.items()):
        for requirement in snapshot.what_if.extended:
            lines = [line for each in devices for line in each.verdicts]
            mine = [line for line in lines if line.requirement == requirement]
            counted = Counter(map(outcome, mine))
            result.append(
                Extended(
                    body=body,
                    site=site,
                    requirement=requirement,
                    clause=mine[0].clause,
                    devices=len(devices),
                    outcomes=OUTCOMES,
                    counts=tuple(counted[word] for word in OUTCOMES),
                )
            )
    return tuple(result)


def outcome(line: VerdictLine) -> str:
    """Return the word of ``OUTCOMES`` for a verdict."""
    return "outstanding" if line.outstanding else line.verdict


def _counts(duty: DutyCount) -> tuple[int, ...]:
    meets = duty.meets_declared + duty.meets_presumed + duty.meets_evidenced
    return (duty.breaches, duty.outstanding, duty.cannot_tell, meets, duty.not_applicable)
