"""Judge separation and egress from summarised traffic, and say what was not looked at."""

from __future__ import annotations

from .assess import assess
from .flows import answered
from .zones import read_zones

__all__ = ["answered", "assess", "read_zones"]
