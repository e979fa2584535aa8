"""Find what to look at first: the cheapest observations that settle the most open verdicts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from camaudit.model.policy import Effort, FactType, FactWord, ObservedOf
from camaudit.model.snapshot import DeviceRow, ObservationRow
from camaudit.policy.ranking import Bundle, Observation, rank

from .assess import Assessment

#: What an effort counts for, in minutes: two working days are as dear as eight things that take
#: hours, or ninety-six that take minutes.
MINUTES: Final = {Effort.MINUTES: 10, Effort.HOURS: 120, Effort.DAYS: 960}

#: Facts that are a policy's own, whatever other policies have under the same name.
_OWN: Final = frozenset({FactType.RECORD, FactType.STATE})
NO_SITE: Final = "no known site"
NO_BODY: Final = "no known body"
ESTATE: Final = "the estate"


def rank_gaps(
    assessments: Sequence[Assessment], devices: Sequence[DeviceRow], most: int
) -> tuple[ObservationRow, ...]:
    """Return what to observe first, over all policies.

    ``devices`` are the rows of a report in the order of the survey: their sites and bodies are
    named as that report names them. Facts of devices are counted together for each site.
    """
    waiting: Counter[Bundle] = Counter()
    seen_for: dict[Observation, set[int]] = defaultdict(set)
    facts: dict[Observation, FactWord] = {}
    for assessment in assessments:
        known = assessment.compiled.facts
        lacking = _lacking(assessment)
        for row, members in _alike(assessment, devices):
            for names in lacking.get(row, ()):
                bundle = set()
                for name in names:
                    fact = known[name]
                    one = _observation(fact, devices[members[0]], assessment.policy.id)
                    facts[one] = fact
                    seen_for[one].update(members)
                    bundle.add(one)
                waiting[frozenset(bundle)] += len(members)
    units = {
        one: len(seen_for[one]) if facts[one].each is ObservedOf.DEVICE else 1 for one in facts
    }
    costs = {one: float(MINUTES[fact.effort] * units[one]) for one, fact in facts.items()}
    result, settled, total = [], 0, sum(waiting.values())
    for ranked in rank(waiting, costs, most):
        one, fact = ranked.observation, facts[ranked.observation]
        settled += ranked.after
        result.append(
            ObservationRow(
                fact=one.fact,
                policy=one.policy or None,
                missing=fact.gap,
                question=fact.question,
                obtain=fact.obtain,
                each=fact.each.value,
                place=one.place,
                units=units[one],
                effort=fact.effort.value,
                minutes=MINUTES[fact.effort] * units[one],
                alone=ranked.alone,
                after=ranked.after,
                settled=settled,
                of=total,
            )
        )
    return tuple(result)


def _lacking(assessment: Assessment) -> dict[int, list[list[str]]]:
    """Return, for each distinct row, what each of its open verdicts waits for."""
    verdicts = assessment.evaluation.verdicts
    result: dict[int, list[list[str]]] = defaultdict(list)
    rows, gaps = verdicts.column("row").to_pylist(), verdicts.column("gaps").to_pylist()
    for row, names in zip(rows, gaps, strict=True):
        if names:
            result[row].append(names)
    return result


def _alike(assessment: Assessment, devices: Sequence[DeviceRow]) -> Iterator[tuple[int, list[int]]]:
    """Yield devices with the same facts at the same place of the same body, with their row."""
    found: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for at, (row, device) in enumerate(zip(assessment.rows, devices, strict=True)):
        found[row, _site(device), device.body or NO_BODY].append(at)
    for (row, _, _), members in found.items():
        yield row, members


def _observation(fact: FactWord, device: DeviceRow, policy: str) -> Observation:
    place = {
        ObservedOf.DEVICE: _site(device),
        ObservedOf.SITE: _site(device),
        ObservedOf.BODY: device.body or NO_BODY,
        ObservedOf.ESTATE: ESTATE,
    }[fact.each]
    return Observation(fact=fact.name, place=place, policy=policy if fact.type in _OWN else "")


def _site(device: DeviceRow) -> str:
    return device.site_name or device.site or NO_SITE
