"""The one function that every engine runs: observations of whole devices in, conclusions out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.attribution import Attributed
from camaudit.model.batches import Rows, distinct, rows_by_field
from camaudit.model.observation import Problem
from camaudit.signals import Matches, match

from .expand import Expander
from .packset import PackSet

#: Problems kept in full; beyond it they are only counted.
MAX_PROBLEMS: Final = 1000
#: Words that no signature reads and that are known all the same: they tell devices apart.
IDENTITY: Final = frozenset({"ip.address", "capture.packets"})


@dataclass(slots=True)
class Tally:
    """What was read, for the closing line on standard error."""

    observations: int = 0
    devices: int = 0
    rejected: int = 0
    cut: int = 0
    undecoded: int = 0
    unknown_words: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Count a problem, and keep it while there is room."""
        self.rejected += problem.rejected
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)

    def merge(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        self.observations += other.observations
        self.devices += other.devices
        self.rejected += other.rejected
        self.cut += other.cut
        self.undecoded += other.undecoded
        for word, count in other.unknown_words.items():
            self.unknown_words[word] = self.unknown_words.get(word, 0) + count
        self.problems += other.problems[: MAX_PROBLEMS - len(self.problems)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified(Attributed):
    """What a batch of devices comes to, with the evidence.

    ``members[offsets[i]:offsets[i + 1]]`` are the numbers of the ``signals`` of ``devices[i]``,
    ordered by field, signature and value, whatever the order in which they were observed.
    """

    devices: pa.Array
    signals: pa.RecordBatch
    members: Rows
    offsets: Rows
    #: Of each device, how many reasons are not shown as other people's; ``None``: of none.
    left_out: Rows | None = None

    def captured(self, name: str) -> pa.Array:
        """Return what stands for each device of a word of ``CAPTURES``, or null."""
        picks = self.picks[name]
        return self.signals.column(name).take(pa.array(picks, mask=picks < 0))


class Classifier:
    """Match, weigh and conclude; batches hold whole devices, in any order of rows."""

    def __init__(self, packs: PackSet, tally: Tally | None = None) -> None:
        self.packs = packs
        self.tally = tally if tally is not None else Tally()
        self._expander = Expander(packs.registry, packs.index.aliases)
        self._known = {word.key for word in packs.makers.vocabulary.fields}

    def __call__(self, observations: pa.RecordBatch) -> Classified:
        """Conclude for each device of a batch, in the order in which they first appear."""
        coded = observations.column("device").dictionary_encode()
        batch = _with_devices(observations, coded)
        self._count(batch, len(coded.dictionary))
        parts = self._expander.expand(batch)
        self.tally.undecoded = self._expander.undecoded
        matches = [match(part, self.packs.index) for part in parts]
        self.tally.cut += sum(each.cut for each in matches)
        signals, numbers = _distinct([each.signals for each in matches])
        owners = [_owners(part, each) for part, each in zip(parts, matches, strict=True)]
        members, offsets = _members(
            np.concatenate(owners), numbers[_places(matches)], len(coded.dictionary)
        )
        found = self.packs.attributor.attribute_batch(signals, members, offsets)
        return Classified(
            conclusions=found.conclusions,
            codes=found.codes,
            picks=found.picks,
            devices=coded.dictionary,
            signals=signals,
            members=members,
            offsets=offsets,
        )

    def _count(self, batch: pa.RecordBatch, devices: int) -> None:
        self.tally.observations += batch.num_rows
        self.tally.devices += devices
        count_words(batch, self._known, self.packs.index.aliases, self.tally.unknown_words)


def count_words(
    batch: pa.RecordBatch, known: set[str], aliases: dict[str, str], counts: dict[str, int]
) -> None:
    """Add to ``counts`` how often each word that the vocabulary lacks occurs."""
    for protocol, name, rows in rows_by_field(batch):
        key = f"{protocol}.{name}"
        if aliases.get(key, key) not in known and key not in IDENTITY and not _is_raw(name):
            counts[key] = counts.get(key, 0) + len(rows)


def _is_raw(name: str) -> bool:
    return name == "response" or name.endswith("Response")


def _with_devices(batch: pa.RecordBatch, coded: pa.Array) -> pa.RecordBatch:
    """Return the batch with its devices as numbers, which are cheaper to carry along."""
    at = batch.schema.get_field_index("device")
    return batch.set_column(at, pa.field("device", coded.type, nullable=False), coded)


def _owners(part: pa.RecordBatch, found: Matches) -> Rows:
    """Return the device of each occurrence, by number."""
    owners = part.column("device").indices.take(found.occurrences.column("row"))
    return np.asarray(owners.to_numpy(zero_copy_only=False), np.int64)


def _places(found: list[Matches]) -> Rows:
    """Return the signal of each occurrence, numbered over all parts."""
    starts = np.cumsum([0, *(each.signals.num_rows for each in found)])
    return np.concatenate(
        [
            each.occurrences.column("signal").to_numpy(zero_copy_only=False) + start
            for each, start in zip(found, starts, strict=False)
        ]
    )


def _distinct(parts: list[pa.RecordBatch]) -> tuple[pa.RecordBatch, Rows]:
    """Return the distinct signals of all parts, ordered, and for each row its number among them.

    A value that was derived may stand among the given ones too.
    """
    whole = pa.concat_batches(parts)
    signatures, fields, values = whole.columns[:3]
    order = (
        _ranks(fields.dictionary_encode()),
        signatures.to_numpy(zero_copy_only=False).astype(np.int64),
        _ranks(values),
    )
    keys = np.zeros(whole.num_rows, np.int64)
    for each in order:
        keys = keys * (int(each.max(initial=0)) + 1) + each
    _, first, numbers = np.unique(keys, return_index=True, return_inverse=True)
    return whole.take(pa.array(first)), numbers


def _ranks(coded: pa.DictionaryArray) -> Rows:
    """Return the place of each value among all values in order."""
    ranks = pc.rank(coded.dictionary, tiebreaker="dense").take(coded.indices)
    return np.asarray(ranks.to_numpy(zero_copy_only=False), np.int64)


def _members(owners: Rows, signals: Rows, devices: int) -> tuple[Rows, Rows]:
    """Return each device's distinct signals, in order, and where each device's begin and end."""
    every = int(signals.max()) + 1 if len(signals) else 1
    owners, members = np.divmod(distinct(owners * every + signals), every)
    return members, np.searchsorted(owners, np.arange(devices + 1))
