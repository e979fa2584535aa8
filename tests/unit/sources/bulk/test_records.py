"""JSON records however they are laid out, and what is said of damaged ones."""

from __future__ import annotations

import io
import json

import pytest

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.bulk import json_records
from camaudit.sources.bulk.records import MAX_RECORD_BYTES

RECORDS = [{"a": {"b": 'a "{" in text, and }'}, "n": n} for n in range(5)]


def read(data: bytes) -> tuple[list[object], list[Problem]]:
    items = list(json_records(io.BytesIO(data)))
    found = [json.loads(each.data) for each in items if not isinstance(each, Problem)]
    return found, [each for each in items if isinstance(each, Problem)]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, RECORDS)),
        "\r\n".join(map(json.dumps, RECORDS)) + "\r\n\r\n",
        "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]\n",
        "[\n" + "\n,\n".join(map(json.dumps, RECORDS)) + ",\n]\n",
        "[" + ",\n".join(map(json.dumps, RECORDS)) + "]",
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        "\n".join(json.dumps(each, indent=2) for each in RECORDS),
        "\ufeff" + json.dumps(RECORDS, indent="\t"),
    ],
)
def test_every_layout_gives_the_same_records(text: str) -> None:
    assert read(text.encode()) == (RECORDS, [])


def test_records_know_their_line() -> None:
    lines = json.dumps(RECORDS, indent=1)
    starts = [n for n, line in enumerate(lines.split("\n"), 1) if line == " {"]
    found = list(json_records(io.BytesIO(lines.encode())))
    assert [each.line for each in found if not isinstance(each, Problem)] == starts


def test_records_longer_than_a_chunk_are_whole() -> None:
    long = [{"text": "x{" * 700_000, "n": n} for n in range(4)]
    assert read(json.dumps(long).encode())[0] == long
    assert read("\n".join(map(json.dumps, long)).encode())[0] == long


def test_a_record_without_end_is_left_out_and_the_rest_is_read() -> None:
    long = b'{"a": "' + b"x" * (MAX_RECORD_BYTES + 1) + b'"}\n'
    found, problems = read(b'{"n": 1}\n' + long + b'{"n": 2}\n')
    assert found == [{"n": 1}, {"n": 2}]
    assert [each.position for each in problems] == ["line 2"]


def test_an_array_without_end_is_not_gathered() -> None:
    found, problems = read(b'[{"n": 1},\n{"a": "' + b"x" * (MAX_RECORD_BYTES + (2 << 20)))
    assert found == [{"n": 1}]
    assert [each.position for each in problems] == ["line 2"]


@pytest.mark.parametrize(
    ("text", "place"), [('[{"n": 1}, {"a": "b', "line 1"), ('[ {\n"n": 1}, }', "line 2")]
)
def test_where_an_array_breaks_is_told(text: str, place: str) -> None:
    found, problems = read(text.encode())
    assert found == [{"n": 1}]
    assert [each.position for each in problems] == [place]


def test_a_text_that_runs_over_its_line_stops_an_array() -> None:
    found, problems = read(b'[{"n": 1},\n {"a": "b\n"}]')
    assert found == [{"n": 1}]
    assert "does not end" in problems[0].message


@pytest.mark.parametrize("data", [b"", b" \n", b"<xml/>", "{}".encode("utf-16")])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        read(data)
