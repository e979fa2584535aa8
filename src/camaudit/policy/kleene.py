"""Three-valued logic over whole columns, with what each answer rests on.

Kleene's strong logic: unknown stays unknown unless the known part alone decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Column: TypeAlias = npt.NDArray[np.int8]
Mask: TypeAlias = npt.NDArray[np.bool_]

FALSE: Final = np.int8(0)
UNKNOWN: Final = np.int8(1)
TRUE: Final = np.int8(2)

#: Weakest first, so that "the weakest of" is a minimum.
DECLARED: Final = np.int8(0)
PRESUMED: Final = np.int8(1)
EVIDENCED: Final = np.int8(2)

_BELOW_ALL: Final = np.int8(-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A column of truth values, and the column of what each rests on."""

    truth: Column
    basis: Column


def constant(truth: np.int8, length: int, basis: np.int8 = EVIDENCED) -> Answer:
    """Return the same answer for every row."""
    return Answer(
        truth=np.full(length, truth, dtype=np.int8), basis=np.full(length, basis, dtype=np.int8)
    )


def negate(answer: Answer) -> Answer:
    """Return the opposite; unknown stays unknown."""
    return Answer(truth=(TRUE - answer.truth).astype(np.int8), basis=answer.basis)


def conjoin(answers: Sequence[Answer]) -> Answer:
    """Return "all of them".

    It is true on the weakest of its parts, and false on the best of those that are false.
    """
    truths = np.stack([answer.truth for answer in answers])
    bases = np.stack([answer.basis for answer in answers])
    truth = truths.min(axis=0)
    best_false = np.where(truths == FALSE, bases, _BELOW_ALL).max(axis=0)
    basis = np.where(truth == FALSE, best_false, bases.min(axis=0))
    return Answer(truth=truth, basis=basis.astype(np.int8))


def disjoin(answers: Sequence[Answer]) -> Answer:
    """Return "at least one of them": by De Morgan, so that the two can never drift apart."""
    return negate(conjoin([negate(answer) for answer in answers]))
