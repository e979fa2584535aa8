"""camaudit.reports.isolation: the page and the lines of a verification."""

from __future__ import annotations

import io
import json

from defusedxml.ElementTree import fromstring
from markupsafe import Markup
from rich.console import Console

from camaudit.model.isolation import Separation
from camaudit.reports.isolation import build, lines, on_terminal, picture, redact, wording
from tests.unit.reports.sample_isolation import HOSTILE, verification

FORBIDDEN = ("confirmed", "refuted", "denial")


def page(**changes: str) -> str:
    return b"".join(build(verification(**changes))).decode()


def told() -> str:
    console = Console(file=io.StringIO(), width=120)
    on_terminal.show(verification(), console)
    sink = console.file
    assert isinstance(sink, io.StringIO)
    return sink.getvalue()


def test_the_worst_device_comes_first() -> None:
    ordered = wording.worst_first(verification().devices)
    assert [each.isolation.answers[0] for each in ordered] == [
        Separation.CONNECTED_TO_CORE,
        Separation.CANNOT_TELL,
        Separation.ISOLATED,
    ]


def test_a_number_stands_beside_what_it_is_out_of() -> None:
    text = page()
    assert text.count("of 3 devices seen") == len(Separation)
    assert "1 more" in text  # the register's device that nobody saw
    assert "41 hosts with 977 conversations" in text


def test_a_name_can_do_nothing_in_the_page() -> None:
    text = page(name=HOSTILE)
    assert "<script" not in text
    assert "\u202e" not in text


def test_no_answer_is_given_on_what_a_maker_says() -> None:
    for text in (page(), told(), json.dumps(list(lines(verification())))):
        assert not [word for word in FORBIDDEN if word in text.casefold()]


def test_the_picture_is_well_formed_and_says_what_it_shows() -> None:
    drawn = picture.flows(wording.worst_first(verification().devices))
    assert isinstance(drawn, Markup)
    root = fromstring(str(drawn))
    told_in_words = root.find("desc")
    assert told_in_words is not None
    assert "core network" in str(told_in_words.text)
    assert "unknown address outside (attempts only)" in str(told_in_words.text)
    assert "1 on their own network only" in str(told_in_words.text)


def test_lines_have_every_device_and_end_with_the_watch() -> None:
    found = list(lines(verification()))
    assert [each["what"] for each in found] == ["device"] * 4 + ["watch"]
    assert found[0]["answers"] == ["connected_to_core", "reaches_maker_cloud"]
    assert [each["peer"] for each in found[0]["contacts"]] == ["198.51.100.3", "203.0.113.9"]
    assert found[3]["answers"] == ["cannot_tell"]
    json.dumps(found)


def test_the_terminal_tells_the_answers_and_what_was_not_looked_at() -> None:
    text = told()
    assert "connected to the core network" in text
    assert "lacks: the device was not seen to start anew" in text
    assert "not looked at: what was said in encrypted contacts" in text
    assert "OFFICIAL - PRETEND ESTATE" in text


def test_what_is_redacted_is_nowhere() -> None:
    found = redact(verification(), {"addresses", "sites", "serials"})
    text = b"".join(build(found)).decode() + json.dumps(list(lines(found)))
    for secret in (
        "192.0.2.20",
        "198.51.100.3",
        "198.51.100.0/24",
        "203.0.113",
        "44:19:b6",
        "hik-connect.com",
    ):
        assert secret not in text
    for secret in ("HQ", "CAM-1", "in the cellar", "mirror of switch 3"):
        assert secret not in text
    assert "connected_to_core" in text
    assert redact(verification(), set()) == verification()
