"""Probes: every type and spelling that real devices need, each time.

Some firmware answers ``NetworkVideoTransmitter`` only (D-Link DCS-2310L: ZoneMinder pull request
1645), some ``Device`` only, some no probe without types (an Intelbras recorder: onvif-rs pull
request 61), some only such a probe (which printers answer too), and stacks built on the OASIS
standard only its own namespaces (device-signals 1.6). The two types are never asked for in one
probe: a device has to offer everything that ``Types`` names (WS-Discovery 2005/04, 5.1).
"""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from camaudit.sources.spec import Intrusiveness, Search

from .codec import (
    DEVICE,
    DRAFT,
    DRAFT_SOAP_11,
    STANDARD,
    STANDARD_SOAP_11,
    TRANSMITTER,
    encode_probe,
)
from .observe import expand_answer

_PROBES: Final = (
    (DRAFT, TRANSMITTER),
    (DRAFT, DEVICE),
    (DRAFT, None),
    (DRAFT_SOAP_11, TRANSMITTER),
    (STANDARD, TRANSMITTER),
    (STANDARD_SOAP_11, TRANSMITTER),
)


def _requests(nonce: bytes) -> tuple[bytes, ...]:
    return tuple(
        encode_probe(_message_id(nonce, number), dialect, wanted)
        for number, (dialect, wanted) in enumerate(_PROBES)
    )


def _message_id(nonce: bytes, number: int) -> UUID:
    """Return an id of its own for each probe: devices drop what they have seen before."""
    return UUID(bytes=hashlib.sha256(nonce + bytes((number,))).digest()[:16], version=4)


PROBE: Final = Search(
    id="ws-discovery.probe",
    title="probe for ONVIF devices",
    port=3702,
    groups=("239.255.255.250", "ff02::c"),
    unicast=True,
    intrusiveness=Intrusiveness.POLITE,
    requests=_requests,
    read=expand_answer,
)
