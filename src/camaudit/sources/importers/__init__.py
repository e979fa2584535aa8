"""One folder a file format: an open stream becomes observations, bodies, sites and problems."""

from __future__ import annotations

from functools import cache

from camaudit.sources.spec import ImporterSpec, find_specs

__all__ = ["ImporterSpec", "registry"]


@cache
def registry() -> dict[str, ImporterSpec]:
    """Return every importer by id."""
    specs = (spec for spec in find_specs(__name__) if isinstance(spec, ImporterSpec))
    return {spec.id: spec for spec in specs}
