"""Put a rule's questions to the fact table: one column of answers for each question.

A missing value, a word that means "not known" and a word outside the vocabulary are unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.policy import FactType, FactWord, Operator, Test
from camaudit.model.rule_words import ComponentDepth
from camaudit.model.words import Basis

from .coverage import Coverage
from .kleene import (
    DECLARED,
    EVIDENCED,
    FALSE,
    PRESUMED,
    TRUE,
    UNKNOWN,
    Answer,
    Column,
    Mask,
    negate,
)

BASES: Final = {
    Basis.DECLARED: DECLARED,
    Basis.PRESUMED: PRESUMED,
    Basis.EVIDENCED: EVIDENCED,
}

#: The columns of the day on which ownership counts.
OWNED_ON: Final = {
    "at_purchase": ("device.acquired_not_before", "device.acquired_not_after"),
    "at_manufacture": ("device.made_not_before", "device.made_not_after"),
}

#: All columns that say on which day ownership counts.
DATED_BY: Final = {day: (*columns, "device.doubtful_dates") for day, columns in OWNED_ON.items()}


def ask(test: Test, fact: FactWord, facts: pa.Table, covered: Mapping[str, Coverage]) -> Answer:
    """Return the answer to ``test`` for each row of ``facts``; ``covered`` is by group."""
    if test.operator is Operator.EXISTS:
        answer = _exists(fact, facts)
        return answer if test.value is True else negate(answer)
    if test.operator is Operator.IN_GROUP and fact.type is FactType.PARTS:
        return _parts_by_covered(test, fact, facts, covered[str(test.value)])
    if test.operator is Operator.IN_GROUP:
        return _produced_by_covered(test, fact, facts, covered[str(test.value)])
    return _ASKED[fact.type](test, fact, facts)


def _truth(column: pa.Array) -> Column:
    """Turn nullable booleans into truth values."""
    values = pc.fill_null(column.cast(pa.int8()), 0).to_numpy(zero_copy_only=False)
    known = column.is_valid().to_numpy(zero_copy_only=False)
    return np.where(known, values * TRUE, UNKNOWN).astype(np.int8)


def _mask(column: pa.Array) -> Mask:
    """Turn nullable booleans into "certainly so"."""
    certain: Mask = _truth(column) == TRUE
    return certain


def _rest(length: int) -> Column:
    return np.full(length, DECLARED, dtype=np.int8)


def _column(facts: pa.Table, name: str) -> pa.Array:
    return facts.column(name).combine_chunks()


def known_words(fact: FactWord, column: pa.Array) -> pa.Array:
    """Return ``column`` with null for every word that does not say anything."""
    if not fact.words:
        return column
    if fact.several:
        encoded = column.dictionary_encode()
        told = pa.array(
            [" ".join(_told(fact, cell)) or None for cell in encoded.dictionary.to_pylist()],
            pa.string(),
        )
        return told.take(encoded.indices)
    telling = pa.array([word for word in fact.words if word not in fact.unknown], pa.string())
    return pc.if_else(pc.is_in(column, value_set=telling), column, pa.scalar(None, pa.string()))


def _told(fact: FactWord, cell: str) -> list[str]:
    """Return the words of a cell that say something."""
    return [word for word in cell.split() if word in fact.words and word not in fact.unknown]


def _any_of(test: Test, fact: FactWord, column: pa.Array) -> Answer:
    """Say whether one of several words is among the wanted; what one word hides stays open."""
    wanted = set(test.value) if isinstance(test.value, tuple) else {test.value}
    encoded = column.dictionary_encode()
    table = [
        TRUE
        if wanted & set(told := _told(fact, cell))
        else (FALSE if told and len(told) == len(cell.split()) else UNKNOWN)
        for cell in encoded.dictionary.to_pylist()
    ]
    at = pc.fill_null(encoded.indices, len(table)).to_numpy(zero_copy_only=False)
    truth: Column = np.array([*table, UNKNOWN], dtype=np.int8)[at]
    return Answer(truth=truth, basis=_rest(len(column)))


def _exists(fact: FactWord, facts: pa.Table) -> Answer:
    columns = fact.columns
    if fact.type is FactType.INTERVAL:
        columns = columns[:2]
    elif fact.type in {FactType.MAKER, FactType.CONNECTION, FactType.PARTS}:
        columns = columns[:1]
    found = np.zeros(facts.num_rows, dtype=np.bool_)
    for name in columns:
        found |= known_words(fact, _column(facts, name)).is_valid().to_numpy(zero_copy_only=False)
    truth = np.where(found, TRUE, FALSE).astype(np.int8)
    return Answer(truth=truth, basis=_rest(facts.num_rows))


def _text(test: Test, fact: FactWord, facts: pa.Table) -> Answer:
    if fact.several:
        return _any_of(test, fact, _column(facts, fact.columns[0]))
    column = known_words(fact, _column(facts, fact.columns[0]))
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    same = pc.is_in(column, value_set=pa.array(wanted, pa.string()))
    truth = np.where(column.is_valid().to_numpy(zero_copy_only=False), _truth(same), UNKNOWN)
    return Answer(truth=truth.astype(np.int8), basis=_rest(facts.num_rows))


def _flag(test: Test, fact: FactWord, facts: pa.Table) -> Answer:
    column = _column(facts, fact.columns[0])
    answer = Answer(truth=_truth(column), basis=_rest(facts.num_rows))
    return answer if test.value is True else negate(answer)


def _number(test: Test, fact: FactWord, facts: pa.Table) -> Answer:
    column = _column(facts, fact.columns[0])
    truth = _truth(pc.greater_equal(column, pa.scalar(test.value, pa.float64())))
    return Answer(truth=truth, basis=_rest(facts.num_rows))


def _days(column: pa.Array) -> tuple[npt.NDArray[np.int32], Mask]:
    days = pc.fill_null(column.cast(pa.int32()), 0).to_numpy(zero_copy_only=False)
    return days, column.is_valid().to_numpy(zero_copy_only=False)


def _day_number(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _date(test: Test, fact: FactWord, facts: pa.Table) -> Answer:
    days, known = _days(_column(facts, fact.columns[0]))
    after = np.where(days >= _day_number(_day(test)), TRUE, FALSE)
    truth = np.where(known, after, UNKNOWN).astype(np.int8)
    return _before_or_after(test, Answer(truth=truth, basis=_rest(facts.num_rows)))


def _interval(test: Test, fact: FactWord, facts: pa.Table) -> Answer:
    """Compare an interval, which decides only where it lies wholly on one side of the day."""
    earliest, latest, doubtful = (_column(facts, name) for name in fact.columns)
    first, has_first = _days(earliest)
    last, has_last = _days(latest)
    day = _day_number(_day(test))
    useless = _mask(doubtful) | (has_first & has_last & (first > last))
    truth = np.full(facts.num_rows, UNKNOWN, dtype=np.int8)
    truth[has_first & (first >= day) & ~useless] = TRUE
    truth[has_last & (last < day) & ~useless] = FALSE
    return _before_or_after(test, Answer(truth=truth, basis=_rest(facts.num_rows)))


def _before_or_after(test: Test, after: Answer) -> Answer:
    return after if test.operator is Operator.ON_OR_AFTER else negate(after)


def _day(test: Test) -> date:
    if not isinstance(test.value, date):
        raise TypeError(f"{test.fact} is compared with a date, not {test.value!r}")
    return test.value


def _produced_by_covered(test: Test, fact: FactWord, facts: pa.Table, covered: Coverage) -> Answer:
    """Say whether the likely producer is covered.

    A covered one counts from the band's lower bound. One that is not covered counts only where
    nothing points to a covered one: absence of evidence alone never suffices.
    """
    producer, confidence, clean, basis, confirmed, _, others = (
        _column(facts, name) for name in fact.columns
    )
    status = _statuses(producer, facts, covered)
    probable = _mask(pc.greater_equal(confidence, pa.scalar(test.at_least, pa.float64())))
    alone = _mask(clean) | _none_covered(others, covered)
    settled = probable & ((status == TRUE) | (alone & (status == FALSE)))
    rests = _bases(basis)
    # Not covered rests on the absence of contrary evidence, unless somebody has looked inside.
    absence = np.where(_mask(confirmed), EVIDENCED, np.minimum(rests, PRESUMED))
    return Answer(
        truth=np.where(settled, status, UNKNOWN).astype(np.int8),
        basis=np.where(status == FALSE, absence, rests).astype(np.int8),
    )


def _parts_by_covered(test: Test, fact: FactWord, facts: pa.Table, covered: Coverage) -> Answer:
    """Say whether a part that counts at the rule's depth comes from a covered maker.

    One that is covered suffices. That none is can only be said where every part is named, with a
    maker whose status is known.
    """
    parts, whole = (_column(facts, name) for name in fact.columns)
    encoded = parts.dictionary_encode()
    table = [_deepest(cell, test.depth, covered) for cell in encoded.dictionary.to_pylist()]
    at = pc.fill_null(encoded.indices, len(table)).to_numpy(zero_copy_only=False)
    truth: Column = np.array([*table, UNKNOWN], dtype=np.int8)[at]
    truth[(truth == FALSE) & ~_mask(whole)] = UNKNOWN
    return Answer(truth=truth, basis=_rest(facts.num_rows))


def _deepest(cell: str, depth: ComponentDepth | None, covered: Coverage) -> np.int8:
    """Return whether any part of a list that counts at this depth is covered."""
    answers = [FALSE]
    for part in cell.split():
        place, sign, name = part.partition("=")
        if not sign:
            answers.append(UNKNOWN)  # no part that anybody could read
        elif _counts(place, depth):
            answers.append(covered.during(name, None, None))
    return max(answers)


def _counts(place: str, depth: ComponentDepth | None) -> bool:
    if depth is ComponentDepth.ESSENTIAL_COMPONENT:
        return place.startswith("!")
    if depth is ComponentDepth.FIRMWARE:
        return place.lstrip("!").rpartition("/")[2] == "firmware"
    return True


def _none_covered(others: pa.Array, covered: Coverage) -> Mask:
    """Say where it is known who else may have made it, and none of them was ever covered."""
    encoded = others.dictionary_encode()
    table = [
        all(covered.during(name, None, None) == FALSE for name in text.split())
        for text in encoded.dictionary.to_pylist()
    ]
    at = pc.fill_null(encoded.indices, len(table)).to_numpy(zero_copy_only=False)
    result: Mask = np.array([*table, False], dtype=np.bool_)[at]
    return result


def _statuses(producer: pa.Array, facts: pa.Table, covered: Coverage) -> Column:
    """Return whether each row's producer is covered, on the day that counts."""
    encoded = producer.dictionary_encode()
    names = encoded.dictionary.to_pylist()
    table = [covered.today.get(name, UNKNOWN) for name in names]
    at = pc.fill_null(encoded.indices, len(table)).to_numpy(zero_copy_only=False)
    status: Column = np.array([*table, UNKNOWN], dtype=np.int8)[at]
    if covered.owned_on == "today":
        return status
    (low, has_low), (high, has_high) = (
        _days(_column(facts, name)) for name in OWNED_ON[covered.owned_on]
    )
    useless = _mask(_column(facts, "device.doubtful_dates"))
    for number, name in enumerate(names):
        if name not in covered.changes:
            continue
        rows = np.flatnonzero(at == number)
        days = np.array([_day_number(day) for day in covered.changes[name][0]])
        known_low, known_high = (has[rows] & ~useless[rows] for has in (has_low, has_high))
        first = np.where(known_low, np.searchsorted(days, low[rows], side="right"), 0)
        last = np.where(known_high, np.searchsorted(days, high[rows], side="right"), len(days))
        status[rows] = covered.during_stretches(name)[first, last]
    return status


