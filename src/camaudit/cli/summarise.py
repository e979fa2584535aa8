"""``camaudit isolation summarise``: flow logs of a nation, small enough to be judged."""

from __future__ import annotations

from pathlib import Path

import click

from camaudit.app.summarise import summarise

from .terminal import busy, warn_problems


@click.command(
    "summarise",
    epilog="""\b
Examples:
  camaudit isolation summarise flows-*.parquet -o week.flows.parquet --network 192.0.2.0/24
  camaudit isolation verify week.flows.parquet --site HQ""",
)
@click.argument(
    "flows",
    nargs=-1,
    required=True,
    metavar="FLOWS...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="NAME.flows.parquet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What to write; it replaces a file of that name.",
)
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="Only conversations that this network has a part in (repeatable).",
)
@click.option(
    "--memory",
    type=click.IntRange(256, 1 << 20),
    default=2048,
    show_default=True,
    metavar="MIB",
    help="What the engine may hold; the rest goes to the disk (TMPDIR).",
)
@click.option("--by-hour/--whole", default=True, help="One row an hour, or one for the whole time.")
def summarise_command(
    *, flows: tuple[Path, ...], output: Path, networks: tuple[str, ...], memory: int, by_hour: bool
) -> None:
    """Summarise flow logs of any size to one row a conversation, for `camaudit import`.

    Reads Parquet (columns as camaudit writes them, or source, destination, ports, protocol,
    packets, bytes, start and end) and CSV of nfdump. Needs DuckDB: make install-bulk.
    """
    with busy("summarising"):
        told = summarise(flows, output, networks=networks, memory_mib=memory, by_hour=by_hour)
    warn_problems(told.problems, told.rejected)
    click.echo(f"{output}: {told.rows:,} rows read, {told.rejected:,} rejected", err=True)
