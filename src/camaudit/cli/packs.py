"""``camaudit packs``: check and list what we know and which rules we have."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from camaudit.app.packset import load_packs
from camaudit.app.verify import verify_packs

from .options import overlay_option
from .terminal import print_json, screen


@click.group("packs", epilog="Example: camaudit packs verify --packs ./our-packs")
def packs_command() -> None:
    """Check or list maker and policy packs."""


@packs_command.command("verify", epilog="Example: camaudit packs verify --packs ./our-packs")
@overlay_option
def packs_verify(overlays: tuple[Path, ...]) -> None:
    """Load every pack strictly and run its examples and counter-examples."""
    counted = verify_packs(overlays)
    click.echo(
        f"{counted.makers} makers, {counted.signatures} signatures: "
        f"{counted.maker_examples} examples hold"
    )
    click.echo(
        f"{counted.advisories} records of weaknesses: {counted.advisory_examples} examples hold"
    )
    click.echo(
        f"{counted.policies} policies, {counted.requirements} requirements: "
        f"{counted.policy_examples} examples hold"
    )
    click.echo(
        f"makers {counted.maker_digest[:16]}, advisories {counted.advisory_digest[:16]}, "
        f"policies {counted.policy_digest[:16]}"
    )


@packs_command.command("list", epilog="Example: camaudit packs list --json")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@overlay_option
def packs_list(*, as_json: bool, overlays: tuple[Path, ...]) -> None:
    """List makers and brands."""
    makers = load_packs(overlays).makers.makers
    if as_json:
        print_json(makers)
        return
    table = Table("Id", "Kind", "Names", "Jurisdiction", "Ties")
    for maker in makers:
        ties = ", ".join(f"{tie.tie.value} {tie.to} ({tie.firmness.value})" for tie in maker.ties)
        table.add_row(
            maker.id, maker.kind.value, ", ".join(maker.names), maker.jurisdiction or "", ties
        )
    screen().print(table)
