"""Say how much of the strings in families.jsonl is found, family by family, and what is missed.

    .venv/bin/python -m tests.bench.attribution.families

The strings were written from documented grammars before the patterns that find them.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from camaudit.app.packset import PackSet

from .measure import Answer, answers
from .sets import read_rows

NAMES: Final = frozenset({"hikvision", "dahua", "uniview", "tiandy", "tvt", "xiongmai"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A string of a family, or a near miss, and what `classify` said of it."""

    answer: Answer
    brand: str | None
    #: ``cloud`` where the string names a service that a device talks to, and nothing more.
    aspect: str | None
    source: str

    @property
    def found(self) -> str | None:
        """Return the maker that the answer names, or the one whose cloud it is."""
        line = self.answer.line
        if self.aspect is None:
            return line.maker
        told = line.aspects.get(self.aspect)
        return told.maker if told else None

    @property
    def right(self) -> bool:
        """Tell whether the maker is the labelled one; a near miss may be anybody else's.

        A cloud may be that of the brand.
        """
        row = self.answer.row
        if row.maker is None:
            return self.found not in NAMES
        if self.aspect is not None:
            owners = {row.maker, self.brand} - {None}
            return self.found in owners and self.answer.line.maker is None
        return self.found == row.maker

    @property
    def kind_right(self) -> bool:
        return self.answer.row.kind in {None, self.answer.line.kind}


def findings(packs: PackSet | None = None) -> list[Finding]:
    """Classify every string of the list."""
    return [
        Finding(
            answer=answer,
            brand=answer.row.brand,
            aspect=answer.row.aspect,
            source=answer.row.source,
        )
        for answer in answers(read_rows("families.jsonl"), packs)
    ]


def summary(found: list[Finding]) -> str:
    """Return a line a family, then each string that is wrong or missed."""
    families: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        families[one.answer.row.maker or "near misses"].append(one)
    lines = []
    for name, each in families.items():
        kinds = [one for one in each if one.answer.row.kind]
        lines.append(
            f"{name}: {sum(one.right for one in each)} of {len(each)} right, kind "
            f"{sum(one.kind_right for one in kinds)} of {len(kinds)}"
        )
    for one in found:
        if not one.right or not one.kind_right:
            row, line = one.answer.row, one.answer.line
            lines.append(
                f"  {row.protocol}.{row.field} {row.value[:110]!r}: {row.maker} {row.kind or ''}"
                f" -> {one.found} {line.maker_confidence or ''} {line.kind}"
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(summary(findings()))
