"""Fields of a WS-Discovery answer: types, scopes, service addresses, the endpoint's UUID.

The last twelve digits of the UUID are often the hardware address, but nothing says so in a given
answer, and some firmware ships one UUID in all units: they are not shown as an address here. The
scopes are shown as they stand; what they say is ONVIF's matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.secrets import blank

from .codec import Answer, Match, decode_answer

_PROTOCOL: Final = "ws-discovery"


def observe(message: Answer) -> tuple[Seen, ...]:
    """Return what an answer shows."""
    seen = (one for match in message.matches for one in _of_match(match))
    return tuple(dict.fromkeys(seen))


def expand_answer(value: bytes) -> tuple[Seen, ...]:
    """Read ``ws-discovery.answer``."""
    return observe(decode_answer(value))


def _of_match(match: Match) -> Iterator[Seen]:
    for name, text in (
        ("types", match.types),
        ("scopes", match.scopes),
        ("xaddrs", match.xaddrs),
        ("endpoint", match.uuid or ""),
        ("metadata_version", match.metadata_version),
    ):
        if text:
            yield Seen(_PROTOCOL, name, blank(text.encode()))
