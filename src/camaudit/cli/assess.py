"""``camaudit assess``: what each rule asks of the estate, with exit codes for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from camaudit.app import clock
from camaudit.app.assess import Assessment, assess_all, on_record, outcome, policies
from camaudit.app.between import assess_between
from camaudit.app.estate import open_estate
from camaudit.app.gaps import rank_gaps
from camaudit.app.snapshot import build_snapshot
from camaudit.errors import UsageError
from camaudit.model.snapshot import Snapshot
from camaudit.model.words import Strength
from camaudit.reports import jsonl, terminal
from camaudit.reports.redact import redact

from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .options import estate_option, overlay_option
from .over_days import show_timeline
from .questions import (
    between_option,
    make_questions,
    questions_options,
    warn_unknown_sites,
    warn_unread,
)
from .redaction import redact_option
from .terminal import busy, progress, screen, write_chunks
from .weakenings import packs_to_judge

#: Steps of what to find out first.
MOST_GAPS: Final = 15
#: Options whose parameter has another name.
_SPELT: Final = {"extend": "--extend-to-other-sites"}


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
but verdicts are open; 0 otherwise, and always with --between. Several policies: the worst of them.
What is only supposed does not count.""",
)
@questions_options
@between_option
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
    """Judge every device under one or more policies, at a date or between two."""
    if between is not None:
        _refuse_beside_between(asked, gaps=gaps, fail_on=fail_on)
    packs = packs_to_judge(estate, overlays)
    questions = make_questions(policies(packs), makers=packs.names, **asked)
    if between is not None:
        if len(questions) > 1:
            raise UsageError("--between asks one policy; name it with --policy")
        with progress("judging the estate") as tell:
            timeline = assess_between(open_estate(estate), packs, questions[0], between, tell)
        show_timeline(timeline, as_json=as_json)
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


def _refuse_beside_between(asked: Mapping[str, Any], **more: Any) -> None:
    """Refuse options that say nothing about all days between two."""
    given = {**asked, **more}
    names = ("as_of", "facts_as_of", "what_if", "extend", "gaps", "fail_on")
    wrong = [_SPELT.get(name, f"--{name.replace('_', '-')}") for name in names if given[name]]
    if wrong:
        raise UsageError(f"--between goes without {' and '.join(wrong)}")


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
