"""``camaudit packs list, show, diff``: which rules there are, how they stand, what differs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.table import Table

from camaudit.app import clock
from camaudit.app.assess import Question, need_policy, policies
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.app.policy_versions import compare_folders, who_changes
from camaudit.model.policy import Policy, Requirement, RuleState
from camaudit.policy.compiling import state_at

from .exits import EXIT_FINDINGS
from .options import Day, overlay_option
from .terminal import busy, print_json, screen

#: Devices named in a difference; the rest is counted.
_SHOWN = 5


@click.command("list", epilog="Example: camaudit packs list --as-of 2024-01-01")
@click.option("--as-of", type=Day(), help="The day. [default: today]")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@overlay_option
def list_command(*, as_of: date | None, as_json: bool, overlays: tuple[Path, ...]) -> None:
    """List every policy: where it holds, what it tests, and how it stands on a day."""
    at = as_of or clock.now().date()
    found = policies(load_packs(overlays)).policies
    if as_json:
        print_json(
            {
                "id": each.id,
                "title": each.title,
                "jurisdiction": each.jurisdiction,
                "legal_force": each.legal_force,
                "tests": each.tests,
                "state": state_at(each.validity, at)[0].value,
                "in_force_from": each.validity.in_force_from.isoformat(),
                "version": each.version,
            }
            for each in found
        )
        return
    table = Table()
    table.add_column("Policy", no_wrap=True)
    for heading in ("Where", "Force", "Tests", f"On {at}", "Since"):
        table.add_column(heading)
    for each in found:
        state = state_at(each.validity, at)[0].value.replace("_", " ")
        words = (each.jurisdiction, each.legal_force, each.tests.replace("_", " "), state)
        table.add_row(each.id, *words, each.validity.in_force_from.isoformat())
    screen().print(table)


@click.command("show", epilog="Example: camaudit packs show us-bis-entity-list --as-of 2025-12-01")
@click.argument("policy")
@click.option("--as-of", type=Day(), help="The day. [default: today]")
@overlay_option
def show_command(*, policy: str, as_of: date | None, overlays: tuple[Path, ...]) -> None:
    """Show a policy: its clauses and how each stands on a day, its choices, makers and sources."""
    at = as_of or clock.now().date()
    found = need_policy(policies(load_packs(overlays)), policy)
    click.echo(f"{found.id}: {found.title}")
    click.echo(
        f"  {found.issuer}; {found.instrument_kind.replace('_', ' ')}, {found.legal_force}; "
        f"it tests: {found.tests.replace('_', ' ')}; read until {found.as_of}"
    )
    click.echo(f"  On {at}: {_state(found, None, at)}")
    for rule in found.requirements:
        click.echo(f"\n  {rule.id} ({rule.strength}, {rule.check}): {rule.title}")
        click.echo(f"    On {at}: {_state(found, rule, at)}")
        click.echo(f"    {rule.quote}")
    for group in found.groups:
        named = ", ".join(each.maker for each in group.named)
        click.echo(f"\n  Makers ({group.id}): {group.says}{f' [{named}]' if named else ''}")
    for choice in found.choices:
        click.echo(f"\n  Choice {choice.id}: {choice.question}")
        for option, means in choice.options:
            mark = "*" if option == choice.default else " "
            click.echo(f"    {mark} {option}: {means}")
    for each in found.exceptions:
        click.echo(f"\n  Exception {each.id}: {each.title}; granted by {each.approver}")
    for note in found.interpretation_notes:
        click.echo(f"\n  {note.question}\n    {note.choice}")
    click.echo("\n  Sources")
    for source in found.citations:
        click.echo(f"    {source.id} ({source.confidence}): {source.locator}")


def _state(policy: Policy, rule: Requirement | None, at: date) -> str:
    validities = [policy.validity, *([rule.validity] if rule and rule.validity else [])]
    states = [state_at(each, at) for each in validities]
    for state, contested in states:
        if state is not RuleState.IN_FORCE:
            why = f": {contested.says}" if contested else ""
            return state.value.replace("_", " ") + why
    return "in force"


@click.command(
    "diff",
    epilog="""\b
Examples:
  camaudit packs diff packs-2026 packs-2027
  camaudit packs diff packs-2026 packs-2027 --estate camaudit.sqlite

Exit code 3 if the second version may ask less anywhere.""",
)
@click.argument("one", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("other", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--estate",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Also say which devices of this estate get another verdict, and why.",
)
@click.option("--as-of", type=Day(), help="The day. [default: today]")
def diff_command(*, one: Path, other: Path, estate: Path | None, as_of: date | None) -> int:
    """Say what differs between the policies of two folders, and who newly fails."""
    packs = load_packs()
    weaker = False
    for policy, found in compare_folders(one, other, packs):
        click.echo(policy)
        for each in found:
            weaker |= each.weaker
            click.echo(f"  {'! ' if each.weaker else '  '}{each.where}: {each.says}")
    if weaker:
        click.echo("! marks where the second version may ask less than the first.")
    if estate is not None:
        now = clock.now()
        day = as_of or now.date()
        question = Question(policy="", rules_on=day, facts_on=day, known_at=now)
        with busy("judging the estate under both"):
            changes = list(who_changes(open_estate(estate), one, other, packs, question))
        for change in changes:
            more = len(change.devices) - _SHOWN
            names = ", ".join(change.devices[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
            click.echo(
                f"{change.policy} {change.requirement}: {change.before.replace('_', ' ')} becomes "
                f"{change.after.replace('_', ' ')} for {len(change.devices)}: {names}"
            )
            click.echo(f"    {change.sentence}")
    return EXIT_FINDINGS if weaker else 0
