"""``camaudit scan``: ask a site's network, within its permission, and say what was not reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from camaudit.app import clock
from camaudit.app import scan as app
from camaudit.app.coverage import Coverage, coverage, scans_of
from camaudit.app.estate import open_estate
from camaudit.app.scan_diff import scan_diff
from camaudit.errors import UsageError
from camaudit.estate import Difference
from camaudit.model.scan import Reach
from camaudit.packs.scan_policy import load_scan_policy
from camaudit.reports.legible import one_line
from camaudit.sources.scan.limits import PROFILES

from .exits import EXIT_ERROR
from .extras import need_scan
from .options import estate_option, overlay_option, overlays_for, who_option
from .terminal import print_json, screen

#: Ranges shown in a cell; all of them stand in the JSON.
SHOWN: Final = 60


class _Scan(click.Group):
    """A group whose own job is to scan, unless a subcommand is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(
    "scan",
    cls=_Scan,
    epilog="""\b
Examples:
  camaudit scan --site HQ --dry-run
  camaudit scan --site HQ
  camaudit scan --site HQ --profile thorough --target 192.0.2.0/25
  camaudit scan coverage""",
)
def scan_command() -> None:
    """Ask a site's network for its devices: politely, and within its permission.

    `camaudit scan --site HQ` is short for `camaudit scan run --site HQ`.
    """


