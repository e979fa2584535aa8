"""Say where an overlay may ask less than what ships: no rule is weakened in silence."""

from __future__ import annotations

import click

from camaudit.app.packset import PackSet
from camaudit.app.policy_versions import weakenings


def warn_weakened(packs: PackSet) -> None:
    """Name every such place on standard error."""
    for each in weakenings(packs):
        click.echo(f"warning: an overlay may ask less than the shipped policy: {each}", err=True)
