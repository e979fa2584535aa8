"""Warn where packs of the organisation's own make a shipped policy ask less."""

from __future__ import annotations

from pathlib import Path

import click

from camaudit.app.packset import PackSet, load_packs
from camaudit.app.replaced import replaced, weakened_by_makers

from .options import overlays_for


def packs_to_judge(estate: Path, given: tuple[Path, ...]) -> PackSet:
    """Load the packs that an estate is judged by; say what they weaken, on standard error."""
    packs = load_packs(overlays_for(estate, given))
    warn_replaced(packs)
    return packs


def warn_replaced(packs: PackSet) -> None:
    """Say which shipped policies are replaced, and each way in which one is weakened."""
    for each in replaced(packs):
        if not each.weakens:
            click.echo(
                f"note: the policy {each.policy} is not the shipped one ({each.place}); it asks "
                "nothing less",
                err=True,
            )
            continue
        click.echo(
            f"warning: the policy {each.policy} is weaker than the shipped one ({each.place}):",
            err=True,
        )
        for text in each.weakens:
            click.echo(f"  {text}", err=True)
    by_makers = weakened_by_makers(packs)
    if by_makers:
        click.echo("warning: makers that are not the shipped ones weaken policies:", err=True)
    for text, names in by_makers.items():
        click.echo(f"  {', '.join(names)}: {text}", err=True)
