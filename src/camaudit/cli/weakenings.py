"""Warn where a pack of the organisation's own takes the place of a shipped policy."""

from __future__ import annotations

from pathlib import Path

import click

from camaudit.app.packset import PackSet, load_packs
from camaudit.app.replaced import replaced
from camaudit.packs.shipped import PackFiles

from .options import overlays_for


def packs_to_judge(estate: Path, given: tuple[Path, ...]) -> PackSet:
    """Load the packs that an estate is judged by; say what they weaken, on standard error."""
    packs = load_packs(overlays_for(estate, given))
    warn_replaced(packs.files)
    return packs


def warn_replaced(files: PackFiles) -> None:
    """Say which shipped policies are replaced, and each way in which one is weakened."""
    for each in replaced(files):
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
