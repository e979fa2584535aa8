"""Read published weaknesses: which firmware has them, who says so, and whether they are exploited.

1. A file below ``advisories/`` holds records on one maker, with their proof, or it is a catalogue
   of what is known to be exploited. The newest catalogue that speaks of a weakness counts.
2. A record that was imported outranks a shipped one with the same id that gives no versions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated, Final, TypeAlias

import re2
from pydantic import BaseModel, ConfigDict, Field

from camaudit.errors import PackError
from camaudit.model.advisories import (
    Advisory,
    AdvisoryPacks,
    Answer,
    Exploited,
    Known,
    Reach,
    Scope,
    Subject,
    Unit,
    VersionRange,
)
from camaudit.model.ids import MakerId
from camaudit.model.packs import Source
from camaudit.model.words import Confidence, Kind

from .backtracking import has_ambiguous_loop
from .shipped import PackFiles
from .strict import Document, Path, parse, validate

FOLDER: Final = "advisories"
#: Ours: longer model patterns are lists, and belong in several scopes.
MAX_PATTERN: Final = 1500

#: A record and a device's facts: what the record says of it; ``None``: it is not about it.
Assess: TypeAlias = Callable[[Advisory, Unit], Answer | None]

_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
_Id = Annotated[str, Field(pattern=r"^CVE-[0-9]{4}-[0-9]{4,19}$")]
_Text = Annotated[str, Field(min_length=1, max_length=200)]
_Answer = Annotated[Answer, Field(strict=False)]
_Kinds = list[Annotated[Kind, Field(strict=False)]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Range(_Strict):
    answer: _Answer = Answer.AFFECTED
    from_: Annotated[_Text | None, Field(alias="from")] = None
    to: _Text | None = None
    before: _Text | None = None
    built_from: date | None = None
    built_before: date | None = None


class _Scope(_Strict):
    otherwise: _Answer
    models: Annotated[str | None, Field(min_length=2, max_length=MAX_PATTERN)] = None
    product: Annotated[str, Field(max_length=500)] = ""
    kinds: _Kinds = []
    versions: list[_Range] = []


class _Example(_Strict):
    model: str | None = None
    brand: _Slug | None = None
    kind: Annotated[Kind, Field(strict=False)] = Kind.UNKNOWN
    version: str | None = None
    built: date | None = None


class _Proof(_Example):
    gives: _Answer


class _Advisory(_Strict):
    ids: Annotated[list[_Id], Field(min_length=1)]
    title: Annotated[str, Field(min_length=10, max_length=300)]
    confidence: Annotated[Confidence, Field(strict=False)]
    source: str
    affected: Annotated[list[_Scope], Field(min_length=1)]
    note: str = ""
    rebrands: list[_Slug] = []
    examples: list[_Proof] = []
    not_examples: list[_Example] = []


class _Source(_Strict):
    title: str
    url: str | None = None
    read_on: date | None = None


class _File(_Strict):
    maker: _Slug
    sources: dict[str, _Source]
    advisories: Annotated[list[_Advisory], Field(min_length=1)]
    #: Written by program from published records, on that day: it carries no examples.
    imported_on: date | None = None


class _Catalogue(_Strict):
    catalogue_on: date
    source: _Source
    #: When each weakness was listed.
    listed: dict[_Id, date]
    #: Looked for and not listed; with ``whole``, whatever is not listed is not.
    not_listed: list[_Id] = []
    whole: bool = False
    #: What is said elsewhere and was not seen in the catalogue.
    doubted: dict[_Id, str] = {}


class AdvisoryFile:
    """One checked file of records; ``check_examples`` runs its own proof."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._raw = validate(document, _File)
        self.maker = MakerId(self._raw.maker)
        self._check_unique()
        self.advisories = tuple(
            self._advisory(raw, ("advisories", at)) for at, raw in enumerate(self._raw.advisories)
        )

    def _check_unique(self) -> None:
        seen: set[str] = set()
        for at, raw in enumerate(self._raw.advisories):
            for number, name in enumerate(raw.ids):
                if name in seen:
                    raise self.error(("advisories", at, "ids", number), f"{name} stands twice")
                seen.add(name)

    def _advisory(self, raw: _Advisory, path: Path) -> Advisory:
        if raw.source not in self._raw.sources:
            raise self.error((*path, "source"), f"{raw.source!r} is not among this file's sources")
        self._check_proof(raw, path)
        source = self._raw.sources[raw.source]
        return Advisory(
            ids=tuple(raw.ids),
            title=raw.title,
            maker=self.maker,
            rebrands=tuple(MakerId(each) for each in raw.rebrands),
            scopes=tuple(
                self._scope(scope, (*path, "affected", at)) for at, scope in enumerate(raw.affected)
            ),
            confidence=raw.confidence,
            source=Source(
                id=raw.source, title=source.title, url=source.url, read_on=source.read_on
            ),
            note=raw.note,
            exploited=Exploited(known=Known.UNKNOWN),
            imported=self._raw.imported_on is not None,
        )

    def _check_proof(self, raw: _Advisory, path: Path) -> None:
        if self._raw.imported_on is None:
            for name in ("examples", "not_examples"):
                if not getattr(raw, name):
                    raise self.error((*path, name), "needs at least one device, written by hand")

    def _scope(self, raw: _Scope, path: Path) -> Scope:
        if raw.models is not None:
            self._check_pattern(raw.models, (*path, "models"))
        return Scope(
            models=raw.models,
            product=raw.product,
            kinds=tuple(raw.kinds),
            ranges=tuple(
                self._range(each, (*path, "versions", at)) for at, each in enumerate(raw.versions)
            ),
            otherwise=raw.otherwise,
        )

    def _check_pattern(self, pattern: str, path: Path) -> None:
        try:
            re.compile(pattern)
            re2.compile(pattern, _QUIET)
        except (re.error, re2.error, RecursionError, OverflowError) as error:
            raise self.error(path, f"does not compile: {error}") from error
        if has_ambiguous_loop(pattern.encode()):
            raise self.error(path, "a repetition holds one that matches the same text: (a+)+")

    def _range(self, raw: _Range, path: Path) -> VersionRange:
        if raw.to is not None and raw.before is not None:
            raise self.error(path, "give `to` (inclusive) or `before` (exclusive), not both")
        if not raw.model_fields_set - {"answer"}:
            raise self.error(path, "has no end; for every version use `otherwise` alone")
        if raw.built_from and raw.built_before and raw.built_before <= raw.built_from:
            raise self.error((*path, "built_before"), "is not after `built_from`")
        return VersionRange(
            answer=raw.answer,
            from_version=raw.from_,
            to_version=raw.to,
            before_version=raw.before,
            built_from=raw.built_from,
            built_before=raw.built_before,
        )

    def error(self, path: Path, message: str) -> PackError:
        """Return (not raise) an error that points at ``path``."""
        return self._document.error(path, message)

    def check_examples(self, assess: Assess) -> int:
        """Run every example and counter-example; return how many; raise on the first failure."""
        count = 0
        for at, raw in enumerate(self._raw.advisories):
            path: Path = ("advisories", at)
            for number, proof in enumerate(raw.examples):
                given = assess(self.advisories[at], self._unit(proof))
                if given is not proof.gives:
                    raise self.error(
                        (*path, "examples", number, "gives"),
                        f"{raw.ids[0]} gives {given or 'nothing'}, not {proof.gives}",
                    )
                count += 1
            for number, example in enumerate(raw.not_examples):
                given = assess(self.advisories[at], self._unit(example))
                if given in (Answer.AFFECTED, Answer.CANNOT_TELL):
                    raise self.error(
                        (*path, "not_examples", number),
                        f"{raw.ids[0]} gives {given} for its counter-example",
                    )
                count += 1
        return count

    def _unit(self, example: _Example) -> Unit:
        brand = MakerId(example.brand) if example.brand else self.maker
        reach = Reach.OWN if brand == self.maker else Reach.BASE
        return Unit(
            subjects=(Subject(maker=self.maker, reach=reach, confidence=1.0),),
            brand=brand,
            kind=example.kind,
            model=example.model,
            version=example.version,
            built_on=example.built,
        )


