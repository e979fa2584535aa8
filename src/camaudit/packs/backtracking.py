"""Find the repetitions in a pattern that a hostile value can keep busy for ever.

``re`` tries every way to divide a text among nested repetitions, so ``(a+)+b`` takes twice as long
for each further ``a``. A repetition without a low limit is refused where, for some byte, its body
can match a run of that byte in two ways: then a longer run has exponentially many. What needs a
longer word than one byte is not seen here: hyperscan and the length of values bound the rest.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import Any, Final

#: The standard library's own reading of a pattern; ``sre_parse``, its public name, is deprecated.
_parser: Final[Any] = importlib.import_module("re._parser")

#: Fewer turns than this cannot grow to a lifetime.
_MANY: Final = 16
#: Runs of one byte are followed up to this length.
_LONGEST: Final = 16

_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT"})
_DIGITS: Final = frozenset(b"0123456789")
_SPACES: Final = frozenset(b" \t\n\r\f\v")
_WORD: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") | _DIGITS
_ALL: Final = frozenset(range(256))
_CATEGORIES: Final = {
    "CATEGORY_DIGIT": _DIGITS,
    "CATEGORY_NOT_DIGIT": _ALL - _DIGITS,
    "CATEGORY_SPACE": _SPACES,
    "CATEGORY_NOT_SPACE": _ALL - _SPACES,
    "CATEGORY_WORD": _WORD,
    "CATEGORY_NOT_WORD": _ALL - _WORD,
}

#: ``ways[n]``: in how many ways a run of ``n`` equal bytes matches: none, one, or more (2).
_Ways = list[int]


def has_ambiguous_loop(pattern: bytes) -> bool:
    """Tell whether a repetition's body can match a run of one byte in more than one way."""
    parsed = _parser.parse(pattern)
    return any(_is_ambiguous(body) for body in _loops(list(parsed)))


def other_dialect(pattern: str) -> str:
    """Say why ``re`` and hyperscan take a pattern for different things; empty if they do not.

    Bounds without a start and named classes are read differently, what holds at the start of a text
    only is lost where values are joined for the scan, and so is what may match nothing.
    """
    for fault, says in _DIALECT:
        if fault.search(pattern):
            return says
    width: int = _parser.parse(pattern.encode()).getwidth()[0]
    return "" if width else "may match nothing: anchor it on something that must be there"


#: What is read differently, and what to write.
_DIALECT: Final = (
    (re.compile(r"\\A"), "write ^, not \\A"),
    (re.compile(r"\(\?[a-zA-Z]*-"), "leave out flags that are switched off, such as (?-m)"),
    (re.compile(r"\{,"), "write {0,n}, not {,n}"),
    (re.compile(r"\[\[[:.=]"), "write a class such as \\d, not [[:digit:]]"),
)


def _loops(nodes: list[Any]) -> Iterator[list[Any]]:
    """Yield the bodies of the repetitions that may turn many times."""
    for op, argument in nodes:
        if str(op) in _REPEATS and int(argument[1]) >= _MANY:
            yield list(argument[2])
        for inner in _inside(str(op), argument):
            yield from _loops(inner)


def _inside(op: str, argument: Any) -> list[list[Any]]:
    if op in _REPEATS:
        return [list(argument[2])]
    if op == "SUBPATTERN":
        return [list(argument[3])]
    if op == "BRANCH":
        return [list(each) for each in argument[1]]
    return []


def _is_ambiguous(body: list[Any]) -> bool:
    if not _has_choice(body):
        return False  # each turn matches the same length in one way: the common case
    leaves = set(_leaves(body))
    kinds = {tuple(byte in leaf for leaf in leaves): byte for byte in _ALL}
    return any(sum(_sequence(body, byte)[1:]) > 1 for byte in kinds.values())


def _has_choice(nodes: list[Any]) -> bool:
    return any(
        str(op) in _REPEATS or str(op) == "BRANCH" or any(map(_has_choice, _inside(str(op), inner)))
        for op, inner in nodes
    )


def _leaves(nodes: list[Any]) -> Iterator[frozenset[int]]:
    for op, argument in nodes:
        allowed = _bytes(str(op), argument)
        if allowed is not None:
            yield allowed
        for inner in _inside(str(op), argument):
            yield from _leaves(inner)


def _bytes(op: str, argument: Any) -> frozenset[int] | None:
    """Return which bytes a single step may match, in either case of a letter."""
    if op == "ANY":
        return _ALL
    if op == "LITERAL":
        return _either_case({argument})
    if op == "NOT_LITERAL":
        return _ALL - {argument}
    return _set(argument) if op == "IN" else None


def _set(members: list[Any]) -> frozenset[int]:
    found: set[int] = set()
    negated = False
    for op, argument in members:
        if str(op) == "NEGATE":
            negated = True
        elif str(op) == "RANGE":
            found.update(range(argument[0], argument[1] + 1))
        elif str(op) == "CATEGORY":
            found |= _CATEGORIES[str(argument)]
        else:
            found.add(argument)
    return _ALL - found if negated else _either_case(found)


def _either_case(members: set[int]) -> frozenset[int]:
    return frozenset(bytes(members).lower() + bytes(members).upper())


def _sequence(nodes: list[Any], byte: int) -> _Ways:
    ways = [1]
    for op, argument in nodes:
        ways = _then(ways, _step(str(op), argument, byte))
        if not any(ways):
            return [0]
    return ways


def _step(op: str, argument: Any, byte: int) -> _Ways:
    allowed = _bytes(op, argument)
    if allowed is not None:
        return [0, int(byte in allowed)]
    if op in _REPEATS:
        return _repeated(_sequence(list(argument[2]), byte), int(argument[0]), int(argument[1]))
    if op in ("SUBPATTERN", "BRANCH"):
        return _either([_sequence(inner, byte) for inner in _inside(op, argument)])
    return [1]  # an anchor


def _repeated(body: _Ways, least: int, most: int) -> _Ways:
    ways: _Ways = [1]
    options: list[_Ways] = [ways] if least == 0 else []
    for turn in range(1, min(most, _LONGEST) + 1):
        ways = _then(ways, body)
        if not any(ways):
            break
        if turn >= least:
            options.append(ways)
    return _either(options or [ways])


def _then(one: _Ways, two: _Ways) -> _Ways:
    if one == [1] or two == [1]:
        return two if one == [1] else one
    result = [0] * min(len(one) + len(two) - 1, _LONGEST + 1)
    for at, first in enumerate(one):
        for further, second in enumerate(two[: len(result) - at]):
            result[at + further] = min(2, result[at + further] + first * second)
    return result


def _either(options: list[_Ways]) -> _Ways:
    longest = max(len(each) for each in options)
    return [min(2, sum(each[at] for each in options if at < len(each))) for at in range(longest)]
