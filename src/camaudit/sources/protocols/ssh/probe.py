"""The greeting that comes unasked; nothing is sent, and nobody logs in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Transport

from .codec import greeting_end
from .observe import expand_response

#: Greetings stay below 1 KiB, with a notice in front below 4.
_MAX_GREETING_BYTES: Final = 1 << 14


async def ask_greeting(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the greeting shows."""
    del path
    greeting = await line.exchange(b"", greeting_end, _MAX_GREETING_BYTES)
    for seen in expand_response(greeting):
        yield seen


GREETING: Final = Dialogue(
    id="ssh.greeting",
    title="identification of the SSH server",
    transport=Transport.TCP,
    ports=(22,),
    intrusiveness=Intrusiveness.POLITE,
    requests=1,
    ask=ask_greeting,
)
