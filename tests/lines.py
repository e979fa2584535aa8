"""A pretend ``Line`` for tests of dialogues: it answers from a script and keeps what was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from camaudit.errors import LineError
from camaudit.model.observation import Seen
from camaudit.model.scan import Outcome
from camaudit.sources.spec import MAX_EXCHANGE_BYTES, Dialogue, Transport
from camaudit.wirekit.codec import Buffer


class FakeLine:
    """Answer the exchanges of one dialogue, one scripted reply each; silent when none is left.

    A reply that is a ``LineError`` is raised. ``sent`` holds the requests (``b""`` where nothing
    was to be sent), ``locked`` the reasons given to ``lock_out``, after which nothing is answered.
    An ``end`` that answers 0 for no bytes asks for a connection only, and takes no reply.
    """

    def __init__(
        self,
        *replies: bytes | LineError,
        transport: Transport = Transport.TCP,
        port: int = 80,
        address: str = "192.0.2.7",
        certificate: bytes | None = None,
        given: Mapping[str, bytes] | None = None,
    ) -> None:
        self.address, self.port, self.transport = address, port, transport
        self.given: Mapping[str, bytes] = given or {}
        self.sent: list[bytes] = []
        self.locked: list[str] = []
        self._replies = list(replies)
        self._certificate = certificate

    @property
    def certificate(self) -> bytes | None:
        return self._certificate if self.sent else None

    @property
    def left(self) -> int:
        """Return how many replies nothing asked for."""
        return len(self._replies)

    async def exchange(
        self,
        request: bytes,
        end: Callable[[Buffer], int | None] | None = None,
        limit: int = MAX_EXCHANGE_BYTES,
    ) -> bytes:
        if self.locked:
            raise LineError(Outcome.STOPPED, self.locked[0])
        self.sent.append(request)
        if end is not None and end(b"") == 0:
            return b""
        if not self._replies:
            raise LineError(Outcome.SILENT, "the script has no further reply")
        reply = self._replies.pop(0)
        if isinstance(reply, LineError):
            raise reply
        reply = reply[:limit]
        return reply if end is None else reply[: end(reply)]

    def lock_out(self, reason: str) -> None:
        self.locked.append(reason)


def hold(dialogue: Dialogue, line: FakeLine, path: str = "/") -> list[Seen]:
    """Hold ``dialogue`` over ``line``; what it showed before a ``LineError`` is kept.

    More requests than it declares fail the test.
    """
    seen: list[Seen] = []

    async def ask() -> None:
        try:
            async for one in dialogue.ask(line, path):
                seen.append(one)  # noqa: PERF401 - a comprehension would lose what came before
        except LineError:
            return

    asyncio.run(ask())
    assert len(line.sent) <= dialogue.requests
    return seen
