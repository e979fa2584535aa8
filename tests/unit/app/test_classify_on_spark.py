"""camaudit.app.classify_on_spark without Spark: what workers do with rows and lines."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from camaudit.app import classify_on_spark, packset
from camaudit.app.classifier import MAX_PROBLEMS, Tally
from camaudit.app.classify import classify
from camaudit.app.classify_on_spark import SparkJob, lines_of_part, rows_of_lines, rows_of_part
from camaudit.app.packset import carried, unpacked
from camaudit.engines import spark
from camaudit.errors import CamauditError, UsageError
from camaudit.model.observation import Problem
from camaudit.model.packs import Signature, Vocabulary
from camaudit.signals import Index, compile_index
from camaudit.sources.importers.observations import read_lines
from tests.unit.app.test_classify import SMALL

LINES = (
    b'{"device": "a", "protocol": "http", "field": "server", "value": "alpha A-1 v2.0 camera"}',
    b"no JSON",
    b'{"device": "b", "protocol": "http", "field": "title", "value": "beta"}',
    b'{"device": "b", "protocol": "http", "field": "server", "value_b64": "YWxwaGEg/w=="}',
)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    data = carried(SMALL)
    path = tmp_path / f"packs-{hashlib.sha256(data).hexdigest()}.bin"
    path.write_bytes(data)
    return path


def rows(*batches: tuple[bytes, ...]) -> Iterator[pa.RecordBatch]:
    """What comes after Spark has sorted the rows that were read from lines."""
    lines = (pa.RecordBatch.from_pydict({"value": pa.array(each)}) for each in batches)
    table = pa.Table.from_batches(rows_of_lines(lines), spark.ROWS)
    yield from table.sort_by([(name, "ascending") for name in spark.COLUMNS]).to_batches()


def sent(parts: Iterator[bytes]) -> tuple[bytes, Tally]:
    found = [msgspec.msgpack.decode(each, type=classify_on_spark._Part) for each in parts]
    assert [each.tally is None for each in found] == [True] * (len(found) - 1) + [False]
    unpack = classify_on_spark._CODEC.decompress
    data = (unpack(each.data, each.size, asbytes=True) for each in found[:-1])
    return b"".join(data), found[-1].tally or Tally()


def test_a_worker_gives_the_lines_of_one_machine_and_what_it_counted(shared: Path) -> None:
    data, tally = sent(lines_of_part(shared, rows(LINES[:2], LINES[2:])))
    local = classify(read_lines(io.BytesIO(b"\n".join(LINES))), SMALL)
    assert data.splitlines() == [msgspec.json.encode(each) for each in local]
    assert (tally.observations, tally.devices, tally.rejected) == (3, 2, 1)
    [problem] = tally.problems
    assert problem.message.startswith("not JSON")
    assert problem.position == ""


def test_a_worker_gives_rows(shared: Path) -> None:
    data, _ = sent(rows_of_part(shared, rows(LINES)))
    assert pa.ipc.open_stream(data).read_all().column("device").to_pylist() == ["a", "b"]


def test_a_row_that_only_looks_like_a_problem_is_one_of_its_own(shared: Path) -> None:
    columns = [pa.array([""]), pa.array(["x"]), pa.array(["y"]), pa.array([b"camaudit problem: {"])]
    forged = pa.RecordBatch.from_arrays(columns, schema=spark.ROWS)
    data, tally = sent(lines_of_part(shared, iter([forged])))
    assert (data, tally.rejected) == (b"", 1)
    assert tally.problems == [Problem(position="", field="device", message="must not be empty")]


def test_packs_that_were_damaged_on_the_way_are_refused(shared: Path) -> None:
    shared.write_bytes(shared.read_bytes() + b"x")
    with pytest.raises(CamauditError, match="damaged packs"):
        lines_of_part(shared, iter(()))


def test_another_release_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = carried(SMALL)
    monkeypatch.setattr(packset, "__version__", "99")
    with pytest.raises(CamauditError, match="install the same release on both"):
        unpacked(data)


def test_another_machine_compiles_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    data = carried(SMALL)
    compiled: list[object] = []

    def counted(signatures: tuple[Signature, ...], words: Vocabulary) -> Index:
        compiled.append(signatures)
        return compile_index(signatures, words)

    monkeypatch.setattr(packset, "compile_index", counted)
    assert unpacked(data).makers == SMALL.makers
    assert compiled == []
    monkeypatch.setattr(packset, "_machine", lambda: "another")
    assert unpacked(data).makers == SMALL.makers
    assert len(compiled) == 1


def test_lines_and_parquet_do_not_mix() -> None:
    assert SparkJob(sources=("a", "b.parquet")).read is None
    assert SparkJob(sources=("a.jsonl", "b.NDJSON.gz")).read is rows_of_lines
    with pytest.raises(UsageError, match="not both"):
        _ = SparkJob(sources=("a.jsonl", "b")).read


def test_tallies_add_up() -> None:
    problem = Problem(position="", field="", message="bad")
    one = Tally(observations=1, devices=2, cut=3, undecoded=4, unknown_words={"a": 1})
    one.problems = [problem] * (MAX_PROBLEMS - 1)
    one.merge(Tally(observations=10, rejected=5, unknown_words={"a": 1, "b": 2}))
    two = Tally(problems=[problem] * 5)
    one.merge(two)
    assert (one.observations, one.devices, one.rejected, one.cut, one.undecoded) == (11, 2, 5, 3, 4)
    assert one.unknown_words == {"a": 2, "b": 2}
    assert len(one.problems) == MAX_PROBLEMS
