"""Read policy packs: one instrument each, with every clause, its sources and its proof."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from camaudit.errors import PackError
from camaudit.model.ids import RequirementId
from camaudit.model.packs import Vocabulary
from camaudit.model.policy import (
    CONSIDERED,
    Check,
    Choice,
    Contested,
    Deadline,
    DeadlineKind,
    Description,
    ExceptionTo,
    FactWord,
    Group,
    InterpretationNote,
    Named,
    Not,
    Operator,
    Part,
    Policy,
    PolicyPacks,
    Requirement,
    Test,
    Validity,
)
from camaudit.model.rule_words import Precedence
from camaudit.model.words import Kind, Strength, VerdictCode

from .conditions import Words, parse_condition
from .contradictions import check_contradictions
from .facts import FACTS_FILE, facts_of, load_facts
from .policy_examples import ExampleCounts, Judge, check_examples
from .policy_parts import at_depth, citation, facts_asked, intervals, model_group
from .policy_schema import (
    RawContested,
    RawDays,
    RawDeadline,
    RawPack,
    RawPart,
    RawParts,
    RawRequirement,
    RawValidity,
)
from .precedence import check_precedence
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
        self.document = _document(files, f"{folder}/pack.yaml")
        self.examples = _document(files, f"{folder}/examples.yaml")
        if f"{folder}/SOURCES.md" not in files.contents:
            raise PackError("is missing: say where the rule was read", file=f"{folder}/SOURCES.md")
        self._raw = validate(self.document, RawPack)
        if self._raw.pack.id != policy_id:
            raise self._error(("pack", "id"), f"must be the folder's name, {policy_id}")
        raw = self._raw
        facts = facts_of(
            facts, (each.id for each in raw.requirements), (each.id for each in raw.exceptions)
        )
        self._words = Words(
            facts={fact.name: fact for fact in facts},
            choices={name: frozenset(each.options) for name, each in raw.choices.items()},
            groups=frozenset(raw.entities),
            bands={band.id: band.at_least for band in words.bands},
        )
        self._cited = frozenset(each.id for each in self._raw.pack.citations)
        self._check()
        self.policy = self._policy(files.digest(folder), facts)
        self._check_tests()
        check_contradictions(self.policy, self._error)

    def _error(self, path: Path, message: str) -> PackError:
        return self.document.error(path, message)

    def _check(self) -> None:
        raw = self._raw
        self._check_unique([each.id for each in raw.pack.citations], ("pack", "citations"))
        self._check_unique([each.id for each in raw.requirements], ("requirements",))
        self._cites(raw.site.citations, ("site", "citations"))
        self._check_clauses()
        self._check_choices()
        self._check_groups()
        self._check_exceptions()

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

    def _check_groups(self) -> None:
        for name, group in self._raw.entities.items():
            path: Path = ("entities", name)
            for code, choice in group.open_codes.items():
                if self._words.choices.get(choice) != _OPEN_OPTIONS:
                    raise self._error(
                        (*path, "open_codes", code),
                        "needs a choice with the options unknown, covered and not_covered",
                    )
            if group.owned_on and not self._words.choices.get(group.owned_on, frozenset()) <= OWNED:
                raise self._error(
                    (*path, "owned_on"), f"needs a choice with options among {', '.join(OWNED)}"
                )
            if bool(group.named or group.includes) == bool(group.incorporated_in):
                raise self._error(path, "give either `named` and `includes`, or `incorporated_in`")
            for at, each in enumerate(group.named):
                if each.from_ and each.to and each.to < each.from_:
                    raise self._error((*path, "named", at, "to"), "is before `from`")

    def _check_tests(self) -> None:
        """See to it that a regime that tests no item never answers from the item's maker."""
        if self._raw.pack.tests == "item":
            return
        for at, requirement in enumerate(self.policy.requirements):
            for part in (*requirement.scope, *requirement.forbidden):
                asked = sorted(facts_asked(part.when) & _OF_THE_MAKER)
                if asked:
                    raise self._error(
                        ("requirements", at),
                        f"asks {asked[0]}, but this regime tests {self._raw.pack.tests}",
                    )

    def _check_exceptions(self) -> None:
        known = {each.id for each in self._raw.requirements}
        self._check_unique([each.id for each in self._raw.exceptions], ("exceptions",))
        for at, each in enumerate(self._raw.exceptions):
            for place, name in enumerate(each.applies_to):
                if name not in known:
                    raise self._error(
                        ("exceptions", at, "applies_to", place), f"no requirement is called {name}"
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
            citations=tuple(citation(each) for each in head.citations),
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
            tests=head.tests,
            relation=tuple(raw.binds.relation),
            usual_body=raw.binds.usual.value,
            groups=tuple(model_group(name, each) for name, each in raw.entities.items()),
            exceptions=tuple(
                ExceptionTo(
                    id=each.id,
                    title=each.title,
                    applies_to=tuple(map(RequirementId, each.applies_to)),
                    approver=each.approver,
                    evidence=each.evidence,
                    citations=self._cites(each.citations, ("exceptions", at, "citations")),
                    expires=each.expires,
                )
                for at, each in enumerate(raw.exceptions)
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

    def named(
        self,
        group: Group,
        groups: Mapping[tuple[str, str], Group],
        seen: tuple[tuple[str, str], ...],
    ) -> tuple[Named, ...]:
        """Return the makers of a group and of those that it takes over, by all packs' groups."""
        result = list(group.named)
        for at, each in enumerate(group.includes):
            key, path = (each.policy, each.group), ("entities", group.id, "includes", at)
            if key in seen or key == (self.policy.id, group.id):
                chain = " to ".join(policy for policy, _ in (*seen, key))
                raise self._error(path, f"the groups take each other over: {chain}")
            if key not in groups:
                raise self._error(path, f"no pack {each.policy} has a group {each.group}")
            taken = self.named(groups[key], groups, (*seen, key))
            if groups[key].incorporated_in:
                raise self._error(path, "only a group of named makers can be taken over")
            result += (
                taken
                if each.on is None
                else [Named(maker=one.maker) for one in taken if _on_list(one, each.on)]
            )
        return tuple(dict.fromkeys(result))

    def _kinds(self) -> Iterable[str]:
        for at, kind in enumerate(self._raw.equipment.kinds):
            if kind not in tuple(Kind):
                raise self._error(
                    ("equipment", "kinds", at), f"{kind!r} is none of {', '.join(Kind)}"
                )
            yield kind

    def _validity(self) -> Validity:
        raw = self._raw.validity
        self._check_days(raw, ("validity",))
        return Validity(
            announced=raw.announced,
            in_force_from=raw.in_force_from,
            in_force_to=raw.in_force_to,
            suspended=intervals(raw.suspended),
            superseded_by=raw.superseded_by,
            contested=self._contested(raw.contested, ("validity", "contested")),
            suspended_says=self._said(raw.while_suspended, ("validity", "while_suspended")),
        )

    def _own_days(self, raw: RawRequirement, path: Path) -> Validity | None:
        days = raw.validity
        if days is None:
            return None
        self._check_days(days, (*path, "validity"))
        return Validity(
            announced=self._raw.validity.announced,
            in_force_from=days.in_force_from,
            in_force_to=days.in_force_to,
            suspended=intervals(days.suspended),
            superseded_by=None,
            contested=self._contested(days.contested, (*path, "validity", "contested")),
            not_yet_says=self._said(days.not_yet, (*path, "validity", "not_yet")),
            ended_says=self._said(days.ended, (*path, "validity", "ended")),
            suspended_says=self._said(days.while_suspended, (*path, "validity", "while_suspended")),
        )

    def _said(self, text: str | None, path: Path) -> str | None:
        return None if text is None else self._sentence(text, path)

    def _check_days(self, raw: RawDays | RawValidity, path: Path) -> None:
        if raw.in_force_to and raw.in_force_to < raw.in_force_from:
            raise self._error((*path, "in_force_to"), "is before `in_force_from`")
        for name, given in (("suspended", raw.suspended), ("contested", raw.contested)):
            for at, each in enumerate(given):
                if each.to and each.to < each.from_:
                    raise self._error((*path, name, at, "to"), "is before `from`")
        days = sorted(
            ((each.from_, each.to or dt.date.max, name, at)
             for name, given in (("suspended", raw.suspended), ("contested", raw.contested))
             for at, each in enumerate(given)),
        )  # fmt: skip
        for (_, end, _, _), (start, _, name, at) in pairwise(days):
            if start <= end:
                raise self._error(
                    (*path, name, at, "from"),
                    "overlaps with an interval before: a day has one state",
                )

    def _contested(self, raw: Sequence[RawContested], path: Path) -> tuple[Contested, ...]:
        return tuple(
            Contested(
                start=each.from_,
                end=each.to,
                says=each.says,
                citations=self._cites(each.citations, (*path, at, "citations")),
            )
            for at, each in enumerate(raw)
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
            scope=self._scope(raw, path),
            forbidden=tuple(
                replace(each, when=at_depth(each.when, raw.component_depth))
                for each in self._parts(raw.forbidden, (*path, "forbidden"))
            ),
            met_by=self._part(raw.met_by, (*path, "met_by")) if raw.met_by else None,
            breach_says=self._sentence(raw.breaches or "", (*path, "breaches")),
            can_give=tuple(raw.can_give),
            validity=self._own_days(raw, path),
            outranked_by=tuple(
                Precedence(
                    policy=each.policy,
                    requirement=each.requirement,
                    says=each.says,
                    citations=self._cites(each.citations, (*path, "outranked_by", at, "citations")),
                )
                for at, each in enumerate(raw.outranked_by)
            ),
        )

    def _check_automation(self, raw: RawRequirement, path: Path) -> None:
        if raw.check is Check.MANUAL:
            if raw.manual is None or raw.forbidden or raw.can_give:
                raise self._error(
                    (*path, "manual"),
                    "a manual check has `manual`, and no `forbidden` or `can_give`",
                )
            listed = raw.obligation.strength is Strength.INFORMATION
            if listed and raw.manual.verdict is not VerdictCode.NOT_APPLICABLE:
                raise self._error(
                    (*path, "manual", "verdict"), "information binds nobody: not_applicable"
                )
            return
        if raw.obligation.strength is Strength.INFORMATION:
            raise self._error(
                (*path, "obligation", "strength"),
                "information can never be breached: make it a manual check that says what it is",
            )
        if raw.manual is not None or not raw.forbidden or not raw.can_give or not raw.breaches:
            raise self._error(
                (*path, "check"), "an automated check has `forbidden`, `breaches` and `can_give`"
            )
        self._check_breaches(raw, path)

    def _check_breaches(self, raw: RawRequirement, path: Path) -> None:
        """See to it that what is never breached is met by a record, as a duty to consider is."""
        breached = VerdictCode.BREACHES in raw.can_give
        considered = raw.obligation.strength in CONSIDERED
        if considered and breached:
            raise self._error((*path, "can_give"), "a duty to consider is never breached")
        if considered and raw.met_by is None:
            raise self._error(path, "a duty to consider needs `met_by`: a recorded decision")
        if not breached and raw.met_by is None:
            raise self._error(
                (*path, "can_give"),
                "only a duty with `met_by`, which a record shows, is never breached",
            )

    def _scope(self, raw: RawRequirement, path: Path) -> tuple[Part, ...]:
        """Return what must hold for the rule to apply: body, equipment, event, date, site."""
        pack = self._raw
        if raw.manual is not None:
            # what nobody is asked needs no bound body; of the rest only those bound are asked
            asked = raw.manual.verdict is VerdictCode.CANNOT_TELL
            return self._parts(pack.binds.parts, ("binds", "parts")) if asked else ()
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
        ) + tuple(
            Part(
                when=Not(part=Test(fact=f"exception.{each.id}", operator=Operator.IS, value=True)),
                otherwise=f"Excepted: {each.title}; it is on record and stands on that day.",
                citations=self._cites(each.citations, ("exceptions", at, "citations")),
            )
            for at, each in enumerate(pack.exceptions)
            if raw.id in each.applies_to
        )

    def _parts(self, raws: list[RawPart], path: Path) -> tuple[Part, ...]:
        return tuple(self._part(raw, (*path, at)) for at, raw in enumerate(raws))

    def _part(self, raw: RawPart, path: Path) -> Part:
        return Part(
            when=parse_condition(self.document, (*path, "when"), self._words),
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


#: The days on which an owner may count, as options of a choice.
OWNED: Final = frozenset({"today", "at_purchase", "at_manufacture"})
_OPEN_OPTIONS: Final = frozenset({"unknown", "covered", "not_covered"})
#: What only the maker of an item answers.
_OF_THE_MAKER: Final = frozenset(
    {
        "device.producer",
        "device.producer.confidence",
        "device.producer.aspect",
        "device.components",
        "device.parts",
    }
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


def _resolve(files: list[PolicyFile]) -> None:
    """Put the makers of other packs into the groups that take them over; check precedence."""
    by_id = {file.policy.id: file for file in files}
    check_precedence(
        {name: file.policy for name, file in by_id.items()},
        lambda name, path, says: by_id[name].document.error(path, says),
    )
    groups = {(file.policy.id, group.id): group for file in files for group in file.policy.groups}
    for file in files:
        file.policy = replace(
            file.policy,
            groups=tuple(
                replace(group, named=file.named(group, groups, ())) for group in file.policy.groups
            ),
        )


def policy_files(files: PackFiles, words: Vocabulary) -> list[PolicyFile]:
    """Load every policy folder, with the examples that it carries."""
    facts = fact_words(files)
    ids = sorted({_folder(files, name) for name in files.below("policies")})
    if not ids:
        raise PackError("no policy pack was found", file="policies")
    found = [PolicyFile(files, each, facts, words) for each in ids]
    _resolve(found)
    return found


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


def _on_list(named: Named, on: dt.date) -> bool:
    started = named.since is None or named.since <= on
    return started and (named.until is None or on <= named.until)
