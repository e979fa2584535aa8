"""``camaudit assess``: what each rule asks of the estate, with exit codes for scripts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from camaudit.app import clock
from camaudit.app.assess import assess, outcome
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.app.snapshot import build_snapshot
from camaudit.app.timeline import moments_between
from camaudit.model.words import Strength
from camaudit.reports import jsonl, terminal
from camaudit.reports.redact import redact

from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .options import Day, estate_option, overlay_option, overlays_for
from .over_time import show_moments
from .overlays import warn_weakened
from .questions import make_question, question_options, warn_unknown_sites
from .redaction import redact_option
from .supposing import show_supposed
from .terminal import busy, screen, write_chunks


@click.command(
    "assess",
    epilog="""\b
Examples:
  camaudit assess
  camaudit assess --as-of 2023-08-01 --fail-on should
  camaudit assess --sensitivity classes.csv --json > verdicts.jsonl
  camaudit assess --between 2022-11-01 2026-11-26
  camaudit assess --what-if site.sensitive=yes
  camaudit assess --policy ca-quebec-2023 --what-if device.internet=no

Exit codes: 3 for breaches of must or must_not (others by --fail-on); 4 where nothing is breached
but verdicts are open; 0 otherwise.""",
)
@question_options
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
@click.option(
    "--what-if",
    "supposed",
    multiple=True,
    metavar="FACT=VALUE",
    help="What if a fact were so for every device (repeatable)? Nothing is stored.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@redact_option
@estate_option
@overlay_option
def assess_command(
    *,
    fail_on: tuple[str, ...],
    between: tuple[date, date] | None,
    supposed: tuple[str, ...],
    as_json: bool,
    redacted: frozenset[str],
    estate: Path,
    overlays: tuple[Path, ...],
    **asked: Any,
) -> int:
    """Judge every device under a policy at a date."""
    packs = load_packs(overlays_for(estate, overlays))
    warn_weakened(packs)
    question = make_question(**asked)
    if between is not None:
        with busy("judging the estate, day by day"):
            moments = moments_between(open_estate(estate), packs, question, between)
        show_moments(moments, as_json=as_json)
        return 0
    with busy("judging the estate"):
        assessment = assess(open_estate(estate), packs, question)
    if supposed:
        show_supposed(assessment, supposed, as_json=as_json)
        return 0
    with busy("judging the estate"):
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
