"""Options that make the question an assessment answers; they stand on several commands."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import click

from camaudit.app import clock
from camaudit.app.assess import Assessment, Question
from camaudit.app.sensitivity import read_sensitivity
from camaudit.errors import UsageError

from .options import DEFAULT_POLICY, Day

#: Unknown sites named in a note; the rest is counted.
SHOWN_SITES: Final = 5


_DATE_OPTIONS: Final = (
    click.option("--as-of", type=Day(), help="The rule date and the fact date. [default: today]"),
    click.option("--facts-as-of", type=Day(), help="The fact date, if it is another."),
)
_READING_OPTIONS: Final = (
    click.option(
        "--known-at", type=Day(), help="Use only what the estate knew at the end of a day."
    ),
    click.option(
        "--sensitivity",
        "sensitivity_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="A CSV of SITE,yes|no|unknown|withheld; used now and never stored.",
    ),
    click.option(
        "--choose",
        multiple=True,
        metavar="QUESTION=ANSWER",
        help="Answer a policy's interpretation question otherwise (repeatable).",
    ),
)


def policy_option(command: Any) -> Any:
    """Add ``--policy``."""
    return click.option(
        "--policy", default=DEFAULT_POLICY, show_default=True, help="Which policy pack."
    )(command)


def question_options(command: Any) -> Any:
    """Add the options that make a ``Question``."""
    for option in reversed((*_DATE_OPTIONS, *_READING_OPTIONS)):
        command = option(command)
    return policy_option(command)


def reading_options(command: Any) -> Any:
    """Add the options that make a ``Question`` of which the dates are asked otherwise."""
    for option in reversed(_READING_OPTIONS):
        command = option(command)
    return command


def between_option(command: Any) -> Any:
    """Add ``--between DATE1 DATE2``."""
    return click.option(
        "--between",
        nargs=2,
        type=Day(),
        metavar="DATE1 DATE2",
        help="On all days from one to another, both included.",
    )(command)


def make_question(
    *,
    policy: str = DEFAULT_POLICY,
    as_of: date | None = None,
    facts_as_of: date | None = None,
    known_at: date | None = None,
    sensitivity_file: Path | None = None,
    choose: tuple[str, ...] = (),
) -> Question:
    """Return the question that the options ask."""
    now = clock.now()
    rules_on = as_of or now.date()
    end_of_day = (
        datetime.combine(known_at + timedelta(days=1), time(), UTC) - timedelta(microseconds=1)
        if known_at
        else now
    )
    return Question(
        policy=policy,
        rules_on=rules_on,
        facts_on=facts_as_of or rules_on,
        known_at=end_of_day,
        sensitivity=read_sensitivity(sensitivity_file) if sensitivity_file else {},
        choices=dict(_pair(each) for each in choose),
    )


def warn_unknown_sites(assessment: Assessment) -> None:
    """Say which sites of a sensitivity file the estate does not have: nothing was done for them."""
    unknown = sorted(set(assessment.question.sensitivity) - set(assessment.survey.sites))
    if unknown:
        shown = ", ".join(unknown[:SHOWN_SITES])
        click.echo(
            f"note: --sensitivity names {len(unknown)} sites that are not in the estate: {shown}",
            err=True,
        )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise UsageError(f"--choose {text}: want QUESTION=ANSWER")
    return name, value
