"""Bring the two directions of a conversation together, where a log has a record for each.

Who opened is told by the flags of TCP and by which direction began first; where both are silent
the side with the higher port is the client, and ``opened`` is false.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.conversations import WITH_PORTS, is_group
from camaudit.model.traffic_schemas import CONVERSATIONS

_TCP: Final = 6
#: RFC 9293 3.1: the bits of SYN and ACK among the flags.
SYN: Final = 0x02
ACK: Final = 0x10
_NEVER: Final = np.iinfo(np.int64).max

_Numbers = np.ndarray[Any, np.dtype[np.int64]]
_Bools = np.ndarray[Any, np.dtype[np.bool_]]

#: Records of one direction; ``flags`` are those of TCP together, 0 where they are not known.
ONE_WAY: Final = pa.schema(
    [
        ("src", pa.string()),
        ("dst", pa.string()),
        ("sport", pa.int64()),
        ("dport", pa.int64()),
        ("proto", pa.int64()),
        ("flags", pa.int64()),
        ("packets", pa.int64()),
        ("bytes", pa.int64()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("src_mac", pa.binary(6)),
        ("dst_mac", pa.binary(6)),
        ("vlan", pa.int32()),
    ]
)


def paired(records: pa.Table) -> pa.Table:
    """Return a row of ``CONVERSATIONS`` for each record, those of one conversation turned alike."""
    src, dst = (records.column(name).combine_chunks() for name in ("src", "dst"))
    proto, flags, start = (_numbers(records, name) for name in ("proto", "flags", "start"))
    ported = np.isin(proto, WITH_PORTS)
    sport = np.where(ported, _numbers(records, "sport"), 0)
    dport = np.where(ported, _numbers(records, "dport"), 0)

    # Each direction is told by which of its ends sorts first: both then have one key.
    words = pa.concat_arrays([src, dst]).dictionary_encode().indices.to_numpy().astype(np.int64)
    source, target = words[: len(src)], words[len(src) :]
    hither = (source < target) | ((source == target) & (sport <= dport))
    key = _coded(np.minimum(source, target), np.maximum(source, target))
    ports = (np.where(hither, sport, dport) << 16) | np.where(hither, dport, sport)
    key = _coded(key, (ports << 8) | proto)

    pairs = int(key.max()) + 1
    began = [_least(start, key, pairs, each) for each in (hither, ~hither)]
    bare = [_any((flags & (SYN | ACK)) == SYN, key, pairs, each) for each in (hither, ~hither)]
    syns = [_any((flags & SYN) != 0, key, pairs, each) for each in (hither, ~hither)]
    both = (began[0] != _NEVER) & (began[1] != _NEVER)
    is_tcp = np.zeros(pairs, np.bool_)
    is_tcp[key[proto == _TCP]] = True

    # 1: the end that sorts first opened; -1: the other did; 0: nothing tells.
    opener = np.where(bare[0] & ~bare[1], 1, np.where(bare[1] & ~bare[0], -1, 0))
    earlier = np.sign(began[1] - np.where(both, began[0], began[1]))
    seen = np.where(is_tcp, both & syns[0] & syns[1], both)
    opener = np.where((opener == 0) & seen, earlier, opener)

    of_row = opener[key]
    told = of_row != 0
    turned = np.where(told, (of_row == 1) != hither, _by_port(sport, dport, src, dst))
    # A lone direction other than TCP: its sender began, unless its port says that it answered.
    alone = ~both[key] & (proto != _TCP) & (sport >= dport)
    alone |= _bools(is_group(dst)) & (proto != _TCP)
    turned &= ~alone
    told |= alone
    return _conversations(records, _Sides(src, dst, sport, dport), turned, told)


class _Sides:
    """The two ends of each record."""

    def __init__(self, src: pa.Array, dst: pa.Array, sport: _Numbers, dport: _Numbers) -> None:
        self.src, self.dst, self.sport, self.dport = src, dst, sport, dport


def _conversations(records: pa.Table, sides: _Sides, turned: _Bools, told: _Bools) -> pa.Table:
    back = pa.array(turned)
    packets, sizes = (records.column(name).combine_chunks() for name in ("packets", "bytes"))
    macs = [records.column(name).combine_chunks() for name in ("src_mac", "dst_mac")]
    nought = pa.array(np.zeros(len(turned), np.int64))
    at = CONVERSATIONS.field("first").type
    return pa.Table.from_arrays(
        [
            pc.if_else(back, sides.dst, sides.src),
            pc.if_else(back, sides.src, sides.dst),
            pc.if_else(back, macs[1], macs[0]),
            pc.if_else(back, macs[0], macs[1]),
            records.column("vlan"),
            pa.array(_numbers(records, "proto").astype(np.uint8)),
            pa.array(np.where(turned, sides.sport, sides.dport).astype(np.uint16)),
            pa.array(told),
            pc.if_else(back, nought, packets),
            pc.if_else(back, packets, nought),
            pc.if_else(back, nought, sizes),
            pc.if_else(back, sizes, nought),
            records.column("start").cast(at),
            records.column("end").cast(at),
        ],
        schema=CONVERSATIONS,
    )


def _by_port(sport: _Numbers, dport: _Numbers, src: pa.Array, dst: pa.Array) -> _Bools:
    """Tell which records go back to the client, by their ports alone."""
    found: _Bools = (sport < dport) | ((sport == dport) & _bools(pc.greater(src, dst)))
    return found


def _coded(first: _Numbers, second: _Numbers) -> _Numbers:
    """Return small numbers that are alike where both are alike."""
    _, low = np.unique(second, return_inverse=True)
    _, codes = np.unique(first * (int(low.max()) + 1) + low, return_inverse=True)
    found: _Numbers = codes.astype(np.int64)
    return found


def _least(values: _Numbers, key: _Numbers, pairs: int, where: _Bools) -> _Numbers:
    found: _Numbers = np.full(pairs, _NEVER, np.int64)
    np.minimum.at(found, key[where], values[where])
    return found


def _any(values: _Bools, key: _Numbers, pairs: int, where: _Bools) -> _Bools:
    found: _Bools = np.zeros(pairs, np.bool_)
    found[key[where & values]] = True
    return found


def _numbers(records: pa.Table, name: str) -> _Numbers:
    found: _Numbers = records.column(name).to_numpy()
    return found


def _bools(array: pa.Array) -> _Bools:
    found: _Bools = array.to_numpy(zero_copy_only=False)
    return found
