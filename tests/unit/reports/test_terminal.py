"""The terminal report: 80 columns, marks beside colours, and nothing that steers the screen."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from camaudit.errors import CamauditError
from camaudit.reports import registry
from camaudit.reports.terminal import device_card, show

from .sample import DEVICES, empty, figure, large, sample


def printed(width: int = 80, snapshot: object = None) -> str:
    sink = io.StringIO()
    show(snapshot or sample(), Console(file=sink, width=width))  # type: ignore[arg-type]
    return sink.getvalue()


@pytest.mark.parametrize("width", [60, 80, 132])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    assert max(map(len, printed(width).splitlines())) <= width


def test_a_file_has_80_columns_and_no_colour() -> None:
    text = b"".join(registry()["terminal"].build(sample())).decode()
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


def test_it_opens_with_the_marking_and_the_answer_and_ends_with_the_marking() -> None:
    lines = [line.strip() for line in printed().splitlines() if line.strip()]
    assert lines[0] == lines[-1] == "OFFICIAL-SENSITIVE · PRETEND ESTATE"
    assert lines.index("5  sites in the register, of 5 sites in the register, at 22 November 2026")
    assert [line.split(" ─")[0] for line in lines if " ──" in line] == [
        "The answer",
        "By clause",
        "What we do not know",
        "Likely producers",
        "Known weaknesses, from version facts",
        "Devices, worst first",
    ]


def test_each_verdict_has_a_mark_besides_its_colour() -> None:
    text = printed()
    for mark in ("\u00d7 breaches", "? cannot tell", "\u2713 meets", "\u2013 not applicable"):
        assert mark in text


def test_what_is_not_shown_is_counted() -> None:
    text = printed(snapshot=large(100))
    assert "75 of 100 device records are not shown here" in " ".join(text.split())
    assert len(re.findall(r"^D-\d{8}", text, re.MULTILINE)) == 25


def test_an_empty_estate_is_not_a_clean_one() -> None:
    assert "That does not show that there is none." in printed(snapshot=empty())


def test_a_device_alone_is_shown_whole() -> None:
    sink = io.StringIO()
    Console(file=sink, width=80).print(device_card(DEVICES[0]))
    text = " ".join(sink.getvalue().split())
    for part in (
        "Likely produced by Hikvision (0.99)",
        "Badge (the label): Annke (0.96)",
        "Firmware (who wrote the software): Hikvision (0.99)",
        "The label or register says Annke.",
        "breaches (evidenced) clause a, must not: No new deployment on sensitive sites",
        "“cease deployment of such equipment”",
        "Pretend written statement, part statement (reported)",
        "not before 2024-01-15",
        "not applicable clause d, consider",
    ):
        assert part in text


def test_it_prints_nothing_where_a_number_has_no_denominator() -> None:
    sink = io.StringIO()
    bad = sample(figures=(figure("x", "sites", 1, 1, ""),))
    with pytest.raises(CamauditError, match="denominator"):
        show(bad, Console(file=sink))
    assert sink.getvalue() == ""
