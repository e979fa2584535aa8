"""Whatever an order says, what is written of it can be read and steers nothing."""

from __future__ import annotations

import json
import re
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from camaudit.model.orders import LineAnswer
from camaudit.reports import junit, letter, sarif
from camaudit.reports.terminal import order
from tests.unit.reports.sample_order import ABOUT, CANNOT_TELL, gap, item, line, verdict

#: All of Unicode, lone surrogates and controls among it, and what means something to a format.
TEXTS = st.text(
    st.one_of(st.characters(exclude_categories=()), st.sampled_from("\x1b\x00\n\r]>[({<&\"'\\`_*")),
    max_size=60,
)
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def answer(*texts: str) -> LineAnswer:
    description, brand, supplier, position, said = texts
    asked = verdict(CANNOT_TELL, said, title=said, gaps=(gap(said),))
    return line(
        1,
        description,
        item(description, asked, brand=brand, maker="axis", share=0.9),
        line=position,
        position=position,
        supplier=supplier,
        quantity=position,
        verdicts={"pretend-ban": CANNOT_TELL},
        reasons=(said,),
        ask_supplier=(said, "Which model is it?"),
    )


ANSWERS = st.builds(answer, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)


@given(ANSWERS)
def test_junit_is_well_formed_and_keeps_the_line(found: LineAnswer) -> None:
    root: Element = fromstring(b"".join(junit.build((found,), ABOUT)))
    assert [case[0].tag for case in root.iter("testcase")] == ["error"]


@given(ANSWERS)
def test_sarif_is_json_with_one_open_result_and_nothing_that_steers(found: LineAnswer) -> None:
    content = b"".join(sarif.build((found,), ABOUT)).decode("utf-8")
    (run,) = json.loads(content)["runs"]
    (result,) = run["results"]
    assert result["kind"] == "open"
    assert not STEERING.search(json.dumps(run, ensure_ascii=False).replace("\\n", " "))
    assert "](" not in result["message"]["text"]


@given(ANSWERS)
def test_the_terminal_keeps_its_width_and_its_cursor(found: LineAnswer) -> None:
    text = b"".join(order.build((found,), ABOUT)).decode("utf-8")
    assert not STEERING.search(text)
    assert max(map(cell_len, text.split("\n"))) <= 80


@given(ANSWERS)
def test_a_letter_keeps_text_from_outside_in_literal_blocks(found: LineAnswer) -> None:
    (written,) = letter.letters((found,))
    assert not STEERING.search(written.text)
    blocks = [each for each in written.text.split("\n") if each.startswith("    ")]
    assert len(blocks) == 2  # the supplier, and the line
    assert "Which model is it?" in written.text
