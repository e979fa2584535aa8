"""``camaudit demo``: the main job on a pretend estate, in one go."""

from __future__ import annotations

import itertools
from pathlib import Path

import click

from camaudit.app import clock
from camaudit.app.demo import REBADGED, covered_devices, run_demo
from camaudit.app.ingest import Imported
from camaudit.app.packset import load_packs
from camaudit.errors import UsageError
from camaudit.reports import terminal

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

    All of it is made up: a small department, its sites, a register that says 1 camera, two scans,
    signal strings and what a guard saw.
    """
    directory = directory or _free()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty; remove it, or choose another with --dir")
    packs = load_packs()
    now = clock.now()
    demo = run_demo(directory, packs, now)
    for name, result in demo.imports:
        click.echo(f"imported {name} ({result.importer}): {_what(result)}")
        warn_problems(result.problems, result.rejected, name)
    terminal.show(demo.snapshot, screen(), DEVICES_SHOWN)
    click.echo(
        f"\nThe register alone names {demo.register_names} device of a maker that the statement "
        f"covers; with the scans, replies and sightings there are {covered_devices(demo.snapshot)}."
        f"\nWhy one of them is not what its label says: camaudit explain {REBADGED} "
        f"--estate {demo.estate}"
        f"\n\nestate: {demo.estate}\nreport: {demo.report.resolve()}"
    )


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
