"""``camaudit classify --engine spark`` on two workers: the same bytes as on one machine."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from camaudit.app.bulk import read_bulk
from camaudit.app.classifier import Tally
from camaudit.app.classify import classify_batches
from camaudit.app.classify_to import write_devices, write_lines
from camaudit.app.packset import load_packs
from tests.bench.classify.bulk_mixes import MIXES, values

from .cluster import cluster, environment

#: A session on a cluster takes some ten seconds to come up, longer beside other work.
pytestmark = pytest.mark.timeout(600)

#: A short life is not worth the second compiler.
HASTY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = {
    "spark.driver.extraJavaOptions": HASTY,
    "spark.driver.memory": "512m",
    "spark.executor.extraJavaOptions": HASTY,
    "spark.executor.memory": "512m",
    "spark.task.maxFailures": "1",
    # a device shall be divided between batches
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
}
Row = tuple[str, str, bytes]
OVERLAY = """
id: acme
kind: manufacturer
names: [Acme]
signatures:
  - id: acme-server
    fields: [http.server]
    pattern: '^Acme/'
    proves: [firmware]
    weight: strong
    kinds: [camera]
    kind_weight: strong
    confidence: verified
    says: The web server calls itself Acme.
    source: test
    examples: [{text: "Acme/1"}]
    not_examples: ["Acne/1"]
sources:
  test: {title: "A test's own word", read_on: 2026-11-26}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spark")


@pytest.fixture(scope="module")
def master(folder: Path) -> Iterator[str]:
    """Two workers of one core each."""
    with cluster(folder, [None, None], SETTINGS) as url:
        yield url


def run(
    folder: Path, master: str, source: Path, *options: str | Path, cores: int = 2
) -> subprocess.CompletedProcess[bytes]:
    """Run the command as people do, with at most so many of the cluster's cores."""
    arguments = ["--engine", "spark", "--master", master, "--json", source, *options]
    return subprocess.run(
        [sys.executable, "-m", "camaudit", "classify", *arguments],
        env=environment(folder, SETTINGS)
        | {"PYSPARK_SUBMIT_ARGS": f"--conf spark.cores.max={cores} pyspark-shell"},
        capture_output=True,
        check=False,
    )


def bulk() -> Iterator[Row]:
    for device, key, text in values(MIXES[1], load_packs(), 20_000):
        yield f"n{device}", key, text.encode()


def hostile() -> Iterator[Row]:
    """What breaks: bytes, sizes, one device larger than a batch, names of any script."""
    for at in range(530_000):
        yield "many", "http.body", b"value %d" % at
        if at % 100_000 == 0:
            yield "many", "http.server", b"App-webs/"
    for at, name in enumerate(["é", "Z", "a", "ﬀ", "😀", "\u2028", '"quoted"', " ", "\x01"]):
        yield name, "http.server", b"App-webs/ \xff\xfe\x00 %d" % at
        yield name, "odd.thing", b"\xc3\x28"
        yield name, "http.server", b""
    for at in range(40):
        yield f"long{at}", "http.body", b"%d DS-2CD2143G0-I " % at + b"x" * 100_000
    yield "raw", "http.response", b"HTTP/1.1 401 Unauthorized\r\nServer: App-webs/\r\n\r\n"
    yield "raw", "http.response", b"\x00\x01"
    yield "url", "rtsp.server", b"rtsp://somebody:secret@192.0.2.1/"


def table(rows: list[Row]) -> pa.Table:
    words = [key.split(".") for _, key, _ in rows]
    return pa.table(
        {
            "position": pa.array(range(len(rows)), pa.int64()),  # a column of no interest
            "value": pa.array([value for _, _, value in rows], pa.binary()),
            "device": [name for name, _, _ in rows],
            "protocol": [protocol for protocol, _ in words],
            "field": [field for _, field in words],
        }
    )


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    mixed = [*bulk(), *hostile()]
    return sorted(mixed, key=lambda row: zlib.crc32(row[2] + row[0].encode()))  # any order


@pytest.fixture(scope="module")
def parquet(folder: Path, rows: list[Row]) -> Path:
    path = folder / "rows.parquet"
    pq.write_table(table(rows), path, row_group_size=5_000)
    return path


@pytest.fixture(scope="module")
def expected(parquet: Path) -> bytes:
    return here(parquet)


def here(source: Path, *overlays: Path) -> bytes:
    """Return what this machine says, sorted by device."""
    packs, out = load_packs(overlays), io.BytesIO()
    found = classify_batches(read_bulk([str(source)]), packs, Tally())
    write_lines(found, packs.makers, out.write, in_order=True)
    return out.getvalue()


