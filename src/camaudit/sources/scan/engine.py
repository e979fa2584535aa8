"""Run a plan over addresses: first searches, then device after device, many at a time.

1. Memory does not grow with the range: addresses are taken one by one, and only what answers is
   remembered.
2. Everything that was asked, and everything that was not, goes to the sink with its outcome.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.model.scan import Asked, Heard, Outcome
from camaudit.sources.spec import Search, Transport
from camaudit.wirekit.mac import normalise_mac

from .limits import Limits
from .line import Device
from .pacing import Pace
from .plan import Plan
from .search import Searched, search_addresses, search_groups
from .vantage import Neighbours, Vantage
from .visit import MAX_SEEN, Visit

#: What open ports and hardware addresses are filed under: they are no reply.
PORTS: Final = "scan.ports"
#: Outcomes of a TCP port that something listens on.
_OPEN: Final = frozenset({Outcome.ANSWERED, Outcome.OPEN, Outcome.RESET, Outcome.TLS_FAILED})
#: Ours. Each of 65,536 devices may answer sixteen searches.
MAX_REPLIES: Final = 1 << 20
#: Values that are kept of each key that a dialogue follows, for each device.
_MAX_HINTS: Final = 16


class Sink(Protocol):
    """Where a scan's results go, as they come."""

    def heard(self, heard: Heard) -> None:
        """Take what one reply showed."""

    def searched(self, searched: Searched) -> None:
        """Take what one search came to."""

    def visited(self, address: str, asked: tuple[Asked, ...]) -> None:
        """Take everything that was asked of one address; it is done with."""

    def fault(self, text: str) -> None:
        """Take a fault of ours that was contained."""


@dataclass(slots=True, kw_only=True)
class Job:
    """What to scan, from where, and who may be asked.

    Attributes:
        addresses: Called for each pass over the targets; lazy.
        may_ask: Whether an address (and its hardware address, if known) may be asked now; the
            reason why not otherwise.
        groups: Whether searches may go to groups; else the reason.
    """

    plan: Plan
    limits: Limits
    addresses: Callable[[], Iterable[str]]
    may_ask: Callable[[str, str | None], str | None]
    vantages: tuple[Vantage, ...] = ()
    source: str | None = None
    given: Mapping[str, bytes] = field(default_factory=dict)
    now: Callable[[], datetime]
    nonce: Callable[[], bytes]


