"""``camaudit demo``: the main job on a pretend estate, in one go."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import IPv4Network
from pathlib import Path

import click

from camaudit.app import clock
from camaudit.app import demo as app
from camaudit.app.coverage import coverage
from camaudit.app.estate import open_estate
from camaudit.app.ingest import Imported
from camaudit.app.packset import load_packs
from camaudit.app.scan import Scanned
from camaudit.errors import CamauditError, UsageError
from camaudit.lab.plan import Plan
from camaudit.lab.running import running
from camaudit.lab.serving import Settings
from camaudit.packs.lab import load_personas
from camaudit.reports import terminal

from .extras import need_scan
from .scan import announce, progress_bar, show_coverage
from .terminal import screen, warn_problems

#: Devices told in full after a demo; all of them stand in the report.
DEVICES_SHOWN = 5


@click.command("demo", epilog="Example: camaudit demo --dir ./camaudit-demo")
@click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to put the estate and the report; must be new or empty. "
    "[default: camaudit-demo, or camaudit-demo-2 ... where that is taken]",
)
def demo_command(directory: Path | None) -> None:
    """Find, attribute, judge and report a bundled pretend estate.

    All of it is made up: a small department, its sites, a register that says 1 camera, two scans of
    others, signal strings, what a guard saw, and an annexe whose devices answer on this machine's
    loopback addresses while they are scanned. Nothing is sent to any network.
    """
    need_scan()
    directory = directory or _free()
    if directory.exists() and any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty; remove it, or choose another with --dir")
    packs, now = load_packs(), clock.now()
    with _pretending():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        estate, done = app.build_demo(directory, now)
        for name, result in done:
            click.echo(f"imported {name} ({result.importer}): {_what(result)}")
            warn_problems(result.problems, result.rejected, name)
        scanned = _scan(estate)
    demo = app.finish_demo(estate, done, packs, clock.now())
    terminal.show(demo.snapshot, screen(), DEVICES_SHOWN)
    click.echo(
        f"\nThe register alone names {demo.register_names} devices of makers that the statement "
        f"covers; with the scans, replies and sightings there are "
        f"{app.covered_devices(demo.snapshot)}."
        f"\nWhy one of them is not what its label says: camaudit explain {app.REBADGED} "
        f"--estate {demo.estate}"
        f"\n\nestate: {demo.estate}\nscan:   {scanned.journal}\nreport: {demo.report.resolve()}"
    )


def annexe() -> Settings:
    """Return the pretend devices of the site that is scanned live."""
    personas = load_personas().only(app.LIVE_DEVICES)
    network = IPv4Network(app.LIVE_NETWORK)
    return Settings(plan=Plan(personas=personas, network=network, count=len(app.LIVE_DEVICES)))


@contextmanager
def _pretending() -> Iterator[None]:
    """Run the devices of the live site, and say that they are none."""
    with ExitStack() as stack:
        try:
            lab = stack.enter_context(running(annexe()))
        except CamauditError as error:
            raise CamauditError(
                f"{error}. The demo's pretend devices need ports that something else on this "
                "machine has, perhaps another demo or lab: end that, or wait for it, and try again"
            ) from error
        click.echo(
            f"PRETEND: site {app.LIVE} has {len(app.LIVE_DEVICES)} devices of camaudit lab, on "
            f"{app.LIVE_NETWORK} of this machine; nothing is sent beyond it",
            err=True,
        )
        if lab.port(80) != 80:
            click.echo(
                "this account may not open ports below 1024: the devices use others (8080 for 80), "
                "one tells less of itself, and empty addresses refuse, so they count as present",
                err=True,
            )
        yield


def _scan(estate: Path) -> Scanned:
    """Scan the live site, and tell what was reached."""
    now = clock.now()
    click.echo(f"\nscan of site {app.LIVE} refused: {app.permit_live(estate, now)}")
    prepared = app.prepare_live(estate, now)
    click.echo(f"now it has two approvers: {prepared.grant.permission}")
    announce(prepared)
    with progress_bar(prepared) as tell:
        scanned = app.scan_live(estate, prepared, clock.now, tell)
    if scanned.imported is None:
        raise CamauditError("the scan was stopped; remove the folder and run the demo again")
    show_coverage(coverage(open_estate(estate), scanned.run))
    click.echo(f"imported {scanned.journal.name} (scan-journal): {_what(scanned.imported)}\n")
    return scanned


def _free() -> Path:
    """Return the first of camaudit-demo, camaudit-demo-2 ... that is not there yet."""
    names = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    paths = (Path(f"camaudit-demo{name}") for name in names)
    return next(path for path in paths if not path.exists())


def _what(result: Imported) -> str:
    counts = (
        (result.bodies, "bodies"),
        (result.sites, "sites"),
        (result.observations, "observations"),
        (result.new_devices, "new devices"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count) or "nothing"
