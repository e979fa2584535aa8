"""Policies side by side: shipped and overlaid, two folders, and an estate under each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from camaudit.errors import UsageError
from camaudit.model.policy import Policy
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files
from camaudit.policy.differing import Difference, differences, weakened
from camaudit.store import EstateStore

from .assess import Question, judge_survey
from .packset import PackSet
from .survey import survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Devices whose verdict under a requirement is another one in the second version."""

    policy: str
    requirement: str
    before: str
    after: str
    devices: tuple[str, ...]
    #: Why, in the words of the second version, for the first of them.
    sentence: str


def weakenings(packs: PackSet) -> tuple[str, ...]:
    """Return where overlays in force may ask less than the policies that they replace."""
    files = packs.files
    replaced = {
        name.split("/")[1]
        for name in files.below("policies")
        if files.places.get(name, name) != name
    }
    if not replaced:
        return ()
    shipped = _by_id(load_policies(find_pack_files(), packs.makers.vocabulary).policies)
    inside = _by_id(load_policies(files, packs.makers.vocabulary).policies)
    return tuple(
        f"{name}: {says}"
        for name in sorted(replaced & shipped.keys())
        for says in weakened(shipped[name], inside[name])
    )


def compare_folders(
    one: Path, other: Path, packs: PackSet
) -> Iterator[tuple[str, tuple[Difference, ...]]]:
    """Yield what differs between the policies of two overlay folders, by policy.

    A policy that only one of them has is compared with the shipped one, where there is one.
    """
    before, after = (_policies(folder, packs) for folder in (one, other))
    shared = sorted(before.keys() & after.keys())
    for name in shared:
        found = differences(before[name], after[name])
        if found:
            yield name, found
    for name in sorted(before.keys() ^ after.keys()):
        gone = name in before
        says = "is only in the first folder" if gone else "is only in the second folder"
        yield name, (Difference(where="policy", says=says, weaker=gone),)


def who_changes(
    store: EstateStore, one: Path, other: Path, packs: PackSet, question: Question
) -> Iterator[Changed]:
    """Yield which devices of an estate get another verdict under the second folder, and why."""
    before, after = (_policies(folder, packs) for folder in (one, other))
    found = survey(store, packs, question.known_at)
    names = [device.id for device in found.devices]
    for name in sorted(before.keys() & after.keys()):
        if before[name].digest == after[name].digest:
            continue
        first, second = (
            judge_survey(found, each[name], packs, question) for each in (before, after)
        )
        changed: dict[tuple[str, str, str], list[int]] = {}
        for at in range(len(names)):
            was = {str(v.requirement): v.verdict.value for v in first.verdicts_of(at)}
            for verdict in second.verdicts_of(at):
                rule = str(verdict.requirement)
                if was.get(rule, "not there") != verdict.verdict.value:
                    key = (rule, was.get(rule, "not there"), verdict.verdict.value)
                    changed.setdefault(key, []).append(at)
        for (rule, was_then, is_now), places in changed.items():
            sentence = next(
                v.sentence for v in second.verdicts_of(places[0]) if v.requirement == rule
            )
            yield Changed(
                policy=name,
                requirement=rule,
                before=was_then,
                after=is_now,
                devices=tuple(names[at] for at in places),
                sentence=sentence,
            )


def _policies(folder: Path, packs: PackSet) -> dict[str, Policy]:
    """Return the policies that a folder holds; what it lacks is not compared."""
    if not (folder / "policies").is_dir():
        raise UsageError(f"{folder} has no policies/ in it; give an overlay folder")
    held = {each.name for each in (folder / "policies").iterdir() if each.is_dir()}
    files = find_pack_files((folder,))
    found = _by_id(load_policies(files, packs.makers.vocabulary).policies)
    return {name: policy for name, policy in found.items() if name in held}


def _by_id(found: tuple[Policy, ...]) -> dict[str, Policy]:
    return {each.id: each for each in found}
