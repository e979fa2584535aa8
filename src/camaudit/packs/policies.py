"""Read policy packs: one instrument each, with every clause, its sources and its proof."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from camaudit.errors import PackError
from camaudit.model.ids import RequirementId
from camaudit.model.packs import Vocabulary
from camaudit.model.policy import (
    CONSIDERED,
    Check,
    Choice,
    Citation,
    Deadline,
    DeadlineKind,
    Description,
    Entities,
    FactWord,
    InterpretationNote,
    Interval,
    Part,
    Policy,
    PolicyPacks,
    Requirement,
    Validity,
)
from camaudit.model.words import Kind, VerdictCode

from .conditions import Words, parse_condition
from .facts import FACTS_FILE, load_facts
from .policy_examples import ExampleCounts, Judge, check_examples
from .policy_schema import (
    RawCitation,
    RawDeadline,
    RawPack,
    RawPart,
    RawParts,
    RawRequirement,
)
from .shipped import PackFiles
from .strict import Document, Path, parse, validate

#: What a sentence of a pack may have filled in.
PLACEHOLDERS: Final = frozenset({"producer", "confidence", "body", "kind", "state", "at"})

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


class PolicyFile:
    """One checked policy folder; ``verify_policy`` runs its own proof."""

    def __init__(
        self, files: PackFiles, policy_id: str, facts: tuple[FactWord, ...], words: Vocabulary
    ) -> None:
        folder = f"policies/{policy_id}"
        self._document = _document(files, f"{folder}/pack.yaml")
        self.examples = _document(files, f"{folder}/examples.yaml")
        if f"{folder}/SOURCES.md" not in files.contents:
            raise PackError("is missing: say where the rule was read", file=f"{folder}/SOURCES.md")
        self._raw = validate(self._document, RawPack)
        if self._raw.pack.id != policy_id:
            raise self._error(("pack", "id"), f"must be the folder's name, {policy_id}")
        self._words = Words(
            facts={fact.name: fact for fact in facts},
            choices={name: frozenset(raw.options) for name, raw in self._raw.choices.items()},
            groups=frozenset({self._raw.entities.group}),
            bands={band.id: band.at_least for band in words.bands},
        )
        self._cited = frozenset(each.id for each in self._raw.pack.citations)
        self._check()
        self.policy = self._policy(files.digest(folder), facts)

    def _error(self, path: Path, message: str) -> PackError:
        return self._document.error(path, message)

    def _check(self) -> None:
        raw = self._raw
        self._check_unique([each.id for each in raw.pack.citations], ("pack", "citations"))
        self._check_unique([each.id for each in raw.requirements], ("requirements",))
        self._cites(raw.site.citations, ("site", "citations"))
        self._check_clauses()
        self._check_choices()

    def _check_clauses(self) -> None:
        raw = self._raw
        for at, requirement in enumerate(raw.requirements):
            if requirement.clause not in raw.pack.clauses:
                raise self._error(
                    ("requirements", at, "clause"), "is not among the instrument's clauses"
                )
        for at, clause in enumerate(raw.pack.clauses):
            if not any(each.clause == clause for each in raw.requirements):
                raise self._error(
                    ("pack", "clauses", at),
                    f"clause {clause} has no requirement; nothing is dropped",
                )

    def _check_choices(self) -> None:
        raw = self._raw
        for name, choice in raw.choices.items():
            if choice.default not in choice.options or len(choice.options) < 2:
                raise self._error(
                    ("choices", name, "default"), "must be one of at least two options"
                )
        for code, name in raw.entities.open_codes.items():
            if set(self._words.choices.get(name, ())) != {"unknown", "covered", "not_covered"}:
                raise self._error(
                    ("entities", "open_codes", code),
                    "needs a choice with the options unknown, covered and not_covered",
                )

    def _check_unique(self, ids: list[str], path: Path) -> None:
        for at, each in enumerate(ids):
            if each in ids[:at]:
                raise self._error((*path, at, "id"), f"{each} stands twice")

    def _cites(self, ids: Iterable[str], path: Path) -> tuple[str, ...]:
        found = tuple(ids)
        for at, each in enumerate(found):
            if each not in self._cited:
                raise self._error((*path, at), f"{each} is not among the pack's citations")
        return found

    def _policy(self, digest: str, facts: tuple[FactWord, ...]) -> Policy:
        raw, head = self._raw, self._raw.pack
        return Policy(
            id=head.id,
            version=head.version,
            digest=digest,
            title=head.title,
            jurisdiction=head.jurisdiction,
            issuer=head.issuer,
            instrument_kind=head.instrument_kind,
            legal_force=head.legal_force,
            as_of=head.as_of,
            supersedes=tuple(head.supersedes),
            clauses=tuple(head.clauses),
            citations=tuple(_citation(each) for each in head.citations),
            interpretation_notes=tuple(
                InterpretationNote(
                    question=note.question,
                    choice=note.choice,
                    chosen_by=note.chosen_by,
                    date=note.date,
                    alternatives=tuple(note.alternatives),
                )
                for note in head.interpretation_notes
            ),
            choices=tuple(
                Choice(
                    id=name,
                    question=each.question,
                    options=tuple(each.options.items()),
                    default=each.default,
                    chosen_by=each.chosen_by,
                    date=each.date,
                    note=each.note,
                )
                for name, each in raw.choices.items()
            ),
            validity=self._validity(),
            not_yet_says=self._sentence(raw.validity.not_yet, ("validity", "not_yet")),
            ended_says=self._sentence(raw.validity.ended, ("validity", "ended")),
            relation=tuple(raw.binds.relation),
            entities=Entities(
                group=raw.entities.group,
                law_subject_to=raw.entities.law_subject_to,
                interpretation=raw.entities.interpretation,
                incorporated_in=tuple(raw.entities.incorporated_in),
                open_codes=tuple(raw.entities.open_codes.items()),
            ),
            equipment_kinds=tuple(self._kinds()),
            component_depth=raw.equipment.component_depth,
            site_definition=tuple(raw.site.definition),
            evidence=tuple(raw.evidence.hold),
            requirements=tuple(
                self._requirement(each, ("requirements", at))
                for at, each in enumerate(raw.requirements)
            ),
            facts=facts,
        )

    def _kinds(self) -> Iterable[str]:
        for at, kind in enumerate(self._raw.equipment.kinds):
            if kind not in tuple(Kind):
                raise self._error(
                    ("equipment", "kinds", at), f"{kind!r} is none of {', '.join(Kind)}"
                )
            yield kind

    def _validity(self) -> Validity:
        raw = self._raw.validity
        if raw.in_force_to and raw.in_force_to < raw.in_force_from:
            raise self._error(("validity", "in_force_to"), "is before `in_force_from`")
        for at, each in enumerate(raw.suspended):
            if each.to and each.to < each.from_:
                raise self._error(("validity", "suspended", at, "to"), "is before `from`")
        return Validity(
            announced=raw.announced,
            in_force_from=raw.in_force_from,
            in_force_to=raw.in_force_to,
            suspended=tuple(Interval(start=each.from_, end=each.to) for each in raw.suspended),
            superseded_by=raw.superseded_by,
        )

    def _requirement(self, raw: RawRequirement, path: Path) -> Requirement:
        self._check_automation(raw, path)
        obligation: Path = (*path, "obligation")
        choice = raw.obligation.strength_choice
        if choice is not None and self._words.choices.get(choice) != _STRENGTH_OPTIONS:
            raise self._error(
                (*obligation, "strength_choice"),
                "needs a choice with the options as_written and as_described",
            )
        return Requirement(
            id=RequirementId(raw.id),
            clause=raw.clause,
            title=raw.title,
            quote=raw.quote,
            citations=self._cites(raw.citations, (*path, "citations")),
            action=raw.obligation.action,
            strength=raw.obligation.strength,
            strength_choice=choice,
            described_as=tuple(
                Description(
                    strength=each.strength,
                    since=each.from_,
                    citations=self._cites(
                        each.citations, (*obligation, "described_as", at, "citations")
                    ),
                    says=each.says,
                )
                for at, each in enumerate(raw.obligation.described_as)
            ),
            deadline=self._deadline(raw.obligation.deadline, (*obligation, "deadline")),
            events=tuple(raw.event.triggers) if raw.event else (),
            check=raw.check,
            manual_verdict=raw.manual.verdict if raw.manual else None,
            manual_says=raw.manual.says if raw.manual else "",
            scope=self._scope(raw, path) if raw.check is Check.AUTOMATED else (),
            forbidden=self._parts(raw.forbidden, (*path, "forbidden")),
            met_by=self._part(raw.met_by, (*path, "met_by")) if raw.met_by else None,
            breach_says=self._sentence(raw.breaches or "", (*path, "breaches")),
            can_give=tuple(raw.can_give),
        )

    def _check_automation(self, raw: RawRequirement, path: Path) -> None:
        if raw.check is Check.MANUAL:
            if raw.manual is None or raw.forbidden or raw.can_give:
                raise self._error(
                    (*path, "manual"),
                    "a manual check has `manual`, and no `forbidden` or `can_give`",
                )
            return
        if raw.manual is not None or not raw.forbidden or not raw.can_give or not raw.breaches:
            raise self._error(
                (*path, "check"), "an automated check has `forbidden`, `breaches` and `can_give`"
            )
        considered = raw.obligation.strength in CONSIDERED
        if considered == (VerdictCode.BREACHES in raw.can_give):
            raise self._error(
                (*path, "can_give"), "a duty to consider is never breached; any other one may be"
            )
        if considered and raw.met_by is None:
            raise self._error(path, "a duty to consider needs `met_by`: a recorded decision")

    def _scope(self, raw: RawRequirement, path: Path) -> tuple[Part, ...]:
        """Return what must hold for the rule to apply: body, equipment, event, date, site."""
        pack = self._raw
        own: list[tuple[RawParts | None, Path]] = [
            (pack.binds, ("binds",)),
            (pack.equipment, ("equipment",)),
            (pack.event, ("event",)),
            (raw.event, (*path, "event")),
            (raw.date_test, (*path, "date_test")),
            (pack.site, ("site",)),
            (raw.site, (*path, "site")),
        ]
        return tuple(
            part
            for section, where in own
            if section is not None
            for part in self._parts(section.parts, (*where, "parts"))
        )

    def _parts(self, raws: list[RawPart], path: Path) -> tuple[Part, ...]:
        return tuple(self._part(raw, (*path, at)) for at, raw in enumerate(raws))

    def _part(self, raw: RawPart, path: Path) -> Part:
        return Part(
            when=parse_condition(self._document, (*path, "when"), self._words),
            otherwise=self._sentence(raw.otherwise, (*path, "otherwise")),
            citations=self._cites(raw.citations, (*path, "citations")),
            not_examined=tuple(raw.not_examined),
            settle_first=raw.settle_first,
        )

    def _sentence(self, text: str, path: Path) -> str:
        for name in _PLACEHOLDER.findall(text):
            if name not in PLACEHOLDERS:
                known = ", ".join(sorted(PLACEHOLDERS))
                raise self._error(path, f"{{{name}}} cannot be filled in; known are {known}")
        return text

    def _deadline(self, raw: RawDeadline, path: Path) -> Deadline:
        if (raw.kind is DeadlineKind.NONE) != (raw.date is None):
            raise self._error((*path, "date"), "a deadline has a date unless its kind is none")
        return Deadline(
            kind=raw.kind,
            day=raw.date,
            announced=raw.announced,
            status=raw.status,
            citations=self._cites(raw.citations, (*path, "citations")),
            says=raw.says,
        )


_STRENGTH_OPTIONS: Final = frozenset({"as_written", "as_described"})


def load_policies(files: PackFiles, words: Vocabulary) -> PolicyPacks:
    """Load and check every policy pack; raise ``PackError`` on the first fault."""
    found = policy_files(files, words)
    return PolicyPacks(
        digest=files.digest("policies", "vocab"),
        facts=fact_words(files),
        policies=tuple(file.policy for file in found),
    )


def policy_files(files: PackFiles, words: Vocabulary) -> list[PolicyFile]:
    """Load every policy folder, with the examples that it carries."""
    facts = fact_words(files)
    ids = sorted({_folder(files, name) for name in files.below("policies")})
    if not ids:
        raise PackError("no policy pack was found", file="policies")
    return [PolicyFile(files, each, facts, words) for each in ids]


def verify_policy(file: PolicyFile, judge: Judge) -> ExampleCounts:
    """Run a pack's own proof; raise ``PackError`` (file, line, field) on the first failure."""
    return check_examples(file.policy, file.examples, judge)


def fact_words(files: PackFiles) -> tuple[FactWord, ...]:
    """Load the fact vocabulary."""
    return load_facts(files.contents[FACTS_FILE], files.places.get(FACTS_FILE, FACTS_FILE))


def _folder(files: PackFiles, name: str) -> str:
    parts = name.split("/")
    if len(parts) != len(("policies", "id", "file")):
        raise PackError(
            "a policy is a folder with pack.yaml, examples.yaml and SOURCES.md",
            file=files.places.get(name, name),
        )
    return parts[1]


def _document(files: PackFiles, name: str) -> Document:
    contents: Mapping[str, bytes] = files.contents
    if name not in contents:
        raise PackError("is missing", file=name)
    return parse(contents[name], files.places.get(name, name))


def _citation(raw: RawCitation) -> Citation:
    return Citation(
        id=raw.id,
        locator=raw.locator,
        url=raw.url,
        retrieved=raw.retrieved,
        quote=raw.quote or "",
        confidence=raw.confidence,
    )
