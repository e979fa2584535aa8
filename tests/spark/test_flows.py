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


def test_other_columns_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "other.parquet")
    done = on_spark(tmp_path / "target", tmp_path / "other.parquet")
    assert "SourceError: the columns are x; wanted are those of flows" in done.stderr
