"""``camaudit devices`` and ``camaudit explain``: what there is, and why we say so."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table

from camaudit.app import clock, judge
from camaudit.app.assess import Question, assess
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.app.snapshot import build_snapshot
from camaudit.errors import UsageError
from camaudit.model.advisories import Answer
from camaudit.model.ids import DeviceId
from camaudit.model.snapshot import DeviceRow, Snapshot
from camaudit.model.words import DeviceState
from camaudit.reports import phrases, redact, terminal

from . import identity, over_days
from .groups import ListByDefault
from .options import Day, estate_option, overlay_option, overlays_for, who_option
from .questions import make_question, question_options
from .redaction import redact_option
from .terminal import busy, print_json, screen
from .weakenings import packs_to_judge

#: What `devices list --json` tells of each device, by ``DeviceRow`` field.
LISTED: Final = (
    "id",
    "site",
    "location",
    "addresses",
    "macs",
    "asset_ids",
    "recorder",
    "channels_declared",
    "channels_seen",
    "kind",
    "capabilities",
    "maker",
    "maker_confidence",
    "maker_aspect",
    "band",
    "brand",
    "model",
    "firmware_version",
    "state",
    "units",
    "approximate",
)


@click.group(
    "devices",
    cls=ListByDefault,
    epilog="""\b
