"""``camaudit init``, ``body`` and ``site``: an estate and its register."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.table import Table

from camaudit.app import clock
from camaudit.app import estate as app
from camaudit.errors import UsageError
from camaudit.model.ids import BodyId, SiteId
from camaudit.model.observation import Body, Site
from camaudit.model.words import BodyKind, Sensitivity, Tenure, Zone

from . import permission
from .options import Day, estate_option, who_option
from .terminal import print_json, screen


@click.command("init", epilog="Example: camaudit init --marking OFFICIAL-SENSITIVE")
@estate_option
@click.option("--marking", help="Protective marking, shown on every page and export.")
@click.option("--name", help="What reports call the estate. [default: the file's name]")
def init_command(estate: Path, marking: str | None, name: str | None) -> None:
    """Create an empty estate, readable by you only; refuses to overwrite."""
    app.init(estate, marking, clock.now(), name)
    click.echo(f"created {estate}")
    click.echo(f"\nTake care: {app.AGGREGATION_WARNING}", err=True)


@click.group("body", epilog="Example: camaudit body add DEFRA 'Department …' --kind department")
def body_command() -> None:
    """Add or list bodies: who owns, runs or rents sites."""


@body_command.command(
    "add", epilog="Example: camaudit body add DEFRA 'Department …' --kind department"
)
@click.argument("name_id", metavar="ID")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([each.value for each in BodyKind]),
    default="unknown",
    help="What kind of organisation: decides which instrument binds it.",
)
@click.option(
    "--also",
    type=click.Choice([each.value for each in BodyKind if each is not BodyKind.UNKNOWN]),
    multiple=True,
    help="What else it is, where several instruments bind it (repeatable).",
)
@click.option("--parent", help="Id of the body that it belongs to.")
@who_option
@estate_option
def body_add(
    *,
    name_id: str,
    name: str,
    kind: str,
    also: tuple[str, ...],
    parent: str | None,
    who: str,
    estate: Path,
) -> None:
    """Add a body, or correct one by giving its id again."""
    store = app.open_estate(estate)
    body = Body(
        id=BodyId(name_id),
        name=name,
        kind=BodyKind(kind),
        also=tuple(BodyKind(each) for each in also),
        parent=BodyId(parent) if parent else None,
    )
    with store.writing() as connection:
        app.add_bodies(store, connection, [body], who, clock.now())
    click.echo(f"body {name_id}: {name} ({kind})")


@body_command.command("list", epilog="Example: camaudit body list --json")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@estate_option
def body_list(*, as_json: bool, estate: Path) -> None:
    """List bodies."""
    store = app.open_estate(estate)
    with store.reading() as connection:
        bodies = app.bodies_of(store.judgements(connection)).values()
    if as_json:
        print_json(bodies)
        return
    table = Table("Id", "Name", "Kind", "Parent")
    for body in bodies:
        table.add_row(body.id, body.name, ", ".join((body.kind, *body.also)), body.parent or "")
    screen().print(table)


@click.group(
    "site", epilog="Example: camaudit site add HQ 'Head office' --owner DEFRA --sensitive yes"
)
def site_command() -> None:
    """Add or list sites, their class, their networks, and who may scan them."""


for _command in permission.COMMANDS:
    site_command.add_command(_command)


@site_command.command(
    "add", epilog="Example: camaudit site add HQ 'Head office' --owner DEFRA --network 10.1.0.0/24"
)
@click.argument("name_id", metavar="ID")
@click.argument("name")
@click.option("--owner", help="Id of the body that it belongs to.")
@click.option(
    "--sensitive",
    type=click.Choice([each.value for each in Sensitivity]),
    default="unknown",
    show_default=True,
    help="Whether the site is in the sensitive class; its security team decides.",
)
@click.option(
    "--tenure",
    type=click.Choice([each.value for each in Tenure]),
    default="unknown",
    help="By what right the body is there.",
)
@click.option("--lease-ends", type=Day(), help="The last day of the lease, if it is rented.")
@click.option("--network", "networks", multiple=True, metavar="CIDR", help="Repeatable.")
@click.option(
    "--zone",
    type=click.Choice([each.value for each in Zone]),
    help="Declared zone: it may prove a breach, never isolation.",
)
@who_option
@estate_option
def site_add(
    name_id: str,
    name: str,
    owner: str | None,
    sensitive: str,
    tenure: str,
    lease_ends: date | None,
    networks: tuple[str, ...],
    zone: str | None,
    who: str,
    estate: Path,
) -> None:
    """Add a site, or correct one by giving its id again."""
    store = app.open_estate(estate)
    for network in networks:
        app.check_network(network)
    site = Site(
        id=SiteId(name_id),
        name=name,
        owner=BodyId(owner) if owner else None,
        sensitivity=Sensitivity(sensitive),
        tenure=Tenure(tenure),
        lease_ends=lease_ends,
        networks=networks,
        zone=Zone(zone) if zone else None,
    )
    with store.writing() as connection:
        known = app.bodies_of(store.judgements(connection))
        if owner and owner not in known:
            raise UsageError(
                f"no body is called {owner!r}; add it first: camaudit body add {owner} NAME"
            )
        app.add_sites(store, connection, [site], who, clock.now())
    click.echo(f"site {name_id}: {name}, sensitive: {sensitive}")


@site_command.command("list", epilog="Example: camaudit site list --json")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@estate_option
def site_list(*, as_json: bool, estate: Path) -> None:
    """List sites."""
    store = app.open_estate(estate)
    with store.reading() as connection:
        sites = app.sites_of(store.judgements(connection)).values()
    if as_json:
        print_json(sites)
        return
    table = Table("Id", "Name", "Owner", "Sensitive", "Tenure", "Networks", "Declared zone")
    for site in sites:
        table.add_row(
            site.id,
            site.name,
            site.owner or "",
            site.sensitivity.value,
            site.tenure.value,
            " ".join(site.networks),
            site.zone.value if site.zone else "",
        )
    screen().print(table)
