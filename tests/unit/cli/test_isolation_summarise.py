"""``camaudit isolation summarise``: large flow logs, down to what concerns a site's networks."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from camaudit.model.traffic_schemas import CONVERSATIONS
from tests.cases.command import Camaudit
from tests.traffic import table, talk

TODAY = date(2026, 11, 25)


def flows(place: Path) -> Path:
    rows = [
        talk("192.0.2.20", "10.1.2.3", opened=False),
        talk("192.0.2.20", "10.1.2.3", opened=False),
        talk("198.51.100.5", "203.0.113.9", opened=False),
    ]
    pq.write_table(table(rows, CONVERSATIONS), place)
    return place


def test_a_summary_keeps_a_sites_networks_and_can_be_verified(
    camaudit: Camaudit, tmp_path: Path
) -> None:
    source, target = flows(tmp_path / "all.parquet"), tmp_path / "hq.flows.parquet"
    words = ("isolation", "summarise", source, "-o", target, "--network", "192.0.2.0/24")
    assert "3 rows read" in camaudit(*words, on=TODAY).err
    (row,) = pq.read_table(target).to_pylist()
    assert (row["client"], row["server"], row["bytes_out"]) == ("192.0.2.20", "10.1.2.3", 200)
    assert target.stat().st_mode & 0o777 == 0o600
    register = tmp_path / "register.csv"
    register.write_text(
        "asset id,manufacturer,model,ip address,site\n"
        "CAM-1,Hikvision,DS-2CD2143G0-I,192.0.2.20,HQ\n"
    )
    camaudit("init", on=TODAY)
    camaudit("site", "add", "HQ", "Head office", "--network", "192.0.2.0/24", on=TODAY)
    camaudit("import", register, on=TODAY)
    camaudit("isolation", "declare", "HQ", "--core", "10.0.0.0/8", on=TODAY)
    ran = camaudit("isolation", "verify", target, "--site", "HQ", "--json", on=TODAY, code=3)
    assert json.loads(ran.out.splitlines()[0])["answers"] == ["connected_to_core"]


def test_a_name_that_would_not_be_known_again_is_refused(
    camaudit: Camaudit, tmp_path: Path
) -> None:
    source = flows(tmp_path / "all.parquet")
    target = tmp_path / "hq.parquet"
    ran = camaudit("isolation", "summarise", source, "-o", target, on=TODAY, code=2)
    assert "has to end in .flows.parquet" in ran.err
    assert not target.exists()


def test_a_folder_and_what_is_not_there_are_refused(camaudit: Camaudit, tmp_path: Path) -> None:
    words = ("-o", tmp_path / "x.flows.parquet")
    ran = camaudit("isolation", "summarise", tmp_path, *words, on=TODAY, code=2)
    assert "is a folder: name its files" in ran.err
    ran = camaudit("isolation", "summarise", tmp_path / "none", *words, on=TODAY, code=2)
    assert "there is no file" in ran.err


def test_other_columns_are_refused_by_name(camaudit: Camaudit, tmp_path: Path) -> None:
    place = tmp_path / "x.flows.parquet"
    pq.write_table(pa.table({"client": ["192.0.2.1"]}), place)
    camaudit("init", on=TODAY)
    ran = camaudit("import", place, on=TODAY, code=1)
    assert "has no column server" in ran.err
