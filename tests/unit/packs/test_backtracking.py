"""camaudit.packs.backtracking: repetitions that a hostile value can keep busy for ever."""

from __future__ import annotations

import pytest

from camaudit.packs.backtracking import has_ambiguous_loop, other_dialect
from tests.small_packs import files, words


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+b",
        r"(a*)*b",
        r"(?:a+?)+b",
        r"(a|aa)+$",
        r"(\w+\s?)*$",
        r"(.*,)*x",
        r"(?:x*y?)*z",
        r"(a{1,30}){20,}b",
        r"(?:a{3}|a{5})*b",
        r"x(y(?:[^,]+,?)*z)?",
        r"(?:\W+.?)*a",
        r"([\s\w]+,?)*;",
    ],
)
def test_a_loop_that_can_divide_a_run_in_two_ways_is_found(pattern: str) -> None:
    assert has_ambiguous_loop(pattern.encode())


@pytest.mark.parametrize(
    "pattern",
    [
        r"^abc$",
        r"[a-z]+\d+",
        r"(?:ab+)*",
        r"(?:[a-z]+ )*x",
        r"(?:\d+\.)*\d+",
        r"(?:\d{1,3}\.){3}\d{1,3}",
        r"(?:[ ,.]*[ ,.](?:tech|ind)\.?)*\s*$",
        r"(?:a|b|c)*d",
        r"(a{1,3}){2,3}b",  # too few turns to matter
        r"(?:\d|[^\d])*",
        r"(?:a|[ab])*$",  # `re` itself makes one set of these
        r"^(?:(?:abc)?def)+\b",
    ],
)
def test_a_loop_with_one_way_through_is_not(pattern: str) -> None:
    assert not has_ambiguous_loop(pattern.encode())


def test_every_shipped_pattern_was_asked() -> None:
    """The loader asks; this says that there was something to ask."""
    from camaudit.packs.load import maker_files

    asked = sum(len(file.signatures) for file in maker_files(files(), words()))
    assert asked > 500


@pytest.mark.parametrize(
    "pattern",
    [r"\Aab", "(?-m:^ab)", "ab(?i-s:c)", "ab{,3}c", "x[[:digit:]]", r"^\d*\B", "a*", "a|b?"],
)
def test_a_pattern_that_is_read_in_two_ways_is_told(pattern: str) -> None:
    assert other_dialect(pattern)


@pytest.mark.parametrize("pattern", [r"(?i)^ab", "(?:a|b)c", "a{0,3}b", r"[\[:]x", r"x$|^yy"])
def test_a_pattern_that_all_read_alike_is_left_alone(pattern: str) -> None:
    assert other_dialect(pattern) == ""
