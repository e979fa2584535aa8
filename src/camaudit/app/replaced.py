"""Say which shipped policies overlays replace or weaken, and what these ask less of."""

from __future__ import annotations

from dataclasses import dataclass

from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files
from camaudit.policy import makers_lost, weakened

from .assess import policies
from .packset import PackSet, load_packs


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A shipped policy that is not judged by as it ships."""

    policy: str
    #: Where its replacement stands, or that another pack's replacement changes its makers.
    place: str
    #: What it asks less of; empty: nothing.
    weakens: tuple[str, ...]


def replaced(packs: PackSet) -> tuple[Replaced, ...]:
    """Return the shipped policies that the packs in force replace; none are read without overlays.

    A policy that takes over the makers of a replaced one is among them if that costs it any.
    """
    own = _own(packs, "policies/")
    shipped = find_pack_files() if own else packs.files
    touched = {
        name.split("/")[1]: place.rpartition("/")[0]
        for name, place in own.items()
        if name in shipped.contents and packs.files.contents[name] != shipped.contents[name]
    }
    if not touched:
        return ()
    now = {each.id: each for each in policies(packs).policies}
    found = []
    for policy in load_policies(shipped, packs.makers.vocabulary).policies:
        lost = weakened(policy, now[policy.id])
        if policy.id in touched or lost:
            place = touched.get(policy.id, "what it takes over from a replaced pack")
            found.append(Replaced(policy=policy.id, place=place, weakens=lost))
    return tuple(found)


def weakened_by_makers(packs: PackSet) -> dict[str, tuple[str, ...]]:
    """Return what policies in force ask less of by makers of overlays, with these policies."""
    if not _own(packs, "makers/"):
        return {}
    shipped = load_packs().makers.makers
    found: dict[str, tuple[str, ...]] = {}
    for policy in policies(packs).policies:
        for text in makers_lost(policy, shipped, packs.makers.makers):
            found[text] = (*found.get(text, ()), policy.id)
    return found


def _own(packs: PackSet, folder: str) -> dict[str, str]:
    """Return where files of overlays stand, by name; what ships stands where it is named."""
    return {
        name: place
        for name, place in packs.files.places.items()
        if name.startswith(folder) and place != name
    }
