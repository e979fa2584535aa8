"""Flow logs on Spark: the same conversations as the pure function gives on one machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from camaudit.model.conversations import summarise
from camaudit.model.traffic_schemas import CONVERSATIONS
from tests.conformance.tree import ROOT
from tests.flow_rows import flow, flows, whole

pytestmark = [pytest.mark.spark, pytest.mark.timeout(600)]

#: In a process of its own: Spark leaves threads behind. Target, then sources.
WORK = """
import sys
from camaudit.engines.spark import connected
from camaudit.engines.spark_flows import summarise_flows
from camaudit.model.conversations import summarise
with connected("local[2]", "test") as session:
    summarise_flows(session, sys.argv[2:], sys.argv[1], summarise)
"""


def on_spark(target: Path, *sources: Path) -> subprocess.CompletedProcess[str]:
    # A zone of the machine must not shift times
    own = {"PYTHONPATH": f"{ROOT / 'src'}", "SPARK_LOCAL_IP": "127.0.0.1", "TZ": "Asia/Tokyo"}
    return subprocess.run(
        [sys.executable, "-c", WORK, target, *sources],
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=False,
    )


def test_spark_gives_what_one_machine_gives(tmp_path: Path) -> None:
    rows = [
        flow(f"192.0.2.{n % 7}:{[443, 50000][n % 2]}", f"192.0.2.9:{[50000, 443][n % 2]}", n * 7)
        for n in range(2000)
    ]
    sources = [tmp_path / f"{number}.parquet" for number in range(2)]
    for number, path in enumerate(sources):
        half = flows(*rows[number * 1000 : number * 1000 + 1000])
        pq.write_table(pa.Table.from_batches([half]), path)
    first, again = tmp_path / "first", tmp_path / "again"
    for target, read in ((first, sources), (again, [first])):
        done = on_spark(target, *read)
        assert done.returncode == 0, done.stderr
        found = pq.read_table(target).cast(CONVERSATIONS)
        assert whole(found) == whole(summarise(flows(*rows)))


def test_the_command_gives_what_one_machine_summarises_on(tmp_path: Path) -> None:
    rows = [flow(f"192.0.2.{n % 7}:50000", "198.51.100.9:443", n * 7) for n in range(500)]
    source, folder = tmp_path / "all.parquet", tmp_path / "week"
    pq.write_table(pa.Table.from_batches([flows(*rows)]), source)
    own = {"PYTHONPATH": f"{ROOT / 'src'}", "SPARK_LOCAL_IP": "127.0.0.1", "TZ": "Asia/Tokyo"}

    def camaudit(*words: str | Path) -> None:
        command = [sys.executable, "-m", "camaudit", "isolation", "summarise", *words]
        done = subprocess.run(
            command, env=os.environ | own, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    only = ("--network", "192.0.2.3/32")
    camaudit("--engine", "spark", "--master", "local[2]", source, "-o", folder, *only)
    camaudit(*sorted(folder.glob("*.parquet")), "-o", tmp_path / "both.flows.parquet")
    camaudit(source, "-o", tmp_path / "one.flows.parquet", *only)
    both, one = (pq.read_table(tmp_path / f"{each}.flows.parquet") for each in ("both", "one"))
    assert 0 < one.num_rows < 500
    assert whole(both.cast(CONVERSATIONS)) == whole(one.cast(CONVERSATIONS))


def test_other_columns_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "other.parquet")
    done = on_spark(tmp_path / "target", tmp_path / "other.parquet")
    assert "SourceError: the columns are x; wanted are those of flows" in done.stderr
