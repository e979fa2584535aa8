"""Summarise large flow logs on this machine: Parquet and nfdump's CSV, in bounded memory.

1. DuckDB reads and adds up; what does not fit into its memory goes to the disk. It is the extra
   ``bulk``; smaller logs are read by importers, which need none of it.
2. The same is meant as by ``model.conversations.summarise``: a test holds them together. No flow
   record here tells who opened, since both directions are never looked at together.
3. Addresses are taken as they are written. Times of nfdump have no zone and are taken as UTC.
4. Nothing is fetched: extensions of DuckDB are neither installed nor loaded by themselves.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from camaudit.errors import CamauditError, SourceError
from camaudit.model.conversations import FLOWS, SUMS, WITH_PORTS
from camaudit.model.flow_words import PROTOCOLS, nfdump_columns
from camaudit.model.observation import Problem
from camaudit.model.traffic_schemas import CONVERSATIONS

if TYPE_CHECKING:
    import duckdb

#: Rows of one batch that is handed out.
ROWS: Final = 100_000
#: Damaged rows that are named singly; the rest is counted.
MAX_NAMED: Final = 1000
_VALUE: Final = re.compile(r'(?s)Could not convert string ".*"(?= to )')
_HEAD_BYTES: Final = 1 << 16
_PARQUET: Final = b"PAR1"
_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the work may take.

    DuckDB keeps to ``memory_mib`` for what it holds; the process takes some hundred MiB besides.
    """

    memory_mib: int = 2048
    threads: int | None = None
    spill_mib: int = 20 * 1024
    #: Where it spills; the place for temporary files, if not given.
    folder: Path | None = None


@dataclass(slots=True)
class Told:
    """What became of the rows; complete when the last batch was taken."""

    rows: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)


def summarise_flows(
    paths: Sequence[Path], told: Told, limits: Limits | None = None, *, by_hour: bool = True
) -> Iterator[pa.RecordBatch]:
    """Yield batches of ``CONVERSATIONS``: one row a conversation (and hour) of all files together.

    Parquet has the columns of ``CONVERSATIONS`` (as this function gives them) or ``FLOWS``.

    Raises:
        CamauditError: DuckDB is not installed.
        SourceError: A file is of another form, is damaged, or needs more than the limits allow.
    """
    limits = limits or Limits()
    connect, error = _duckdb()
    with tempfile.TemporaryDirectory(prefix="camaudit-", dir=limits.folder) as folder:
        connection = connect(":memory:", config=_settings(limits, Path(folder)))
        try:
            source = _source(connection, paths)
            yield from _batches(connection, _query(source, by_hour=by_hour), source, told)
        except error as trouble:
            raise SourceError(f"{paths[0]}: {_words(trouble)}") from trouble
        finally:
            connection.close()


def _duckdb() -> tuple[Any, type[Exception]]:
    try:
        import duckdb
    except ImportError as error:
        raise CamauditError(
            "summarising large flow logs needs a package that is not installed (duckdb): "
            "make install-bulk, or pip install 'camaudit[bulk]'; smaller logs are read by "
            "camaudit import without it"
        ) from error
    return duckdb.connect, duckdb.Error


