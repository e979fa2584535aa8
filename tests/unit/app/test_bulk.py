"""Many inputs as one stream: files, directories, packed files, pipes, and some that are broken."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from camaudit.app.bulk import count_rows, read_bulk
from camaudit.errors import SourceError, UsageError
from camaudit.model.observation import Problem
from camaudit.model.schemas import OBSERVATIONS


def lines(*devices: str) -> bytes:
    text = '{"device": "%s", "protocol": "http", "field": "server", "value": "App-webs/"}\n'
    return "".join(text % device for device in devices).encode()


def read(*names: Path | str, importer: str | None = None) -> tuple[list[str], list[Problem]]:
    devices: list[str] = []
    problems = []
    for item in read_bulk([str(name) for name in names], importer=importer):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            assert item.schema.equals(OBSERVATIONS)
            devices += item.column("device").to_pylist()
    return devices, problems


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.jsonl").write_bytes(lines("a1", "a2"))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines("b1")))
    columns = {"device": ["c1"], "protocol": ["http"], "field": ["title"], "value": ["x"]}
    pq.write_table(pa.table(columns), tmp_path / "c.parquet")
    (tmp_path / ".hidden").write_bytes(b"\x00")
    return tmp_path


def test_a_directory_is_all_files_below_it(folder: Path) -> None:
    assert read(folder) == (["a1", "a2", "b1", "c1"], [])
    assert read(folder / "c.parquet", folder / "a.jsonl") == (["c1", "a1", "a2"], [])


def test_one_broken_file_of_several_is_named_and_the_rest_is_read(folder: Path) -> None:
    (folder / "b0.parquet").write_bytes((folder / "c.parquet").read_bytes()[:-2])
    (folder / "z.bin").write_bytes(b"\x00\x01\x02")
    devices, problems = read(folder)
    assert devices == ["a1", "a2", "b1", "c1"]
    assert [each.position for each in problems] == [
        str(folder / "b0.parquet"),
        str(folder / "z.bin"),
    ]
    assert "footer" in problems[0].message
    assert "--as" in problems[1].message


def test_the_only_file_broken_is_an_error(folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(b"\0")
    with pytest.raises(SourceError, match=r"a\.jsonl: "):
        read(folder / "a.jsonl")
    with pytest.raises(SourceError, match=r"gone\.jsonl: no such file"):
        read(folder / "gone.jsonl")
    with pytest.raises(SourceError, match="none of the 2 files"):
        read(folder / "a.jsonl", folder / "gone.jsonl")


def test_what_nobody_recognises_is_read_as_lines(folder: Path) -> None:
    (folder / "e").write_bytes(b"")
    assert read(folder / "e") == ([], [])
    (folder / "e").write_bytes(b"no JSON\n" + lines("e1"))
    devices, problems = read(folder / "e")
    assert devices == ["e1"]
    assert [each.position for each in problems] == ["line 1"]


def test_a_format_may_be_forced(folder: Path) -> None:
    with pytest.raises(UsageError, match="no importer is called"):
        read(folder / "a.jsonl", importer="nothing")
    with pytest.raises(SourceError, match="neither Parquet"):
        read(folder / "a.jsonl", importer="columnar")


def test_a_cut_file_says_how_far_it_was_read(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl.gz"
    names = [f"d{n}" for n in range(20_000)]
    file.write_bytes(gzip.compress(lines(*names))[:-2000])
    devices, problems = read(file)
    assert devices == names[: len(devices)]
    assert len(devices) > 1000
    cut = problems[-1]
    assert cut.position == f"line {len(devices)}"
    assert f"ends too early: {len(devices):,} observations were read" in cut.message
    assert {each.position for each in problems[:-1]} <= {f"line {len(devices) + 1}"}


def test_a_packed_file_that_is_read_from_both_ends_is_unpacked_first(folder: Path) -> None:
    whole = gzip.compress((folder / "c.parquet").read_bytes())
    (folder / "d.parquet.gz").write_bytes(whole)
    assert read(folder / "d.parquet.gz") == (["c1"], [])
    (folder / "d.parquet.gz").write_bytes(whole[:-20])
    with pytest.raises(SourceError, match=r"the gz data ends too early; .*footer"):
        read(folder / "d.parquet.gz")


def test_a_pipe_is_read_whatever_it_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise OSError("a pipe cannot be rewound")

    for file, wanted in (("a.jsonl", ["a1", "a2"]), ("b.jsonl.gz", ["b1"]), ("c.parquet", ["c1"])):
        pipe = io.TextIOWrapper(Pipe((folder / file).read_bytes()))
        monkeypatch.setattr(sys, "stdin", pipe)
        assert read("-") == (wanted, [])


def test_devices_that_are_only_numbered_are_kept_apart(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("Make,Model,IP address\nAxis,P3245-LVE,\n")
    devices, _ = read(tmp_path)
    assert len(set(devices)) == 2
    assert all("#row:" in device for device in devices)


def test_rows_are_counted_where_all_files_tell(folder: Path) -> None:
    parquet = str(folder / "c.parquet")
    assert count_rows([parquet, parquet]) == 2
    assert count_rows([parquet, str(folder / "a.jsonl")]) is None
    assert count_rows(["-"]) is None
