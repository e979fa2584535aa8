"""For suppliers: one neutral letter each, which asks for facts and functions only."""

from __future__ import annotations

from .build import Letter, letters

__all__ = ["Letter", "letters"]
