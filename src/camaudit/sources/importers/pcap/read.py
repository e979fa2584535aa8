"""Read a capture: the devices that are seen in it, and the traffic between them.

A device is its hardware address in lower case with colons. Damage stays with the traffic, since it
says what was not looked at; it is told as problems as well, since a reader of devices sees only
these.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, Final, cast

from camaudit.model.observation import Problem
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Damage
from camaudit.sources.captures.read import is_capture, read_capture
from camaudit.sources.captures.watching import Passive
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS

#: What reads payloads, imported by name when a capture is read: it brings every codec with it.
_WATCHER: Final = "camaudit.sources.captures.passive"


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is a capture."""
    del name  # the content tells
    return 100 if is_capture(head) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what is observed of devices, then the traffic.

    Raises:
        SourceError: The file is no capture.
    """
    traffic = read_capture(stream, _watcher(), options.sentinel)
    for damage in traffic.damage:
        yield _problem(damage)
    yield from traffic.observations.to_batches(max_chunksize=MAX_BATCH_ROWS)
    yield replace(traffic, observations=OBSERVATIONS.empty_table())


def _watcher() -> Passive | None:
    if importlib.util.find_spec(_WATCHER) is None:
        return None
    return cast(Passive, importlib.import_module(_WATCHER).Watcher())


def _problem(damage: Damage) -> Problem:
    return Problem(
        position=damage.first,
        field="",
        message=f"{damage.count:,} {damage.what}",
        rejected=False,
    )
