"""``camaudit assess``: what each rule asks of the estate, with exit codes for scripts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from camaudit.app import clock
from camaudit.app.assess import assess, outcome
from camaudit.app.between import assess_between
from camaudit.app.estate import open_estate
from camaudit.app.snapshot import build_snapshot
from camaudit.errors import UsageError
from camaudit.model.words import Strength
from camaudit.reports import jsonl, terminal
from camaudit.reports.redact import redact

from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .options import estate_option, overlay_option
from .over_days import show_timeline
from .questions import between_option, make_question, question_options, warn_unknown_sites
from .redaction import redact_option
from .terminal import busy, progress, screen, write_chunks
from .weakenings import packs_to_judge


@click.command(
    "assess",
    epilog="""\b
Examples:
  camaudit assess
  camaudit assess --as-of 2023-08-01 --fail-on should
  camaudit assess --sensitivity classes.csv --json > verdicts.jsonl
  camaudit assess --between 2022-11-01 2026-11-26

Exit codes: 3 for breaches of must or must_not (others by --fail-on); 4 where nothing is breached
but verdicts are open; 0 otherwise, and always with --between.""",
)
@question_options
@between_option
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice([each.value for each in Strength]),
    help="Also leave with exit code 3 for breaches of this strength (repeatable).",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@redact_option
@estate_option
@overlay_option
def assess_command(
    *,
    between: tuple[date, date] | None,
    fail_on: tuple[str, ...],
    as_json: bool,
    redacted: frozenset[str],
    estate: Path,
    overlays: tuple[Path, ...],
    **asked: Any,
) -> int:
    """Judge every device under a policy at a date, or between two."""
    if between is not None and (asked["as_of"] or asked["facts_as_of"] or fail_on):
        raise UsageError("--between goes without --as-of, --facts-as-of and --fail-on")
    packs = packs_to_judge(estate, overlays)
    if between is not None:
        with progress("judging the estate") as tell:
            question = make_question(**asked)
            timeline = assess_between(open_estate(estate), packs, question, between, tell)
        show_timeline(timeline, as_json=as_json)
        return 0
    with busy("judging the estate"):
        assessment = assess(open_estate(estate), packs, make_question(**asked))
        snapshot = redact(build_snapshot(assessment, packs, estate.name, clock.now()), redacted)
    warn_unknown_sites(assessment)
    if as_json:
        write_chunks(jsonl.SPEC.build(snapshot))
    else:
        terminal.show(snapshot, screen())
    counted = outcome(assessment, frozenset(Strength(word) for word in fail_on))
    if counted.findings:
        return EXIT_FINDINGS
    return EXIT_INCOMPLETE if counted.incomplete else 0
