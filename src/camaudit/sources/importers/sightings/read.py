"""Read sightings. What was read off a label is ``sighting.label``: by a person, not a machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import BinaryIO, Final

from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import (
    BatchBuilder,
    HeaderWords,
    Layout,
    Table,
    TableKind,
    open_tables,
)
from camaudit.sources.tables.cells import cell_text
from camaudit.sources.tables.dates import Doubt, Order, ReadDate, read_date, swaps
from camaudit.sources.tables.layout import quoted
from camaudit.sources.tables.records import Record, records

WORDS: Final = HeaderWords(
    {
        "who": (
            "who", "seen by", "observer", "observed by", "witness", "surveyor", "surveyed by",
            "reported by", "=name", "recorded by", "=inspector", "=by", "gesehen von", "vu par",
        ),
        "when": (
            "when", "=date", "date seen", "seen on", "observed on", "surveyed on", "survey date",
            "date of survey", "date observed", "date recorded", "=datum", "=time",
        ),
        "place": (
            "where", "place", "location", "seen at", "where seen", "position", "=area", "=room",
            "=floor", "ort", "lieu",
        ),
        "site": ("site", "site id", "site name", "building", "premises", "standort", "safle"),
        "label": (
            "label", "label text", "label said", "what the label said", "text on label",
            "=text", "=description", "=notes", "=remarks", "=comments", "markings",
        ),
        "brand": ("brand", "make", "manufacturer", "logo", "hersteller", "marque", "marca", "merk"),
        "model": ("model", "model number", "part number", "modell", "modele", "modelo", "modello"),
        "serial": ("serial", "serial number", "seriennummer", "numero de serie"),
        "mac": ("mac", "mac address"),
        "photo": (
            "photo", "photo reference", "photograph", "picture", "picture reference", "image",
            "image reference", "=file", "foto",
        ),
        "asset_id": ("asset id", "asset number", "asset tag", "asset", "asset reference"),
    },
    {
        "who": "sighting.who", "when": "sighting.on", "place": "sighting.place",
        "label": "sighting.label", "photo": "sighting.photo", "site": "register.site",
        "asset_id": "register.asset_id",
    },
)  # fmt: skip

_ONCE: Final = (
    "who",
    "when",
    "place",
    "site",
    "brand",
    "model",
    "serial",
    "mac",
    "photo",
    "asset_id",
)

LAYOUT: Final = Layout(
    kind=TableKind.SIGHTINGS,
    words=WORDS,
    enough=frozenset({"label"}),
    once=frozenset(_ONCE),
    instead={"site": "place"},
    merged=frozenset({"site", "place", "who", "when"}),
)

_KEYS: Final = {
    "who": "sighting.who",
    "place": "sighting.place",
    "photo": "sighting.photo",
    "site": "register.site",
    "asset_id": "register.asset_id",
    "label": "sighting.label",
}

#: What was read off the label in parts, in the order in which labels print it.
_LABEL_PARTS: Final = (("brand", ""), ("model", ""), ("serial", "S/N "), ("mac", "MAC "))

#: Without one of these a row is no sighting of a device.
_USABLE: Final = frozenset(
    {"label", "brand", "model", "serial", "mac", "photo", "asset_id", "place"}
)


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the sightings of every sheet that lists some.

    Raises:
        SourceError: The file cannot be read, or no header in it is understood.
    """
    for table in open_tables(stream, options, LAYOUT):
        if isinstance(table, Problem):
            yield table
            continue
        batch = BatchBuilder()
        order = _order(table)
        for record in records(table):
            _take(record, table, batch, order)
            if batch.full:
                yield from batch.flush()
                yield from table.remarks.drain()
        yield from batch.flush()
        yield from table.remarks.close()


def _order(table: Table) -> Order:
    at = [column.at for column in table.columns if column.word == "when"]
    proofs = {swaps(cell_text(row[i])) for i in at for row in table.sample if i < len(row)}
    only_months = Order.MONTH_FIRST in proofs and Order.DAY_FIRST not in proofs
    return Order.MONTH_FIRST if only_months else Order.DAY_FIRST


def _take(record: Record, table: Table, batch: BatchBuilder, order: Order) -> None:
    if not _USABLE & record.texts.keys():
        reason = "nothing in the row says what was seen; not taken"
        table.remarks.refuse(record.place, "", reason, reason)
        return
    device = f"row:{table.name or 'csv'}:{record.number}"
    on = _when(record, table, order)
    seen_at = _instant(on)

    def add(key: str, text: str, word: str) -> None:
        position = record.position(word)
        batch.add(device, key, text.encode("utf-8", "replace"), position, seen_at)

    for word, key in _KEYS.items():
        if text := record.get(word):
            add(key, text, word)
    if on is not None:
        add("sighting.on", on.text(), "when")
    parts = [f"{lead}{text}" for word, lead in _LABEL_PARTS if (text := record.get(word))]
    label = " ".join(parts)
    if label and label != record.get("label"):
        add("sighting.label", label, next(word for word, _ in _LABEL_PARTS if record.get(word)))


def _when(record: Record, table: Table, order: Order) -> ReadDate | None:
    text = record.get("when")
    if not text:
        return None
    found = read_date(text, order)
    if found is None:
        reason = "is not a date that is understood; write it as 2026-03-31"
        table.remarks.refuse(record.place, record.label("when"), f"{quoted(text)} {reason}", reason)
        return None
    for doubt in found.doubts:
        words = order.value.replace("_", " ")
        message = f"{doubt.value}: read {words}" if doubt is Doubt.ORDER else doubt.value
        table.remarks.assume(record.place, record.label("when"), message)
    return found


def _instant(on: ReadDate | None) -> datetime | None:
    """Return the start of the day; no instant is made up where only a month or year is known."""
    if on is None or on.first is None or on.first != on.last:
        return None
    return datetime.combine(on.first, time(), UTC)
