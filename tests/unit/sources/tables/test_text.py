"""Text tables: encodings, separators, broken quotes."""

from __future__ import annotations

import io

import pytest

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.tables.lines import MAX_LINE_BYTES
from camaudit.sources.tables.separated import MAX_COLUMNS, MAX_RECORD_LINES, separated_rows

TEXT = "Straße,Größe\nA,é\n"
ROWS = [(1, ["Straße", "Größe"]), (2, ["A", "é"])]


def read(
    data: bytes, declared: str | None = None
) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    items = list(separated_rows(io.BytesIO(data), declared))
    rows = [item for item in items if not isinstance(item, Problem)]
    return rows, [item for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_an_encoding_that_shows_itself(encoding: str) -> None:
    assert read(TEXT.encode(encoding)) == (ROWS, [])


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-16-be"])
def test_an_encoding_that_is_assumed_is_told(encoding: str) -> None:
    text = TEXT + "plain,ascii\n" * 20
    rows, problems = read(text.encode(encoding))
    assert rows[:2] == ROWS
    (problem,) = problems
    assert not problem.rejected
    assert problem.position == ""


def test_a_declared_encoding_outranks_guessing() -> None:
    rows, problems = read("Łódź,x\n".encode("cp1250"), "cp1250")
    assert (rows, problems) == ([(1, ["Łódź", "x"])], [])


@pytest.mark.parametrize("name", ["no-such-encoding", "base64", "\0"])
def test_an_unknown_encoding(name: str) -> None:
    with pytest.raises(SourceError, match="not known"):
        read(b"a,b\n", name)


def test_one_foreign_line_among_utf8() -> None:
    data = "ä,1\nö,2\nü,3\n".encode() + b"\xe9,4\n"
    rows, (problem,) = read(data)
    assert rows[-1] == (4, ["é", "4"])
    assert problem.position == "line 4"
    assert not problem.rejected


def test_a_late_umlaut_is_not_missed() -> None:
    data = b"plain,ascii\n" * 20_000 + "Größe,x\n".encode()
    rows, problems = read(data)
    assert rows[-1] == (20_001, ["Größe", "x"])
    assert not problems


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(SourceError, match="not a text table"):
        read(bytes(range(32)) * 8)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator(separator: str) -> None:
    data = f"a{separator}b{separator}c\n1,5{separator}x y{separator}\n"
    if separator == ",":
        data = 'a,b,c\n"1,5",x y,\n'
    assert read(data.encode())[0] == [(1, ["a", "b", "c"]), (2, ["1,5", "x y", ""])]


def test_the_separator_that_excel_writes_down() -> None:
    assert read(b"sep=;\na;b\n")[0] == [(2, ["a", "b"])]


def test_line_ends_of_all_three_sorts() -> None:
    for end in ("\n", "\r\n", "\r"):
        assert read(f"a,b{end}c,d{end}".encode())[0] == [(1, ["a", "b"]), (2, ["c", "d"])]


def test_a_cell_of_several_lines_is_one_row() -> None:
    rows, problems = read(b'a,"one\ntwo"\nb,c\n')
    assert rows == [(1, ["a", "one\ntwo"]), (2, ["b", "c"])]
    assert not problems


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    rows, problems = read(b'a,b\n1,"x\n2,y\n3,z\n')
    assert rows == [(1, ["a", "b"]), (2, ["1", "x"]), (3, ["2", "y"]), (4, ["3", "z"])]
    assert [problem.position for problem in problems] == ["row 2"]


def test_a_quote_that_another_row_closes_costs_one_row() -> None:
    rows, problems = read(b'a,b\n1,"x\n2,"y"\n3,z\n')
    assert rows == [(1, ["a", "b"]), (2, ["1", "x"]), (3, ["2", "y"]), (4, ["3", "z"])]
    assert [problem.position for problem in problems] == ["row 2"]


def test_an_endless_quote_costs_one_row() -> None:
    lines = "".join(f"{number},y\n" for number in range(MAX_RECORD_LINES * 3))
    rows, problems = read(b'a,"b\n' + lines.encode())
    assert len(rows) == 1 + MAX_RECORD_LINES * 3
    assert len(problems) == 1


def test_a_row_with_nul_bytes_is_named_and_left_out() -> None:
    rows, (problem,) = read(b"a,b\n1,x\0y\n2,z\n")
    assert rows == [(1, ["a", "b"]), (3, ["2", "z"])]
    assert (problem.position, problem.rejected) == ("row 2", True)


def test_a_line_that_is_too_long_is_named_and_left_out() -> None:
    data = b"a,b\n" + b"x" * (MAX_LINE_BYTES + 1) + b"\n2,z\n"
    rows, (problem,) = read(data)
    assert rows == [(1, ["a", "b"]), (2, []), (3, ["2", "z"])]
    assert (problem.position, problem.rejected) == ("line 2", True)


def test_a_row_that_is_too_wide_is_named_and_left_out() -> None:
    rows, (problem,) = read(b"a,b\n" + b"," * MAX_COLUMNS + b"\n2,z\n")
    assert rows == [(1, ["a", "b"]), (3, ["2", "z"])]
    assert (problem.position, problem.rejected) == ("row 2", True)
