"""What the writers of an order's answers share: the line, the gravest answer, the words for both.

A line may ask for several items, and each requirement is asked of each item. A writer says one
answer for a line and requirement: the gravest, and which items give it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from camaudit.errors import CamauditError
from camaudit.model.orders import ItemAnswer, LineAnswer
from camaudit.model.policy import Verdict
from camaudit.model.words import Basis, Strength, VerdictCode

from . import phrases
from .grounds import SHOWN_FAULTS
from .legible import clipped

#: Characters of one text from outside, and of a line's description where it is a title.
LONGEST: Final = 1000
LONGEST_TITLE: Final = 160
#: Sentences or questions of one line that are named; the rest is counted.
MOST_LISTED: Final = 40

#: Strengths whose breach is a breach of an instruction, and not of advice.
INSTRUCTIONS: Final = frozenset({Strength.MUST, Strength.MUST_NOT})

_DRIVE: Final = re.compile(r"[A-Za-z]:[/\\]")
_GRAVEST_FIRST: Final = (
    VerdictCode.BREACHES,
    VerdictCode.CANNOT_TELL,
    VerdictCode.MEETS,
    VerdictCode.NOT_APPLICABLE,
)
_WEAKEST_FIRST: Final = (Basis.DECLARED, Basis.PRESUMED, Basis.EVIDENCED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAbout:
    """What a reader must know of a checked order besides its answers."""

    #: The order's file, as its readers find it; best relative to the repository that it is in.
    order: str
    #: The version of camaudit.
    version: str
    #: What was taken out of the answers, by ``redact_order``.
    redacted: tuple[str, ...] = ()
    #: Names of makers by id, and titles of policies by id; an id stands for itself without one.
    makers: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one requirement says of a line: the gravest answer, and the items that it is about."""

    verdict: Verdict
    items: tuple[ItemAnswer, ...]
    #: Why, one sentence for each different reason.
    sentences: tuple[str, ...]
    #: What would settle it, where it cannot be told.
    questions: tuple[str, ...]

    @property
    def rule(self) -> str:
        """Return the requirement's name across policies."""
        return f"{self.verdict.policy}/{self.verdict.requirement}"


def insist_on(answers: Sequence[LineAnswer]) -> Sequence[LineAnswer]:
    """Return the answers as they are, or raise ``CamauditError`` that names what has no ground."""
    faults = [fault for answer in answers for fault in _faults(answer)]
    if faults:
        more = f"; and {len(faults) - SHOWN_FAULTS} more" if len(faults) > SHOWN_FAULTS else ""
        raise CamauditError(
            f"these answers cannot be reported: {'; '.join(faults[:SHOWN_FAULTS])}{more}. "
            "Check the order again; if it stays so, the policy pack is damaged"
        )
    return answers


def policies_of(answers: Iterable[LineAnswer]) -> tuple[str, ...]:
    """Return the policies that were asked of any line, in the order in which they come up."""
    return tuple(dict.fromkeys(policy for answer in answers for policy in _policies(answer)))


def findings(answer: LineAnswer, policy: str | None = None) -> tuple[Finding, ...]:
    """Return one finding for each requirement that was asked of a line, of one policy or of all."""
    asked: dict[tuple[str, str], list[tuple[ItemAnswer, Verdict]]] = {}
    for item in answer.items:
        for verdict in (each for several in item.verdicts.values() for each in several):
            if policy is None or verdict.policy == policy:
                key = (verdict.policy, verdict.requirement)
                asked.setdefault(key, []).append((item, verdict))
    return tuple(map(_finding, asked.values()))


def verdict_on(answer: LineAnswer, policy: str) -> VerdictCode:
    """Return what a policy says of a line; where it was not asked, that cannot be told."""
    return answer.verdicts.get(policy, VerdictCode.CANNOT_TELL)


def rests_on(answer: LineAnswer, policy: str) -> tuple[Basis | None, tuple[str, ...]]:
    """Return what a policy's answer rests on, and what was not examined for it."""
    code = verdict_on(answer, policy)
    decide = [each for each in findings(answer, policy) if each.verdict.verdict == code]
    if not decide:
        return answer.basis, answer.not_examined
    bases = {each.verdict.basis for each in decide}
    weakest = next((basis for basis in _WEAKEST_FIRST if basis in bases), None)
    missed = dict.fromkeys(what for each in decide for what in each.verdict.not_examined)
    return weakest, tuple(missed)


def outcome(finding: Finding) -> str:
    """Return a finding's word, with its basis in brackets."""
    verdict = finding.verdict
    if verdict.outstanding:
        return phrases.OUTSTANDING
    return phrases.answered(verdict.verdict, verdict.basis, verdict.not_examined)


