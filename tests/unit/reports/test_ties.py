"""The picture of ties: nothing overlaps, every tie is drawn, and no name can break out of it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from camaudit.reports import registry
from camaudit.reports.html.layout import (
    MOST_LABELS,
    TIE_LETTER,
    Arrow,
    Box,
    Drawing,
    drawings,
    wrapped,
)
from camaudit.reports.html.ties import on_record, pictures

from .sample import TIES, empty, sample, tied

NAMES = {name: f"The {name} company" for name in "abcdefghijkl"}
ARROWS = st.lists(
    st.tuples(st.sampled_from(sorted(NAMES)), st.sampled_from(sorted(NAMES)))
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Arrow(pair[0], pair[1], f"made by {pair[1]}, firm, since May 2019")),
    max_size=24,
)


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def drawn(made: list[Drawing]) -> list[int]:
    return [number for each in made for number, _ in each.routes]


@given(ARROWS)
def test_no_box_overlaps_another_or_leaves_the_drawing(arrows: list[Arrow]) -> None:
    for made in drawings(arrows, NAMES):
        assert [pair for pair in combinations(made.boxes, 2) if overlap(*pair)] == []
        for box in made.boxes:
            assert 0 <= box.x <= made.width - box.width + 0.01
            assert 0 <= box.y <= made.height - box.height + 0.01


@given(ARROWS)
def test_every_tie_is_drawn_from_its_name_to_its_name(arrows: list[Arrow]) -> None:
    made = drawings(arrows, NAMES)
    assert sorted(set(drawn(made))) == list(range(len(arrows)))
    for each in made:
        for number, route in each.routes:
            assert (route[0].name, route[-1].name) == (arrows[number].start, arrows[number].end)
            assert all(box in each.boxes for box in route)
            assert [box.lines for box in route[1:-1]] == [[]] * (len(route) - 2)  # lanes alone


@given(ARROWS)
def test_a_tie_that_runs_on_crosses_each_column_in_a_lane_of_its_own(arrows: list[Arrow]) -> None:
    for made in drawings(arrows, NAMES):
        for _, route in made.routes:
            columns = [box.column for box in route]
            forward = columns[0] < columns[-1]
            assert columns == list(range(columns[0], columns[-1] + 1)) or not forward


@given(ARROWS)
def test_the_same_ties_give_the_same_places(arrows: list[Arrow]) -> None:
    def places(made: list[Drawing]) -> list[list[tuple[str, float, float]]]:
        return [[(box.name, box.x, box.y) for box in each.boxes] for each in made]

    assert places(drawings(arrows, NAMES)) == places(drawings(list(arrows), dict(NAMES)))


def test_many_labels_of_one_maker_are_spread_over_drawings() -> None:
    names = {f"label-{at:02}": f"Label {at}" for at in range(MOST_LABELS * 2 + 1)}
    arrows = [Arrow(name, "maker", "made by Maker") for name in names]
    made = drawings(arrows, names | {"maker": "Maker"})
    assert len(made) == 3
    assert sorted(drawn(made)) == list(range(len(arrows)))


def test_families_that_nothing_joins_are_drawn_apart() -> None:
    made = drawings([Arrow("a", "b", "x"), Arrow("c", "d", "x")], NAMES)
    assert [sorted(box.name for box in each.boxes) for each in made] == [["a", "b"], ["c", "d"]]


def test_ties_leave_beside_their_own_words() -> None:
    [made] = drawings([Arrow("a", "b", "one"), Arrow("a", "c", "two")], NAMES)
    [box] = [each for each in made.boxes if each.name == "a"]
    assert box.y < box.port(0) < box.port(1) < box.y + box.height


def test_words_are_broken_to_the_width_of_a_box() -> None:
    assert all(len(line) <= 15 for line in wrapped("x" * 40 + " made by", 104, TIE_LETTER))
    assert max(map(len, wrapped("海康威视数字技术股份有限公司", 104, TIE_LETTER))) <= 8
    assert wrapped(" ", 104, TIE_LETTER) == ["?"]


def test_nothing_is_drawn_where_nothing_is_tied() -> None:
    assert pictures((), ()) == []
    page = b"".join(registry()["html"].build(empty())).decode()
    assert '<svg class="ties"' not in page
    assert "Who makes which label" not in page


def test_the_picture_says_in_words_what_it_shows() -> None:
    page = b"".join(registry()["html"].build(sample())).decode()
    told = " ".join(re.findall(r'<desc id="ties-\d+-told">(.*?)</desc>', page))
    for line in TIES:
        assert line.of_name in told
    assert "Bosch: made by Dahua, past, from 2013 to November 2022, ended" in told
    rows = page[page.index("Ties of the labels") :]
    assert rows[: rows.index("</table>")].count("<tr") == len(TIES) + 1


def test_names_on_record_stand_out() -> None:
    [picture] = pictures([tied("Annke", "made_by", "Hikvision")], on_record(sample()))
    assert picture.count("tie-box-recorded") == 2
    [other] = pictures([tied("Someone", "made_by", "Nobody")], on_record(sample()))
    assert "tie-box-recorded" not in other


def test_a_name_cannot_break_out_of_the_picture() -> None:
    evil = '</text><script>alert("1")</script>'
    made = tied(evil, "made_by", "Dahua", when=evil, scope=evil, source=evil)
    page = b"".join(registry()["html"].build(sample(ties=(made,)))).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    [picture] = pictures([replace(made, of_name="\x1b[2J\u202eback")], ())
    assert "\x1b" not in picture
    assert "\u202e" not in picture
