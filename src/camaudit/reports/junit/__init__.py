"""For build servers: an order's lines as test cases, in JUnit XML."""

from __future__ import annotations

from .build import build

__all__ = ["build"]
