"""Write several policies side by side: the report, each policy's counts, then a line a device."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any, Final

from camaudit.model.snapshot import ObservationRow, Snapshot
from camaudit.reports.comparing import compare
from camaudit.reports.grounds import insist

from .build import encode, lines, typed

#: Of the shape of the lines; a reader refuses a major version that it does not know.
FORMAT: Final = "camaudit-policies/1"

#: The same, of what to find out first.
GAPS_FORMAT: Final = "camaudit-gaps/1"

#: Lines that are of one policy, and not of the estate.
_OWN: Final = frozenset({"policy", "duty", "question", "what_if", "extension"})


def build_many(snapshots: Sequence[Snapshot]) -> Iterator[bytes]:
    """Yield the lines, one a chunk."""
    for each in snapshots:
        insist(each)
    return map(encode, lines_of_many(snapshots))


def lines_of_many(snapshots: Sequence[Snapshot]) -> Iterator[dict[str, Any]]:
    """Yield each line as an object; ``type`` comes first, and ``policy`` says whose it is."""
    names = [each.policy.id for each in snapshots]
    yield next(lines(snapshots[0])) | {"format": FORMAT, "policies": names}
    for each in snapshots:
        for line in takewhile(lambda line: line["type"] != "device", lines(each)):
            if line["type"] in _OWN:
                yield line | {"policy": each.policy.id}
    devices = [
        {line["id"]: line for line in lines(each) if line["type"] == "device"} for each in snapshots
    ]
    for compared in compare(snapshots):
        mine = [each[compared.device.id] for each in devices]
        yield {name: value for name, value in mine[0].items() if name != "verdicts"} | {
            "conflict": compared.conflict,
            "breached": list(compared.breached),
            "met": list(compared.met),
            "policies": {
                name: {"standing": word, "verdicts": line["verdicts"]}
                for name, word, line in zip(names, compared.standings, mine, strict=True)
            },
        }


def build_gaps(snapshots: Sequence[Snapshot], found: Sequence[ObservationRow]) -> Iterator[bytes]:
    """Yield what to find out first, after one line on the report and one on each policy."""
    names = [each.policy.id for each in snapshots]
    yield encode(next(lines(snapshots[0])) | {"format": GAPS_FORMAT, "policies": names})
    for each in snapshots:
        yield from (encode(line) for line in lines(each) if line["type"] == "policy")
    yield from map(encode, typed("observation", found))
