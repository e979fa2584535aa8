"""OPTIONS, then DESCRIBE: one request each, without credentials, and never a stream."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Final

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Transport
from camaudit.wirekit.headed import HeadedMessage

from .codec import decode_responses, encode_request, response_end
from .observe import observe

#: Devices without a Content-Length have no body in it; a description is some kilobytes.
_MAX_REPLY_BYTES: Final = 1 << 16
_LOGIN_WANTED: Final = frozenset({401, 403, 407})
#: 490 is Hanwha's "Account Blocked" (device-signals 1.9); 423 and 429 are HTTP's, which some copy.
_LOCKED: Final = frozenset({423, 429, 490})
_LOCKED_TEXT: Final = re.compile(rb"(?i)account\s+(?:is\s+)?(?:blocked|locked)|locked\s+out")


async def ask_describe(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the replies show, each field once."""
    del path  # nothing but the device as a whole is asked for
    address = f"[{line.address}]" if ":" in line.address else line.address
    host = f"{address}:{line.port}".encode("ascii")
    shown: set[Seen] = set()
    for number, verb in enumerate(("options", "describe"), start=1):
        request = encode_request(verb, host, number)
        reply = await line.exchange(request, response_end, _MAX_REPLY_BYTES)
        message = _message(reply)
        if message is None:
            return
        for seen in observe(message):
            if seen not in shown:
                shown.add(seen)
                yield seen
        if _locked(message):
            line.lock_out(f"the video server says {message.status}: locked")
            return
        if message.status in _LOGIN_WANTED:
            return


def _message(reply: bytes) -> HeadedMessage | None:
    try:
        message = decode_responses(reply)[-1]
    except DecodeError:
        return None
    return message if message.status is not None else None


def _locked(message: HeadedMessage) -> bool:
    reason = getattr(message.start, "reason", b"")
    return message.status in _LOCKED or _LOCKED_TEXT.search(reason) is not None


DESCRIBE: Final = Dialogue(
    id="rtsp.describe",
    title="methods and description of the video server",
    transport=Transport.TCP,
    # device-signals 1.9; 88 is Foscam's, 10554 that of many recorders
    ports=(554, 8554, 10554, 88),
    intrusiveness=Intrusiveness.POLITE,
    requests=2,
    ask=ask_describe,
)
