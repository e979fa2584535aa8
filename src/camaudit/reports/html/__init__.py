"""For people: one self-contained, accessible HTML file that also prints well."""

from __future__ import annotations

from camaudit.reports.spec import ReportSpec

from .build import build

__all__ = ["SPEC"]

SPEC = ReportSpec(
    id="html",
    title="Report for reading and printing",
    audience="a security officer, and whoever she hands it to",
    suffix=".html",
    media_type="text/html; charset=utf-8",
    build=build,
)
