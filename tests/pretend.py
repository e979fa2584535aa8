"""A lab for tests: one at a time on this machine, because its ports are the real ones."""

from __future__ import annotations

import fcntl
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from camaudit.lab.plan import Plan
from camaudit.lab.running import Running, running
from camaudit.lab.serving import Settings
from camaudit.packs.lab import load_personas


def plan_of(*names: str, network: str = "127.77.0.0/24", seed: int = 0, **more: Any) -> Plan:
    """Return a plan of these personas, each once; of all that are not hostile without names."""
    personas = load_personas()
    chosen = names or tuple(each.id for each in personas.personas if not each.hostile)
    return Plan(
        personas=personas.only(chosen),
        network=IPv4Network(network),
        count=more.pop("count", len(chosen)),
        seed=seed,
        hostile=True,
        **more,
    )


@contextmanager
def alone() -> Iterator[None]:
    """Wait for other tests whose labs use the same ports, and keep them waiting."""
    with (Path(tempfile.gettempdir()) / "camaudit-lab-tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def pretending(plan: Plan, **settings: Any) -> Iterator[Running]:
    """Run a lab; wait for other tests that do."""
    with alone(), running(Settings(plan=plan, **settings)) as estate:
        yield estate


def events(log: Path) -> list[dict[str, Any]]:
    """Return what a lab that has ended wrote into its log."""
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
