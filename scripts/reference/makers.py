"""The page of makers and brands: jurisdiction, dated ties, signatures counted, sources."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from camaudit.model.packs import Maker, Source, Tie
from camaudit.model.words import Confidence, Precision
from camaudit.packs.load import maker_files, vocabulary
from camaudit.packs.shipped import find_pack_files

from .markdown import address, code, page, table

_WIDTHS: Final = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}


def pages() -> dict[str, str]:
    """Return the pages by path below ``docs/reference``."""
    packs = find_pack_files()
    files = maker_files(packs, vocabulary(packs))
    sources = _Sources()
    rows = [_row(file.maker, len(file.signatures), sources) for file in files]
    counted = Counter(each.confidence.value for file in files for each in file.signatures)
    confidences = ", ".join(f"{number} {word}" for word, number in counted.most_common())
    intro = [
        f"{len(files)} makers and brands in `data/makers/`, {counted.total()} signatures",
        f"({confidences}). A name here accuses nobody: it says who likely built a unit, and why.",
        "Numbers in brackets lead to the sources below. A tie says who makes what under a label,",
        "who owns whom, whose business went to whom, or whose chips are used.",
        "`from` and `until` are the first and last day, month or year in which it held. A tie was",
        "reported unless it says that it is verified or unverified.",
        "What the firmness words mean is in [fields](fields.md#firmness-of-a-tie).",
    ]
    head = ["Slug", "Names", "Kind", "Jurisdiction", "Ties", "Signatures"]
    return {
        "makers.md": page(
            "Makers and brands",
            "`data/makers/`",
            intro,
            table(head, rows),
            ["## Sources", "", *sources.lines()],
        )
    }


class _Sources:
    """Number each distinct source in the order in which it is met."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, str], int] = {}

    def cite(self, source: Source) -> str:
        """Return the number of a source, in brackets."""
        key = (source.title, source.url or "", str(source.read_on or ""))
        return f"[{self._numbers.setdefault(key, len(self._numbers) + 1)}]"

    def lines(self) -> list[str]:
        """Return the list of all that were cited."""
        return [
            f"{number}. "
            + "; ".join(
                part
                for part in (title, address(url), f"read on {read_on}" if read_on else "")
                if part
            )
            for (title, url, read_on), number in self._numbers.items()
        ]


def _row(maker: Maker, number: int, sources: _Sources) -> tuple[object, ...]:
    known = {source.id: source for source in maker.sources}
    where = ""
    if maker.jurisdiction:
        where = f"{maker.jurisdiction} {sources.cite(known[maker.jurisdiction_source or ''])}"
    ties = "; ".join(f"{_tie(tie)} {sources.cite(known[tie.source])}" for tie in maker.ties)
    names = ", ".join(maker.names)
    return code(maker.id), names, maker.kind.value.replace("_", " "), where, ties, number


def _tie(tie: Tie) -> str:
    parts = [f"{tie.tie.value.replace('_', ' ')} {code(tie.to)}, {tie.firmness.value}"]
    if tie.from_date:
        parts.append(f"from {_written(tie.from_date, tie.from_precision)}")
    if tie.to_date:
        parts.append(f"until {_written(tie.to_date, tie.to_precision)}")
    if tie.scope:
        parts.append(f"({tie.scope})")
    if tie.confidence is not Confidence.REPORTED:
        parts.append(tie.confidence.value)
    return " ".join(parts)


def _written(day: date, precision: Precision) -> str:
    """Return a day as a maker file writes it: no more exact than it is known."""
    return str(day)[: _WIDTHS[precision]]
