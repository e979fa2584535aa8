"""``camaudit classify --engine spark``: its options, and the same answers from a cluster."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


def lines_from(cluster: Cluster, source: str, packs: PackSet, tally: Tally) -> Iterator[bytes]:
    """Yield JSON Lines, many at once, in the order of devices.

    Raises:
        UsageError: The source is standard input, which workers cannot read.
    """
    from camaudit.app.classify_on_spark import classify_on_spark

    if source == "-":
        raise UsageError("--engine spark reads a file or URL that its workers can open; name one")
    return classify_on_spark(
        source, packs, tally, master=cluster.master, partitions=cluster.partitions
    )
