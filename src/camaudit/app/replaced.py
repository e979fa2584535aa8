"""Say which shipped policies overlays replace, and what they ask less of."""

from __future__ import annotations

from dataclasses import dataclass

from camaudit.packs.load import vocabulary
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.policy import weakened


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A shipped policy that is not judged by as it ships."""

    policy: str
    #: Where its replacement stands, or that another pack's replacement changes its makers.
    place: str
    #: What it asks less of; empty: nothing.
    weakens: tuple[str, ...]


def replaced(files: PackFiles) -> tuple[Replaced, ...]:
    """Return the shipped policies that the files in force replace; none are read without overlays.

    A policy that takes over the makers of a replaced one is among them if that costs it any.
    """
    own = {name: place for name, place in files.places.items() if name.startswith("policies/")}
    # what ships is named by its place below the data, an overlay by its own
    if all(place == name for name, place in own.items()):
        return ()
    shipped = find_pack_files()
    touched = {
        name.split("/")[1]: own[name].rpartition("/")[0]
        for name in own
        if name in shipped.contents and files.contents[name] != shipped.contents[name]
    }
    if not touched:
        return ()
    words = vocabulary(shipped)
    now = {each.id: each for each in load_policies(files, words).policies}
    found = []
    for policy in load_policies(shipped, words).policies:
        lost = weakened(policy, now[policy.id])
        if policy.id in touched or lost:
            place = touched.get(policy.id, "what it takes over from a replaced pack")
            found.append(Replaced(policy=policy.id, place=place, weakens=lost))
    return tuple(found)
