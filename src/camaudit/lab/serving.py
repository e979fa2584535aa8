"""Put a planned estate on the network, and take it off again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from camaudit.app import clock
from camaudit.errors import UsageError
from camaudit.sources import protocols

from . import binding
from .conditions import Conditions
from .datagrams import DatagramPort, joined_groups
from .journal import Journal
from .plan import Plan
from .refusing import Refusals, may_refuse
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
    #: Whether addresses without a device are silent; without the right to that, they refuse.
    absent_are_silent: bool


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
        bound = binding.may_bind_to_device(settings.device)
        whole = bound and may_refuse()
        if bound:
            self._hear_device(udp)
        else:
            self._hear_addresses(udp)
        if whole:
            unused = {port: port for port in _asked_ports() - set(tcp.values())}
            await self._serve_filtered(tcp, unused)
        elif plan.count <= binding.MOST_BY_ADDRESS:
            await self._serve_addresses(tcp)
        elif bound:
            for port, real in tcp.items():
                await self._serve(self._stream(real), port)
        else:
            raise UsageError(
                f"this account may not bind to {settings.device}, and without that the lab has at "
                f"most {binding.MOST_BY_ADDRESS} devices; give a smaller --count"
            )
        return Ready(ports=tcp | udp, absent_are_silent=whole)

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

    async def _serve_filtered(self, tcp: dict[int, int], unused: dict[int, int]) -> None:
        """One socket a port; ``unused`` are opened too, for absent devices to be silent there."""
        plan = self.settings.plan
        if self.worker == 0:
            self._refusals = Refusals(plan, tcp | unused)
        for port, real in tcp.items():
            listener = self._stream(real)
            binding.attach(listener, binding.admitting(plan, port))
            await self._serve(listener, port)
        for port in unused:
            with contextlib.suppress(UsageError):  # somebody else's port: not needed that much
                listener = self._stream(port)
                binding.attach(listener, binding.admitting(plan, port))
                await self._serve(listener, port)

    def _stream(self, port: int) -> socket.socket:
        shared = self.settings.workers > 1
        return binding.open_streams(port, self.settings.device, shared=shared)

    async def _serve_addresses(self, tcp: dict[int, int]) -> None:
        """One socket a device and port: closed ports refuse, and absent devices do too."""
        for device in self.settings.plan.devices():
            for door in device.persona.doors:
                listener = binding.open_stream_at(device.ip, tcp[door.port])
                await self._serve(listener, door.port)

    async def _serve(self, listener: socket.socket, port: int) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Connection(self._conditions, port), sock=listener, backlog=binding.BACKLOG
        )
        self._servers.append(server)

    def _hear_device(self, udp: dict[int, int]) -> None:
        for port, groups in joined_groups(self.settings.plan.slots).items():
            opened = binding.open_datagrams(udp[port], self.settings.device, groups)
            self._hear(opened, port, groups=self.worker == 0)

    def _hear_addresses(self, udp: dict[int, int]) -> None:
        """One socket a device or group, and port: for accounts that may not bind to a device."""
        plan, name = self.settings.plan, self.settings.device
        for device in plan.devices():
            for each in device.persona.listeners:
                opened = binding.open_datagrams(udp[each.port], name, (), address=device.ip)
                self._hear(opened, each.port, groups=False)
        for port, groups in joined_groups(plan.slots).items():
            for group in (*groups, binding.BROADCAST):
                joined = groups & {group}
                opened = binding.open_datagrams(udp[port], name, joined, address=group)
                self._hear(opened, port, groups=self.worker == 0)

    def _hear(self, opened: socket.socket, port: int, *, groups: bool) -> None:
        index = binding.index_of(self.settings.device)
        self._ports.append(DatagramPort(self._conditions, opened, port, groups=groups, index=index))


def serve(settings: Settings, ready: Callable[[Ready], None]) -> None:
    """Serve until the time is over or the process is told to end; tell when everything is open."""
    binding.check_place(settings.plan.network, settings.device)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a connection is a file
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


def _asked_ports() -> frozenset[int]:
    """Return the TCP ports that a scan asks."""
    return frozenset(
        port
        for spec in protocols.registry().values()
        for dialogue in spec.dialogues
        for port in dialogue.ports
    )


def _contexts(plan: Plan) -> dict[str, ssl.SSLContext]:
    if not any(p is not None and p.certificate is not None for p in plan.slots):
        return {}
    from .certificates import server_contexts

    return server_contexts(plan, clock.now())
