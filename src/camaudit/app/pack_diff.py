"""Hold two editions of policies against each other, and an estate against both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from camaudit.errors import PackError, UsageError
from camaudit.model.changes import Difference
from camaudit.model.ids import DeviceId, RequirementId
from camaudit.model.packs import Vocabulary
from camaudit.model.policy import FactUsed, Policy, Verdict
from camaudit.model.words import VerdictCode
from camaudit.packs.load import vocabulary
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.packs.strict import MAX_PACK_BYTES
from camaudit.policy import deciding_facts, differences, weakened
from camaudit.store import EstateStore

from .assess import Assessment, Question, judge_survey
from .packset import PackSet
from .survey import survey

#: The word for the policies that ship.
SHIPPED: Final = "shipped"
_FILES: Final = (".yaml", ".md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The policies of one place."""

    name: str
    policies: Mapping[str, Policy]
    #: Whether the place is one policy's folder.
    single: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDiff:
    """A policy on both sides, or on one: what differs, and what the second asks less."""

    policy: str
    before: Policy | None
    after: Policy | None
    differences: tuple[Difference, ...]
    weakens: tuple[str, ...]


class Turn(StrEnum):
    """What becomes of a device under a requirement."""

    FAILS = "newly_fails"
    OPENS = "newly_open"
    SETTLES = "no_longer_open"
    PASSES = "newly_passes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A verdict under one side, and what it rests on."""

    verdict: str
    outstanding: bool
    sentence: str
    facts: tuple[FactUsed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Devices with the same facts whose verdict under a requirement is another one."""

    policy: str
    requirement: RequirementId
    turn: Turn
    #: ``None``: that side has no such requirement.
    before: Outcome | None
    after: Outcome | None
    devices: tuple[DeviceId, ...]


def read_side(name: str) -> Side:
    """Read the policies of a directory with ``policies/``, of a policy's folder, or what ships.

    Raises:
        UsageError: There is no such place, or it holds no policies.
        PackError: A pack is not well formed; what it takes over may come from what ships.
    """
    shipped = find_pack_files()
    words = vocabulary(shipped)
    if name == SHIPPED:
        found = load_policies(shipped, words).policies
        return Side(name=name, policies={each.id: each for each in found}, single=False)
    path = Path(name)
    if not path.is_dir():
        raise UsageError(f"{name} is no directory; give one with policies/, or {SHIPPED!r}")
    folders = _folders(path)
    if not folders:
        raise UsageError(f"{name} holds no policies: neither policies/ nor pack.yaml")
    policies = _load(shipped, folders, words)
    single = (path / "pack.yaml").is_file()
    return Side(name=name, policies=policies, single=single)


def _folders(path: Path) -> list[Path]:
    if (path / "pack.yaml").is_file():
        return [path.resolve()]
    root = path / "policies" if (path / "policies").is_dir() else path
    return [each for each in sorted(root.iterdir()) if (each / "pack.yaml").is_file()]


def _load(shipped: PackFiles, folders: Sequence[Path], words: Vocabulary) -> dict[str, Policy]:
    """Return the policies of these folders, laid over what ships as overlays are.

    So a folder may leave out files that it does not replace, and take over shipped makers.
    """
    names = {folder.name for folder in folders}
    contents, places = dict(shipped.contents), dict(shipped.places)
    for folder in folders:
        for file in sorted(folder.iterdir()):
            if file.suffix in _FILES and file.is_file():
                if file.stat().st_size > MAX_PACK_BYTES:
                    raise PackError(f"larger than {MAX_PACK_BYTES} bytes", file=str(file))
                name = f"policies/{folder.name}/{file.name}"
                contents[name], places[name] = file.read_bytes(), str(file)
    found = load_policies(PackFiles(contents=contents, places=places), words).policies
    result = {each.id: each for each in found if each.id in names}
    if result.keys() != names:
        missing = ", ".join(sorted(names - result.keys()))
        raise PackError(f"could not be read: {missing}", file=str(folders[0].parent))
    return result


def compare(before: Side, after: Side) -> tuple[PolicyDiff, ...]:
    """Return how each policy differs; two folders of one policy each are held against each other.

    Against what ships only the policies of the other side are compared.
    """
    return tuple(
        PolicyDiff(
            policy=name,
            before=one,
            after=other,
            differences=differences(one, other) if one and other else (),
            weakens=weakened(one, other) if one and other else (),
        )
        for name, one, other in _pairs(before, after)
    )


def _pairs(before: Side, after: Side) -> Iterable[tuple[str, Policy | None, Policy | None]]:
    if before.single and after.single:
        (one,), (other,) = before.policies.values(), after.policies.values()
        yield one.id, one, other
        return
    names = list(dict.fromkeys((*before.policies, *after.policies)))
    for side, given in ((before, after), (after, before)):
        if side.name == SHIPPED or given.single:
            names = [name for name in names if name in given.policies]
    for name in sorted(names):
        yield name, before.policies.get(name), after.policies.get(name)


def who_turns(
    store: EstateStore, packs: PackSet, found: Sequence[PolicyDiff], question: Question
) -> tuple[Turned, ...]:
    """Judge an estate by both sides of each policy, and return whose verdicts turn.

    Both are judged by the same facts, makers and choices, as far as each offers a choice.
    """
    surveyed = survey(store, packs, question.known_at)
    result: list[Turned] = []
    for diff in found:
        sides = [
            judge_survey(surveyed, policy, packs, _fitting(question, policy)) if policy else None
            for policy in (diff.before, diff.after)
        ]
        result += _turned(diff.policy, sides[0], sides[1])
    order = list(Turn)
    return tuple(sorted(result, key=lambda e: (order.index(e.turn), e.policy, e.requirement)))


def _fitting(question: Question, policy: Policy) -> Question:
    known = {choice.id: {option for option, _ in choice.options} for choice in policy.choices}
    choices = {
        name: option
        for name, option in question.choices.items()
        if option in known.get(name, frozenset())
    }
    return replace(question, policy=policy.id, choices=choices)


def _turned(policy: str, before: Assessment | None, after: Assessment | None) -> Iterable[Turned]:
    """Compare each distinct pair of rows once, for all devices that have it."""
    some = before or after
    if some is None:
        return
    pairs: dict[tuple[int, int], list[DeviceId]] = {}
    for at, device in enumerate(some.survey.devices):
        key = (before.rows[at] if before else 0, after.rows[at] if after else 0)
        pairs.setdefault(key, []).append(device.id)
    decided = [
        deciding_facts(each.compiled, each.evaluation.facts) if each else []
        for each in (before, after)
    ]
    for (row, other), devices in pairs.items():
        was = _outcomes(before, row, decided[0])
        now = _outcomes(after, other, decided[1])
        for name in dict.fromkeys((*was, *now)):
            turn = _turn(was.get(name), now.get(name))
            if turn is not None:
                yield Turned(
                    policy=policy,
                    requirement=name,
                    turn=turn,
                    before=was.get(name),
                    after=now.get(name),
                    devices=tuple(devices),
                )


def _outcomes(
    side: Assessment | None, row: int, decided: Sequence[tuple[tuple[FactUsed, ...], ...]]
) -> dict[RequirementId, Outcome]:
    if side is None:
        return {}
    return {
        verdict.requirement: _outcome(verdict, facts)
        for verdict, facts in zip(side.verdicts[row], decided[row], strict=True)
    }


def _outcome(verdict: Verdict, facts: tuple[FactUsed, ...]) -> Outcome:
    return Outcome(
        verdict=verdict.verdict.value,
        outstanding=verdict.outstanding,
        sentence=verdict.sentence,
        facts=facts,
    )


def _turn(before: Outcome | None, after: Outcome | None) -> Turn | None:
    was, now = _gravity(before), _gravity(after)
    if was == now:
        return None
    if _FAILS in (was, now):
        return {0: Turn.PASSES, 1: Turn.OPENS, _FAILS: Turn.FAILS}[now]
    return Turn.OPENS if now else Turn.SETTLES


_FAILS: Final = 2


def _gravity(outcome: Outcome | None) -> int:
    if outcome is None:
        return 0
    if outcome.verdict == VerdictCode.BREACHES:
        return _FAILS
    return int(outcome.outstanding or outcome.verdict == VerdictCode.CANNOT_TELL)
