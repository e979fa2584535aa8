"""``camaudit isolation summarise``: flow logs of a nation, small enough to be judged."""

from __future__ import annotations

from pathlib import Path

import click

from camaudit.app.summarise import summarise, summarise_on_spark
from camaudit.errors import UsageError

from .classify_spark import Cluster, spark_options
from .terminal import busy, warn_problems


@click.command(
    "summarise",
    epilog="""\b
Examples:
  camaudit isolation summarise flows-*.parquet -o week.flows.parquet --network 192.0.2.0/24
  camaudit isolation verify week.flows.parquet --site HQ
  camaudit isolation summarise --engine spark hdfs:///flows/2026-11 -o hdfs:///week \\
    --network 192.0.2.0/24""",
)
@click.argument(
    "flows",
    nargs=-1,
    required=True,
    metavar="FLOWS...",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="NAME.flows.parquet",
    help="What to write; it replaces a file of that name. With --engine spark: a new folder.",
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
@spark_options
def summarise_command(
    *,
    flows: tuple[str, ...],
    output: str,
    networks: tuple[str, ...],
    memory: int,
    by_hour: bool,
    cluster: Cluster | None,
) -> None:
    """Summarise flow logs of any size to one row a conversation, for `camaudit import`.

    Reads Parquet (columns as camaudit writes them, or source, destination, ports, protocol,
    packets, bytes, start and end) and CSV of nfdump. Needs DuckDB: make install-bulk.

    A Spark cluster reads Parquet by any address that its workers can open, and writes a folder of
    Parquet files, which this command makes one summary of without Spark.
    """
    if cluster is not None:
        summarise_on_spark(
            flows,
            output,
            networks=networks,
            by_hour=by_hour,
            master=cluster.master,
            partitions=cluster.partitions,
        )
        click.echo(f"{output}: written by Spark", err=True)
        return
    paths = [Path(each) for each in flows]
    for path in paths:
        if path.is_dir():
            raise UsageError(f"{path} is a folder: name its files, e.g. {path}/*.parquet")
        if not path.exists():
            raise UsageError(f"there is no file {path}")
    with busy("summarising"):
        told = summarise(paths, Path(output), networks=networks, memory_mib=memory, by_hour=by_hour)
    warn_problems(told.problems, told.rejected)
    click.echo(f"{output}: {told.rows:,} rows read, {told.rejected:,} rejected", err=True)
