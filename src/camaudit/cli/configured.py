"""``camaudit isolation configured``: what routers and firewalls are told to permit."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table
from rich.text import Text

from camaudit.app import clock
from camaudit.app.configured import Configuration, configured, keep_configured, read, worst
from camaudit.app.estate import need_site, open_estate
from camaudit.app.packset import load_packs
from camaudit.app.survey import survey
from camaudit.app.zones import completed, declared
from camaudit.errors import UsageError
from camaudit.model.configuration import ConfiguredPath, PathAnswer
from camaudit.model.isolation import Zones
from camaudit.reports.legible import one_line

from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .options import estate_option, overlay_option, overlays_for, who_option
from .terminal import print_json, screen
from .zones import named

_CODES = {
    PathAnswer.PERMITTED: EXIT_FINDINGS,
    PathAnswer.CANNOT_TELL: EXIT_INCOMPLETE,
    PathAnswer.NOT_PERMITTED: 0,
}


@click.command(
    "configured",
    epilog="""\b
Examples:
  camaudit isolation configured router.cfg fw.conf --site HQ
  iptables-save | camaudit isolation configured /dev/stdin --core 10.0.0.0/8 \\
      --zone cctv=192.0.2.0/24
  camaudit isolation configured routes.txt --core 10.0.0.0/8 --zone cctv=192.0.2.0/24 --json""",
)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--site", help="Take the networks that are declared for this site.")
@click.option("--core", multiple=True, metavar="CIDR", help="A core network (without --site).")
@click.option("--zone", "zones", multiple=True, metavar="NAME=CIDR", help="Their network.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one a pair of networks.")
@who_option
@overlay_option
@estate_option
def configured_command(
    *,
    files: tuple[Path, ...],
    site: str | None,
    core: tuple[str, ...],
    zones: tuple[str, ...],
    as_json: bool,
    who: str,
    overlays: tuple[Path, ...],
    estate: Path,
) -> int:
    """Tell whether a path from the devices' networks to the core is permitted, as configured.

    Reads Cisco IOS, Juniper (set format), FortiOS, `ip route`, `show ip route` and iptables-save.
    A configuration is a declaration: it shows what is meant to happen, and proves no isolation.
    With --site what is permitted to each device with an address is recorded for `camaudit assess`;
    traffic outranks it, and recording again supersedes it.
    Leaves with 3 if a path is permitted, with 4 if that cannot be told.
    """
    given = read(files)
    if site is None:
        found = configured(given, Zones(core=core, site=named(zones, "--zone")))
    else:
        if core or zones:
            raise UsageError("give --site, or --core and --zone, and not both")
        found = _recorded(given, site, who, overlays, estate)
    if as_json:
        print_json(
            {
                "from": each.source,
                "to": each.target,
                "answer": each.answer.value,
                "basis": each.basis.value,
                "because": list(each.because),
                "lines": [[line.file, line.number, line.text] for line in each.lines],
                "not_understood": [[line.file, line.number] for line in each.not_understood],
            }
            for each in found
        )
    else:
        table = Table("From", "To", "As configured", "Because")
        for each in found:
            lines = [f"{line.file}:{line.number} {one_line(line.text)}" for line in each.lines]
            why = "\n".join((*map(one_line, each.because), *lines))
            table.add_row(each.source, each.target, each.answer.value.replace("_", " "), Text(why))
        screen().print(table)
        for line in found[0].not_understood[:20]:
            click.echo(f"not understood: {line.file}:{line.number}", err=True)
    return _CODES[worst(found)]


def _recorded(
    given: list[Configuration], site: str, who: str, overlays: tuple[Path, ...], estate: Path
) -> list[ConfiguredPath]:
    packs = load_packs(overlays_for(estate, overlays))
    store = open_estate(estate)
    known = survey(store, packs)
    place = need_site(known.sites, site).id
    networks = completed(declared(known.judgements, place), known.sites, place).zones
    found = configured(given, networks)
    count = keep_configured(store, given, known, place, networks, who, clock.now())
    click.echo(f"recorded for {count} devices of site {place}", err=True)
    return found
