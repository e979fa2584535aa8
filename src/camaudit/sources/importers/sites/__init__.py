"""Lists of sites, with what is declared of them."""

from __future__ import annotations

from functools import partial

from camaudit.sources.spec import ImporterSpec
from camaudit.sources.tables import TableKind, table_score

from .read import read

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="sites",
    title="List of sites (CSV, TSV, XLSX, XLS, ODS)",
    suffixes=(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"),
    sniff=partial(table_score, TableKind.SITES),
    read=read,
)
