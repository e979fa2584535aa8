"""The words that every report uses for the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from camaudit.model.advisories import Answer, Known
from camaudit.model.snapshot import (
    DeviceRow,
    Figure,
    Snapshot,
    VerdictLine,
    WeaknessLine,
    WeaknessRecord,
)
from camaudit.model.words import Basis, Confidence, Sensitivity, VerdictCode, Zone

MARKING_NOT_SET: Final = "marking not set"
PRETEND: Final = "pretend estate"
WHAT_IF: Final = "what if, not as on record"
OUTSTANDING: Final = "decision outstanding"

#: Ids of one record that are named one by one.
MOST_IDS: Final = 4

#: Above this, two decimals would say 1.00.
_NEARLY_CERTAIN: Final = 0.995
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SENSITIVITY: Final = {
    Sensitivity.YES: "sensitive site",
    Sensitivity.NO: "not a sensitive site",
    Sensitivity.UNKNOWN: "not classified",
    Sensitivity.WITHHELD: "class withheld",
}
_ZONE: Final = {
    Zone.CORE: "declared on the core network",
    Zone.ISOLATED: "declared isolated, not verified",
    Zone.INTERNET: "declared on the internet",
}
_ASPECT: Final = {
    "badge": "Badge (the label)",
    "firmware": "Firmware (who wrote the software)",
    "hardware": "Hardware (who built it)",
    "silicon": "Silicon (the chip's maker)",
    "cloud": "Cloud service",
    "seller": "Seller",
}
_BASIS: Final = {
    "evidenced": "evidenced (confirmed facts)",
    "presumed": "presumed (nothing points elsewhere)",
    "declared": "declared (a register or a person says so)",
}
_ASPECT_OF_MAKER: Final = {"badge_tie": "badge, through its known maker"}
_REDACTED: Final = {
    "addresses": "network addresses and host names",
    "people": "people and organisations named in records",
    "serials": "serial numbers and asset ids",
    "sites": "names of sites and bodies",
}


def marking(snapshot: Snapshot) -> str:
    """Return the protective marking, or that there is none."""
    return (snapshot.marking or "").strip() or MARKING_NOT_SET


def banner(snapshot: Snapshot) -> str:
    """Return what stands on every page: the marking, and whether it is a pretence or supposed."""
    words = [marking(snapshot)]
    if snapshot.pretend:
        words.append(PRETEND)
    if snapshot.what_if is not None:
        words.append(WHAT_IF)
    return " · ".join(words)


def marked(snapshot: Snapshot) -> str:
    """Return the marking, and beside it where facts are supposed: for tables without pages."""
    return f"{marking(snapshot)} · {WHAT_IF}" if snapshot.what_if else marking(snapshot)


def supposed(overridden: Iterable[str]) -> str:
    """Return what a verdict supposes, and that nobody has it on record."""
    return f"overridden, not on record: {', '.join(overridden)}"


def dates(snapshot: Snapshot) -> str:
    """Return the three dates that a report is of."""
    return (
        f"Rules as of {on_day(snapshot.rules_on)}, facts as of {on_day(snapshot.facts_on)}, "
        f"known up to {at_time(snapshot.known_at)}"
    )


def on_day(day: date) -> str:
    """Return a date as prose has it: 24 November 2022."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def at_time(moment: datetime) -> str:
    """Return an instant as prose has it, with its offset from UTC."""
    offset = moment.strftime("%z")
    zone = "UTC" if offset in ("", "+0000") else f"UTC{offset[:3]}:{offset[3:]}"
    return f"{on_day(moment.date())}, {moment:%H:%M} {zone}"


def plain(word: str) -> str:
    """Return a word of a closed list as prose has it."""
    return {"nhs": "NHS"}.get(word, word.replace("_", " "))


def count(number: int, *, approximate: bool = False) -> str:
    """Return a number with its thousands apart."""
    return f"{'about ' if approximate else ''}{number:,}"


def probability(share: float) -> str:
    """Return a probability with two decimals, and never as a certainty that nobody has."""
    if share > _NEARLY_CERTAIN:
        return "over 0.99"
    return "under 0.01" if share < 1 - _NEARLY_CERTAIN else f"{share:.2f}"


def out_of(figure: Figure) -> str:
    """Return a figure's denominator and date."""
    return f"of {figure.of:,} {figure.of_label}, at {on_day(figure.on)}"


def outcome(line: VerdictLine) -> str:
    """Return the verdict with its basis beside the word."""
    if line.outstanding:
        return OUTSTANDING
    return answered(line.verdict, line.basis, line.not_examined)


def answered(verdict: str, basis: str | None, not_examined: Sequence[str]) -> str:
    """Return a verdict's word, in brackets what it rests on and what was not examined."""
    word = plain(verdict)
    if verdict not in (VerdictCode.MEETS, VerdictCode.BREACHES) or not basis:
        return word
    rests = plain(basis)
    if not_examined and basis != Basis.EVIDENCED:
        rests += f"; not examined: {', '.join(map(plain, not_examined))}"
    return f"{word} ({rests})"


