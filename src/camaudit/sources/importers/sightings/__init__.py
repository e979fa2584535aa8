"""What people saw: who, when, where, and what the label said. A sighting has no address."""

from __future__ import annotations

from functools import partial

from camaudit.sources.spec import ImporterSpec
from camaudit.sources.tables import TableKind, table_score

from .read import read

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="sightings",
    title="Sightings by people (CSV, TSV, XLSX, XLS, ODS)",
    suffixes=(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"),
    sniff=partial(table_score, TableKind.SIGHTINGS),
    read=read,
)
