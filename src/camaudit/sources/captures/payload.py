"""What frames hand to the passive codecs: one datagram, or the start of one direction."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

#: Ours. How much of each direction of a connection is put together: a TLS certificate chain and
#: the head of an HTTP or RTSP exchange stay below it.
MAX_STREAM_BYTES: Final = 1 << 14


class Payload(NamedTuple):
    """One UDP datagram, or the first contiguous bytes of one direction of a TCP connection.

    ``protocol`` is the IANA number (6, 17). ``position`` is the number of the first packet, from 1.
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
