"""Lists of bodies: departments, their agencies, councils and the rest."""

from __future__ import annotations

from functools import partial

from camaudit.sources.spec import ImporterSpec
from camaudit.sources.tables import TableKind, table_score

from .read import read

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="bodies",
    title="List of bodies (CSV, TSV, XLSX, XLS, ODS)",
    suffixes=(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"),
    sniff=partial(table_score, TableKind.BODIES),
    read=read,
)
