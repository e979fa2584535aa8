"""One device on a terminal: briefly in a report, in full where it is asked for alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from camaudit.model.snapshot import DeviceRow, Reason, VerdictLine
from camaudit.model.words import VerdictCode
from camaudit.reports import phrases
from camaudit.reports.legible import one_line

from . import weaknesses

#: (mark, style): the mark says the verdict where there is no colour.
MARKS: Final = {
    "breaches": ("\u00d7", "bold red"),
    "outstanding": ("◦", "magenta"),
    "cannot_tell": ("?", "yellow"),
    "meets": ("✓", "green"),
    "not_applicable": ("\u2013", "dim"),
}


def brief(device: DeviceRow, lines: Sequence[VerdictLine]) -> Iterator[RenderableType]:
    """Yield a device's name, sentence and verdicts, without what does not apply."""
    yield title(device)
    where = f"{one_line(phrases.place(device))}, {phrases.sensitivity(device.sensitivity)}"
    yield _indented(
        Text(f"{where}; {phrases.plain(device.state)}; {phrases.zone(device.zone)}", style="dim")
    )
    if known_as := ", ".join(filter(None, (device.location, *device.asset_ids, *device.addresses))):
        yield _indented(Text(one_line(known_as), style="dim"))
    if device.channels_declared is not None:
        yield _indented(Text(phrases.channels(device), style="dim"))
    yield _indented(Text(one_line(device.sentence)))
    yield from _supposed(device)
    yield from weaknesses.brief(device)
    for line in lines:
        if line.verdict != VerdictCode.NOT_APPLICABLE:
            yield _indented(_head(line))
            yield from _gaps(line)
    if outside := [line.clause for line in lines if line.verdict == VerdictCode.NOT_APPLICABLE]:
        yield _indented(Text(f"\u2013 not applicable: clause {', '.join(outside)}", style="dim"))


def card(device: DeviceRow, lines: Sequence[VerdictLine]) -> Iterator[RenderableType]:
    """Yield everything that is known of a device, and every verdict with its quote."""
    yield title(device)
    yield _indented(Text(one_line(device.sentence), style="bold"))
    yield from _supposed(device)
    for each in device.conflicts:
        yield _indented(Text(f"The signals contradict each other: {one_line(each)}"))
    for name, value in _facts(device):
        yield _indented(Text.assemble((f"{name}: ", "dim"), one_line(value)))
    yield from _evidence(device)
    yield from weaknesses.card(device)
    for line in lines:
        yield Text("")
        yield _indented(_head(line))
        yield _indented(Text(one_line(line.sentence)), 4)
        yield from _gaps(line)
        yield _indented(Text(f"“{one_line(line.quote)}”", style="italic"), 4)
        for citation in line.citations:
            yield _indented(
                Text(f"{one_line(citation.locator)} ({citation.confidence})", style="dim"), 4
            )
        for choice in line.choices:
            yield _indented(Text(f"Rests on a choice of reading: {one_line(choice)}"), 4)


def _supposed(device: DeviceRow) -> Iterator[RenderableType]:
    if device.overridden:
        yield _indented(Text(one_line(phrases.supposed(device.overridden)), style="bold"))


def title(device: DeviceRow) -> Text:
    """Return a device's id, name and kind on one line."""
    title = Text(f"{device.id}  ", style="cyan")
    title.append(one_line(phrases.name(device)), style="bold")
    words = [phrases.plain(device.kind), *map(phrases.plain, device.capabilities)]
    if device.units != 1 or device.approximate:
        words.append(f"{phrases.count(device.units, approximate=device.approximate)} units")
    title.append(f"  {', '.join(words)}", style="dim")
    return title


def _head(line: VerdictLine) -> Text:
    mark, style = MARKS[phrases.tone(line)]
    head = Text(f"{mark} {phrases.outcome(line)}", style=style)
    head.append(
        f"  clause {line.clause}, {phrases.strength(line.strength, line.described_as)}: "
        f"{one_line(line.title)}",
        style="default",
    )
    if line.branches:
        head.append(f"\n  {one_line('; '.join(line.branches))}", style="default")
    return head


def _gaps(line: VerdictLine) -> Iterator[RenderableType]:
    for gap in line.gaps:
        yield _indented(Text(f"to settle it: {one_line(gap)}", style="dim"), 4)


def _facts(device: DeviceRow) -> Iterator[tuple[str, str]]:
    facts = (
        ("Site", f"{phrases.place(device)}, {phrases.sensitivity(device.sensitivity)}"),
        ("Location", device.location),
        ("Body", device.body),
        ("Kind of body", phrases.plain(device.body_kind or "unknown")),
        ("State", phrases.plain(device.state)),
        ("Network", phrases.zone(device.zone)),
        ("Known from", phrases.seen_how(device)),
        ("Installed", device.installed),
        ("Why these dates", "; ".join(device.dating)),
        ("Firmware", device.firmware_version),
        ("Recorder", device.recorder),
        ("Channels", phrases.channels(device)),
        ("Addresses", ", ".join(device.addresses)),
        ("MAC addresses", ", ".join(device.macs)),
        ("Asset ids", ", ".join(device.asset_ids)),
        ("Serial number", device.serial),
        *((phrases.plain(role).capitalize(), who) for role, who in device.people),
        ("Remarks", "; ".join(device.remarks)),
    )
    return ((name, value) for name, value in facts if value)


def _evidence(device: DeviceRow) -> Iterator[RenderableType]:
    """Yield each aspect with the signals that it rests on, then those that say something else."""
    told: set[str] = set()
    for each in device.aspects:
        yield _indented(
            Text.assemble(
                (f"{phrases.aspect(each.aspect)}: ", "dim"),
                f"{one_line(each.maker)} ({phrases.probability(each.confidence)})",
            )
        )
        mine = [reason for reason in device.reasons if each.aspect in reason.aspect.split(", ")]
        told.update(reason.signature for reason in mine)
        yield from map(_reason, mine)
    rest = [reason for reason in device.reasons if reason.signature not in told]
    if rest:
        yield _indented(Text("Other signals:", style="dim"))
        yield from map(_reason, rest)


def _reason(reason: Reason) -> RenderableType:
    text = Text(f"- {one_line(reason.text)}")
    if reason.seen:
        seen = one_line(reason.seen)
        text.append(f" {seen[:1].upper()}{seen[1:]}.", style="dim")
    text.append(f" [{phrases.plain(reason.weight)}; {reason.signature}]", style="dim")
    return _indented(text, 4)


def _indented(text: Text, columns: int = 2) -> RenderableType:
    return Padding(text, (0, 0, 0, columns))
