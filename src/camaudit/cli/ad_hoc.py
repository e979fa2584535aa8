"""Judge captures by networks that options name, without an estate."""

from __future__ import annotations

from pathlib import Path

from camaudit.app import clock
from camaudit.app.packset import load_packs
from camaudit.app.verify_isolation import verify_files
from camaudit.app.zones import Declaration
from camaudit.errors import UsageError
from camaudit.model.verification import Verification

from .terminal import busy, warn_problems


def judge_files(
    captures: tuple[Path, ...], declaration: Declaration, overlays: tuple[Path, ...]
) -> Verification:
    """Return what files come to, and tell on standard error what in them was not read."""
    if not captures:
        raise UsageError("name a capture or flow log, or a site that has some: --site")
    with busy("reading and judging"):
        found, problems = verify_files(captures, load_packs(overlays), declaration, clock.now())
    warn_problems(problems, sum(each.rejected for each in problems))
    return found
