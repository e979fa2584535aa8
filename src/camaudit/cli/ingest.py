"""``camaudit import``: files into the estate."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from camaudit.app import clock
from camaudit.app.estate import open_estate
from camaudit.app.ingest import Imported, Request, ingest
from camaudit.app.packset import load_packs
from camaudit.errors import UsageError
from camaudit.sources.spec import ReadOptions

from .exits import EXIT_ERROR
from .options import Day, estate_option, overlays_for, who_option
from .terminal import warn_problems


@click.command(
    "import",
    epilog="""\b
Examples:
  camaudit import bodies.csv
  camaudit import sites.xlsx
  camaudit import register.xlsx --map 'Cam Make=inventory.manufacturer'
  camaudit import scan.xml --site HQ
  camaudit import mirror-port.pcapng --site HQ --keep-until 2026-12-24""",
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--as", "importer", help="The format, if it is not recognised.")
@click.option("--site", help="The site that everything in the file belongs to.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="HEADER=WORD",
    help="What a column holds, e.g. 'Cam Make=inventory.manufacturer' (repeatable).",
)
@click.option("--sheet", help="The sheet of a workbook to read. [default: all that fit]")
@click.option("--encoding", help="The text encoding, if it is guessed wrongly.")
@click.option(
    "--keep-until",
    type=Day(),
    help="The last day on which the traffic of a capture or flow log is kept. [default: 30 days]",
)
@click.option("--strict", is_flag=True, help="Leave with exit code 1 if any row was rejected.")
@who_option
@estate_option
def import_command(
    *,
    files: tuple[Path, ...],
    importer: str | None,
    site: str | None,
    mapping: tuple[str, ...],
    sheet: str | None,
    encoding: str | None,
    keep_until: date | None,
    strict: bool,
    who: str,
    estate: Path,
) -> int:
    """Import registers, scans, captures, flow logs, bodies, sites, sightings or observations.

    The format is recognised from the content. A file is imported whole or not at all; importing it
    again changes nothing; importing it with another mapping supersedes the first time. Passwords
    and the like are never kept.

    Of captures and flow logs only what concerns surveillance equipment is kept, with whom it talks
    to; of everybody else's traffic, counts.
    """
    store = open_estate(estate)
    columns = dict(_pair(each) for each in mapping)
    rejected = 0
    for path in files:
        options = ReadOptions(name=path.name, mapping=columns, sheet=sheet, encoding=encoding)
        request = Request(
            path=path,
            importer=importer,
            site=site,
            options=options,
            who=who,
            keep_until=keep_until,
            packs=partial(load_packs, overlays_for(estate, ())),
        )
        with _progress() as progress:
            task = progress.add_task(path.name)
            result = ingest(store, request, clock.now(), partial(progress.advance, task))
        click.echo(_summary(path, result))
        warn_problems(result.problems, result.rejected, path.name)
        rejected += result.rejected
    return EXIT_ERROR if strict and rejected else 0


def _progress() -> Progress:
    console = Console(stderr=True)
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:.0f} observations"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _summary(path: Path, result: Imported) -> str:
    if result.unchanged_since is not None:
        return f"{path}: imported before, on {result.unchanged_since:%Y-%m-%d}; nothing changed"
    parts = [f"{path}: {result.importer}"]
    if result.bodies or result.sites:
        parts.append(f"{result.bodies} bodies, {result.sites} sites")
    if result.observations:
        parts.append(f"{result.observations} observations")
    if result.left_out is not None:
        parts.append(f"traffic kept; of {result.left_out.hosts} other hosts nothing but counts")
    parts.append(f"{result.devices} devices in the estate ({result.new_devices} new)")
    parts.append(f"{result.rejected} rows rejected" if result.rejected else "nothing rejected")
    return "; ".join(parts)


def _pair(text: str) -> tuple[str, str]:
    header, equals, word = text.rpartition("=")
    if not equals or not header or not word:
        raise UsageError(f"--map {text}: want HEADER=WORD")
    return header.strip().casefold(), word.strip()
