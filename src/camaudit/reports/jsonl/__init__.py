"""For other programs: JSON Lines, a header first, each line with its type."""

from __future__ import annotations

from camaudit.reports.spec import ReportSpec

from .build import build

__all__ = ["SPEC"]

SPEC = ReportSpec(
    id="jsonl",
    title="Everything, as JSON Lines",
    audience="other programs",
    suffix=".jsonl",
    media_type="application/jsonl",
    build=build,
)
