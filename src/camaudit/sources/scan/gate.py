"""May these addresses be asked, now, by this right? Pure: records in, a grant or a refusal out.

1. Without a record nothing is asked but this machine itself (loopback). Where a site has records,
   they hold there too.
2. What is excluded stays excluded, whatever the operator names.
3. Every refusal says what is missing and which command mends it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from camaudit.errors import UsageError
from camaudit.model.observation import Site
from camaudit.model.permission import Blackout, Exclusion, Permission
from camaudit.sources.spec import Intrusiveness
from camaudit.wirekit.mac import normalise_mac

from .targets import AddressSet

_ORDER: Final = (Intrusiveness.PASSIVE, Intrusiveness.POLITE, Intrusiveness.PROBING)
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS: Final = re.compile(
    r"(?i)([a-z]{3})(?:-([a-z]{3}))?\s+([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)"
)
_LOOPBACK: Final = AddressSet.parse("127.0.0.0/8 ::1")
#: IANA special-purpose address registries (RFC 6890): what is not globally reachable.
_NOT_PUBLIC: Final = AddressSet.parse(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24"
    " 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"
    " ::/127 fc00::/7 fe80::/10 2001:db8::/32 ff00::/8"
)
_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly hours: days of the week (Monday is 0) and minutes of the day, the end not included."""

    days: frozenset[int]
    start: int
    end: int
    zone: ZoneInfo

    def holds(self, at: datetime) -> bool:
        """Tell whether an instant is within; hours that pass midnight belong to their first day."""
        local = at.astimezone(self.zone)
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        return (day in self.days and minute >= self.start) or (
            (day - 1) % 7 in self.days and minute < self.end
        )

    def is_over(self, at: datetime) -> bool:
        """Tell whether an instant is not within."""
        return not self.holds(at)


def parse_hours(text: str, zone: str) -> Hours:
    """Read ``Mon-Fri 08:00-18:00``; ``UsageError`` says what is wrong."""
    found = _HOURS.fullmatch(text.strip())
    wanted = "write a day or days and hours, such as 'Mon-Fri 08:00-18:00'"
    if found is None:
        raise UsageError(f"hours {text!r}: {wanted}")
    first, last = found[1].lower(), (found[2] or found[1]).lower()
    if first not in _DAYS or last not in _DAYS:
        raise UsageError(f"hours {text!r}: days are {', '.join(_DAYS)}; {wanted}")
    start, end = int(found[3]) * 60 + int(found[4]), int(found[5]) * 60 + int(found[6])
    if start >= _DAY_MINUTES or end > _DAY_MINUTES or start == end:
        raise UsageError(f"hours {text!r}: a day has 24 hours; {wanted}")
    try:
        place = ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(
            f"this machine knows no time zone {zone!r}; write Europe/London"
        ) from error
    at, days = _DAYS.index(first), set()
    while True:
        days.add(at)
        if at == _DAYS.index(last):
            return Hours(frozenset(days), start, end, place)
        at = (at + 1) % 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What was laid down for a site, and what the scan policy asks of its records."""

    site: Site | None
    permissions: Sequence[Permission]
    exclusions: Sequence[Exclusion]
    blackouts: Sequence[Blackout]
    two_approvers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What may be asked, and what was left out and why."""

    targets: AddressSet
    left_out: tuple[tuple[AddressSet, str], ...]
    ceiling: Intrusiveness
    #: The number and words of the record, for the journal; ``None`` for this machine alone.
    permission: str | None
    right: str | None
    #: Everything that the permission covers, targets or not; empty for this machine alone.
    covered: AddressSet
    #: What is never asked.
    excluded: AddressSet
    excluded_macs: frozenset[str]
    valid_until: datetime | None
    hours: tuple[Hours, ...] = field(repr=False)
    #: The instant at which a blackout begins or the permission ends, if one does within a week.
    pauses_at: datetime | None

    def may_search(self, segment: AddressSet) -> str | None:
        """Say why a search may not go to everybody on a segment; ``None`` where it may.

        A group reaches all of them, also those that nobody permitted or that are never asked.
        """
        if not segment - _LOOPBACK:
            return None if not segment & self.excluded else "an excluded device is on the segment"
        if segment & self.excluded or self.excluded_macs:
            return "an excluded device is, or may be, on the segment"
        if segment - self.covered:
            return "the segment reaches beyond the networks of the permission"
        return None

    def refusal(self, address: str, mac: str | None, at: datetime) -> str | None:
        """Say why a device may not be asked at an instant; ``None`` where it may."""
        if mac is not None and mac in self.excluded_macs:
            return "its hardware address is excluded"
        if address in self.excluded:
            return "it is excluded"
        if self.pauses_at is not None and at >= self.pauses_at:
            return "a blackout has begun, or the permission has ended"
        return None


