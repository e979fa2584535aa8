"""Registers of cameras and recorders, as people keep them in spreadsheets."""

from __future__ import annotations

from functools import partial

from camaudit.sources.spec import ImporterSpec
from camaudit.sources.tables import TableKind, table_score

from .read import read

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="inventory",
    title="Register of devices (CSV, TSV, XLSX, XLS, ODS)",
    suffixes=(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"),
    sniff=partial(table_score, TableKind.INVENTORY),
    read=read,
)
