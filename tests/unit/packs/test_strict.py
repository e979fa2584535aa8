"""camaudit.packs.strict: YAML in which a typing slip cannot become a fact."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from camaudit.errors import PackError
from camaudit.packs.strict import MAX_DEPTH, MAX_PACK_BYTES, parse, validate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12:30", "12:30"),
        ("0x1f", "0x1f"),
        ("007", "007"),
        ("1_000", "1_000"),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
        ("2022-11-24", date(2022, 11, 24)),
        ("'2022-11-24'", "2022-11-24"),
        ('"12"', "12"),
        ("|\n  no\n", "no\n"),
        (">\n  12\n", "12\n"),
        ("[1, {b: no}]", [1, {"b": "no"}]),
    ],
)
def test_a_scalar_is_what_it_looks_like(text: str, value: Any) -> None:
    found = parse(f"a: {text}".encode(), "x.yaml").data["a"]
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3", 3, "a: the key stands twice"),
        ("a:\n  - b: 1\n    b: 2", 3, "a[0].b: the key stands twice"),
        ("a: &x 1", 1, "anchors and aliases are not allowed"),
        ("a: 1\nb: *x", 2, "anchors and aliases"),
        ("a: !!str 1", 1, "tag tag:yaml.org,2002:str is not allowed"),
        ("a: ! 1", 1, "tag ! is not allowed"),
        ("a: !!python/object:os.system x", 1, "is not allowed"),
        ("x: 1\n<<: {a: 1}", 2, "merge keys are not allowed"),
        ("? [a]\n: 1", 1, "a key must be text"),
        ("a: 1\n---\nb: 1", 2, "document"),
        ("a: [1", 2, ""),
        ("a: 2021-02-30", 1, "a: day is out of range"),
        ("a: b: c", 1, "mapping values are not allowed"),
        ("a: 1\n" + "b: " + "[" * 100_000, 2, f"nested more than {MAX_DEPTH} deep"),
    ],
)
def test_what_is_ambiguous_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(PackError) as error:
        parse(text.encode(), "x.yaml")
    assert (error.value.file, error.value.line) == ("x.yaml", line)
    assert str(error.value).startswith(f"x.yaml:{line}: ")
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"# nothing\n", "the file is empty"),
        (b"a: \xff", "not UTF-8 at byte 3"),
        (b"a: \x00", "not YAML"),
        (b"a" * (MAX_PACK_BYTES + 1), f"larger than {MAX_PACK_BYTES} bytes"),
    ],
)
def test_what_is_no_pack_file_at_all(content: bytes, says: str) -> None:
    with pytest.raises(PackError, match=says) as error:
        parse(content, "x.yaml")
    assert str(error.value).startswith("x.yaml: ")


def test_the_deepest_nesting_that_is_allowed() -> None:
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "x.yaml").data
    with pytest.raises(PackError, match="deep"):
        parse(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "x.yaml")


@given(st.binary(max_size=60))
def test_any_bytes_are_parsed_or_refused(content: bytes) -> None:
    with contextlib.suppress(PackError):
        parse(content, "x.yaml")


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    size: int


class _Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    inner: list[_Inner | str] = []


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("name: 1", 1, "name"),
        ("name: a\nnmae: b", 2, "nmae"),
        ("inner: []", 1, "name"),
        ("name: a\ninner:\n  - size: 1\n  - size: no", 4, "inner[1].size"),
        ("name: a\ninner:\n  - sise: 1", 3, "inner[0].sise"),
        ("name: a\ninner: x", 2, "inner"),
        ("- a", 1, ""),
    ],
)
def test_a_wrong_shape_is_refused_with_line_and_field(text: str, line: int, field: str) -> None:
    with pytest.raises(PackError) as error:
        validate(parse(text.encode(), "x.yaml"), _Outer)
    assert error.value.line == line
    assert error.value.field == field


def test_several_faults_are_counted() -> None:
    with pytest.raises(PackError, match=r"\(and 1 more\)"):
        validate(parse(b"a: 1\nname: 2", "x.yaml"), _Outer)


def test_a_part_of_a_document_is_checked_with_its_own_lines() -> None:
    document = parse(b"one: 1\npart:\n  name: a\n  more: b\n", "x.yaml")
    with pytest.raises(PackError) as error:
        validate(document, _Outer, ("part",))
    assert (error.value.line, error.value.field) == (4, "part.more")
    assert validate(parse(b"part: {name: a}", "x.yaml"), _Outer, ("part",)).name == "a"


def test_a_place_that_is_not_in_the_file_has_the_line_around_it() -> None:
    document = parse(b"a:\n  b: 1\n", "x.yaml")
    assert document.line_of(("a", "b")) == 2
    assert document.line_of(("a", "c", 0)) == 1
    assert document.line_of(("z",)) == 1
