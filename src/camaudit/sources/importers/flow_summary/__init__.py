"""What ``camaudit isolation summarise`` writes: large flow logs, a row a conversation and hour."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="flow-summary",
    title="Summary of flow logs (camaudit isolation summarise)",
    suffixes=(".flows.parquet",),
    sniff=sniff,
    read=read,
    traffic=True,
)
