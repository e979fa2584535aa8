"""What a scan asked, what came of it, and what was not reached.

Produced by: sources.scan. Read by: app, cli.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .observation import Seen


class Outcome(StrEnum):
    """What came of asking one port, or of not asking it."""

    #: A reply that could be read.
    ANSWERED = "answered"
    #: A connection, or a datagram, without a readable reply.
    OPEN = "open"
    #: The device is there and refuses (TCP reset, ICMP port unreachable).
    REFUSED = "refused"
    #: Nothing came back, not even a refusal: no device, or a filter.
    SILENT = "silent"
    #: A router or host says that the way is closed (ICMP prohibited, unreachable).
    FILTERED = "filtered"
    #: Broken off by the device.
    RESET = "reset"
    #: A ceiling of the budget was met: time, bytes, connections.
    CEILING = "ceiling"
    #: TLS could not be agreed on.
    TLS_FAILED = "tls_failed"
    #: The device asked for a login, or showed signs of locking out; nothing more was sent.
    STOPPED = "stopped"
    #: Not asked: excluded, outside the permission, or the scan was ended before.
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Fields that one reply of one device showed.

    ``subject`` names the device within the scan: ``host:<address>``, or ``mac:<address>`` where a
    layer-2 reply names its own hardware address.
    """

    subject: str
    address: str
    #: The dialogue or search that asked, e.g. ``rtsp.describe``.
    probe: str
    port: int
    seen: tuple[Seen, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One port of one address, or the address as a whole (``port`` 0), and what came of it."""

    address: str
    probe: str
    port: int
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRecord:
    """What an estate keeps of a scan, besides what was seen: plain JSON in ``body``.

    ``site``, ``permission``, ``right``, ``profile``, ``ceiling``, ``limits``, ``ports``,
    ``searches`` (what each sent and heard), ``withheld``, ``targets`` (ranges), ``left_out``
    (ranges and reason), ``vantages``, ``how`` it ended, ``packets``, ``faults``, ``stopped``
    (reason and ranges of devices that were asked no further), and ``reached``: ranges of addresses
    by ``Reach`` and reason.
    """

    run: str
    started: datetime
    ended: datetime
    body: dict[str, Any]


class Reach(StrEnum):
    """What a scan came to at one address: the best of everything that was asked there."""

    #: At least one reply that could be read.
    ANSWERED = "answered"
    #: Something is there; no reply could be read.
    PRESENT = "present"
    #: It asked for a login, showed signs of locking out, or cost a ceiling; asked no further.
    STOPPED = "stopped"
    #: A router or host said that the way is closed.
    FILTERED = "filtered"
    #: Nothing came back.
    SILENT = "silent"
    #: Not asked.
    SKIPPED = "skipped"
