"""camaudit.app.published: files of others become an overlay, whole or not at all."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from camaudit.app import published
from camaudit.app.packset import PackSet
from camaudit.app.published import Written, write_overlay
from camaudit.errors import PackError, UsageError
from camaudit.model.advisories import Advisory, Answer, Known
from camaudit.packs.advisories import load_advisories
from camaudit.packs.shipped import find_pack_files
from tests.estates import small

ON = date(2026, 11, 22)


@pytest.fixture
def packs() -> PackSet:
    return small()


def cve(name: str, product: str, vendor: str = "Hikvision", **versions: str) -> bytes:
    affected = {
        "vendor": vendor,
        "product": product,
        "defaultStatus": "unaffected",
        "versions": [{"status": "affected", "version": "0"} | versions],
    }
    cna = {"title": "A weakness of a camera", "affected": [affected]}
    head = {"cveId": name, "state": "PUBLISHED"}
    return json.dumps({"cveMetadata": head, "containers": {"cna": cna}}).encode()


NEW = cve("CVE-2026-0001", "DS-2CD2143G0-I", lessThan="V5.5.83")
#: Ours says versions of the first, and none of the second.
OURS = cve("CVE-2017-7921", "DS-2CD2032-I", lessThan="V5.5.0")
SILENT = cve("CVE-2024-29949", "DS-7608NI-I2", lessThan="V4.31.0")
STRANGER = cve("CVE-2026-0002", "Windows", vendor="Contoso")


def kev(**listed: str) -> bytes:
    entries = [
        {
            "cveID": name.replace("_", "-"),
            "vendorProject": "Hikvision",
            "product": "DS-2CD2143G0-I cameras",
            "vulnerabilityName": "A weakness of a camera",
            "dateAdded": added,
        }
        for name, added in listed.items()
    ]
    data = {"dateReleased": "2026-11-20", "count": len(entries), "vulnerabilities": entries}
    return json.dumps(data).encode()


def whole(packs: PackSet, **listed: str) -> bytes:
    """Return a catalogue that lists what the shipped one lists, and more."""
    return kev(**dict.fromkeys(sorted(packs.advisories.listed), "2024-01-01"), **listed)


def written(packs: PackSet, tmp_path: Path, *cves: Path, kev: Path | None = None) -> Written:
    return write_overlay(packs, kev, cves, tmp_path / "newer", ON)


def in_force(tmp_path: Path) -> dict[str, Advisory]:
    found = load_advisories(find_pack_files((tmp_path / "newer",)))
    return {name: each for each in found.advisories for name in each.ids}


def zipped(**files: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


def test_a_record_becomes_part_of_the_packs(packs: PackSet, tmp_path: Path) -> None:
    file = tmp_path / "anything.json"
    file.write_bytes(NEW)
    result = written(packs, tmp_path, file)
    assert (result.files, result.records, result.rejected) == (1, 1, 0)
    found = in_force(tmp_path)["CVE-2026-0001"]
    assert found.imported
    assert found.scopes[0].ranges[0].before_version == "V5.5.83"
    assert found.scopes[0].otherwise is Answer.NOT_AFFECTED
    assert found.source.read_on == ON


def test_what_ships_with_versions_stays_and_what_says_none_is_replaced(
    packs: PackSet, tmp_path: Path
) -> None:
    folder = tmp_path / "cves"
    (folder / "2024").mkdir(parents=True)
    for name, content in (
        ("CVE-2017-7921", OURS),
        ("CVE-2024-29949", SILENT),
        ("CVE-2026-0002", STRANGER),
    ):
        (folder / "2024" / f"{name}.json").write_bytes(content)
    (folder / "delta.json").write_bytes(b"not a record, and not asked for")
    result = written(packs, tmp_path, folder)
    assert (result.files, result.records, result.kept, result.unknown) == (3, 1, 1, 1)
    found = in_force(tmp_path)
    assert not found["CVE-2017-7921"].imported
    assert found["CVE-2024-29949"].imported


def test_the_daily_file_of_the_list_is_a_zip_within_a_zip(packs: PackSet, tmp_path: Path) -> None:
    inner = zipped(**{"cves/2026/0xxx/CVE-2026-0001.json": NEW, "cves/delta.json": b"{}"})
    file = tmp_path / "all.zip"
    file.write_bytes(zipped(**{"cves.zip": inner, "CVE-2024-29949.json": SILENT}))
    result = written(packs, tmp_path, file)
    assert (result.files, result.records) == (2, 2)
    assert {"CVE-2026-0001", "CVE-2024-29949"} <= set(in_force(tmp_path))


def test_a_zip_within_a_zip_within_a_zip_is_not_opened(packs: PackSet, tmp_path: Path) -> None:
    deep = zipped(**{"b.zip": zipped(**{"c.zip": zipped(**{"CVE-2026-0001.json": NEW})})})
    file = tmp_path / "all.zip"
    file.write_bytes(deep)
    assert written(packs, tmp_path, file).files == 0


def test_a_catalogue_renews_what_is_exploited(packs: PackSet, tmp_path: Path) -> None:
    file = tmp_path / "kev.json"
    file.write_bytes(whole(packs, CVE_2017_7921="2026-03-05", CVE_2026_0009="2026-05-05"))
    result = written(packs, tmp_path, kev=file)
    assert (result.catalogue_on, result.entries) == (date(2026, 11, 20), 22)
    assert (result.listed, result.records) == (22, 1)
    assert result.problems == []
    found = in_force(tmp_path)
    assert found["CVE-2017-7921"].exploited.added == date(2026, 3, 5)
    assert not found["CVE-2017-7921"].imported
    assert found["CVE-2026-0009"].imported
    # the newer catalogue is whole: what it does not list is not listed
    assert found["CVE-2025-31700"].exploited.known is Known.NO
    assert found["CVE-2025-31700"].exploited.catalogue_on == date(2026, 11, 20)


def test_an_extract_of_the_catalogue_unlists_nothing(packs: PackSet, tmp_path: Path) -> None:
    file = tmp_path / "kev.json"
    file.write_bytes(kev(CVE_2017_7921="2026-03-05"))
    (problem,) = written(packs, tmp_path, kev=file).problems
    assert "lacks 20 entries of an earlier catalogue" in problem.message
    found = in_force(tmp_path)
    assert found["CVE-2017-7921"].exploited.known is Known.YES
    assert found["CVE-2021-36260"].exploited.known is Known.YES
    assert found["CVE-2021-36260"].exploited.catalogue_on == date(2025, 8, 25)


def test_a_record_outranks_the_catalogue_s_bare_entry(packs: PackSet, tmp_path: Path) -> None:
    catalogue, record = tmp_path / "kev.json", tmp_path / "CVE-2026-0001.json"
    catalogue.write_bytes(kev(CVE_2026_0001="2026-05-05"))
    record.write_bytes(NEW)
    result = written(packs, tmp_path, record, kev=catalogue)
    assert result.records == 1
    found = in_force(tmp_path)["CVE-2026-0001"]
    assert found.scopes[0].ranges
    assert found.exploited.known is Known.YES


def test_damaged_files_are_counted_and_the_others_are_taken(packs: PackSet, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    content = bytearray(
        zipped(**{"CVE-2026-0007.json": os.urandom(400), "CVE-2026-0001.json": NEW})
    )
    content[60] ^= 0xFF
    file.write_bytes(bytes(content))
    result = written(packs, tmp_path, file)
    assert (result.records, result.rejected) == (1, 1)
    assert "CVE-2026-0007.json" in result.problems[0].position


def test_a_name_in_a_zip_cannot_steer_the_terminal(packs: PackSet, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    file.write_bytes(zipped(**{"x\x1b[2J/CVE-2026-0007.json": b"{"}))
    (problem,) = written(packs, tmp_path, file).problems
    assert "\x1b" not in problem.position


def test_a_link_in_a_directory_is_not_followed(packs: PackSet, tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_bytes(NEW)
    folder = tmp_path / "cves"
    folder.mkdir()
    (folder / "CVE-2026-0001.json").symlink_to(secret)
    result = written(packs, tmp_path, folder)
    assert (result.files, result.rejected) == (0, 1)


@pytest.mark.parametrize(("name", "limit"), [("MAX_FILES", 1), ("MAX_TOTAL", 600)])
def test_a_zip_that_unpacks_to_too_much_is_refused(
    packs: PackSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    monkeypatch.setattr(published, name, limit)
    for at, content in enumerate((
        zipped(**{"CVE-2026-0001.json": NEW, "CVE-2024-29949.json": SILENT}),
        zipped(**{"c.zip": zipped(**{"CVE-2026-0001.json": NEW, "CVE-2024-29949.json": SILENT})}),
    )):  # fmt: skip
        file = tmp_path / f"all-{at}.zip"
        file.write_bytes(content)
        with pytest.raises(PackError):
            written(packs, tmp_path, file)
    assert not (tmp_path / "newer").exists()


def test_a_directory_in_use_is_left_alone(packs: PackSet, tmp_path: Path) -> None:
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "mine.txt").write_text("mine")
    file = tmp_path / "CVE-2026-0001.json"
    file.write_bytes(NEW)
    with pytest.raises(UsageError, match="not an empty directory"):
        written(packs, tmp_path, file)
    with pytest.raises(UsageError, match="--kev"):
        write_overlay(packs, None, (), tmp_path / "other", ON)


def test_what_is_written_is_for_its_owner(packs: PackSet, tmp_path: Path) -> None:
    file = tmp_path / "CVE-2026-0001.json"
    file.write_bytes(NEW)
    assert [each.stat().st_mode & 0o077 for each in written(packs, tmp_path, file).written] == [0]


def test_hostile_words_come_back_as_they_were(packs: PackSet, tmp_path: Path) -> None:
    nasty = "DS-2CD2143G0-I: &a *b !!python/object 'x' \"y\" # no: [1, 2] \x07\u202e"
    data: Any = json.loads(cve("CVE-2026-0001", nasty, lessThan="no"))
    data["containers"]["cna"]["title"] = "yes: 12:30 <<: {a: *b}"
    file = tmp_path / "CVE-2026-0001.json"
    file.write_text(json.dumps(data))
    written(packs, tmp_path, file)
    found = in_force(tmp_path)["CVE-2026-0001"]
    assert found.title == "yes: 12:30 <<: {a: *b}"
    assert found.scopes[0].product.startswith("DS-2CD2143G0-I: &a *b !!python/object")
    assert found.scopes[0].ranges[0].before_version == "no"