_QUIET: Final = re2.Options()
_QUIET.log_errors = False


def advisory_files(files: PackFiles) -> list[AdvisoryFile]:
    """Load every file of records; raise ``PackError`` on the first fault."""
    return [AdvisoryFile(each) for each in _documents(files) if not _is_catalogue(each)]


def load_advisories(files: PackFiles) -> AdvisoryPacks:
    """Load the records in force, each with what the newest catalogue says of it."""
    documents = _documents(files)
    catalogues = [_catalogue(each) for each in documents if _is_catalogue(each)]
    catalogues.sort(key=lambda each: each.catalogue_on, reverse=True)
    records = [
        advisory
        for each in documents
        if not _is_catalogue(each)
        for advisory in AdvisoryFile(each).advisories
    ]
    return AdvisoryPacks(
        digest=files.digest(FOLDER),
        advisories=tuple(
            replace(each, exploited=_exploited(each.ids, catalogues)) for each in _in_force(records)
        ),
        catalogue_on=catalogues[0].catalogue_on if catalogues else None,
        listed=frozenset(name for each in catalogues for name in each.listed),
    )


def _documents(files: PackFiles) -> list[Document]:
    return [
        parse(content, files.places[name])
        for name, content in files.below(FOLDER).items()
        if name.endswith(".yaml")
    ]


