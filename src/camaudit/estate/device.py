"""Put together one device from its subjects and the judgements about it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from camaudit.model.estate import Device, Quantity, Role, StateChange
from camaudit.model.ids import DeviceId, SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Interval, Site
from camaudit.model.words import DeviceState, JudgementKind, Zone

from .capacity import channels_declared
from .keys import swap_remarks
from .places import Places
from .subjects import Subject, parse_interval

#: The register's words for where in its life a device is; others are kept as a remark.
_STATUS: Final = (
    (re.compile(r"dispos|scrap|destroy|recycl"), DeviceState.DISPOSED),
    (re.compile(r"remov|decommission|taken down|withdrawn"), DeviceState.REMOVED),
    (re.compile(r"\bstor(e|ed|age)\b|spare|\bstock|shelf"), DeviceState.IN_STORAGE),
    (re.compile(r"disconnect|unplug|isolated from|switched off"), DeviceState.DISCONNECTED),
    (re.compile(r"seen again|found again"), DeviceState.SEEN_AGAIN),
    (
        re.compile(r"\b(in (use|service)|active|live|operational|installed|working)\b"),
        DeviceState.IN_SERVICE,
    ),
)
#: Words before a status that turn it round or put it off, and words after it that put it off:
#: "not in use", "to be removed", "disposal pending". Such a status is not understood.
_NOT: Final = re.compile(
    r"\b(not|no|non|never|out of|to|be|for|will|should|due|pending|await\w*|plan\w*|propos\w*"
    r"|schedul\w*|request\w*)\b"
)
_NOT_YET: Final = re.compile(r"\b(due|pending|await\w*|plan\w*|propos\w*|schedul\w*|request\w*)\b")
#: Who says what stands in a register.
REGISTER: Final = "register"
_QUANTITY: Final = re.compile(r"(~?)\s*(\d{1,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorders:
    """Which devices bear an asset id and at which site, and ids that went over to another one."""

    by_asset: Mapping[str, Mapping[DeviceId, SiteId | None]]
    absorbed: Mapping[DeviceId, DeviceId]

    def find(self, asset: str, site: SiteId | None) -> tuple[DeviceId, ...]:
        """Return the devices that an asset id names: those at the site, if there are any."""
        found = self.by_asset.get(asset.casefold(), {})
        here = tuple(device for device, where in found.items() if where == site)
        return here or tuple(found)


def build_device(
    name: DeviceId,
    members: Sequence[Subject],
    anchors: tuple[str, ...],
    places: Places,
    judgements: Sequence[Judgement],
    recorders: Recorders,
    doubts: Sequence[str] = (),
) -> Device:
    """Merge subjects into a device; where they differ, what was seen outranks what was written.

    ``doubts``: remarks on what it is recognised by.
    """
    remarks: list[str] = [*doubts]
    site, site_text = _site(members, places, remarks)
    states = _states(members, judgements, places.files.listed_on, remarks)
    seen = [s.first_seen for s in members if s.first_seen]
    last = [s.last_seen for s in members if s.last_seen]
    recorder, channel = _parent(name, site, members, judgements, recorders, remarks)
    return Device(
        id=name,
        subjects=tuple(s.name for s in members),
        anchors=anchors,
        site=site,
        site_text=site_text,
        addresses=_all([s.addresses for s in members]),
        macs=_all([s.macs for s in members]),
        asset_ids=_all([s.asset_ids for s in members]),
        location=next(iter(_all([s.locations + s.places for s in members])), None),
        recorder=recorder,
        channel=channel,
        zone=_zone(members, places.sites.get(site) if site else None, remarks),
        networked=_networked(members),
        quantity=_quantity(members),
        roles=_roles(members, judgements),
        states=states,
        installed=_interval(members, "installed", remarks),
        invoiced=_interval(members, "invoiced", remarks),
        first_seen=min(seen, default=None),
        last_seen=max(last, default=None),
        in_register=any(s.in_register for s in members),
        on_network=any(s.on_network for s in members),
        sighted=any(s.sighted for s in members),
        channels_declared=channels_declared(members),
        remarks=(*remarks, *swap_remarks(members)),
    )


def site_of_members(members: Sequence[Subject], places: Places) -> SiteId | None:
    """Return the site of a device: of several, the first by name."""
    return min((site for s in members if (site := places.site_of(s))), default=None)


def _all(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(lists) == 1:  # nearly always; a subject holds no value twice
        return lists[0]
    return tuple(dict.fromkeys(value for values in lists for value in values))


def _site(
    members: Sequence[Subject], places: Places, remarks: list[str]
) -> tuple[SiteId | None, str | None]:
    known = {site for s in members if (site := places.site_of(s))}
    written = sorted({text for s in members if (text := places.written(s))})
    if len(known) > 1:
        remarks.append(f"is said to be at several sites: {', '.join(sorted(known))}")
    if known:
        return site_of_members(members, places), None
    if written:
        places.note_unknown(written[0])
    return None, written[0] if written else None


def _states(
    members: Sequence[Subject],
    judgements: Sequence[Judgement],
    listed_on: Mapping[str, date],
    remarks: list[str],
) -> tuple[StateChange, ...]:
    changes = [
        StateChange(
            state=DeviceState(j.body["state"]),
            on=date.fromisoformat(j.body["on"]),
            who=j.who,
            evidence=j.body["evidence"],
        )
        for j in judgements
        if j.kind is JudgementKind.STATE
    ]
    for subject in members:
        for status in subject.statuses:
            state = _state(status.casefold())
            if state is None:
                remarks.append(f"the register's status “{status}” is not understood")
            elif state is not DeviceState.IN_SERVICE:
                # a status without a date holds from when we know it, and says nothing of before
                known = listed_on.get(subject.file, date.min)
                on = subject.last_seen.date() if subject.last_seen else known
                changes.append(
                    StateChange(state=state, on=on, who=REGISTER, evidence=f"status “{status}”")
                )
    # of one day, what a person recorded comes last, so that it holds
    return tuple(sorted(changes, key=lambda change: (change.on, change.who != REGISTER)))


def _state(status: str) -> DeviceState | None:
    for pattern, state in _STATUS:
        found = pattern.search(status)
        if (
            found
            and not _NOT.search(status, 0, found.start())
            and not _NOT_YET.search(status, found.end())
        ):
            return state
    return None


def _zone(members: Sequence[Subject], site: Site | None, remarks: list[str]) -> Zone | None:
    words = [zone.casefold() for s in members for zone in s.zones]
    zones = sorted({Zone(word) for word in words if word in tuple(Zone)})
    if len(zones) > 1:
        remarks.append(f"is declared on several networks: {', '.join(zones)}")
    if Zone.CORE in zones:
        return Zone.CORE
    return zones[0] if zones else (site.zone if site else None)


def _networked(members: Sequence[Subject]) -> bool | None:
    if any(s.on_network or s.addresses for s in members):
        return True
    words = {word.casefold() for s in members for word in s.networked}
    if words:
        return "yes" in words
    return None


def _quantity(members: Sequence[Subject]) -> Quantity:
    for subject in members:
        for text in subject.quantities:
            found = _QUANTITY.fullmatch(text)
            if found and int(found[2]) > 0:
                return Quantity(units=int(found[2]), approximate=bool(found[1]))
    return Quantity()


def _roles(members: Sequence[Subject], judgements: Sequence[Judgement]) -> tuple[Role, ...]:
    roles = [
        Role(role=role, of=name, on=None, who=REGISTER)
        for role, attribute in (
            ("owner", "owners"),
            ("operator", "operators"),
            ("maintainer", "maintainers"),
        )
        for subject in members
        for name in getattr(subject, attribute)
    ]
    for judgement in judgements:
        if judgement.kind is JudgementKind.ROLE:
            on = judgement.body.get("on")
            roles.append(
                Role(
                    role=judgement.body["role"],
                    of=judgement.body["of"],
                    on=date.fromisoformat(on) if on else None,
                    who=judgement.who,
                )
            )
    return tuple(dict.fromkeys(roles))


def _interval(members: Sequence[Subject], attribute: str, remarks: list[str]) -> Interval | None:
    found: dict[Interval, None] = {}
    for subject in members:
        for text in getattr(subject, attribute):
            interval = parse_interval(text)
            if interval is None:
                remarks.append(f"the date “{text}” is not understood")
            else:
                found[interval] = None
    if len(found) > 1:
        remarks.append(f"has several dates for {attribute}; the widest span is used")
    if not found:
        return None
    return Interval(
        not_before=min((i.not_before for i in found if i.not_before), default=None),
        not_after=max((i.not_after for i in found if i.not_after), default=None),
    )


def _parent(
    name: DeviceId,
    site: SiteId | None,
    members: Sequence[Subject],
    judgements: Sequence[Judgement],
    recorders: Recorders,
    remarks: list[str],
) -> tuple[DeviceId | None, str | None]:
    channel = next((c for s in members for c in s.channels), None)
    recorder: DeviceId | None = None
    for text in _all([s.recorders for s in members]):
        found = recorders.find(text, site)
        if len(found) == 1:
            recorder = recorder or found[0]
        else:
            fits = f"fits {len(found)} devices" if found else "is not in the estate"
            remarks.append(f"its recorder “{text}” {fits}")
    for judgement in judgements:
        if judgement.kind is JudgementKind.PARENT:
            recorder = DeviceId(judgement.body["recorder"])
            channel = judgement.body.get("channel") or channel
    if recorder is not None:
        recorder = recorders.absorbed.get(recorder, recorder)
    return (None if recorder == name else recorder), channel
