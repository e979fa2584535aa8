"""Show verdicts over time: the counts of an estate, and the history of one device."""

from __future__ import annotations

from collections.abc import Sequence

import click

from camaudit.app.timeline import Moment, Span, changes

from .terminal import print_json


def show_moments(moments: Sequence[Moment], *, as_json: bool) -> None:
    """Print each day on which counts change, why, and by how much."""
    if as_json:
        print_json(
            {
                "day": each.day.isoformat(),
                "because": list(each.because),
                "counts": [[*key, count] for key, count in sorted(each.counts.items()) if count],
            }
            for each in moments
        )
        return
    for moment, change in zip(moments, changes(moments), strict=True):
        click.echo(f"{moment.day}  {'; '.join(moment.because) or 'the first day'}")
        for (requirement, verdict), count in sorted(change.items()):
            now = moment.counts[requirement, verdict]
            click.echo(f"    {requirement}: {verdict.replace('_', ' ')} {now} ({count:+d})")


def show_history(spans: Sequence[Span], *, as_json: bool) -> None:
    """Print a device's verdicts as intervals of days, each with its sentence."""
    if as_json:
        print_json(
            {
                "requirement": each.requirement,
                "from": each.start.isoformat(),
                "to": each.end.isoformat(),
                "verdict": each.verdict.verdict.value,
                "strength": each.verdict.strength.value,
                "outstanding": each.verdict.outstanding,
                "sentence": each.verdict.sentence,
            }
            for each in spans
        )
        return
    for each in spans:
        code = each.verdict.verdict.value.replace("_", " ")
        click.echo(f"{each.requirement}  {each.start} to {each.end}  {code}")
        click.echo(f"    {each.verdict.sentence}")
