"""One device, port after port: which dialogues are held, and when to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from camaudit.errors import DecodeError, LineError
from camaudit.model.observation import Seen
from camaudit.model.scan import Asked, Outcome
from camaudit.sources.spec import Dialogue, Transport

from .line import DatagramLine, Device, StreamLine
from .plan import Plan

#: Fields that one dialogue may show: beyond it something is being stuffed.
MAX_SEEN: Final = 512
#: Other ports and paths that a device's own replies may point to.
MAX_FOLLOWED: Final = 8
#: With these, nothing else is worth trying on a port.
_NO_WAY: Final = frozenset(
    {Outcome.REFUSED, Outcome.SILENT, Outcome.FILTERED, Outcome.SKIPPED, Outcome.CEILING}
)
#: Outcomes that show that something is there.
ALIVE: Final = frozenset(Outcome) - {Outcome.SILENT, Outcome.FILTERED, Outcome.SKIPPED}
#: RFC 9110 15.5.2: the service asks for a login, and is asked no more.
_LOGIN_WANTED: Final = b"401"
#: Why the rest of a port is not asked; the device's other ports are.
LOGIN: Final = "the port asks for a login"

Show = Callable[[str, int, tuple[Seen, ...]], None]


@dataclass(frozen=True, slots=True)
class _Held:
    """A dialogue, at a port and path of the device."""

    rank: int
    port: int
    dialogue: Dialogue
    path: str
    #: Whether the device itself pointed there.
    followed: bool


@dataclass(slots=True)
class Visit:
    """Ask one device everything that is planned, one connection at a time.

    Attributes:
        hints: URLs that the device has named in answers to searches, by observation key.
        show: Called with what each dialogue has shown.
        faults: Readers that failed in a way that they must not, by name: a fault of ours.
    """

    device: Device
    plan: Plan
    show: Show
    hints: Mapping[str, Sequence[str]]
    alive: bool = False
    asked: list[Asked] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _silent: int = 0

    async def run(self) -> None:
        """Ask, in the order of the plan; what was not asked is told with its reason."""
        for port, held in groupby(self._held(), key=lambda each: each.port):
            at_port = list(held)
            if self.device.closed is None and not self.alive and self._given_up():
                self._skip(at_port, "no sign of life on the ports before it")
            else:
                await self._port(port, at_port)
        for port, dialogue in self.plan.over_datagrams():
            if self.alive:
                await self._datagrams(port, dialogue)

    def _given_up(self) -> bool:
        return self._silent >= self.device.limits.signs and not self.device.here()

    def _held(self) -> list[_Held]:
        found: dict[tuple[int, str, str], _Held] = {}
        for rank, port in enumerate(self.plan.ports):
            for dialogue in self.plan.at(port):
                found[port, dialogue.id, "/"] = _Held(rank, port, dialogue, "/", followed=False)
        for dialogue, port, path in _followed(self.plan, self.hints, self.device.address):
            rank = self.plan.ports.index(port) if port in self.plan.ports else -1
            found.pop((port, dialogue.id, "/"), None)
            found[port, dialogue.id, path] = _Held(rank, port, dialogue, path, followed=True)
        return sorted(found.values(), key=lambda each: (each.rank, each.port))

    async def _port(self, port: int, held: Sequence[_Held]) -> None:
        lines: dict[Transport, StreamLine] = {}
        outcome: Outcome | None = None
        login = False
        for each in held:
            if outcome in _NO_WAY or self.device.closed is not None:
                break
            if login and not each.followed:
                self._note(each.dialogue, port, Outcome.STOPPED, LOGIN)
                continue
            transport = each.dialogue.transport
            line = lines.get(transport)
            if line is None:
                for other in lines.values():
                    await other.close()
                line = lines[transport] = StreamLine(self.device, port, transport)
            outcome, wants = await self._hold(each, line)
            login = login or wants
        for line in lines.values():
            await line.close()
        if self.device.closed is not None and outcome is None:
            self._skip(held, self.device.closed)
        self.alive = self.alive or outcome in ALIVE
        self._silent = 0 if outcome in ALIVE else self._silent + 1

    async def _hold(self, held: _Held, line: StreamLine | DatagramLine) -> tuple[Outcome, bool]:
        """Hold one dialogue; return what came of it, and whether a login was asked for."""
        shown: list[Seen] = []
        outcome, detail = Outcome.OPEN, ""
        try:
            async for seen in held.dialogue.ask(line, held.path):
                shown.append(seen)
                if len(shown) >= MAX_SEEN:
                    detail = f"more than {MAX_SEEN} fields"
                    break
        except LineError as error:
            outcome, detail = Outcome(error.outcome), error.detail
        except DecodeError as error:
            detail = str(error)
        except Exception as error:  # noqa: BLE001 -- one reader's fault must not end the scan
            detail = f"fault in reading: {type(error).__name__}"
            self.faults.append(f"{held.dialogue.id}: {type(error).__name__}: {error}")
        if shown:
            self.show(held.dialogue.id, held.port, tuple(shown))
            outcome = Outcome.ANSWERED
        self._note(held.dialogue, held.port, outcome, detail)
        return outcome, any(s.field == "status" and s.value == _LOGIN_WANTED for s in shown)

    async def _datagrams(self, port: int, dialogue: Dialogue) -> None:
        if self.device.closed is not None:
            self._note(dialogue, port, Outcome.SKIPPED, self.device.closed)
            return
        held = _Held(0, port, dialogue, "/", followed=False)
        line = DatagramLine(self.device, port)
        await self._hold(held, line)
        await line.close()

    def _skip(self, held: Sequence[_Held], reason: str) -> None:
        for each in held:
            outcome = self.device.outcome if self.device.closed else Outcome.SKIPPED
            self._note(each.dialogue, each.port, outcome, reason)

    def _note(self, dialogue: Dialogue, port: int, outcome: Outcome, detail: str) -> None:
        self.asked.append(
            Asked(
                address=self.device.address,
                probe=dialogue.id,
                port=port,
                outcome=outcome,
                detail=detail,
            )
        )


def _followed(
    plan: Plan, hints: Mapping[str, Sequence[str]], address: str
) -> Iterator[tuple[Dialogue, int, str]]:
    """Yield each dialogue that a URL of this very address leads to, with port and path."""
    for dialogue in plan.dialogues:
        if dialogue.follows is None or dialogue.transport is Transport.UDP:
            continue
        values = hints.get(dialogue.follows, ())
        urls = [url for value in values if value.isprintable() for url in value.split()]
        places = [place for url in urls if (place := _place(url, address, dialogue.transport))]
        for port, path in list(dict.fromkeys(places))[:MAX_FOLLOWED]:
            yield dialogue, port, path


def _place(url: str, address: str, transport: Transport) -> tuple[int, str] | None:
    """Return port and path of a URL, if it is of this address and holds nothing odd."""
    if not url.isascii():
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme = "https" if transport is Transport.TLS else "http"
    if parts.scheme.lower() != scheme or parts.hostname != address or "@" in parts.netloc:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return port or (443 if transport is Transport.TLS else 80), path
