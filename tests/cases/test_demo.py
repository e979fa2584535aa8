"""The bundled example estate against the truth that was written by hand from what was planted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from camaudit.app import demo as app
from camaudit.app.coverage import Coverage, coverage
from camaudit.app.demo import Demo
from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.cli.demo import annexe
from camaudit.lab.running import running
from camaudit.model.ids import DeviceId
from camaudit.model.scan import Reach
from camaudit.model.snapshot import DeviceRow
from tests.cases import reading
from tests.cases.command import Camaudit
from tests.pretend import alone

pytestmark = pytest.mark.timeout(300)  # other tests may have the lab's ports

TRUTH: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "demo" / "truth.yaml").read_text(encoding="utf-8")
)
DEVICES: dict[str, dict[str, Any]] = {each["by"]: each for each in TRUTH["devices"]}
CLAUSES = ("a", "b", "c", "d")
AS_OF: date = TRUTH["as_of"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Return the demo, run once, at the truth's date."""
    at = datetime.combine(AS_OF, time(12), UTC)
    estate, done = app.build_demo(tmp_path_factory.mktemp("demo"), at)
    app.permit_live(estate, at)
    with alone(), running(annexe()):
        app.scan_live(estate, app.prepare_live(estate, at), lambda: at, lambda _: None)
    return app.finish_demo(estate, done, load_packs(), at)


@pytest.fixture(scope="module")
def scanned(demo: Demo) -> Coverage:
    """Return what the scan of the annexe reached."""
    return coverage(open_estate(demo.estate), None)


@pytest.fixture(scope="module")
def rows(demo: Demo) -> dict[str, DeviceRow]:
    """Return each device under the name that the truth gives it."""
    found: dict[str, DeviceRow] = {}
    for row in demo.snapshot.devices:
        fits = [by for by in DEVICES if _is(by, row)]
        assert len(fits) == 1, f"{row.id} {row.addresses} {row.asset_ids} is in the truth as {fits}"
        assert fits[0] not in found, f"{fits[0]} is two devices"
        found[fits[0]] = row
    return found


def _is(by: str, row: DeviceRow) -> bool:
    if by.startswith("label: "):
        label = by.removeprefix("label: ")
        return any(label in reason.seen for reason in row.reasons)
    return by in (*row.addresses, *row.asset_ids)


def test_the_truth_is_whole() -> None:
    assert len(DEVICES) == len(TRUTH["devices"]) == TRUTH["figures"]["devices"][0]
    assert all(each.keys() >= {"kind", "maker", "brand", *CLAUSES} for each in DEVICES.values())


def test_every_device_of_the_truth_is_there(rows: dict[str, DeviceRow]) -> None:
    assert sorted(rows) == sorted(DEVICES)


@pytest.mark.parametrize("by", DEVICES)
def test_what_it_is_and_who_made_it(by: str, demo: Demo, rows: dict[str, DeviceRow]) -> None:
    row, told = rows[by], DEVICES[by]
    brand = demo.assessment.survey.attributions[DeviceId(row.id)].brand
    assert (row.kind, row.maker, brand) == (told["kind"], told["maker"], told["brand"])


@pytest.mark.parametrize("by", DEVICES)
def test_verdicts(by: str, demo: Demo, rows: dict[str, DeviceRow]) -> None:
    got = reading.verdicts(demo.assessment, rows[by].id)
    assert got == {clause: DEVICES[by][clause] for clause in CLAUSES} | {"e": "not_applicable"}


def test_the_figures_that_the_report_opens_with(demo: Demo) -> None:
    figures = {each.id: [each.value, each.of] for each in demo.snapshot.figures}
    assert figures == TRUTH["figures"]


def test_what_is_not_known(demo: Demo) -> None:
    unknowns = {each.id: [each.value, each.of] for each in demo.snapshot.unknowns}
    assert unknowns == TRUTH["unknowns"]