def grant(rules: Rules, targets: AddressSet, ceiling: Intrusiveness, at: datetime) -> Grant:
    """Return what may be asked of ``targets``; ``UsageError`` where nothing may."""
    excluded, macs = _excluded(rules.exclusions)
    hours = tuple(parse_hours(b.hours, b.zone) for b in rules.blackouts)
    left_out: list[tuple[AddressSet, str]] = []

    def leave_out(what: AddressSet, reason: str) -> None:
        if what:
            left_out.append((what, reason))

    leave_out(targets & excluded, "excluded at this site")
    wanted = targets - excluded
    here = wanted & _LOOPBACK
    record, covered = None, AddressSet()
    if wanted - _LOOPBACK or (wanted and rules.permissions):
        record = _record(rules, ceiling, at)
        covered = _covered(record, rules.site)
        leave_out(wanted - _LOOPBACK - covered, "outside the networks of the permission")
        wanted = (wanted & covered) | here
        public = wanted - _NOT_PUBLIC - AddressSet.parse(" ".join(record.public))
        leave_out(public, "public, and not named by the permission (--public)")
        wanted = wanted - public
    _not_in_blackout(rules.blackouts, hours, at)
    if not wanted:
        why = "; ".join(f"{what.text()[:80]} is {reason}" for what, reason in left_out)
        raise UsageError(f"nothing is left to scan: {why or 'no address was named'}")
    ends = _end_of(record)
    return Grant(
        targets=wanted,
        left_out=tuple(left_out),
        ceiling=ceiling,
        permission=_words(record) if record else None,
        right=record.right.value if record else None,
        covered=covered,
        excluded=excluded,
        excluded_macs=macs,
        valid_until=ends,
        hours=hours,
        pauses_at=_next(hours, at, ends),
    )


def _record(rules: Rules, ceiling: Intrusiveness, at: datetime) -> Permission:
    """Return the record that allows most; or say what is wrong with each."""
    if rules.site is None:
        raise UsageError("scanning a network needs a site with a permission: name it with --site")
    mend = (
        f"camaudit site permit {rules.site.id} --by WHO --right owner --until DATE "
        f"--ceiling {ceiling.value}"
    )
    if not rules.permissions:
        raise UsageError(
            f"nobody has permitted a scan of site {rules.site.id}; record who does: {mend}"
        )
    refusals = []
    for record in sorted(rules.permissions, key=lambda each: -each.number):
        refusal = _refused(rules, record, ceiling, at)
        if refusal is None:
            return record
        refusals.append(f"permission {record.number} {refusal}")
    raise UsageError(f"{'; '.join(refusals)}. Record a new one: {mend}")


def _refused(rules: Rules, record: Permission, ceiling: Intrusiveness, at: datetime) -> str | None:
    day = at.date()
    if day < record.valid_from:
        return f"begins on {record.valid_from}"
    if day > record.valid_until:
        return f"ended on {record.valid_until}"
    if _ORDER.index(ceiling) > _ORDER.index(Intrusiveness(record.ceiling)):
        return f"allows {record.ceiling} questions only, and this scan would ask {ceiling.value}"
    people = {name.strip().casefold() for name in (record.by, *record.approvers)}
    if rules.two_approvers and len(people) < 2:
        return "has one approver, and the scan policy asks for two at such a site (--approver)"
    return None


def _covered(record: Permission, site: Site | None) -> AddressSet:
    networks = record.networks or (site.networks if site else ())
    return AddressSet.parse(" ".join((*networks, *record.public)))


def _excluded(exclusions: Iterable[Exclusion]) -> tuple[AddressSet, frozenset[str]]:
    networks, macs = [], set()
    for each in exclusions:
        mac = normalise_mac(each.what)
        if mac is not None:
            macs.add(mac)
        else:
            networks.append(each.what)
    return AddressSet.parse(" ".join(networks)), frozenset(macs)


def _not_in_blackout(blackouts: Sequence[Blackout], hours: Sequence[Hours], at: datetime) -> None:
    for blackout, each in zip(blackouts, hours, strict=True):
        if each.holds(at):
            until = _first(at, each.is_over)
            raise UsageError(
                f"a blackout holds at this site now ({blackout.hours} {blackout.zone}: "
                f"{blackout.reason}); it ends at {until:%Y-%m-%d %H:%M} UTC"
            )


def _next(hours: Sequence[Hours], at: datetime, ends: datetime | None) -> datetime | None:
    begins = _first(at, lambda later: any(each.holds(later) for each in hours)) if hours else None
    return min((each for each in (begins, ends) if each is not None), default=None)


def _first(at: datetime, holds: Callable[[datetime], bool]) -> datetime | None:
    """Return the first full minute of the coming eight days at which something holds."""
    minute = at.replace(second=0, microsecond=0)
    for _ in range(8 * _DAY_MINUTES):
        minute += timedelta(minutes=1)
        if holds(minute):
            return minute
    return None


def _end_of(record: Permission | None) -> datetime | None:
    if record is None:
        return None
    day = record.valid_until + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _words(record: Permission) -> str:
    reference = f", {record.reference}" if record.reference else ""
    people = " and ".join((record.by, *record.approvers))
    return f"permission {record.number} by {people}{reference}, until {record.valid_until}"
