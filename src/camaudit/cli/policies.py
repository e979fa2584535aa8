"""``camaudit packs list``, ``show`` and ``diff``: which rules there are, and how they differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Column, Table
from rich.text import Text

from camaudit.app import clock
from camaudit.app.assess import need_policy, policies
from camaudit.app.estate import open_estate
from camaudit.app.pack_diff import Outcome, PolicyDiff, Turned, compare, read_side, who_turns
from camaudit.app.packset import load_packs
from camaudit.app.policies import (
    ChoiceLine,
    PolicyCard,
    PolicyRow,
    RequirementLine,
    Standing,
    policy_card,
    policy_row,
)
from camaudit.model.changes import Difference

from .exits import EXIT_FINDINGS
from .options import Day, overlay_option
from .questions import make_question
from .terminal import busy, print_json, say, screen

#: Devices named in a line; all of them stand in the JSON.
MOST_DEVICES: Final = 5

_as_of_option = click.option(
    "--as-of", type=Day(), help="As it stands on that day. [default: today]"
)


@click.command("list", epilog="Example: camaudit packs list --as-of 2023-08-01")
@_as_of_option
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@overlay_option
def list_command(*, as_of: date | None, as_json: bool, overlays: tuple[Path, ...]) -> None:
    """List all policies: where they hold, how they bind, what they test, since when.

    Makers and brands are listed by `camaudit makers list`.
    """
    at = as_of or clock.now().date()
    rows = [policy_row(each, at) for each in policies(load_packs(overlays)).policies]
    if as_json:
        print_json(asdict(row) for row in rows)
        return
    table = Table(Column("Policy", no_wrap=True), "Where", "Force", "Tests", "In force", f"On {at}")
    for row in rows:
        table.add_row(*map(Text, _cells(row)))
    screen().print(table)


def _cells(row: PolicyRow) -> tuple[str, ...]:
    until = f" to {row.in_force_to}" if row.in_force_to else ""
    return (
        row.id,
        row.jurisdiction,
        row.legal_force,
        _plain(row.tests),
        f"since {row.in_force_from}{until}",
        _plain(row.state.value),
    )


@click.command(
    "show",
    epilog="""\b
Examples:
  camaudit packs show uk-2022-statement
  camaudit packs show us-889-part-a --as-of 2019-08-12""",
)
@click.argument("policy")
@_as_of_option
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@overlay_option
def show_command(
    policy: str, as_of: date | None, *, as_json: bool, overlays: tuple[Path, ...]
) -> None:
    """Show the instrument of a POLICY, its requirements on a day, its choices and sources."""
    found = need_policy(policies(load_packs(overlays)), policy)
    card = policy_card(found, as_of or clock.now().date())
    if as_json:
        print_json([asdict(card)])
        return
    out = screen()
    for indent, text in _card(card):
        say(out, text, indent)


def _card(card: PolicyCard) -> Iterable[tuple[int, str]]:
    """Yield lines with how far each stands in."""
    row = card.row
    yield 0, f"{row.title} ({row.id}, version {row.version})"
    yield (
        0,
        (
            f"{row.jurisdiction}, {card.issuer}; {_plain(card.instrument_kind)}, "
            f"{row.legal_force}; it tests: {_plain(row.tests)}"
        ),
    )
    yield 0, f"Announced {card.announced}; sources read until {card.as_of}"
    if card.superseded_by:
        yield 0, f"Superseded by {card.superseded_by}"
    yield 0, f"On {card.at}: {_standing(card.standing)}"
    for rule in card.requirements:
        yield 0, ""
        yield from _requirement(rule, card.at)
    for group, says, makers in card.makers:
        yield 0, ""
        yield 0, f"Makers “{group}”: {says}" + (f" ({', '.join(makers)})" if makers else "")
    for each in card.exceptions:
        until = f", until {each.expires}" if each.expires else ""
        yield 0, ""
        yield 0, f"Exception {each.id}: {each.title}, by {each.approver}{until}"
    for choice in card.choices:
        yield 0, ""
        yield from _choice(choice)
    yield 0, ""
    yield 0, "Sources"
    for source in card.sources:
        read = f"{source.confidence.value}, read on {source.retrieved}"
        yield 2, f"{source.id} ({read}): {source.locator} {source.url}"


def _requirement(rule: RequirementLine, at: date) -> Iterable[tuple[int, str]]:
    yield 0, f"{rule.id} (clause {rule.clause}), {_plain(rule.strength)}: {rule.title}"
    yield 2, f"on {at}: {_standing(rule.standing)}"
    yield 2, f"“{rule.quote}” ({', '.join(rule.citations)})"
    for strength, since, says in rule.described_as:
        yield 2, f"described as {_plain(strength)} since {since}: {says}"
    if rule.deadline:
        yield 2, f"by {rule.deadline}"
    if rule.check == "manual":
        yield 2, "decided by a person"


def _choice(choice: ChoiceLine) -> Iterable[tuple[int, str]]:
    yield 0, f"Choice {choice.id}: {choice.question}"
    for option, means in choice.options:
        default = " (default)" if option == choice.default else ""
        yield 2, f"{option}{default}: {means}"
    yield 2, choice.note


def _standing(standing: Standing) -> str:
    words = _plain(standing.state.value)
    return f"{words}: {standing.reason}" if standing.reason else words


@click.command(
    "diff",
    epilog="""\b
