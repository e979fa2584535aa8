"""camaudit.app.ingest: one transaction, keyed by what the file holds and how it was mapped."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from camaudit.app import ingest as module
from camaudit.app.ingest import MAX_PROBLEMS, Request, ingest
from camaudit.errors import EstateError, SourceError, UsageError
from camaudit.model.ids import content_digest
from camaudit.sources.spec import ReadOptions
from tests.estates import AT, BODIES, SITES, Estate, make_estate


def imports(estate: Estate) -> list[dict[str, Any]]:
    with estate.store.reading() as connection:
        return estate.store.artefacts(connection)


def test_a_register_of_bodies_and_sites_is_laid_down(tmp_path: Path) -> None:
    estate = make_estate(tmp_path / "e", register=False)
    bodies, sites = estate.add("bodies.csv", BODIES), estate.add("sites.csv", SITES)
    assert (bodies.importer, bodies.bodies, sites.importer, sites.sites) == (
        "bodies", 2, "sites", 4,
    )  # fmt: skip
    seen = estate.survey()
    assert list(seen.bodies) == ["DEP", "SCH"]
    assert seen.sites["HQ"].networks == ("10.1.0.0/24",)  # type: ignore[index]


def test_an_import_says_what_it_did(estate: Estate) -> None:
    rows: list[int] = []
    path = estate.folder / "r.csv"
    path.write_text("Asset ID,Site,Quantity\nA,HQ,2\nB,HQ,many\n")
    done = ingest(
        estate.store, Request(path=path, options=ReadOptions(name="r.csv")), AT, rows.append
    )
    assert (done.importer, done.devices, done.new_devices) == ("inventory", 2, 2)
    assert done.observations == sum(rows) == 5
    assert done.problems
    assert done.unchanged_since is None


def test_the_artefact_is_on_record(estate: Estate) -> None:
    estate.add("r.csv", "Asset ID,Site\nA,HQ\n", site="HQ")
    row = imports(estate)[-1]
    assert row["digest"] == hashlib.sha256(b"Asset ID,Site\nA,HQ\n").digest()
    assert (row["kind"], row["name"], row["site"]) == ("inventory", "r.csv", "HQ")
    assert row["collector"].startswith("camaudit ")
    assert row["imported_at"] == AT


def test_the_same_bytes_under_another_name_are_the_same_file(estate: Estate) -> None:
    estate.add("one.csv", "Asset ID,Site\nA,HQ\n")
    assert estate.add("two.csv", "Asset ID,Site\nA,HQ\n").unchanged_since == AT


@pytest.mark.parametrize("other", [{"site": "HQ"}, {"mapping": {"site": "register.location"}}])
def test_another_mapping_is_another_import(estate: Estate, other: dict[str, Any]) -> None:
    estate.add("r.csv", "Asset ID,Site\nA,HQ\n")
    assert estate.add("r.csv", "Asset ID,Site\nA,HQ\n", **other).unchanged_since is None
    assert len(estate.survey().devices) == 1
    assert imports(estate)[-1]["supersedes"] == imports(estate)[-2]["seq"]


def test_an_importer_may_be_named(estate: Estate) -> None:
    text = '{"device":"d","protocol":"http","field":"server","value":"Axis"}\n'
    assert estate.add("x.dat", text, importer="observations").importer == "observations"
    with pytest.raises(UsageError, match=r"no importer is called 'magic'; there are .*inventory"):
        estate.add("y.dat", text, importer="magic")


def test_what_nobody_recognises_says_how_to_name_it(estate: Estate) -> None:
    with pytest.raises(SourceError, match="format is not recognised; name it with --as"):
        estate.add("noise.bin", "\x00\x01\x02 nothing")


def test_a_site_that_is_not_there_is_refused_before_anything_is_kept(estate: Estate) -> None:
    before = imports(estate)
    with pytest.raises(UsageError, match="no site is called 'HQQ'; known: ANNEX, DEPOT, HQ"):
        estate.add("r.csv", "Asset ID\nA\n", site="HQQ")
    assert imports(estate) == before


def test_a_site_may_be_named_by_its_name(estate: Estate) -> None:
    estate.add("r.csv", "Asset ID,Model\nA,M\n", site="head OFFICE")
    assert estate.device("A").site == "HQ"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SourceError, MemoryError])
def test_an_import_that_stops_half_way_keeps_nothing(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def broken(*_arguments: object) -> None:
        raise stop

    before = imports(estate)
    with monkeypatch.context() as patch:
        patch.setattr(module, "mint", broken)
        with pytest.raises(stop):
            estate.add("r.csv", "Asset ID,Site\nA,HQ\n")
    assert imports(estate) == before
    assert estate.survey().devices == ()
    assert estate.add("r.csv", "Asset ID,Site\nA,HQ\n").new_devices == 1


def test_a_pipe_is_read_as_a_file_is(estate: Estate) -> None:
    pipe = estate.folder / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"Asset ID,Site\nA,HQ\n",))
    writer.start()
    done = ingest(
        estate.store, Request(path=pipe, importer="inventory", options=ReadOptions(name="pipe")), AT
    )
    writer.join()
    assert done.new_devices == 1
    assert estate.device("A").site == "HQ"


def test_problems_are_kept_up_to_a_number_and_counted_beyond(estate: Estate) -> None:
    lines = '{"device":"d","protocol":"http","field":"server","value":"x"}\n' + "{\n" * 1100
    done = estate.add("o.jsonl", lines)
    assert (done.rejected, len(done.problems)) == (1100, MAX_PROBLEMS)


def test_a_locked_estate_is_told_and_not_touched(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    from camaudit.app.estate import open_estate
    from camaudit.store import estate_file

    monkeypatch.setattr(estate_file, "BUSY_MS", 1)
    path = estate.folder / "r.csv"
    path.write_text("Asset ID,Site\nA,HQ\n")
    with estate.store.writing(), pytest.raises(EstateError, match="another camaudit is writing"):
        ingest(open_estate(estate.path), Request(path=path), AT)


def test_each_import_has_a_digest_of_its_own(estate: Estate) -> None:
    from sqlalchemy import text

    estate.add("r.csv", "Asset ID\nA\n", site="HQ")
    with estate.store.reading() as connection:
        row = connection.execute(text("SELECT * FROM imports ORDER BY seq DESC LIMIT 1")).one()
        digest = imports(estate)[-1]["digest"]
    parts = (digest, row.mapping, b"HQ", str(row.imported_at).encode())
    assert row.content_digest == content_digest(row.salt, parts)
