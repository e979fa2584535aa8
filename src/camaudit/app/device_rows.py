"""Put what a batch of devices comes to into rows of ``schemas.DEVICES``, column by column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from camaudit.model.attribution import Conclusion
from camaudit.model.batches import Rows
from camaudit.model.packs import MakerPacks
from camaudit.model.schemas import DEVICES

from .classifier import Classified
from .device_lines import conflict_lines, evidence_lines, proves, share, shown

#: Columns that depend on the conclusion alone.
_CONCLUDED: Final[dict[str, Callable[[Conclusion], Any]]] = {
    "kind": lambda one: one.kind.value,
    "kind_confidence": lambda one: share(one.kind_confidence),
    "maker": lambda one: one.maker,
    "maker_aspect": lambda one: one.maker_aspect,
    "maker_confidence": lambda one: share(one.maker_confidence),
    "brand": lambda one: one.brand,
    "capabilities": lambda one: one.capabilities,
}


class RowWriter:
    """Lay conclusions out; what the packs alone decide is laid out once."""

    def __init__(self, packs: MakerPacks) -> None:
        self._packs = packs
        signatures = packs.signatures
        words = [proves(each) for each in signatures]
        self._counts = np.array([len(each) for each in words], np.int64)
        self._first = np.cumsum(self._counts) - self._counts
        self._ids = _words([each.id for each in signatures])
        self._makers = _words([each.maker for each in signatures])
        self._proves = _words([word for each in words for word in each])
        # the doubtful weight stands behind those of the signatures
        self._weights = _words([*(s.weight for s in signatures), packs.vocabulary.doubts.weight])

    def rows(self, found: Classified) -> pa.RecordBatch:
        """Return one row a device, in the order of the batch; answers as in ``device_lines``."""
        codes = pa.array(found.codes)
        columns: dict[str, pa.Array] = {
            name: pa.array(map(tell, found.conclusions), DEVICES.field(name).type).take(codes)
            for name, tell in _CONCLUDED.items()
        }
        columns["aspects"] = _aspects(found.conclusions).take(codes)
        columns["device"] = found.devices
        columns["model"] = found.captured("model")
        columns["firmware_version"] = found.captured("version")
        columns["conflicts"] = self._conflicts(found)
        columns["evidence"] = self._evidence(found)
        return pa.RecordBatch.from_arrays([columns[name] for name in DEVICES.names], schema=DEVICES)

    def _conflicts(self, found: Classified) -> pa.Array:
        """Return the conflicts; few devices have any, so these are built one by one."""
        torn = np.array([bool(one.conflicts) for one in found.conclusions], bool)[found.codes]
        counts = np.zeros(len(found.codes), np.int64)
        entries: list[dict[str, Any]] = []
        signatures, fields, values, doubted = found.signals.columns[:4]
        signals = [signatures, fields, shown(values), doubted]
        for place in np.flatnonzero(torn).tolist():
            members = found.members[found.offsets[place] : found.offsets[place + 1]].tolist()
            mine = [
                evidence_lines(self._packs, *(column[at].as_py() for column in signals))
                for at in members
            ]
            lines = conflict_lines(found.conclusions[int(found.codes[place])], mine)
            counts[place] = len(lines)
            entries += [
                {"aspect": each.aspect, "makers": each.makers, "evidence": each.evidence}
                for each in lines
            ]
        type_ = DEVICES.field("conflicts").type
        return _lists(counts, pa.array(entries, type_.value_type), type_)

    def _evidence(self, found: Classified) -> pa.Array:
        """Return each device's evidence: one entry for each thing that a signal proves."""
        numbers = found.signals.column("signature").to_numpy(zero_copy_only=False)
        counts = self._counts[numbers][found.members]
        # each entry: the signal that it comes from, and the number of its word among all words
        of = np.repeat(found.members, counts)
        within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        said = self._first[numbers][of] + within
        doubted = found.signals.column("doubted").to_numpy(zero_copy_only=False)
        weights = np.where(doubted, len(self._packs.signatures), numbers)
        entries = {
            "signature": self._ids.take(pa.array(numbers[of])),
            "field": found.signals.column("field").dictionary_encode().take(pa.array(of)),
            "value": shown(found.signals.column("value")).take(pa.array(of)),
            "proves": self._proves.take(pa.array(said)),
            "maker": self._makers.take(pa.array(numbers[of])),
            "weight": self._weights.take(pa.array(weights[of])),
        }
        type_ = DEVICES.field("evidence").type
        ends = np.concatenate([[0], np.cumsum(counts)])[found.offsets]
        struct = pa.StructArray.from_arrays(list(entries.values()), fields=list(type_.value_type))
        return _lists(np.diff(ends), struct, type_)


def _aspects(conclusions: list[Conclusion]) -> pa.Array:
    type_ = DEVICES.field("aspects").type
    answers = [each for one in conclusions for each in one.aspects]
    columns = [
        pa.array([each.aspect.value for each in answers], pa.string()),
        pa.array([each.maker for each in answers], pa.string()),
        pa.array([share(each.confidence) for each in answers], pa.float64()),
    ]
    struct = pa.StructArray.from_arrays(columns, fields=list(type_.value_type))
    return _lists(np.array([len(one.aspects) for one in conclusions], np.int64), struct, type_)


def _lists(counts: Rows, values: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return lists of so many values each."""
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    return pa.ListArray.from_arrays(offsets, values, type=type_)


def _words(words: Sequence[str | None]) -> pa.Array:
    return pa.array(words, pa.string()).dictionary_encode()
