"""``camaudit isolation probe``: what answers from the core side."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from camaudit.app import clock
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.app.probe_isolation import prepare_probe, probe
from camaudit.packs.scan_policy import load_scan_policy
from camaudit.reports.legible import one_line

from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .extras import need_scan
from .options import estate_option, overlay_option, overlays_for, who_option
from .scan import progress_bar, show_plan
from .terminal import print_json, screen


@click.command(
    "probe",
    epilog="""\b
Examples (on a host of the core network):
  camaudit isolation probe --site HQ --dry-run
  camaudit isolation probe --site HQ""",
)
@click.option("--site", required=True, help="The site whose equipment is asked.")
@click.option("--rate", type=float, help="Packets a second, over all devices.")
@click.option("--dry-run", is_flag=True, help="Show every kind of packet and how many; send none.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one an address.")
@who_option
@overlay_option
@estate_option
def probe_command(
    *,
    site: str,
    rate: float | None,
    dry_run: bool,
    as_json: bool,
    who: str,
    overlays: tuple[Path, ...],
    estate: Path,
) -> int:
    """Ask a site's equipment from here, on the core network, whether it can be reached.

    A polite scan of the addresses on record, within the site's permission. Whatever answers or
    refuses is connected to the core network; that nothing answers shows no isolation. Leaves with
    3 if something was reached, with 4 otherwise.
    """
    need_scan()
    store = open_estate(estate)
    folders = overlays_for(estate, overlays)
    prepared = prepare_probe(
        store,
        load_packs(folders),
        load_scan_policy(folders),
        site,
        who,
        clock.now(),
        rate=rate,
    )
    click.echo(f"asking from {prepared.vantage}, in the core network {prepared.core}", err=True)
    if dry_run:
        show_plan(prepared.prepared, as_json=as_json)
        return 0
    with progress_bar(prepared.prepared) as tell:
        found = probe(store, prepared, clock.now, tell)
    if as_json:
        print_json(
            {
                "device": each.device,
                "name": each.name,
                "address": each.address,
                "reached": each.reached,
                "reach": each.reach.value,
                "says": each.says,
            }
            for each in found
        )
    else:
        table = Table("Device", "Address", "Reached", "What that shows")
        for each in found:
            reached = "yes" if each.reached else "no"
            table.add_row(Text(one_line(each.name)), each.address, reached, Text(each.says))
        screen().print(table)
    return EXIT_FINDINGS if any(each.reached for each in found) else EXIT_INCOMPLETE
