"""Options that make the question an assessment answers; they stand on several commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import click

from camaudit.app import clock
from camaudit.app.assess import Assessment, Question, need_policy
from camaudit.app.sensitivity import read_sensitivity
from camaudit.app.what_if import can_extend, extend_to_other_sites, read_overrides, unread
from camaudit.errors import UsageError
from camaudit.model.policy import PolicyPacks

from .options import DEFAULT_POLICY, Day

#: The word for every policy pack.
ALL: Final = "all"

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
    return policy_option(_date_options(reading_options(command)))


def questions_options(command: Any) -> Any:
    """Add the options that make a ``Question`` of each of several policies."""
    several = click.option(
        "--policy",
        "asked_policies",
        multiple=True,
        default=[DEFAULT_POLICY],
        show_default=True,
        help="Which policy pack (repeatable); `all` asks every one.",
    )
    return several(_date_options(reading_options(command)))


def reading_options(command: Any) -> Any:
    """Add the options that make a ``Question`` of which the dates are asked otherwise."""
    for option in reversed(_READING_OPTIONS):
        command = option(command)
    return command


def _date_options(command: Any) -> Any:
    for option in reversed(_DATE_OPTIONS):
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
        choices=dict(read_choice(each) for each in choose),
    )


def make_questions(
    known: PolicyPacks,
    *,
    asked_policies: tuple[str, ...],
    what_if: tuple[str, ...] = (),
    extend: bool = False,
    makers: Mapping[str, str] | None = None,
    **asked: Any,
) -> list[Question]:
    """Return the same question for each policy that is asked, with what is supposed."""
    names = [each.id for each in known.policies] if ALL in asked_policies else asked_policies
    policies = [need_policy(known, name) for name in dict.fromkeys(names)]
    supposed = read_overrides(what_if, policies, makers or {})
    if extend:
        if any(each.fact == "site.sensitivity" for each in supposed):
            raise UsageError("--extend-to-other-sites and --what-if both suppose site.sensitivity")
        extending = [each for each in policies if can_extend(each)] or policies[:1]
        supposed = (*supposed, extend_to_other_sites(extending[0]))
    usual = make_question(**asked)
    return [replace(usual, policy=each.id, what_if=supposed) for each in policies]


def warn_unread(assessment: Assessment) -> None:
    """Say which supposed facts a policy does not ask for: nothing changes for it."""
    names = unread(assessment.question.what_if, assessment.compiled)
    if names:
        click.echo(f"note: {assessment.policy.id} asks nothing about {', '.join(names)}", err=True)


def warn_unknown_sites(assessment: Assessment) -> None:
    """Say which sites of a sensitivity file the estate does not have: nothing was done for them."""
    unknown = sorted(set(assessment.question.sensitivity) - set(assessment.survey.sites))
    if unknown:
        shown = ", ".join(unknown[:SHOWN_SITES])
        click.echo(
            f"note: --sensitivity names {len(unknown)} sites that are not in the estate: {shown}",
            err=True,
        )


def read_choice(text: str) -> tuple[str, str]:
    """Return a question and its answer from ``QUESTION=ANSWER``."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise UsageError(f"--choose {text}: want QUESTION=ANSWER")
    return name, value
