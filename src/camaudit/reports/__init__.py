"""Say it to a reader: one folder a report, each built from the same snapshot."""

from __future__ import annotations

from functools import cache

from .redact import CATEGORIES, redact
from .spec import ReportSpec, find_specs

__all__ = ["CATEGORIES", "ReportSpec", "redact", "registry"]


@cache
def registry() -> dict[str, ReportSpec]:
    """Return every report by id."""
    return {spec.id: spec for spec in find_specs(__name__)}
