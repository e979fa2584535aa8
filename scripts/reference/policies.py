"""A page for each policy pack: clauses, strength, citations with marks, choices, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from camaudit.model.policy import (
    AllOf,
    AnyOf,
    Check,
    ChoiceIs,
    Citation,
    Condition,
    DeadlineKind,
    Not,
    Part,
    Policy,
    Requirement,
    Test,
)
from camaudit.packs.load import vocabulary
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files

from .markdown import address, code, page, table


def pages() -> dict[str, str]:
    """Return the pages by path below ``docs/reference``."""
    files = find_pack_files()
    packs = load_policies(files, vocabulary(files))
    return {f"policies/{policy.id}.md": _page(policy) for policy in packs.policies}


def _page(policy: Policy) -> str:
    facts = [
        ("Version", f"{policy.version}, as of {policy.as_of}"),
        ("Issued by", policy.issuer),
        ("Jurisdiction", policy.jurisdiction),
        ("Instrument", policy.instrument_kind.replace("_", " ")),
        ("Force", policy.legal_force),
        ("In force from", policy.validity.in_force_from),
        ("In force to", policy.validity.in_force_to or "open"),
        ("Binds through", " or ".join(policy.relation)),
        ("Kinds of equipment", ", ".join(map(code, policy.equipment_kinds))),
        ("Tests", policy.tests.replace("_", " ")),
        ("Companies covered", "; ".join(group.says for group in policy.groups) or "none"),
    ]
    common = _shared(policy)
    intro = ["camaudit indicates what this instrument asks; it gives no legal advice."]
    return page(
        policy.title,
        f"`data/policies/{policy.id}/`",
        intro,
        table(["", code(policy.id)], facts),
        _clauses(policy),
        _common(common),
        *(_requirement(each, common) for each in policy.requirements),
        _sites(policy.site_definition),
        _choices(policy),
        _notes(policy),
        _citations(policy.citations),
    )


def _clauses(policy: Policy) -> list[str]:
    rows = [
        (
            each.clause,
            each.title,
            code(each.strength.value),
            "; ".join(
                f"{code(described.strength.value)} from {described.since}"
                for described in each.described_as
            ),
            ", ".join(code(word.value) for word in each.can_give),
        )
        for each in policy.requirements
    ]
    head = ["Clause", "Title", "Strength", "Later described as", "Can give"]
    return ["## Clauses", "", *table(head, rows)]


def _shared(policy: Policy) -> tuple[Part, ...]:
    """Return the parts of the scope that every clause has that is judged by machine."""
    scopes = [each.scope for each in policy.requirements if each.check is Check.AUTOMATED]
    if not scopes:  # every clause is checked by hand
        return ()
    return tuple(part for part in scopes[0] if all(part in scope for scope in scopes))


def _common(parts: tuple[Part, ...]) -> list[str]:
    return [
        "## Where it applies",
        "",
        "Each clause that is judged by machine applies while all of this holds; otherwise it is",
        "`not_applicable`, with the sentence that stands here.",
        "",
        *map(_part, parts),
    ]


def _requirement(rule: Requirement, common: tuple[Part, ...]) -> list[str]:
    lines = [f"## Clause {rule.clause}: {rule.title}", "", f"> {rule.quote}", ""]
    lines += [f"Citations: {_cited(rule.citations)}. Checked: {rule.check.value}."]
    if rule.manual_says:
        lines += ["", rule.manual_says]
    for described in rule.described_as:
        lines += ["", f"{described.says} {_cited(described.citations)}"]
    if rule.deadline.kind is not DeadlineKind.NONE:
        day = f"{rule.deadline.kind.value.capitalize()}: {rule.deadline.day}."
        lines += ["", f"{day} {rule.deadline.says} {_cited(rule.deadline.citations)}"]
    if rule.check is Check.AUTOMATED:
        own = [part for part in rule.scope if part not in common]
        if own:
            lines += ["", "It applies only where, besides:", "", *map(_part, own)]
        lines += ["", "What must not be, all at once:", ""]
        lines += [*map(_part, rule.forbidden)]
        if rule.met_by:
            lines += ["", "Met by:", "", _part(rule.met_by)]
        lines += ["", f"Otherwise: {rule.breach_says}"]
    return lines


def _part(part: Part) -> str:
    cited = f" {_cited(part.citations)}" if part.citations else ""
    left = f" Not examined: {', '.join(part.not_examined)}." if part.not_examined else ""
    said = _said(part.when)
    if isinstance(part.when, (AllOf, AnyOf)):
        said = said[1:-1]
    return f"- {said}. *{part.otherwise.strip()}*{cited}{left}"


def _cited(names: Sequence[str]) -> str:
    return ", ".join(code(name) for name in names)


def _said(condition: Condition) -> str:
    match condition:
        case Test(fact=fact, operator=operator, value=value):
            words = ", ".join(value) if isinstance(value, tuple) else str(value).lower()
            band = f" at {condition.at_least:.2f} or more" if condition.at_least else ""
            return f"{code(fact)} {operator.value.replace('_', ' ')} {code(words)}{band}"
        case ChoiceIs(choice=choice, option=option):
            return f"choice {code(choice)} is {code(option)}"
        case AllOf(parts=parts):
            return "(" + " and ".join(map(_said, parts)) + ")"
        case AnyOf(parts=parts):
            return "(" + " or ".join(map(_said, parts)) + ")"
        case Not(part=part):
            return f"not {_said(part)}"


def _sites(definition: Sequence[str]) -> list[str]:
    return ["## Sensitive sites", "", *(f"- {each}" for each in definition)] if definition else []


def _choices(policy: Policy) -> list[str]:
    lines = ["## Choices", "", "`--choose QUESTION=ANSWER` answers one of these otherwise."]
    for choice in policy.choices:
        rows = [
            (code(option) + (" (default)" if option == choice.default else ""), says)
            for option, says in choice.options
        ]
        lines += ["", f"### `{choice.id}`", "", f"{choice.question} {choice.note}", ""]
        lines += [*table(["Answer", "Means"], rows)]
        lines += ["", f"Default chosen by {choice.chosen_by}, {choice.date}."]
    return lines


def _notes(policy: Policy) -> list[str]:
    lines = ["## Interpretation notes"]
    for note in policy.interpretation_notes:
        lines += ["", f"**{note.question}** {note.choice.strip()}", ""]
        lines += [
            f"Chosen by {note.chosen_by}, {note.date}. Instead: {'; '.join(note.alternatives)}."
        ]
    return lines


def _citations(citations: Sequence[Citation]) -> list[str]:
    def rows() -> Iterator[tuple[object, ...]]:
        for each in citations:
            quote = f"“{each.quote}”" if each.quote else ""
            yield code(each.id), each.locator, quote, each.confidence.value, each.retrieved

    links = [f"- {code(each.id)}: {address(each.url)}" for each in citations]
    head = ["Citation", "Where", "Quote", "Mark", "Read on"]
    return [
        "## Citations",
        "",
        "**Verified**: read in a stored copy. **Reported**: read as others quote it.",
        "",
        *table(head, rows()),
        "",
        *links,
    ]
