"""Letters to suppliers: they ask for facts, and name neither producer, brand nor country."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

import camaudit.data
from camaudit.model.orders import LineAnswer
from camaudit.reports.letter import Letter, letters
from camaudit.reports.letter.countries import COUNTRIES
from camaudit.reports.letter.neutral import Names

from .sample_order import BREACHING, HOSTILE, MEETING, OPEN, ORDER, OUTSIDE, hostile, long

MAKERS = Path(camaudit.data.__file__).parent / "makers"


@cache
def maker_names() -> tuple[str, ...]:
    """Return the names of every maker and brand that ships, as they are written in the packs."""
    found: set[str] = set()
    for file in MAKERS.glob("*.yaml"):
        pack = yaml.safe_load(file.read_text(encoding="utf-8"))
        rows = pack.get("brands", [pack]) if isinstance(pack, dict) else pack
        for row in rows:
            names = row.get("names") or row.get("name") or [] if isinstance(row, dict) else []
            found |= {names} if isinstance(names, str) else set(map(str, names))
    return tuple(sorted(found))


def written(*answers: LineAnswer, names: tuple[str, ...] = ()) -> list[Letter]:
    return list(letters(answers, names))


def sentences(letter: Letter) -> str:
    """Return what the letter says itself: all but the literal blocks, which others wrote."""
    return "\n".join(line for line in letter.text.splitlines() if not line.startswith("    "))


def blocks(letter: Letter) -> list[str]:
    return [line[4:] for line in letter.text.splitlines() if line.startswith("    ")]


def asking(*questions: str, answer: LineAnswer = OPEN) -> LineAnswer:
    return replace(answer, ask_supplier=questions)


def test_the_names_of_the_packs_are_read() -> None:
    assert {"Hikvision", "Dahua", "Axis"} <= set(maker_names())
    assert len(maker_names()) > 300


def test_no_maker_brand_or_country_stands_in_what_a_letter_says() -> None:
    found = written(*ORDER, names=maker_names())
    assert found
    for letter in found:
        text = sentences(letter)
        folded = text.casefold()
        for name in (*maker_names(), *COUNTRIES):
            if len(name) > 3:
                assert not re.search(rf"\b{re.escape(name.casefold())}\b", folded), name
            else:
                assert not re.search(rf"\b{re.escape(name)}\b", text), name


def test_names_stand_only_where_the_line_was_ordered_so() -> None:
    line = replace(OPEN.line, description="Hikvision DS-7608 or equal", brand="Hikvision")
    (letter,) = written(replace(OPEN, line=line), names=maker_names())
    assert "Hikvision DS-7608 or equal" in blocks(letter)
    assert "hikvision" not in sentences(letter).casefold()


def test_who_is_likely_behind_an_item_is_not_told() -> None:
    (letter,) = written(BREACHING)
    assert "ikvision" not in letter.text
    assert "ikely" not in letter.text
    assert "breach" not in letter.text


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Is the recorder made by Hikvision?", "Hikvision"),
        ("Is it a HIKVISION product?", "HIKVISION"),
        ("Does cp-plus supply the firmware?", "cp-plus"),
        ("Was it made in China?", "China"),
        ("Is it a Chinese product?", "Chinese"),
        ("Does it come from the United States?", "United States"),
        ("Is it from the US?", "US"),
        ("Please exclude such products.", "exclude"),
        ("Can you offer something other than this?", "other than"),
        ("Is it non-Chinese?", "Chinese"),
        ("Please do not supply it.", "do not supply"),
    ],
)
def test_a_question_that_names_somebody_is_left_out_and_reported(question: str, name: str) -> None:
    neutral = "Which model is it?"
    (letter,) = written(asking(question, neutral), names=("Hikvision", "CP Plus"))
    assert question not in letter.text
    assert neutral in letter.text
    assert letter.left_out == ((question, name),)


def test_names_of_the_answers_themselves_count_without_a_list() -> None:
    (letter,) = written(asking("Does Hikvision make it?", answer=BREACHING))
    assert letter.left_out == (("Does Hikvision make it?", "Hikvision"),)


@pytest.mark.parametrize(
    "question",
    [
        "Can you tell us which model it is?",  # "us" is no country
        "Who produced the camera modules?",
        "In which country are recordings stored?",
        "Is the unit hikvisionary?",
    ],
)
def test_a_question_for_facts_is_asked(question: str) -> None:
    (letter,) = written(asking(question), names=("Hikvision",))
    assert letter.left_out == ()
    assert question in " ".join(letter.text.split())


def test_a_letter_asks_for_facts_and_functions() -> None:
    text = " ".join(written(OPEN)[0].text.split())
    for what in (
        "model number and the part number",
        "Who develops the firmware or software, who supports and updates it",
        "Which system on chip",
        "modules",
        "Which services and hosts an item contacts",
        "Where recordings, accounts and other data are stored, and from where they are admin",
        "statements, certificates and test reports",
    ):
        assert what in text


def test_a_letter_has_places_for_date_and_reference_and_lists_the_lines() -> None:
    (letter,) = written(BREACHING, OPEN)
    assert re.search(r"^Date: _{10,}$", letter.text, re.MULTILINE)
    assert re.search(r"^Our reference: _{10,}$", letter.text, re.MULTILINE)
    assert "Line 1, quantity 4:\n\n    DS-2CD2143G2 dome camera\n" in letter.text
    assert "Line 2:\n\n    8 channel recorder kit\n" in letter.text
    assert letter.lines == ("1", "2")


def test_a_question_to_several_lines_is_asked_once() -> None:
    (letter,) = written(BREACHING, OPEN)
    assert letter.text.count("Which build of the firmware is delivered?") == 1
    assert "Which build of the firmware is delivered? (lines 1 and 2)" in letter.text
    assert "Which model is the recorder of this kit? (line 2)" in letter.text


def test_each_supplier_has_a_letter_and_sees_its_own_lines_only() -> None:
    other = replace(
        asking("Which model is it?", answer=MEETING),
        line=replace(MEETING.line, supplier="Other Trading"),
    )
    shouted = replace(OPEN, line=replace(OPEN.line, supplier="BRIGHTLENS  supplies"))
    first, second = written(BREACHING, other, shouted)
    assert (first.supplier, first.lines) == ("Brightlens Supplies", ("1", "2"))
    assert (second.supplier, second.lines) == ("Other Trading", ("3",))
    assert "P3245" not in first.text
    assert "Brightlens" not in second.text
    assert "DS-2CD" not in second.text


def test_a_line_without_a_question_has_no_letter() -> None:
    assert written(MEETING, OUTSIDE) == []


def test_a_letter_without_a_supplier_has_a_place_for_one() -> None:
    (letter,) = written(asking("Which model is it?", answer=OUTSIDE))
    assert letter.supplier is None
    assert re.search(r"^To:\n\n    _{10,}$", letter.text, re.MULTILINE)


def test_site_body_purpose_and_statements_are_not_told() -> None:
    secret = replace(
        OPEN.line, site="Vault", body="Ministry", purpose="guarding", attestation="We promise."
    )
    (letter,) = written(replace(OPEN, line=secret))
    for word in ("Vault", "Ministry", "guarding", "promise"):
        assert word not in letter.text


def test_hostile_text_is_literal_and_on_one_line() -> None:
    (letter,) = written(hostile())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", letter.text)
    said = sentences(letter)
    assert not re.search(r"(?<!\\)<script", said)
    assert not re.search(r"(?<!\\)\[x", said)
    assert HOSTILE.count("\n") == 1
    assert any(block.endswith("[bold red]x[/]") for block in blocks(letter))


def test_long_text_is_cut() -> None:
    (letter,) = written(long())
    assert len(letter.text) < 10_000
    assert "more characters" in letter.text


def test_a_letter_reads_as_plain_text() -> None:
    for letter in written(*ORDER):
        assert max(map(len, sentences(letter).splitlines())) <= 80


def test_every_country_is_found_by_its_own_name() -> None:
    names = Names(())
    for country in COUNTRIES:
        assert names.found_in(f"Is it from {country}?") is not None, country
    assert len(COUNTRIES) > 250
