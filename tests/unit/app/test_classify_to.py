"""camaudit.app.classify_to: the same answers in every form, whole files or none."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from camaudit.app.classifier import Classified, Tally
from camaudit.app.classify import classify_batches
from camaudit.app.classify_to import write_devices
from camaudit.errors import UsageError
from camaudit.model.schemas import DEVICES, OBSERVATIONS
from tests.unit.app.test_classify import SMALL

ROWS = (
    ("b", "http.server", b"alpha A-1 v2.0 camera ptz"),
    ("a", "http.server", b"beta"),
    ("b", "http.title", b"beta"),
    ("c", "http.title", b"nobody"),
    ("a", "http.title", b"label"),
    ("é", "rtsp.server", b"alpha B-2 v3 \xff\xfe camera"),
    ("Z", "http.server", b"alpha C-3 v4 " + b"x" * 5000),
    ("a", "http.server", b"beta"),
)


def observations(rows: tuple[tuple[str, str, bytes], ...] = ROWS) -> pa.RecordBatch:
    keys = [key.split(".") for _, key, _ in rows]
    return pa.RecordBatch.from_arrays(
        [
            pa.array([name for name, _, _ in rows]),
            pa.array([protocol for protocol, _ in keys]).dictionary_encode(),
            pa.array([field for _, field in keys]).dictionary_encode(),
            pa.array([value for _, _, value in rows], pa.binary()),
            *(pa.nulls(len(rows), each.type) for each in list(OBSERVATIONS)[4:]),
        ],
        schema=OBSERVATIONS,
    )


def found(*batches: pa.RecordBatch) -> Iterator[Classified]:
    return classify_batches(batches or [observations()], SMALL, Tally())


def lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_bytes()
    if path.suffix == ".gz":
        text = gzip.decompress(text)
    elif path.suffix == ".zst":
        text = pa.CompressedInputStream(str(path), "zstd").read()
    return [json.loads(each) for each in text.splitlines()]


def test_rows_and_lines_say_the_same(tmp_path: Path) -> None:
    table, text = tmp_path / "d.parquet", tmp_path / "d.jsonl"
    write_devices(found(), SMALL.makers, table)
    write_devices(found(), SMALL.makers, text)
    rows = pq.read_table(table).to_pylist()
    for row in rows:
        row["aspects"] = {
            each["aspect"]: {"maker": each["maker"], "confidence": each["confidence"]}
            for each in row["aspects"]
        }
    assert rows == lines(text)
    assert [row["device"] for row in rows] == ["b", "a", "c", "é", "Z"]
    torn = rows[0]
    assert torn["conflicts"][0]["makers"] == ["alpha", "beta"]
    assert {torn["evidence"][at]["maker"] for at in torn["conflicts"][0]["evidence"]} == {
        "alpha", "beta",
    }  # fmt: skip
    assert len(rows[4]["evidence"][0]["value"]) == 1000  # shown, not kept whole
    assert "\ufffd" in rows[3]["evidence"][0]["value"]


@pytest.mark.parametrize("ending", ["arrow", "ipc"])
def test_an_arrow_file_holds_the_same_rows(tmp_path: Path, ending: str) -> None:
    table, arrow = tmp_path / "d.parquet", tmp_path / f"d.{ending}"
    many = [observations(ROWS[:4]), observations((("y", "http.title", b"label"),))]
    for path in (table, arrow):
        write_devices(found(*many), SMALL.makers, path)
    with pa.memory_map(str(arrow)) as file:
        assert pa.ipc.open_file(file).read_all().to_pylist() == pq.read_table(table).to_pylist()


def test_the_parquet_file_has_its_schema(tmp_path: Path) -> None:
    write_devices(found(), SMALL.makers, tmp_path / "d.parquet")
    assert pq.read_schema(tmp_path / "d.parquet").names == DEVICES.names


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "jsonl.zst", "JSONL"])
def test_lines_are_compressed_by_the_ending_and_sorted_on_demand(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"d.{ending}"
    write_devices(found(), SMALL.makers, path, in_order=True)
    assert [line["device"] for line in lines(path)] == ["Z", "a", "b", "c", "é"]


def test_the_order_of_observations_does_not_show(tmp_path: Path) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    write_devices(found(), SMALL.makers, one, in_order=True)
    write_devices(found(observations(ROWS[::-1])), SMALL.makers, other, in_order=True)
    assert one.read_bytes() == other.read_bytes()


def test_what_fails_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    def failing() -> Iterator[Classified]:
        yield from found()
        raise OSError(28, "No space left on device")

    for name in ("d.parquet", "d.arrow", "d.jsonl", "d.jsonl.gz"):
        path = tmp_path / name
        path.write_bytes(b"before")
        with pytest.raises(OSError, match="No space left"):
            write_devices(failing(), SMALL.makers, path)
        assert path.read_bytes() == b"before"
    assert len(list(tmp_path.iterdir())) == 4
    assert path.stat().st_mode & 0o777 == 0o644  # untouched


def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    write_devices(found(), SMALL.makers, tmp_path / "d.parquet")
    assert (tmp_path / "d.parquet").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["d", "d.csv", "d.json"])
def test_an_ending_that_is_not_known_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"let the name end with \.parquet"):
        write_devices(found(), SMALL.makers, tmp_path / name)


def test_rows_are_not_sorted(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--sort is for JSON Lines"):
        write_devices(found(), SMALL.makers, tmp_path / "d.parquet", in_order=True)
