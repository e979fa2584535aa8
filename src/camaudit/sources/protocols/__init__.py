"""One folder a protocol: codec (bytes and messages), observe (messages to observations)."""

from __future__ import annotations

from functools import cache

from camaudit.sources.spec import ProtocolSpec, find_specs

__all__ = ["ProtocolSpec", "registry"]


@cache
def registry() -> dict[str, ProtocolSpec]:
    """Return every protocol by id."""
    specs = (spec for spec in find_specs(__name__) if isinstance(spec, ProtocolSpec))
    return {spec.id: spec for spec in specs}
