"""``camaudit advisories`` on four devices whose answers are known by hand."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cases.command import Camaudit

TODAY = date(2026, 11, 22)
OLD, NEW, OEM, PRINTER = "203.0.113.11", "203.0.113.12", "203.0.113.13", "203.0.113.14"

SCOPES = (
    "onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/Profile/Streaming "
    "onvif://www.onvif.org/hardware/C800 onvif://www.onvif.org/name/ANNKE%20C800 "
    "onvif://www.onvif.org/location/city/hangzhou"
)
#: (address, protocol, field, value)
SEEN = [
    (OLD, "sadp", "DeviceDescription", "DS-2CD2143G0-I"),
    (OLD, "sadp", "SoftwareVersion", "V5.5.82 build 190909"),
    (NEW, "sadp", "DeviceDescription", "DS-2CD2143G2-I"),
    (NEW, "sadp", "SoftwareVersion", "V5.7.3 build 220112"),
    (OEM, "onvif", "manufacturer", "ANNKE"),
    (OEM, "ws-discovery", "scopes", SCOPES),
    (OEM, "sadp", "SoftwareVersion", "V5.5.82 build 190909"),
    (PRINTER, "http", "server", "HP HTTP Server; HP LaserJet"),
]
WEAKNESS = "CVE-2021-36260"


@pytest.fixture
def filled(camaudit: Camaudit, tmp_path: Path) -> Camaudit:
    camaudit("init", "--marking", "TEST-MARKING", on=TODAY)
    lines = [
        {"device": address, "protocol": protocol, "field": field, "value": value}
        for address, protocol, field, value in [
            *((each, "ip", "address", each) for each in (OLD, NEW, OEM, PRINTER)),
            *SEEN,
        ]
    ]
    file = tmp_path / "signals.jsonl"
    file.write_text("".join(f"{json.dumps(each)}\n" for each in lines), encoding="utf-8")
    camaudit("import", file, "--strict", on=TODAY)
    return camaudit


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_list_counts_each_answer_and_puts_what_is_exploited_first(filled: Camaudit) -> None:
    found = rows(filled("advisories", "--json", on=TODAY).out)
    first = found[0]
    assert first["record"]["ids"] == [WEAKNESS]
    assert (first["affected"], first["cannot_tell"], first["not_affected"]) == (1, 1, 1)
    assert first["of"] == 4
    assert first["marking"] == "TEST-MARKING"
    assert first["record"]["exploited_since"] == "2022-01-10"
    assert first["record"]["catalogue_on"] == "2025-08-25"
    text = " ".join(filled("advisories", on=TODAY).out.split())
    assert "TEST-MARKING" in text
    assert WEAKNESS in text
    only = rows(filled("advisories", "--exploited", "--json", on=TODAY).out)
    assert {each["record"]["exploited"] for each in only} == {"yes"}


@pytest.mark.parametrize(
    ("device", "answer", "words"),
    [
        (OLD, "affected", "built before 2021-06-25"),
        (NEW, "not_affected", "is outside what the record lists"),
        (OEM, "cannot_tell", "the model C800 is not a name that the record's maker"),
    ],
)
def test_a_device_s_answer_comes_with_its_reason_and_source(
    filled: Camaudit, device: str, answer: str, words: str
) -> None:
    found = rows(filled("advisories", device, "--all", "--json", on=TODAY).out)
    (line,) = [each for each in found if each["record"]["ids"] == [WEAKNESS]]
    assert line["answer"] == answer
    assert words in line["reason"]
    assert line["record"]["source"].startswith("The maker's notice on CVE-2021-36260")
    assert line["base_vendor"] is (device == OEM)
    assert bool(line["settle"]) is (answer == "cannot_tell")


def test_explain_and_devices_tell_it_too(filled: Camaudit) -> None:
    text = " ".join(filled("explain", OLD, on=TODAY).out.split())
    assert "Known weaknesses, from version facts" in text
    assert f"likely affected {WEAKNESS}" in text
    assert "listed on 10 January 2022 (catalogue of 25 August 2025)" in text
    card = json.loads(filled("explain", OLD, "--json", on=TODAY).out)
    assert card["weaknesses"][0]["answer"] == "affected"
    told = {
        each["addresses"][0]: each["weaknesses"]
        for each in rows(filled("devices", "--json", on=TODAY).out)
    }
    assert told[OLD]["known_exploited"] == [WEAKNESS]
    assert WEAKNESS in told[OEM]["cannot_tell"]
    assert told[PRINTER] == {"affected": [], "cannot_tell": [], "known_exploited": []}


def test_the_reports_count_devices_out_of_those_that_may_be_cameras(
    filled: Camaudit, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    filled("report", "--format", "jsonl", "--out", out, on=TODAY)
    found = rows(out.read_text(encoding="utf-8"))
    figures = {
        each["id"]: (each["value"], each["of"]) for each in found if "figure" in each["type"]
    }
    assert figures["weak-exploited"] == (1, 3)
    assert figures["weak"] == (1, 3)
    assert figures["weak-cannot-tell"] == (2, 3)
    assert figures["weak-no-record"] == (0, 3)


def test_redaction_takes_addresses_out_of_the_list_too(filled: Camaudit) -> None:
    out = filled("advisories", OLD, "--json", "--redact", "addresses", on=TODAY).out
    assert WEAKNESS in out
    assert OLD not in out


def test_a_device_that_is_not_there_is_an_error(filled: Camaudit) -> None:
    assert "203.0.113.99" in filled("advisories", "203.0.113.99", code=2).err
