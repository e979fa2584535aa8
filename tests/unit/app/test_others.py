"""camaudit.app.others: of a capture's other devices the conclusion is told, and no words."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from camaudit.app.classifier import Classified, Classifier
from camaudit.app.classify_to import write_devices
from camaudit.app.device_lines import OtherLine, device_lines
from camaudit.app.others import Others
from camaudit.app.packset import PackSet
from camaudit.app.watching import whole
from tests.traffic import CAMERA, said

#: An Apple prefix (IEEE), so that the block of the address tells something.
PHONE = "a4:83:e7:00:00:05"
NAME = b"Annas-iPhone"
ROWS = (
    (CAMERA, "http", "title", b"WEB SERVICE"),
    (CAMERA, "mac", "address", CAMERA.encode()),
    (PHONE, "dhcp", "hostname", NAME),
    (PHONE, "mac", "address", PHONE.encode()),
    (PHONE, "mdns", "instance", NAME),
    ("d3", "dhcp", "hostname", NAME),
)


def classified(packs: PackSet, *traffic: str) -> Classified:
    """What comes of the rows, where those of some devices are traffic's."""
    others = Others(packs)
    table = said(*ROWS)
    for each in traffic:
        others.seen(whole(table.filter(_is(table, each)).to_batches()))
    found = others.without(Classifier(packs)(whole(table.to_batches())))
    assert others.count == (PHONE in traffic)
    return found


def _is(table: object, device: str) -> object:
    return [each == device for each in table.column("device").to_pylist()]  # type: ignore[attr-defined]


def test_of_a_telephone_the_block_alone_is_told(shipped: PackSet) -> None:
    camera, phone, given = device_lines(classified(shipped, CAMERA, PHONE), shipped.makers)
    full = list(device_lines(classified(shipped), shipped.makers))
    assert camera == full[0]
    assert given == full[2], "what was given as it is, is told as it is"
    assert [each.value for each in given.evidence][:1] == [NAME.decode()]
    assert (phone.device, phone.kind, phone.maker) == (PHONE, full[1].kind, full[1].maker)
    assert {each.field for each in phone.evidence} == {"mac.organisation"}
    assert isinstance(phone, OtherLine)
    assert phone.evidence_left_out == len(full[1].evidence) - len(phone.evidence) > 0
    assert (phone.model, phone.firmware_version) == (None, None)


def test_files_hold_no_more(shipped: PackSet, tmp_path: Path) -> None:
    found = classified(shipped, CAMERA, PHONE)
    write_devices([found], shipped.makers, tmp_path / "a.parquet")
    write_devices([found], shipped.makers, tmp_path / "a.jsonl")
    rows = pq.read_table(tmp_path / "a.parquet").to_pylist()
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [row["evidence"] for row in rows] == [line["evidence"] for line in lines]
    assert NAME.decode() not in str(rows[:2]) + str(lines[:2])
    assert "evidence_left_out" not in lines[0]
    assert lines[1]["evidence_left_out"] > 0
