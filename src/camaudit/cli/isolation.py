"""``camaudit isolation``: whether devices are off the core network, and whom they talk to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

import click

from camaudit.app import clock
from camaudit.app.estate import EstateStore, open_estate
from camaudit.app.ingest import Request, ingest
from camaudit.app.packset import PackSet, load_packs
from camaudit.app.publish import write_private
from camaudit.app.verify_isolation import (
    changes,
    keep_answers,
    verify_site,
    worst,
)
from camaudit.app.zones import Declaration
from camaudit.errors import UsageError
from camaudit.model.isolation import Separation, WatchProfile, Zones
from camaudit.reports import isolation as report
from camaudit.reports.isolation import on_terminal
from camaudit.sources.spec import ReadOptions

from .ad_hoc import judge_files
from .configured import configured_command
from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .options import Day, estate_option, overlay_option, overlays_for, who_option
from .probe import probe_command
from .profiles import profile_command
from .redaction import redact_option
from .summarise import summarise_command
from .terminal import busy, print_json, screen, warn_problems
from .watches import capture_command, purge_command, watches_command
from .zones import declare_command, named

#: A file of a folder that was written later than this may not be whole, in seconds.
AT_REST_S: Final = 60
#: Answers that leave with 3: something reaches what it should not.
_FINDINGS = frozenset(
    {
        Separation.CONNECTED_TO_CORE,
        Separation.REACHES_MAKER_CLOUD,
        Separation.REACHES_INTERNET,
        Separation.INDIRECT_PATH,
    }
)


@click.group(
    "isolation",
    epilog="""\b
Example:
  camaudit isolation verify capture.pcapng --core 10.0.0.0/8 --zone cctv=192.0.2.0/24""",
)
def isolation_command() -> None:
    """Tell whether devices are off the core network and whom they talk to, by their traffic."""


@click.command(
    "verify",
    epilog="""\b
Examples:
  camaudit isolation verify capture.pcapng --core 10.0.0.0/8 --zone cctv=192.0.2.0/24
  camaudit isolation verify mirror.pcapng --site HQ
  camaudit isolation verify /var/spool/captures --site HQ --json
  camaudit isolation verify --site HQ --from 2026-11-01 --html hq.html
  camaudit isolation verify --site HQ --json | jq 'select(.answers)'""",
)
@click.argument(
    "captures",
    nargs=-1,
    metavar="[CAPTURE|FOLDER]...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option("--site", help="Import the captures into the estate, and judge this site's devices.")
@click.option("--from", "since", type=Day(), help="Only watches from this day on (with --site).")
@click.option("--to", "until", type=Day(), help="Only watches up to this day (with --site).")
@click.option("--core", multiple=True, metavar="CIDR", help="A core network (without --site).")
@click.option(
    "--zone",
    "zones",
    multiple=True,
    metavar="NAME=CIDR",
    help="A network that the devices are on (without --site).",
)
@click.option("--sentinel", help="An address whose traffic proves the sensor (without --site).")
@click.option("--vantage", help="Where the sensor stands, in words (without --site).")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one a device.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with a picture."
)
@click.option("--keep-until", type=Day(), help="The last day on which traffic is kept.")
@redact_option
@who_option
@overlay_option
@estate_option
def verify_command(
    *,
    captures: tuple[Path, ...],
    site: str | None,
    since: date | None,
    until: date | None,
    core: tuple[str, ...],
    zones: tuple[str, ...],
    sentinel: str | None,
    vantage: str | None,
    as_json: bool,
    html: Path | None,
    keep_until: date | None,
    redacted: frozenset[str],
    who: str,
    overlays: tuple[Path, ...],
    estate: Path,
) -> int:
    """Tell who was contacted, how much, and what was not looked at.

    With --site, captures and flow logs are imported (of other people's traffic only counts are
    kept), all that the estate holds of the site is judged by what `camaudit isolation declare`
    says of its networks, and the answers are recorded for `camaudit assess`. Without it the files
    are judged by the options, and nothing is kept.

    Leaves with 3 if a device reaches the core network, the internet or a path to them, with 4 if
    nothing was found but something cannot be told.
    """
    if site is None:
        declaration = Declaration(
            zones=Zones(core=core, site=named(zones, "--zone")),
            profile=WatchProfile(sentinel=sentinel, vantage=vantage),
        )
        found = judge_files(_files(captures), declaration, overlays)
    elif core or zones or sentinel or vantage:
        raise UsageError(
            "with --site these are laid down once: camaudit isolation declare "
            f"{site} --core CIDR --zone NAME=CIDR ..."
        )
    else:
        packs = load_packs(overlays_for(estate, overlays))
        store = open_estate(estate)
        _take(_files(captures), site, store, packs, who, keep_until)
        with busy("judging isolation"):
            found = verify_site(
                store, packs, site, clock.now(), since=_start(since), until=_end(until)
            )
        told = changes(store, found)
        for change in told if not redacted else ():
            click.echo(f"changed: {change}", err=True)
        keep_answers(store, found, "camaudit", clock.now())
    answer = worst(found)
    found = report.redact(found, redacted)
    if html is not None:
        size = write_private(html, report.build(found))
        click.echo(f"{html}: {size} bytes, readable by you only", err=True)
    if as_json:
        print_json(report.lines(found))
    elif html is None:
        on_terminal.show(found, screen())
    if answer in _FINDINGS:
        return EXIT_FINDINGS
    return EXIT_INCOMPLETE if answer is not Separation.ISOLATED else 0


def _files(given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the files, and of folders those that are at rest and not hidden."""
    now = clock.now().timestamp()
    found: list[Path] = []
    for place in given:
        if not place.is_dir():
            found.append(place)
            continue
        inside = sorted(each for each in place.rglob("*") if each.is_file())
        for each in inside:
            hidden = any(part[0] == "." for part in each.relative_to(place).parts)
            if not hidden and abs(now - each.stat().st_mtime) >= AT_REST_S:
                found.append(each)
    if given and not found:
        raise UsageError(
            f"no file in {', '.join(map(str, given))} has been at rest for {AT_REST_S} seconds"
        )
    return tuple(found)


def _take(
    captures: tuple[Path, ...],
    site: str,
    store: EstateStore,
    packs: PackSet,
    who: str,
    keep_until: date | None,
) -> None:
    for path in captures:
        request = Request(
            path=path,
            site=site,
            options=ReadOptions(name=path.name),
            who=who,
            keep_until=keep_until,
            packs=lambda: packs,
        )
        with busy(f"reading {path.name}"):
            result = ingest(store, request, clock.now())
        if result.unchanged_since is None and not result.watches:
            raise UsageError(f"{path} is no capture and no flow log; `camaudit import` reads it")
        warn_problems(result.problems, result.rejected, path.name)


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, UTC) if day else None


def _end(day: date | None) -> datetime | None:
    return datetime.combine(day, time.max, UTC) if day else None


for _command in (
    verify_command,
    declare_command,
    probe_command,
    configured_command,
    profile_command,
    summarise_command,
    capture_command,
    watches_command,
    purge_command,
):
    isolation_command.add_command(_command)
