"""Read maker files: one organisation or brand each, its signatures and ties, with their proof."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

import re2
from pydantic import BaseModel, ConfigDict, Field

from camaudit.errors import PackError
from camaudit.model.ids import MakerId, SignatureId
from camaudit.model.packs import Maker, Signature, Source, Tie, Vocabulary
from camaudit.model.words import Aspect, Confidence, Firmness, Kind, MakerKind, Precision, TieKind

from .backtracking import has_ambiguous_loop
from .strict import Path, parse, validate

#: Longer patterns are lists that belong in several signatures.
MAX_PATTERN: Final = 1500
#: Named groups that mean something to attribution.
CAPTURES: Final = frozenset({"model", "version", "serial", "made", "built"})

_Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
#: 2018-02-05, 2018-02 or 2018: as exactly as it is known.
_Day = (
    date | Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")] | Annotated[int, Field(ge=1900, le=2199)]
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Jurisdiction(_Strict):
    code: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    source: str


class _Tie(_Strict):
    to: _Slug
    tie: str
    firmness: str
    source: str
    scope: str | None = None
    kinds: list[str] = []
    models: Annotated[str | None, Field(max_length=MAX_PATTERN)] = None
    from_: Annotated[_Day | None, Field(alias="from")] = None
    until: _Day | None = None
    confidence: str = Confidence.REPORTED.value


class _Example(_Strict):
    text: str
    gives: dict[str, str] = {}
    field: str | None = None


class _Signature(_Strict):
    id: _Slug
    fields: Annotated[list[str], Field(min_length=1)]
    pattern: Annotated[str, Field(min_length=2, max_length=MAX_PATTERN)]
    proves: list[str]
    weight: str
    confidence: str
    says: Annotated[str, Field(min_length=10, max_length=300)]
    source: str
    examples: Annotated[list[_Example], Field(min_length=1)]
    not_examples: Annotated[list[str], Field(min_length=1)]
    maker: _Slug | None = None
    group: str | None = None
    kinds: list[str] = []
    kind_weight: str | None = None
    capabilities: list[str] = []
    against: bool = False


class _Source(_Strict):
    title: str
    url: str | None = None
    read_on: date | None = None


class _Maker(_Strict):
    id: _Slug
    kind: str
    names: Annotated[list[str], Field(min_length=1)]
    sources: dict[str, _Source]
    jurisdiction: _Jurisdiction | None = None
    ties: list[_Tie] = []
    signatures: list[_Signature] = []


class MakerFile:
    """One checked maker file; ``check_examples`` runs its own proof."""

    def __init__(self, content: bytes, file: str, vocabulary: Vocabulary) -> None:
        self._document = parse(content, file)
        self._vocabulary = vocabulary
        self._raw = validate(self._document, _Maker)
        self._check_header(file)
        self.maker = self._maker()
        self.signatures = tuple(
            self._signature(raw, at) for at, raw in enumerate(self._raw.signatures)
        )

    def _check_header(self, file: str) -> None:
        stem = file.rsplit("/", 1)[-1].removesuffix(".yaml")
        if self._raw.id != stem:
            raise self._error(("id",), f"must be the file's name, {stem}")

    def _error(self, path: Path, message: str) -> PackError:
        return self._document.error(path, message)

    def _maker(self) -> Maker:
        raw = self._raw
        if raw.jurisdiction:
            self._source(raw.jurisdiction.source, ("jurisdiction", "source"))
        return Maker(
            id=MakerId(raw.id),
            kind=MakerKind(self._word(raw.kind, MakerKind, ("kind",))),
            names=tuple(raw.names),
            jurisdiction=raw.jurisdiction.code if raw.jurisdiction else None,
            jurisdiction_source=raw.jurisdiction.source if raw.jurisdiction else None,
            ties=tuple(self._tie(tie, ("ties", at)) for at, tie in enumerate(raw.ties)),
            sources=tuple(
                Source(id=key, title=each.title, url=each.url, read_on=each.read_on)
                for key, each in raw.sources.items()
            ),
        )

    def _tie(self, raw: _Tie, path: Path) -> Tie:
        start, from_precision = self._end(raw.from_, (*path, "from"), last=False)
        end, to_precision = self._end(raw.until, (*path, "until"), last=True)
        if start and end and end < start:
            raise self._error((*path, "until"), "is before `from`")
        return Tie(
            to=MakerId(raw.to),
            tie=TieKind(self._word(raw.tie, TieKind, (*path, "tie"))),
            firmness=Firmness(self._word(raw.firmness, Firmness, (*path, "firmness"))),
            from_date=start,
            to_date=end,
            scope=raw.scope,
            kinds=tuple(Kind(self._word(word, Kind, (*path, "kinds"))) for word in raw.kinds),
            models=self._models(raw.models, (*path, "models")),
            source=self._source(raw.source, (*path, "source")),
            from_precision=from_precision,
            to_precision=to_precision,
            confidence=Confidence(self._word(raw.confidence, Confidence, (*path, "confidence"))),
        )

    def _end(
        self, raw: date | str | int | None, path: Path, *, last: bool
    ) -> tuple[date | None, Precision]:
        """Return the first (or last) day that a day, month or year stands for."""
        if raw is None or isinstance(raw, date):
            return raw, Precision.DAY
        if isinstance(raw, int):
            return (date(raw, 12, 31) if last else date(raw, 1, 1)), Precision.YEAR
        year, month = map(int, raw.split("-"))
        try:
            return date(year, month, monthrange(year, month)[1] if last else 1), Precision.MONTH
        except ValueError as error:
            raise self._error(path, f"{raw} is no month") from error

    def _models(self, pattern: str | None, path: Path) -> str | None:
        if pattern is not None:
            self._check_pattern(pattern, path)
        return pattern

    def _signature(self, raw: _Signature, at: int) -> Signature:
        path: Path = ("signatures", at)
        if not raw.id.startswith(self._raw.id):
            raise self._error((*path, "id"), f"must start with {self._raw.id}")
        self._check_pattern(raw.pattern, (*path, "pattern"))
        if bool(raw.kinds) != bool(raw.kind_weight):
            raise self._error((*path, "kind_weight"), "`kinds` and `kind_weight` go together")
        says = raw.proves or raw.kinds or raw.capabilities or re.compile(raw.pattern).groupindex
        if not says:
            raise self._error(
                path, "says nothing: give `proves`, `kinds`, `capabilities` or groups"
            )
        named = "maker" not in raw.model_fields_set
        return Signature(
            id=SignatureId(raw.id),
            maker=MakerId(self._raw.id) if named else (MakerId(raw.maker) if raw.maker else None),
            fields=self._fields(raw.fields, (*path, "fields")),
            pattern=raw.pattern,
            proves=tuple(
                Aspect(self._word(word, Aspect, (*path, "proves"))) for word in raw.proves
            ),
            weight=self._weight(raw.weight, (*path, "weight")),
            group=self._group(raw.group, (*path, "group")),
            kinds=tuple(Kind(self._word(word, Kind, (*path, "kinds"))) for word in raw.kinds),
            kind_weight=self._weight(raw.kind_weight, (*path, "kind_weight"))
            if raw.kind_weight
            else None,
            capabilities=tuple(
                self._capability(word, (*path, "capabilities")) for word in raw.capabilities
            ),
            confidence=Confidence(self._word(raw.confidence, Confidence, (*path, "confidence"))),
            against=raw.against,
            says=raw.says,
            source=self._source(raw.source, (*path, "source")),
        )

    def _fields(self, words: list[str], path: Path) -> tuple[str, ...]:
        sets = dict(self._vocabulary.field_sets)
        known = {word.key for word in self._vocabulary.fields}
        result: dict[str, None] = {}
        for at, word in enumerate(words):
            expanded = sets.get(word[1:]) if word.startswith("@") else (word,)
            if expanded is None or not known.issuperset(expanded):
                raise self._error((*path, at), f"unknown field {word}: see vocab/fields.yaml")
            result.update(dict.fromkeys(expanded))
        return tuple(result)

    def _check_pattern(self, pattern: str, path: Path) -> None:
        try:
            compiled = re.compile(pattern.encode())
            re2.compile(pattern.encode(), _RE2_OPTIONS)
        except (re.error, re2.error, RecursionError, OverflowError) as error:
            raise self._error(path, f"does not compile: {error}") from error
        if has_ambiguous_loop(pattern.encode()):
            raise self._error(path, "a repetition holds one that matches the same text: (a+)+")
        unknown = set(compiled.groupindex) - CAPTURES
        if unknown:
            raise self._error(path, f"unknown groups {', '.join(sorted(unknown))}")
        if compiled.search(b"") is not None:
            raise self._error(path, "matches the empty value")

    def _word(self, word: str, words: type[StrEnum], path: Path) -> str:
        allowed = [str(each) for each in words]
        if word not in allowed:
            raise self._error(path, f"{word!r} is none of {', '.join(allowed)}")
        return word

    def _weight(self, word: str, path: Path) -> str:
        allowed = [weight.id for weight in self._vocabulary.weights]
        if word not in allowed:
            raise self._error(path, f"{word!r} is none of {', '.join(allowed)}")
        return word

    def _group(self, word: str | None, path: Path) -> str | None:
        groups = {each.group for each in self._vocabulary.fields} | OTHER_GROUPS
        if word is not None and word not in groups:
            raise self._error(path, f"{word!r} is none of {', '.join(sorted(groups))}")
        return word

    def _capability(self, word: str, path: Path) -> str:
        allowed = dict(self._vocabulary.capabilities)
        if word not in allowed:
            raise self._error(path, f"{word!r} is none of {', '.join(allowed)}")
        return word

    def _source(self, word: str, path: Path) -> str:
        if word not in self._raw.sources:
            raise self._error(path, f"{word!r} is not among this file's sources")
        return word

    def check_examples(self) -> int:
        """Run every example and counter-example; return how many; raise on the first failure."""
        count = 0
        for at, raw in enumerate(self._raw.signatures):
            compiled = re.compile(raw.pattern.encode())
            for number, example in enumerate(raw.examples):
                self._check_example(compiled, example, ("signatures", at, "examples", number))
                count += 1
            for number, text in enumerate(raw.not_examples):
                if compiled.search(text.encode()):
                    path: Path = ("signatures", at, "not_examples", number)
                    raise self._error(path, f"{raw.id} matches its counter-example {text!r}")
                count += 1
        return count

    def _check_example(self, compiled: re.Pattern[bytes], example: _Example, path: Path) -> None:
        found = compiled.search(example.text.encode())
        if found is None:
            raise self._error(path, f"does not match {example.text!r}")
        groups = found.groupdict()
        for name, expected in example.gives.items():
            given = groups.get(name)
            if given is None or given.decode() != expected:
                raise self._error((*path, "gives", name), f"gives {given!r}, not {expected!r}")


#: Groups that no field has by itself: grammars of text that turns up in many fields.
OTHER_GROUPS: Final = frozenset({"model_grammar", "serial_grammar", "firmware_grammar", "cloud"})

_RE2_OPTIONS = re2.Options()
_RE2_OPTIONS.encoding = re2.Options.Encoding.LATIN1
_RE2_OPTIONS.log_errors = False


def check_together(files: list[MakerFile]) -> None:
    """Check what only shows across files: unique ids, ties and makers that lead somewhere."""
    makers = {file.maker.id for file in files}
    ties = _ties_by_kind(files)
    seen: dict[str, str] = {}
    for file in files:
        for at, tie in enumerate(file.maker.ties):
            if tie.to not in makers:
                raise file._error(("ties", at, "to"), f"no maker file is called {tie.to}")
            if file.maker.id in _reached(tie.to, tie.tie, ties):
                raise file._error(("ties", at, "to"), f"leads from {tie.to} back to this file")
        for at, signature in enumerate(file.signatures):
            if signature.maker is not None and signature.maker not in makers:
                raise file._error(
                    ("signatures", at, "maker"), f"no maker file is called {signature.maker}"
                )
            if signature.id in seen:
                raise file._error(("signatures", at, "id"), "the id is taken by another signature")
            seen[signature.id] = file.maker.id


_Ties = dict[tuple[MakerId, TieKind], list[MakerId]]


def _ties_by_kind(files: list[MakerFile]) -> _Ties:
    ties: _Ties = {}
    for file in files:
        for tie in file.maker.ties:
            ties.setdefault((file.maker.id, tie.tie), []).append(tie.to)
    return ties


def _reached(start: MakerId, kind: TieKind, ties: _Ties) -> set[MakerId]:
    """Return where ties of one kind lead from a maker, itself included."""
    reached: set[MakerId] = set()
    waiting = [start]
    while waiting:
        maker = waiting.pop()
        if maker not in reached:
            reached.add(maker)
            waiting += ties.get((maker, kind), [])
    return reached
