"""Make flow logs, the same ones each time: Parquet in parts, and nfdump's CSV.

1. Nothing is random: a flow's conversation, hour and sizes are hashes of its number.
2. A conversation is one client of 10.0.0.0/8, one of 64 services on one of 4,096 servers of
   198.18.0.0/15 (RFC 2544). Each flow has a fresh high port at its client, and every second one is
   the answer, with its ports the other way round.
3. Flows are in order of time, as a collector writes them: ``part`` of ``parts`` holds its share of
   the day.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from camaudit.model.conversations import FLOWS

#: 2026-11-01T00:00:00Z in microseconds.
DAY: Final = 1_793_491_200_000_000
_DAY_LENGTH: Final = 86_400_000_000
_BATCH: Final = 1_000_000
_SERVICES: Final = np.array([443, 80, 554, 8000, 37777, 53, 123, 1883] * 8) + np.repeat(
    np.arange(8) * 0x100, 8
)
_DATAGRAMS: Final = (53, 123)

Numbers = np.ndarray[Any, np.dtype[np.uint64]]


def mixed(numbers: Numbers) -> Numbers:
    """Return 64 well-mixed bits for each number (the finaliser of SplitMix64)."""
    mixed_ = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed_ = (mixed_ ^ (mixed_ >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed_ ^ (mixed_ >> np.uint64(31))


def addresses(numbers: Numbers, first: int) -> pa.Array:
    """Return IPv4 addresses as text, from ``first`` on."""
    wanted = np.arange(int(numbers.max()) + 1, dtype=np.int64) + first
    octets = [pa.array((wanted >> shift) & 0xFF).cast(pa.string()) for shift in (24, 16, 8, 0)]
    words = pa.compute.binary_join_element_wise(*octets, ".")
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), words)


def batch(first: int, count: int, total: int, conversations: int) -> pa.RecordBatch:
    """Return the flows from number ``first`` on, of ``total`` in a day."""
    numbers = np.arange(first, first + count, dtype=np.uint64)
    bits = mixed(numbers * np.uint64(0x9E3779B97F4A7C15) + np.uint64(1))
    conversation = bits % np.uint64(conversations)
    who = mixed(conversation + np.uint64(0x51ED27))
    clients = conversation // np.uint64(4)
    servers = who & np.uint64(0xFFF)
    service = _SERVICES[(who >> np.uint64(12)) & np.uint64(0x3F)].astype(np.uint16)
    high = (np.uint64(40960) + ((bits >> np.uint64(20)) & np.uint64(0x5FFF))).astype(np.uint16)
    back = (bits >> np.uint64(60)) & np.uint64(1) == 1
    client, server = addresses(clients, 10 << 24), addresses(servers, (198 << 24) + (18 << 16))
    start = DAY + (numbers.astype(np.float64) * (_DAY_LENGTH / total)).astype(np.int64)
    packets = ((bits >> np.uint64(40)) & np.uint64(0xFF)).astype(np.int64) + 1
    plain = [each.dictionary.take(each.indices) for each in (client, server)]
    turned = pa.array(back)
    at = FLOWS.field("start").type
    return pa.RecordBatch.from_arrays(
        [
            pa.compute.if_else(turned, plain[1], plain[0]),
            pa.compute.if_else(turned, plain[0], plain[1]),
            pa.array(np.where(back, service, high)),
            pa.array(np.where(back, high, service)),
            pa.array(np.where(np.isin(service, _DATAGRAMS), 17, 6).astype(np.uint8)),
            pa.array(packets),
            pa.array(packets * 600),
            pa.array(start).cast(at),
            pa.array(start + packets * 1_000).cast(at),
        ],
        schema=FLOWS,
    )


def batches(part: int, parts: int, total: int, conversations: int) -> Iterator[pa.RecordBatch]:
    """Yield the flows of one part."""
    first, end = part * total // parts, (part + 1) * total // parts
    for at in range(first, end, _BATCH):
        yield batch(at, min(_BATCH, end - at), total, conversations)


def write_parquet(path: Path, flows: Iterator[pa.RecordBatch]) -> None:
    """Write flows as a collector does, the addresses of a row group as a dictionary."""
    with pq.ParquetWriter(path, FLOWS, compression="zstd") as writer:
        for each in flows:
            writer.write_batch(each, row_group_size=_BATCH)


#: nfdump 1.7.1 ``-o csv``: 48 columns, of which most are empty or nought.
NFDUMP_HEADER: Final = (
    "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk,dtos,dir,nh,"
    "nhb,svln,dvln,ismc,odmc,idmc,osmc,mpls1,mpls2,mpls3,mpls4,mpls5,mpls6,mpls7,mpls8,mpls9,"
    "mpls10,cl,sl,al,ra,eng,exid,tr"
)
_REST: Final = (
    "0,0,0,0,0,0,0,0,0,0,0.0.0.0,0.0.0.0,0,0,00:00:00:00:00:00,00:00:00:00:00:00,"
    "00:00:00:00:00:00,00:00:00:00:00:00,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,0-0-0,"
    "0-0-0,    0.000,    0.000,    0.000,127.0.0.1,0/0,1,"
)


def write_nfdump(path: Path, flows: Iterator[pa.RecordBatch]) -> None:
    """Write flows as ``nfdump -o csv`` does, with its summary at the end."""
    join, seconds = pa.compute.binary_join_element_wise, pa.timestamp("s", tz="UTC")
    with path.open("wb") as file:
        file.write(f"{NFDUMP_HEADER}\n".encode())
        for each in flows:
            text = {
                name: each.column(name).cast(pa.string()) for name in ("sport", "dport", "packets")
            }
            start, end = (
                pa.compute.strftime(
                    each.column(name).cast(seconds, safe=False), format="%Y-%m-%d %H:%M:%S"
                )
                for name in ("start", "end")
            )
            proto = pa.compute.if_else(pa.compute.equal(each.column("proto"), 6), "TCP", "UDP")
            lines = join(
                start, end, "0.100", each.column("src"), each.column("dst"), text["sport"],
                text["dport"], proto, "...AP.SF", "0", "0", text["packets"],
                each.column("bytes").cast(pa.string()), _REST + "2026-11-01 00:00:00.000", ",",
            )  # fmt: skip
            file.write("\n".join(lines.to_pylist()).encode() + b"\n")
        file.write(b"Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n0,0,0,0,0,0\n")


def main() -> None:
    """Write one file."""
    parser = argparse.ArgumentParser(description="Make a flow log.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--conversations", type=int, required=True)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    asked = parser.parse_args()
    flows = batches(asked.part, asked.parts, asked.rows, asked.conversations)
    (write_nfdump if asked.path.suffix == ".csv" else write_parquet)(asked.path, flows)


if __name__ == "__main__":
    main()
