"""The ``classify`` use case: observations in, one explained answer a device; needs no estate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from camaudit.engines import local
from camaudit.model.observation import Problem

from .classifier import Classified, Classifier, Tally
from .device_lines import DeviceLine, device_lines
from .packset import PackSet


def classify(
    items: Iterable[pa.RecordBatch | Problem], packs: PackSet, tally: Tally | None = None
) -> Iterator[DeviceLine]:
    """Yield one line a device, in the order in which devices first appear."""
    for found in classify_batches(items, packs, tally if tally is not None else Tally()):
        yield from device_lines(found, packs.makers)


def classify_batches(
    items: Iterable[pa.RecordBatch | Problem],
    packs: PackSet,
    tally: Tally,
    *,
    clustered: bool = False,
) -> Iterator[Classified]:
    """Yield what batches of whole devices come to; memory does not grow with the input.

    Args:
        items: Batches of ``schemas.OBSERVATIONS``, and what could not be read.
        packs: What to match with.
        tally: Where to count.
        clustered: The rows of each device stand together. This is checked, and saves putting
            larger inputs into order on disk.

    Raises:
        SourceError: ``clustered`` is not true, or one device has too many observations.
        OSError: The temporary directory is full.
    """
    classifier = Classifier(packs, tally)
    batches = _without_problems(items, tally)
    for batch in local.whole_devices(batches, clustered=clustered):
        yield classifier(batch)


def _without_problems(
    items: Iterable[pa.RecordBatch | Problem], tally: Tally
) -> Iterator[pa.RecordBatch]:
    for item in items:
        if isinstance(item, Problem):
            tally.add(item)
        else:
            yield item
