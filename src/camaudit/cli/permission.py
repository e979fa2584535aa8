"""What ``camaudit site`` lays down: permissions, exclusions, blackouts; and how to withdraw it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.table import Table

from camaudit.app import clock
from camaudit.app import estate as app
from camaudit.app.permission import (
    black_out,
    exclude,
    permit,
    permit_capture,
    records,
    withdraw,
)
from camaudit.model.observation import Site
from camaudit.model.permission import (
    Blackout,
    CapturePermission,
    Exclusion,
    ExclusionReason,
    Permission,
    Right,
)
from camaudit.packs.scan_policy import load_scan_policy
from camaudit.sources.spec import Intrusiveness

from .options import Day, estate_option, overlay_option, overlays_for, who_option
from .terminal import print_json, screen

_CEILINGS = (Intrusiveness.PASSIVE.value, Intrusiveness.POLITE.value, Intrusiveness.PROBING.value)


@click.command(
    "permit",
    epilog="Example: camaudit site permit HQ --by 'head of estates' --right owner "
    "--until 2027-06-30 --ceiling probing --approver 'network manager'",
)
@click.argument("site_id", metavar="SITE")
@click.option("--by", required=True, help="Who permits it (a role is enough).")
@click.option(
    "--right",
    required=True,
    type=click.Choice([each.value for each in Right]),
    help="By what right the network may be scanned.",
)
@click.option("--until", required=True, type=Day(), help="The last day on which it holds.")
@click.option("--from", "start", type=Day(), help="The first day. [default: today]")
@click.option(
    "--ceiling",
    type=click.Choice(_CEILINGS),
    default=Intrusiveness.POLITE.value,
    show_default=True,
    help="How far questions may go: standard ones (polite), or the makers' own too (probing).",
)
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="Covers only this (repeatable). [default: the site's networks]",
)
@click.option(
    "--public", multiple=True, metavar="CIDR", help="A public network that it names (repeatable)."
)
@click.option("--approver", "approvers", multiple=True, help="Who else approved (repeatable).")
@click.option("--reference", default="", help="The contract, ticket or letter that it rests on.")
@who_option
@overlay_option
@estate_option
def permit_command(
    *,
    site_id: str,
    by: str,
    right: str,
    until: date,
    start: date | None,
    ceiling: str,
    networks: tuple[str, ...],
    public: tuple[str, ...],
    approvers: tuple[str, ...],
    reference: str,
    who: str,
    overlays: tuple[Path, ...],
    estate: Path,
) -> None:
    """Record who allows a scan of a site, by what right, and until when.

    Without such a record nothing but this machine itself is scanned.
    """
    store, now = app.open_estate(estate), clock.now()
    site = _site(store, site_id)
    record = Permission(
        number=0,
        site=site.id,
        by=by,
        approvers=approvers,
        right=Right(right),
        reference=reference,
        # as they are now: a network that the site gains later needs a permission of its own
        networks=networks or site.networks,
        public=public,
        ceiling=ceiling,
        valid_from=start or now.date(),
        valid_until=until,
    )
    policy = load_scan_policy(overlays_for(estate, overlays))
    number = permit(store, record, policy, who, now)
    click.echo(f"permission {number}: site {record.site}, {ceiling} questions, until {until}")


@click.command(
    "permit-capture",
    epilog="Example: camaudit site permit-capture HQ --by 'head of estates' --until 2026-12-31 "
    "--lawful-basis 'public task' --approver 'data protection officer' --interface eth1",
)
@click.argument("site_id", metavar="SITE")
@click.option("--by", required=True, help="Who permits it (a role is enough).")
@click.option("--lawful-basis", required=True, help="On what basis people's traffic is recorded.")
@click.option("--until", required=True, type=Day(), help="The last day on which it holds.")
@click.option("--from", "start", type=Day(), help="The first day. [default: today]")
@click.option("--approver", "approvers", multiple=True, required=True, help="Who approved it.")
@click.option("--interface", "interfaces", multiple=True, help="Only this one (repeatable).")
@click.option("--reference", default="", help="The assessment, ticket or letter it rests on.")
@who_option
@overlay_option
@estate_option
def permit_capture_command(
    *,
    site_id: str,
    by: str,
    lawful_basis: str,
    until: date,
    start: date | None,
    approvers: tuple[str, ...],
    interfaces: tuple[str, ...],
    reference: str,
    who: str,
    overlays: tuple[Path, ...],
    estate: Path,
) -> None:
    """Record who allows that a site's traffic is recorded, on what basis, and until when.

    Without such a record `camaudit isolation capture` listens to nothing.
    """
    store, now = app.open_estate(estate), clock.now()
    record = CapturePermission(
        number=0,
        site=_site(store, site_id).id,
        by=by,
        approvers=approvers,
        lawful_basis=lawful_basis,
        reference=reference,
        interfaces=interfaces,
        valid_from=start or now.date(),
        valid_until=until,
    )
    policy = load_scan_policy(overlays_for(estate, overlays))
    number = permit_capture(store, record, policy, who, now)
    click.echo(f"capture permission {number}: site {record.site}, until {until}, {lawful_basis}")


@click.command("exclude", epilog="Example: camaudit site exclude HQ 10.20.1.64/28 --reason medical")
@click.argument("site_id", metavar="SITE")
@click.argument("what", metavar="NETWORK|ADDRESS|MAC")
@click.option(
    "--reason",
    required=True,
    type=click.Choice([each.value for each in ExclusionReason]),
    help="What kind of device it is.",
)
@click.option("--note", default="", help="Anything that helps whoever wonders later.")
@who_option
@estate_option
def exclude_command(
    *, site_id: str, what: str, reason: str, note: str, who: str, estate: Path
) -> None:
    """Never ask a device or network, whatever a scan is told to."""
    store = app.open_estate(estate)
    record = Exclusion(
        number=0,
        site=_site(store, site_id).id,
        what=what,
        reason=ExclusionReason(reason),
        note=note,
    )
    number = exclude(store, record, who, clock.now())
    click.echo(f"exclusion {number}: {what} at site {record.site} is never asked ({reason})")


@click.command(
    "blackout",
    epilog="Example: camaudit site blackout HQ 'Mon-Fri 08:00-18:00' --zone Europe/London "
    "--reason 'office hours'",
)
@click.argument("site_id", metavar="SITE")
@click.argument("hours", metavar="'DAYS HH:MM-HH:MM'")
@click.option("--zone", default="UTC", show_default=True, help="The time zone of the hours.")
@click.option("--reason", default="", help="Why.")
@who_option
@estate_option
def blackout_command(
    *, site_id: str, hours: str, zone: str, reason: str, who: str, estate: Path
) -> None:
    """Scan nothing at a site in these weekly hours; a running scan pauses when they begin."""
    store = app.open_estate(estate)
    record = Blackout(
        number=0, site=_site(store, site_id).id, hours=hours, zone=zone, reason=reason
    )
    number = black_out(store, record, who, clock.now())
    click.echo(f"blackout {number}: {hours} {zone} at site {record.site}")


@click.command("permissions", epilog="Example: camaudit site permissions HQ --json")
@click.argument("site_id", metavar="SITE")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")
@estate_option
def permissions_command(*, site_id: str, as_json: bool, estate: Path) -> None:
    """List what was laid down for a site: permissions, exclusions, blackouts."""
    store = app.open_estate(estate)
    with store.reading() as connection:
        judgements = store.judgements(connection)
    site = app.need_site(app.sites_of(judgements), site_id)
    found: list[Permission | CapturePermission | Exclusion | Blackout] = [
        *records(judgements, site.id, Permission),
        *records(judgements, site.id, CapturePermission),
        *records(judgements, site.id, Exclusion),
        *records(judgements, site.id, Blackout),
    ]
    if as_json:
        print_json({"kind": type(each).__name__.lower(), **_fields(each)} for each in found)
        return
    today = clock.now().date()
    table = Table("Number", "Kind", "What", "Today")
    for each in found:
        table.add_row(str(each.number), type(each).__name__.lower(), *_told(each, today))
    screen().print(table)
    if not any(isinstance(each, Permission) for each in found):
        click.echo(
            f"nobody has permitted a scan of site {site.id}: camaudit site permit {site.id} ...",
            err=True,
        )


@click.command("withdraw", epilog="Example: camaudit site withdraw HQ 12 --reason 'lease ended'")
@click.argument("site_id", metavar="SITE")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Why it no longer holds.")
@who_option
@estate_option
def withdraw_command(*, site_id: str, number: int, reason: str, who: str, estate: Path) -> None:
    """Withdraw a permission, exclusion or blackout by its number; the record stays readable."""
    store = app.open_estate(estate)
    site = _site(store, site_id)
    withdraw(store, site.id, number, reason, who, clock.now())
    click.echo(f"withdrawn: {number} at site {site.id}")


def _site(store: app.EstateStore, name: str) -> Site:
    with store.reading() as connection:
        return app.need_site(app.sites_of(store.judgements(connection)), name)


def _fields(record: Permission | CapturePermission | Exclusion | Blackout) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__slots__}


def _told(
    record: Permission | CapturePermission | Exclusion | Blackout, today: date
) -> tuple[str, str]:
    if isinstance(record, Permission | CapturePermission):
        people = ", ".join((record.by, *record.approvers))
        if isinstance(record, Permission):
            right = record.right.value.replace("_", " ")
            what = f"{record.ceiling} questions, by {people} ({right})"
        else:
            what = f"traffic may be recorded, by {people} ({record.lawful_basis})"
        if today < record.valid_from:
            return what, f"begins on {record.valid_from}"
        over = today > record.valid_until
        return what, f"ended on {record.valid_until}" if over else f"until {record.valid_until}"
    if isinstance(record, Exclusion):
        return f"{record.what}: {record.reason.value} {record.note}".strip(), "holds"
    return f"{record.hours} {record.zone} {record.reason}".strip(), "holds"


COMMANDS = (
    permit_command,
    permit_capture_command,
    exclude_command,
    blackout_command,
    permissions_command,
    withdraw_command,
)