class Engine:
    """One scan."""

    def __init__(self, job: Job, sink: Sink) -> None:
        loop = asyncio.get_running_loop()
        self._job, self._sink, self._clock = job, sink, loop.time
        self._pace = Pace(job.limits.rate, job.limits.burst, loop.time)
        self._neighbours = Neighbours(loop.time)
        self._follows = {d.follows for d in job.plan.dialogues if d.follows}
        self._datagrams = {d.id for d in job.plan.dialogues if d.transport is Transport.UDP}
        self._hints: dict[str, dict[str, list[str]]] = {}
        self._known: set[bytes] = set()
        self._heard: set[str] = set()
        #: Replies to searches that no reader understood.
        self.undecoded = 0
        #: Replies beyond what a scan keeps: a flood from forged addresses.
        self.dropped = 0

    @property
    def packets(self) -> int:
        """Return how many connections and datagrams have been sent for."""
        return self._pace.spent

    async def run(self) -> None:
        """Search, then visit every address."""
        await self._search_groups()
        await self._search_addresses()
        await self._visit_all()

    async def _search_groups(self) -> None:
        job = self._job
        for vantage in job.vantages:
            async with asyncio.TaskGroup() as tasks:
                for search in job.plan.searches:
                    if search.groups:
                        tasks.create_task(self._search_group(search, vantage))

    async def _search_group(self, search: Search, vantage: Vantage) -> None:
        job = self._job
        searched = await search_groups(
            search, vantage, job.limits, self._pace, job.nonce, self._take
        )
        self._sink.searched(searched)

    async def _search_addresses(self) -> None:
        job = self._job
        async with asyncio.TaskGroup() as tasks:
            for search in job.plan.searches:
                if search.unicast:
                    tasks.create_task(self._search_each(search))

    async def _search_each(self, search: Search) -> None:
        job = self._job
        searched = await search_addresses(
            search,
            self._allowed,
            job.source,
            job.limits,
            self._pace,
            job.nonce,
            self._take,
        )
        self._sink.searched(searched)

    def _allowed(self) -> Iterator[str]:
        for address in self._job.addresses():
            if self._job.may_ask(address, None) is None:
                yield address

    def _take(self, search: Search, address: str, port: int, data: bytes) -> None:
        """Read one reply to a search, and file it under the device that it comes from."""
        try:
            seen = tuple(search.read(data))[:MAX_SEEN]
        except DecodeError:
            # our own question, heard again through the group, ends here too
            self.undecoded += 1
            return
        except Exception as error:  # noqa: BLE001 -- one reader's fault must not end the scan
            self._sink.fault(f"{search.id}: {type(error).__name__}: {error}")
            return
        macs = [m for s in seen if (m := _mac(s)) is not None]
        if self._job.may_ask(address, macs[0] if macs else None) is not None:
            return  # excluded: what it says unasked is not kept either
        subject = f"mac:{macs[0]}" if len(set(macs)) == 1 else f"host:{address}"
        told = hashlib.sha256(repr((subject, search.id, seen)).encode()).digest()[:16]
        if told in self._known or len(self._known) >= MAX_REPLIES:
            self.dropped += told not in self._known
            return
        self._known.add(told)
        self._heard.add(address)
        self._remember(address, seen)
        self._hear(subject, address, search.id, port, seen)

    def _remember(self, address: str, seen: Iterable[Seen]) -> None:
        for each in seen:
            key = f"{each.protocol}.{each.field}"
            if key in self._follows:
                values = self._hints.setdefault(address, {}).setdefault(key, [])
                if len(values) < _MAX_HINTS:
                    values.append(each.value.decode("ascii", "replace"))

    def _hear(
        self, subject: str, address: str, probe: str, port: int, seen: tuple[Seen, ...]
    ) -> None:
        own = [Seen("ip", "address", address.encode())]
        mac = self._neighbours.mac(address)
        if mac is not None:
            own.append(Seen("mac", "address", mac.encode()))
        known = set(seen)
        self._sink.heard(
            Heard(
                subject=subject,
                address=address,
                probe=probe,
                port=port,
                seen=(*(each for each in own if each not in known), *seen),
                at=self._job.now(),
            )
        )

    async def _visit_all(self) -> None:
        addresses = iter(self._job.addresses())
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._job.limits.devices):
                tasks.create_task(self._visit_next(addresses))

    async def _visit_next(self, addresses: Iterator[str]) -> None:
        for address in addresses:  # shared: each address goes to whoever is free
            await self._visit(address)

    async def _visit(self, address: str) -> None:
        job = self._job
        device = Device(
            address=address,
            limits=job.limits,
            pace=self._pace,
            clock=self._clock,
            source=job.source,
            given=job.given,
            allowed=lambda: job.may_ask(address, self._neighbours.mac(address)),
            nobody=lambda: self._is_near(address) and self._neighbours.mac(address) is None,
            here=lambda: self._neighbours.mac(address) is not None,
        )

        def show(probe: str, port: int, seen: tuple[Seen, ...]) -> None:
            self._hear(f"host:{address}", address, probe, port, seen)

        visit = Visit(
            device=device,
            plan=job.plan,
            show=show,
            hints=self._hints.pop(address, {}),
            alive=address in self._heard,
        )
        await visit.run()
        ports = sorted(
            {a.port for a in visit.asked if a.outcome in _OPEN and a.probe not in self._datagrams}
        )
        if ports or (visit.alive and self._neighbours.mac(address)):
            open_ports = tuple(Seen("port", "open", b"%d/tcp" % port) for port in ports)
            self._hear(f"host:{address}", address, PORTS, 0, open_ports)
        for fault in visit.faults:
            self._sink.fault(fault)
        self._sink.visited(address, tuple(visit.asked))

    def _is_near(self, address: str) -> bool:
        # the neighbour table is read for IPv4 alone
        found = ipaddress.ip_address(address)
        return found.version == 4 and any(found in v.network for v in self._job.vantages)


def _mac(seen: Seen) -> str | None:
    if (seen.protocol, seen.field) != ("mac", "address"):
        return None
    return normalise_mac(seen.value.decode("ascii", "replace"))
