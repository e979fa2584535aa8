"""Which observations are one device: each case of ``identity/`` at once, and as an estate grows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from camaudit.estate import Files, gather, resolve
from camaudit.model.estate import Resolution
from camaudit.model.ids import SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Site
from camaudit.model.schemas import OBSERVATIONS
from tests.subjects import minted

HERE = Path(__file__).parent / "identity"
CASES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in HERE.glob("*.yaml")}


def rows(file: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (subject, field, value) of a file."""
    for subject in file["subjects"]:
        said = {key: str(value) for key, value in subject.items() if key not in ("name", "times")}
        for number in range(1, subject.get("times", 1) + 1):
            name = subject["name"].replace("{n}", str(number))
            for key, value in said.items():
                yield name, key, value.replace("{n}", str(number))


def batch(file: dict[str, Any]) -> pa.RecordBatch:
    names, keys, values = zip(*rows(file), strict=True)
    on: date | None = file.get("seen")
    seen = datetime(on.year, on.month, on.day, tzinfo=UTC) if on else None
    count = len(names)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([f"{file['name']}/{name}" for name in names]),
            pa.array([key.partition(".")[0] for key in keys]).dictionary_encode(),
            pa.array([key.partition(".")[2] for key in keys]).dictionary_encode(),
            pa.array([value.encode() for value in values], pa.binary()),
            pa.array([seen] * count, pa.timestamp("us", tz="UTC")),
            pa.nulls(count, pa.binary(32)),
            pa.nulls(count, pa.string()),
        ],
        schema=OBSERVATIONS,
    )


def found(case: dict[str, Any], count: int, judgements: list[Judgement]) -> Resolution:
    """Resolve the first so many files of a case."""
    files = case["files"][:count]
    sites = [
        Site(id=SiteId(name), name=name, networks=tuple(networks))
        for name, networks in case["sites"].items()
    ]
    told = {file["name"]: file["site"] for file in files if "site" in file}
    return resolve(gather(map(batch, files)), judgements, sites, Files(sites=told))


def check(case: dict[str, Any], result: Resolution) -> None:
    groups = [{name.partition("/")[2] for name in device.subjects} for device in result.devices]
    for wanted in case.get("together", ()):
        assert set(wanted) in groups
    assert len(groups) == case["apart"]
    for name, text in case.get("remarks", {}).items():
        [device] = [d for d in result.devices if name in {s.partition("/")[2] for s in d.subjects}]
        assert any(text in remark for remark in device.remarks), device.remarks


@pytest.mark.parametrize("name", sorted(each for each in CASES if CASES[each].get("at_once", True)))
def test_all_files_at_once(name: str) -> None:
    case = CASES[name]
    check(case, found(case, len(case["files"]), []))


@pytest.mark.parametrize("name", sorted(CASES))
def test_file_after_file(name: str) -> None:
    """And the last once more: nothing changes, and nothing was renamed."""
    case, judgements, known = CASES[name], list[Judgement](), dict[str, str]()
    for count in (*range(1, len(case["files"]) + 1), len(case["files"])):
        result = found(case, count, judgements)
        assert {subject: str(result.device_of[subject]) for subject in known} == known
        judgements += minted(result)
        known = {subject: str(device) for subject, device in result.device_of.items()}
    check(case, result)
    assert result.to_mint == ()


def test_there_are_cases() -> None:
    assert len(CASES) > 7
