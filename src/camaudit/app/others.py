"""Tell of a capture's other devices what they are, and not what their people say and ask for.

A capture that is classified at once shows telephones and laptops too: their host names, the names
that they ask for, the titles of pages. Of what is no candidate for surveillance equipment (the
threshold of ``watching.is_candidate``) the conclusion is told, with what rests on the block of the
hardware address; the other reasons are left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from .classifier import Classified
from .free_text import FreeText
from .packset import PackSet
from .watching import is_candidate

#: Fields that tell no more than who was given a block of hardware addresses.
_BLOCK: Final = ("mac.address", "mac.organisation")


class Others:
    """Remembers which devices traffic shows, and leaves their people's words out."""

    def __init__(self, packs: PackSet) -> None:
        self._reduce = FreeText(packs)
        self._seen: set[str] = set()
        #: Devices of which reasons were left out.
        self.count = 0

    def seen(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Note whom a batch of traffic is of; return it without text that no signature reads."""
        self._seen.update(batch.column("device").unique().to_pylist())
        return self._reduce(batch)

    def without(self, found: Classified) -> Classified:
        """Return the same conclusions; the reasons of others are those of the block alone."""
        names = found.devices.to_pylist()
        candidate = [is_candidate(each) for each in found.conclusions]
        hidden = np.array(
            [
                name in self._seen and not candidate[code]
                for name, code in zip(names, found.codes.tolist(), strict=True)
            ],
            bool,
        )
        if not hidden.any():
            return found
        owners = np.repeat(np.arange(len(names)), np.diff(found.offsets))
        of_block = np.isin(found.signals.column("field").to_numpy(zero_copy_only=False), _BLOCK)
        kept = ~hidden[owners] | of_block[found.members]
        self.count += len(np.unique(owners[~kept]))
        ends = np.cumsum(np.bincount(owners[kept], minlength=len(names)))
        return replace(
            found,
            members=found.members[kept],
            offsets=np.concatenate([[0], ends]),
            picks={name: np.where(hidden, -1, rows) for name, rows in found.picks.items()},
        )
