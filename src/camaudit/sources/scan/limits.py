"""What a scan may cost: the network, each device, and this machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from camaudit.sources.spec import Intrusiveness


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ceilings of one scan. Times are seconds.

    Attributes:
        rate: New connections and datagrams a second, over all devices together.
        burst: How many of them may leave at once after a pause.
        devices: Devices that are asked at the same time.
        connections: Attempts to connect to one device over the whole scan, one at a time: a closed
            port costs one, too, so it must be more than the ports and questions of a plan.
        gap: The pause between two connections to one device.
        connect: How long a connection may take to come about, and as long again its TLS handshake.
        reply: How long the first byte of a reply may take.
        quiet: A message without an end is over when nothing more has come for so long.
        exchange: How long one request and its reply may take together.
        device: How long one device may take together.
        device_bytes: What one device may send over the whole scan.
        repeats: How often a datagram is sent, since nothing tells that one is lost.
        listen: How long a search waits for answers after its last datagram.
        signs: So many silent ports in a row, with no other sign of life, are taken for no device.
    """

    rate: float = 50.0
    burst: int = 10
    devices: int = 32
    connections: int = 48
    gap: float = 0.1
    connect: float = 2.0
    reply: float = 4.0
    quiet: float = 1.0
    exchange: float = 8.0
    device: float = 60.0
    device_bytes: int = 4 << 20
    repeats: int = 3
    listen: float = 3.0
    signs: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A named set of limits, and how far its questions go."""

    id: str
    says: str
    ceiling: Intrusiveness
    limits: Limits


#: The polite profile asks one well-formed standard question at a time, slowly: a camera of 2012 on
#: a busy network must not notice. The thorough one asks the makers' own discovery protocols too.
PROFILES: Final = {
    profile.id: profile
    for profile in (
        Profile(
            id="polite",
            says="standard questions only, 50 packets a second",
            ceiling=Intrusiveness.POLITE,
            limits=Limits(),
        ),
        Profile(
            id="thorough",
            says="the makers' own discovery protocols too, 200 packets a second",
            ceiling=Intrusiveness.PROBING,
            limits=replace(Limits(), rate=200.0, burst=40, devices=128, gap=0.02),
        ),
    )
}
