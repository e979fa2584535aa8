"""Ask who offers the services that cameras and recorders announce.

Asked from a port other than 5353, responders answer to the port that asked (RFC 6762 6.7), so that
the machine's own responder is not disturbed.
"""

from __future__ import annotations

from typing import Final

from camaudit.sources.spec import Intrusiveness, Search

from .codec import encode_question
from .observe import expand_answer

#: device-signals 1.8; the first names every service that a responder has.
_SERVICES: Final = (
    "_services._dns-sd._udp.local",
    "_http._tcp.local",
    "_rtsp._tcp.local",
    "_axis-video._tcp.local",
    "_axis-nvr._tcp.local",
    "_onvif._tcp.local",
    "_psia._tcp.local",
    "_CGI._tcp.local",
    "_arec._tcp.local",
    "_camera._tcp.local",
    "_nvr._tcp.local",
    "_arlo-video._tcp.local",
    "_hap._tcp.local",
)


def _requests(nonce: bytes) -> tuple[bytes, ...]:
    number = int.from_bytes(nonce[:2], "big")
    # a question each: small responders read only the first of a datagram
    return tuple(encode_question((service,), number) for service in _SERVICES)


SERVICES: Final = Search(
    id="mdns.services",
    title="services announced by multicast DNS",
    port=5353,
    groups=("224.0.0.251", "ff02::fb"),
    unicast=True,
    intrusiveness=Intrusiveness.POLITE,
    requests=_requests,
    read=expand_answer,
)
