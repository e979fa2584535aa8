"""Say a verification on a terminal: the answers first, then each device with its contacts."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from camaudit.model.isolation import Contact, Isolation, Zones
from camaudit.model.verification import Verification, Verified
from camaudit.reports.legible import one_line

from . import wording

#: Contacts and sentences shown for one device; JSON Lines and the page have them all.
_MOST_CONTACTS: Final = 12
_MOST_GAPS: Final = 5


def show(found: Verification, console: Console) -> None:
    """Print the whole verification."""
    _head(found, console)
    for answer, number in wording.counts(found):
        if number:
            _say(console, f"{number:>5} of {len(found.devices)}  {wording.ANSWERS[answer]}")
    if not found.devices:
        _say(console, "no surveillance equipment was seen in the traffic")
    for device in wording.worst_first(found.devices):
        _device(device, console)
    if found.not_seen:
        _say(console, f"\nNot seen at all, so nothing can be told ({len(found.not_seen)}):")
        for name, label in found.not_seen:
            _say(console, f"  {name}  {label}")
    _say(
        console,
        "\nA contact is a contact, silence is silence for the hours watched; neither confirms nor "
        "refutes what a maker says.",
    )


def _head(found: Verification, console: Console) -> None:
    _say(console, wording.marking(found).upper())
    where = f"site {found.site}" if found.site else "what the files show"
    _say(console, f"Isolation of {where}, as far as it was watched")
    core = ", ".join(found.core) or "not declared: nothing can be told of it"
    _say(console, f"  the core network is: {core}")
    for source in found.sources:
        span = f"{wording.instant(source.first)} to {wording.instant(source.last)}"
        lost = "loss not said" if source.lost is None else f"{source.lost:,} lost"
        _say(console, f"  {source.name}: {span}; {source.packets:,} packets, {lost}")
        for each in source.damage:
            _say(console, f"    damage: {each}")
    hosts = found.left_out.get("hosts", 0)
    _say(console, f"  of {hosts:,} other hosts only counts were kept")
    _say(console, "")


def show_declaration(site: str, zones: Zones, console: Console) -> None:
    """Print what is declared of a site's networks."""
    table = Table("Declared of site " + site, "")
    for name in zones.__slots__:
        value = getattr(zones, name)
        if isinstance(value, dict):
            for each, entries in value.items():
                table.add_row(f"{name.replace('_', ' ')} {one_line(each)}", ", ".join(entries))
        elif value:
            table.add_row(name.replace("_", " "), ", ".join(value))
    console.print(table if table.rows else f"nothing is declared of site {site} yet")


def _device(device: Verified, console: Console) -> None:
    answer = device.isolation
    words = ", ".join(wording.ANSWERS[each] for each in answer.answers)
    _say(console, f"\n{one_line(device.name)}  {device.id}: {words}")
    for each in answer.because:
        _say(console, f"  {each}")
    _contacts("Contacts", answer.contacts, console)
    _contacts("Sent without an answer", answer.attempts, console)
    _lacks(answer, console)


def _contacts(title: str, contacts: tuple[Contact, ...], console: Console) -> None:
    if not contacts:
        return
    table = Table(title, "What it is", "Port", "Sent", "Received", "First (UTC)")
    for each in contacts[:_MOST_CONTACTS]:
        table.add_row(
            Text(wording.peer(each)),
            wording.destination(each),
            wording.port(each),
            wording.size(each.bytes_sent),
            wording.size(each.bytes_received),
            wording.stamp(each.first),
        )
    console.print(table)
    if len(contacts) > _MOST_CONTACTS:
        _say(console, f"  and {len(contacts) - _MOST_CONTACTS} more (--json has them)")


def _lacks(answer: Isolation, console: Console) -> None:
    for each in answer.coverage.lacking:
        _say(console, f"  lacks: {each}")
    gaps = answer.coverage.gaps
    for gap in gaps[:_MOST_GAPS]:
        span = f"{wording.instant(gap.start)} to {wording.instant(gap.end)}"
        _say(console, f"  no proof: {span}, {gap.why}")
    if len(gaps) > _MOST_GAPS:
        _say(console, f"  and {len(gaps) - _MOST_GAPS} more stretches without proof")
    for each in answer.not_looked_at:
        _say(console, f"  not looked at: {each}")


def _say(console: Console, line: str) -> None:
    console.print(Text(line))
