"""``camaudit check``: what the rules say of an order before it is signed."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click
import msgspec

from camaudit import __version__
from camaudit.app import clock
from camaudit.app.assess import need_policy, policies
from camaudit.app.check import Intent, check_order
from camaudit.app.order_lines import order_answer_line
from camaudit.app.packset import PackSet, load_packs
from camaudit.app.publish import write_private
from camaudit.app.sensitivity import read_sensitivity
from camaudit.errors import UsageError
from camaudit.model.ids import SiteId
from camaudit.model.observation import Problem
from camaudit.model.orders import LineAnswer, OrderLine
from camaudit.model.policy import PolicyPacks
from camaudit.model.words import BodyKind, Sensitivity, VerdictCode
from camaudit.reports import junit, sarif
from camaudit.reports.letter import letters
from camaudit.reports.orders import OrderAbout
from camaudit.reports.redact_order import redact_order
from camaudit.reports.terminal import order as terminal_order
from camaudit.sources.orders import read_order

from .exits import EXIT_FINDINGS, EXIT_INCOMPLETE
from .options import DEFAULT_POLICY, Day, overlay_option
from .questions import read_choice
from .redaction import redact_option
from .terminal import screen, warn_problems
from .weakenings import warn_replaced

_EVENTS: Final = ("procure", "deploy", "connect", "contract", "renew", "stock", "spend_grant",
                  "import")  # fmt: skip
_ALL: Final = "all"


@click.command(
    "check",
    epilog="""\b
Examples:
  camaudit check order.csv
  camaudit check order.csv --regime us-889-part-a --purpose government-facility-security --json
  camaudit check quote.xlsx --site HQ --sensitive yes
  camaudit check jobs.csv --event deploy --sensitivity classes.csv
  camaudit check order.xml --regime all --sarif order.sarif --junit order.xml

