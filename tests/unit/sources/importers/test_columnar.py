"""Parquet and Arrow IPC files: every fitting type, and every kind of damage."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from camaudit.errors import SourceError
from camaudit.sources.importers import registry
from camaudit.sources.importers.columnar import count_rows
from camaudit.sources.spec import ReadOptions
from tests.importer_examples import problems, read_all, seen

SPEC = registry()["columnar"]
NAMES = ("device", "protocol", "field", "value")
ROWS = [("d1", "http", "server", b"App-webs/"), ("d2", "ftp", "banner", b"\xff\x00")]


def table(rows: list[tuple[Any, ...]] = ROWS, **columns: Any) -> pa.Table:
    made = {name: [row[at] for row in rows] for at, name in enumerate(NAMES)}
    return pa.table(made | columns)


def parquet(data: pa.Table, **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(data, out, **options)
    return out.getvalue()


def arrow(data: pa.Table, *, stream: bool = False, **options: Any) -> bytes:
    out = io.BytesIO()
    with (ipc.new_stream if stream else ipc.new_file)(out, data.schema) as writer:
        writer.write_table(data, **options)
    return out.getvalue()


def rows(data: bytes) -> set[tuple[str, str, bytes]]:
    return {(device, key, value) for device, key, value, *_ in seen(read_all(SPEC, data))}


WANTED = {("d1", "http.server", b"App-webs/"), ("d2", "ftp.banner", b"\xff\x00")}


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()])
@pytest.mark.parametrize("coded", [False, True])
def test_values_of_every_type_of_bytes(kind: pa.DataType, coded: bool) -> None:  # noqa: FBT001
    values = pa.array([row[3] for row in ROWS], pa.binary()).cast(kind)
    if coded and kind == pa.binary_view():
        pytest.skip("pyarrow has no dictionaries of views")
    column = values.dictionary_encode() if coded else values
    data = table(value=column)
    assert rows(arrow(data)) == rows(arrow(data, stream=True)) == WANTED
    assert rows(parquet(data)) == WANTED


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_words_of_every_type_of_text(kind: pa.DataType) -> None:
    columns = {name: pa.array([row[at] for row in ROWS], kind) for at, name in enumerate(NAMES[:3])}
    assert rows(arrow(table(**columns))) == rows(parquet(table(**columns))) == WANTED


def test_words_may_be_coded_by_small_numbers() -> None:
    kind = pa.dictionary(pa.uint8(), pa.large_string())
    columns = {name: pa.array([row[at] for row in ROWS], kind) for at, name in enumerate(NAMES[:3])}
    assert rows(arrow(table(**columns))) == rows(parquet(table(**columns))) == WANTED


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "+02:00"])
def test_times_of_every_unit(unit: str, zone: str | None) -> None:
    at = datetime(2026, 11, 5, 6, 7, 8, tzinfo=UTC)
    times = pa.array([at, None], pa.timestamp(unit, zone))
    found = {row[0]: row[4] for row in seen(read_all(SPEC, arrow(table(seen_at=times))))}
    assert found == {"d1": at.isoformat(), "d2": None}


def test_a_time_outside_the_calendar_rejects_its_row() -> None:
    times = pa.array([1 << 60, 0], pa.timestamp("s"))
    items = read_all(SPEC, arrow(table(seen_at=times)))
    assert [(each.position, each.field) for each in problems(items)] == [("row 1", "seen_at")]
    assert len(seen(items)) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_column_is_named(name: str) -> None:
    for data in (parquet(table().drop([name])), arrow(table().drop([name]))):
        with pytest.raises(SourceError, match=f"no column {name}"):
            read_all(SPEC, data)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("device", [1, 2]),
        ("value", [[b"a"], [b"b"]]),
        ("value", [{"a": 1}, {"a": 2}]),
        ("seen_at", [1.5, 2.5]),
    ],
)
def test_a_column_of_another_type_is_named(name: str, column: list[Any]) -> None:
    with pytest.raises(SourceError, match=f"column {name} is "):
        read_all(SPEC, parquet(table(**{name: column})))


def test_mixed_types_are_named() -> None:
    mixed = pa.UnionArray.from_sparse(
        pa.array([0, 1], pa.int8()), [pa.array(["a", "b"]), pa.array([1, 2])]
    )
    with pytest.raises(SourceError, match="column value is sparse_union"):
        read_all(SPEC, arrow(table(value=mixed)))


def test_nulls_empty_words_and_foreign_text_reject_their_row() -> None:
    raw = pa.array([b"a", None, b"", b"\xc3\x28", b"e"], pa.binary())
    device = pa.Array.from_buffers(pa.string(), 5, raw.buffers(), raw.null_count)
    data = table([("", "http", "server", b"v")] * 5, device=device)
    for made in (parquet(data), arrow(data), arrow(data, stream=True)):
        items = read_all(SPEC, made)
        assert {row[0] for row in seen(items)} == {"a", "e"}
        assert [(each.position, each.field, each.message) for each in problems(items)] == [
            ("row 2", "device", "is missing"),
            ("row 3", "device", "must not be empty"),
            ("row 4", "device", "is not UTF-8"),
        ]


def test_a_code_that_stands_for_nothing_is_missing() -> None:
    words = pa.DictionaryArray.from_arrays(pa.array([0, 1]), pa.array(["http", None]))
    items = read_all(SPEC, arrow(table(protocol=words)))
    assert [(each.position, each.field) for each in problems(items)] == [("row 2", "protocol")]


def test_passwords_in_addresses_are_taken_out() -> None:
    address = b"rtsp://admin:secret@192.0.2.1/live"
    for made in (parquet, arrow):
        found = rows(made(table([("d", "rtsp", "content_base", address)])))
        assert found == {("d", "rtsp.content_base", b"rtsp://192.0.2.1/live")}


@pytest.mark.parametrize("cut", [5, 100, -1, -6, -20])
def test_a_damaged_footer_is_refused(cut: int) -> None:
    with pytest.raises(SourceError, match="footer cannot be read"):
        read_all(SPEC, parquet(table())[:cut])


def test_a_damaged_row_group_leaves_the_others() -> None:
    many = table([(f"d{n}", "http", "server", b"value %d" % n) for n in range(30)])
    whole = parquet(many, row_group_size=10, compression="none", use_dictionary=False)
    at = whole.index(b"value 12")
    # a length far beyond the page
    damaged = whole[: at - 4] + b"\xff\xff\xff\x7f" + whole[at:]
    items = read_all(SPEC, damaged)
    assert {row[0] for row in seen(items)} >= {f"d{n}" for n in (*range(10), *range(20, 30))}
    assert any("row group 2 is damaged" in each.message for each in problems(items))


def test_a_cut_stream_gives_what_came_before() -> None:
    many = table([(f"d{n}", "http", "server", b"value %d" % n) for n in range(30)])
    whole = arrow(many, stream=True, max_chunksize=10)
    items = read_all(SPEC, whole[: whole.rindex(b"value 25")])
    assert {row[0] for row in seen(items)} == {f"d{n}" for n in range(20)}
    assert [each.position for each in problems(items)] == ["row 21"]


def test_offsets_that_point_elsewhere_crash_nothing() -> None:
    data = arrow(table([("d", "http", "server", b"x" * 123_456)]))
    offsets = (0).to_bytes(4, "little") + (123_456).to_bytes(4, "little")
    # what comes before tells the length of the buffer in the same way
    before, _, after = data.rpartition(offsets)
    damaged = before + offsets[:4] + (1 << 30).to_bytes(4, "little") + after
    items = read_all(SPEC, damaged)
    assert not seen(items)
    assert "damaged" in problems(items)[0].message


def test_a_value_of_100_mb_passes() -> None:
    long = table([("d", "http", "body", b"x" * 100_000_000), ("e", "http", "server", b"y")])
    for data in (parquet(long), arrow(long)):
        before = pa.total_allocated_bytes()
        sizes = [
            (batch.num_rows, len(batch.column("value")[0].as_buffer()))
            for batch in SPEC.read(io.BytesIO(data), ReadOptions())
            if isinstance(batch, pa.RecordBatch)
        ]
        assert sizes == [(1, 100_000_000), (1, 1)]
        assert pa.total_allocated_bytes() - before < 1_000_000


def test_one_long_value_in_a_dictionary_does_not_multiply() -> None:
    codes = pa.array([0] * 300, pa.int32())
    value = pa.DictionaryArray.from_arrays(codes, pa.array([b"x" * 1_000_000]))
    data = parquet(table([("d", "http", "body", b"")] * 300, value=value), store_schema=False)
    assert len(data) < 4_000_000
    most = max(
        batch.column("value").nbytes
        for batch in SPEC.read(io.BytesIO(data), ReadOptions())
        if isinstance(batch, pa.RecordBatch)
    )
    assert most < 80_000_000


def test_rows_are_counted_where_the_file_tells() -> None:
    assert count_rows(io.BytesIO(parquet(table()))) == 2
    assert count_rows(io.BytesIO(parquet(table())[:-4])) is None
    assert count_rows(io.BytesIO(arrow(table()))) is None
