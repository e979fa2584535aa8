"""Read a summary of flow logs; its name ends in ``.flows.parquet``.

1. Columns are those of ``CONVERSATIONS``. There are no names in it, and no minutes: with a summary
   alone a contact is found, and silence proves nothing.
2. A summary with more rows than ``MOST_ROWS`` is refused: it concerns many sites, and is summarised
   again for the networks of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from camaudit.errors import SourceError
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Traffic
from camaudit.model.traffic_schemas import ACTIVITY, CONVERSATIONS, EVENTS, NAMES
from camaudit.sources.bulk.flow_cells import address
from camaudit.sources.spec import Item, ReadOptions

#: Ours. About half a gigabyte in memory.
MOST_ROWS: Final = 3_000_000
_PARQUET: Final = b"PAR1"
_BAD: Final = (pa.ArrowException, OSError, ValueError, MemoryError)


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is such a summary: its name tells, the schema is at its end."""
    return 100 if name.lower().endswith(".flows.parquet") and head.startswith(_PARQUET) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the conversations of a summary.

    Raises:
        SourceError: It is damaged, has other columns, or too many rows.
    """
    del options  # there is nothing to choose
    try:
        file = pq.ParquetFile(stream)
        missing = [name for name in CONVERSATIONS.names if name not in file.schema_arrow.names]
        if missing:
            raise SourceError(
                f"has no column {missing[0]}: it is none that `camaudit isolation summarise` writes"
            )
        if file.metadata.num_rows > MOST_ROWS:
            raise SourceError(
                f"has {file.metadata.num_rows:,} rows, and {MOST_ROWS:,} are read at most: "
                "summarise the logs again with --network, for the networks of one site"
            )
        table = file.read(columns=CONVERSATIONS.names).cast(CONVERSATIONS)
        table.validate(full=True)
        table = _canonical(_canonical(table, "client"), "server")
    except _BAD as error:
        raise SourceError(f"is no Parquet file that can be read: {error}") from error
    if table.num_rows:
        yield _traffic(table)


def _canonical(table: pa.Table, side: str) -> pa.Table:
    """Return the table with one side's addresses as they are written everywhere else.

    Raises:
        SourceError: One of them is no address.
    """
    encoded = table.column(side).combine_chunks().dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    found = [address(each) for each in texts]
    if None in found:
        row = pc.index(encoded.indices, found.index(None)).as_py()
        raise SourceError(f"row {row + 1}, {side}: {texts[found.index(None)][:64]!r} is no address")
    values = pa.array(found, pa.string()).take(encoded.indices)
    return table.set_column(table.schema.get_field_index(side), table.schema.field(side), values)


def _traffic(table: pa.Table) -> Traffic:
    packets = sum(pc.sum(table.column(name)).as_py() for name in ("packets_out", "packets_back"))
    first: datetime = pc.min(table.column("first")).as_py()
    last: datetime = pc.max(table.column("last")).as_py()
    return Traffic(
        conversations=table,
        names=NAMES.empty_table(),
        events=EVENTS.empty_table(),
        activity=ACTIVITY.empty_table(),
        observations=OBSERVATIONS.empty_table(),
        packets=packets,
        first=first,
        last=last,
        lost=None,
    )
