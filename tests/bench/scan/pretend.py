"""Run the benchmark's lab: personas that are known by ports 80, 554 and 8080, a quarter silent."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

from camaudit.lab.plan import Plan
from camaudit.lab.serving import Settings, serve
from camaudit.packs.lab import Persona, Personas, load_personas

DELAY_MS: Final = 20
#: Of 100 hosts, how many drop every packet.
SILENT: Final = 25
PORTS: Final = (80, 554, 8080)
#: Cameras and recorders that name their maker at a web page or video server, and other devices.
PERSONAS: Final = (
    "hikvision-camera",
    "dahua-camera",
    "axis-camera",
    "uniview-camera",
    "xiongmai-camera",
    "tvt-camera",
    "hanwha-camera",
    "hikvision-recorder",
    "vivotek-camera",
    "printer",
    "router",
    "phone",
)
#: Whose web page is at 8080, as that of many a recorder behind a router is.
AT_8080: Final = frozenset({"tvt-camera", "hikvision-recorder", "router"})


def plan_of(network: IPv4Network, count: int) -> Plan:
    """Return which device stands at which address."""
    personas = load_personas().only(PERSONAS)
    placed = tuple(map(_placed, personas.personas))
    return Plan(
        personas=Personas(personas=placed, replies=personas.replies),
        network=network,
        count=count,
        silent=SILENT,
    )


def _placed(persona: Persona) -> Persona:
    """Keep the ports that are scanned, in the places where this persona has them."""
    doors = []
    for door in persona.doors:
        port = 8080 if door.port == 80 and persona.id in AT_8080 else door.port
        if port in PORTS:
            doors.append(door.model_copy(update={"port": port}))
    return persona.model_copy(update={"doors": doors, "listeners": [], "weight": 1})


@dataclass(frozen=True, slots=True)
class Host:
    """One simulated host: what it is, or that it drops every packet."""

    address: str
    answers: bool
    maker: str | None


def hosts_of(plan: Plan) -> Iterator[Host]:
    """Yield every host by address, silent ones too."""
    answering = {each.ip: each.persona.truth.maker for each in plan.devices()}
    for each in replace(plan, silent=0).devices():
        yield Host(each.ip, each.ip in answering, answering.get(each.ip))


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end; say ``ready`` when everything is open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("network", type=IPv4Network)
    parser.add_argument("count", type=int)
    parser.add_argument("--log", type=Path)
    options = parser.parse_args(arguments)
    plan = plan_of(options.network, options.count)
    settings = Settings(plan=plan, device="any", delay_ms=DELAY_MS, log=options.log)
    with contextlib.suppress(KeyboardInterrupt):
        serve(settings, lambda _: print("ready", flush=True))  # noqa: T201 -- told to the parent
    return 0


if __name__ == "__main__":
    sys.exit(main())
