"""camaudit.attribution.explain: signals in sentences."""

from __future__ import annotations

import pytest

from camaudit.attribution import explain
from camaudit.attribution.explain import MAX_QUOTE, quote
from camaudit.model.attribution import Evidence
from camaudit.model.words import Aspect
from tests.small_packs import evidence, maker, packs, signature, words


def test_a_signal_says_what_it_proves_of_whom_and_what_was_seen_where() -> None:
    about = packs([maker("alpha")], [signature("s", "alpha", Aspect.BADGE, weight="weak")])
    [line] = explain([evidence(about, "s", "http.server")], about)
    assert line.aspects == (Aspect.BADGE,)
    assert (line.maker, line.weight, line.signature) == ("alpha", "weak", "s")
    assert line.text == "The value holds s."
    assert line.seen == "the web server's name is “s”"


def test_a_doubted_text_says_so() -> None:
    about = packs([maker("alpha")], [signature("s", "alpha", Aspect.BADGE)])
    doubted = Evidence(signature=0, field="http.server", value=b"no s", doubted=True)
    [line] = explain([doubted], about)
    assert line.text.startswith("The value holds s.")
    assert "another reason" in line.text
    assert line.weight == words().doubts.weight


def test_sentences_come_in_the_order_given() -> None:
    about = packs([maker("alpha")], [signature(n, "alpha", Aspect.BADGE) for n in "ab"])
    given = [evidence(about, "b"), evidence(about, "a")]
    assert [line.signature for line in explain(given, about)] == ["b", "a"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (b"plain", "“plain”"),
        (b" two \r\n lines ", "“two lines”"),
        (b"bell\x07 esc\x1b[31m", "“bell\ufffd esc\ufffd[31m”"),
        (b"\xff", "“\ufffd”"),
        (b"a" * MAX_QUOTE, f"“{'a' * MAX_QUOTE}”"),
        (b"a" * (MAX_QUOTE + 1), f"“{'a' * MAX_QUOTE}…”"),
    ],
)
def test_a_value_is_quoted_printable_and_cut(value: bytes, shown: str) -> None:
    assert quote(value) == shown