def told(finding: Finding) -> str:
    """Return a finding as one paragraph: the clause, how hard it presses, the answer and why."""
    verdict = finding.verdict
    head = (
        f"Clause {verdict.clause} of {verdict.policy} ({phrases.plain(verdict.strength)}), "
        f"{verdict.title}: {outcome(finding)}."
    )
    return clipped(" ".join((head, *finding.sentences)), 2 * LONGEST)


def path_of(order: str) -> str:
    """Return a file's path below its repository, with slashes.

    Of a path that leads elsewhere only the last part is told: readers do not have that machine.
    """
    parts = [part for part in order.replace("\\", "/").split("/") if part not in {"", "."}]
    if order.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(order):
        parts = parts[-1:]
    return "/".join(part for part in parts if part != "-") or "standard-input"


def line_name(answer: LineAnswer) -> str:
    """Return what a line is called: its number, and where it stands if that says more."""
    line, position = answer.line.line, answer.line.position
    name = f"line {line}" if position in {"", line, f"line {line}"} else f"line {line} ({position})"
    return clipped(name, LONGEST_TITLE)


def line_text(answer: LineAnswer, most: int = LONGEST) -> str:
    """Return what a line asks for, in its own words; its brand and model where it has none."""
    line = answer.line
    text = line.description.strip() or " ".join(filter(None, (line.brand, line.model)))
    return clipped(text, most) or "no description"


def item_text(item: ItemAnswer) -> str:
    """Return what an item is: brand and model as they were read, else its own words."""
    known = " ".join(filter(None, (item.brand, item.model)))
    text = clipped(known or item.item.text, LONGEST_TITLE) or "an item without a name"
    return f"{text}, or equal" if item.item.or_equal else text


def maker_text(item: ItemAnswer, about: OrderAbout) -> str:
    """Return who probably makes an item, never as more than probable."""
    if item.maker is None:
        return "maker not known"
    name = clipped(about.makers.get(item.maker, item.maker), LONGEST_TITLE)
    share = item.maker_confidence
    return f"likely {name} ({phrases.probability(share)})" if share is not None else name


def listed(texts: Iterable[str]) -> list[str]:
    """Return different texts from outside, legible and of bearable number and length."""
    every = [*dict.fromkeys(filter(None, (clipped(text, LONGEST) for text in texts)))]
    if len(every) <= MOST_LISTED:
        return every
    return [*every[:MOST_LISTED], f"and {len(every) - MOST_LISTED:,} more"]


def _policies(answer: LineAnswer) -> Iterator[str]:
    yield from answer.verdicts
    for item in answer.items:
        yield from item.verdicts


def _finding(asked: Sequence[tuple[ItemAnswer, Verdict]]) -> Finding:
    gravest = min((verdict for _, verdict in asked), key=_gravity)
    alike = [(item, verdict) for item, verdict in asked if _gravity(verdict) == _gravity(gravest)]
    return Finding(
        verdict=gravest,
        items=tuple(item for item, _ in alike),
        sentences=tuple(dict.fromkeys(verdict.sentence for _, verdict in alike)),
        questions=tuple(dict.fromkeys(gap.question for _, each in alike for gap in each.gaps)),
    )


def _gravity(verdict: Verdict) -> tuple[int, bool]:
    return _GRAVEST_FIRST.index(verdict.verdict), verdict.outstanding


def _faults(answer: LineAnswer) -> Iterator[str]:
    where = line_name(answer)
    for finding in findings(answer):
        policy = finding.verdict.policy
        breached = finding.verdict.verdict is VerdictCode.BREACHES
        if breached and verdict_on(answer, policy) is not VerdictCode.BREACHES:
            yield f"{where} breaches {finding.rule}, and its answer to {policy} does not say so"
    for item in answer.items:
        if item.maker is not None and item.maker_confidence is None:
            yield f"{where} names a maker without a confidence"
        for policy, several in item.verdicts.items():
            for verdict in several:
                yield from _unfounded(f"{where}, {policy}/{verdict.requirement}", policy, verdict)


def _unfounded(where: str, policy: str, verdict: Verdict) -> Iterator[str]:
    if verdict.policy != policy:
        yield f"{where}: a verdict of another policy, {verdict.policy!r}"
    if not verdict.clause.strip() or not verdict.quote.strip() or not verdict.citations:
        yield f"{where}: a verdict without its clause, quote and citation"
    if verdict.verdict is VerdictCode.MEETS and verdict.basis is None:
        yield f'{where}: "meets" without what it rests on'
    if (
        verdict.verdict is VerdictCode.MEETS
        and verdict.basis is Basis.PRESUMED
        and not verdict.not_examined
    ):
        yield f'{where}: "meets (presumed)" without what was not examined'
