"""Probes: every type and spelling that real devices need, each time.

Some firmware answers ``NetworkVideoTransmitter`` only, some ``Device`` only, some only a probe
without types (which printers answer too), and stacks built on the OASIS standard only its own
namespaces (device-signals 1.6).
"""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from camaudit.sources.spec import Intrusiveness, Search

from .codec import DEVICE, DRAFT, STANDARD, STANDARD_SOAP_11, TRANSMITTER, encode_probe
from .observe import expand_answer

_PROBES: Final = (
    (DRAFT, TRANSMITTER),
    (DRAFT, DEVICE),
    (DRAFT, None),
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
