"""Read makers and brands, of files of their own or of lists: signatures, ties, and their proof."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from enum import StrEnum
from typing import Final

import re2

from camaudit.errors import PackError
from camaudit.model.ids import MakerId, SignatureId
from camaudit.model.packs import Maker, Signature, Source, Tie, Vocabulary
from camaudit.model.words import Aspect, Confidence, Firmness, Kind, MakerKind, Precision, TieKind

from .backtracking import has_ambiguous_loop, other_dialect
from .maker_schema import (
    MAX_PATTERN,
    RawBrands,
    RawEntry,
    RawExample,
    RawMaker,
    RawSignature,
    RawSource,
    RawTie,
)
from .name_signatures import SOURCE, NameSignature, NameUse, name_signatures
from .strict import Document, Path, parse, validate

#: Named groups that mean something to attribution.
CAPTURES: Final = frozenset({"model", "version", "serial", "made", "built"})


def read_makers(content: bytes, file: str, vocabulary: Vocabulary) -> list[MakerEntry]:
    """Read a maker file, or a list of brands: a file that has `brands` and no `id`."""
    document = parse(content, file)
    if isinstance(document.data, dict) and "brands" in document.data:
        listed = validate(document, RawBrands)
        return [
            MakerEntry(document, ("brands", at), raw, listed.sources, [], vocabulary)
            for at, raw in enumerate(listed.brands)
        ]
    raw = validate(document, RawMaker)
    stem = file.rsplit("/", 1)[-1].removesuffix(".yaml")
    if raw.id != stem:
        raise document.error(("id",), f"must be the file's name, {stem}")
    return [MakerEntry(document, (), raw, raw.sources, raw.signatures, vocabulary)]


class MakerEntry:
    """One checked maker, of its own file or of a list; ``check_examples`` runs its own proof."""

    def __init__(
        self,
        document: Document,
        at: Path,
        raw: RawEntry,
        sources: dict[str, RawSource],
        signatures: list[RawSignature],
        vocabulary: Vocabulary,
    ) -> None:
        self._document = document
        self._at = at
        self._raw = raw
        self._sources = sources
        self._signatures = signatures
        self._vocabulary = vocabulary
        written = [self._signature(each, place) for place, each in enumerate(signatures)]
        taken = {each.id for each in written}
        use = NameUse(self._word(raw.by_name, NameUse, ("by_name",)))
        for place, name in enumerate(raw.names):
            if not any(map(str.isalnum, name)):
                raise self.error(("names", place), "holds no letter or digit")
        derived = [self._derived(each) for each in name_signatures(tuple(raw.names), use)]
        self.signatures = (*written, *(each for each in derived if each.id not in taken))
        self.maker = self._maker()

    @property
    def file(self) -> str:
        """Return the file that the maker stands in."""
        return self._document.file

    def error(self, path: Path, message: str) -> PackError:
        """Return (not raise) an error that points at a field of this maker."""
        return self._document.error((*self._at, *path), message)

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
            sources=self._all_sources(),
        )

    def _all_sources(self) -> tuple[Source, ...]:
        own = tuple(
            Source(id=key, title=each.title, url=each.url, read_on=each.read_on)
            for key, each in self._sources.items()
        )
        wanted = any(each.source == SOURCE.id for each in self.signatures)
        return (*own, SOURCE) if wanted and SOURCE.id not in self._sources else own

    def _derived(self, raw: NameSignature) -> Signature:
        """Return a signature that the names give; `names` is to blame for a faulty pattern."""
        self._check_length(raw.pattern, ("names",))
        self._check_pattern(raw.pattern, ("names",))
        return Signature(
            id=SignatureId(f"{self._raw.id}-{raw.suffix}"),
            maker=MakerId(self._raw.id),
            fields=self._fields([raw.fields], ("by_name",)),
            pattern=raw.pattern,
            proves=(Aspect.BADGE,),
            weight=raw.weight,
            group=None,
            kinds=(),
            kind_weight=None,
            capabilities=(),
            confidence=Confidence.VERIFIED,
            against=False,
            says=raw.says,
            source=SOURCE.id,
            sieve=raw.sieve,
        )

    def _check_length(self, pattern: str, path: Path) -> None:
        if len(pattern) > MAX_PATTERN:
            raise self.error(path, "are too many for one pattern: list fewer, or `by_name: own`")

    def _tie(self, raw: RawTie, path: Path) -> Tie:
        start, from_precision = self._end(raw.from_, (*path, "from"), last=False)
        end, to_precision = self._end(raw.until, (*path, "until"), last=True)
        if start and end and end < start:
            raise self.error((*path, "until"), "is before `from`")
        return Tie(
            to=MakerId(raw.to),
            tie=TieKind(self._word(raw.tie, TieKind, (*path, "tie"))),
            firmness=Firmness(self._word(raw.firmness, Firmness, (*path, "firmness"))),
            from_date=start,
            to_date=end,
            scope=raw.scope,
            kinds=tuple(Kind(self._word(word, Kind, (*path, "kinds"))) for word in raw.kinds),
            models=self._models(raw.models, (*path, "models")),
            except_models=self._models(raw.except_models, (*path, "except_models")),
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
            raise self.error(path, f"{raw} is no month") from error

    def _models(self, pattern: str | None, path: Path) -> str | None:
        if pattern is not None:
            self._check_pattern(pattern, path)
        return pattern

    def _signature(self, raw: RawSignature, at: int) -> Signature:
        path: Path = ("signatures", at)
        if not raw.id.startswith(self._raw.id):
            raise self.error((*path, "id"), f"must start with {self._raw.id}")
        self._check_pattern(raw.pattern, (*path, "pattern"))
        if bool(raw.kinds) != bool(raw.kind_weight):
            raise self.error((*path, "kind_weight"), "`kinds` and `kind_weight` go together")
        says = raw.proves or raw.kinds or raw.capabilities or re.compile(raw.pattern).groupindex
        if not says:
            raise self.error(path, "says nothing: give `proves`, `kinds`, `capabilities` or groups")
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
                raise self.error((*path, at), f"unknown field {word}: see vocab/fields.yaml")
            result.update(dict.fromkeys(expanded))
        return tuple(result)

    def _check_pattern(self, pattern: str, path: Path) -> None:
        try:
            compiled = re.compile(pattern.encode())
            re2.compile(pattern.encode(), _RE2_OPTIONS)
        except (re.error, re2.error, RecursionError, OverflowError) as error:
            raise self.error(path, f"does not compile: {error}") from error
        if has_ambiguous_loop(pattern.encode()):
            raise self.error(path, "a repetition holds one that matches the same text: (a+)+")
        unknown = set(compiled.groupindex) - CAPTURES
        if unknown:
            raise self.error(path, f"unknown groups {', '.join(sorted(unknown))}")
        if compiled.search(b"") is not None:
            raise self.error(path, "matches the empty value")
        if fault := other_dialect(pattern):
            raise self.error(path, fault)

    def _word(self, word: str, words: type[StrEnum], path: Path) -> str:
        allowed = [str(each) for each in words]
        if word not in allowed:
            raise self.error(path, f"{word!r} is none of {', '.join(allowed)}")
        return word

    def _weight(self, word: str, path: Path) -> str:
        allowed = [weight.id for weight in self._vocabulary.weights]
        if word not in allowed:
            raise self.error(path, f"{word!r} is none of {', '.join(allowed)}")
        return word

    def _group(self, word: str | None, path: Path) -> str | None:
        groups = {each.group for each in self._vocabulary.fields} | OTHER_GROUPS
        if word is not None and word not in groups:
            raise self.error(path, f"{word!r} is none of {', '.join(sorted(groups))}")
        return word

    def _capability(self, word: str, path: Path) -> str:
        allowed = dict(self._vocabulary.capabilities)
        if word not in allowed:
            raise self.error(path, f"{word!r} is none of {', '.join(allowed)}")
        return word

    def _source(self, word: str, path: Path) -> str:
        if word not in self._sources:
            raise self.error(path, f"{word!r} is not among this file's sources")
        return word

    def check_examples(self) -> int:
        """Run every example and counter-example; return how many; raise on the first failure."""
        count = 0
        for at, raw in enumerate(self._signatures):
            compiled = re.compile(raw.pattern.encode())
            for number, example in enumerate(raw.examples):
                self._check_example(compiled, example, ("signatures", at, "examples", number))
                count += 1
            for number, text in enumerate(raw.not_examples):
                if compiled.search(text.encode()):
                    path: Path = ("signatures", at, "not_examples", number)
                    raise self.error(path, f"{raw.id} matches its counter-example {text!r}")
                count += 1
        return count

    def _check_example(self, compiled: re.Pattern[bytes], example: RawExample, path: Path) -> None:
        found = compiled.search(example.text.encode())
        if found is None:
            raise self.error(path, f"does not match {example.text!r}")
        groups = found.groupdict()
        for name, expected in example.gives.items():
            given = groups.get(name)
            if given is None or given.decode() != expected:
                raise self.error((*path, "gives", name), f"gives {given!r}, not {expected!r}")


#: Groups that no field has by itself: grammars of text that turns up in many fields.
OTHER_GROUPS: Final = frozenset({"model_grammar", "serial_grammar", "firmware_grammar", "cloud"})

_RE2_OPTIONS = re2.Options()
_RE2_OPTIONS.encoding = re2.Options.Encoding.LATIN1
_RE2_OPTIONS.log_errors = False


def check_together(entries: list[MakerEntry]) -> None:
    """Check what only shows across files: unique ids, ties and makers that lead somewhere."""
    makers = _once_each(entries)
    ties = _ties_by_kind(entries)
    seen: set[SignatureId] = set()
    for entry in entries:
        for at, tie in enumerate(entry.maker.ties):
            if tie.to not in makers:
                raise entry.error(("ties", at, "to"), f"no maker is called {tie.to}")
            if entry.maker.id in _reached(tie.to, tie.tie, ties):
                raise entry.error(("ties", at, "to"), f"leads from {tie.to} back to this maker")
        for at, signature in enumerate(entry.signatures):
            if signature.maker is not None and signature.maker not in makers:
                raise entry.error(
                    ("signatures", at, "maker"), f"no maker is called {signature.maker}"
                )
            if signature.id in seen:
                raise entry.error(
                    ("signatures", at, "id"), f"{signature.id} is taken by another signature"
                )
            seen.add(signature.id)


def _once_each(entries: list[MakerEntry]) -> dict[MakerId, MakerEntry]:
    makers: dict[MakerId, MakerEntry] = {}
    for entry in entries:
        first = makers.setdefault(entry.maker.id, entry)
        if first is not entry:
            raise entry.error(("id",), f"{entry.maker.id} stands in {first.file} too; keep one")
    return makers


_Ties = dict[tuple[MakerId, TieKind], list[MakerId]]


def _ties_by_kind(entries: list[MakerEntry]) -> _Ties:
    ties: _Ties = {}
    for entry in entries:
        for tie in entry.maker.ties:
            ties.setdefault((entry.maker.id, tie.tie), []).append(tie.to)
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
