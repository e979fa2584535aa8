"""``camaudit decide``: record what a body decided under a clause."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from camaudit.app import clock, judge
from camaudit.app.assess import need_policy, policies
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.errors import UsageError

from .options import DEFAULT_POLICY, Day, estate_option, overlay_option, overlays_for, who_option


@click.command(
    "decide",
    epilog="""\b
Examples:
  camaudit decide c --device D-3Q7XKEVA --outcome replace --reason 'in the 2027 refresh' \\
      --who 'departmental security officer' --review 2027-04-01
  camaudit decide d --class no --outcome extend --reason 'same mitigation everywhere'
  camaudit decide c --device D-3Q7XKEVA --outcome withdrawn --reason 'recorded in error'""",
)
@click.argument("clause")
@click.option("--device", help="The device that it is about (id, asset id, MAC or address).")
@click.option("--site", help="The site that it is about.")
@click.option("--class", "site_class", help="All sites of a class: yes, no, unknown, withheld.")
@click.option(
    "--outcome",
    type=click.Choice(judge.OUTCOMES),
    required=True,
    help="What was decided; `withdrawn` takes an earlier decision back.",
)
@click.option("--reason", required=True, help="Why; shown beside the verdict.")
@click.option("--on", type=Day(), help="When it was decided. [default: today]")
@click.option("--review", type=Day(), help="Until when it stands; then it is outstanding again.")
@click.option("--policy", default=DEFAULT_POLICY, show_default=True, help="Which policy pack.")
@who_option
@estate_option
@overlay_option
def decide_command(
    clause: str,
    device: str | None,
    site: str | None,
    site_class: str | None,
    outcome: str,
    reason: str,
    on: date | None,
    review: date | None,
    policy: str,
    who: str,
    estate: Path,
    overlays: tuple[Path, ...],
) -> None:
    """Record a decision under a clause, for a device, a site or a class of sites.

    Append-only: a decision is never edited, only followed by another one.
    """
    store = open_estate(estate)
    pack = need_policy(policies(load_packs(overlays_for(estate, overlays))), policy)
    known = [requirement.id for requirement in pack.requirements]
    if clause not in known:
        raise UsageError(f"{policy} has no clause {clause!r}; there are {', '.join(known)}")
    subject = judge.subject_of(store, device, site, site_class)
    now = clock.now()
    decision = judge.Decision(
        policy=policy,
        requirement=clause,
        subject=subject,
        outcome=outcome,
        reason=reason,
        on=on or now.date(),
        review_on=review,
    )
    judge.decide(store, decision, who, now)
    until = f", stands until {review}" if review else ""
    click.echo(f"recorded: clause {clause}, {subject}: {outcome} by {who}{until}")
