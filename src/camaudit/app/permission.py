"""Lay down, list and withdraw who may be scanned, when, and what never."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from camaudit.errors import UsageError
from camaudit.model.ids import SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Site
from camaudit.model.permission import (
    Blackout,
    CapturePermission,
    Exclusion,
    ExclusionReason,
    Permission,
    Right,
)
from camaudit.model.words import JudgementKind
from camaudit.packs.scan_policy import ScanPolicy
from camaudit.sources.scan.gate import Grant, Rules, grant, parse_hours
from camaudit.sources.scan.targets import AddressSet
from camaudit.sources.spec import Intrusiveness
from camaudit.store import EstateStore
from camaudit.wirekit.mac import normalise_mac

RecordT = TypeVar("RecordT", Permission, Exclusion, Blackout, CapturePermission)
_KINDS = {
    Permission: JudgementKind.PERMISSION,
    Exclusion: JudgementKind.EXCLUSION,
    Blackout: JudgementKind.BLACKOUT,
    CapturePermission: JudgementKind.CAPTURE_PERMISSION,
}


def permit(
    store: EstateStore, record: Permission, policy: ScanPolicy, who: str, at: datetime
) -> int:
    """Record a permission; return its number."""
    _check_days(record, policy)
    for network in (*record.networks, *record.public):
        _check_network(network)
    return _add(store, record, who, at)


def exclude(store: EstateStore, record: Exclusion, who: str, at: datetime) -> int:
    """Record an exclusion; return its number."""
    if normalise_mac(record.what) is None:
        _check_network(record.what)
    return _add(store, record, who, at)


def black_out(store: EstateStore, record: Blackout, who: str, at: datetime) -> int:
    """Record hours in which nothing is asked; return the record's number."""
    parse_hours(record.hours, record.zone)
    return _add(store, record, who, at)


def permit_capture(
    store: EstateStore, record: CapturePermission, policy: ScanPolicy, who: str, at: datetime
) -> int:
    """Record that traffic may be recorded; return the record's number."""
    if not record.lawful_basis.strip():
        raise UsageError("a capture holds people's data: name the lawful basis")
    _check_days(record, policy)
    return _add(store, record, who, at)


def capture_allowed(
    judgements: Sequence[Judgement], site: SiteId, interface: str, on: date
) -> CapturePermission:
    """Return the permission under which an interface may be listened to on a day."""
    found = records(judgements, site, CapturePermission)
    for record in found:
        named = not record.interfaces or interface in record.interfaces
        if named and record.valid_from <= on <= record.valid_until:
            return record
    ended = [each for each in found if each.valid_until < on]
    why = f"the last one ended on {ended[-1].valid_until}" if ended else "nobody has permitted it"
    raise UsageError(
        f"traffic of site {site} may not be recorded on {interface} today: {why}; "
        f"see `camaudit site permit-capture --help`"
    )


def withdraw(
    store: EstateStore, site: SiteId, number: int, reason: str, who: str, at: datetime
) -> None:
    """Withdraw a record of a site; what was done under it stays as it was."""
    with store.writing() as connection:
        judgements = store.judgements(connection)
        numbers = {r.number for kind in _KINDS for r in records(judgements, site, kind)}
        if number not in numbers:
            known = ", ".join(map(str, sorted(numbers))) or "none"
            raise UsageError(f"site {site} has no record {number}; there are: {known}")
        body = {"seq": number, "reason": reason}
        _put(store, connection, JudgementKind.WITHDRAWAL, site, body, who, at)


def records(
    judgements: Sequence[Judgement], site: SiteId, kind: type[RecordT]
) -> tuple[RecordT, ...]:
    """Return the records of one kind that stand for a site, in order of number."""
    gone = {j.body["seq"] for j in judgements if j.kind is JudgementKind.WITHDRAWAL}
    return tuple(
        _record(j, kind)
        for j in judgements
        if j.kind is _KINDS[kind] and j.subject == site and j.seq not in gone
    )


def grant_scan(
    judgements: Sequence[Judgement],
    site: Site | None,
    targets: AddressSet,
    ceiling: Intrusiveness,
    policy: ScanPolicy,
    at: datetime,
) -> Grant:
    """Return what may be asked now; ``UsageError`` says what is missing."""

    def of_site(kind: type[RecordT]) -> tuple[RecordT, ...]:
        return records(judgements, site.id, kind) if site else ()

    rules = Rules(
        site=site,
        permissions=of_site(Permission),
        exclusions=of_site(Exclusion),
        blackouts=of_site(Blackout),
        two_approvers=site is not None and site.sensitivity in policy.two_approvers,
    )
    return grant(rules, targets, ceiling, at)


def _add(store: EstateStore, record: RecordT, who: str, at: datetime) -> int:
    body = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(record).items()
        if name not in ("number", "site")
    }
    with store.writing() as connection:
        kind = _KINDS[type(record)]
        _put(store, connection, kind, record.site, body, who, at)
        return max(j.seq for j in store.judgements(connection) if j.kind is kind)


def _check_days(record: Permission | CapturePermission, policy: ScanPolicy) -> None:
    if record.valid_until < record.valid_from:
        raise UsageError(f"it would end on {record.valid_until}, before {record.valid_from}")
    if (record.valid_until - record.valid_from).days > policy.longest_days:
        raise UsageError(
            f"a permission holds for at most {policy.longest_days} days by the scan policy; "
            "choose an earlier --until and renew it then"
        )


def _put(
    store: EstateStore,
    connection: Connection,
    kind: JudgementKind,
    site: str,
    body: dict[str, Any],
    who: str,
    at: datetime,
) -> None:
    judgement = Judgement(kind=kind, subject=site, body=body, who=who, recorded_at=at)
    store.add_judgements(connection, [judgement])


def _record(judgement: Judgement, kind: type[RecordT]) -> RecordT:
    values: dict[str, Any] = {
        "number": judgement.seq,
        "site": SiteId(judgement.subject),
        **judgement.body,
    }
    if kind is Permission:
        values["right"] = Right(values["right"])
    if kind in (Permission, CapturePermission):
        for name in ("valid_from", "valid_until"):
            values[name] = date.fromisoformat(values[name])
    if kind is Exclusion:
        values["reason"] = ExclusionReason(values["reason"])
    for name in ("approvers", "networks", "public", "interfaces"):
        if name in values:
            values[name] = tuple(values[name])
    return kind(**{each.name: values[each.name] for each in fields(kind)})


def _check_network(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise UsageError(f"{text!r} is no address or network such as 192.0.2.0/24") from error
