"""What the commands about scans show: nothing that a device says steers the screen."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from camaudit.model.observation import Seen
from camaudit.model.scan import Heard
from camaudit.sources.scan.journal import EndLine, ScanLine, VisitedLine, Writer
from tests.cases.command import Camaudit

AT = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
STEERING = "\x1b[2J[bold]x[/bold]\u202eevil"


def journal(path: Path, at: datetime, title: str, address: str = "192.0.2.1") -> Path:
    """Write the journal of a scan of two addresses, of which one answered."""
    opening = ScanLine(
        v=1, run=f"{at:%Y%m%dT%H%M%SZ}-HQ", started=at, site="HQ", permission="p", right="owner",
        profile="polite", ceiling="polite", limits={}, ports=[80], searches=[],
        dialogues=["http.root"], withheld=["sadp.inquiry"], targets="192.0.2.1-192.0.2.2",
        left_out=[("192.0.2.9", "excluded at this site")], vantages=[], collector="x",
    )  # fmt: skip
    with path.open("wb") as stream:
        writer = Writer(stream)
        writer.put(opening)
        seen = (
            Seen("ip", "address", address.encode()),
            Seen("mac", "address", b"00:40:8c:00:00:01"),
            Seen("http", "title", title.encode()),
        )
        writer.heard(
            Heard(subject=f"host:{address}", address=address, probe="http.root", port=80,
                  seen=seen, at=at)
        )  # fmt: skip
        other = "192.0.2.2" if address == "192.0.2.1" else "192.0.2.1"
        writer.put(VisitedLine(a=address, r=[("answered", "", [("http.root", 80)])]))
        writer.put(VisitedLine(a=other, r=[("stopped", STEERING, [("http.root", 80)])]))
        writer.fault(STEERING)
        writer.put(EndLine(at=at + timedelta(minutes=1), how="complete", packets=3, undecoded=0))
    return path


@pytest.fixture
def scanned(camaudit: Camaudit, tmp_path: Path) -> Camaudit:
    camaudit("init")
    camaudit("site", "add", "HQ", "Head office", "--network", "192.0.2.0/24")
    camaudit("import", journal(tmp_path / "one.jsonl", AT, "Camera one"), "--site", "HQ")
    return camaudit


def steers(text: str) -> bool:
    return any(mark in text for mark in ("\x1b[2J", "\u202e"))


def test_coverage_is_told_with_reasons_and_steers_nothing(scanned: Camaudit) -> None:
    ran = scanned("scan", "coverage")
    assert not steers(ran.out + ran.err)
    assert "[bold]x[/bold]" in ran.out  # told as it is, not as a command to the screen
    assert "left out: 192.0.2.9 (excluded at this site)" in ran.out
    assert "not asked at this ceiling: sadp.inquiry" in ran.out
    assert "a fault of camaudit's own" in ran.err
    (line,) = scanned("scan", "coverage", "--json").out.splitlines()
    assert json.loads(line)["subnets"] == [
        {
            "subnet": "192.0.2.0/24",
            "answered": 1,
            "present": 0,
            "stopped": 1,
            "filtered": 0,
            "silent": 0,
            "skipped": 0,
        }
    ]


def test_a_difference_that_a_device_words_steers_nothing(scanned: Camaudit, tmp_path: Path) -> None:
    later = journal(tmp_path / "two.jsonl", AT + timedelta(days=7), STEERING, "192.0.2.2")
    scanned("import", later, "--site", "HQ")
    ran = scanned("scan", "diff")
    assert not steers(ran.out)
    assert "moved" in ran.out
    assert "changed" in ran.out
    found = [json.loads(line) for line in scanned("scan", "diff", "--json").out.splitlines()]
    assert [each["change"] for each in found] == ["moved", "changed"]
    assert found[0]["says"] == ["was at 192.0.2.1"]
    alike = scanned("scan", "diff", "20261125T210000Z-HQ", "20261125T210000Z-HQ")
    assert "0 differences; 1 devices seen alike" in alike.out


def test_scans_are_listed_and_named(scanned: Camaudit) -> None:
    assert "20261125T210000Z" in scanned("scan", "list").out
    assert "no scan is called" in scanned("scan", "diff", "x", code=2).err
    assert "only one scan" in scanned("scan", "diff", code=2).err
    assert "no such scan" in scanned("scan", "coverage", "x", code=2).err
