"""An order on the terminal: 80 columns, a row a line, and nothing that steers the screen."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from camaudit.errors import CamauditError
from camaudit.model.orders import LineAnswer
from camaudit.reports.orders import OrderAbout
from camaudit.reports.terminal import order

from .sample_order import ABOUT, BREACHES, BREACHING, MEETS, OPEN, ORDER, hostile, item, line, long
from .sample_order import verdict as made


def text(answers: Sequence[LineAnswer] = ORDER, about: OrderAbout = ABOUT) -> str:
    return b"".join(order.build(answers, about)).decode()


def flat(answers: Sequence[LineAnswer] = ORDER, about: OrderAbout = ABOUT) -> str:
    return " ".join(text(answers, about).split())


@pytest.mark.parametrize("width", [60, 80, 132])
@pytest.mark.parametrize(
    "answers", [ORDER, (hostile(),), (long(),)], ids=["order", "hostile", "long"]
)
def test_no_line_is_wider_than_the_screen(width: int, answers: tuple[LineAnswer, ...]) -> None:
    sink = io.StringIO()
    order.show(answers, ABOUT, Console(file=sink, width=width))
    assert max(map(cell_len, sink.getvalue().splitlines())) <= width


def test_a_row_holds_the_line_its_items_makers_and_verdicts() -> None:
    sink = io.StringIO()
    order.show((BREACHING,), ABOUT, Console(file=sink, width=160))
    rows = sink.getvalue().splitlines()
    (at,) = (number for number, row in enumerate(rows) if row.startswith("1   "))
    assert "DS-2CD2143G2 dome camera, quantity 4" in rows[at]
    assert "\u00d7 breaches (declared) pretend-ban" in rows[at]
    assert "Hikvision DS-2CD2143G2: likely Hikvision (0.97)" in rows[at + 1]


def test_reasons_and_questions_stand_below_the_row() -> None:
    found = flat((OPEN,))
    row = found.index("8 channel recorder kit")
    why = found.index("why: The line names no model.")
    ask = found.index("ask the supplier: Which model is the recorder of this kit?")
    assert row < why < ask


def test_each_verdict_has_a_mark_besides_its_colour() -> None:
    found = flat()
    for mark in (
        "\u00d7 breaches",
        "? cannot tell",
        "\u2713 meets (presumed)",
        "\u2013 not applicable",
    ):
        assert mark in found
    assert "not examined: components, firmware origin" in found


def test_counts_have_their_denominator() -> None:
    assert (
        "A pretend ban: \u00d7 breaches 1; ? cannot tell 1; \u2713 meets 1; "
        "\u2013 not applicable 1, of 4 lines"
    ) in flat()


def test_lines_keep_the_order_of_the_file() -> None:
    rows = [row.split()[0] for row in text().splitlines() if re.match(r"\d {3}", row)]
    assert rows == ["1", "2", "3", "4"]


def test_a_maker_that_is_not_known_is_not_guessed() -> None:
    assert "recorder: maker not known" in flat((OPEN,))


def test_hostile_text_does_not_steer_the_screen_nor_form_markup() -> None:
    found = text((hostile(),))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", found)
    assert "[bold" in found  # shown, not obeyed


def test_long_text_is_cut_and_counted() -> None:
    found = text((long(),))
    assert len(found) < 60_000
    assert "more characters" in found
    assert "why: and 33 more" in flat((long(),))  # 40 reasons and a count, of which 8 are shown


def test_an_order_without_lines_or_policies_is_not_a_clean_one() -> None:
    assert "That does not show that nothing is wrong." in flat(())
    assert "nothing can be told" in flat((line(1, "x", verdicts={}),))


def test_redaction_is_told() -> None:
    about = replace(ABOUT, redacted=("people", "sites"))
    assert "Redacted: people and organisations named in records and names of sites" in flat(
        about=about
    )
    assert "Redacted" not in flat()


def test_nothing_is_printed_where_an_answer_has_no_ground() -> None:
    sink = io.StringIO()
    bad = line(1, "x", item("x", made(MEETS, "x", basis=None)), verdicts={"pretend-ban": BREACHES})
    with pytest.raises(CamauditError, match="what it rests on"):
        order.show((bad,), ABOUT, Console(file=sink))
    assert sink.getvalue() == ""
