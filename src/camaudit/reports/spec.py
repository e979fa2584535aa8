"""What a report folder must declare, and how it is found.

1. A folder below ``reports`` that holds a ``SPEC`` is registered; nothing else is edited. A folder
   without one writes the answers to an order and not an assessment; who needs it imports it.
2. ``build`` is pure: it reads its own template, and writes nowhere. The caller owns the file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from camaudit.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSpec:
    """A way to say an assessment: for whom, in which format.

    ``build`` yields the document in chunks, so that a large estate never stands in memory whole.
    It raises ``CamauditError`` before the first chunk where the snapshot holds a number without its
    denominator, a verdict without its clause or a maker without its signals.
    """

    id: str
    title: str
    audience: str
    suffix: str
    media_type: str
    build: Callable[[Snapshot], Iterator[bytes]]


def find_specs(package: str) -> Iterator[ReportSpec]:
    """Yield the ``SPEC`` of each folder directly below ``package``, sorted by name."""
    parent = importlib.import_module(package)
    for module in sorted(pkgutil.iter_modules(parent.__path__), key=lambda found: found.name):
        if module.ispkg:
            spec = getattr(importlib.import_module(f"{package}.{module.name}"), "SPEC", None)
            if isinstance(spec, ReportSpec):
                yield spec
