"""Run a lab beside the work of this process: for tests, measurements and the demo."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from camaudit.errors import CamauditError

from .binding import may_open_low_ports, shifted_ports
from .plan import Device, Plan
from .serving import Settings

#: Ours. A /16 on a slow machine is ready within a few seconds.
_READY_S: Final = 60.0
_END_S: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class Running:
    """A lab that answers now."""

    plan: Plan
    process: subprocess.Popen[bytes]
    _shifted: dict[int, int]

    def port(self, port: int) -> int:
        """Return where a port of the personas is really open."""
        return self._shifted.get(port, port)

    def device(self, persona: str) -> Device:
        """Return the first device of a persona."""
        return next(each for each in self.plan.devices() if each.persona.id == persona)


@contextmanager
def running(settings: Settings) -> Iterator[Running]:
    """Start ``camaudit lab up`` as a process of its own, and end it with the block."""
    plan = settings.plan
    process = subprocess.Popen(  # noqa: S603 -- our own command, and no text of anybody else
        [sys.executable, "-m", "camaudit", "lab", "up", *_options(settings)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    try:
        _await_ready(process)
        ports = plan.tcp_ports | plan.udp_ports
        shifted = shifted_ports(ports, privileged=may_open_low_ports())
        yield Running(plan=plan, process=process, _shifted=shifted)
    finally:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _await_ready(process: subprocess.Popen[bytes]) -> None:
    out = process.stdout
    ends = time.monotonic() + _READY_S
    told = b""
    while out is not None and b"\nready: " not in told:
        if not select.select([out], [], [], max(0.0, ends - time.monotonic()))[0]:
            raise CamauditError(f"the lab was not ready within {_READY_S:.0f} seconds")
        part = os.read(out.fileno(), 65_536)
        if not part:
            raise CamauditError("the lab ended before it was ready; its own words say why")
        told += part


def _options(settings: Settings) -> list[str]:
    plan = settings.plan
    options = {
        "--network": plan.network,
        "--count": plan.count,
        "--seed": plan.seed,
        "--silent": plan.silent,
        "--device": settings.device,
        "--delay": settings.delay_ms,
        "--loss": settings.loss,
        "--log": settings.log,
        "--for": settings.seconds,
        "--workers": settings.workers,
    }
    words = [f"{name}={value}" for name, value in options.items() if value is not None]
    return words + [f"--only={each.id}" for each in plan.chosen]
