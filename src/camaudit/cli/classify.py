"""``camaudit classify``: who made each device, from observations alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
import msgspec
from rich.table import Table

from camaudit.app.classifier import Tally
from camaudit.app.classify import classify
from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import load_packs
from camaudit.errors import SourceError, UsageError
from camaudit.sources.importers.observations import read_lines

from .classify_spark import Cluster, lines_from, spark_options
from .exits import EXIT_ERROR
from .options import overlay_option
from .terminal import screen, warn_problems


@click.command(
    "classify",
    epilog="""\b
Examples:
  camaudit classify signals.jsonl
  zcat signals.jsonl.gz | camaudit classify - --json > devices.jsonl
  camaudit classify --engine spark --json hdfs:///scans/signals.parquet > devices.jsonl""",
)
@click.argument("source", default="-", metavar="[FILE|-]")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one device a line.")
@click.option("--strict", is_flag=True, help="Leave with exit code 1 if any line was rejected.")
@overlay_option
@spark_options
def classify_command(
    *,
    source: str,
    as_json: bool,
    strict: bool,
    overlays: tuple[Path, ...],
    cluster: Cluster | None,
) -> int:
    """Say who made each device, from observations in JSON Lines; needs no estate.

    Each line is {"device": "d1", "protocol": "http", "field": "server", "value": "..."}; lines of
    one device need not be adjacent. `value_b64` may stand for `value`.
    """
    packs = load_packs(overlays)
    tally = Tally()
    if cluster:
        if not as_json:
            raise UsageError("--engine spark writes lines: add --json")
        for part in lines_from(cluster, source, packs, tally):
            sys.stdout.buffer.write(part)
        return _close(tally, strict=strict)
    with _open(source) as stream:
        lines = classify(read_lines(stream), packs, tally)
        if as_json:
            _write_json(lines)
        else:
            screen().print(_table(lines))
    return _close(tally, strict=strict)


def _close(tally: Tally, *, strict: bool) -> int:
    warn_problems(tally.problems, tally.rejected)
    click.echo(_summary(tally), err=True)
    return EXIT_ERROR if strict and tally.rejected else 0


@contextmanager
def _open(source: str) -> Iterator[BinaryIO]:
    try:
        if source == "-":
            yield sys.stdin.buffer
        else:
            with Path(source).open("rb") as stream:
                yield stream
    except SourceError as error:
        name = "standard input" if source == "-" else source
        raise SourceError(f"{name}: {error}") from error


def _write_json(lines: Iterator[DeviceLine]) -> None:
    encoder = msgspec.json.Encoder()
    out = sys.stdout.buffer
    buffer = bytearray()
    for line in lines:
        buffer += encoder.encode(line)
        buffer += b"\n"
        if len(buffer) > 1 << 20:
            out.write(buffer)
            buffer.clear()
    out.write(buffer)
    out.flush()


def _table(lines: Iterator[DeviceLine]) -> Table:
    table = Table("Device", "Kind", "Likely producer", "Rests on", "Brand", "Model", "Conflicts")
    for line in lines:
        producer = f"{line.maker} ({line.maker_confidence:.2f})" if line.maker else "cannot tell"
        table.add_row(
            line.device,
            line.kind,
            producer,
            line.maker_aspect or "",
            line.brand or "",
            line.model or "",
            "; ".join(f"{c.aspect}: {' or '.join(c.makers)}" for c in line.conflicts),
        )
    return table


def _summary(tally: Tally) -> str:
    parts = [f"{tally.observations} observations of {tally.devices} devices"]
    if tally.rejected:
        parts.append(f"{tally.rejected} lines rejected")
    if tally.cut:
        parts.append(f"{tally.cut} values matched on their first 64 KiB only")
    if tally.undecoded:
        parts.append(f"{tally.undecoded} raw replies did not decode")
    if tally.unknown_words:
        words = ", ".join(sorted(tally.unknown_words)[:5])
        count = sum(tally.unknown_words.values())
        parts.append(f"{count} observations in {len(tally.unknown_words)} unknown words ({words})")
    return "; ".join(parts)
