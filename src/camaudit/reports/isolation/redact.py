"""Leave out of a verification what a reader must not see."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

from camaudit.model.isolation import Contact, Isolation
from camaudit.model.verification import Verification, Verified
from camaudit.reports.scrub import REDACTED, Scrubber


def redact(found: Verification, categories: AbstractSet[str]) -> Verification:
    """Return the verification without ``addresses`` (and host names), ``sites``, ``serials``.

    Labels of devices hold asset ids and places: they go with serials and with sites. Nobody is
    named in a verification, so ``people`` changes nothing.
    """
    if not categories:
        return found
    addresses = "addresses" in categories
    unnamed = bool(categories & {"serials", "sites"})
    scrub = Scrubber(_secrets(found) if addresses else (), addresses=addresses)
    return replace(
        found,
        site=REDACTED if found.site and "sites" in categories else found.site,
        devices=tuple(
            _device(each, scrub, addresses=addresses, unnamed=unnamed) for each in found.devices
        ),
        not_seen=tuple(
            (name, REDACTED if unnamed else scrub.text(label)) for name, label in found.not_seen
        ),
        sources=tuple(
            replace(each, name=REDACTED if unnamed or addresses else each.name)
            for each in found.sources
        ),
        core=tuple(REDACTED for _ in found.core) if addresses else found.core,
        profile=replace(
            found.profile,
            sentinel=REDACTED if addresses and found.profile.sentinel else found.profile.sentinel,
            vantage=REDACTED if found.profile.vantage and unnamed else found.profile.vantage,
        ),
        vantage=REDACTED if found.vantage and unnamed else found.vantage,
        redacted=tuple(sorted(categories)),
    )


def _secrets(found: Verification) -> set[str]:
    """Return every host name: addresses are recognised by their shape."""
    contacts = [
        contact
        for each in found.devices
        for contact in (*each.isolation.contacts, *each.isolation.attempts)
    ]
    asked = {name.name for each in found.devices for name in each.isolation.asked}
    return {name for contact in contacts for name in contact.names} | asked


def _device(device: Verified, scrub: Scrubber, *, addresses: bool, unnamed: bool) -> Verified:
    isolation = _isolation(device.isolation, scrub) if addresses else device.isolation
    if unnamed and isolation.coverage.vantage:
        coverage = replace(isolation.coverage, vantage=REDACTED)
        isolation = replace(isolation, coverage=coverage)
    return replace(
        device,
        # an ad-hoc device is known by its hardware address only
        id=scrub.text(device.id),
        name=REDACTED if unnamed else scrub.text(device.name),
        addresses=() if addresses else device.addresses,
        macs=() if addresses else device.macs,
        isolation=isolation,
    )


def _isolation(isolation: Isolation, scrub: Scrubber) -> Isolation:
    coverage = isolation.coverage
    return replace(
        isolation,
        device=scrub.text(isolation.device),
        because=tuple(map(scrub.text, isolation.because)),
        contacts=tuple(_contact(each, scrub) for each in isolation.contacts),
        attempts=tuple(_contact(each, scrub) for each in isolation.attempts),
        asked=tuple(replace(each, name=REDACTED) for each in isolation.asked),
        core=tuple(REDACTED for _ in isolation.core),
        not_looked_at=tuple(map(scrub.text, isolation.not_looked_at)),
        coverage=replace(
            coverage,
            gaps=tuple(replace(each, why=scrub.text(each.why)) for each in coverage.gaps),
            lacking=tuple(map(scrub.text, coverage.lacking)),
        ),
    )


def _contact(contact: Contact, scrub: Scrubber) -> Contact:
    return replace(
        contact,
        peer=REDACTED,
        peer_mac=None,
        names=(),
        because=scrub.text(contact.because),
    )
