"""Options that stand on several commands."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import click

from camaudit.app.opinions import Opinions

DEFAULT_ESTATE: Final = "camaudit.sqlite"
DEFAULT_POLICY: Final = "uk-2022-statement"

Decorator = Callable[[Any], Any]


class Day(click.ParamType[date]):
    """A date, ``2022-11-24``."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or fail with the form that is wanted."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date such as 2022-11-24", param, ctx)


def estate_option(command: Any) -> Any:
    """Add ``--estate FILE``."""
    return click.option(
        "--estate",
        envvar="CAMAUDIT_ESTATE",
        default=DEFAULT_ESTATE,
        show_default=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help="The estate's file (or set CAMAUDIT_ESTATE).",
    )(command)


def overlay_option(command: Any) -> Any:
    """Add ``--packs DIR``."""
    return click.option(
        "--packs",
        "overlays",
        multiple=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="A directory with your own makers/, policies/ or advisories/ (repeatable).",
    )(command)


def opinion_options(command: Any) -> Any:
    """Add ``--recog DIR`` and ``--camera-database PATH``."""
    for option in (
        click.option(
            "--camera-database",
            "cameras",
            multiple=True,
            type=click.Path(exists=True, path_type=Path),
            help="A second opinion: a database of camera models, JSON (repeatable).",
        ),
        click.option(
            "--recog",
            multiple=True,
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="A second opinion: a directory of recog's XML files (repeatable).",
        ),
    ):
        command = option(command)
    return command


def make_opinions(recog: tuple[Path, ...], cameras: tuple[Path, ...]) -> Opinions | None:
    """Return the second opinions that the options name."""
    return Opinions(recog, cameras) if recog or cameras else None


def overlays_for(estate: Path, given: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the overlay directories: ``packs/`` beside the estate, then those given."""
    beside = estate.parent / "packs"
    return ((beside,) if beside.is_dir() else ()) + given


def who_option(command: Any) -> Any:
    """Add ``--who``."""
    return click.option(
        "--who",
        default=getpass.getuser,
        show_default="your user name",
        help="Who says so (a role is enough).",
    )(command)
