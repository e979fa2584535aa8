"""Shipped ownership facts: who owned whom on which day, as the sources say it."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import combinations

import pytest

from camaudit.model.packs import Maker, Tie
from camaudit.model.words import MakerKind, TieKind
from camaudit.packs.load import maker_files, vocabulary
from camaudit.packs.shipped import find_pack_files


@cache
def makers() -> dict[str, Maker]:
    files = find_pack_files()
    return {file.maker.id: file.maker for file in maker_files(files, vocabulary(files))}


def held(tie: Tie, on: date) -> bool:
    return (tie.from_date or on) <= on <= (tie.to_date or on)


def owners(slug: str, on: date) -> set[str]:
    ties = makers()[slug].ties
    return {tie.to for tie in ties if tie.tie is TieKind.OWNED_BY and held(tie, on)}


@pytest.mark.parametrize(
    ("slug", "on", "expected"),
    [
        ("lorex", date(2011, 1, 1), set()),
        ("lorex", date(2017, 1, 1), {"flir"}),
        ("lorex", date(2022, 11, 24), {"dahua"}),
        ("lorex", date(2022, 11, 25), {"skywatch"}),
        ("i-pro", date(2019, 9, 30), {"panasonic"}),
        ("i-pro", date(2019, 10, 1), {"polaris-capital"}),
        ("hanwha", date(2014, 12, 31), {"samsung-electronics"}),
        ("hanwha", date(2016, 1, 1), {"hanwha-group"}),
        ("pelco", date(2006, 12, 31), set()),
        ("pelco", date(2010, 1, 1), {"schneider-electric"}),
        ("pelco", date(2020, 1, 1), {"transom-capital"}),
        ("pelco", date(2020, 8, 3), {"motorola-solutions"}),
        ("avigilon", date(2017, 12, 31), set()),
        ("avigilon", date(2019, 1, 1), {"motorola-solutions"}),
        ("axis", date(2014, 12, 31), set()),
        ("axis", date(2016, 1, 1), {"canon"}),
        ("2n", date(2017, 1, 1), {"axis"}),
        ("milestone", date(2014, 6, 30), {"canon"}),
        ("vivotek", date(2018, 1, 1), {"delta-electronics"}),
        ("march-networks", date(2015, 1, 1), {"infinova"}),
        ("march-networks", date(2023, 1, 1), {"delta-electronics"}),
        ("indigovision", date(2021, 1, 1), {"motorola-solutions"}),
        ("flir", date(2021, 5, 13), set()),
        ("flir", date(2021, 5, 14), {"teledyne"}),
        ("arecont", date(2019, 1, 1), {"costar"}),
        ("mobotix", date(2020, 1, 1), {"konica-minolta"}),
        ("mobotix", date(2026, 1, 1), {"certina"}),
        ("ezviz", date(2020, 1, 1), {"hikvision"}),
        ("imou", date(2020, 1, 1), {"dahua"}),
    ],
)
def test_owners_change_with_the_date(slug: str, on: date, expected: set[str]) -> None:
    assert owners(slug, on) == expected


def test_the_north_american_business_of_dahua_went_to_luminys_in_january_2024() -> None:
    [tie] = makers()["luminys"].ties
    assert (tie.to, tie.tie) == ("dahua", TieKind.TAKEN_OVER_FROM)
    assert tie.from_date == date(2024, 1, 1)


def test_every_owner_has_a_jurisdiction_or_rules_could_not_judge_what_it_owns() -> None:
    owned = {tie.to for each in makers().values() for tie in each.ties if tie.tie == "owned_by"}
    assert len(owned) > 10
    assert [slug for slug in sorted(owned) if makers()[slug].jurisdiction is None] == []


def test_an_organisation_that_only_owns_makes_nothing() -> None:
    made = {tie.to for each in makers().values() for tie in each.ties if tie.tie == "made_by"}
    assert [slug for slug in sorted(made) if makers()[slug].kind is MakerKind.OWNER] == []


def test_no_ownership_is_stated_twice() -> None:
    twice = [
        (slug, one.to)
        for slug, each in makers().items()
        for one, other in combinations([t for t in each.ties if t.tie is TieKind.OWNED_BY], 2)
        if one.to == other.to and held(one, other.from_date or other.to_date or date.min)
    ]
    assert twice == []
