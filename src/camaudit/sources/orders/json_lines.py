"""Read an order that is JSON: an array of objects, an object with ``lines``, or JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

import msgspec

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine

from .columns import WORDS, order_line

#: Ours. An order is no database dump.
MAX_BYTES: Final = 64 << 20
_LISTS: Final = ("lines", "items", "order_lines", "orderLines", "line_items", "lineItems")


def read(stream: BinaryIO) -> Iterator[OrderLine | Problem]:
    """Yield the lines of an order.

    Raises:
        SourceError: It is no JSON from its start, or larger than ``MAX_BYTES``.
    """
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceError(f"the file is larger than {MAX_BYTES >> 20} MiB; an order is smaller")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        whole = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        yield from _by_line(data, error)
        return
    for number, each in enumerate(_listed(whole), start=1):
        yield _line(each, f"entry {number}", str(number))


def _by_line(data: bytes, whole: Exception) -> Iterator[OrderLine | Problem]:
    rows = [(number, row) for number, row in enumerate(data.splitlines(), start=1) if row.strip()]
    if len(rows) < 2:
        raise SourceError(f"the file is no JSON: {str(whole)[:200]}") from whole
    for number, row in rows:
        try:
            found = msgspec.json.decode(row)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield Problem(position=f"line {number}", field="", message=f"no JSON: {error}"[:200])
            continue
        yield _line(found, f"line {number}", str(number))


def _listed(whole: object) -> list[Any]:
    if isinstance(whole, list):
        return whole
    if isinstance(whole, dict):
        for name in _LISTS:
            if isinstance(whole.get(name), list):
                return list(whole[name])
        return [whole]
    raise SourceError(f"the file holds no object with {_LISTS[0]!r} and no array of objects")


def _line(found: object, position: str, place: str) -> OrderLine | Problem:
    if not isinstance(found, Mapping):
        return Problem(position=position, field="", message="is no object; not taken")
    texts: dict[str, str] = {}
    for name, value in found.items():
        match = WORDS.match(str(name))
        if match is not None and match.word not in texts and _is_text(value):
            texts[match.word] = str(value)
    line = order_line(texts, position, place)
    if line is None:
        return Problem(
            position=position,
            field="description",
            message="nothing says what is ordered; not taken",
        )
    return line


def _is_text(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)
