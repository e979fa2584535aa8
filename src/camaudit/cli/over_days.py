"""Verdicts over time on the screen: the estate's by counts, a device's by intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table
from rich.text import Text

from camaudit.app import clock, judge
from camaudit.app.between import device_history
from camaudit.app.estate import open_estate
from camaudit.model.timeline import Column, Day, History, Reason, Stretch, Timeline
from camaudit.reports.phrases import MARKING_NOT_SET, PRETEND

from .options import estate_option, overlay_option
from .questions import between_option, make_question, policy_option, reading_options
from .terminal import busy, print_json, say, screen
from .weakenings import packs_to_judge

#: Days shown on a screen; all of them stand in the JSON.
MOST_DAYS: Final = 200
#: Devices named in a line; all of them stand in the JSON.
MOST_DEVICES: Final = 5
_HEADS: Final = {
    Column.BREACHES: "Breaches",
    Column.MEETS: "Meets",
    Column.OUTSTANDING: "Outstanding",
    Column.CANNOT_TELL: "Cannot tell",
    Column.NOT_APPLICABLE: "Not applicable",
}


def show_timeline(found: Timeline, *, as_json: bool) -> None:
    """Show the counts of an estate day by day, as JSON Lines or on the screen."""
    if as_json:
        head = {
            name: getattr(found, name)
            for name in ("estate", "marking", "pretend", "policy", "version", "digest", "known_at")
        }
        print_json(head | asdict(day) for day in found.days)
        return
    out = screen()
    out.print(Text(_banner(found.marking, pretend=found.pretend)))
    out.print(
        Text(f"{found.policy} on {found.devices:,} devices, from {found.since} to {found.until}")
    )
    shown, hidden = found.days[:MOST_DAYS], found.days[MOST_DAYS:]
    for day in shown:
        out.print()
        out.print(Text(str(day.day), style="bold"))
        for line in _told(day):
            say(out, line, 2)
    out.print()
    out.print(Text(f"As of {found.days[-1].day}", style="bold"))
    out.print(_table(found.days[-1].counts))
    if hidden:
        out.print(Text(f"... and {len(hidden):,} more days; --json has all"))


def _told(day: Day) -> Iterable[str]:
    """Yield what changed, and for a first day how things stand."""
    if not day.reasons:
        for rule, columns in day.counts.items():
            counts = ", ".join(f"{n:,} {_plain(column)}" for column, n in columns.items())
            yield f"{rule}: {counts or 'no devices'}"
        return
    for reason in day.reasons:
        yield f"{_about(reason)}: {_moved(reason)}"
    for move in day.moves:
        yield (
            f"{move.requirement}: {move.devices:,} from {_plain(move.before)} "
            f"to {_plain(move.after)}"
        )


def _about(reason: Reason) -> str:
    if not reason.devices:
        return reason.says
    names = ", ".join(reason.devices[:MOST_DEVICES])
    more = len(reason.devices) - MOST_DEVICES
    return f"{names}{f' and {more:,} more' if more > 0 else ''}: {reason.says}"


def _moved(reason: Reason) -> str:
    return f"{reason.moved:,} {'device moves' if reason.moved == 1 else 'devices move'}"


def _table(counts: Mapping[str, Mapping[Column, int]]) -> Table:
    table = Table("Requirement", *_HEADS.values())
    for rule, columns in counts.items():
        table.add_row(rule, *(f"{columns.get(column, 0):,}" for column in _HEADS))
    return table


@click.command(
    "verdicts",
    epilog="""\b
Examples:
  camaudit devices verdicts CAM-17
  camaudit devices verdicts D-3Q7XKEVA --policy us-889-part-a --json
  camaudit devices verdicts CAM-17 --between 2022-11-01 2024-12-31""",
)
@click.argument("device")
@policy_option
@between_option
@reading_options
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one for each interval.")
@estate_option
@overlay_option
def verdicts_command(
    *,
    device: str,
    between: tuple[date, date] | None,
    as_json: bool,
    estate: Path,
    overlays: tuple[Path, ...],
    **asked: Any,
) -> None:
    """Tell since when each verdict of a device stands, and why it changed.

    Without --between from the day before anything changed until today.
    """
    packs = packs_to_judge(estate, overlays)
    store = open_estate(estate)
    name = judge.need_device(store, device)
    span = between or (None, clock.now().date())
    with busy("judging the device"):
        found = device_history(store, packs, make_question(**asked), name, span)
    if as_json:
        print_json(_objects(found))
        return
    out = screen()
    out.print(Text(_banner(found.marking, pretend=found.pretend)))
    out.print(Text(f"{found.device} under {found.policy}, from {found.since} to {found.until}"))
    rule = ""
    for stretch in found.stretches:
        if stretch.requirement != rule:
            rule = stretch.requirement
            out.print()
            out.print(Text(f"Requirement {rule}", style="bold"))
        for indent, line in _stretch(stretch):
            say(out, line, indent)


def _objects(found: History) -> Iterable[dict[str, object]]:
    head = {
        name: getattr(found, name)
        for name in (
            "estate", "marking", "pretend", "device", "policy", "version", "digest", "known_at",
        )
    }  # fmt: skip
    for stretch in found.stretches:
        yield head | asdict(stretch)


def _stretch(stretch: Stretch) -> Iterable[tuple[int, str]]:
    verdict = "decision outstanding" if stretch.outstanding else _plain(stretch.verdict)
    basis = f" ({stretch.basis.value})" if stretch.basis else ""
    days = f"from {stretch.since} to {stretch.until}" if stretch.until else f"since {stretch.since}"
    yield 2, f"{days}: {verdict}{basis}, {_plain(stretch.strength)}"
    for reason in stretch.reasons:
        yield 4, f"because {reason.says}"
    yield 4, stretch.sentence


def _banner(marking: str | None, *, pretend: bool) -> str:
    text = (marking or "").strip() or MARKING_NOT_SET
    return f"{text} · {PRETEND}" if pretend else text


def _plain(word: str) -> str:
    return str(word).replace("_", " ")
