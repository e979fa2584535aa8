"""Judge separation and egress from summarised traffic, and say what was not looked at."""

from __future__ import annotations

from .assess import assess
from .zones import read_zones

__all__ = ["assess", "read_zones"]
