"""For whoever sits at the terminal: the same opening, then the devices that matter."""

from __future__ import annotations

from camaudit.reports.spec import ReportSpec

from .build import build, device_card, render, show, weakness_card, weakness_summary
from .comparing import show_many
from .gaps import show_gaps

__all__ = [
    "SPEC",
    "device_card",
    "render",
    "show",
    "show_gaps",
    "show_many",
    "weakness_card",
    "weakness_summary",
]

SPEC = ReportSpec(
    id="terminal",
    title="Report on the terminal",
    audience="whoever runs the assessment",
    suffix=".txt",
    media_type="text/plain; charset=utf-8",
    build=build,
)
