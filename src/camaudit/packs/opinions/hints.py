"""Gather hints that the matcher can take, and count the others by reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

import hyperscan
import re2

from camaudit.model.ids import MakerId, SignatureId
from camaudit.model.packs import Maker, Signature
from camaudit.model.words import Aspect, Confidence, Kind
from camaudit.packs.backtracking import has_ambiguous_loop, other_dialect
from camaudit.packs.maker_schema import MAX_PATTERN

#: The evidence group of all second opinions: the strongest of them counts, the others do not add.
GROUP: Final = "second_opinion"
WEIGHT: Final = "weak"

_RE2: Final = re2.Options()
_RE2.encoding = re2.Options.Encoding.LATIN1
_RE2.log_errors = False

#: Forms of companies, which one collection writes and the other does not. Ours.
_FORMS: Final = frozenset(
    {"ab", "ag", "as", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated",
     "kk", "limited", "llc", "ltd", "nv", "oy", "plc", "pty", "sa", "se", "spa", "srl"}
)  # fmt: skip


def plain_name(name: str) -> str:
    """Return a name as it is compared: letters and digits, folded, without the company's form."""
    words = re.findall(r"[^\W_]+", name.casefold().replace(".", ""))
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    return " ".join(words)


def names_of(makers: Iterable[Maker]) -> dict[str, MakerId]:
    """Return makers by their names; a name that two of them have is none's."""
    found: dict[str, MakerId] = {}
    shared = set()
    for maker in makers:
        for name in {plain_name(each) for each in maker.names}:
            if found.setdefault(name, maker.id) != maker.id:
                shared.add(name)
    return {name: maker for name, maker in found.items() if name not in shared}


class Hints:
    """Signatures made of somebody else's statements."""

    def __init__(self) -> None:
        self.signatures: list[Signature] = []
        self.left_out: Counter[str] = Counter()

    def add(
        self,
        name: str,
        pattern: str,
        fields: tuple[str, ...],
        *,
        maker: MakerId | None,
        aspect: Aspect,
        kind: Kind | None,
        says: str,
    ) -> None:
        """Take a hint, or count why not."""
        reason = _refused(pattern)
        if reason:
            self.left_out[reason] += 1
            return
        self.signatures.append(
            Signature(
                id=SignatureId(name),
                maker=maker,
                fields=fields,
                pattern=pattern,
                proves=(aspect,) if maker else (),
                weight=WEIGHT,
                group=GROUP,
                kinds=(kind,) if kind else (),
                kind_weight=WEIGHT if kind else None,
                capabilities=(),
                confidence=Confidence.UNVERIFIED,
                against=False,
                says=says,
                source="second-opinion",
            )
        )


def _refused(pattern: str) -> str:
    """Return why a pattern cannot be used; empty where it can."""
    raw = pattern.encode()
    if len(raw) > MAX_PATTERN:
        return "patterns that are too long"
    try:
        compiled = re.compile(raw)
        re2.compile(raw, _RE2)
        hyperscan.Database().compile(
            expressions=[raw], flags=[hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_ALLOWEMPTY]
        )
    except (re.error, re2.error, hyperscan.error, RecursionError, OverflowError):
        return "patterns in another dialect"
    if has_ambiguous_loop(raw):
        return "patterns that a hostile text could keep busy"
    if compiled.search(b"") is not None:
        return "patterns that match the empty text"
    return "patterns in another dialect" if other_dialect(pattern) else ""
