"""Decide which makers an instrument covers, at a date.

The instrument names a predicate and not companies; jurisdictions and dated ties are maker facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import numpy as np

from camaudit.model.packs import Maker, Tie
from camaudit.model.policy import Entities
from camaudit.model.words import Confidence, Firmness, TieKind

from .kleene import FALSE, TRUE, UNKNOWN

_OPTIONS: Final = {"covered": TRUE, "not_covered": FALSE, "unknown": UNKNOWN}


def covered_makers(
    makers: Iterable[Maker], entities: Entities, choices: Mapping[str, str], at: date
) -> dict[str, np.int8]:
    """Return, for each maker, whether it is covered at ``at``: by incorporation or by its owner."""
    by_id = {str(maker.id): maker for maker in makers}
    codes = _codes(entities, choices)
    return {slug: _covered(maker, by_id, codes, at, frozenset()) for slug, maker in by_id.items()}


def _codes(entities: Entities, choices: Mapping[str, str]) -> dict[str, np.int8]:
    codes = {code: _OPTIONS[choices[choice]] for code, choice in entities.open_codes}
    return codes | dict.fromkeys(entities.incorporated_in, TRUE)


def _covered(
    maker: Maker,
    makers: Mapping[str, Maker],
    codes: Mapping[str, np.int8],
    at: date,
    seen: frozenset[str],
) -> np.int8:
    owners = [
        (tie, _owner(tie, makers, codes, at, seen | {maker.id}))
        for tie in maker.ties
        if tie.tie is TieKind.OWNED_BY and _in_force(tie, at)
    ]
    # An uncertain tie to a covered owner leaves the answer open; it never settles it.
    answers = [owner if _settles(tie) else min(owner, UNKNOWN) for tie, owner in owners]
    if maker.jurisdiction is not None:
        answers.append(codes.get(maker.jurisdiction, FALSE))
    elif not any(_settles(tie) for tie, _ in owners):
        answers.append(UNKNOWN)
    return max(answers)


def _owner(
    tie: Tie,
    makers: Mapping[str, Maker],
    codes: Mapping[str, np.int8],
    at: date,
    seen: frozenset[str],
) -> np.int8:
    if tie.to in seen or tie.to not in makers:
        return UNKNOWN
    return _covered(makers[tie.to], makers, codes, at, seen)


def _settles(tie: Tie) -> bool:
    """Whether the tie is control of the whole maker, not of a line of its goods, and was read."""
    read = tie.confidence is not Confidence.UNVERIFIED
    return read and tie.firmness is Firmness.FIRM and not tie.kinds and tie.models is None


def _in_force(tie: Tie, at: date) -> bool:
    """Whether the tie held on that day; both its ends are days on which it held."""
    started = tie.from_date is None or tie.from_date <= at
    return started and (tie.to_date is None or at <= tie.to_date)
