"""camaudit.app.makers and ties: who makes whose labels, who owned whom when, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from camaudit.app.makers import Makers
from camaudit.app.ties import sentence, when
from camaudit.errors import UsageError
from camaudit.model.packs import Maker, Source, Tie
from camaudit.model.words import Aspect, Confidence, Firmness, MakerKind, Precision, TieKind
from tests.small_packs import maker, pack_set, packs, signature, tie

TODAY = date(2026, 1, 1)
SOURCE = Source(id="test", title="A catalogue", url=None, read_on=date(2026, 1, 2))


def named(slug: str, *names: str, ties: tuple[Tie, ...] = (), brand: bool = False) -> Maker:
    kind = MakerKind.BRAND if brand else MakerKind.MANUFACTURER
    made = maker(slug, kind, *ties, jurisdiction="GB")
    return replace(made, names=names or made.names, sources=(SOURCE,))


@cache
def makers() -> Makers:
    """Return a label that Works makes and owned up to 2022, and that the Fund owns since 2023."""
    ties = (
        tie("works"),
        tie("works", owned=True, until=date(2022, 12, 31)),
        tie("fund", owned=True, since=date(2023, 1, 1)),
    )
    found = [
        named("label", "Label Vision", "Old-Label Co", ties=ties, brand=True),
        named("listed", ties=(tie("works", Firmness.LISTED),), brand=True),
        named("works", "Works", "Shared Name"),
        named("fund", "Fund", "shared name"),
    ]
    made = packs(found, [signature("sign", "label", Aspect.BADGE)])
    return Makers(pack_set(made), TODAY)


def test_a_row_tells_what_holds_that_day() -> None:
    rows = {row.id: row for row in makers().rows()}
    assert list(rows) == ["fund", "label", "listed", "works"]
    label = rows["label"]
    assert (label.made_by, label.owned_by, label.signatures) == (("works",), ("fund",), 1)
    assert (rows["works"].makes_for, rows["works"].owns) == (2, 0)
    then = {row.id: row for row in makers().rows(at=date(2020, 1, 1))}
    assert (then["label"].owned_by, then["works"].owns) == (("works",), 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [("old label", ["label"]), ("SHARED", ["fund", "works"]), ("nothing such", [])],
)
def test_a_search_looks_at_every_name(text: str, found: list[str]) -> None:
    assert [row.id for row in makers().rows(text)] == found


@pytest.mark.parametrize("name", ["label", "LABEL", "Label Vision", "old label co", "Old-Label Co"])
def test_a_maker_goes_by_any_of_its_names(name: str) -> None:
    assert makers().find(name).id == "label"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("labl", "no maker is called 'labl'; did you mean label"),
        ("visi", "did you mean label"),
        ("zzz", "`camaudit makers` lists them"),
        ("Shared name", "is a name of several: fund, works; give one of these"),
    ],
)
def test_a_name_that_is_not_one_makers_is_answered_with_what_to_give(name: str, says: str) -> None:
    with pytest.raises(UsageError) as error:
        makers().find(name)
    assert says in str(error.value)


def test_a_card_answers_at_the_date() -> None:
    card = makers().card("label", date(2020, 1, 1))
    assert (card.producer, card.producer_name) == ("works", "Works")
    assert [(line.to, line.standing) for line in card.up] == [
        ("works", "holds"),
        ("works", "holds"),
        ("fund", "not_yet"),
    ]
    assert [line.standing for line in makers().card("label").up] == ["holds", "ended", "holds"]
    assert [(line.of, line.tie) for line in makers().card("works").down] == [
        ("label", "made_by"),
        ("label", "owned_by"),
        ("listed", "made_by"),
    ]


def test_a_label_that_only_a_list_speaks_of_names_no_producer() -> None:
    assert makers().card("listed").producer is None


def test_a_path_tells_the_ties_of_each_step() -> None:
    found = makers().path("Fund", "works")
    assert found.chain == ("fund", "label", "works")
    assert [[line.tie for line in step] for step in found.steps] == [
        ["owned_by"],
        ["made_by", "owned_by"],
    ]
    assert makers().path("Fund", "works", date(2020, 1, 1)).chain == ()


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, ""),
        ({"from_date": date(2018, 2, 5)}, "since 5 February 2018"),
        (
            {"from_date": date(2018, 2, 1), "from_precision": Precision.MONTH},
            "since February 2018",
        ),
        ({"to_date": date(2007, 12, 31), "to_precision": Precision.YEAR}, "until 2007"),
        (
            {"from_date": date(2018, 2, 5), "to_date": date(2022, 11, 24)},
            "from 5 February 2018 to 24 November 2022",
        ),
        (
            {
                "tie": TieKind.TAKEN_OVER_FROM,
                "from_date": date(2024, 1, 1),
                "from_precision": Precision.MONTH,
            },
            "in January 2024",
        ),
        ({"tie": TieKind.TAKEN_OVER_FROM, "from_date": date(2024, 1, 3)}, "on 3 January 2024"),
    ],
)
def test_a_span_is_no_more_exact_than_it_is_known(changes: dict[str, object], text: str) -> None:
    assert when(replace(tie("works"), **changes)) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (tie("works"), "Label is made by Works. Says (reported): A catalogue."),
        (tie("works", Firmness.MIXED), "Label is in part made by Works"),
        (tie("works", Firmness.PAST), "Label was once made by Works"),
        (tie("works", Firmness.LISTED), "Label is listed as made by Works"),
        (tie("works", until=date(2020, 1, 1)), "Label was made by Works until 1 January 2020"),
        (tie("works", owned=True), "Label is owned by Works"),
        (tie("works", kind=TieKind.SILICON_BY), "Label uses chips of Works"),
        (tie("works", kind=TieKind.TAKEN_OVER_FROM), "Label took over from Works"),
        (replace(tie("works"), scope="domes"), "Label is made by Works: domes. Says"),
        (tie("works", models="^D"), "Label is made by Works: only some models. Says"),
        (replace(tie("works"), confidence=Confidence.UNVERIFIED), "Says (unverified): A catalogue"),
    ],
)
def test_a_tie_is_told_in_a_sentence_with_its_source(made: Tie, text: str) -> None:
    found = [named("label", ties=(made,), brand=True), named("works")]
    made_of = packs(found, [signature("sign", "label", Aspect.BADGE)])
    [line] = Makers(pack_set(made_of), TODAY).card("label").up
    assert text in sentence(line)
