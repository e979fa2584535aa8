"""camaudit.engines.local: whole devices, whatever the order, and never all in memory."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.engines import local
from camaudit.errors import SourceError
from camaudit.model.schemas import OBSERVATIONS


def batch(devices: list[str], start: int = 0) -> pa.RecordBatch:
    count = len(devices)
    words = pa.array(["x"] * count, pa.string()).dictionary_encode()
    return pa.RecordBatch.from_arrays(
        [
            pa.array(devices, pa.string()), words, words,
            pa.array([b"%d" % (start + at) for at in range(count)], pa.binary()),
            pa.nulls(count, pa.timestamp("us", tz="UTC")), pa.nulls(count, pa.binary(32)),
            pa.array([f"row {start + at}" for at in range(count)]),
        ],
        schema=OBSERVATIONS,
    )  # fmt: skip


def split(devices: list[str], size: int) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(devices), size):
        yield batch(devices[start : start + size], start)


def rows(found: list[pa.RecordBatch]) -> Counter[tuple[str, bytes]]:
    return Counter(
        pair
        for each in found
        for pair in zip(
            each.column("device").to_pylist(), each.column("value").to_pylist(), strict=True
        )
    )


def holds_each_once(found: list[pa.RecordBatch]) -> bool:
    seen = Counter(name for each in found for name in set(each.column("device").to_pylist()))
    return all(count == 1 for count in seen.values())


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "HELD_ROWS", 40)
    monkeypatch.setattr(local, "ROWS", 10)
    monkeypatch.setattr(local, "PARTS", 4)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_every_row_comes_once_and_no_device_is_divided(size: int) -> None:
    devices = [f"d{at * 7 % 60}" for at in range(600)]
    found = list(local.whole_devices(split(devices, size), clustered=False))
    assert len(found) > 1  # it went through the disk
    assert holds_each_once(found)
    assert rows(found) == rows(list(split(devices, size)))


def test_what_fits_is_one_batch_in_the_order_given() -> None:
    devices = ["b", "a", "b", "c"]
    [found] = local.whole_devices(split(devices, 1), clustered=False)
    assert found.column("device").to_pylist() == devices


@given(st.lists(st.integers(1, 25), max_size=12), st.integers(1, 30))
def test_clustered_rows_are_cut_between_devices(counts: list[int], size: int) -> None:
    devices = [f"d{number}" for number, count in enumerate(counts) for _ in range(count)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "ROWS", 10)
        found = list(local.whole_devices(split(devices, size), clustered=True))
    assert holds_each_once(found)
    assert [name for each in found for name in each.column("device").to_pylist()] == devices


@pytest.mark.parametrize(
    ("devices", "row"),
    [
        (["a", "b", "a"], "row 2"),
        (["a"] * 12 + ["b"] * 12 + ["c"] * 3 + ["a"], "row 27"),
        (["a"] * 12 + ["b", "c"] * 9, "row 14"),
    ],
)
def test_rows_that_are_apart_are_named(
    devices: list[str], row: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "ROWS", 10)
    with pytest.raises(SourceError, match=rf"not together \({row}\): leave --clustered out"):
        list(local.whole_devices(split(devices, 5), clustered=True))


def test_many_devices_that_are_behind_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "ROWS", 2)
    devices = [f"d{at}" for at in range(100)]
    assert len(rows(list(local.whole_devices(split(devices, 1), clustered=True)))) == 100
    with pytest.raises(SourceError, match="device 'd3' are not together"):
        list(local.whole_devices(split([*devices, "d3"], 1), clustered=True))


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("clustered", [False, True])
def test_a_device_that_fits_nowhere_is_refused(*, clustered: bool) -> None:
    with pytest.raises(SourceError, match="device 'd' has more than"):
        list(local.whole_devices(split(["d"] * 500, 20), clustered=clustered))


@pytest.mark.parametrize("clustered", [False, True])
def test_nothing_gives_nothing(*, clustered: bool) -> None:
    assert list(local.whole_devices([], clustered=clustered)) == []


@pytest.mark.usefixtures("little_memory")
def test_the_temporary_files_are_gone_even_if_nobody_reads_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    devices = [f"d{at % 60}" for at in range(600)]
    reading = local.whole_devices(split(devices, 50), clustered=False)
    next(reading)
    assert len(list(tmp_path.iterdir())) == 1
    assert isinstance(reading, Iterator)
    reading.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("clustered", [True, False])
def test_many_small_batches_are_joined(*, clustered: bool) -> None:
    names = [f"d{at}" for at in range(local.LEAST_ROWS + 10)]
    found = list(local.whole_devices(split(names, 1), clustered=clustered))
    assert len(found) == 1
    assert found[0].column("device").to_pylist() == names
