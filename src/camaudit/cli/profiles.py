"""``camaudit isolation profile``: expected flows as MUD files, and departures from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from camaudit.app import clock, expected
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.app.publish import write_private
from camaudit.app.verify_isolation import verify_site
from camaudit.app.zones import Declaration
from camaudit.errors import UsageError
from camaudit.model.isolation import Zones
from camaudit.model.mud import DriftKind
from camaudit.model.verification import Verification
from camaudit.reports.legible import one_line

from .ad_hoc import judge_files
from .exits import EXIT_FINDINGS
from .options import estate_option, overlay_option, overlays_for
from .terminal import print_json, screen
from .zones import named


@click.group(
    "profile",
    epilog="Example: camaudit isolation profile derive week.pcapng --zone cctv=192.0.2.0/24 "
    "--url https://mud.example.org/cam1 -o cam1.json",
)
def profile_command() -> None:
    """Derive what devices are expected to do (MUD, RFC 8520), and find departures from it."""


def _watch_options(command: Any) -> Any:
    for option in (
        click.argument(
            "captures",
            nargs=-1,
            metavar="[CAPTURE]...",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
        ),
        click.option("--site", help="What the estate holds of this site, in place of captures."),
        click.option("--device", "devices", multiple=True, help="Only this one (repeatable)."),
        click.option("--core", multiple=True, metavar="CIDR", help="A core network."),
        click.option("--zone", "zones", multiple=True, metavar="NAME=CIDR", help="Their network."),
        overlay_option,
        estate_option,
    ):
        command = option(command)
    return command


@profile_command.command(
    "derive",
    epilog="""\b
Examples:
  camaudit isolation profile derive week.pcapng --zone cctv=192.0.2.0/24 \\
      --device 44:19:b6:00:00:01 --url https://mud.example.org/cam1 -o cam1.json
  camaudit isolation profile derive --site HQ --device CAM-1 --without-outward \\
      --url https://mud.example.org/cam1 -o cam1.json""",
)
@click.option("--url", required=True, help="Where the file will be served: part of the file.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--without-outward",
    is_flag=True,
    help="Expect no makers' clouds, relays and unknown addresses outside.",
)
@_watch_options
def derive_command(
    *,
    captures: tuple[Path, ...],
    site: str | None,
    devices: tuple[str, ...],
    core: tuple[str, ...],
    zones: tuple[str, ...],
    url: str,
    output: Path,
    without_outward: bool,
    overlays: tuple[Path, ...],
    estate: Path,
) -> None:
    """Write what devices were seen to do as a MUD file, for a later check or for enforcement.

    What was seen is no approval: read the rules before a switch or firewall enforces them.
    """
    found = _watched(captures, site, core, zones, overlays, estate)
    chosen = expected.chosen(found, devices)
    profile, unlisted = expected.expected(chosen, url, clock.now(), without_outward=without_outward)
    size = write_private(output, [expected.write(profile)])
    click.echo(
        f"{output}: {len(profile.rules)} rules of {len(chosen)} devices, {size} bytes", err=True
    )
    if unlisted:
        click.echo(f"{unlisted} contacts beyond those listed are not in it", err=True)


@profile_command.command(
    "check",
    epilog="Example: camaudit isolation profile check cam1.json today.pcapng "
    "--zone cctv=192.0.2.0/24 --device 44:19:b6:00:00:01",
)
@click.argument("profile", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one a departure.")
@_watch_options
def check_command(
    *,
    profile: Path,
    captures: tuple[Path, ...],
    site: str | None,
    devices: tuple[str, ...],
    core: tuple[str, ...],
    zones: tuple[str, ...],
    as_json: bool,
    overlays: tuple[Path, ...],
    estate: Path,
) -> int:
    """Tell where devices depart from a profile: new destinations, ports, directions.

    Leaves with 3 if something is new or forbidden; that an expected flow was not seen is only told.
    """
    rules = expected.read(profile)
    found = _watched(captures, site, core, zones, overlays, estate)
    table = Table("Device", "Departure", "What")
    lines: list[dict[str, object]] = []
    unresolved = 0
    for device in expected.chosen(found, devices):
        report = expected.drift(rules, device)
        unresolved = len(report.unresolved)
        for each in report.drifts:
            lines.append(
                {
                    "device": device.id,
                    "name": device.name,
                    "drift": each.kind.value,
                    "says": each.says,
                    "peer": each.peer,
                    "protocol": each.protocol,
                    "port": each.port,
                }
            )
            word = each.kind.value.replace("_", " ")
            table.add_row(Text(one_line(device.name)), word, Text(one_line(each.says)))
    if as_json:
        print_json(lines)
    elif lines:
        screen().print(table)
    else:
        click.echo("no departure from the profile was seen")
    if unresolved:
        click.echo(
            f"{unresolved} rules name hosts that nothing here resolves; they were not checked",
            err=True,
        )
    new = any(line["drift"] != DriftKind.NOT_SEEN.value for line in lines)
    return EXIT_FINDINGS if new else 0


def _watched(
    captures: tuple[Path, ...],
    site: str | None,
    core: tuple[str, ...],
    zones: tuple[str, ...],
    overlays: tuple[Path, ...],
    estate: Path,
) -> Verification:
    if site is not None:
        if captures or core or zones:
            raise UsageError("give --site, or captures with --core and --zone, and not both")
        packs = load_packs(overlays_for(estate, overlays))
        return verify_site(open_estate(estate), packs, site, clock.now())
    declaration = Declaration(zones=Zones(core=core, site=named(zones, "--zone")))
    return judge_files(captures, declaration, overlays)
