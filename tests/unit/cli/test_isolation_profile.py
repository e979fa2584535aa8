"""``camaudit isolation profile``: expected flows from a capture, and departures in a later one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from tests.cases.command import Camaudit
from tests.unit.cli.test_isolation import CAMERA, capture, talk

TODAY = date(2026, 11, 25)
ZONES = ("--core", "10.0.0.0/8", "--zone", "cctv=192.0.2.0/24")


def test_a_profile_fits_what_it_was_made_of_and_shows_what_is_new(
    camaudit: Camaudit, tmp_path: Path
) -> None:
    first = capture(tmp_path / "1.pcap", *talk("10.1.2.3"))
    second = capture(tmp_path / "2.pcap", *talk("10.1.2.3"), *talk("198.51.100.9", 443))
    place = tmp_path / "cam.json"
    derive = ("isolation", "profile", "derive", first, *ZONES, "--device", CAMERA)
    camaudit(*derive, "--url", "https://mud.example.org/cam", "-o", place, on=TODAY)
    # RFC 8520 section 3: the container and its members
    written = json.loads(place.read_text())
    assert written["ietf-mud:mud"]["mud-url"] == "https://mud.example.org/cam"
    assert written["ietf-mud:mud"]["mud-version"] == 1
    check = ("isolation", "profile", "check", place)
    assert "no departure" in camaudit(*check, first, *ZONES, on=TODAY).out
    lines = camaudit(*check, second, *ZONES, "--json", on=TODAY, code=3).out.splitlines()
    (drift,) = map(json.loads, lines)
    assert (drift["drift"], drift["peer"], drift["port"]) == (
        "new_destination",
        "198.51.100.9",
        443,
    )


def test_the_outside_can_be_left_out_of_what_is_expected(
    camaudit: Camaudit, tmp_path: Path
) -> None:
    seen = capture(tmp_path / "1.pcap", *talk("10.1.2.3"), *talk("198.51.100.9", 443))
    place = tmp_path / "cam.json"
    derive = ("isolation", "profile", "derive", seen, *ZONES, "--without-outward")
    camaudit(*derive, "--url", "https://mud.example.org/cam", "-o", place, on=TODAY)
    ran = camaudit("isolation", "profile", "check", place, seen, *ZONES, on=TODAY, code=3)
    assert "198.51.100.9" in ran.out


def test_what_is_no_mud_file_is_refused_with_its_name(camaudit: Camaudit, tmp_path: Path) -> None:
    place = tmp_path / "cam.json"
    place.write_text("{}")
    seen = capture(tmp_path / "1.pcap", *talk("10.1.2.3"))
    ran = camaudit("isolation", "profile", "check", place, seen, on=TODAY, code=1)
    assert "cam.json" in ran.err
