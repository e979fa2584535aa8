"""camaudit.attribution.graph: dated ties, asked at a date, for a kind and a model."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camaudit.attribution import MakerGraph
from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker
from camaudit.model.words import Firmness, Kind, MakerKind, TieKind
from tests.small_packs import brand, maker, tie, words

FIRM, MIXED, PAST = (dict(words().firmness)[each] for each in list(Firmness)[:3])


def graph(*makers: Maker) -> MakerGraph:
    return MakerGraph((maker("maker"), maker("other"), *makers), words())


def asked(
    about: MakerGraph,
    name: str,
    at: date | None = None,
    kind: Kind = Kind.CAMERA,
    model: str | None = None,
) -> Any:
    found = about.producer(MakerId(name), at, kind, model)
    return (found.maker, found.share) if found else None


def test_the_vocabulary_orders_firmness() -> None:
    assert 1 > FIRM > MIXED > PAST > 0


def test_a_manufacturers_badge_leads_to_itself_and_a_brand_without_tie_nowhere() -> None:
    found = graph(brand("label"))
    assert asked(found, "maker") == ("maker", 1.0)
    assert asked(found, "label") is None


def test_a_brand_leads_to_the_firmest_of_its_ties() -> None:
    found = graph(brand("label", tie("other", Firmness.LISTED), tie("maker", Firmness.MIXED)))
    assert asked(found, "label") == ("maker", MIXED)


def test_lists_do_not_add_up() -> None:
    """Three lists that name three makers, or one, leave it as open as one list does."""
    listed = dict(words().firmness)[Firmness.LISTED]
    one = [tie("maker", Firmness.LISTED)] * 3
    several = graph(brand("label", *one), brand("third", *one, tie("other", Firmness.LISTED)))
    for name in ("label", "third"):
        assert asked(several, name) == ("maker", listed)
    assert listed < 0.5


def test_a_brand_of_a_brand_leads_on_to_the_maker() -> None:
    found = graph(brand("label", tie("house")), brand("house", tie("maker", Firmness.MIXED)))
    assert asked(found, "label") == ("maker", pytest.approx(FIRM * MIXED))


def test_a_brand_of_a_brand_that_leads_nowhere_stops_there() -> None:
    found = graph(brand("label", tie("house")), brand("house"))
    assert asked(found, "label") == ("house", FIRM)


@pytest.mark.parametrize(
    ("at", "share"),
    [
        (date(2014, 12, 31), None),
        (date(2015, 1, 1), FIRM),
        (date(2022, 11, 30), FIRM),  # `until` is the last day
        (date(2022, 12, 1), PAST),  # who made them once may still do
        (None, MIXED),
    ],
)
def test_a_dated_tie_is_asked_at_the_date(at: date | None, share: float | None) -> None:
    dated = tie("maker", since=date(2015, 1, 1), until=date(2022, 11, 30))
    expected = None if share is None else ("maker", share)
    assert asked(graph(brand("label", dated)), "label", at) == expected


@pytest.mark.parametrize("kind", [each for each in TieKind if each is not TieKind.MADE_BY])
def test_only_who_makes_is_a_producer(kind: TieKind) -> None:
    """An owner, a predecessor and the maker of a chip built nothing under this label."""
    found = graph(
        brand("label", tie("maker", kind=kind, models="^D")),
        brand("house", tie("label", Firmness.MIXED)),
    )
    for at in (None, date(2020, 1, 1)):
        assert asked(found, "label", at) is None
        assert asked(found, "house", at) == ("label", MIXED)
    assert not found.others(MakerId("label"), Kind.CAMERA, "D1")
    assert not found.asks_for_model(MakerId("house"))


def test_whose_chip_it_is_says_nothing_of_whose_label_it_bears() -> None:
    found = graph(
        brand("label", tie("maker", kind=TieKind.SILICON_BY)),
        brand("heir", tie("maker", kind=TieKind.TAKEN_OVER_FROM)),
    )
    assert not found.tied(MakerId("label"), MakerId("maker"))
    assert found.tied(MakerId("maker"), MakerId("heir"))


def test_where_the_date_is_not_known_an_undated_tie_keeps_its_firmness() -> None:
    assert asked(graph(brand("label", tie("maker"))), "label") == ("maker", FIRM)


@pytest.mark.parametrize(
    ("kind", "model", "expected"),
    [
        (Kind.RECORDER, None, "maker"),
        (Kind.CAMERA, None, "both"),
        (Kind.UNKNOWN, None, "both"),
    ],
)
def test_a_tie_for_one_kind_makes_others_of_a_manufacturer_its_own(
    kind: Kind, model: str | None, expected: str
) -> None:
    found = graph(maker("both", MakerKind.MANUFACTURER, tie("maker", kinds=(Kind.RECORDER,))))
    answer = asked(found, "both", kind=kind, model=model)
    assert answer is not None
    assert answer[0] == expected


@pytest.mark.parametrize(
    ("model", "expected"), [("DIVAR 3000", "maker"), ("FLEXIDOME", "both"), (None, "both")]
)
def test_a_tie_for_some_models_fits_only_those(model: str | None, expected: str) -> None:
    found = graph(maker("both", MakerKind.MANUFACTURER, tie("maker", models="^DIVAR")))
    answer = asked(found, "both", model=model)
    assert answer is not None
    assert answer[0] == expected
    assert found.asks_for_model(MakerId("both"))
    assert not found.asks_for_model(MakerId("maker"))


def test_a_brands_tie_is_mixed_at_best_where_the_unit_may_be_outside_its_scope() -> None:
    found = graph(brand("label", tie("maker", models="^D", kinds=(Kind.RECORDER,))))
    assert asked(found, "label", kind=Kind.RECORDER, model="D1") == ("maker", FIRM)
    assert asked(found, "label", kind=Kind.UNKNOWN) == ("maker", MIXED)
    assert asked(found, "label", kind=Kind.UNKNOWN, model="D1") == ("maker", MIXED)
    assert asked(found, "label", kind=Kind.UNKNOWN, model="X1") is None
    assert asked(found, "label", kind=Kind.CAMERA, model="D1") is None


def test_a_brand_of_a_brand_asks_for_the_model_that_the_other_asks_for() -> None:
    found = graph(brand("label", tie("house")), brand("house", tie("maker", models="^D")))
    assert found.asks_for_model(MakerId("label"))
    assert asked(found, "label", model="D1") == ("maker", pytest.approx(FIRM * FIRM))


def test_ties_of_any_date_join_both_ways() -> None:
    found = graph(brand("label", tie("maker", until=date(2000, 1, 1))))
    assert found.tied(MakerId("label"), MakerId("maker"))
    assert found.tied(MakerId("maker"), MakerId("label"))
    assert not found.tied(MakerId("label"), MakerId("other"))


def test_whoever_made_some_may_have_made_this_one_and_an_owner_did_not() -> None:
    found = graph(
        brand("label", tie("maker", kinds=(Kind.RECORDER,))),
        brand("house", tie("maker", owned=True)),
    )
    label, house = MakerId("label"), MakerId("house")
    assert found.others(label, Kind.RECORDER, None)
    assert found.others(label, Kind.UNKNOWN, None)
    assert not found.others(label, Kind.CAMERA, None)
    assert not found.others(house, Kind.CAMERA, None)


def test_a_maker_is_found_by_its_slug() -> None:
    assert graph()[MakerId("maker")].names == ("Maker",)


def test_models_that_a_tie_never_reaches_have_no_other_maker() -> None:
    """Where the model is not known the unit may still be one that the tie reaches."""
    found = graph(brand("label", tie("maker", Firmness.MIXED, except_models="^N")))
    label = MakerId("label")
    assert found.others(label, Kind.CAMERA, None) == {"maker"}
    assert found.others(label, Kind.CAMERA, "D1") == {"maker"}
    assert not found.others(label, Kind.CAMERA, "N1")
    assert found.asks_for_model(label)
    assert asked(found, "label", model="D1") == ("maker", MIXED)
    assert asked(found, "label", model="N1") is None
    assert found.fits_models("N1") != found.fits_models("D1")


def test_who_makes_for_many_labels() -> None:
    found = graph(brand("one", tie("maker")), brand("two", tie("maker"), tie("other")))
    assert found.makes_for(2) == {"maker"}
    assert found.makes_for(1) == {"maker", "other"}