Examples:
  camaudit packs diff shipped ./our-packs
  camaudit packs diff ./packs-2026 ./packs-2027 --estate camaudit.sqlite
  camaudit packs diff ./2026/uk-2022-statement ./2027/uk-2022-statement --json

Exit code 3 if AFTER asks less anywhere.""",
)
@click.argument("before")
@click.argument("after")
@click.option(
    "--estate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Also judge this estate by both, and say whose verdicts turn and why.",
)
@click.option("--as-of", type=Day(), help="The day to judge the estate at. [default: today]")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@overlay_option
def diff_command(
    before: str,
    after: str,
    *,
    estate: Path | None,
    as_of: date | None,
    as_json: bool,
    overlays: tuple[Path, ...],
) -> int:
    """Say what the policies of AFTER say otherwise than those of BEFORE.

    Each is a directory with policies/ in it, the folder of one policy, or the word `shipped`. Where
    AFTER asks less it is marked. Makers are those that ship, and of --packs.
    """
    found = compare(read_side(before), read_side(after))
    code = EXIT_FINDINGS if any(each.after is None or each.weakens for each in found) else 0
    turned: tuple[Turned, ...] = ()
    if estate is not None:
        packs = load_packs(overlays)
        question = make_question(as_of=as_of)
        with busy("judging the estate by both"):
            turned = who_turns(open_estate(estate), packs, found, question)
    if as_json:
        print_json(_objects(found, turned))
        return code
    out = screen()
    for diff in found:
        for indent, text in _diff(diff):
            say(out, text, indent)
    for each in turned:
        for indent, text in _turned(each):
            say(out, text, indent)
    if estate is not None and not turned:
        say(out, "No device's verdict turns.", 0)
    return code


def _objects(found: Iterable[PolicyDiff], turned: Iterable[Turned]) -> Iterable[dict[str, Any]]:
    for diff in found:
        yield {
            "policy": diff.policy,
            "before": diff.before.version if diff.before else None,
            "after": diff.after.version if diff.after else None,
            "differences": [asdict(each) for each in diff.differences],
            "weakens": diff.weakens,
        }
    for each in turned:
        yield asdict(each)


def _diff(diff: PolicyDiff) -> Iterable[tuple[int, str]]:
    if diff.before is None or diff.after is None:
        yield 0, f"{diff.policy}: only in {'the second' if diff.before is None else 'the first'}"
        return
    if not diff.differences and not diff.weakens:
        yield 0, f"{diff.policy}: the same"
        return
    yield 0, diff.policy
    for each in diff.differences:
        yield 2, _difference(each)
    for text in diff.weakens:
        yield 2, f"weaker: {text}"


def _difference(each: Difference) -> str:
    of = f"requirement {each.requirement}, " if each.requirement else ""
    if each.what == "requirement" and each.name == each.requirement:
        word = "removed" if each.after is None else "added"
        return f"requirement {each.requirement} {word}: {each.before or each.after}"
    what = each.name if each.name == each.what else f"{each.what} {each.name}"
    if each.before is None:
        return f"{of}{what} added: {each.after}"
    if each.after is None:
        return f"{of}{what} removed: {each.before}"
    return f"{of}{what}: {each.after} instead of {each.before}"


def _turned(each: Turned) -> Iterable[tuple[int, str]]:
    names = ", ".join(each.devices[:MOST_DEVICES])
    more = len(each.devices) - MOST_DEVICES
    yield 0, ""
    yield (
        0,
        (
            f"{_plain(each.turn.value)}, {each.policy} {each.requirement}: {names}"
            + (f" and {more:,} more" if more > 0 else "")
        ),
    )
    for word, outcome in (("before", each.before), ("after", each.after)):
        yield 2, f"{word}: {_outcome(outcome)}"


def _outcome(outcome: Outcome | None) -> str:
    if outcome is None:
        return "no such requirement"
    verdict = "decision outstanding" if outcome.outstanding else _plain(outcome.verdict)
    names = {each.name for each in outcome.facts}
    facts = ", ".join(
        f"{each.name} {each.value or 'not known'}"
        for each in outcome.facts
        # what else is known of a fact stands in the JSON
        if each.name.rpartition(".")[0] not in names
    )
    return f"{verdict}. {outcome.sentence}" + (f" [{facts}]" if facts else "")


def _plain(word: str) -> str:
    return word.replace("_", " ")


COMMANDS: Final = (list_command, show_command, diff_command)
