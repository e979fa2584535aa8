"""Summarise flow logs on a Spark cluster that exists: Parquet in, Parquet out.

Each worker makes its batches small with the pure function that it is given
(``model.conversations.summarise``); Spark brings together what they leave, and adds it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from camaudit.errors import SourceError
from camaudit.model.conversations import FLOWS, KEYS, SUMS
from camaudit.model.traffic_schemas import CONVERSATIONS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

#: A batch of ``FLOWS`` or ``CONVERSATIONS`` -> the same in fewer rows of ``CONVERSATIONS``.
Summarise = Callable[[pa.RecordBatch], pa.RecordBatch]

#: Rows of a batch: a conversation that comes again within one is added up before it travels.
_BATCH: Final = {
    "spark.sql.execution.arrow.maxRecordsPerBatch": "262144",
    # Parquet without a zone would be shifted by that of the cluster
    "spark.sql.session.timeZone": "UTC",
}
#: Arrow's types as Spark has them: it knows neither unsigned numbers nor bytes of a fixed length.
_NAMES: Final = {
    pa.string(): ("string", pa.string()),
    pa.binary(6): ("binary", pa.binary()),
    pa.int32(): ("int", pa.int32()),
    pa.uint8(): ("int", pa.int32()),
    pa.uint16(): ("int", pa.int32()),
    pa.bool_(): ("boolean", pa.bool_()),
    pa.int64(): ("bigint", pa.int64()),
    CONVERSATIONS.field("first").type: ("timestamp", CONVERSATIONS.field("first").type),
}
_SPARK: Final = pa.schema([each.with_type(_NAMES[each.type][1]) for each in CONVERSATIONS])


def summarise_flows(
    session: SparkSession,
    sources: Sequence[str],
    target: str,
    summarise: Summarise,
    *,
    by_hour: bool = True,
) -> None:
    """Write one row a conversation (and hour) of all sources together, as Parquet files.

    Raises:
        SourceError: The columns are neither those of flows nor those of conversations.
    """
    from pyspark.sql import functions

    for name, value in _BATCH.items():
        session.conf.set(name, value)
    table, schema = _table(session, sources)

    def smaller(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield summarise(batch.cast(schema)).cast(_SPARK)

    columns = ", ".join(f"`{each.name}` {_NAMES[each.type][0]}" for each in CONVERSATIONS)
    keys = [functions.col(name) for name in KEYS]
    if by_hour:
        keys.append(functions.date_trunc("hour", "first").alias("hour"))
    found = (
        table.mapInArrow(smaller, columns)
        .groupBy(*keys)
        .agg(
            functions.max("opened").alias("opened"),
            *(functions.sum(name).alias(name) for name in SUMS),
            functions.min("first").alias("first"),
            functions.max("last").alias("last"),
        )
    )
    found.select(*CONVERSATIONS.names).write.mode("error").parquet(target)


def _table(session: SparkSession, sources: Sequence[str]) -> tuple[DataFrame, pa.Schema]:
    table = session.read.parquet(*sources)
    for schema in (CONVERSATIONS, FLOWS):
        if set(schema.names) <= set(table.columns):
            good = " AND ".join(
                f"`{each.name}` IS NOT NULL" for each in schema if not each.nullable
            )
            return table.select(*schema.names).where(good), schema
    has = ", ".join(table.columns[:20])
    raise SourceError(
        f"the columns are {has}; wanted are those of flows ({', '.join(FLOWS.names)}) or of "
        f"conversations ({', '.join(CONVERSATIONS.names)})"
    )
