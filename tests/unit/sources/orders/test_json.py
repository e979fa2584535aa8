"""Orders that are JSON (RFC 8259): arrays, objects with lines, JSON Lines."""

from __future__ import annotations

import json

import pytest

from camaudit.errors import SourceError
from camaudit.sources.tables.remarks import MAX_SINGLE
from tests.unit.sources.orders.reading import lines_of, read

LINE = {"line": "A7", "description": "dome camera", "brand": "Bosch", "qty": 2}


@pytest.mark.parametrize(
    "data",
    [
        json.dumps([LINE]),
        json.dumps([LINE], indent=2),
        json.dumps({"lines": [LINE]}),
        json.dumps({"orderLines": [LINE]}, indent=2),
        json.dumps(LINE) + "\n",
        "\ufeff" + json.dumps([LINE]),
    ],
)
def test_the_ways_to_write_lines(data: str) -> None:
    (line,) = lines_of(data)
    assert (line.line, line.position, line.description) == ("A7", "entry 1", "dome camera")
    assert (line.brand, line.quantity) == ("Bosch", "2")


def test_json_lines_one_of_them_damaged() -> None:
    lines, problems = read('{"description":"a"}\n{"description":\n{"description":"c"}\n')
    assert [(each.description, each.line) for each in lines] == [("a", "entry 1"), ("c", "entry 3")]
    (told,) = [each for each in problems if each.rejected]
    assert told.position == "entry 2, line 2"


@pytest.mark.parametrize(
    ("value", "echoed"),
    [("1", "1"), ("1.10", "1.10"), ("12345678901234567890123", "12345678901234567890123"),
     ('"001"', "001"), ("null", "entry 1"), ('""', "entry 1"), ('"\\u00e9"', "é")],
)  # fmt: skip
def test_a_line_is_echoed_as_it_is_written(value: str, echoed: str) -> None:
    (line,) = lines_of(f'[{{"line": {value}, "description": "dome"}}]')
    assert line.line == echoed


def test_what_is_said_for_all_lines_and_what_a_line_says_itself() -> None:
    order = {
        "supplier": {"name": "Acme"},
        "site": "HQ",
        "lines": [{"description": "a"}, {"description": "b", "site": "Depot"}],
    }
    lines = lines_of(json.dumps(order))
    assert [(each.supplier, each.site) for each in lines] == [("Acme", "HQ"), ("Acme", "Depot")]


def test_members_that_are_no_text() -> None:
    lines, problems = read('[{"description": ["a", "b"], "price": {"net": 1}, "model": [[1]]}]')
    assert (lines[0].description, lines[0].model) == ("a; b", None)
    assert {(each.field, each.message) for each in problems} == {
        ("price", "not used"),
        ("model", "not used"),
    }


def test_a_text_that_is_not_utf_8_costs_its_line_only() -> None:
    lines, problems = read(b'[{"description": "\xff"}, {"description": "b"}]')
    assert [each.description for each in lines] == ["b"]
    assert any(each.rejected and each.position.startswith("entry 1") for each in problems)


@pytest.mark.parametrize("data", ['["dome"]', "[]", '{"lines": []}', '{"lines": [1]}'])
def test_no_line_is_said_to_be_none(data: str) -> None:
    lines, problems = read(data)
    assert lines == []
    assert any(each.rejected for each in problems)


def test_entries_that_are_refused_are_named_up_to_a_number_and_then_counted() -> None:
    lines, problems = read('{"lines": [' + "1," * (MAX_SINGLE + 5) + '{"description": "dome"}]}')
    assert [each.line for each in lines] == [f"entry {MAX_SINGLE + 6}"]
    assert len(problems) == MAX_SINGLE + 1
    assert "5 more" in problems[-1].message


def test_cut_off() -> None:
    lines, problems = read('[{"description": "a"}, {"descript')
    assert [each.description for each in lines] == ["a"]
    assert any("cut off" in each.message for each in problems)


@pytest.mark.parametrize("nested", ["[", '{"lines":'])
def test_deep_nesting(nested: str) -> None:
    lines, problems = read('{"lines": [{"description": ' + nested * 200_000)
    assert lines == []
    assert any(each.rejected for each in problems)


def test_a_record_without_an_end() -> None:
    data = b'[{"description": "' + b"x" * (20 << 20)
    lines, problems = read(data)
    assert lines == []
    assert any("longer than" in each.message for each in problems)


def test_secrets_are_taken_out() -> None:
    assert "hunter2" not in repr(read('[{"description": "dome, pw: hunter2"}]'))


def test_utf_16_is_sent_back() -> None:
    with pytest.raises(SourceError, match="UTF-8"):
        read('[{"description": "dome"}]'.encode("utf-16"))
