"""``camaudit classify``: who made each device, from observations alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from camaudit.app.bulk import Batches, count_rows, read_bulk
from camaudit.app.classifier import Classified, Tally
from camaudit.app.classify import classify_batches
from camaudit.app.classify_to import write_devices, write_lines
from camaudit.app.device_lines import device_lines
from camaudit.app.others import Others
from camaudit.app.packset import PackSet, load_packs
from camaudit.model.observation import Problem

from .classify_spark import Cluster, spark_options, write_from_cluster
from .exits import EXIT_ERROR
from .options import make_opinions, opinion_options, overlay_option
from .terminal import screen, warn_problems


@click.command(
    "classify",
    epilog="""\b
Examples:
  camaudit classify signals.jsonl
  camaudit classify signals.parquet shodan.json.gz --json > devices.jsonl
  camaudit classify scans/ --clustered -o devices.parquet
  zgrab2 http < hosts.txt | camaudit classify - --json
  camaudit classify --engine spark hdfs:///scans/2026 -o devices.jsonl""",
)
@click.argument("sources", nargs=-1, metavar="[FILE|DIRECTORY|-]...")
@click.option(
    "--as", "--format", "importer", metavar="NAME", help="The format, if it is not recognised."
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one device a line.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to a .parquet, .arrow or .jsonl file (also .jsonl.gz, .jsonl.zst).",
)
@click.option("--sort", "in_order", is_flag=True, help="JSON Lines in the order of device names.")
@click.option(
    "--clustered",
    is_flag=True,
    help="The rows of each device stand together (checked): large inputs need no disk.",
)
@click.option("--strict", is_flag=True, help="Leave with exit code 1 if any line was rejected.")
@overlay_option
@opinion_options
@spark_options
def classify_command(
    *,
    sources: tuple[str, ...],
    importer: str | None,
    as_json: bool,
    output: Path | None,
    in_order: bool,
    clustered: bool,
    strict: bool,
    overlays: tuple[Path, ...],
    recog: tuple[Path, ...],
    cameras: tuple[Path, ...],
    cluster: Cluster | None,
) -> int:
    """Say who made each device, from observations and scans; needs no estate.

    JSON Lines have one observation a line: {"device": "d1", "protocol": "http", "field": "server",
    "value": "..."}; lines of one device need not be adjacent, and `value_b64` may stand for
    `value`. Parquet and Arrow IPC files have these as columns. Exports of zgrab2, masscan, nmap,
    Shodan and Censys are read as they are. Formats are recognised, gz and zst are undone.

    Of captures and flow logs people's words are left out: of devices that are no surveillance
    equipment the reasons are left out, but for the maker of their hardware address.

    Devices come in the order in which they first appear, if there are less than a million rows;
    larger inputs that are not clustered are put into order on disk (TMPDIR) first.
    """
    packs = load_packs(overlays, opinions=make_opinions(recog, cameras))
    tally = Tally()
    others = Others(packs)
    if cluster is None:
        names = sources or ("-",)
        with _progress(names) as watched:
            items = watched(read_bulk(names, importer=importer, traffic=others.seen))
            found = map(others.without, classify_batches(items, packs, tally, clustered=clustered))
            _write(found, packs, output, as_json=as_json, in_order=in_order)
    else:
        write_from_cluster(cluster, sources, packs, tally, output, importer=importer)
    warn_problems(tally.problems, tally.rejected)
    click.echo(_summary(tally, others.count), err=True)
    return EXIT_ERROR if strict and tally.rejected else 0


def _write(
    found: Iterator[Classified],
    packs: PackSet,
    output: Path | None,
    *,
    as_json: bool,
    in_order: bool,
) -> None:
    if output is not None:
        write_devices(found, packs.makers, output, in_order=in_order)
    elif as_json or in_order:
        write_lines(found, packs.makers, sys.stdout.buffer.write, in_order=in_order)
        sys.stdout.buffer.flush()
    else:
        screen().print(_table(found, packs))


@contextmanager
def _progress(names: tuple[str, ...]) -> Iterator[Callable[[Batches], Batches]]:
    """Show how many observations have been read, where somebody looks on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda items: items
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} observations"), BarColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=count_rows(names))

        def watched(items: Batches) -> Batches:
            for item in items:
                yield item
                if not isinstance(item, Problem):
                    bar.advance(task, item.num_rows)

        yield watched


def _table(found: Iterable[Classified], packs: PackSet) -> Table:
    table = Table("Device", "Kind", "Likely producer", "Rests on", "Brand", "Model", "Conflicts")
    for line in (line for each in found for line in device_lines(each, packs.makers)):
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


def _summary(tally: Tally, others: int) -> str:
    parts = [f"{tally.observations} observations of {tally.devices} devices"]
    if others:
        parts.append(f"of {others} that are no surveillance equipment people's words left out")
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
