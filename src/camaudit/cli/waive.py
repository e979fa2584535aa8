"""``camaudit waive``: record an exception that an instrument states, and who granted it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from camaudit.app import clock, judge
from camaudit.app.assess import need_policy, policies
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.errors import UsageError

from .options import Day, estate_option, overlay_option, overlays_for, who_option


@click.command(
    "waive",
    epilog="""\b
Examples:
  camaudit waive dni-waiver --policy us-889-part-a --site HQ --approver 'the Director' \\
      --evidence 'letter 7 of 2026' --reason 'no other supplier' --until 2027-06-30
  camaudit waive dni-waiver --policy us-889-part-a --site HQ --withdrawn \\
      --approver 'the Director' --evidence 'letter 9 of 2026' --reason 'replaced'""",
)
@click.argument("exception")
@click.option("--device", help="The device that it is about (id, asset id, MAC or address).")
@click.option("--site", help="The site that it is about.")
@click.option("--class", "site_class", help="All sites of a class: yes, no, unknown, withheld.")
@click.option("--approver", required=True, help="Who granted it (a role is enough).")
@click.option("--evidence", required=True, help="What shows that: the letter, its number and day.")
@click.option("--reason", required=True, help="Why; shown beside the verdict.")
@click.option("--on", type=Day(), help="Its first day. [default: today]")
@click.option("--until", type=Day(), help="Its last day; after it the requirement applies again.")
@click.option("--withdrawn", is_flag=True, help="Take an earlier one for the same subject back.")
@click.option("--policy", required=True, help="Which policy pack.")
@who_option
@estate_option
@overlay_option
def waive_command(
    *,
    exception: str,
    device: str | None,
    site: str | None,
    site_class: str | None,
    approver: str,
    evidence: str,
    reason: str,
    on: date | None,
    until: date | None,
    withdrawn: bool,
    policy: str,
    who: str,
    estate: Path,
    overlays: tuple[Path, ...],
) -> None:
    """Record an exception that a policy states, for a device, a site or a class of sites.

    Append-only: an exception is never edited, only followed by another one, or by --withdrawn.
    """
    store = open_estate(estate)
    pack = need_policy(policies(load_packs(overlays_for(estate, overlays))), policy)
    known = {each.id: each for each in pack.exceptions}
    if exception not in known:
        there_are = f"there are {', '.join(known)}" if known else "it states none"
        raise UsageError(f"{policy} has no exception {exception!r}; {there_are}")
    now = clock.now()
    waiver = judge.Waiver(
        policy=policy,
        exception=exception,
        subject=judge.subject_of(store, device, site, site_class),
        approver=approver,
        evidence=evidence,
        reason=reason,
        on=on or now.date(),
        until=until,
        withdrawn=withdrawn,
    )
    judge.waive(store, waiver, who, now)
    last = f", stands until {until}" if until else ""
    click.echo(
        f"recorded: {exception}, {waiver.subject}: "
        f"{'withdrawn' if withdrawn else 'granted'} by {approver}{last}\n"
        f"{policy} asks for: {known[exception].evidence}"
    )
