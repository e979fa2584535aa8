"""Gather the evidence of an estate's devices, whose observations come in any order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from camaudit.model.attribution import Evidence
from camaudit.model.batches import shared
from camaudit.signals import match

from .classifier import Tally, count_words
from .expand import Expander
from .packset import PackSet


class Collector:
    """Gather the signals of each device over any number of batches, in any order."""

    def __init__(self, packs: PackSet) -> None:
        self._packs = packs
        self._aliases = packs.index.aliases
        self._expander = Expander(packs.registry, packs.index.aliases)
        self._known = {word.key for word in packs.makers.vocabulary.fields}
        self._evidence: dict[tuple[int, str, bytes], Evidence] = {}
        self._devices: dict[str, dict[int, Evidence]] = {}
        self.tally = Tally()

    def add(self, batch: pa.RecordBatch) -> None:
        """Match one batch of observations and file its signals under their devices."""
        self.tally.observations += batch.num_rows
        for name in batch.column("device").unique().to_pylist():
            self._devices.setdefault(name, {})
        count_words(batch, self._known, self._aliases, self.tally.unknown_words)
        for part in self._expander.expand(batch):
            self._match(part)
        self.tally.undecoded = self._expander.undecoded
        self.tally.devices = len(self._devices)

    def _match(self, batch: pa.RecordBatch) -> None:
        found = match(batch, self._packs.index)
        self.tally.cut += found.cut
        if not found.occurrences.num_rows:
            return
        evidence = [self._keep(row) for row in _rows(found.signals)]
        subjects = batch.column("device").take(found.occurrences.column("row"))
        coded = subjects.dictionary_encode()
        mine = [self._devices[name] for name in coded.dictionary.to_pylist()]
        for device, signal in zip(
            coded.indices.to_pylist(), found.occurrences.column("signal").to_pylist(), strict=True
        ):
            each = evidence[signal]
            mine[device][id(each)] = each

    def _keep(self, row: tuple[Any, ...]) -> Evidence:
        """Return the one object for this signal, however many batches it turns up in."""
        place = row[:3]
        known = self._evidence.get(place)
        if known is None:
            known = self._evidence[place] = Evidence(
                signature=row[0],
                field=row[1],
                value=row[2],
                doubted=row[3],
                model=row[4],
                version=row[5],
                serial=row[6],
                made_on=row[7],
                built_on=row[8],
            )
        return known

    def devices(self) -> Iterator[tuple[str, list[Evidence]]]:
        """Yield each device with its distinct evidence, in order of first appearance."""
        for name, evidence in self._devices.items():
            yield name, list(evidence.values())


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    columns = (
        shared(column) if pa.types.is_dictionary(column.type) else column.to_pylist()
        for column in batch.columns
    )
    return zip(*columns, strict=True)
