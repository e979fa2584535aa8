"""For code review and dashboards: the findings on an order's lines as SARIF 2.1.0."""

from __future__ import annotations

from .build import build

__all__ = ["build"]
