"""Turn FollowTheMoney entities into an overlay of maker files that the operator owns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import msgspec
import yaml

from camaudit.errors import SourceError, UsageError
from camaudit.model.ids import MakerId
from camaudit.model.observation import Problem
from camaudit.model.packs import Maker
from camaudit.model.words import Confidence, Firmness, TieKind
from camaudit.packs.ftm import Entities, Owned
from camaudit.packs.load import maker_packs
from camaudit.packs.shipped import OVERRIDES, PackFiles, find_pack_files
from camaudit.sources.bulk import json_records, open_packed

#: The id of the source in the files that are written.
_SOURCE: Final = "ftm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the entities."""

    files: tuple[Path, ...]
    ties: int
    jurisdictions: int
    left_out: Counter[str]


def write_ftm_overlay(
    file: Path, target: Path, at: date, overlays: tuple[Path, ...] = ()
) -> Written:
    """Write maker files to ``target`` that add what the entities of ``file`` say.

    Raises:
        SourceError: The file cannot be read, or says nothing of any maker.
        UsageError: ``target`` holds something already.
    """
    if target.exists() and any(target.iterdir()):
        raise UsageError(f"{target} is not empty; name a new directory")
    files = find_pack_files(overlays)
    makers = {maker.id: maker for maker in maker_packs(files).makers}
    entities = Entities(makers.values())
    for entity in _entities(file, entities.found.left_out):
        entities.learn(entity)
    for entity in _entities(file, Counter()):
        entities.tie(entity)
    found = entities.found
    owned = list(_new_ties(found.owned, makers, found.left_out))
    registered = _new_jurisdictions(found.jurisdictions, makers, found.left_out)
    changed = {each.maker for each in owned} | registered.keys()
    listed = {maker for maker in changed if f"makers/{maker}.yaml" not in files.contents}
    found.left_out["makers that stand in a list of brands: give them a file first"] += len(listed)
    changed -= listed
    if not changed:
        raise SourceError(f"{file}: adds nothing to the makers that are known")
    paths = []
    for maker in sorted(changed):
        ties = [each for each in owned if each.maker == maker]
        document = _document(files, maker, ties, registered.get(maker), f"{file.name}", at)
        paths.append(_write(target / "makers" / f"{maker}.yaml", document))
    reasons = {f"makers/{path.name}": f"adds what {file.name} says" for path in paths}
    _write(target / OVERRIDES, {"overrides": reasons})
    maker_packs(find_pack_files((*overlays, target)))  # what is written must load
    return Written(
        files=tuple(paths),
        ties=len(owned),
        jurisdictions=len(registered),
        left_out=found.left_out,
    )


def _entities(file: Path, left_out: Counter[str]) -> Iterator[dict[str, Any]]:
    with file.open("rb") as raw:
        stream, packed = open_packed(raw)
        for record in json_records(cast(BinaryIO, stream)):
            if isinstance(record, Problem):
                left_out["records that are no JSON"] += 1
                continue
            try:
                found = msgspec.json.decode(record.data)
            except (msgspec.DecodeError, RecursionError, ValueError):
                left_out["records that are no JSON"] += 1
                continue
            if isinstance(found, dict):
                yield found
        if packed.damage:
            raise SourceError(f"{file}: {packed.damage}; fetch it again")


def _new_ties(
    owned: dict[Owned, None], makers: dict[MakerId, Maker], left_out: Counter[str]
) -> Iterator[Owned]:
    """Yield the ties that are not known yet, and lead nowhere back to where they start."""
    owners = {
        maker.id: {tie.to for tie in maker.ties if tie.tie is TieKind.OWNED_BY}
        for maker in makers.values()
    }
    for each in owned:
        if each.owner in owners[each.maker]:
            left_out["ownerships that are known already"] += 1
        elif each.maker in _above(each.owner, owners):
            left_out["ownerships that lead back to where they start"] += 1
        else:
            owners[each.maker].add(each.owner)
            yield each


def _above(start: MakerId, owners: dict[MakerId, set[MakerId]]) -> set[MakerId]:
    seen: set[MakerId] = set()
    ahead = [start]
    while ahead:
        if (maker := ahead.pop()) not in seen:
            seen.add(maker)
            ahead += owners[maker]
    return seen


def _new_jurisdictions(
    found: dict[MakerId, set[str]], makers: dict[MakerId, Maker], left_out: Counter[str]
) -> dict[MakerId, str]:
    new = {}
    for maker, codes in found.items():
        known = makers[maker].jurisdiction
        if known is None and len(codes) == 1:
            (new[maker],) = codes
        elif known is None:
            left_out["makers registered in several countries"] += 1
        elif codes != {known}:
            left_out["makers registered elsewhere than the packs say"] += 1
    return new


def _document(
    files: PackFiles, maker: MakerId, ties: list[Owned], code: str | None, name: str, at: date
) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(files.contents[f"makers/{maker}.yaml"])
    if code:
        document["jurisdiction"] = {"code": code, "source": _SOURCE}
    document.setdefault("ties", []).extend(_tie(each) for each in ties)
    document["sources"][_SOURCE] = {"title": f"FollowTheMoney entities, {name}", "read_on": at}
    return document


def _tie(owned: Owned) -> dict[str, Any]:
    tie: dict[str, Any] = {
        "to": str(owned.owner),
        "tie": TieKind.OWNED_BY.value,
        "firmness": Firmness.FIRM.value,
        "source": _SOURCE,
        "confidence": Confidence.REPORTED.value,
    }
    for word, text in (("from", owned.since), ("until", owned.until)):
        if text:
            tie[word] = _day(text)
    return tie


def _day(text: str) -> int | str | date:
    if len(text) == len("2018"):
        return int(text)
    return text if len(text) == len("2018-02") else date.fromisoformat(text)


def _write(path: Path, document: dict[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100), "utf-8"
    )
    return path
