"""``camaudit assess``: what each rule asks of the estate, with exit codes for scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from camaudit.app import clock
from camaudit.app.assess import assess, outcome
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.app.snapshot import build_snapshot
from camaudit.model.words import Strength
from camaudit.reports import jsonl, terminal
from camaudit.reports.redact import redact

from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .options import estate_option, overlay_option, overlays_for
from .questions import make_question, question_options, warn_unknown_sites
from .redaction import redact_option
from .terminal import busy, screen, write_chunks


@click.command(
    "assess",
    epilog="""\b
Examples:
  camaudit assess
  camaudit assess --as-of 2023-08-01 --fail-on should
  camaudit assess --sensitivity classes.csv --json > verdicts.jsonl

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
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@redact_option
@estate_option
@overlay_option
def assess_command(
    *,
    fail_on: tuple[str, ...],
    as_json: bool,
    redacted: frozenset[str],
    estate: Path,
    overlays: tuple[Path, ...],
    **asked: Any,
) -> int:
    """Judge every device under a policy at a date."""
    packs = load_packs(overlays_for(estate, overlays))
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
