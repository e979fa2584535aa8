"""``camaudit lab``: a pretend estate on loopback, to try things on."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.table import Table

from camaudit.errors import UsageError
from camaudit.lab.plan import DEFAULT_NETWORK, Device, Plan
from camaudit.packs.lab import Persona, load_personas

from .extras import need_scan
from .lab_capture import capture_command
from .terminal import print_json, screen

_PRETEND = "PRETEND: none of these devices exists; all of it is made up by camaudit lab."
#: Devices in the table of `lab up` and `lab plan`; the rest is counted.
SHOWN = 64


class DeviceTruth(msgspec.Struct, frozen=True, kw_only=True):
    """What a pretend device really is."""

    pretend: bool = True
    address: str
    persona: str
    maker: str | None
    brand: str
    kind: str
    model: str
    mac: str
    serial: str
    channels: int


class PersonaTruth(msgspec.Struct, frozen=True, kw_only=True):
    """What a persona is, and where it answers."""

    pretend: bool = True
    persona: str
    title: str
    maker: str | None
    kind: str
    model: str
    only: str | None
    hostile: bool
    udp: list[int]
    tcp: list[int]


@click.group("lab", epilog="Example: camaudit lab up --count 20")
def lab_command() -> None:
    """Run a pretend estate: devices that answer discovery on loopback, all of them made up."""


lab_command.add_command(capture_command)


def _plan_options(command: Any) -> Any:
    options: tuple[Callable[[Any], Any], ...] = (
        click.option(
            "--network", default=DEFAULT_NETWORK, show_default=True, help="Where it stands."
        ),
        click.option(
            "--count",
            type=click.IntRange(1),
            help="How many devices. [default: one of each persona]",
        ),
        click.option("--seed", default=0, show_default=True, help="Which of many estates."),
        click.option(
            "--silent",
            type=click.IntRange(0, 90),
            default=0,
            show_default=True,
            help="Of 100 places, how many have a device that answers nothing.",
        ),
        click.option("--hostile", is_flag=True, help="With devices that attack the scanner."),
        click.option(
            "--only",
            multiple=True,
            metavar="PERSONA",
            help="Only these personas, hostile ones too (repeatable).",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@lab_command.command("up", epilog="Example: camaudit lab up --network 127.77.0.0/24 --for 60")
@_plan_options
@click.option("--delay", "delay_ms", type=click.IntRange(0, 60_000), default=0, metavar="MS",
              help="Wait before each answer.")  # fmt: skip
@click.option("--loss", type=click.FloatRange(0, 1), default=0.0, metavar="P",
              help="The share of datagrams that are lost, each way.")  # fmt: skip
@click.option("--device", default="lo", show_default=True,
              help="The network device, or `any`; not lo only in a closed namespace.")  # fmt: skip
@click.option("--log", type=click.Path(dir_okay=False, path_type=Path),
              help="Write every connection and datagram to a file, in JSON Lines.")  # fmt: skip
@click.option("--for", "seconds", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="End by itself. [default: run until Ctrl-C]")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True,
              help="Processes; locks and counts of connections are kept by each.")  # fmt: skip
def up_command(
    *,
    delay_ms: int,
    loss: float,
    device: str,
    log: Path | None,
    seconds: float | None,
    workers: int,
    **planned: Any,
) -> None:
    """Start the pretend estate, say `ready`, and answer until Ctrl-C."""
    need_scan()
    from camaudit.lab.serving import Ready, Settings, serve

    plan = _make_plan(**planned)
    settings = Settings(
        plan=plan,
        device=device,
        delay_ms=delay_ms,
        loss=loss,
        log=log,
        seconds=seconds,
        workers=workers,
    )

    def ready(told: Ready) -> None:
        _show(plan)
        for port, real in sorted(told.ports.items()):
            if real != port:
                click.echo(f"port {port} is {real} here: this account may not open ports < 1024")
        if not told.absent_are_silent:
            click.echo(
                "addresses without a device refuse here: silence needs the right to filter packets"
            )
        click.echo(f"ready: {plan.count} pretend devices in {plan.network}; Ctrl-C ends it")
        sys.stdout.flush()

    with contextlib.suppress(KeyboardInterrupt):
        serve(settings, ready)


@lab_command.command("plan", epilog="Example: camaudit lab plan --count 20 --json")
@_plan_options
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one device a line.")
def plan_command(*, as_json: bool, **planned: Any) -> None:
    """Show which device stands at which address, and what it really is."""
    plan = _make_plan(**planned)
    if as_json:
        print_json(_truths(plan))
    else:
        _show(plan)


@lab_command.command("personas", epilog="Example: camaudit lab personas --json")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one persona a line.")
def personas_command(*, as_json: bool) -> None:
    """Show the kinds of pretend devices, and on which ports they answer."""
    truths = [_persona(each) for each in load_personas().personas]
    if as_json:
        print_json(truths)
        return
    table = Table("Persona", "What", "Maker", "Kind", "UDP", "TCP", title=_PRETEND)
    for each in truths:
        table.add_row(
            each.persona,
            each.title,
            each.maker or "-",
            each.kind,
            " ".join(map(str, each.udp)),
            " ".join(map(str, each.tcp)),
        )
    screen().print(table)


def _make_plan(
    *,
    network: str,
    count: int | None,
    seed: int,
    silent: int,
    hostile: bool,
    only: tuple[str, ...],
) -> Plan:
    try:
        range_ = IPv4Network(network)
    except ValueError as error:
        raise UsageError(f"--network {network}: {error}; want e.g. {DEFAULT_NETWORK}") from error
    personas = load_personas()
    unknown = set(only) - {each.id for each in personas.personas}
    if unknown:
        raise UsageError(
            f"--only {min(unknown)}: there is no such persona; see `camaudit lab personas`"
        )
    plan = Plan(
        personas=personas.only(only) if only else personas,
        network=range_,
        count=count or 1,
        seed=seed,
        silent=silent,
        hostile=hostile or bool(only),
    )
    return plan if count else plan.resized(len(plan.chosen))


def _truths(plan: Plan) -> Iterator[DeviceTruth]:
    for device in plan.devices():
        yield _truth(device)


def _truth(device: Device) -> DeviceTruth:
    truth = device.persona.truth
    return DeviceTruth(
        address=device.ip,
        persona=device.persona.id,
        maker=truth.maker,
        brand=truth.brand,
        kind=truth.kind.value,
        model=truth.model,
        mac=device.mac,
        serial=device.serial,
        channels=truth.channels,
    )


def _persona(persona: Persona) -> PersonaTruth:
    return PersonaTruth(
        persona=persona.id,
        title=persona.title,
        maker=persona.truth.maker,
        kind=persona.truth.kind.value,
        model=persona.truth.model,
        only=persona.only,
        hostile=persona.hostile,
        udp=sorted(each.port for each in persona.listeners),
        tcp=sorted(each.port for each in persona.doors),
    )


def _show(plan: Plan) -> None:
    table = Table("Address", "Persona", "Maker", "Kind", "Model", "MAC", title=_PRETEND)
    for shown, device in enumerate(plan.devices()):
        if shown == SHOWN:
            table.caption = f"the first {SHOWN} of {plan.count}; all: camaudit lab plan --json"
            break
        truth = _truth(device)
        table.add_row(
            truth.address, truth.persona, truth.maker or "-", truth.kind, truth.model, truth.mac
        )
    screen().print(table)