Examples:
  camaudit devices
  camaudit devices list --json
  camaudit devices state D-3Q7XKEVA removed --evidence 'work order 118' --on 2026-03-01
  camaudit devices sighting --site HQ --place 'north gate' --label 'HIKVISION DS-2CD2143G0-I'""",
)
def devices_command() -> None:
    """List devices, and record what people know of them."""


for _command in (*identity.COMMANDS, over_days.verdicts_command):
    devices_command.add_command(_command)


@devices_command.command("list", epilog="Example: camaudit devices list --json")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@redact_option
@estate_option
@overlay_option
def devices_list(
    *, as_json: bool, redacted: frozenset[str], estate: Path, overlays: tuple[Path, ...]
) -> None:
    """List every device with its likely producer."""
    snapshot = take_snapshot(estate, overlays, redacted, make_question())
    if as_json:
        print_json(
            {"marking": snapshot.marking}
            | {name: _plain(getattr(row, name)) for name in LISTED}
            | {"weaknesses": _weaknesses(row)}
            for row in snapshot.devices
        )
        return
    out = screen()
    out.print(phrases.banner(snapshot))
    table = Table("Device", "Site", "Address or asset", "Kind", "Can", "Likely producer", "Model")
    for row in snapshot.devices:
        known = row.maker_name and row.maker_confidence is not None
        table.add_row(
            row.id,
            row.site or f"? {row.site_name or ''}",
            ", ".join(row.addresses + row.asset_ids) or row.location or "",
            ", ".join(filter(None, (row.kind.replace("_", " "), phrases.channels(row)))),
            ", ".join(row.capabilities).replace("_", " "),
            f"{row.maker_name} ({row.maker_confidence:.2f})" if known else "cannot tell",
            row.model or "",
        )
    out.print(table)


@devices_command.command(
    "state",
    epilog="Example: camaudit devices state D-3Q7XKEVA removed --evidence 'work order 118'",
)
@click.argument("device")
@click.argument("state", type=click.Choice([each.value for each in DeviceState]))
@click.option("--on", type=Day(), help="Since when. [default: today]")
@click.option("--evidence", required=True, help="How it is known: a work order, a photograph ...")
@who_option
@estate_option
def devices_state(
    device: str, state: str, on: date | None, evidence: str, who: str, estate: Path
) -> None:
    """Record where in its life a device is; give the earlier state again to undo."""
    store, now = open_estate(estate), clock.now()
    name = judge.need_device(store, device)
    judge.set_state(store, name, DeviceState(state), on or now.date(), evidence, who, now)
    click.echo(f"recorded: {name} is {state.replace('_', ' ')}")


@devices_command.command("role", epilog="Example: camaudit devices role CAM-17 owner LANDLORD")
@click.argument("device")
@click.argument("role", type=click.Choice(judge.ROLES))
@click.argument("body")
@click.option("--on", type=Day(), help="Since when.")
@who_option
@estate_option
def devices_role(
    device: str, role: str, body: str, on: date | None, who: str, estate: Path
) -> None:
    """Record who owns, operates or maintains a device (a body's id, or a name)."""
    store = open_estate(estate)
    name = judge.need_device(store, device)
    judge.set_role(store, name, role, body, on, who, clock.now())
    click.echo(f"recorded: {role} of {name} is {body}")


@devices_command.command(
    "attach", epilog="Example: camaudit devices attach CAM-17 --recorder NVR-2 --channel 4"
)
@click.argument("device")
@click.option("--recorder", required=True, help="The recorder that it hangs under.")
@click.option("--channel", help="The channel that it is on.")
@who_option
@estate_option
def devices_attach(device: str, recorder: str, channel: str | None, who: str, estate: Path) -> None:
    """Hang an analogue camera under its recorder: it takes the recorder's connection."""
    store = open_estate(estate)
    child, parent = judge.need_device(store, device), judge.need_device(store, recorder)
    judge.attach(store, child, parent, channel, who, clock.now())
    click.echo(f"recorded: {child} hangs under {parent}")


@devices_command.command(
    "confirm",
    epilog="Example: camaudit devices confirm CAM-17 --maker hikvision --evidence 'type plate'",
)
@click.argument("device")
@click.option("--maker", required=True, help="Slug of the maker.")
@click.option("--evidence", required=True, help="The document or inspection that shows it.")
@click.option("--on", type=Day(), help="When it was shown. [default: today]")
@who_option
@estate_option
@overlay_option
def devices_confirm(
    device: str,
    maker: str,
    evidence: str,
    on: date | None,
    who: str,
    estate: Path,
    overlays: tuple[Path, ...],
) -> None:
    """Record that a document or an inspection shows who built a device."""
    packs = load_packs(overlays_for(estate, overlays))
    if maker not in {each.id for each in packs.makers.makers}:
        raise UsageError(f"no maker is called {maker!r}; `camaudit makers list` has them")
    store, now = open_estate(estate), clock.now()
    name = judge.need_device(store, device)
    judge.confirm_maker(store, name, maker, evidence, on or now.date(), who, now)
    click.echo(f"recorded: {name} was built by {maker}")


@devices_command.command(
    "sighting",
    epilog="Example: camaudit devices sighting --place 'north gate' --label 'ANNKE C800'",
)
@click.option("--label", required=True, help="What the label said.")
@click.option("--place", required=True, help="Where it hangs.")
@click.option("--site", help="The site that it is at.")
@click.option("--asset", help="The asset id, if it bears one.")
@click.option("--photo", help="Reference of a photograph.")
@click.option("--on", type=Day(), help="When it was seen. [default: today]")
@who_option
@estate_option
def devices_sighting(estate: Path, on: date | None, **given: Any) -> None:
    """Record a device that a person saw; it needs no address."""
    store, now = open_estate(estate), clock.now()
    sighting = judge.Sighting(
        who=given["who"],
        on=on or now.date(),
        site=given["site"],
        place=given["place"],
        label=given["label"],
        photo=given["photo"],
        asset_id=given["asset"],
    )
    device, added = judge.add_sighting(store, sighting, now)
    click.echo(f"recorded: {device}" if added else f"known already: {device}")


@devices_command.command(
    "erase", epilog="Example: camaudit devices erase D-3Q7XKEVA --reason 'request 2026-14'"
)
@click.argument("device")
@click.option("--reason", required=True, help="The lawful ground; it is recorded.")
@click.confirmation_option(prompt="This blanks what is known of the device for good. Go on?")
@who_option
@estate_option
def devices_erase(device: str, reason: str, who: str, estate: Path) -> None:
    """Blank everything known of a device, leaving a recorded tombstone; cannot be undone."""
    store = open_estate(estate)
    name = judge.need_device(store, device)
    counted = judge.erase_device(store, name, reason, who, clock.now())
    click.echo(f"erased: {name}, {counted} rows; their digests and a record of this stay")


@click.command("explain", epilog="Example: camaudit explain D-3Q7XKEVA --as-of 2023-08-01")
@click.argument("device")
@question_options
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@redact_option
@estate_option
@overlay_option
def explain_command(
    *,
    device: str,
    as_json: bool,
    redacted: frozenset[str],
    estate: Path,
    overlays: tuple[Path, ...],
    **asked: Any,
) -> None:
    """Say why this maker, why this verdict, and what would change it."""
    name = judge.need_device(open_estate(estate), device)
    snapshot = take_snapshot(estate, overlays, redacted, make_question(**asked), name)
    if not snapshot.devices:
        raise UsageError(f"the estate did not know {name} then; try a later --known-at")
    row = snapshot.devices[0]
    if as_json:
        print_json(
            [
                {
                    "marking": snapshot.marking,
                    "rules_on": snapshot.rules_on,
                    "facts_on": snapshot.facts_on,
                    "known_at": snapshot.known_at,
                }
                | {f.name: getattr(row, f.name) for f in fields(row)}
            ]
        )
    else:
        out = screen()
        out.print(phrases.banner(snapshot))
        out.print(phrases.dates(snapshot))
        out.print(terminal.device_card(row))


def _weaknesses(row: DeviceRow) -> dict[str, tuple[str, ...]]:
    """Return the ids of published weaknesses by answer; `advisories` says why."""
    return {
        "affected": phrases.weakness_ids(row, Answer.AFFECTED),
        "cannot_tell": phrases.weakness_ids(row, Answer.CANNOT_TELL),
        "known_exploited": phrases.exploited_ids(row),
    }


def _plain(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


def take_snapshot(
    estate: Path,
    overlays: tuple[Path, ...],
    redacted: frozenset[str],
    question: Question,
    only: DeviceId | None = None,
) -> Snapshot:
    """Assess the estate, and return what may be said of it, or of one device."""
    packs = packs_to_judge(estate, overlays)
    with busy("judging the estate"):
        assessment = assess(open_estate(estate), packs, question)
        snapshot = build_snapshot(assessment, packs, estate.name, clock.now(), only)
    return redact(snapshot, redacted)
