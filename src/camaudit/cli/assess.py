"""``camaudit assess``: what each rule asks of the estate, with exit codes for scripts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from camaudit.app import clock
from camaudit.app.assess import Assessment, assess_all, on_record, outcome, policies
from camaudit.app.estate import open_estate
from camaudit.app.gaps import rank_gaps
from camaudit.app.packset import load_packs
from camaudit.app.snapshot import build_snapshot
from camaudit.app.timeline import moments_between
from camaudit.errors import UsageError
from camaudit.model.snapshot import Snapshot
from camaudit.model.words import Strength
from camaudit.reports import jsonl, terminal
from camaudit.reports.redact import redact

from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .options import Day, estate_option, overlay_option, overlays_for
from .over_time import show_moments
from .overlays import warn_weakened
from .questions import make_questions, questions_options, warn_unknown_sites, warn_unread
from .redaction import redact_option
from .terminal import busy, screen, write_chunks

#: Steps of what to find out first.
MOST_GAPS: Final = 15


@click.command(
    "assess",
    epilog="""\b
Examples:
  camaudit assess
  camaudit assess --as-of 2023-08-01 --fail-on should
  camaudit assess --sensitivity classes.csv --json > verdicts.jsonl
  camaudit assess --between 2022-11-01 2026-11-26
  camaudit assess --what-if site.sensitive=yes --what-if device.core_network=no
  camaudit assess --extend-to-other-sites
  camaudit assess --policy uk-2022-statement --policy us-889-part-a
  camaudit assess --policy all --gaps

Exit codes: 3 for breaches of must or must_not (others by --fail-on); 4 where nothing is breached
but verdicts are open; 0 otherwise. Several policies: the worst of them. What is only supposed does
not count.""",
)
@questions_options
@click.option(
    "--what-if",
    "what_if",
    multiple=True,
    metavar="FACT=VALUE",
    help="Suppose a fact for every device, and show what changes; never stored (repeatable).",
)
@click.option(
    "--extend-to-other-sites",
    "extend",
    is_flag=True,
    help="Suppose that what holds on sensitive sites held on all that are not, by body and site.",
)
@click.option(
    "--gaps", is_flag=True, help="Show instead what to find out first, over all policies asked."
)
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice([each.value for each in Strength]),
    help="Also leave with exit code 3 for breaches of this strength (repeatable).",
)
@click.option(
    "--between",
    nargs=2,
    type=Day(),
    metavar="DATE DATE",
    help="How the counts change from one day to another, and on which days.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@redact_option
@estate_option
@overlay_option
def assess_command(
    *,
    gaps: bool,
    fail_on: tuple[str, ...],
    between: tuple[date, date] | None,
    as_json: bool,
    redacted: frozenset[str],
    estate: Path,
    overlays: tuple[Path, ...],
    **asked: Any,
) -> int:
    """Judge every device under one or more policies at a date."""
    packs = load_packs(overlays_for(estate, overlays))
    warn_weakened(packs)
    questions = make_questions(policies(packs), makers=packs.names, **asked)
    if between is not None:
        if len(questions) > 1 or questions[0].what_if or gaps:
            raise UsageError("--between asks one policy about what is on record, and no gaps")
        with busy("judging the estate, day by day"):
            moments = moments_between(open_estate(estate), packs, questions[0], between)
        show_moments(moments, as_json=as_json)
        return 0
    with busy("judging the estate"):
        assessments = assess_all(open_estate(estate), packs, questions)
        recorded = [
            on_record(each, packs) if each.question.what_if else each for each in assessments
        ]
        now = clock.now()
        snapshots = [
            redact(
                build_snapshot(
                    each, packs, estate.name, now, recorded=old if each is not old else None
                ),
                redacted,
            )
            for each, old in zip(assessments, recorded, strict=True)
        ]
    warn_unknown_sites(assessments[0])
    for each in assessments:
        warn_unread(each)
    if gaps:
        _show_gaps(assessments, snapshots, as_json=as_json)
    else:
        _show(snapshots, as_json=as_json)
    strengths = frozenset(Strength(word) for word in fail_on)
    counted = [outcome(each, strengths) for each in recorded]
    if any(each.findings for each in counted):
        return EXIT_FINDINGS
    return EXIT_INCOMPLETE if any(each.incomplete for each in counted) else 0


def _show(snapshots: list[Snapshot], *, as_json: bool) -> None:
    if len(snapshots) > 1:
        if as_json:
            write_chunks(jsonl.build_many(snapshots))
        else:
            terminal.show_many(snapshots, screen())
    elif as_json:
        write_chunks(jsonl.SPEC.build(snapshots[0]))
    else:
        terminal.show(snapshots[0], screen())


def _show_gaps(assessments: list[Assessment], snapshots: list[Snapshot], *, as_json: bool) -> None:
    found = rank_gaps(assessments, snapshots[0].devices, MOST_GAPS)
    if as_json:
        write_chunks(jsonl.build_gaps(snapshots, found))
    else:
        terminal.show_gaps(snapshots, found, screen())
