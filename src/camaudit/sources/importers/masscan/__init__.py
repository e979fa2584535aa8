"""What masscan found: open ports, and with ``--banners`` what answered there (``-oJ``, ``-oD``)."""

from __future__ import annotations

from camaudit.sources.spec import ImporterSpec

from .read import read, sniff

__all__ = ["SPEC"]

SPEC = ImporterSpec(
    id="masscan",
    title="masscan results (-oJ, -oD)",
    suffixes=(".json", ".jsonl"),
    sniff=sniff,
    read=read,
    streams=True,
)
