"""``camaudit report``: say it to a reader, in a file or on the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from camaudit.app import clock
from camaudit.app.assess import assess
from camaudit.app.estate import open_estate, set_marking
from camaudit.app.publish import write_private
from camaudit.app.snapshot import build_snapshot
from camaudit.reports import redact, registry, terminal

from .options import estate_option, overlay_option
from .questions import make_question, question_options, warn_unknown_sites
from .redaction import redact_option
from .terminal import busy, screen, write_chunks
from .weakenings import packs_to_judge


@click.command(
    "report",
    epilog="""\b
Examples:
  camaudit report
  camaudit report --format html --out report.html --redact people,serials
  camaudit report --format csv --out - | head""",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(sorted(registry())),
    help="[default: by the suffix of --out, else terminal]",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File, or - .")
@click.option("--marking", help="Set the estate's protective marking first.")
@question_options
@redact_option
@estate_option
@overlay_option
def report_command(
    format_: str | None,
    out: Path | None,
    marking: str | None,
    redacted: frozenset[str],
    estate: Path,
    overlays: tuple[Path, ...],
    **asked: Any,
) -> None:
    """Write a report that opens with the answer to "how many, where, what has been done?"."""
    store = open_estate(estate)
    if marking:
        set_marking(store, marking)
    packs = packs_to_judge(estate, overlays)
    with busy("judging the estate"):
        assessment = assess(store, packs, make_question(**asked))
        snapshot = redact(build_snapshot(assessment, packs, estate.name, clock.now()), redacted)
    warn_unknown_sites(assessment)
    chosen = format_ or _by_suffix(out)
    if out is None and chosen == "terminal":
        terminal.show(snapshot, screen())
        return
    chunks = registry()[chosen].build(snapshot)
    if out is None or str(out) == "-":
        write_chunks(chunks)
        return
    size = write_private(out, chunks)
    click.echo(f"{out}: {size} bytes, readable by you only")
    if snapshot.marking is None:
        click.echo("marking not set; set it with --marking", err=True)


def _by_suffix(out: Path | None) -> str:
    if out is None:
        return "terminal"
    return {spec.suffix: spec.id for spec in registry().values()}.get(out.suffix, "terminal")
