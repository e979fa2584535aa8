"""``camaudit isolation declare``: the networks of a site, and the watch that shall count."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from camaudit.app import clock
from camaudit.app.estate import need_site, open_estate, sites_of
from camaudit.app.zones import Declaration, declare, declared
from camaudit.errors import UsageError
from camaudit.model.isolation import WatchProfile, Zones
from camaudit.reports.isolation import on_terminal

from .options import estate_option, who_option
from .terminal import screen


@click.command(
    "declare",
    epilog="""\b
Examples:
  camaudit isolation declare HQ
  camaudit isolation declare HQ --core 10.0.0.0/8 --zone cctv=192.0.2.0/24 --dns 192.0.2.53 \\
      --recorder nvr1=192.0.2.10 --recorder nvr1=10.1.2.3 --sentinel 192.0.2.1 \\
      --vantage 'mirror of the uplink of switch 3' --interface wired --interface wifi""",
)
@click.argument("site_id", metavar="SITE")
@click.option("--core", multiple=True, metavar="CIDR", help="A core network (repeatable).")
@click.option("--zone", "zones", multiple=True, metavar="NAME=CIDR", help="One of the site's own.")
@click.option("--recorder", "recorders", multiple=True, metavar="NAME=ADDRESS", help="All of each.")
@click.option("--jump-host", "jump_hosts", multiple=True, metavar="NAME=ADDRESS", help="Likewise.")
@click.option("--dns", multiple=True, metavar="ADDRESS", help="A name server of yours.")
@click.option("--ntp", multiple=True, metavar="ADDRESS", help="A time server of yours.")
@click.option("--updates", multiple=True, metavar="ADDRESS|HOST", help="An update host of yours.")
@click.option("--gateway", "gateways", multiple=True, metavar="ADDRESS", help="A router.")
@click.option("--vantage", help="Where the sensor stands, in words.")
@click.option("--sentinel", help="An address that talks all the time, to prove the sensor.")
@click.option(
    "--hours",
    type=click.FloatRange(0.1, 9600),
    default=24.0,
    show_default=True,
    help="How long must be watched before silence counts.",
)
@click.option("--restart/--no-restart", default=True, help="Whether a restart must be seen.")
@click.option(
    "--interface",
    "interfaces",
    multiple=True,
    help="An interface of the devices that is accounted for: wired, wifi, cellular, second_port.",
)
@click.option(
    "--unwatched",
    multiple=True,
    metavar="DEVICE=INTERFACE",
    help="A device has an interface that no sensor sees.",
)
@click.option(
    "--silence", type=click.IntRange(1, 1440), default=5, show_default=True, help="Minutes."
)
@who_option
@estate_option
def declare_command(
    *,
    site_id: str,
    core: tuple[str, ...],
    zones: tuple[str, ...],
    recorders: tuple[str, ...],
    jump_hosts: tuple[str, ...],
    dns: tuple[str, ...],
    ntp: tuple[str, ...],
    updates: tuple[str, ...],
    gateways: tuple[str, ...],
    vantage: str | None,
    sentinel: str | None,
    hours: float,
    restart: bool,
    interfaces: tuple[str, ...],
    unwatched: tuple[str, ...],
    silence: int,
    who: str,
    estate: Path,
) -> None:
    """Lay down what the networks of a site are and which watch shall count; or show it.

    The whole declaration is given each time; the latest holds. Networks of sites that are declared
    core (`camaudit site add --zone core`) count as core besides.
    """
    store = open_estate(estate)
    with store.reading() as connection:
        judgements = store.judgements(connection)
    site = need_site(sites_of(judgements), site_id)
    given = Declaration(
        zones=Zones(
            core=core,
            site=named(zones, "--zone"),
            recorders=named(recorders, "--recorder"),
            jump_hosts=named(jump_hosts, "--jump-host"),
            dns=dns,
            ntp=ntp,
            updates=updates,
            gateways=gateways,
        ),
        profile=WatchProfile(
            vantage=vantage,
            hours=hours,
            restart=restart,
            interfaces=interfaces,
            sentinel=sentinel,
            longest_silence=timedelta(minutes=silence),
        ),
        unwatched=named(unwatched, "--unwatched"),
    )
    if given != Declaration():
        declare(store, site.id, given, who, clock.now())
        click.echo(f"declared for site {site.id}")
        return
    on_terminal.show_declaration(site.id, declared(judgements, site.id).zones, screen())


def named(entries: tuple[str, ...], option: str) -> dict[str, tuple[str, ...]]:
    """Read NAME=VALUE options, several of one name together; ``UsageError`` names a bad one."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        name, equals, value = entry.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise UsageError(f"{option} {entry}: want NAME=VALUE")
        found[name.strip()] = (*found.get(name.strip(), ()), value.strip())
    return found
