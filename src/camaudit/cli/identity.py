"""``camaudit devices merge``, ``split``, ``undo`` and ``history``: which devices are one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from camaudit.app import clock, identity, judge
from camaudit.app.estate import open_estate
from camaudit.app.identity import By, History, Ruled

from .options import estate_option, who_option
from .terminal import print_json

#: Rows shown of what changes; the rest is counted.
_SHOWN: Final = 20


def _ruling_options(command: Any) -> Any:
    for option in (
        click.option("--reason", required=True, help="Why; it is recorded."),
        click.option("--dry-run", is_flag=True, help="Only show what would change."),
        who_option,
        estate_option,
    ):
        command = option(command)
    return command


@click.command(
    "merge",
    epilog="Example: camaudit devices merge CAM-17 D-3Q7XKEVA --reason 'two network cards'",
)
@click.argument("device")
@click.argument("other")
@_ruling_options
def merge_command(*, device: str, other: str, estate: Path, **given: Any) -> None:
    """Say that two devices are one: the first one's id goes on, now and after later imports."""
    store = open_estate(estate)
    one, two = judge.need_device(store, device), judge.need_device(store, other)
    _tell(identity.merge(store, one, two, _by(given)), f"{two} is one device with {one}")


@click.command(
    "split",
    epilog="Example: camaudit devices split CAM-17 --part 02:00:00:00:00:09 --reason 'two units'",
)
@click.argument("device")
@click.option(
    "--part",
    multiple=True,
    required=True,
    help="What does not belong to it: a MAC, serial number, address or row (repeatable).",
)
@_ruling_options
def split_command(*, device: str, part: tuple[str, ...], estate: Path, **given: Any) -> None:
    """Say that a device is two: the part gets an id of its own, now and after later imports."""
    store = open_estate(estate)
    name = judge.need_device(store, device)
    _tell(identity.split(store, name, part, _by(given)), f"{', '.join(part)} is not {name}")


@click.command("undo", epilog="Example: camaudit devices undo 4711 --reason 'was the wrong unit'")
@click.argument("seq", type=int)
@_ruling_options
def undo_command(*, seq: int, estate: Path, **given: Any) -> None:
    """Take a merge or split back, by its number in `devices history`; it stays on record."""
    _tell(identity.undo(open_estate(estate), seq, _by(given)), f"{seq} is undone", final=True)


@click.command("history", epilog="Example: camaudit devices history CAM-17")
@click.argument("device")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@estate_option
def history_command(*, device: str, as_json: bool, estate: Path) -> None:
    """Show what a device goes and went by, and who merged and split it."""
    store = open_estate(estate)
    found = identity.history(store, judge.need_device(store, device))
    with store.reading() as connection:
        marking = store.get(connection, "marking")
    if as_json:
        print_json([{"marking": marking} | _plain(found)])
        return
    click.echo(marking or "marking not set")
    click.echo(found.device)
    if found.former:
        click.echo(f"  formerly {', '.join(found.former)}")
    for anchor, since, borne in found.anchors:
        click.echo(f"  {anchor}, since {since:%Y-%m-%d}{'' if borne else ' (no more)'}")
    for step in found.steps:
        click.echo(f"  {step.seq}: {step.kind} on {step.on:%Y-%m-%d} by {step.who}: {step.says}")
        click.echo(f"    {step.reason}")
        if step.undone:
            who, on, reason = step.undone
            click.echo(f"    undone on {on:%Y-%m-%d} by {who}: {reason}")
    for remark in found.remarks:
        click.echo(f"  {remark}")


COMMANDS: Final = (merge_command, split_command, undo_command, history_command)


def _by(given: dict[str, Any]) -> By:
    return By(who=given["who"], at=clock.now(), reason=given["reason"], dry_run=given["dry_run"])


def _tell(ruled: Ruled, what: str, *, final: bool = False) -> None:
    if ruled.seq is None:
        click.echo(f"would record: {what}")
    else:
        click.echo(f"recorded as {ruled.seq}: {what}")
    for move in ruled.moves[:_SHOWN]:
        click.echo(f"  {move.subject}: {move.before} -> {move.after}")
    if len(ruled.moves) > _SHOWN:
        click.echo(f"  and {len(ruled.moves) - _SHOWN} more")
    if not ruled.moves:
        click.echo("  nothing changes as things stand")
    if ruled.seq is not None and not final:
        click.echo(f"To take it back: camaudit devices undo {ruled.seq} --reason TEXT")


def _plain(found: History) -> dict[str, Any]:
    return {
        "device": found.device,
        "former": found.former,
        "anchors": [
            {"anchor": anchor, "since": since, "borne": borne}
            for anchor, since, borne in found.anchors
        ],
        "steps": [
            {
                "seq": step.seq,
                "kind": step.kind,
                "says": step.says,
                "who": step.who,
                "on": step.on,
                "reason": step.reason,
                "undone": dict(zip(("who", "on", "reason"), step.undone, strict=True))
                if step.undone
                else None,
            }
            for step in found.steps
        ],
        "remarks": found.remarks,
    }
