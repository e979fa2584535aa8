"""For other programs: JSON Lines, a header first, each line with its type."""

from __future__ import annotations

from camaudit.reports.spec import ReportSpec

from .build import build
from .many import build_gaps, build_many

__all__ = ["SPEC", "build_gaps", "build_many"]

SPEC = ReportSpec(
    id="jsonl",
    title="Everything, as JSON Lines",
    audience="other programs",
    suffix=".jsonl",
    media_type="application/jsonl",
    build=build,
)
