"""``camaudit advisories``: published weaknesses of the firmware on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from camaudit.app import judge
from camaudit.app.estate import open_estate
from camaudit.model.advisories import Answer, Known
from camaudit.model.ids import DeviceId
from camaudit.model.snapshot import Snapshot
from camaudit.reports import phrases, terminal

from .devices import take_snapshot
from .options import estate_option, overlay_option
from .questions import make_question
from .redaction import redact_option
from .terminal import print_json, screen


@click.command(
    "advisories",
    epilog="""\b
Examples:
  camaudit advisories
  camaudit advisories D-3Q7XKEVA
  camaudit advisories --exploited --json
  camaudit packs advisories --kev known_exploited_vulnerabilities.json -o newer""",
)
@click.argument("device", required=False)
@click.option("--exploited", is_flag=True, help="Only those that are known to be exploited.")
@click.option("--all", "every", is_flag=True, help="Also those that no device on record has.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@redact_option
@estate_option
@overlay_option
def advisories_command(
    *,
    device: str | None,
    exploited: bool,
    every: bool,
    as_json: bool,
    redacted: frozenset[str],
    estate: Path,
    overlays: tuple[Path, ...],
) -> None:
    """List published weaknesses of the devices on record, or of one DEVICE, most urgent first.

    Only version facts are looked at; no device is tested. Where the version does not decide, it
    cannot be told, and what would settle it is named.
    """
    name = judge.need_device(open_estate(estate), device) if device else None
    whole = take_snapshot(estate, overlays, redacted, make_question(), name)
    snapshot = _narrow(whole, exploited=exploited, every=every)
    if as_json:
        print_json(_lines(snapshot, name))
        return
    out = screen()
    out.print(phrases.banner(snapshot))
    out.print(phrases.dates(snapshot))
    if name is None:
        out.print(terminal.weakness_summary(snapshot))
    elif snapshot.devices:
        out.print(terminal.weakness_card(snapshot.devices[0]))


def _narrow(snapshot: Snapshot, *, exploited: bool, every: bool) -> Snapshot:
    """Return the snapshot with those records only that were asked for."""
    return replace(
        snapshot,
        weaknesses=tuple(
            each
            for each in snapshot.weaknesses
            if (every or each.affected or each.cannot_tell)
            and (not exploited or each.record.exploited == Known.YES)
        ),
        devices=tuple(
            replace(
                row,
                weaknesses=tuple(
                    line
                    for line in row.weaknesses
                    if (every or line.answer != Answer.NOT_AFFECTED)
                    and (not exploited or line.record.exploited == Known.YES)
                ),
            )
            for row in snapshot.devices
        ),
    )


def _lines(snapshot: Snapshot, name: DeviceId | None) -> Iterator[dict[str, Any]]:
    marked = {"marking": snapshot.marking, "advisory_digest": snapshot.advisory_digest}
    if name is None:
        for count in snapshot.weaknesses:
            yield marked | asdict(count) | {"of": len(snapshot.devices)}
    for row in snapshot.devices if name else ():
        for line in row.weaknesses:
            yield marked | {"device": row.id} | asdict(line) | {"outcome": phrases.weakness(line)}