def tone(line: VerdictLine) -> str:
    """Return the one word by which a verdict is drawn: its code, or ``outstanding``."""
    return "outstanding" if line.outstanding else line.verdict


def strength(word: str, described: str) -> str:
    """Return how hard a clause presses; what later documents call it stands beside it."""
    note = described_as(described)
    return f"{plain(word)} ({note})" if note else plain(word)


def described_as(text: str) -> str:
    """Return how later documents describe a clause, without their reasons in brackets."""
    short = text.partition(" (")[0].strip()
    return f"described as {short}" if short else ""


def sensitivity(word: str) -> str:
    """Return a site's class."""
    return _SENSITIVITY.get(Sensitivity(word), word) if word in set(Sensitivity) else plain(word)


def zone(word: str | None) -> str:
    """Return a declared network zone, never as more than a declaration."""
    if not word:
        return "no network declared"
    return _ZONE[Zone(word)] if word in set(Zone) else f"declared {plain(word)}, not verified"


def aspect(word: str) -> str:
    """Return what an aspect is."""
    return _ASPECT.get(word, plain(word).capitalize())


def maker_aspect(word: str | None) -> str:
    """Return what the likely producer's name rests on."""
    return _ASPECT_OF_MAKER.get(word or "", plain(word or ""))


def basis(word: str) -> str:
    """Return what a basis means."""
    return _BASIS.get(word, plain(word))


def redacted(snapshot: Snapshot) -> str:
    """Return what was left out, or nothing."""
    return left_out(snapshot.redacted)


def left_out(categories: Iterable[str]) -> str:
    """Return what categories of redaction take out, or nothing."""
    return join(_REDACTED.get(word, word) for word in categories)


def join(parts: Iterable[str]) -> str:
    """Return parts as prose lists them."""
    *head, last = [*parts] or [""]
    return f"{', '.join(head)} and {last}" if head else last


def seen_how(device: DeviceRow) -> str:
    """Return by which ways a device is known."""
    ways = [
        word
        for word, known in (
            ("listed in the register", device.in_register),
            ("seen on the network", device.on_network),
            ("sighted by a person", device.sighted),
        )
        if known
    ]
    return join(ways) or "no source recorded"


def name(device: DeviceRow) -> str:
    """Return what a device is called in a heading: brand and model, or that they are unknown."""
    label = " ".join(part for part in (device.brand, device.model) if part)
    return label or f"Unnamed {plain(device.kind) if device.kind != 'unknown' else 'device'}"


def weakness_name(record: WeaknessRecord) -> str:
    """Return the ids of a record, a long run of them by its ends."""
    ids = record.ids
    if len(ids) > MOST_IDS:
        return f"{ids[0]} to {ids[-1]} ({len(ids)} ids)"
    return ", ".join(ids)


def weakness(line: WeaknessLine) -> str:
    """Return what version facts say of a weakness; what rests on hearsay says "likely"."""
    unsure = line.record.confidence != Confidence.VERIFIED or line.base_vendor
    likely = "likely " if unsure and line.answer != Answer.CANNOT_TELL else ""
    rule = ", by the base vendor's rule for another brand's build" if line.base_vendor else ""
    return f"{likely}{plain(line.answer)}{rule}"


def exploited(record: WeaknessRecord) -> str:
    """Return whether a weakness is known to be exploited, and by the catalogue of which day."""
    if record.catalogue_on is None:
        return "whether it is exploited is not known: no catalogue was read"
    of = f"catalogue of {on_day(record.catalogue_on)}"
    if record.exploited == Known.YES and record.exploited_since:
        return f"known to be exploited, listed on {on_day(record.exploited_since)} ({of})"
    if record.exploited == Known.NO:
        return f"not listed as exploited ({of})"
    return (
        f"whether it is exploited is not known: {record.exploited_note or 'not looked for'} ({of})"
    )


def weakness_ids(device: DeviceRow, answer: str) -> tuple[str, ...]:
    """Return the ids of a device's weaknesses with an answer, most urgent first."""
    return tuple(
        each for line in device.weaknesses if line.answer == answer for each in line.record.ids
    )


def exploited_ids(device: DeviceRow) -> tuple[str, ...]:
    """Return the ids of what a device has, by its version, and is known to be exploited."""
    return tuple(
        each
        for line in device.weaknesses
        if line.answer == Answer.AFFECTED and line.record.exploited == Known.YES
        for each in line.record.ids
    )


def channels(device: DeviceRow) -> str:
    """Return how many cameras a recorder takes and has on record, or nothing for other devices."""
    if device.channels_declared is None:
        return f"{count(device.channels_seen)} seen" if device.channels_seen else ""
    declared, seen = count(device.channels_declared), count(device.channels_seen)
    return f"{declared} declared channels, {seen} seen"


def place(device: DeviceRow) -> str:
    """Return the site's name, or that it has none."""
    return device.site_name or device.site or "no known site"