def test_verdicts_by_clause(demo: Demo) -> None:
    duties = {
        duty.clause: {word: getattr(duty, word) for word in TRUTH["duties"]["a"]}
        for duty in demo.snapshot.duties
    }
    assert duties == TRUTH["duties"]


def test_questions(demo: Demo) -> None:
    asked = [[each.fact, each.verdicts, each.settles] for each in demo.snapshot.questions]
    assert asked == TRUTH["questions"]


def test_the_register_alone_names_few(demo: Demo) -> None:
    assert demo.register_names == TRUTH["register_names"]


def test_the_laboratory_is_shown_both_ways(rows: dict[str, DeviceRow]) -> None:
    lines = {line.clause: line.branches for line in rows["10.20.4.11"].verdicts}
    assert lines["a"] == ("if sensitive: breaches", "if not: not applicable")


def test_a_declared_isolation_is_named_as_not_verified(rows: dict[str, DeviceRow]) -> None:
    (gap,) = next(line.gaps for line in rows["10.20.3.20"].verdicts if line.clause == "b")
    assert gap.endswith("(declared isolated, not verified)")


def test_a_shared_serial_number_is_doubted_in_words(rows: dict[str, DeviceRow]) -> None:
    for by in ("10.20.1.16", "10.20.1.17"):
        assert any("2 devices have that number: not used" in each for each in rows[by].dating)


def test_nothing_of_the_files_is_rejected(demo: Demo) -> None:
    assert demo.imports
    assert [(name, done.rejected) for name, done in demo.imports if done.rejected] == []


def test_the_scan_of_the_annexe(scanned: Coverage) -> None:
    told = TRUTH["scan"]
    (counts,) = (counts for _, counts in scanned.subnets)
    assert counts[Reach.ANSWERED] == told["answered"]
    assert scanned.elsewhere == told["elsewhere"]
    assert [[declared, seen] for _, declared, seen in scanned.recorders] == [told["channels"]]
    assert ("HTTP 423 Locked", told["locked"]) in scanned.stopped
    assert scanned.faults == ()


def test_the_annexe_needs_two_approvers(demo: Demo, tmp_path: Path) -> None:
    at = datetime.combine(AS_OF, time(12), UTC)
    estate, _ = app.build_demo(tmp_path, at)
    assert "has one approver" in app.permit_live(estate, at)
    kept = coverage(open_estate(demo.estate), None).record.body
    people = "by head of estates and departmental security officer"
    assert kept["permission"].endswith(f"{people}, EXAMPLE ONLY, until 2026-12-22")


def test_the_lab_has_the_devices_of_the_truth() -> None:
    planned = {device.ip for device in annexe().plan.devices()}
    told = {by for by in DEVICES if by.startswith("127.20.12.")}
    assert len(planned) == 7
    assert len(told) == 6  # the seventh is known by the address that it left the factory with
    assert told < planned


def test_the_command_prints_the_answer_and_the_path(tmp_path: Path, camaudit: Camaudit) -> None:
    where = tmp_path / "out"
    with alone():
        ran = camaudit("demo", "--dir", where)
    out = " ".join(ran.out.split())
    assert "PRETEND: site ANNEX has 7 devices of camaudit lab" in ran.err
    assert "scan of site ANNEX refused" in out
    assert "asked no further: 127.20.12.3 (HTTP 423 Locked)" in out
    assert "The register alone names 2 devices of makers" in out
    assert "verdicts that cannot be given, of 164 verdicts" in out
    assert out.endswith(str(where / "report.html"))
    assert (where / "report.html").stat().st_mode & 0o777 == 0o600
    assert "is not empty" in camaudit("demo", "--dir", where, code=2).err


def test_the_demo_says_what_is_in_its_way(tmp_path: Path, camaudit: Camaudit) -> None:
    where = tmp_path / "out"
    with alone(), running(annexe()):
        ran = camaudit("demo", "--dir", where, code=1)
    assert "perhaps another demo or lab: end that, or wait for it" in ran.err
    assert not where.exists()
