"""Gather what a flow log tells, merged as it comes, so that memory does not grow with the log.

1. Conversations are merged by the hour. Beyond ``CEILING`` of them ports are given up: first those
   of address pairs with many of them (scans), then all. Where that does not help the log is
   handed on in parts (``full``). Each of these is told.
2. Names, events and observations are held until a part is full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.conversations import KEYS, merged
from camaudit.model.observation import Problem
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Damage, Traffic
from camaudit.model.traffic_schemas import ACTIVITY, CONVERSATIONS, EVENTS, NAMES
from camaudit.sources.hearing import Hearing
from camaudit.sources.tables import BatchBuilder

from .export import RecordError
from .flow_cells import MAX_COUNT, host_name, spelled
from .pairing import ONE_WAY, paired

#: Ours. Conversations and hours that are told apart: some 400 MiB.
CEILING: Final = 1_000_000
#: Ours. Rows that are put into columns together.
BLOCK: Final = 1 << 17
#: Ours. Ports of one pair of addresses in one hour beyond which it is a scan.
MANY_PORTS: Final = 16
#: Ours. Names, events, observations, minutes and addresses of one part.
MOST_HELD: Final = 250_000
#: Ours. Sorts of damage that are told apart.
_MOST_DAMAGES: Final = 200

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE: Final = 60_000_000
_FIELDS: Final = CONVERSATIONS.names
_PACKETS: Final = ("packets_out", "packets_back")
_AT: Final = CONVERSATIONS.field("first").type


class TrafficBook:
    """What was told so far; ``parts`` gives it as ``Traffic``."""

    def __init__(
        self, sentinel: str | None = None, *, ceiling: int = CEILING, block: int = BLOCK
    ) -> None:
        """Begin; ``sentinel`` is the address of which it is told when it was heard."""
        self._ceiling, self._block = ceiling, block
        self._sentinel = sentinel
        self._damage: dict[str, tuple[int, str]] = {}
        self._folded = False
        self._parts = 0
        self._clear()

    def _clear(self) -> None:
        self._rows: list[tuple[Any, ...]] = []
        self._one_way: list[tuple[Any, ...]] = []
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._merged = CONVERSATIONS.empty_table()
        self._names: dict[tuple[str, bytes | None, str, str, str | None], list[int]] = {}
        self._events: list[tuple[bytes, str, int]] = []
        self._builder = BatchBuilder()
        self._minutes: Counter[int] = Counter()
        self._hearing = Hearing(self._sentinel)
        self._addresses: dict[str, Counter[str]] = {}
        self._address_count = 0

    @property
    def full(self) -> bool:
        """Tell whether it is time to hand on a part."""
        return (
            self._merged.num_rows >= self._ceiling
            or len(self._names) >= MOST_HELD
            or len(self._events) >= MOST_HELD
            or len(self._builder) >= MOST_HELD
            or len(self._minutes) >= MOST_HELD
            or self._address_count >= MOST_HELD
        )

    # -------------------------------------------------------------------------------- take in

    def flow(
        self,
        client: str,
        server: str,
        protocol: int,
        port: int,
        counts: tuple[int, int, int, int],
        first: int,
        last: int,
        *,
        opened: bool,
        macs: tuple[bytes | None, bytes | None] = (None, None),
        vlan: int | None = None,
    ) -> None:
        """Add a conversation whose client is known; ``counts``: packets out, back, bytes out, back.

        Times are microseconds since 1970.

        Raises:
            RecordError: It ends before it begins.
        """
        _need_order(first, last)
        self._rows.append(
            (client, server, *macs, vlan, protocol, port, opened, *counts, first, last)
        )
        if len(self._rows) >= self._block:
            self._take_rows()

    def one_way(
        self,
        source: str,
        target: str,
        ports: tuple[int, int],
        protocol: int,
        flags: int,
        counts: tuple[int, int],
        first: int,
        last: int,
        macs: tuple[bytes | None, bytes | None] = (None, None),
        vlan: int | None = None,
    ) -> None:
        """Add a record of one direction; ``counts``: packets, bytes.

        Raises:
            RecordError: It ends before it begins.
        """
        _need_order(first, last)
        self._one_way.append(
            (source, target, *ports, protocol, flags, *counts, first, last, *macs, vlan)
        )
        if len(self._one_way) >= self._block:
            self._take_one_way()

    def name(
        self,
        client: str,
        via: str,
        name: str,
        at: int,
        addresses: tuple[str, ...] = (),
        mac: bytes | None = None,
    ) -> None:
        """Add a name that a host asked for or spoke to; what is no name of a host is counted."""
        known = host_name(name)
        if known is None:
            self.damage(f"texts that are no name of a host ({via})", "")
        if not known:
            return
        for address in addresses or (None,):
            held = self._names.setdefault((client, mac, via, known, address), [at, at, 0])
            held[0], held[1], held[2] = min(held[0], at), max(held[1], at), held[2] + 1

    def event(self, mac: bytes, kind: str, at: int) -> None:
        """Add what shows that a device started anew."""
        self._events.append((mac, kind, at))

    def observe(self, mac: bytes, key: str, value: str, position: str, at: int) -> None:
        """Add what a device said of itself."""
        if value:
            seen_at = _EPOCH + timedelta(microseconds=at)
            self._builder.add(spelled(mac), key, value.encode("utf-8"), position, seen_at)

    def address(self, mac: bytes, address: str, packets: int = 0) -> None:
        """Note that a hardware address used an address."""
        known = self._addresses.setdefault(spelled(mac), Counter())
        self._address_count += address not in known
        known[address] += packets

    def damage(self, what: str, position: str, count: int = 1) -> None:
        """Count damage of one sort."""
        if what not in self._damage and len(self._damage) >= _MOST_DAMAGES:
            what = "other damage"
        known, first = self._damage.get(what, (0, position))
        self._damage[what] = (known + count, first)

    # --------------------------------------------------------------------------------- give out

    def part(self) -> Iterator[Traffic | pa.RecordBatch]:
        """Yield what is held, where it is time to, and forget it: observations, then traffic."""
        if self.full:
            yield from self._take()

    def close(self) -> Iterator[Traffic | pa.RecordBatch | Problem]:
        """Yield what is left (an empty part, if nothing was told at all), and what was given up."""
        yield from self._take(last=True)
        if self._folded:
            yield Problem(
                position="",
                field="port",
                message=f"there are more than {self._ceiling:,} conversations: those of address "
                "pairs with many ports were merged, and their ports are not kept; import a shorter "
                "span of time to keep them",
                rejected=False,
            )
        if self._parts > 1:
            yield Problem(
                position="",
                field="",
                message=f"the log was taken in {self._parts} parts, as it does not fit into one",
                rejected=False,
            )

    def _take(self, *, last: bool = False) -> Iterator[Traffic | pa.RecordBatch]:
        self._take_rows()
        self._take_one_way()
        self._merge()
        found = self._merged
        minutes = sorted(self._minutes)
        names, events = self._name_table(), self._event_table()
        times = [at for table in (names, events) for at in _ends(table)] + _ends(found)
        self._parts += 1
        yield from self._builder.flush()
        yield Traffic(
            conversations=found.sort_by([("first", "ascending"), *((k, "ascending") for k in _BY)]),
            names=names,
            events=events,
            activity=pa.table(
                [
                    pa.array([minute * _MINUTE for minute in minutes], pa.int64()).cast(_AT),
                    pa.array([self._minutes[minute] for minute in minutes], pa.int64()),
                ],
                schema=ACTIVITY,
            ),
            observations=OBSERVATIONS.empty_table(),
            packets=sum(self._minutes.values()),
            first=min(times, default=None),
            last=max(times, default=None),
            lost=None,
            damage=tuple(
                Damage(what=what, count=count, first=first)
                for what, (count, first) in self._damage.items()
            )
            if last
            else (),
            addresses=self._addresses,
            heard=self._hearing.table(),
        )
        self._clear()

    def _take_rows(self) -> None:
        if not self._rows:
            return
        columns = dict(zip(_FIELDS, zip(*self._rows, strict=True), strict=True))
        self._rows = []
        arrays = [
            pa.array(columns[each.name], pa.int64()).cast(_AT)
            if each.type == _AT
            else pa.array(columns[each.name], each.type)
            for each in CONVERSATIONS
        ]
        self._wait(pa.Table.from_arrays(arrays, schema=CONVERSATIONS))

    def _take_one_way(self) -> None:
        if not self._one_way:
            return
        columns = list(zip(*self._one_way, strict=True))
        self._one_way = []
        arrays = [pa.array(c, each.type) for c, each in zip(columns, ONE_WAY, strict=True)]
        self._wait(paired(pa.Table.from_arrays(arrays, schema=ONE_WAY)))

    def _wait(self, table: pa.Table) -> None:
        self._count_minutes(table)
        self._note_addresses(table)
        self._hear(table)
        table = merged(table)
        self._waiting.append(table)
        self._waiting_rows += table.num_rows
        # As seldom as memory allows: each merging goes through all that there is
        left = max(self._ceiling - self._merged.num_rows, self._block)
        if self._waiting_rows >= min(max(self._merged.num_rows, self._block), left):
            self._merge()

    def _count_minutes(self, table: pa.Table) -> None:
        """Count the minutes of the first and of the last packet: of others nothing is known."""
        first = table.column("first").cast(pa.int64()).to_numpy() // _MINUTE
        last = table.column("last").cast(pa.int64()).to_numpy() // _MINUTE
        packets = pc.add(*(table.column(name) for name in _PACKETS)).to_numpy()
        late = (last > first) & (packets > 1)
        for minutes, counts in ((first, packets - late), (last[late], np.ones(late.sum(), int))):
            known, codes = np.unique(minutes, return_inverse=True)
            sums = np.zeros(len(known), np.int64)
            np.add.at(sums, codes, counts)
            for minute, count in zip(known.tolist(), sums.tolist(), strict=True):
                self._minutes[minute] += count

    def _hear(self, table: pa.Table) -> None:
        """Note when the sentinel sent: tools end the record of a flow that pauses for minutes."""
        if self._hearing.address is None:
            return
        for who, packets in (("client", "packets_out"), ("server", "packets_back")):
            its = pc.equal(table.column(who), str(self._hearing.address))
            rows = table.filter(pc.and_(its, pc.greater(table.column(packets), 0)))
            self._hearing.add(
                *(rows.column(name).cast(pa.int64()).to_numpy() for name in ("first", "last"))
            )

    def _note_addresses(self, table: pa.Table) -> None:
        for who, packets in (("client", "packets_out"), ("server", "packets_back")):
            known = table.filter(pc.is_valid(table.column(f"{who}_mac")))
            if known.num_rows:
                sums = known.group_by([f"{who}_mac", who]).aggregate([(packets, "sum")])
                for row in sums.to_pylist():
                    if row[f"{packets}_sum"]:
                        self.address(row[f"{who}_mac"], row[who], row[f"{packets}_sum"])

    def _merge(self) -> None:
        if not self._waiting:
            return
        self._merged = merged(pa.concat_tables([self._merged, *self._waiting]))
        self._waiting, self._waiting_rows = [], 0
        for many in (MANY_PORTS, 0):
            # Down to three quarters, so that it is not done again with each block
            if self._merged.num_rows >= self._ceiling * (1 if many else 0.75):
                self._fold(many)

    def _fold(self, many: int) -> None:
        """Give up the ports of address pairs that have more than ``many`` in an hour."""
        before = self._merged
        pairs = before.append_column("hour", pc.floor_temporal(before.column("first"), unit="hour"))
        keys = [*(key for key in KEYS if key != "port"), "hour"]
        columns = [pairs.column(key).combine_chunks().dictionary_encode("encode") for key in keys]
        codes = np.zeros(before.num_rows, np.int64)
        for column in columns:
            fresh = column.indices.to_numpy().astype(np.int64)
            _, codes = np.unique(codes * (len(column.dictionary) + 1) + fresh, return_inverse=True)
        crowded = np.bincount(codes)[codes] > max(many, 1)
        ports = np.where(crowded, 0, before.column("port").to_numpy()).astype(np.uint16)
        at = _FIELDS.index("port")
        folded = before.set_column(at, CONVERSATIONS.field("port"), pa.array(ports))
        self._merged = merged(folded.cast(CONVERSATIONS))
        self._folded |= bool(crowded.any())

    def _name_table(self) -> pa.Table:
        keys = sorted(
            self._names, key=lambda key: (self._names[key][0], *(str(part) for part in key))
        )
        columns = list(zip(*keys, strict=True)) or [()] * 5
        counts = list(zip(*(self._names[key] for key in keys), strict=True)) or [()] * 3
        return pa.Table.from_arrays(
            [
                pa.array(columns[0], pa.string()),
                pa.array(columns[1], pa.binary(6)),
                pa.array(columns[2], pa.string()).dictionary_encode(),
                pa.array(columns[3], pa.string()),
                pa.array(columns[4], pa.string()),
                pa.array(counts[0], pa.int64()).cast(_AT),
                pa.array(counts[1], pa.int64()).cast(_AT),
                pa.array(counts[2], pa.int64()),
            ],
            schema=NAMES,
        )

    def _event_table(self) -> pa.Table:
        columns = list(zip(*self._events, strict=True)) or [()] * 3
        return pa.Table.from_arrays(
            [
                pa.array(columns[0], pa.binary(6)),
                pa.array(columns[1], pa.string()).dictionary_encode(),
                pa.array(columns[2], pa.int64()).cast(_AT),
            ],
            schema=EVENTS,
        )


#: The order of conversations that began together.
_BY: Final = ("client", "server", "protocol", "port")


def _need_order(first: int, last: int) -> None:
    if last < first:
        raise RecordError("", "it ends before it begins")


def _ends(table: pa.Table) -> list[datetime]:
    """Return the first and the last time of a table, if it has any row."""
    names = [name for name in ("first", "last", "at") if name in table.column_names]
    if not table.num_rows:
        return []
    return [
        (pc.min if name != "last" else pc.max)(table.column(name)).as_py() for name in names
    ] + [pc.max(table.column(names[-1])).as_py()]


__all__ = ["MAX_COUNT", "TrafficBook"]
