"""camaudit.attribution.weaknesses: whose records, which answer, and why it is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from camaudit.attribution import Advisor, MakerGraph, unit_of
from camaudit.model.advisories import (
    Advisory,
    Answer,
    Exploited,
    Finding,
    Known,
    Reach,
    Scope,
    Subject,
    Unit,
    VersionRange,
)
from camaudit.model.attribution import AspectAnswer, Attribution
from camaudit.model.ids import MakerId
from camaudit.model.packs import Source
from camaudit.model.words import Aspect, Confidence, Kind
from tests.small_packs import brand, maker, tie, words

SURE = 0.8
HIK = MakerId("hikvision")
A, N, C = Answer.AFFECTED, Answer.NOT_AFFECTED, Answer.CANNOT_TELL

BEFORE_JUNE = Scope(
    models="(?i)^DS-2CD",
    product="",
    kinds=(),
    ranges=(VersionRange(answer=A, built_before=date(2021, 6, 25)),),
    otherwise=N,
)


def record(*scopes: Scope, **changes: Any) -> Advisory:
    values: dict[str, Any] = {
        "ids": ("CVE-2021-36260",),
        "title": "Commands can be run.",
        "maker": HIK,
        "rebrands": (),
        "scopes": scopes or (BEFORE_JUNE,),
        "confidence": Confidence.VERIFIED,
        "source": Source(id="x", title="X"),
        "note": "",
        "exploited": Exploited(known=Known.YES),
    }
    return Advisory(**(values | changes))


def unit(
    slug: str = "hikvision", reach: Reach = Reach.OWN, sure: float = 0.99, **facts: Any
) -> Unit:
    subject = Subject(maker=MakerId(slug), reach=reach, confidence=sure)
    values: dict[str, Any] = {"brand": HIK, "model": "DS-2CD2143G0-I", "kind": Kind.CAMERA}
    return Unit(subjects=(subject,), **(values | facts))


def find(advisory: Advisory, asked: Unit) -> Finding | None:
    found = Advisor([advisory], SURE).find(asked)
    return found[0] if found else None


def answer(advisory: Advisory, asked: Unit) -> Answer | None:
    found = find(advisory, asked)
    return found.answer if found else None


OLD, NEW = date(2021, 6, 24), date(2021, 6, 25)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (unit(version="V5.5.82", built_on=OLD), A),
        (unit(version="V5.5.82 build 210624"), A),
        (unit(version="V5.5.82", built_on=NEW), N),
        (unit(built_on=OLD), A),
        (unit(version="V5.5.82"), C),
        (unit(), C),
        # an unknown model is possibly affected, unless its version would be free of it anyway
        (unit(model=None, built_on=OLD), C),
        (unit(model=None, built_on=NEW), N),
        # another family, under the maker's own name, is none of the record's business
        (unit(model="DS-K1T671M", built_on=OLD), None),
        # under another label, or an unknown one, the name of the model says nothing
        (unit(model="C800", brand="annke", reach=Reach.BASE, built_on=OLD), C),
        (unit(model="C800", brand=None, built_on=OLD), C),
        (unit(slug="axis", built_on=OLD), None),
        (unit(kind=Kind.NOT_SURVEILLANCE, built_on=OLD), None),
        (unit(kind=Kind.NETWORK, model="DS-3E0105P-E", built_on=OLD), None),
    ],
)
def test_a_rule_on_build_dates(asked: Unit, expected: Answer | None) -> None:
    assert answer(record(), asked) is expected


def test_an_unsure_maker_leaves_it_open() -> None:
    assert answer(record(), unit(built_on=OLD, sure=0.8)) is A
    found = find(record(), unit(built_on=OLD, sure=0.79))
    assert found is not None
    assert found.answer is C
    assert "0.79" in found.reason


def test_an_unverified_rule_settles_nothing_and_a_reported_one_may() -> None:
    for confidence, expected in ((Confidence.UNVERIFIED, C), (Confidence.REPORTED, A)):
        assert answer(record(confidence=confidence), unit(built_on=OLD)) is expected
    assert answer(record(confidence=Confidence.UNVERIFIED), unit(built_on=NEW)) is C


def test_an_oem_build_may_be_affected_but_is_never_cleared() -> None:
    oem: dict[str, Any] = {"brand": "lts", "reach": Reach.BASE}
    old, new = find(record(), unit(built_on=OLD, **oem)), find(record(), unit(built_on=NEW, **oem))
    assert old is not None
    assert new is not None
    assert (old.answer, old.reach) == (A, Reach.BASE)
    assert (new.answer, new.settle) == (C, "the brand's own notice")
    assert "base vendor" in new.reason


def test_a_rebrand_is_looked_up_by_its_own_name() -> None:
    whole = Scope(models="^DVR4104", product="", kinds=(), ranges=(), otherwise=A)
    advisory = record(whole, maker=MakerId("tbk"), rebrands=(MakerId("novo"),))
    found = find(advisory, unit("novo", brand="novo", model="DVR4104"))
    assert found is not None
    assert (found.answer, found.reach) == (A, Reach.BASE)
    assert answer(advisory, unit("novo", brand="novo", model="XVR 5 in 1")) is C


def test_a_part_is_never_settled() -> None:
    advisory = record(replace(BEFORE_JUNE, models=None), maker=MakerId("throughtek"))
    for built in (OLD, NEW):
        assert answer(advisory, unit("throughtek", Reach.PART, built_on=built)) is C


def ranged(*ranges: VersionRange, otherwise: Answer = N, **changes: Any) -> Advisory:
    scope = Scope(models=None, product="", kinds=(), ranges=ranges, otherwise=otherwise)
    return record(replace(scope, **changes))


def between(start: str, end: str) -> VersionRange:
    return VersionRange(answer=A, from_version=start, to_version=end)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("V5.2.0 build 140720", N),
        ("V5.2.0 build 140721", A),
        ("V5.3.0", A),
        ("V5.4.0 build 160530", A),
        ("V5.4.0 build 160531", N),
        ("V5.4.0", C),
        ("V5.4.1", N),
        ("nonsense", C),
        (None, C),
    ],
)
def test_both_ends_of_a_range_belong_to_it(version: str | None, expected: Answer) -> None:
    advisory = ranged(between("V5.2.0 build 140721", "V5.4.0 build 160530"))
    assert answer(advisory, unit(version=version)) is expected


def test_an_end_without_a_build_means_every_build_of_it() -> None:
    before = ranged(VersionRange(answer=A, before_version="1.3.4"), product="")
    upto = ranged(VersionRange(answer=A, to_version="1.3.4"))
    tvt = MakerId("tvt")
    asked = unit("tvt", brand=tvt, version="1.3.4(17)")
    assert answer(replace(before, maker=tvt), asked) is N
    assert answer(replace(upto, maker=tvt), asked) is A


def test_the_first_range_that_fits_counts_and_an_open_one_that_differs_leaves_it_open() -> None:
    free = VersionRange(answer=N, from_version="V5.3.0", to_version="V5.3.9")
    advisory = ranged(free, VersionRange(answer=A, before_version="V6.0.0"))
    assert answer(advisory, unit(version="V5.3.5")) is N
    assert answer(advisory, unit(version="V5.2.0")) is A
    dated = ranged(
        VersionRange(answer=N, built_from=NEW), VersionRange(answer=A, before_version="V6.0.0")
    )
    assert answer(dated, unit(version="V5.2.0")) is C
    same = ranged(
        VersionRange(answer=A, built_before=OLD), VersionRange(answer=A, before_version="V6.0.0")
    )
    assert answer(same, unit(version="V5.2.0")) is A


def test_a_record_without_versions_says_so() -> None:
    found = find(ranged(otherwise=C), unit(version="V5.5.82"))
    assert found is not None
    assert (found.answer, found.reason) == (C, "The record gives no versions.")
    assert answer(ranged(otherwise=A), unit()) is A
    assert answer(ranged(otherwise=N), unit()) is N


def test_products_told_in_words_alone_are_only_possibly_meant() -> None:
    found = find(ranged(otherwise=A, product="some video recorders"), unit())
    assert found is not None
    assert found.answer is C
    assert "some video recorders" in found.reason


def test_kinds_that_are_not_meant_and_those_that_are_not_known() -> None:
    advisory = ranged(otherwise=A, kinds=(Kind.RECORDER,))
    assert answer(advisory, unit(kind=Kind.RECORDER)) is A
    assert answer(advisory, unit(kind=Kind.CAMERA)) is None
    assert answer(advisory, unit(kind=Kind.UNKNOWN)) is C
    named = ranged(otherwise=A, kinds=(Kind.RECORDER,), models="^DS-76")
    assert answer(named, unit(kind=Kind.UNKNOWN, model="DS-7608NI")) is A


def test_what_is_exploited_comes_first_then_what_is_affected() -> None:
    def one(name: str, known: Known, otherwise: Answer) -> Advisory:
        return replace(ranged(otherwise=otherwise), ids=(name,), exploited=Exploited(known=known))

    advisories = [
        one("CVE-1", Known.NO, C),
        one("CVE-2", Known.YES, N),
        one("CVE-3", Known.NO, A),
        one("CVE-4", Known.YES, C),
        one("CVE-5", Known.UNKNOWN, A),
        one("CVE-6", Known.YES, A),
    ]
    found = Advisor(advisories, SURE).find(unit())
    assert [each.advisory.ids[0][-1] for each in found] == list("645312")


GRAPH = MakerGraph(
    (
        maker("hikvision"),
        maker("axis"),
        maker("throughtek"),
        brand("annke", tie("hikvision")),
    ),
    words(),
)


def attribution(**changes: Any) -> Attribution:
    values: dict[str, Any] = {
        "kind": Kind.CAMERA,
        "kind_confidence": 0.9,
        "surveillance": 0.9,
        "maker": HIK,
        "maker_aspect": "firmware",
        "maker_confidence": 0.9,
        "aspects": (),
        "brand": None,
        "model": "C800",
        "firmware_version": "V5.5.82",
        "serial": None,
        "made_on": None,
        "built_on": OLD,
        "capabilities": (),
        "conflicts": (),
        "clean": True,
        "others": (),
        "register_only": False,
    }
    return Attribution(**(values | changes))


def aspects(**makers: str) -> tuple[AspectAnswer, ...]:
    return tuple(
        AspectAnswer(aspect=Aspect(name), maker=MakerId(slug), confidence=0.95)
        for name, slug in makers.items()
    )


def reaches(found: Attribution) -> list[tuple[str, Reach]]:
    kept = dict.fromkeys((each.maker, each.reach) for each in unit_of(found, GRAPH).subjects)
    return list(kept)


def test_the_firmware_s_maker_is_asked_before_the_label() -> None:
    found = attribution(aspects=aspects(badge="annke", firmware="hikvision"), brand="annke")
    assert reaches(found) == [("hikvision", Reach.BASE), ("annke", Reach.OWN)]


def test_firmware_in_the_brand_s_name_leads_to_its_base_too() -> None:
    found = attribution(aspects=aspects(badge="annke", firmware="annke"), brand="annke")
    assert reaches(found) == [("annke", Reach.OWN), ("hikvision", Reach.BASE)]


def test_other_firmware_on_the_hardware_of_a_maker_takes_its_records_away() -> None:
    found = attribution(aspects=aspects(firmware="axis", hardware="hikvision"))
    assert reaches(found) == [("axis", Reach.OWN)]


def test_a_label_alone_leads_to_its_maker_with_what_is_left_of_confidence() -> None:
    found = attribution(aspects=aspects(badge="annke"), brand="annke", maker_confidence=0.6)
    subjects = unit_of(found, GRAPH).subjects
    assert [(each.maker, each.confidence) for each in subjects] == [
        ("annke", 0.95),
        ("hikvision", 0.6),
    ]


def test_the_makers_of_parts_are_asked_as_such_and_version_facts_are_carried() -> None:
    found = attribution(aspects=aspects(firmware="hikvision", cloud="throughtek"))
    assert reaches(found)[-1] == ("throughtek", Reach.PART)
    asked = unit_of(found, GRAPH)
    assert (asked.model, asked.version, asked.built_on) == ("C800", "V5.5.82", OLD)
    assert unit_of(attribution(maker=None, maker_confidence=None), GRAPH).subjects == ()
