"""OPTIONS to a door station or telephone: what it calls itself; no call, no registration."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Transport

from .codec import encode_options
from .observe import expand_response


async def ask_options(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the answer shows."""
    del path
    host = f"[{line.address}]" if ":" in line.address else line.address
    # the same question to the same device may have the same name: it is asked once a scan
    branch = hashlib.sha256(f"{line.address}:{line.port}".encode()).hexdigest()[:16]
    reply = await line.exchange(encode_options(host.encode("ascii"), branch.encode("ascii")))
    for seen in expand_response(reply):
        yield seen


OPTIONS: Final = Dialogue(
    id="sip.options",
    title="what a door station or telephone calls itself",
    transport=Transport.UDP,
    ports=(5060,),
    intrusiveness=Intrusiveness.PROBING,
    requests=1,
    ask=ask_options,
)
