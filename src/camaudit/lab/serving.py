"""Put a planned estate on the network, and take it off again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from camaudit.app import clock
from camaudit.errors import UsageError

from . import binding
from .conditions import Conditions
from .datagrams import DatagramPort, has_group_ports
from .journal import Journal
from .plan import Plan
from .refusing import Refusals
from .speaking import Speaker
from .streams import Connection


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a plan is served."""

    plan: Plan
    device: str = "lo"
    delay_ms: int = 0
    loss: float = 0.0
    log: Path | None = None
    seconds: float | None = None
    workers: int = 1


@dataclass(frozen=True, kw_only=True)
class Ready:
    """What is served where."""

    #: TCP port of the personas -> port that was opened.
    ports: dict[int, int]
    #: Whether closed ports refuse as those of a real device do.
    resets: bool


@dataclass(kw_only=True)
class Lab:
    """A running lab, in this process."""

    settings: Settings
    contexts: dict[str, ssl.SSLContext]
    worker: int = 0
    _ports: list[DatagramPort] = field(default_factory=list)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _refusals: Refusals | None = None

    async def start(self) -> Ready:
        """Open everything."""
        settings = self.settings
        plan = settings.plan
        self._conditions = Conditions(
            plan=plan,
            speaker=Speaker(plan),
            journal=None if settings.log is None else Journal(settings.log),
            delay_s=settings.delay_ms / 1000,
            loss=settings.loss,
            counter=self.worker << 24,
            contexts=self.contexts,
        )
        low = binding.may_open_low_ports()
        tcp = binding.shifted_ports(plan.tcp_ports, privileged=low)
        udp = binding.shifted_ports(plan.udp_ports, privileged=low)
        if binding.may_bind_to_device(settings.device):
            await self._serve_device(tcp, udp)
        else:
            await self._serve_addresses(tcp, udp)
        return Ready(ports=tcp | udp, resets=self._refusals is not None)

    async def stop(self) -> None:
        """Close everything."""
        for server in self._servers:
            server.close()
        for port in self._ports:
            port.close()
        if self._refusals is not None:
            self._refusals.close()
        if self._conditions.journal is not None:
            self._conditions.journal.close()

    async def _serve_device(self, tcp: dict[int, int], udp: dict[int, int]) -> None:
        loop = asyncio.get_running_loop()
        settings = self.settings
        with contextlib.suppress(PermissionError):
            self._refusals = Refusals(settings.plan, tcp)
        resets = self._refusals is not None
        if self._refusals is not None and self.worker == 0:
            self._refusals.start(loop)
        groups = has_group_ports(settings.plan.slots)
        for port, real in udp.items():
            opened = binding.open_datagrams(real, settings.device, groups[port])
            self._ports.append(
                DatagramPort(self._conditions, opened, port, groups=self.worker == 0)
            )
        for port, real in tcp.items():
            listener = binding.open_streams(
                settings.plan, port, real, settings.device, resets=resets
            )
            self._servers.append(await loop.create_server(self._made(port), sock=listener))

    async def _serve_addresses(self, tcp: dict[int, int], udp: dict[int, int]) -> None:
        """One socket a device and port: for accounts that may not bind to a network device."""
        loop = asyncio.get_running_loop()
        plan = self.settings.plan
        if plan.count > binding.MOST_BY_ADDRESS:
            raise UsageError(
                f"this account may not bind to {self.settings.device}, and without that the lab "
                f"has at most {binding.MOST_BY_ADDRESS} devices; give a smaller --count"
            )
        for device in plan.devices():
            for door in device.persona.doors:
                listener = binding.open_stream_at(device.ip, tcp[door.port])
                server = await loop.create_server(self._made(door.port), sock=listener)
                self._servers.append(server)
            for each in device.persona.listeners:
                opened = binding.open_datagrams(
                    udp[each.port], self.settings.device, [], address=device.ip
                )
                self._ports.append(DatagramPort(self._conditions, opened, each.port, groups=False))
        for port, groups in has_group_ports(plan.slots).items():
            for group in {*groups, "255.255.255.255"}:
                opened = binding.open_datagrams(
                    udp[port], binding.ANY_DEVICE, groups & {group}, address=group
                )
                self._ports.append(DatagramPort(self._conditions, opened, port, groups=True))

    def _made(self, port: int) -> Callable[[], Connection]:
        return lambda: Connection(self._conditions, port)


def serve(settings: Settings, ready: Callable[[Ready], None]) -> None:
    """Serve until the time is over or the process is told to end; tell when everything is open."""
    binding.check_place(settings.plan.network, settings.device)
    contexts = _contexts(settings.plan)
    watched, held = os.pipe()  # closes with this process, however it ends
    for worker in range(1, settings.workers):
        if not os.fork():
            os.close(held)
            lab = Lab(settings=settings, contexts=contexts, worker=worker)
            asyncio.run(_serve(lab, lambda _: None, watched))
            os._exit(0)
    try:
        asyncio.run(_serve(Lab(settings=settings, contexts=contexts), ready, None))
    finally:
        os.close(held)
        os.close(watched)
        for _ in range(1, settings.workers):
            os.wait()


async def _serve(lab: Lab, ready: Callable[[Ready], None], watched: int | None) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    if watched is not None:
        loop.add_reader(watched, ended.set)
    told = await lab.start()
    try:
        ready(told)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), lab.settings.seconds)
    finally:
        await lab.stop()


def _contexts(plan: Plan) -> dict[str, ssl.SSLContext]:
    if not any(p is not None and p.certificate is not None for p in plan.slots):
        return {}
    from .certificates import server_contexts

    return server_contexts(plan, clock.now())