Exit codes: 3 where a line may not be bought as intended; 4 where no line is refused but some cannot
be told; 0 otherwise.""",
)
@click.argument("order", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--regime",
    "regimes",
    multiple=True,
    metavar="ID",
    help=f"A policy pack, or all (repeatable).  [default: {DEFAULT_POLICY}]",
)
@click.option("--as-of", type=Day(), help="The day of the order.  [default: today]")
@click.option(
    "--event",
    type=click.Choice(_EVENTS),
    default="procure",
    show_default=True,
    help="What is intended, where a line does not say; `deploy` takes a job sheet.",
)
@click.option("--purpose", metavar="WORD", help="What it is for: government-facility-security ...")
@click.option("--body", metavar="KIND", help="The kind of body.  [default: one that is bound]")
@click.option("--site", metavar="ID", help="Where it will stand, where a line does not say.")
@click.option(
    "--sensitive",
    type=click.Choice([each.value for each in Sensitivity]),
    help="Whether the site of --site is a sensitive one.",
)
@click.option(
    "--sensitivity",
    "sensitivity_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV of SITE,yes|no|unknown|withheld; used now and never stored.",
)
@click.option(
    "--choose",
    multiple=True,
    metavar="QUESTION=ANSWER",
    help="Answer a policy's interpretation question otherwise (repeatable).",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines, one order line a line.")
@click.option(
    "--sarif",
    "sarif_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write SARIF 2.1.0.",
)
@click.option(
    "--junit",
    "junit_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write JUnit XML; what cannot be told is an error there.",
)
@click.option(
    "--letters",
    "letter_folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Also write a letter with the questions to each supplier.",
)
@redact_option
@overlay_option
def check_command(
    *,
    order: Path,
    regimes: tuple[str, ...],
    as_of: date | None,
    event: str,
    purpose: str | None,
    body: str | None,
    site: str | None,
    sensitive: str | None,
    sensitivity_file: Path | None,
    choose: tuple[str, ...],
    as_json: bool,
    sarif_file: Path | None,
    junit_file: Path | None,
    letter_folder: Path | None,
    redacted: frozenset[str],
    overlays: tuple[Path, ...],
) -> int:
    """Say what the rules ask of each line of an order, a quote or a job sheet.

    Reads CSV, XLSX, JSON, UBL 2.1 XML and PDF with text. Columns are `line`, `description` and,
    where there are, `brand`, `model`, `supplier`, `quantity`, `site`, `event`, `purpose`, `body`,
    `attestation`. A line is judged for its intended event: what is to be deployed, as if it stood
    at its site.
    """
    packs = load_packs(overlays)
    warn_replaced(packs)
    known = policies(packs)
    wanted = regimes or (DEFAULT_POLICY,)
    asked = known.policies if _ALL in wanted else [need_policy(known, each) for each in wanted]
    classes = dict(read_sensitivity(sensitivity_file)) if sensitivity_file else {}
    if sensitive is not None:
        site = site or "this site"
        classes[SiteId(site)] = Sensitivity(sensitive)
    intent = Intent(
        on=as_of or clock.now().date(),
        event=event,
        purpose=_one_of("--purpose", purpose, _purposes(known)),
        body=_one_of("--body", body, tuple(BodyKind)),
        site=site,
        sensitivity=classes,
        choices=dict(read_choice(each) for each in choose),
    )
    lines, problems = _read(order)
    answers = check_order(lines, packs, asked, intent)
    shown = redact_order(answers, redacted)
    about = OrderAbout(
        order=order.name,
        version=__version__,
        redacted=tuple(sorted(redacted)),
        makers=packs.names,
        policies={each.id: each.title for each in asked},
    )
    warn_problems(problems, sum(each.rejected for each in problems))
    if as_json:
        encode = msgspec.json.Encoder().encode
        for answer in shown:
            sys.stdout.buffer.write(encode(order_answer_line(answer)) + b"\n")
        sys.stdout.buffer.flush()
    else:
        terminal_order.show(shown, about, screen())
    if sarif_file is not None:
        write_private(sarif_file, tuple(sarif.build(shown, about)))
    if junit_file is not None:
        write_private(junit_file, tuple(junit.build(shown, about)))
    if letter_folder is not None:
        # a letter is for the supplier, who knows the lines as they were ordered
        _write_letters(answers, _names(packs), letter_folder)
    return _exit_code(answers)


def _read(order: Path) -> tuple[list[OrderLine], list[Problem]]:
    lines: list[OrderLine] = []
    problems: list[Problem] = []
    with order.open("rb") as stream:
        for item in read_order(stream, order.name):
            if isinstance(item, Problem):
                problems.append(item)
            else:
                lines.append(item)
    return lines, problems


def _names(packs: PackSet) -> list[str]:
    """Return every name of a maker or brand that the packs know."""
    return [name for maker in packs.makers.makers for name in maker.names]


def _write_letters(answers: Sequence[LineAnswer], names: Sequence[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for count, letter in enumerate(letters(answers, names), start=1):
        supplier = letter.supplier or "supplier"
        slug = re.sub(r"[^a-z0-9]+", "-", supplier.casefold()).strip("-")[:60]
        write_private(folder / f"{count:02}-{slug or 'supplier'}.md", (letter.text.encode(),))
        for question, name in letter.left_out:
            click.echo(f"note: left out of a letter, since it names {name}: {question}", err=True)
    click.echo(f"{count} letters written to {folder}", err=True)


def _exit_code(answers: list[LineAnswer]) -> int:
    codes = {code for answer in answers for code in answer.verdicts.values()}
    if VerdictCode.BREACHES in codes:
        return EXIT_FINDINGS
    return EXIT_INCOMPLETE if VerdictCode.CANNOT_TELL in codes else 0


def _purposes(known: PolicyPacks) -> tuple[str, ...]:
    return next(word.words for word in known.facts if word.name == "use.purpose")


def _one_of(option: str, given: str | None, words: Sequence[str]) -> str | None:
    """Return a word as the vocabulary writes it; hyphens and blanks may stand for underscores."""
    if given is None:
        return None
    word = given.strip().casefold().replace("-", "_").replace(" ", "_")
    if word not in words:
        known = ", ".join(each.replace("_", "-") for each in words)
        raise UsageError(f"{option} {given}: is none of {known}")
    return word