@scan_command.command(
    "run",
    epilog="""\b
Examples:
  camaudit scan run --site HQ --dry-run
  camaudit scan run --site HQ --profile thorough --rate 100
  camaudit scan run --site HQ --target @hosts.txt --port 80 --port 554
  camaudit scan run --site HQ --resume scans/20261125T210000Z-HQ.jsonl""",
)
@click.option("--site", help="The site to scan; its permission, exclusions and blackouts hold.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET",
    help="192.0.2.0/24, 192.0.2.7, 192.0.2.5-40 or @FILE (repeatable). [default: the site's "
    "networks]",
)
@click.option(
    "--profile",
    type=click.Choice(list(PROFILES)),
    default="polite",
    show_default=True,
    help="; ".join(f"{p.id}: {p.says}" for p in PROFILES.values()) + ".",
)
@click.option("--port", "ports", type=int, multiple=True, help="Only these TCP ports (repeatable).")
@click.option(
    "--only", multiple=True, metavar="PROTOCOL", help="Only these protocols (repeatable)."
)
@click.option(
    "--interface",
    "interfaces",
    multiple=True,
    help="Search from this one (repeatable). [default: all on whose networks there are targets]",
)
@click.option("--source", metavar="ADDRESS", help="The address of this machine to ask from.")
@click.option("--groups/--no-groups", default=True, help="Whether searches go to multicast groups.")
@click.option(
    "--community",
    envvar="CAMAUDIT_SNMP_COMMUNITY",
    help="SNMP community to read with (or set CAMAUDIT_SNMP_COMMUNITY); never kept.",
)
@click.option("--rate", type=float, help="Packets a second, over all devices.")
@click.option("--devices", type=int, help="Devices asked at the same time.")
@click.option("--timeout", type=float, help="Seconds that a connection may take.")
@click.option("--repeats", type=click.IntRange(1, 10), help="How often a datagram is sent.")
@click.option("--dry-run", is_flag=True, help="Show every kind of packet and how many; send none.")
@click.option(
    "--resume",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Go on with a scan that was stopped, from its journal.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@who_option
@overlay_option
@estate_option
def scan_run(
    *,
    site: str | None,
    targets: tuple[str, ...],
    profile: str,
    ports: tuple[int, ...],
    only: tuple[str, ...],
    interfaces: tuple[str, ...],
    source: str | None,
    groups: bool,
    community: str | None,
    rate: float | None,
    devices: int | None,
    timeout: float | None,
    repeats: int | None,
    dry_run: bool,
    resume: Path | None,
    as_json: bool,
    who: str,
    overlays: tuple[Path, ...],
    estate: Path,
) -> int:
    """Scan, import what answered, and tell what was not reached.

    No password is ever tried, nothing is changed, and a device that asks for a login is asked no
    more. Ctrl-C stops it; --resume goes on where it stopped.
    """
    need_scan()
    store = open_estate(estate)
    changes = {"rate": rate, "devices": devices, "connect": timeout, "repeats": repeats}
    request = app.ScanRequest(
        site=site,
        targets=tuple(line for text in targets for line in _lines(text)),
        profile=profile,
        ports=ports,
        only=only,
        interfaces=interfaces,
        source=source,
        groups=groups,
        community=community,
        limits={name: value for name, value in changes.items() if value is not None},
        who=who,
    )
    policy = load_scan_policy(overlays_for(estate, overlays))
    prepared = app.prepare(store, policy, request, clock.now())
    if dry_run:
        show_plan(prepared, as_json=as_json)
        return 0
    announce(prepared)
    with progress_bar(prepared) as tell:
        scanned = app.run(store, prepared, clock.now, tell, resume)
    if scanned.how != "complete":
        click.echo(
            f"{_WHY[scanned.how]}; what was heard is kept in {scanned.journal}\n"
            f"go on with: camaudit scan {f'--site {site} ' if site else ''}"
            f"--resume {scanned.journal}\n"
            f"or keep it as it is: camaudit import {scanned.journal}",
            err=True,
        )
        return EXIT_ERROR
    show_coverage(coverage(store, scanned.run), as_json=as_json)
    if scanned.imported is not None and not as_json:
        done = scanned.imported
        click.echo(
            f"{done.observations} observations; {done.devices} devices in the estate "
            f"({done.new_devices} new)\njournal: {scanned.journal}"
        )
    return 0


@scan_command.command("coverage", epilog="Example: camaudit scan coverage --json")
@click.argument("run", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@estate_option
def scan_coverage(*, run: str | None, as_json: bool, estate: Path) -> None:
    """Tell what a scan reached and what it did not, and why; without a name the last scan."""
    show_coverage(coverage(open_estate(estate), run), as_json=as_json)


@scan_command.command("list", epilog="Example: camaudit scan list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@estate_option
def scan_list(*, as_json: bool, estate: Path) -> None:
    """List the scans that the estate holds, oldest first."""
    found = scans_of(open_estate(estate))
    if as_json:
        print_json(
            {"run": s.run, "site": s.body["site"], "started": s.started, "ended": s.ended}
            for s in found
        )
        return
    table = Table("Run", "Site", "Profile", "Started (UTC)", "Ended", "How")
    for each in found:
        body = each.body
        table.add_row(
            each.run,
            body["site"] or "",
            body["profile"],
            f"{each.started:%Y-%m-%d %H:%M}",
            f"{each.ended:%H:%M}",
            body["how"],
        )
    screen().print(table)


@scan_command.command(
    "diff",
    epilog="""\b
Examples:
  camaudit scan diff
  camaudit scan diff 20261101T210000Z-HQ 20261125T210000Z-HQ --json""",
)
@click.argument("before", required=False)
@click.argument("after", required=False)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@estate_option
def scan_diff_command(
    *, before: str | None, after: str | None, as_json: bool, estate: Path
) -> None:
    """Tell what changed between two scans: new, back, gone, moved, changed devices.

    Without names: the last two scans of the site that was scanned last; with one name: from that
    scan to the last one of its site. "Gone" means asked and silent; it does not mean removed.
    """
    found = scan_diff(open_estate(estate), before, after)
    if as_json:
        print_json(
            {"before": found.before, "after": found.after, **_row(d)} for d in found.differences
        )
        return
    click.echo(f"from {found.before} to {found.after}")
    table = Table("Change", "Device", "Address", "What")
    for each in found.differences:
        word = each.change.value.replace("_", " ")
        # what devices say of themselves is no markup, and moves no cursor
        says = Text("\n".join(one_line(line) for line in each.says))
        table.add_row(word, each.device, "\n".join(each.addresses), says)
    if found.differences:
        screen().print(table)
    click.echo(f"{len(found.differences)} differences; {found.unchanged} devices seen alike")


def _row(difference: Difference) -> dict[str, Any]:
    return {
        "device": difference.device,
        "change": difference.change.value,
        "addresses": difference.addresses,
        "says": difference.says,
    }


_WHY: Final = {
    "stopped": "the scan was stopped",
    "blackout": "a blackout began, or the permission ended",
}


def _lines(text: str) -> Iterator[str]:
    if not text.startswith("@"):
        yield text
        return
    path = Path(text[1:])
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--target {text}: the file cannot be read as text") from error
    for line in content.splitlines():
        if word := line.partition("#")[0].strip():
            yield word


def show_plan(prepared: app.Prepared, *, as_json: bool) -> None:
    """Show every kind of packet that a scan would send, with the most of it."""
    kinds = prepared.kinds()
    if as_json:
        print_json(kinds)
        return
    table = Table()
    for word in ("Question", "What", "To", "Cost"):
        table.add_column(word, overflow="fold")
    table.add_column("At most", justify="right", no_wrap=True)
    for kind in kinds:
        table.add_row(
            kind.probe,
            kind.title,
            f"{kind.transport} {kind.to}",
            kind.intrusiveness,
            f"{kind.most:,}",
        )
    screen().print(table)
    targets = prepared.grant.targets
    click.echo(
        f"{targets.count:,} addresses; at most {sum(kind.most for kind in kinds):,} packets and "
        f"requests, {prepared.limits.rate:g} a second; nothing was sent"
    )
    _tell_left_out(prepared)


def announce(prepared: app.Prepared) -> None:
    """Tell what is about to be scanned, by what permission, and what is left out."""
    grant = prepared.grant
    click.echo(
        f"scanning {grant.targets.count:,} addresses"
        + (f" of site {prepared.site.id}" if prepared.site else "")
        + f", {prepared.request.profile}, at most {prepared.limits.rate:g} packets a second"
        + (f"; {grant.permission}" if grant.permission else "; this machine only"),
        err=True,
    )
    _tell_left_out(prepared)


def _tell_left_out(prepared: app.Prepared) -> None:
    for what, reason in prepared.grant.left_out:
        click.echo(f"left out: {_short(what.text())} ({reason})", err=True)
    if prepared.groups_withheld:
        click.echo(f"no searches to groups: {prepared.groups_withheld}", err=True)
    if prepared.plan.withheld:
        click.echo(
            f"{len(prepared.plan.withheld)} questions are kept back at this ceiling "
            f"({', '.join(prepared.plan.withheld)}); --profile thorough asks them, if the "
            "permission allows probing",
            err=True,
        )


@contextmanager
def progress_bar(prepared: app.Prepared) -> Iterator[Callable[[app.Progress], None]]:
    """Show how far a scan is, where somebody watches; yield what is to be told."""
    console = Console(stderr=True)
    with Bar(
        TextColumn("addresses"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[devices]} devices answered"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=prepared.grant.targets.count, devices=0)

        def tell(progress: app.Progress) -> None:
            bar.update(task, completed=progress.visited, devices=len(progress.devices))

        yield tell


def show_coverage(scan: Coverage, *, as_json: bool = False) -> None:
    """Tell what a scan reached and what it did not."""
    if as_json:
        print_json([scan.as_json()])
        return
    _show_subnets(scan)
    for line in _remarks(scan):
        click.echo(one_line(line))
    for fault in scan.faults:
        told = f"a fault of camaudit's own, please report it: {fault}"
        click.echo(one_line(told), err=True)


def _remarks(scan: Coverage) -> Iterator[str]:
    skipped = ((reason, ranges) for reach, reason, ranges in scan.told if reach is Reach.SKIPPED)
    left_out = ((reason, ranges) for ranges, reason in scan.left_out)
    for word, told in (
        ("skipped", skipped),
        ("asked no further", scan.stopped),
        ("left out", left_out),
    ):
        for reason, ranges in told:
            yield f"{word}: {_short(ranges)} ({reason})"
    if scan.elsewhere:
        yield f"devices with addresses of other networks: {_short(scan.elsewhere)} (as delivered?)"
    for device, declared, seen in scan.recorders:
        yield f"recorder {device}: {declared} declared channels, {seen} seen"
    for search in scan.troubles:
        where = f" by {search['interface']}" if search["interface"] else ""
        yield f"search {search['search']}{where}: {search['trouble']}"
    if scan.withheld:
        yield f"not asked at this ceiling: {', '.join(scan.withheld)}"


def _show_subnets(scan: Coverage) -> None:
    found = [r for r in Reach if any(counts.get(r) for _, counts in scan.subnets)]
    table = Table(title=f"scan {scan.run}", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Subnet", no_wrap=True)
    for word in ("asked", *(reach.value for reach in found)):
        table.add_column(word, justify="right", no_wrap=True)
    for subnet, counts in scan.subnets:
        asked = sum(counts.values()) - counts.get(Reach.SKIPPED, 0)
        table.add_row(subnet, *(str(each or "") for each in (asked, *map(counts.get, found))))
    screen().print(table)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