def _is_catalogue(document: Document) -> bool:
    return isinstance(document.data, dict) and "catalogue_on" in document.data


def _catalogue(document: Document) -> _Catalogue:
    found = validate(document, _Catalogue)
    for name, on in found.listed.items():
        if on > found.catalogue_on:
            raise document.error(("listed", name), "was listed after the catalogue's own date")
    for at, name in enumerate(found.not_listed):
        if name in found.listed:
            raise document.error(("not_listed", at), f"{name} is listed above")
    return found


def _exploited(ids: tuple[str, ...], catalogues: list[_Catalogue]) -> Exploited:
    """Return what the catalogues say of a record: exploited if any of its ids is."""
    said = [_said(name, catalogues) for name in ids]
    listed = [each for each in said if each.added is not None]
    if listed:
        return min(listed, key=lambda each: each.added or date.max)
    unknown = [each for each in said if each.known is Known.UNKNOWN]
    if unknown:
        notes = dict.fromkeys(each.note for each in unknown if each.note)
        return replace(unknown[0], note="; ".join(notes))
    return min(said, key=lambda each: each.catalogue_on or date.max)


def _said(name: str, catalogues: list[_Catalogue]) -> Exploited:
    """Return what the newest catalogue says that speaks of a weakness."""
    for each in catalogues:
        on = each.catalogue_on
        if name in each.listed:
            return Exploited(known=Known.YES, added=each.listed[name], catalogue_on=on)
        if name in each.doubted:
            return Exploited(known=Known.UNKNOWN, catalogue_on=on, note=each.doubted[name])
        if each.whole or name in each.not_listed:
            return Exploited(known=Known.NO, catalogue_on=on)
    newest = catalogues[0].catalogue_on if catalogues else None
    return Exploited(known=Known.UNKNOWN, catalogue_on=newest)


def says_versions(advisory: Advisory) -> bool:
    """Tell whether a record decides anything by itself."""
    return any(
        scope.ranges or scope.otherwise is not Answer.CANNOT_TELL for scope in advisory.scopes
    )


def _in_force(records: list[Advisory]) -> list[Advisory]:
    """Leave one record of each weakness of a maker: imported ones where ours says no versions."""
    held: dict[tuple[MakerId, str], Advisory] = {}
    for each in records:
        for name in each.ids:
            other = held.get((each.maker, name))
            if other is None or _outranks(each, other):
                held[each.maker, name] = each
    result = []
    for each in records:
        ids = tuple(name for name in each.ids if held[each.maker, name] is each)
        if ids:
            result.append(replace(each, ids=ids))
    return result


def _outranks(one: Advisory, other: Advisory) -> bool:
    if one.imported != other.imported:
        return one.imported and not says_versions(other)
    return one.imported or says_versions(one)
