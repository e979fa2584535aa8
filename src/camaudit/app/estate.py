"""Open an estate and keep its register: bodies, sites, settings."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection

from camaudit.errors import UsageError
from camaudit.estate import Files, gather, resolve
from camaudit.model.estate import Resolution
from camaudit.model.ids import BodyId, SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Body, Site
from camaudit.model.words import BodyKind, JudgementKind, Sensitivity, Tenure, Zone
from camaudit.store import EstateStore, create_estate, open_estate

AGGREGATION_WARNING = (
    "An estate is a list of where cameras are and how weak they are. Together its rows may deserve "
    "a higher protective marking than each alone: agree the marking with your security team and "
    "set it with --marking."
)


def init(path: Path, marking: str | None, at: datetime, name: str | None = None) -> None:
    """Create an estate, readable and writable by its owner only."""
    store = create_estate(path)
    with store.writing() as connection:
        store.set(connection, "created_at", at.isoformat())
        if marking:
            store.set(connection, "marking", marking)
        if name:
            store.set(connection, "name", name)


def set_marking(store: EstateStore, marking: str) -> None:
    """Set the operator's protective marking, shown on every page and export."""
    with store.writing() as connection:
        store.set(connection, "marking", marking)


def add_bodies(
    store: EstateStore, connection: Connection, bodies: Iterable[Body], who: str, at: datetime
) -> int:
    """Lay down bodies; a body with a known id gets a new row, and the latest holds."""
    return store.add_judgements(
        connection,
        (
            Judgement(
                kind=JudgementKind.BODY, subject=b.id, body=asdict(b), who=who, recorded_at=at
            )
            for b in bodies
        ),
    )


def add_sites(
    store: EstateStore, connection: Connection, sites: Iterable[Site], who: str, at: datetime
) -> int:
    """Lay down sites; a site with a known id gets a new row, and the latest holds."""
    return store.add_judgements(
        connection,
        (
            Judgement(
                kind=JudgementKind.SITE, subject=s.id, body=_site_body(s), who=who, recorded_at=at
            )
            for s in sites
        ),
    )


def bodies_of(judgements: Sequence[Judgement]) -> dict[BodyId, Body]:
    """Return the bodies as last laid down, in order of id."""
    found = {j.subject: j.body for j in judgements if j.kind is JudgementKind.BODY}
    return {BodyId(name): _body(found[name]) for name in sorted(found)}


def sites_of(judgements: Sequence[Judgement]) -> dict[SiteId, Site]:
    """Return the sites as last laid down, in order of id."""
    found = {j.subject: j.body for j in judgements if j.kind is JudgementKind.SITE}
    return {SiteId(name): _site(found[name]) for name in sorted(found)}


def resolve_estate(
    store: EstateStore,
    connection: Connection,
    judgements: Sequence[Judgement],
    batches: Iterable[pa.RecordBatch],
    known_at: datetime | None = None,
) -> Resolution:
    """Return the devices that observations and judgements come to."""
    files = files_of(store, connection, known_at)
    sites = list(sites_of(judgements).values())
    return resolve(gather(batches), judgements, sites, files, store.secret(connection))


def files_of(store: EstateStore, connection: Connection, known_at: datetime | None = None) -> Files:
    """Return what is known of each imported file."""
    return Files(
        sites=store.artefact_sites(connection, known_at),
        listed_on=listed_on(store, connection, known_at),
    )


def listed_on(
    store: EstateStore, connection: Connection, known_at: datetime | None = None
) -> dict[str, date]:
    """Return the day on which each file was first imported, by the prefix of its subjects."""
    first: dict[str, date] = {}
    for row in store.artefacts(connection, known_at):  # oldest first
        first.setdefault(row["digest"][:8].hex(), row["imported_at"].date())
    return first


def check_network(text: str) -> None:
    """Raise ``UsageError`` unless ``text`` is a network in CIDR form."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a network such as 10.1.0.0/24: {error}") from error


def need_site(sites: dict[SiteId, Site], name: str) -> Site:
    """Return a site by id or name, or say which there are."""
    for site in sites.values():
        if name.casefold() in (site.id.casefold(), site.name.casefold()):
            return site
    known = ", ".join(list(sites)[:10]) or "none yet: import sites or use `camaudit site add`"
    raise UsageError(f"no site is called {name!r}; known: {known}")


def _site_body(site: Site) -> dict[str, Any]:
    ends = site.lease_ends
    return asdict(site) | {"lease_ends": ends.isoformat() if ends else None}


def _body(raw: Any) -> Body:
    return Body(
        id=BodyId(raw["id"]),
        name=raw["name"],
        kind=BodyKind(raw["kind"]),
        also=tuple(BodyKind(each) for each in raw.get("also", ())),
        parent=BodyId(raw["parent"]) if raw["parent"] else None,
    )


def _site(raw: Any) -> Site:
    return Site(
        id=SiteId(raw["id"]),
        name=raw["name"],
        owner=BodyId(raw["owner"]) if raw["owner"] else None,
        sensitivity=Sensitivity(raw["sensitivity"]),
        tenure=Tenure(raw["tenure"]),
        lease_ends=date.fromisoformat(ends) if (ends := raw.get("lease_ends")) else None,
        networks=tuple(raw["networks"]),
        zone=Zone(raw["zone"]) if raw["zone"] else None,
    )


__all__ = [
    "AGGREGATION_WARNING",
    "EstateStore",
    "add_bodies",
    "add_sites",
    "bodies_of",
    "check_network",
    "init",
    "listed_on",
    "need_site",
    "open_estate",
    "resolve_estate",
    "set_marking",
    "sites_of",
]
