"""``camaudit classify --engine spark``: its options, and the same answers from a cluster."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from camaudit.app.classifier import Tally
from camaudit.app.packset import PackSet
from camaudit.errors import UsageError

from .extras import need_spark


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Which cluster, and in how many parts it gets the rows."""

    master: str | None
    partitions: int | None


def spark_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--engine`` and what belongs to Spark; the command gets a ``cluster`` or ``None``."""

    @click.option(
        "--engine",
        type=click.Choice(["local", "spark"]),
        default="local",
        show_default=True,
        help="Where to work: here, or on a Spark cluster that exists.",
    )
    @click.option(
        "--master",
        metavar="URL",
        help="With --engine spark: the cluster. [default: the environment's]",
    )
    @click.option(
        "--partitions",
        type=click.IntRange(min=1),
        help="With --engine spark: how many parts to divide rows into. [default: Spark's setting]",
    )
    @functools.wraps(command)
    def with_cluster(
        *, engine: str, master: str | None, partitions: int | None, **rest: Any
    ) -> Any:
        if engine == "spark":
            need_spark()
            return command(cluster=Cluster(master=master, partitions=partitions), **rest)
        if master or partitions:
            raise UsageError("--master and --partitions are for --engine spark")
        return command(cluster=None, **rest)

    return with_cluster


def write_from_cluster(
    cluster: Cluster,
    sources: tuple[str, ...],
    packs: PackSet,
    tally: Tally,
    output: Path | None,
    *,
    importer: str | None,
) -> None:
    """Write what a cluster finds in sources that its workers can open, in the order of devices.

    Raises:
        UsageError: There is no such source, or it is to be read otherwise than Spark can.
    """
    from camaudit.app.classify_on_spark import (
        SparkJob,
        write_devices_on_spark,
        write_lines_on_spark,
    )

    if importer is not None:
        raise UsageError("--engine spark reads Parquet and .jsonl files; leave --as out")
    if not sources or "-" in sources:
        raise UsageError("--engine spark reads files or URLs that its workers can open; name one")
    job = SparkJob(sources=sources, master=cluster.master, partitions=cluster.partitions)
    if output is not None:
        write_devices_on_spark(job, packs, tally, output)
        return
    write_lines_on_spark(job, packs, tally, sys.stdout.buffer.write)
    sys.stdout.buffer.flush()