def _record(test: Test, fact: FactWord, facts: pa.Table) -> Answer:
    """Say whether something is among what is on record; null: the records were not looked at."""
    wanted = fact.name.partition(".")[2]
    column = _column(facts, fact.columns[0])
    held = pc.match_substring(pc.binary_join_element_wise("", column, "", " "), f" {wanted} ")
    answer = Answer(truth=_truth(held), basis=np.full(facts.num_rows, EVIDENCED, dtype=np.int8))
    return answer if test.value is True else negate(answer)


def _bases(column: pa.Array) -> Column:
    """Turn basis words into numbers; no word at all is the weakest."""
    result = np.full(len(column), DECLARED, dtype=np.int8)
    for word, number in BASES.items():
        result[_mask(pc.equal(column, pa.scalar(word.value, pa.string())))] = number
    return result


def _connection(test: Test, fact: FactWord, facts: pa.Table) -> Answer:
    """Say whether the device is connected: what has no network connection at all is not."""
    connected, networked, basis = (_column(facts, name) for name in fact.columns)
    truth = _truth(connected)
    truth[(truth == UNKNOWN) & (_truth(networked) == FALSE)] = FALSE
    answer = Answer(truth=truth, basis=_bases(basis))
    return answer if test.value is True else negate(answer)


_ASKED: Final[dict[FactType, Callable[[Test, FactWord, pa.Table], Answer]]] = {
    FactType.TEXT: _text,
    FactType.FLAG: _flag,
    FactType.NUMBER: _number,
    FactType.DATE: _date,
    FactType.INTERVAL: _interval,
    FactType.CONNECTION: _connection,
    FactType.RECORD: _record,
}


@lru_cache(maxsize=4096)
def supposed(test: Test, fact: FactWord, value: str) -> np.int8:
    """Return the truth of ``test`` if the fact, a text, were ``value``."""
    row = pa.table({fact.columns[0]: pa.array([value], pa.string())})
    truth: np.int8 = ask(test, fact, row, {}).truth[0]
    return truth