def _settings(limits: Limits, folder: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": f"{limits.memory_mib}MiB",
        "threads": limits.threads or os.cpu_count() or 1,
        "temp_directory": str(folder),
        "max_temp_directory_size": f"{limits.spill_mib}MiB",
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where rows come from: SQL, what stands for its question marks, and what the rows are."""

    table: str
    parameters: list[Any]
    flows: bool
    #: Whether protocols are words.
    words: bool = False
    #: Rows that the files say they have; ``None``: they do not say.
    rows: int | None = None


def _source(connection: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> _Source:
    heads = {path: _head(path) for path in paths}
    packed = [head.startswith(_PARQUET) for head in heads.values()]
    if not paths or any(packed) != all(packed):
        raise SourceError("give files of one form: Parquet, or CSV of nfdump")
    names = [str(path) for path in paths]
    if all(packed):
        return _parquet(connection, names)
    forms = {heads[path].partition(b"\n")[0].strip() for path in paths}
    if len(forms) > 1:
        raise SourceError("the headers of the files differ; summarise them one by one")
    return _nfdump(names, heads[paths[0]])


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _parquet(connection: duckdb.DuckDBPyConnection, names: list[str]) -> _Source:
    found = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [names]).fetchall()
    kinds = {row[0]: str(row[1]) for row in found}
    needed = next((s for s in (CONVERSATIONS, FLOWS) if set(s.names) <= set(kinds)), None)
    if needed is None:
        raise SourceError(
            f"{names[0]}: its columns are {', '.join(list(kinds)[:20])}; wanted are those of "
            f"flows ({', '.join(FLOWS.names)}) or of conversations "
            f"({', '.join(CONVERSATIONS.names)})"
        )
    for each in needed:
        if pa.types.is_timestamp(each.type) and not kinds[each.name].startswith("TIMESTAMP"):
            raise SourceError(
                f"{names[0]}: the column {each.name} is {kinds[each.name]}; it must hold timestamps"
            )
    count = connection.execute(
        "SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(?)", [names]
    ).fetchall()
    columns = ", ".join(
        f'epoch_us("{each.name}") AS "{each.name}"'
        if pa.types.is_timestamp(each.type)
        else f'"{each.name}"'
        for each in needed
    )
    return _Source(
        table=f"(SELECT {columns} FROM read_parquet(?))",  # noqa: S608  names are our own
        parameters=[names],
        flows=needed is FLOWS,
        words=kinds.get("proto") == "VARCHAR",
        rows=count[0][0],
    )


#: How a cell of each column is read; what is not here is passed over as text.
_CELLS: Final = {
    "duration": "DOUBLE",
    "sport": "DOUBLE",  # of ICMP: type.code
    "dport": "DOUBLE",
    "packets": "BIGINT",
    "bytes": "BIGINT",
    "packets_back": "BIGINT",
    "bytes_back": "BIGINT",
}


def _nfdump(names: list[str], head: bytes) -> _Source:
    lines = head.decode("utf-8", "replace").splitlines()
    header = [cell.strip() for cell in lines[0].split(",")] if lines else []
    known = nfdump_columns(header)
    if not known or len(set(header)) != len(header):
        raise SourceError(
            f"{names[0]}: neither Parquet nor CSV of nfdump; nfcapd's own files are written as "
            "CSV by: nfdump -r FILE -o csv"
        )
    sample = dict(zip(header, (lines[1:2] or [""])[0].split(","), strict=False))
    counted = sample.get(known["start"], "").isdecimal()
    at = "BIGINT" if counted else "TIMESTAMP"
    words = {name: word for word, name in known.items()}
    kinds = {
        name: at if words.get(name) in ("start", "end") else _CELLS.get(words.get(name, ""), "TEXT")
        for name in header
    }
    listed = ", ".join(f"'{name.replace(chr(39), chr(39) * 2)}': '{kinds[name]}'" for name in kinds)
    moment = '("{}" * 1000)' if counted else 'epoch_us("{}")'
    start = moment.format(known["start"])
    columns = {
        word: f'"{known[word]}"' for word in ("src", "dst", "sport", "dport", "packets", "bytes")
    }
    columns |= {
        word: f'"{known[word]}"' if word in known else "0"
        for word in ("packets_back", "bytes_back")
    }
    columns |= {"proto": f'"{known["proto"]}"', "start": start}
    columns["end"] = moment.format(known["end"]) if "end" in known else _later(start, known)
    chosen = ", ".join(f'{text} AS "{word}"' for word, text in columns.items())
    return _Source(
        table=f"(SELECT {chosen} FROM read_csv(?, header = true, auto_detect = false, "  # noqa: S608
        f"delim = ',', quote = '', escape = '', columns = {{{listed}}}, store_rejects = true, "
        "rejects_limit = 0))",
        parameters=[names],
        flows=True,
        words=True,
    )


def _later(start: str, known: dict[str, str]) -> str:
    if "duration" not in known:
        return start
    return f'({start} + ("{known["duration"]}" * 1000000)::BIGINT)'


#: What a conversation holds that flows do not tell.
_UNTOLD: Final = "NULL AS client_mac, NULL AS server_mac, NULL AS vlan"
_ADDED: Final = ", ".join(f"sum({name})::BIGINT AS {name}" for name in SUMS)
_HOUR_LENGTH: Final = 3_600_000_000


def _query(source: _Source, *, by_hour: bool) -> str:
    """Return the question; identifiers and words in it are our own, never the file's."""
    return _of_flows(source, by_hour=by_hour) if source.flows else _again(source, by_hour=by_hour)


def _again(source: _Source, *, by_hour: bool) -> str:
    """Return the question to conversations."""
    hour = f', "first" // {_HOUR_LENGTH} AS hour' if by_hour else ""
    good = " AND ".join(f"{name} >= 0" for name in (*SUMS, '"first"'))
    return f"""
        SELECT client, server, client_mac, server_mac, vlan, protocol, port{hour},
            bool_or(opened) AS opened, {_ADDED},
            min("first") AS "first", max("last") AS "last", count(*) AS rows
        FROM {source.table}
        WHERE client IS NOT NULL AND server IS NOT NULL AND protocol IS NOT NULL
            AND {good} AND "last" >= "first"
        GROUP BY ALL"""  # noqa: S608


def _of_flows(source: _Source, *, by_hour: bool) -> str:
    """Return the question to flows: the client is the side with the higher port.

    What cannot be used is left out where it is read: there the statistics of Parquet can tell that
    a column has nothing of it.
    """
    words = [word for word, number in PROTOCOLS.items() if number in WITH_PORTS]
    spelled = [*(word.upper() for word in words), *words, *map(str, WITH_PORTS)]
    ported = f"proto IN ({', '.join(map(repr, spelled if source.words else WITH_PORTS))})"
    has_back = "packets_back" in source.table
    packets, size = ("packets_back", "bytes_back") if has_back else ("0", "0")
    hour = f', "start" // {_HOUR_LENGTH} AS hour' if by_hour else ""
    numbers = ["packets", "bytes", '"start"', *([packets, size] if has_back else [])]
    good = " AND ".join(f"{name} >= 0" for name in numbers)
    return f"""
        SELECT client, server, {_UNTOLD}, proto AS protocol, port, false AS opened,
            {", ".join(SUMS)}, "first", "last", rows
        FROM (
            SELECT if(back, dst, src) AS client, if(back, src, dst) AS server, proto,
                if(back, from_port, to_port) AS port{hour},
                sum(if(back, {packets}, packets))::BIGINT AS packets_out,
                sum(if(back, packets, {packets}))::BIGINT AS packets_back,
                sum(if(back, {size}, bytes))::BIGINT AS bytes_out,
                sum(if(back, bytes, {size}))::BIGINT AS bytes_back,
                min("start") AS "first", max("end") AS "last", count(*) AS rows
            FROM (
                SELECT *, (from_port < to_port OR (from_port = to_port AND src > dst))
                    AND NOT {_is_group("dst")} AS back
                FROM (
                    SELECT *, if({ported}, sport, 0)::USMALLINT AS from_port,
                        if({ported}, dport, 0)::USMALLINT AS to_port
                    FROM {source.table}
                    WHERE src IS NOT NULL AND dst IS NOT NULL AND proto IS NOT NULL
                        AND {good} AND "end" >= "start"
                )
            )
            GROUP BY ALL
        )"""  # noqa: S608


def _is_group(name: str) -> str:
    """Tell addresses of many, as ``model.conversations.is_group`` does, without a pattern.

    Two comparisons of the first letters spare most addresses the rest.
    """
    return f"""CASE WHEN {name} >= 'ff' OR {name} BETWEEN '224.' AND '256' THEN
        ({name}[4] = '.' AND {name}[1:3] BETWEEN '224' AND '239')
        OR ({name}[1:2] = 'ff' AND {name}[5] = ':')
        OR {name} = '255.255.255.255' ELSE false END"""


def _batches(
    connection: duckdb.DuckDBPyConnection, query: str, source: _Source, told: Told
) -> Iterator[pa.RecordBatch]:
    reader = connection.sql(query, params=source.parameters).to_arrow_reader(ROWS)
    unknown: dict[str, int] = {}
    for batch in reader:
        counts = batch.column("rows")
        told.rows += pa.compute.sum(counts).as_py() or 0
        found = _conversations(batch, unknown)
        if found.num_rows:
            yield found
    read = told.rows
    if count := sum(unknown.values()):
        told.rejected += count
        told.rows -= count
        told.problems.append(
            Problem(
                position="",
                field="protocol",
                message=f"{count:,} rows name no protocol that is known; they were not taken",
            )
        )
    if source.rows is None:
        _tell_rejects(connection, told)
    elif source.rows > read:
        told.rejected += source.rows - read
        told.problems.append(
            Problem(
                position="",
                field="",
                message=f"{source.rows - read:,} rows lack an address, a protocol or a time, have "
                "a negative count, or end before they begin; they were not taken",
            )
        )


def _conversations(batch: pa.RecordBatch, unknown: dict[str, int]) -> pa.RecordBatch:
    """Return a batch of ours; rows of protocols that nobody knows are left out, and counted."""
    protocol = batch.column("protocol")
    if pa.types.is_string(protocol.type) or pa.types.is_large_string(protocol.type):
        coded = protocol.dictionary_encode()
        numbers = pa.array(
            [_number(word.strip()) for word in coded.dictionary.to_pylist()], pa.uint8()
        )
        protocol = numbers.take(coded.indices)
        if protocol.null_count:
            lost = batch.filter(pa.compute.is_null(protocol))
            counts = lost.column("rows").to_pylist()
            for word, count in zip(lost.column("protocol").to_pylist(), counts, strict=True):
                unknown[word[:40]] = unknown.get(word[:40], 0) + count
            kept = pa.compute.is_valid(protocol)
            batch, protocol = batch.filter(kept), protocol.filter(kept)
    return pa.RecordBatch.from_arrays(
        [
            (protocol if each.name == "protocol" else batch.column(each.name))
            .cast(pa.int64() if pa.types.is_timestamp(each.type) else each.type)
            .cast(each.type)
            for each in CONVERSATIONS
        ],
        schema=CONVERSATIONS,
    )


def _number(word: str) -> int | None:
    if word.isascii() and word.isdecimal() and len(word) <= 3:
        return int(word) if int(word) <= 255 else None
    return PROTOCOLS.get(word.lower())


def _tell_rejects(connection: duckdb.DuckDBPyConnection, told: Told) -> None:
    """Name the lines that could not be read; the summary that nfdump ends with is none of them."""
    found = connection.execute(
        "SELECT line, min_by(column_name, column_idx), min_by(error_message, column_idx),"
        " min(csv_line) FROM reject_errors GROUP BY line, file_id, scan_id ORDER BY file_id, line"
    ).fetchall()
    summary: set[int] = set()
    for line, _, _, text in found:
        if text.startswith("Summary"):
            summary |= {line, line + 1, line + 2}
    for line, name, message, _ in found:
        if line in summary:
            continue
        told.rejected += 1
        if len(told.problems) < MAX_NAMED:
            told.problems.append(
                Problem(
                    position=f"line {line}",
                    field=name,
                    message=f"{_first_line(_unquoted(message))}; the row was not taken",
                )
            )


def _unquoted(text: str) -> str:
    """Return what DuckDB says of a line without the value: a row may be anybody's."""
    return _VALUE.sub("Could not convert it", text)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:200]


def _words(error: Exception) -> str:
    text = _first_line(str(error))
    if "Out of Memory" in text or "temp directory" in text:
        return f"{text} -- allow more memory or disk, or summarise fewer files at once"
    return f"cannot be summarised: {text}"


def write_summary(
    paths: Sequence[Path],
    target: Path,
    limits: Limits | None = None,
    *,
    by_hour: bool = True,
    keep: Callable[[pa.RecordBatch], pa.RecordBatch] = lambda batch: batch,
) -> Told:
    """Write what ``summarise_flows`` gives to a Parquet file, which it can read again.

    ``keep`` may leave rows out before they are written.

    Raises:
        CamauditError: DuckDB is not installed.
        SourceError: As ``summarise_flows``.
        OSError: The file cannot be written.
    """
    import pyarrow.parquet as pq

    told = Told()
    with (
        target.open("wb") as file,
        pq.ParquetWriter(file, CONVERSATIONS, compression="zstd") as writer,
    ):
        for batch in summarise_flows(paths, told, limits, by_hour=by_hour):
            writer.write_batch(keep(batch))
    return told
