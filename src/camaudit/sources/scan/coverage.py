"""What a scan reached and what it did not, folded out of its journal line by line."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from camaudit.model.scan import Outcome, Reach, ScanRecord
from camaudit.wirekit.addresses import usable_address

from .engine import PORTS
from .journal import (
    EndLine,
    FaultLine,
    HeardLine,
    Line,
    ResumedLine,
    ScanLine,
    SearchedLine,
    VisitedLine,
    outcomes_of,
)
from .targets import AddressSet
from .visit import LOGIN

_STOPPED: Final = frozenset({Outcome.STOPPED, Outcome.CEILING})
#: Outcomes by what they say of the address, the best first.
_RANK: Final = (
    (Reach.ANSWERED, frozenset({Outcome.ANSWERED})),
    (Reach.STOPPED, _STOPPED),
    (
        Reach.PRESENT,
        frozenset({Outcome.OPEN, Outcome.REFUSED, Outcome.RESET, Outcome.TLS_FAILED}),
    ),
    (Reach.FILTERED, frozenset({Outcome.FILTERED})),
    (Reach.SILENT, frozenset({Outcome.SILENT})),
)
#: Reasons that are told apart; further ones are counted together.
_MAX_REASONS: Final = 64
_OTHERS: Final = "other reasons"
_TOLD: Final = frozenset({Reach.STOPPED, Reach.SKIPPED})


class Coverage:
    """Fold lines; then ask for the record."""

    def __init__(self) -> None:
        self._opening: ScanLine | None = None
        self._end: EndLine | None = None
        self._last: datetime | None = None
        self._reached: dict[tuple[Reach, str], list[str]] = {}
        #: Devices that were asked no further, by reason, whether or not they had answered before.
        self._stopped: dict[str, list[str]] = {}
        self._heard: dict[str, None] = {}
        #: Addresses that devices name as their own, whatever they answered from.
        self._named: dict[str, None] = {}
        self._searches: list[dict[str, Any]] = []
        self._faults: list[str] = []
        self._resumed = 0

    def add(self, line: Line) -> None:
        """Take one line; ``ValueError`` where its words are not known."""
        if isinstance(line, ScanLine):
            self._opening = self._opening or line
        elif isinstance(line, HeardLine):
            if line.p != PORTS:
                self._heard[line.a] = None
            self._named.update(dict.fromkeys(_named(line)))
            self._last = line.at
        elif isinstance(line, VisitedLine):
            self._visit(line)
            self._stop(line)
        elif isinstance(line, SearchedLine):
            self._searches.append(
                {
                    "search": line.search,
                    "interface": line.interface,
                    "address": line.address,
                    "sent": line.sent,
                    "replies": line.replies,
                    "sources": line.sources,
                    "dropped": line.dropped,
                    "trouble": line.trouble,
                }
            )
        elif isinstance(line, FaultLine):
            self._faults.append(line.text)
        elif isinstance(line, ResumedLine):
            self._resumed += 1
            self._end = None
        else:
            self._end = line

    def visited(self) -> AddressSet:
        """Return the addresses that are done with, for taking a scan up again."""
        return AddressSet.of(each for found in self._reached.values() for each in found)

    def record(self) -> ScanRecord:
        """Return what the estate keeps; ``ValueError`` where the opening line is missing."""
        opening = self._opening
        if opening is None:
            raise ValueError("no opening line")
        targets = AddressSet.parse(opening.targets)
        reached = self._sets()
        heard = AddressSet.of(self._heard)
        _better(reached, heard & targets)
        seen = AddressSet.union_of(reached.values())
        ended_early = targets - seen
        if ended_early:
            reached[Reach.SKIPPED, "the scan ended before"] = ended_early
        ended = self._end.at if self._end else self._last or opening.started
        return ScanRecord(
            run=opening.run,
            started=opening.started,
            ended=max(ended, opening.started),
            body={
                "site": opening.site,
                "permission": opening.permission,
                "right": opening.right,
                "profile": opening.profile,
                "ceiling": opening.ceiling,
                "limits": opening.limits,
                "ports": opening.ports,
                "searches": self._searches,
                "dialogues": opening.dialogues,
                "withheld": opening.withheld,
                "targets": opening.targets,
                "left_out": opening.left_out,
                "vantages": opening.vantages,
                "collector": opening.collector,
                "how": self._end.how if self._end else "cut off",
                "packets": self._end.packets if self._end else None,
                "undecoded": self._end.undecoded if self._end else None,
                "faults": self._faults,
                "resumed": self._resumed,
                "reached": [
                    [reach.value, reason, found.text()]
                    for (reach, reason), found in sorted(reached.items())
                    if found
                ],
                "stopped": [
                    [reason, AddressSet.of(found).text()]
                    for reason, found in sorted(self._stopped.items())
                ],
                "elsewhere": ((heard | AddressSet.of(self._named)) - targets).text(),
            },
        )

    def _visit(self, line: VisitedLine) -> None:
        best: tuple[Reach, str] = (Reach.SKIPPED, "")
        for outcome, detail, _, _ in outcomes_of(line):
            if outcome is Outcome.SKIPPED:
                best = best if best[0] is not Reach.SKIPPED or best[1] else (Reach.SKIPPED, detail)
                continue
            reach = next(reach for reach, outcomes in _RANK if outcome in outcomes)
            if _order(reach) < _order(best[0]):
                best = (reach, detail if reach in _TOLD else "")
        if best not in self._reached and len(self._reached) >= _MAX_REASONS:
            best = (best[0], _OTHERS)
        self._reached.setdefault(best, []).append(line.a)

    def _stop(self, line: VisitedLine) -> None:
        """Note a device that was left alone; a port that wants a login is only a port."""
        reasons = (d for o, d, _, _ in outcomes_of(line) if o in _STOPPED and d != LOGIN)
        reason = next(reasons, None)
        if reason is not None:
            known = reason in self._stopped or len(self._stopped) < _MAX_REASONS
            self._stopped.setdefault(reason if known else _OTHERS, []).append(line.a)

    def _sets(self) -> dict[tuple[Reach, str], AddressSet]:
        return {key: AddressSet.of(found) for key, found in self._reached.items()}


def _named(line: HeardLine) -> Iterator[str]:
    """Yield the addresses that a reply names; those of the link alone say nothing of a network."""
    for protocol, field, text in line.f:
        if (protocol, field) == ("ip", "address"):
            address = usable_address(text)
            if address is not None and not ipaddress.ip_address(address).is_link_local:
                yield address


def _better(reached: dict[tuple[Reach, str], AddressSet], heard: AddressSet) -> None:
    """What answered a search has answered, whatever its ports did."""
    if not heard:
        return
    for key, found in reached.items():
        if key[0] is not Reach.ANSWERED:
            reached[key] = found - heard
    mine = (Reach.ANSWERED, "")
    reached[mine] = AddressSet.union_of(_some(reached.get(mine), heard))


def _some(*sets: AddressSet | None) -> Iterable[AddressSet]:
    return [each for each in sets if each is not None]


def _order(reach: Reach) -> int:
    order = [each for each, _ in _RANK]
    return order.index(reach) if reach in order else len(order)
