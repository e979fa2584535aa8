"""JSON Lines: one line a device, then one of the watch as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from camaudit.model.isolation import Contact, Coverage
from camaudit.model.verification import Verification, Verified

from .wording import worst_first


def lines(found: Verification) -> Iterator[dict[str, Any]]:
    """Yield plain values with stable names; ``what`` tells the two kinds of line apart."""
    for device in worst_first(found.devices):
        yield _device(device)
    for name, label in found.not_seen:
        yield {
            "what": "device",
            "device": name,
            "name": label,
            "answers": ["cannot_tell"],
            "because": ["no traffic of it was seen"],
        }
    yield {
        "what": "watch",
        "site": found.site,
        "marking": found.marking,
        "at": found.at.isoformat(),
        "core": list(found.core),
        "vantage": found.vantage,
        "profile": {
            "hours": found.profile.hours,
            "restart": found.profile.restart,
            "interfaces": list(found.profile.interfaces),
            "sentinel": found.profile.sentinel,
        },
        "sources": [
            {
                "file": each.name,
                "digest": each.digest,
                "first": each.first.isoformat() if each.first else None,
                "last": each.last.isoformat() if each.last else None,
                "packets": each.packets,
                "lost": each.lost,
                "cut": each.cut,
                "damage": list(each.damage),
            }
            for each in found.sources
        ],
        "left_out": dict(found.left_out),
        "redacted": list(found.redacted),
    }


def _device(device: Verified) -> dict[str, Any]:
    isolation = device.isolation
    return {
        "what": "device",
        "device": device.id,
        "name": device.name,
        "kind": device.kind,
        "maker": device.maker,
        "maker_confidence": device.maker_confidence,
        "addresses": list(device.addresses),
        "macs": list(device.macs),
        "answers": [answer.value for answer in isolation.answers],
        "because": list(isolation.because),
        "contacts": [_contact(each) for each in isolation.contacts],
        "attempts": [_contact(each) for each in isolation.attempts],
        "unlisted": isolation.unlisted,
        "asked": [
            {"name": each.name, "service": each.service, "maker": each.maker, "count": each.count}
            for each in isolation.asked
        ],
        "coverage": _coverage(isolation.coverage),
        "hours": [[start.isoformat(), answer.value] for start, answer in isolation.hours],
        "core": list(isolation.core),
        "not_looked_at": list(isolation.not_looked_at),
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "peer": contact.peer,
        "peer_mac": contact.peer_mac,
        "destination": contact.destination.value,
        "because": contact.because,
        "names": list(contact.names),
        "protocol": contact.protocol,
        "port": contact.port,
        "outbound": contact.outbound,
        "opened": contact.opened,
        "external": contact.external,
        "bytes_sent": contact.bytes_sent,
        "bytes_received": contact.bytes_received,
        "packets": contact.packets,
        "first": contact.first.isoformat(),
        "last": contact.last.isoformat(),
        "content": contact.content.value,
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "vantage": coverage.vantage,
        "first": coverage.first.isoformat() if coverage.first else None,
        "last": coverage.last.isoformat() if coverage.last else None,
        "hours": coverage.hours,
        "packets": coverage.packets,
        "lost": coverage.lost,
        "sentinel_seen": coverage.sentinel_seen,
        "restarts": [each.isoformat() for each in coverage.restarts],
        "interfaces": list(coverage.interfaces),
        "complete": coverage.complete,
        "gaps": [
            {"start": each.start.isoformat(), "end": each.end.isoformat(), "why": each.why}
            for each in coverage.gaps
        ],
        "lacking": list(coverage.lacking),
    }
