"""``camaudit packs``: check, show, compare and renew what we know and which rules we have."""

from __future__ import annotations

from pathlib import Path

import click

from camaudit.app import clock
from camaudit.app.ftm import write_ftm_overlay
from camaudit.app.opinions import opinion_notes
from camaudit.app.packset import load_packs
from camaudit.app.published import write_overlay
from camaudit.app.verify import verify_packs

from . import policies
from .exits import EXIT_ERROR
from .options import make_opinions, opinion_options, overlay_option
from .policy_schema import schema_command
from .terminal import busy, warn_problems
from .weakenings import warn_replaced


@click.group("packs", epilog="Example: camaudit packs verify --packs ./our-packs")
def packs_command() -> None:
    """Check packs of makers, weaknesses and policies, show and compare policies, renew."""


for _command in (*policies.COMMANDS, schema_command):
    packs_command.add_command(_command)


@packs_command.command("verify", epilog="Example: camaudit packs verify --packs ./our-packs")
@overlay_option
@opinion_options
def packs_verify(
    *, overlays: tuple[Path, ...], recog: tuple[Path, ...], cameras: tuple[Path, ...]
) -> None:
    """Load every pack strictly and run its examples and counter-examples.

    It warns where policies or makers of your own make a rule ask less than as it ships. Of second
    opinions it tells how much is used, and what is not and why.
    """
    warn_replaced(load_packs(overlays))
    counted = verify_packs(overlays)
    click.echo(
        f"{counted.makers} makers, {counted.signatures} signatures: "
        f"{counted.maker_examples} examples hold"
    )
    click.echo(
        f"{counted.advisories} records of weaknesses: {counted.advisory_examples} examples hold"
    )
    click.echo(
        f"{counted.services} services that equipment contacts: "
        f"{counted.service_examples} examples hold"
    )
    click.echo(
        f"{counted.policies} policies, {counted.requirements} requirements: "
        f"{counted.policy_examples} examples hold"
    )
    click.echo(
        f"makers {counted.maker_digest[:16]}, advisories {counted.advisory_digest[:16]}, "
        f"clouds {counted.cloud_digest[:16]}, policies {counted.policy_digest[:16]}"
    )
    if opinions := make_opinions(recog, cameras):
        packs = load_packs(overlays, opinions=opinions)
        for note in opinion_notes(opinions, packs.makers.makers):
            click.echo(note)


@packs_command.command(
    "from-ftm", epilog="Example: camaudit packs from-ftm entities.ftm.json -o owners"
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="A new directory."
)
@overlay_option
def packs_from_ftm(*, file: Path, output: Path, overlays: tuple[Path, ...]) -> None:
    """Write an overlay with the owners that FollowTheMoney entities name.

    FILE has one entity a line, compressed or not, e.g. from OpenSanctions (whose data has a licence
    of its own: read it). Organisations are matched to makers by their whole name only. Look at what
    was written, then give the directory to --packs.
    """
    written = write_ftm_overlay(file, output, clock.now().date(), overlays)
    for path in written.files:
        click.echo(str(path))
    click.echo(f"{written.ties} ownerships and {written.jurisdictions} jurisdictions added")
    for reason, count in written.left_out.most_common():
        if count:
            click.echo(f"note: not used: {count} {reason}", err=True)


@packs_command.command(
    "advisories",
    epilog="""\b
Examples:
  camaudit packs advisories --kev known_exploited_vulnerabilities.json --out newer
  camaudit packs advisories --cve cvelistV5/cves/2025 --cve CVE-2021-36260.json --out newer
  camaudit advisories --packs newer""",
)
@click.option(
    "--kev",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CISA's catalogue of known exploited weaknesses (JSON).",
)
@click.option(
    "--cve",
    "cves",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A CVE record (JSON), or a directory or zip file of them (repeatable).",
)
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write the pack directory; must be new or empty.",
)
@click.option("--strict", is_flag=True, help="Leave with exit code 1 if anything was rejected.")
@overlay_option
def packs_advisories(
    *,
    kev: Path | None,
    cves: tuple[Path, ...],
    out: Path,
    strict: bool,
    overlays: tuple[Path, ...],
) -> int:
    """Turn published files about weaknesses into a pack directory. Nothing is fetched.

    Use it with `--packs`, or as `packs/` beside the estate. A record that ships with versions, read
    by a person, is kept; one without is replaced by what was published.
    """
    with busy("reading published weaknesses"):
        found = write_overlay(load_packs(overlays), kev, cves, out, clock.now().date())
    if found.catalogue_on:
        click.echo(
            f"catalogue of {found.catalogue_on}: {found.entries} entries, "
            f"{found.listed} of them in our records"
        )
    click.echo(
        f"{found.files} CVE files read; {found.records} records written, "
        f"{found.kept} kept as they ship; passed over: {found.withdrawn} withdrawn, "
        f"{found.unknown} of makers that we do not know, {found.other} of other equipment"
    )
    click.echo(f"written: {len(found.written)} files below {out}")
    warn_problems(found.problems, found.rejected)
    return EXIT_ERROR if strict and found.rejected else 0
