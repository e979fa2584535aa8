"""``--redact``: leave out what a reader must not see, on every report and export."""

from __future__ import annotations

from typing import Any

import click

from camaudit.errors import UsageError
from camaudit.reports.redact import CATEGORIES


def _parse(_ctx: click.Context, _param: click.Parameter, value: str | None) -> frozenset[str]:
    words = frozenset(word.strip() for word in (value or "").split(",") if word.strip())
    unknown = sorted(words - set(CATEGORIES))
    if unknown:
        raise UsageError(
            f"--redact {','.join(unknown)}: want some of {','.join(sorted(CATEGORIES))}"
        )
    return words


def redact_option(command: Any) -> Any:
    """Add ``--redact``."""
    return click.option(
        "--redact",
        "redacted",
        callback=_parse,
        metavar="LIST",
        help="Leave out some of: sites,addresses,serials,people.",
    )(command)
