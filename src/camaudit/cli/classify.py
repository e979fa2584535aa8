"""``camaudit classify``: who made each device, from observations alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
from rich.table import Table

from camaudit.app.bulk import read_bulk
from camaudit.app.classifier import Tally
from camaudit.app.classify import classify
from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import load_packs

from .exits import EXIT_ERROR
from .options import make_opinions, opinion_options, overlay_option
from .terminal import screen, warn_problems


@click.command(
    "classify",
    epilog="""\b
Examples:
  camaudit classify signals.jsonl
  camaudit classify signals.parquet shodan.json.gz --json > devices.jsonl
  zgrab2 http < hosts.txt | camaudit classify - --json""",
)
@click.argument("sources", nargs=-1, metavar="[FILE|DIRECTORY|-]...")
@click.option(
    "--as", "--format", "importer", metavar="NAME", help="The format, if it is not recognised."
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one device a line.")
@click.option("--strict", is_flag=True, help="Leave with exit code 1 if any line was rejected.")
@overlay_option
@opinion_options
def classify_command(
    *,
    sources: tuple[str, ...],
    importer: str | None,
    as_json: bool,
    strict: bool,
    overlays: tuple[Path, ...],
    recog: tuple[Path, ...],
    cameras: tuple[Path, ...],
) -> int:
    """Say who made each device, from observations and scans; needs no estate.

    JSON Lines have one observation a line: {"device": "d1", "protocol": "http", "field": "server",
    "value": "..."}; lines of one device need not be adjacent, and `value_b64` may stand for
    `value`. Parquet and Arrow IPC files have these as columns. Exports of zgrab2, masscan, nmap,
    Shodan and Censys are read as they are. Formats are recognised, gz and zst are undone.
    """
    packs = load_packs(overlays, opinions=make_opinions(recog, cameras))
    tally = Tally()
    lines = classify(read_bulk(sources or ("-",), importer=importer), packs, tally)
    if as_json:
        _write_json(lines)
    else:
        screen().print(_table(lines))
    warn_problems(tally.problems, tally.rejected)
    click.echo(_summary(tally), err=True)
    return EXIT_ERROR if strict and tally.rejected else 0


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
