"""Entities of FollowTheMoney as an overlay: what is added, and what is only counted.

The makers are real, so that they are found; who owns whom here is made up.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from camaudit.app.ftm import write_ftm_overlay
from camaudit.errors import SourceError, UsageError
from camaudit.model.packs import Maker
from camaudit.model.words import Confidence, Precision, TieKind
from camaudit.packs.load import maker_packs
from camaudit.packs.shipped import find_pack_files

AT = date(2026, 11, 20)


def company(key: str, *names: str, **properties: list[Any]) -> dict[str, Any]:
    return {"id": key, "schema": "Company", "properties": {"name": list(names), **properties}}


def ownership(owner: Any, asset: Any, **properties: list[str]) -> dict[str, Any]:
    ends = {"owner": [owner], "asset": [asset]}
    return {"id": f"{owner}-{asset}", "schema": "Ownership", "properties": {**ends, **properties}}


def made(overlays: tuple[Path, ...] = ()) -> dict[str, Maker]:
    """Return the makers by id; their patterns need not be compiled for it."""
    return {maker.id: maker for maker in maker_packs(find_pack_files(overlays)).makers}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    entities = [
        company("q1", "Zosi Technology"),
        company("q1b", "ZOSI Ltd.", "Zosi"),
        company("q2", "Vivotek Inc."),
        company("q3", "Nobody Holdings"),
        ownership("q2", "q1b", startDate=["2019-03"]),
        ownership("q3", "q2"),
        ownership("q2", "q2"),
        {"id": "p", "schema": "Person", "properties": {"name": ["Somebody"]}},
    ]
    path = tmp_path / "entities.ftm.json.gz"
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, entities)).encode() + b"\n{broken\n"))
    return path


def test_ownership_between_two_makers_is_added(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "owners"
    written = write_ftm_overlay(file, target, AT)
    assert (written.ties, written.files) == (1, (target / "makers" / "zosi.yaml",))
    makers = made((target,))
    (tie,) = [tie for tie in makers["zosi"].ties if tie.to == "vivotek"]
    assert tie.tie is TieKind.OWNED_BY
    assert (tie.from_date, tie.from_precision) == (date(2019, 3, 1), Precision.MONTH)
    assert tie.confidence is Confidence.REPORTED
    # all that the shipped file says is still there
    plain = made()
    assert set(plain["zosi"].ties) < set(makers["zosi"].ties)


def test_everything_else_is_counted(file: Path, tmp_path: Path) -> None:
    left = +write_ftm_overlay(file, tmp_path / "owners", AT).left_out
    assert left == Counter(
        {
            "records that are no JSON": 1,
            "entities of the schema Person": 1,
            "organisations whose name is that of no maker of ours": 1,
            "ownerships with an end that is no maker of ours": 1,
            "ownerships within one maker": 1,
        }
    )


def test_a_directory_that_is_in_use_is_left_alone(file: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not empty"):
        write_ftm_overlay(file, tmp_path, AT)


def test_entities_that_add_nothing_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(company("q", "Nobody Holdings")))
    with pytest.raises(SourceError, match="adds nothing"):
        write_ftm_overlay(file, tmp_path / "owners", AT)


def test_a_cut_file_is_refused(file: Path, tmp_path: Path) -> None:
    file.write_bytes(file.read_bytes()[:-12])
    with pytest.raises(SourceError, match="ends too early"):
        write_ftm_overlay(file, tmp_path / "owners", AT)


def test_ownership_in_a_circle_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    nested = ownership({"id": "b"}, {"id": "a"}, startDate=["2020"], endDate=["2021-05-06"])
    entities = [company("a", "Zosi"), company("b", "Vivotek"), nested, ownership("a", "b")]
    file.write_text("\n".join(map(json.dumps, entities)))
    written = write_ftm_overlay(file, tmp_path / "owners", AT)
    assert written.ties == 1
    assert written.left_out["ownerships that lead back to where they start"] == 1
