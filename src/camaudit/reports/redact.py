"""Leave out of a snapshot what its readers may not have, before any report is built from it.

1. What people typed and devices sent (locations, remarks, quoted values, evidence of a state) may
   hold anything, so any redaction takes all of it away.
2. Sites and bodies keep an opaque label each, so that rows can still be told apart and counted.
3. Device ids stay: they are what the office looks a device up by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from camaudit.errors import UsageError
from camaudit.model.snapshot import DeviceRow, Figure, SiteRow, Snapshot, VerdictLine

from .phrases import probability
from .scrub import REDACTED, Scrubber

SITES: Final = "sites"
ADDRESSES: Final = "addresses"
SERIALS: Final = "serials"
PEOPLE: Final = "people"
CATEGORIES: Final = (SITES, ADDRESSES, SERIALS, PEOPLE)

#: Signals named in the sentence that says who likely produced a device.
_REASONS_IN_SENTENCE: Final = 2


def redact(snapshot: Snapshot, what: Collection[str]) -> Snapshot:
    """Return the snapshot without ``what``, some of ``sites addresses serials people``.

    Raises:
        UsageError: a category is not one of these.
    """
    insist_known(what)
    return _Redaction(snapshot, frozenset(what)).snapshot() if what else snapshot


def insist_known(what: Collection[str]) -> None:
    """Raise ``UsageError`` where something is to be redacted that is no category."""
    if unknown := sorted(set(what) - set(CATEGORIES)):
        raise UsageError(
            f"cannot redact {', '.join(unknown)}: choose among {', '.join(CATEGORIES)}"
        )


def numbered(names: Iterable[str], word: str) -> dict[str, str]:
    """Return an opaque label for each name, numbered in the order of the names."""
    return {name: f"{word} {number}" for number, name in enumerate(sorted(names), 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Labels:
    """Opaque names, numbered in the order of the real ones."""

    sites: dict[str, str]
    unlisted: dict[str, str]
    bodies: dict[str, str]


class _Redaction:
    def __init__(self, snapshot: Snapshot, what: frozenset[str]) -> None:
        self._snapshot = snapshot
        self._what = what
        self._labels = _labels(snapshot)
        self._ids = frozenset(device.id for device in snapshot.devices)
        self._scrubber = Scrubber(_secrets(snapshot, what), addresses=ADDRESSES in what)

    def snapshot(self) -> Snapshot:
        old, text = self._snapshot, self._scrubber.text
        return replace(
            old,
            estate=REDACTED if {SITES, PEOPLE} & self._what else text(old.estate),
            figures=tuple(map(self._figure, old.figures)),
            unknowns=tuple(map(self._figure, old.unknowns)),
            weakness_figures=tuple(map(self._figure, old.weakness_figures)),
            questions=tuple(
                replace(each, question=text(each.question), obtain=text(each.obtain))
                for each in old.questions
            ),
            sites=tuple(map(self._site, old.sites)),
            devices=tuple(map(self._device, old.devices)),
            redacted=tuple(sorted({*old.redacted, *self._what})),
        )

    def _figure(self, figure: Figure) -> Figure:
        return replace(figure, note=self._scrubber.text(figure.note))

    def _site(self, site: SiteRow) -> SiteRow:
        if SITES not in self._what:
            return site
        label = self._labels.sites[site.id]
        return replace(
            site,
            id=label,
            name=label,
            owner=self._labels.bodies[site.owner] if site.owner else None,
        )

    def _device(self, device: DeviceRow) -> DeviceRow:
        own = tuple(_own(device, self._what))
        text = self._scrubber.text
        recorder = device.recorder if device.recorder in self._ids else None
        changed = replace(
            device,
            location=None,
            remarks=(),
            reasons=tuple(replace(each, seen="") for each in device.reasons),
            sentence=text(_sentence(device), *own),
            conflicts=tuple(text(each, *own) for each in device.conflicts),
            brand=text(device.brand, *own) if device.brand else None,
            model=text(device.model, *own) if device.model else None,
            installed=text(device.installed, *own),
            dating=tuple(text(each, *own) for each in device.dating),
            people=tuple((role, text(who, *own)) for role, who in device.people),
            history=tuple((state, on, text(who, *own), "") for state, on, who, _ in device.history),
            verdicts=tuple(self._verdict(line, own) for line in device.verdicts),
            recorder=recorder,
            weaknesses=tuple(
                replace(each, reason=text(each.reason, *own)) for each in device.weaknesses
            ),
        )
        return self._people(self._hardware(self._place(changed)))

    def _verdict(self, line: VerdictLine, own: tuple[str, ...]) -> VerdictLine:
        text = self._scrubber.text
        return replace(
            line,
            sentence=text(line.sentence, *own),
            gaps=tuple(text(gap, *own) for gap in line.gaps),
        )

    def _place(self, device: DeviceRow) -> DeviceRow:
        if SITES not in self._what:
            return device
        bodies = self._labels.bodies
        site = self._labels.sites[device.site] if device.site else None
        name = site or self._labels.unlisted.get(device.site_name or "")
        return replace(
            device,
            site=site,
            site_name=name,
            body=bodies[device.body] if device.body else None,
            people=tuple((role, REDACTED) for role, _ in device.people),
        )

    def _hardware(self, device: DeviceRow) -> DeviceRow:
        if ADDRESSES in self._what:
            device = replace(device, addresses=(), macs=())
        if SERIALS in self._what:
            # A sentence on dates may quote a serial, or say which devices share one.
            device = replace(device, serial=None, asset_ids=(), dating=())
        return device

    def _people(self, device: DeviceRow) -> DeviceRow:
        if PEOPLE not in self._what:
            return device
        history = tuple((state, on, "", evidence) for state, on, _, evidence in device.history)
        return replace(device, people=(), history=history)


def _sentence(device: DeviceRow) -> str:
    """Say who likely produced a device from what the pack says of its signals, quoting nothing."""
    if device.maker is None or device.maker_confidence is None:
        return "Who produced it cannot be told."
    texts = dict.fromkeys(
        reason.text.rstrip(".") for reason in device.reasons if reason.maker is not None
    )
    why = "; ".join(text[:1].lower() + text[1:] for text in [*texts][:_REASONS_IN_SENTENCE])
    name = device.maker_name or device.maker
    return f"Likely produced by {name} ({probability(device.maker_confidence)})" + (
        f", because {why}." if why else "."
    )


def _labels(snapshot: Snapshot) -> _Labels:
    devices = snapshot.devices
    sites = {site.id for site in snapshot.sites} | {d.site for d in devices if d.site}
    unlisted = {d.site_name for d in devices if d.site_name and not d.site}
    bodies = {site.owner for site in snapshot.sites if site.owner}
    bodies |= {d.body for d in devices if d.body}
    return _Labels(
        sites=numbered(sites, "site"),
        unlisted=numbered(unlisted, "unlisted site"),
        bodies=numbered(bodies, "body"),
    )


def _secrets(snapshot: Snapshot, what: frozenset[str]) -> Iterable[str]:
    if SITES in what:
        for site in snapshot.sites:
            yield from (site.id, site.name, site.owner or "")
    for device in snapshot.devices:
        yield from _own(device, what)


def _own(device: DeviceRow, what: frozenset[str]) -> Iterable[str]:
    if SITES in what:
        yield from (device.site or "", device.site_name or "", device.body or "")
    if ADDRESSES in what:
        yield from (*device.addresses, *device.macs)
    if SERIALS in what:
        yield from (device.serial or "", *device.asset_ids)
    if PEOPLE in what:
        names = [who for _, who in device.people] + [who for _, _, who, _ in device.history]
        # A bare lower-case word ("register") is a role or a source, and stands in other sentences.
        yield from (name for name in names if not (name.isalpha() and name.islower()))
