"""Bring rows of flows together: one row a conversation and hour, whatever the order they come in.

Read by: sources; app hands ``summarise`` to engines.

1. A flow record says when its first and its last packet went, and not in which hours those between
   went: all of it is counted in the hour of its first packet, and ``last`` may lie in a later one.
2. Where nothing says who opened, the side with the higher port is the client; of equal ports the
   address that sorts first. What is sent to a group was sent by its client.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .traffic_schemas import CONVERSATIONS

#: What rows of one conversation have in common, besides the hour.
KEYS: Final = ("client", "server", "client_mac", "server_mac", "vlan", "protocol", "port")
#: What rows of one conversation add up to.
SUMS: Final = ("packets_out", "packets_back", "bytes_out", "bytes_back")
#: IANA: TCP, UDP, DCCP, SCTP and UDP-Lite have ports.
WITH_PORTS: Final = (6, 17, 33, 132, 136)

_AT: Final = CONVERSATIONS.field("first").type
_HOUR: Final = 3_600_000_000

#: Flow records of one direction, as many tools write them to columns.
FLOWS: Final = pa.schema(
    [
        pa.field("src", pa.string(), nullable=False),
        pa.field("dst", pa.string(), nullable=False),
        pa.field("sport", pa.uint16(), nullable=False),
        pa.field("dport", pa.uint16(), nullable=False),
        pa.field("proto", pa.uint8(), nullable=False),
        pa.field("packets", pa.int64(), nullable=False),
        pa.field("bytes", pa.int64(), nullable=False),
        pa.field("start", _AT, nullable=False),
        pa.field("end", _AT, nullable=False),
    ]
)


def merged(table: pa.Table, *, by_hour: bool = True) -> pa.Table:
    """Return one row a conversation (and hour) of a table of ``CONVERSATIONS``."""
    keys = list(KEYS)
    if by_hour:
        hours = table.column("first").cast(pa.int64()).to_numpy() // _HOUR
        table, keys = table.append_column("hour", pa.array(hours)), [*KEYS, "hour"]
    found = table.group_by(keys, use_threads=False).aggregate(
        [("opened", "any"), *((name, "sum") for name in SUMS), ("first", "min"), ("last", "max")]
    )
    named = {name: f"{name}_{how}" for name, how in _HOW.items()}
    return pa.Table.from_arrays(
        [found.column(named.get(name, name)) for name in CONVERSATIONS.names],
        schema=CONVERSATIONS,
    )


_HOW: Final = {"opened": "any", "first": "min", "last": "max"} | dict.fromkeys(SUMS, "sum")


def summarise(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch of ``CONVERSATIONS`` or ``FLOWS`` as one row a conversation and hour.

    What it gives may be joined with what it gave of other batches, and put in again.
    """
    if "src" in batch.schema.names:
        batch = of_flows(batch)
    table = merged(pa.Table.from_batches([batch])).combine_chunks()
    return table.to_batches()[0] if table.num_rows else batch.slice(0, 0)


def of_flows(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a row of ``CONVERSATIONS`` for each row of ``FLOWS``; none tells who opened."""
    rows = batch.num_rows
    src, dst = batch.column("src"), batch.column("dst")
    sport, dport = batch.column("sport").to_numpy(), batch.column("dport").to_numpy()
    ported = np.isin(batch.column("proto").to_numpy(), WITH_PORTS)
    sport, dport = np.where(ported, sport, 0), np.where(ported, dport, 0)
    turned = (sport < dport) | ((sport == dport) & _bools(pc.greater(src, dst)))
    turned &= ~_bools(is_group(dst))
    back, nought = pa.array(turned), pa.array(np.zeros(rows, np.int64))
    packets, sizes = batch.column("packets"), batch.column("bytes")
    return pa.RecordBatch.from_arrays(
        [
            pc.if_else(back, dst, src),
            pc.if_else(back, src, dst),
            pa.nulls(rows, pa.binary(6)),
            pa.nulls(rows, pa.binary(6)),
            pa.nulls(rows, pa.int32()),
            batch.column("proto"),
            pa.array(np.where(turned, sport, dport).astype(np.uint16)),
            pa.array(np.zeros(rows, np.bool_)),
            pc.if_else(back, nought, packets),
            pc.if_else(back, packets, nought),
            pc.if_else(back, nought, sizes),
            pc.if_else(back, sizes, nought),
            batch.column("start").cast(_AT),
            batch.column("end").cast(_AT),
        ],
        schema=CONVERSATIONS,
    )


def is_group(addresses: pa.Array) -> pa.Array:
    """Tell which addresses stand for many: multicast of both families, and limited broadcast."""
    # 224.0.0.0/4 (RFC 5771), ff00::/8 (RFC 4291 2.7), 255.255.255.255 (RFC 919)
    return pc.match_substring_regex(addresses, r"^(22[4-9]\.|23\d\.|ff[0-9a-f]{2}:|255(\.255){3}$)")


def _bools(array: pa.Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    found: np.ndarray[Any, np.dtype[np.bool_]] = array.to_numpy(zero_copy_only=False)
    return found
