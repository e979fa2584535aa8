"""What the operator declares of a site's networks, and which watch shall count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from camaudit.isolation import read_zones
from camaudit.model.ids import SiteId
from camaudit.model.isolation import WatchProfile, Zones
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Site
from camaudit.model.words import JudgementKind, Zone
from camaudit.store import EstateStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Networks, the watch that shall count, and interfaces of devices that no sensor sees."""

    zones: Zones = field(default_factory=Zones)
    profile: WatchProfile = field(default_factory=WatchProfile)
    unwatched: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def hosts(self) -> frozenset[str]:
        """Return the single addresses that a judgement needs, whoever they belong to."""
        named = (*self.zones.recorders.values(), *self.zones.jump_hosts.values())
        found = {each for entries in named for each in entries if "/" not in each}
        if self.profile.sentinel:
            found.add(self.profile.sentinel)
        return frozenset(found)

    def networks(self) -> tuple[str, ...]:
        """Return every network that was given a place."""
        zones = self.zones
        named = (*zones.site.values(), *zones.other_sites.values())
        return (*zones.core, *(each for entries in named for each in entries))


def declare(
    store: EstateStore, site: SiteId, declaration: Declaration, who: str, at: datetime
) -> None:
    """Lay a declaration down; ``UsageError`` says what in it is no network."""
    read_zones(declaration.zones)
    profile = asdict(declaration.profile)
    profile["longest_silence"] = declaration.profile.longest_silence.total_seconds()
    body = {
        "zones": asdict(declaration.zones),
        "profile": profile,
        "unwatched": dict(declaration.unwatched),
    }
    with store.writing() as connection:
        store.add_judgements(
            connection,
            [Judgement(kind=JudgementKind.ZONES, subject=site, body=body, who=who, recorded_at=at)],
        )


def declared(judgements: Sequence[Judgement], site: SiteId) -> Declaration:
    """Return what was last declared for a site; empty where nothing was."""
    found = [j for j in judgements if j.kind is JudgementKind.ZONES and j.subject == site]
    return _declaration(found[-1].body) if found else Declaration()


def completed(
    declaration: Declaration, sites: Mapping[SiteId, Site], site: SiteId | None
) -> Declaration:
    """Return a declaration with what the register of sites says besides.

    Networks of sites that are declared to be core count as core. The site's own networks are one
    zone by its id unless zones are declared; those of other sites are other sites.
    """
    zones = declaration.zones
    core = set(zones.core)
    others = {name: set(entries) for name, entries in zones.other_sites.items()}
    own = {name: tuple(entries) for name, entries in zones.site.items()}
    for each in sites.values():
        if each.zone is Zone.CORE:
            core.update(each.networks)
        elif each.id == site:
            if not own and each.networks:
                own = {each.id: each.networks}
        elif each.networks:
            others.setdefault(each.id, set()).update(each.networks)
    mine = core.union(*own.values())
    found = replace(
        zones,
        core=tuple(sorted(core)),
        site={name: tuple(n for n in entries if n not in core) for name, entries in own.items()},
        other_sites={name: tuple(sorted(e - mine)) for name, e in others.items() if e - mine},
    )
    return replace(declaration, zones=found)


def _declaration(body: Mapping[str, Any]) -> Declaration:
    zones = {name: _tuples(value) for name, value in body["zones"].items()}
    profile = dict(body["profile"])
    profile["longest_silence"] = timedelta(seconds=profile["longest_silence"])
    profile["interfaces"] = tuple(profile["interfaces"])
    return Declaration(
        zones=Zones(**zones),
        profile=WatchProfile(**profile),
        unwatched={device: tuple(each) for device, each in body["unwatched"].items()},
    )


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: tuple(entries) for name, entries in value.items()}
    return tuple(value)
