"""Read an order that is JSON: an array of objects, objects with ``lines``, or JSON Lines.

The members of an object are called as the columns of a table are. Numbers are echoed as they are
written: ``1.10`` is not ``1.1``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

import msgspec

from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.bulk import json_records
from camaudit.sources.tables import Remarks
from camaudit.sources.tables.headers import normal

from .columns import words_of
from .lines import order_line, unused

#: Members that hold lines, as headers are folded, without blanks.
_LISTS: Final = frozenset(
    {
        "lines", "items", "orderlines", "lineitems", "orderitems", "quotelines", "quotationlines",
        "invoicelines", "positions", "positionen", "lignes",
    }
)  # fmt: skip
#: What may be said once for all lines of an object.
_FOR_ALL: Final[tuple[str, ...]] = ("supplier", "site", "event", "purpose", "body", "attestation")
#: Ours. Texts in a list that is one member of a line.
_MAX_TEXTS: Final = 100

_NO_OBJECT: Final = "cannot be read as JSON with an object for each line"

_Object = dict[str, msgspec.Raw]
_ERRORS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_as_object: Final = msgspec.json.Decoder(_Object).decode
_as_list: Final = msgspec.json.Decoder(list[msgspec.Raw]).decode
_as_text: Final = msgspec.json.Decoder(str).decode


def read(stream: BinaryIO) -> Iterator[OrderLine | Problem]:
    """Yield the lines of an order.

    Raises:
        SourceError: It is no JSON from its first byte.
    """
    entries = _Entries()
    for record in json_records(stream):
        if isinstance(record, Problem):
            yield record
            continue
        try:
            found = _as_object(record.data)
        except _ERRORS as error:
            entries.refuse(f", line {record.line}", error)
            yield from entries.remarks.drain()
            continue
        yield from entries.take(found)
    yield from entries.remarks.close()


class _Entries:
    """The entries of a file, numbered from 1 whatever holds them."""

    def __init__(self) -> None:
        self.number = 0
        self.remarks = Remarks()

    def refuse(self, where: str, error: Exception) -> None:
        """Count an entry that cannot be read, and say why."""
        self.number += 1
        self.remarks.refuse(f"entry {self.number}{where}", "", _wrong(error), _NO_OBJECT)

    def take(self, found: _Object) -> Iterator[OrderLine | Problem]:
        """Yield the lines of an object, or the line that it is."""
        lists = {
            name: raw
            for name, raw in found.items()
            if normal(name).replace(" ", "") in _LISTS and bytes(raw).lstrip().startswith(b"[")
        }
        if not lists:
            yield from self._entry(found, {})
            return
        texts = self._texts(
            {name: raw for name, raw in found.items() if name not in lists}, "order"
        )
        for_all = {word: texts[word] for word in _FOR_ALL if word in texts}
        for raw in lists.values():
            yield from self._listed(raw, for_all)

    def _listed(
        self, raw: msgspec.Raw, for_all: Mapping[str, str]
    ) -> Iterator[OrderLine | Problem]:
        try:
            entries = _as_list(raw)
        except _ERRORS as error:
            self.remarks.add("lines", "", _wrong(error), rejected=True)
            entries = []
        for each in entries:
            try:
                found = _as_object(each)
            except _ERRORS as error:
                self.refuse("", error)
            else:
                yield from self._entry(found, for_all)
            yield from self.remarks.drain()
        yield from self.remarks.drain()

    def _entry(self, found: _Object, for_all: Mapping[str, str]) -> Iterator[OrderLine | Problem]:
        self.number += 1
        position = f"entry {self.number}"
        line = order_line({**for_all, **self._texts(found, position)}, position, self.remarks)
        if line is not None:
            yield line
        yield from self.remarks.drain()

    def _texts(self, found: _Object, position: str) -> dict[str, str]:
        texts: dict[str, str] = {}
        for name, raw in found.items():
            try:
                text = _text(raw)
            except _ERRORS as error:
                self.remarks.add(position, name[:80], _wrong(error), rejected=True)
                continue
            if text is None:
                unused(self.remarks, position, name)
            elif text:
                texts[name] = text
        words = words_of(texts, texts)
        for name in texts.keys() - words.keys():
            unused(self.remarks, position, name)
        return {word: texts[name] for name, word in words.items()}


def _text(raw: msgspec.Raw) -> str | None:
    """Return a value as text, ``""`` for null; ``None`` where it is none."""
    data = bytes(raw).strip()
    if data == b"null":
        return ""
    start = data[:1]
    if start == b'"':
        return _as_text(data).strip()
    if start == b"{":
        # A supplier may be an object that has a name.
        name = _as_object(data).get("name")
        return _text(name) if name is not None and bytes(name).lstrip()[:1] == b'"' else None
    if start == b"[":
        entries = _as_list(data)[:_MAX_TEXTS]
        texts = [_text(each) for each in entries if bytes(each).lstrip()[:1] not in (b"[", b"{")]
        return "; ".join(filter(None, texts)) if len(texts) == len(entries) else None
    return data.decode()


def _wrong(error: Exception) -> str:
    return f"{_NO_OBJECT} ({error}); not taken"[:300]
