"""Facts of a pretend estate of any size, and packs enough to judge it under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.app.assess import policies
from camaudit.app.packset import PackSet
from camaudit.model.policy import FACTS
from camaudit.policy import CompiledPolicy, compile_policy

#: The same numbers each time.
SEED: Final = 20_221_124
AT: Final = date(2026, 3, 1)
_FIRST_DAY: Final = date(2012, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
#: A day of installation is one of this many.
_DAYS: Final = 5_000
#: Words of texts that the vocabulary leaves open.
_OPEN: Final = {
    "device.kind": ("camera", "recorder", "encoder", "drone", "not_surveillance", "unknown"),
    "device.core_note": ("declared isolated, not verified",),
    "device.core_basis": ("declared", "evidenced"),
    "device.made_in": ("CN", "SE", "TW", "US"),
    "decisions": ("", "c", "d", "c d"),
    "exceptions": ("", "dni-waiver"),
}
#: The share of cells that are empty.
_EMPTY: Final = 0.1


def packs_enough(packs: PackSet, wanted: int) -> list[CompiledPolicy]:
    """Return the packs, over again under other ids until there are as many as wanted, compiled."""
    known = policies(packs).policies
    copies = (
        policy if number < len(known) else replace(policy, id=f"{policy.id}-{number}")
        for number, policy in enumerate(islice(cycle(known), max(wanted, len(known))))
    )
    return [compile_policy(each, packs.makers.makers, at=AT) for each in copies]


def make_facts(packs: PackSet, devices: int, distinct: int) -> pa.Table:
    """Return one row a device: each value drawn by itself, rows from so many drawn rows."""
    known = policies(packs).policies
    words = {fact.columns[0]: fact.words for each in known for fact in each.facts if fact.words}
    words |= _OPEN | {"device.producer": tuple(str(maker.id) for maker in packs.makers.makers)}
    draw = np.random.default_rng(SEED)
    columns = [_column(field, words.get(field.name, ()), distinct, draw) for field in FACTS]
    rows = pa.table(columns, FACTS)
    # each drawn row at least once, the others wherever they fall
    at = np.concatenate((np.arange(distinct), draw.integers(0, distinct, devices - distinct)))
    draw.shuffle(at)
    return rows.take(pa.array(at)).combine_chunks()


def _column(
    field: pa.Field, words: Sequence[str], length: int, draw: np.random.Generator
) -> pa.Array:
    empty = draw.random(length) < _EMPTY
    if pa.types.is_boolean(field.type):
        return pa.array(draw.random(length) < 0.8, mask=empty)
    if pa.types.is_date(field.type):
        late = field.name.endswith("not_after")
        days = _FIRST_DAY + draw.integers(0, _DAYS, length) + (_DAYS if late else 0)
        return pa.array(days.astype(np.int32), pa.int32(), mask=empty).cast(pa.date32())
    if pa.types.is_floating(field.type):
        return pa.array(np.round(draw.random(length), 4), mask=empty)
    chosen = pa.array(draw.integers(0, len(words), length), mask=empty)
    return pc.take(pa.array(words, pa.string()), chosen)
