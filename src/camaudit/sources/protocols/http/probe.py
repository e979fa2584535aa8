"""Ask a web server for its first page, its icon, and at most two pages that it hints at itself.

1. Nothing is asked again, nothing after a request to log in, nothing on another host or port.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Final

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Transport
from camaudit.wirekit.headed import HeadedMessage
from camaudit.wirekit.http_client import Origin, ReplyEnd, is_askable, same_origin
from camaudit.wirekit.secrets import blank

from .codec import content, decode_responses, encode_page_request
from .icon import icon_in, observe_icon
from .observe import observe
from .page import icon_of, leads_to, locked_out
from .paths import ICON, VENDOR_PATHS

MAX_REDIRECTS: Final = 2
MAX_VENDOR_PATHS: Final = 2
_MAX_REQUESTS: Final = 1 + MAX_REDIRECTS + 1 + MAX_VENDOR_PATHS
#: RFC 9110 15.5: unauthorised, forbidden, and a proxy that wants a login.
_REFUSALS: Final = frozenset({401, 403, 407})
_ICON_TARGET: Final = re.compile(rb"[^?]+\.(?:ico|png|gif|svg|bmp)(?:\?.*)?")
_UPNP_ROOT: Final = b"urn:schemas-upnp-org:device"


class _Visit:
    """One walk over one server: what was asked for, what was said, whether it is over."""

    def __init__(self, line: Line) -> None:
        self._line = line
        scheme = "https" if line.transport is Transport.TLS else "http"
        self._origin = Origin(scheme, line.address, line.port)
        self._asked: set[bytes] = set()
        self.over = False
        #: The address and text of the page that was read last, and all signs of a maker so far.
        self.here = self.page = b""
        self.signs: list[bytes] = []

    async def get(self, target: bytes) -> HeadedMessage | None:
        """Return the reply; ``None``, and nothing more is to be asked, where it is no reply."""
        self._asked.add(target)
        request = encode_page_request(target, self._origin.host)
        try:
            message = decode_responses(await self._line.exchange(request, ReplyEnd()))[-1]
        except DecodeError:
            message = None
        if message is None or message.status is None:
            self.over = True
            return None
        if reason := locked_out(message):
            self._line.lock_out(reason)
        self.over = bool(reason) or message.status in _REFUSALS
        return message

    def turn_to(self, target: bytes, message: HeadedMessage) -> None:
        """Go on from this page."""
        self.here, self.page = target, content(message)
        self.signs += (*message.values(b"server"), self.page)

    def next(self, reference: bytes | None) -> bytes | None:
        """Return the target of a reference, if it is on this server, harmless and new."""
        target = reference and same_origin(reference, self._origin, self.here)
        return target if target and target not in self._asked and is_askable(target) else None

    def icon(self) -> bytes | None:
        """Return the address of the icon that the page names, or of the usual one."""
        named = self.next(icon_of(self.page))
        if named is not None and _ICON_TARGET.fullmatch(named):
            return named
        return self.next(ICON)

    def hinted(self) -> Iterator[bytes]:
        """Yield the reviewed addresses of which pages and headers show the sign."""
        said = b"\n".join(self.signs)
        asked = {target.partition(b"?")[0] for target in self._asked}
        for path in VENDOR_PATHS:
            if path.target not in asked and path.sign.search(said):
                yield path.target


async def ask_root(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the first page, the icon and hinted pages show, each field once."""
    shown: set[Seen] = set()
    visit = _Visit(line)
    for part in (_pages(visit, path), _icon(visit), _hinted_pages(visit)):
        async for seen in part:
            if seen not in shown:
                shown.add(seen)
                yield seen
        if visit.over:
            return


async def _pages(visit: _Visit, path: str) -> AsyncIterator[Seen]:
    target: bytes | None = path.encode("ascii", "replace")
    for _ in range(1 + MAX_REDIRECTS):
        if target is None or not is_askable(target):
            return
        message = await visit.get(target)
        if message is None:
            return
        visit.turn_to(target, message)
        for seen in observe(message):
            yield seen
        reference = leads_to(message, visit.page)
        if reference:
            yield Seen("http", "location", blank(reference))
        target = None if visit.over else visit.next(reference)


async def _icon(visit: _Visit) -> AsyncIterator[Seen]:
    target = visit.icon()
    message = await visit.get(target) if target else None
    if message and not visit.over and (icon := icon_in(message)):
        for seen in observe_icon(icon):
            yield seen


async def _hinted_pages(visit: _Visit) -> AsyncIterator[Seen]:
    for target in tuple(visit.hinted())[:MAX_VENDOR_PATHS]:
        message = await visit.get(target)
        if message is None or visit.over:
            return
        page = content(message)
        if message.status != 200:
            continue
        if _UPNP_ROOT in page:
            yield Seen("upnp", "device_description", blank(page))
            continue
        for seen in observe(message):
            yield seen


ROOT: Final = Dialogue(
    id="http.root",
    title="web page, icon and login page",
    transport=Transport.TCP,
    # device-signals 1.12; 8899 and 2020 also carry ONVIF, 49152 UPnP.
    ports=(80, 81, 82, 85, 88, 2020, 5000, 8000, 8080, 8081, 8899, 9000, 49152),
    intrusiveness=Intrusiveness.POLITE,
    requests=_MAX_REQUESTS,
    ask=ask_root,
)
ROOT_TLS: Final = Dialogue(
    id="http.root_tls",
    title="web page, icon and login page over TLS",
    transport=Transport.TLS,
    ports=(443, 7443, 8443),
    intrusiveness=Intrusiveness.POLITE,
    requests=_MAX_REQUESTS,
    ask=ask_root,
)
