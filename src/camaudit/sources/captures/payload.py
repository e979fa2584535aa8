"""What frames hand to the passive codecs: a datagram, the start of a direction, an announcement."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

#: Ours. How much of each direction of a connection is put together: a TLS certificate chain and
#: the head of an HTTP or RTSP exchange stay below it.
MAX_STREAM_BYTES: Final = 1 << 14


#: Ours, beyond IANA's numbers (0 to 255): what an LLDP frame carries. It has no addresses of IP.
LLDP: Final = 256


class Payload(NamedTuple):
    """One UDP datagram, or the first contiguous bytes of one direction of a TCP connection.

    ``protocol`` is the IANA number (6, 17), or ``LLDP``: then ``source`` and ``target`` are empty.
    ``position`` is the number of the first packet, from 1.
    """

    mac: bytes
    peer_mac: bytes
    source: str
    target: str
    protocol: int
    source_port: int
    target_port: int
    at: datetime
    position: int
    data: bytes
