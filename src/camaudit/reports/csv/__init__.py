"""A table for spreadsheets and scripts: one row a device and requirement, nothing before it."""

from __future__ import annotations

from camaudit.reports.spec import ReportSpec

from .build import build

__all__ = ["SPEC"]

SPEC = ReportSpec(
    id="csv",
    title="Table of devices and requirements",
    audience="whoever works on in a spreadsheet",
    suffix=".csv",
    media_type="text/csv; charset=utf-8; header=present",
    build=build,
)
