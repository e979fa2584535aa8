"""Profiles of expected flows: from what devices were seen to do, and held against it later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from camaudit.errors import SourceError, UsageError
from camaudit.isolation.mud import check, derive
from camaudit.isolation.mud_file import read_mud, write_mud
from camaudit.model.isolation import Destination
from camaudit.model.mud import DriftReport, MudProfile
from camaudit.model.verification import Verification, Verified

#: Ours. A profile of a device has a few dozen rules.
MAX_FILE_BYTES: Final = 1 << 20
#: What a device that stays may not be expected to do.
OUTWARD: Final = frozenset(
    {Destination.MAKER_CLOUD, Destination.P2P_RELAY, Destination.UNKNOWN_EXTERNAL}
)


def chosen(found: Verification, names: tuple[str, ...]) -> list[Verified]:
    """Return the devices that go by these names (id, MAC, address or label); all without names."""
    if not names:
        return list(found.devices)
    wanted = {each.casefold() for each in names}
    result = [
        each
        for each in found.devices
        if wanted & {word.casefold() for word in (each.id, each.name, *each.macs, *each.addresses)}
    ]
    if not result:
        known = ", ".join(each.id for each in found.devices[:10]) or "none was seen"
        raise UsageError(f"no device of the watch goes by {', '.join(names)}; there are: {known}")
    return result


def expected(
    devices: list[Verified], url: str, at: datetime, *, without_outward: bool
) -> tuple[MudProfile, int]:
    """Return the profile of all that the devices did, and how many contacts were not listed.

    What a device says to groups and to everybody is never answered and is expected all the same.
    """
    contacts = [contact for each in devices for contact in each.isolation.contacts]
    contacts += [
        attempt
        for each in devices
        for attempt in each.isolation.attempts
        if attempt.outbound and attempt.destination is Destination.SAME_ZONE
    ]
    profile = derive(
        contacts,
        url=url,
        at=at,
        leave_out=OUTWARD if without_outward else frozenset(),
        systeminfo=", ".join(sorted({each.name for each in devices}))[:60],
    )
    return profile, sum(each.isolation.unlisted for each in devices)


def write(profile: MudProfile) -> bytes:
    """Return a profile as a MUD file (RFC 8520)."""
    return write_mud(profile)


def read(place: Path) -> MudProfile:
    """Read a MUD file; ``SourceError`` names the file and what in it is wrong."""
    with place.open("rb") as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise SourceError(f"{place}: is larger than {MAX_FILE_BYTES >> 20} MiB: no MUD file")
    try:
        return read_mud(data)
    except SourceError as error:
        raise SourceError(f"{place}: {error}") from error


def drift(profile: MudProfile, device: Verified) -> DriftReport:
    """Hold what a device did, and tried, against a profile."""
    isolation = device.isolation
    return check(profile, (*isolation.contacts, *isolation.attempts))
