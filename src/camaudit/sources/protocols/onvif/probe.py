"""Ask an ONVIF device service what it tells without a login.

1. It ends at the first reply that is no SOAP envelope: most web servers are no cameras.
2. It ends at the first request to log in, and is never asked again with an answer to it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Transport
from camaudit.wirekit.http_client import Origin, ReplyEnd

from .codec import body_of, decode_envelope, decode_http, encode_operation, is_service
from .observe import expand_response

_USUAL: Final = "/onvif/device_service"
_REFUSALS: Final = frozenset({401, 403, 407})
#: RFC 4918 11.3, RFC 6585 4, and what Hanwha firmware sends under lockout.
_LOCKED: Final = frozenset({423, 429, 490})
#: ONVIF Core, "Faults"; devices differ in the prefix, not in the word.
_NOT_AUTHORISED: Final = b"NotAuthorized"


async def ask_pre_auth(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the operations show that the standard opens to everybody."""
    listed = False
    for operation in ("GetSystemDateAndTime", "GetServices", "GetHostname"):
        seen, goes_on = await _ask(line, path, operation)
        listed = listed or any(one.field == "service_namespace" for one in seen)
        for one in seen:
            yield one
        if not goes_on:
            return
    # Devices from before ONVIF 2.1 do not know GetServices.
    last, _ = await _ask(line, path, "GetEndpointReference" if listed else "GetCapabilities")
    for one in last:
        yield one


async def ask_device(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the device says of itself where its firmware asks for no user."""
    for operation in ("GetDeviceInformation", "GetScopes"):
        seen, goes_on = await _ask(line, path, operation)
        for one in seen:
            yield one
        if not goes_on or any(one.field == "fault" for one in seen):
            return


async def _ask(line: Line, path: str, operation: str) -> tuple[tuple[Seen, ...], bool]:
    """Return what one reply shows, and whether another question may follow."""
    target = (_USUAL if path == "/" else path).encode("ascii", "backslashreplace")
    if not is_service(target):
        return (), False
    host = Origin("http", line.address, line.port).host
    raw = await line.exchange(encode_operation(operation, target, host), ReplyEnd())
    try:
        reply = decode_http(raw)[-1]
        seen = expand_response(raw)
    except DecodeError:
        return (), False
    if reply.status in _LOCKED:
        line.lock_out(f"HTTP {reply.status}")
        return seen, False
    refused = reply.status in _REFUSALS or any(
        one.field == "fault" and one.value.endswith(_NOT_AUTHORISED) for one in seen
    )
    return seen, not refused and _is_envelope(body_of(reply))


def _is_envelope(body: bytes) -> bool:
    try:
        return decode_envelope(body).leaves[0].path[0] == "Envelope"
    except DecodeError:
        return False


#: device-signals 1.6: 80; 8899 Xiongmai, 2020 TP-Link, 8000 Reolink, the others seen with many.
_PORTS: Final = (80, 2020, 5000, 8000, 8080, 8081, 8899)
_FOLLOWS: Final = "ws-discovery.xaddrs"

PRE_AUTH: Final = Dialogue(
    id="onvif.pre_auth",
    title="ONVIF operations that are open to everybody",
    transport=Transport.TCP,
    ports=_PORTS,
    intrusiveness=Intrusiveness.POLITE,
    requests=4,
    ask=ask_pre_auth,
    follows=_FOLLOWS,
)
DEVICE: Final = Dialogue(
    id="onvif.device_information",
    title="ONVIF device information and scopes, asked once without a user",
    transport=Transport.TCP,
    ports=_PORTS,
    intrusiveness=Intrusiveness.PROBING,
    requests=2,
    ask=ask_device,
    follows=_FOLLOWS,
)
