"""Search for UPnP devices, and fetch the descriptions that they announce."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Final

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Search, Transport
from camaudit.wirekit.headed import decode_conversation
from camaudit.wirekit.http_client import HTTP, Origin, ReplyEnd, is_askable
from camaudit.wirekit.secrets import blank

from .codec import SEARCH_TARGETS, encode_description_request, encode_search
from .observe import expand_description, expand_reply

_PORT: Final = 1900
#: RFC 6585 4, RFC 4918 11.3, and what Hanwha firmware sends under lockout.
_LOCKED: Final = frozenset({423, 429, 490})


async def ask_description(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the announced description shows."""
    target = path.encode("ascii", "backslashreplace")
    if not is_askable(target):
        return
    host = Origin("http", line.address, line.port).host
    raw = await line.exchange(encode_description_request(target, host), ReplyEnd())
    try:
        reply = decode_conversation(raw, HTTP)[-1]
    except DecodeError:
        return
    if reply.status in _LOCKED:
        line.lock_out(f"HTTP {reply.status}")
    for server in reply.values(b"server"):
        if server:
            yield Seen("http", "server", blank(server))
    if reply.status == 200:
        for seen in _described(raw):
            yield seen


def _described(raw: bytes) -> tuple[Seen, ...]:
    try:
        return expand_description(raw)
    except DecodeError:
        return ()


def _searches(host: bytes) -> Callable[[bytes], tuple[bytes, ...]]:
    datagrams = tuple(encode_search(target, host) for target in SEARCH_TARGETS)
    return lambda _nonce: datagrams


SEARCH: Final = Search(
    id="ssdp.search",
    title="UPnP search",
    port=_PORT,
    groups=("239.255.255.250",),
    # UPnP Device Architecture 1.1, 1.3.2 allows it; the group stands in HOST all the same.
    unicast=True,
    intrusiveness=Intrusiveness.POLITE,
    requests=_searches(b"239.255.255.250:1900"),
    read=expand_reply,
)
#: UPnP Device Architecture 1.1, annex A.3: the link-local group.
SEARCH_IPV6: Final = Search(
    id="ssdp.search_ipv6",
    title="UPnP search over IPv6",
    port=_PORT,
    groups=("ff02::c",),
    unicast=False,
    intrusiveness=Intrusiveness.POLITE,
    requests=_searches(b"[FF02::C]:1900"),
    read=expand_reply,
)
DESCRIPTION: Final = Dialogue(
    id="ssdp.description",
    title="UPnP description that the device announces",
    transport=Transport.TCP,
    ports=(),
    intrusiveness=Intrusiveness.POLITE,
    requests=1,
    ask=ask_description,
    follows="ssdp.location",
)