def as_line(row: Row) -> bytes:
    protocol, _, field = row[1].partition(".")
    coded = base64.b64encode(row[2]).decode()
    line = {"device": row[0], "protocol": protocol, "field": field, "value_b64": coded}
    return json.dumps(line).encode() + b"\n"


@pytest.mark.parametrize(("cores", "partitions"), [(2, 7), (1, 2)])
def test_a_cluster_writes_the_same_bytes_as_this_machine(
    folder: Path,
    master: str,
    parquet: Path,
    rows: list[Row],
    expected: bytes,
    cores: int,
    partitions: int,
) -> None:
    done = run(folder, master, parquet, "--partitions", str(partitions), cores=cores)
    assert done.returncode == 0, done.stderr.decode()
    devices = len({name for name, _, _ in rows})
    assert done.stdout.count(b"\n") == devices
    assert done.stdout == expected
    assert b"secret" not in done.stdout
    told = done.stderr.decode().splitlines()[-1]
    assert told.startswith(f"{len(rows)} observations of {devices} devices; 40 values matched on")
    assert "; 1 raw replies did not decode; 9 observations in 1 unknown words (odd.thing)" in told


def test_lines_are_read_by_the_same_reader_and_overlays_are_heeded(
    folder: Path, master: str
) -> None:
    overlay, source = folder / "overlay", folder / "rows.jsonl"
    (overlay / "makers").mkdir(parents=True)
    (overlay / "makers" / "acme.yaml").write_text(OVERLAY, encoding="utf-8")
    good = [(f"d{at % 50}", "http.server", b"Acme/%d \xff" % at) for at in range(1000)]
    lines = b"".join(map(as_line, good))
    source.write_bytes(lines + b'no JSON\n{"device": ""}\n\n\xff\n')
    done = run(folder, master, source, "--partitions", "3", "--packs", overlay, "--strict")
    assert done.returncode == 1
    assert done.stdout == here(source, overlay)
    assert {json.loads(line)["maker"] for line in done.stdout.splitlines()} == {"acme"}
    told = done.stderr.decode()
    assert "rejected: not JSON" in told
    assert told.splitlines()[-1] == "1000 observations of 50 devices; 3 lines rejected"


def test_rows_that_lack_something_are_counted_and_rows_are_written(
    folder: Path, master: str
) -> None:
    source = folder / "lacking.parquet"
    strings = pa.array([b"d1", b"d1", None, b"", b"d\xff"], pa.binary()).view(pa.string())
    columns = {
        "device": strings,
        "protocol": ["http", None, "http", "", "http"],
        "field": ["server"] * 5,
        "value": pa.array([b"nginx", b"x", b"x", b"x", b"x"]),
    }
    pq.write_table(pa.table(columns), source)
    written = folder / "devices.parquet"
    done = run(folder, master, source, "--partitions", "1", "-o", written)
    assert done.returncode == 0, done.stderr.decode()
    assert "1 observations of 1 devices; 4 lines rejected" in done.stderr.decode()
    local, packs = folder / "local.parquet", load_packs()
    write_devices(classify_batches(read_bulk([str(source)]), packs, Tally()), packs.makers, local)
    assert pq.read_table(local).column("device").to_pylist() == ["d1"]
    assert pq.read_table(written).equals(pq.read_table(local))


def test_an_error_on_a_worker_is_told_in_its_own_words(folder: Path, master: str) -> None:
    source = folder / "one.parquet"
    count = 1_000_001
    words = {"device": "everything", "protocol": "http", "field": "server", "value": "x"}
    columns = {
        name: pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array([word]))
        for name, word in words.items()
    }
    pq.write_table(pa.table(columns), source)
    done = run(folder, master, source, "--partitions", "1")
    assert (done.returncode, done.stdout) == (1, b"")
    told = done.stderr.decode().splitlines()[-1]
    assert told.startswith("camaudit: device 'everything' has more than 1,0")


def test_a_missing_column_is_named(folder: Path, master: str) -> None:
    source = folder / "other.parquet"
    pq.write_table(pa.table({"device": ["d1"], "value": ["x"]}), source)
    done = run(folder, master, source)
    assert done.returncode == 1
    told = done.stderr.decode().splitlines()[-1]
    assert told.endswith(
        "other.parquet: there is no column protocol, field; its columns are device, value"
    )
