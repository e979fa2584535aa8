"""The ``isolation summarise`` use case: large flow logs in, one row a conversation and hour out."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from camaudit.engines.flows import Limits, Told, write_summary
from camaudit.errors import UsageError
from camaudit.model.conversations import summarise as smaller

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def summarise(
    paths: Sequence[Path],
    target: Path,
    *,
    networks: Sequence[str] = (),
    memory_mib: int = 2048,
    by_hour: bool = True,
) -> Told:
    """Write the summary; with ``networks`` only of conversations that one of them has a part in.

    The file is for its owner only, and appears whole or not at all.

    Raises:
        UsageError: A network is none, or the name does not end in ``.flows.parquet``.
        SourceError: A file cannot be read.
        CamauditError: DuckDB is not installed.
    """
    if not target.name.lower().endswith(".flows.parquet"):
        raise UsageError(f"{target}: the name has to end in .flows.parquet, so that it is known")
    keep = _within(networks)
    beside = target.with_name(f".{target.name}.part")
    try:
        told = write_summary(
            paths,
            beside,
            Limits(memory_mib=memory_mib),
            by_hour=by_hour,
            keep=keep,
        )
        beside.chmod(0o600)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
    return told


def summarise_on_spark(
    sources: Sequence[str],
    target: str,
    *,
    networks: Sequence[str] = (),
    by_hour: bool = True,
    master: str | None = None,
    partitions: int | None = None,
) -> None:
    """Write the same as a folder of Parquet files, by a cluster that opens both by their address.

    Raises:
        UsageError: A network is none.
        CamauditError: Spark cannot be started or reached, or the folder is there already.
        SourceError: The columns are neither those of flows nor those of conversations.
    """
    from camaudit.engines.spark import connected
    from camaudit.engines.spark_flows import summarise_flows

    keep = _within(networks)
    with connected(master, "camaudit isolation summarise") as session:
        if partitions is not None:
            session.conf.set("spark.sql.shuffle.partitions", str(partitions))
        summarise_flows(
            session, sources, target, lambda batch: keep(smaller(batch)), by_hour=by_hour
        )


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UsageError(f"--network {text}: {error}") from error


def _within(networks: Sequence[str]) -> Callable[[pa.RecordBatch], pa.RecordBatch]:
    """Return what keeps the conversations that one of the networks has a part in; of none, all."""
    wanted = [_network(each) for each in networks]
    if not wanted:
        return lambda batch: batch
    known: dict[str, bool] = {}

    def is_inside(text: str) -> bool:
        if text not in known:
            try:
                address = ipaddress.ip_address(text)
            except ValueError:
                known[text] = False
            else:
                known[text] = any(address in each for each in wanted)
        return known[text]

    def keep(batch: pa.RecordBatch) -> pa.RecordBatch:
        masks = []
        for side in ("client", "server"):
            coded = pc.dictionary_encode(batch.column(side))
            inside = pa.array(
                [is_inside(text) for text in coded.dictionary.to_pylist()], pa.bool_()
            )
            masks.append(inside.take(coded.indices))
        return batch.filter(pc.or_(*masks))

    return keep
