"""camaudit.attribution.attribute: from signals to aspects, producer, kind and conflicts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from camaudit.attribution import Attributor
from camaudit.model.attribution import Attribution, Evidence
from camaudit.model.packs import Maker, MakerPacks, Signature
from camaudit.model.words import Aspect, Confidence, Firmness, Kind
from tests.small_packs import brand, evidence, maker, packs, signature, tie, words

BADGE, FIRMWARE, HARDWARE = Aspect.BADGE, Aspect.FIRMWARE, Aspect.HARDWARE
WEIGHTS = {weight.id: weight.log_odds for weight in words().weights}
DOCUMENT = "inventory.model"


def made(signatures: list[Signature], *makers: Maker) -> MakerPacks:
    return packs([maker("alpha"), maker("beta"), *makers], signatures)


def attribute(about: MakerPacks, *names: str, at: date | None = None) -> Attribution:
    """Attribute what these signatures say, each in a field of a group of its own."""
    fields = ("http.server", "rtsp.server", "onvif.manufacturer", "tls.subject")
    each = [evidence(about, name, field) for name, field in zip(names, fields, strict=False)]
    return Attributor(about).attribute(each, at)


def by_aspect(found: Attribution) -> dict[str, tuple[str, float]]:
    return {each.aspect.value: (each.maker, round(each.confidence, 2)) for each in found.aspects}


# ------------------------------------------------------------------------------ weights


@pytest.mark.parametrize(
    ("weight", "alone"),
    [("slight", 0.30), ("weak", 0.60), ("moderate", 0.91), ("strong", 0.96), ("decisive", 0.99)],
)
def test_one_signal_alone_gives_what_its_weight_promises(weight: str, alone: float) -> None:
    about = made([signature("s", "alpha", HARDWARE, weight=weight)])
    found = attribute(about, "s")
    if alone < 0.5:
        assert (found.maker, found.maker_aspect, found.maker_confidence) == (None, None, None)
        assert found.aspects == ()
    else:
        assert (found.maker, found.maker_aspect) == ("alpha", "hardware")
        assert found.maker_confidence == pytest.approx(alone, abs=0.005)


def test_two_groups_add_and_one_group_does_not() -> None:
    about = made([signature(name, "alpha", HARDWARE, weight="weak") for name in ("one", "two")])
    apart = attribute(about, "one", "two").maker_confidence
    together = (
        Attributor(about)
        .attribute([evidence(about, "one"), evidence(about, "two")])
        .maker_confidence
    )
    assert together == pytest.approx(0.60, abs=0.01)
    assert apart == pytest.approx(0.90, abs=0.01)  # odds 1/4 * 6.05 * 6.05


def test_a_signatures_own_group_outranks_its_fields_but_a_document_stays_one() -> None:
    names = ("one", "two")
    about = made(
        [
            signature(n, "alpha", HARDWARE, weight="weak", group="model_grammar",
                      fields=("http.server", "rtsp.server", DOCUMENT))
            for n in names
        ]
    )  # fmt: skip
    alone = attribute(about, "one").maker_confidence
    assert attribute(about, "one", "two").maker_confidence == alone
    label = [evidence(about, "one"), evidence(about, "two", DOCUMENT)]
    assert Attributor(about).attribute(label).maker_confidence == pytest.approx(0.90, abs=0.01)


def test_evidence_against_a_maker_takes_away() -> None:
    about = made(
        [
            signature("for", "alpha", HARDWARE, weight="strong"),
            signature("not", "alpha", HARDWARE, weight="weak", against=True),
        ]
    )
    odds = pytest.approx(0.80, abs=0.005)
    assert attribute(about, "for", "not").maker_confidence == odds


def test_hearsay_names_a_maker_but_stays_probable() -> None:
    about = made([signature("s", "alpha", HARDWARE, weight="decisive", confidence=c)
                  for c in (Confidence.REPORTED,)])  # fmt: skip
    found = attribute(about, "s")
    assert found.maker == "alpha"
    assert found.maker_confidence == pytest.approx(words().reported_cap)
    assert found.maker_confidence is not None
    strong = next(band.at_least for band in words().bands if band.id == "strong")
    assert found.maker_confidence < strong


def test_a_doubted_text_weighs_no_more_than_the_vocabulary_lets_it() -> None:
    about = made([signature("s", "alpha", HARDWARE, weight="decisive")])
    usual = evidence(about, "s")
    doubted = Evidence(signature=0, field=usual.field, value=b"not s", doubted=True)
    assert words().doubts.weight == "slight"
    assert Attributor(about).attribute([usual]).maker == "alpha"
    assert Attributor(about).attribute([doubted]).maker is None


# ------------------------------------------------------------------------- who made it

LABEL = brand("label", tie("alpha", Firmness.FIRM))


def test_the_four_things_that_a_maker_can_rest_on_in_order() -> None:
    about = made(
        [
            signature("hw", "beta", HARDWARE),
            signature("fw", "beta", FIRMWARE),
            signature("badge", "label", BADGE),
            signature("own", "beta", BADGE),
        ],
        LABEL,
    )
    assert attribute(about, "hw", "fw", "badge").maker_aspect == "hardware"
    assert attribute(about, "fw", "badge").maker_aspect == "firmware"
    tied = attribute(about, "badge")
    assert (tied.maker, tied.maker_aspect, tied.brand) == ("alpha", "badge_tie", "label")
    own = attribute(about, "own")
    assert (own.maker, own.maker_aspect, own.brand) == ("beta", "badge", "beta")


def test_a_better_band_outranks_a_better_aspect() -> None:
    """Weakly supported hardware does not hide strongly supported firmware."""
    about = made(
        [
            signature("hw", "beta", HARDWARE, weight="weak"),
            signature("fw", "alpha", FIRMWARE, weight="decisive"),
        ]
    )
    found = attribute(about, "hw", "fw")
    assert (found.maker, found.maker_aspect) == ("alpha", "firmware")
    assert by_aspect(found) == {"firmware": ("alpha", 0.99), "hardware": ("beta", 0.6)}


def test_a_tie_takes_its_share_of_the_confidence() -> None:
    about = made([signature("badge", "label", BADGE)], LABEL)
    badge = by_aspect(attribute(about, "badge"))["badge"][1]
    assert attribute(about, "badge").maker_confidence == pytest.approx(badge * 0.95, abs=0.005)


def test_a_brand_whose_tie_is_mixed_names_no_maker() -> None:
    mixed = brand("label", tie("alpha", Firmness.MIXED))
    found = attribute(made([signature("badge", "label", BADGE)], mixed), "badge")
    assert (found.brand, found.maker) == ("label", None)


def test_the_production_date_outranks_the_date_of_purchase() -> None:
    then = brand(
        "label", tie("alpha", until=date(2019, 12, 31)), tie("beta", since=date(2020, 1, 1))
    )
    about = made([signature("badge", "label", BADGE)], then)
    attributor = Attributor(about)
    serial = evidence(about, "badge", made_on=date(2021, 5, 1))
    plain = evidence(about, "badge")
    assert attributor.attribute([plain], date(2019, 6, 1)).maker == "alpha"
    assert attributor.attribute([serial], date(2019, 6, 1)).maker == "beta"
    assert attributor.attribute([plain]).maker is None  # either may have made it


def test_a_tie_that_asks_for_the_model_gets_it() -> None:
    divar = brand("label", tie("alpha", models="^D"), tie("beta", models="^X"))
    about = made([signature("badge", "label", BADGE)], divar)
    attributor = Attributor(about)
    assert attributor.attribute([evidence(about, "badge", model="D1")]).maker == "alpha"
    assert attributor.attribute([evidence(about, "badge", model="X1")]).maker == "beta"


def test_a_brand_outranks_the_maker_that_it_is_tied_to_on_the_badge() -> None:
    about = made(
        [
            signature("badge", "label", BADGE, weight="moderate"),
            signature("inside", "alpha", BADGE, weight="strong"),
        ],
        LABEL,
    )
    found = attribute(about, "badge", "inside")
    assert found.brand == "label"
    assert found.maker == "alpha"
    assert found.conflicts == ()


def test_silicon_cloud_and_seller_name_no_producer() -> None:
    about = made([signature("soc", "alpha", Aspect.SILICON, Aspect.CLOUD, Aspect.SELLER)])
    found = attribute(about, "soc")
    assert found.maker is None
    assert [each.aspect for each in found.aspects] == [Aspect.SILICON, Aspect.CLOUD, Aspect.SELLER]


# --------------------------------------------------------------------------- conflicts


def test_a_conflict_names_the_makers_and_the_evidence() -> None:
    about = made(
        [
            signature("one", "alpha", HARDWARE),
            signature("camera", None, kinds=(Kind.CAMERA,), kind_weight="strong"),
            signature("two", "beta", HARDWARE),
            signature("badge", "alpha", BADGE),
        ]
    )
    found = attribute(about, "one", "camera", "two", "badge")
    assert found.maker == "alpha"
    assert found.maker_aspect == "badge"
    [conflict] = found.conflicts
    assert (conflict.aspect, conflict.makers, conflict.evidence) == (
        HARDWARE, ("alpha", "beta"), (0, 2),
    )  # fmt: skip
    assert not found.clean


def test_a_slight_sign_of_another_maker_is_no_conflict() -> None:
    about = made(
        [signature("one", "alpha", HARDWARE), signature("two", "beta", HARDWARE, weight="slight")]
    )
    assert attribute(about, "one", "two").conflicts == ()


def test_a_device_is_clean_when_badge_firmware_and_hardware_agree_and_no_one_else_makes_it() -> (
    None
):
    about = made(
        [
            signature("badge", "alpha", BADGE),
            signature("fw", "alpha", FIRMWARE),
            signature("hw", "alpha", HARDWARE),
            signature("other", "beta", FIRMWARE),
            signature("label", "label", BADGE),
        ],
        LABEL,
    )
    assert attribute(about, "badge").clean
    assert attribute(about, "badge", "fw", "hw").clean
    assert not attribute(about, "fw", "hw").clean  # no badge
    assert not attribute(about, "badge", "other").clean
    assert not attribute(about, "label").clean


# -------------------------------------------------------------------------------- kinds


def kind(*said: tuple[Kind, str]) -> Attribution:
    about = made(
        [
            signature(f"s{at}", None, kinds=(each,), kind_weight=weight)
            for at, (each, weight) in enumerate(said)
        ]
    )
    return attribute(about, *(f"s{at}" for at in range(len(said))))


def test_nothing_said_is_unknown() -> None:
    found = attribute(made([signature("s", "alpha", BADGE)]))
    assert (found.kind, found.kind_confidence, found.surveillance) == (Kind.UNKNOWN, None, None)
    assert found.register_only


@pytest.mark.parametrize("weight", ["weak", "strong"])
def test_a_kind_has_its_confidence(weight: str) -> None:
    found = kind((Kind.CAMERA, weight))
    assert found.kind is Kind.CAMERA
    assert found.kind_confidence == found.surveillance


def test_what_cameras_and_recorders_share_is_a_camera_four_times_of_five() -> None:
    found = kind((Kind.CAMERA, "strong"), (Kind.RECORDER, "strong"))
    assert found.kind is Kind.CAMERA
    assert found.surveillance is not None
    assert found.surveillance > 0.9
    assert found.kind_confidence == pytest.approx(0.8 * found.surveillance)


def test_what_says_recorder_more_than_camera_is_no_camera() -> None:
    found = kind((Kind.CAMERA, "moderate"), (Kind.RECORDER, "strong"))
    assert found.kind is Kind.RECORDER


def test_kinds_that_are_equally_common_leave_the_kind_open_but_not_that_it_watches() -> None:
    found = kind((Kind.INTERCOM, "strong"), (Kind.RECORDER, "strong"))
    assert (found.kind, found.kind_confidence) == (Kind.UNKNOWN, None)
    assert found.surveillance is not None
    assert found.surveillance > 0.9


def test_two_kinds_of_office_equipment_are_not_surveillance() -> None:
    found = kind((Kind.NETWORK, "strong"), (Kind.DISPLAY, "strong"))
    assert found.kind is Kind.NOT_SURVEILLANCE
    assert found.surveillance is not None
    assert found.surveillance < 0.1


@pytest.mark.parametrize("weight", ["weak", "strong", "decisive"])
def test_the_most_specific_kind_is_given(weight: str) -> None:
    """A switch is not surveillance either: the two do not compete, however sure each is."""
    found = kind((Kind.NOT_SURVEILLANCE, weight), (Kind.NETWORK, "strong"))
    assert found.kind is Kind.NETWORK
    assert found.kind_confidence == pytest.approx(0.96, abs=0.005)
    assert found.surveillance is not None
    assert found.surveillance < 0.1


def test_not_surveillance_competes_with_a_camera() -> None:
    found = kind((Kind.NOT_SURVEILLANCE, "strong"), (Kind.CAMERA, "strong"))
    assert (found.kind, found.kind_confidence) == (Kind.UNKNOWN, None)
    assert found.surveillance == pytest.approx(0.49, abs=0.01)


# ---------------------------------------------------------------------------- captures


def test_the_devices_own_word_outranks_the_register_and_the_stronger_the_weaker() -> None:
    fields = ("http.server", "rtsp.server", DOCUMENT)
    about = made(
        [
            signature("strong", "alpha", BADGE, weight="strong", fields=fields),
            signature("weak", "alpha", BADGE, weight="weak", fields=fields),
        ]
    )
    attributor = Attributor(about)
    register = evidence(about, "strong", DOCUMENT, model="REGISTER", version="1.0")
    weak = evidence(about, "weak", "http.server", model="WEAK", serial="S1")
    strong = evidence(about, "strong", "rtsp.server", model="STRONG", built_on=date(2020, 1, 1))
    found = attributor.attribute([register, weak, strong])
    assert (found.model, found.firmware_version, found.serial) == ("STRONG", "1.0", "S1")
    assert found.built_on == date(2020, 1, 1)
    assert attributor.attribute([strong, weak, register]).model == "STRONG"
    assert attributor.attribute([register, weak]).model == "WEAK"
    assert not found.register_only
    assert attributor.attribute([register]).register_only


def test_capabilities_are_collected_once_each() -> None:
    about = made([signature("a", None, capabilities=("ptz",)),
                  signature("b", None, capabilities=("audio", "ptz"))])  # fmt: skip
    assert attribute(about, "a", "b").capabilities == ("audio", "ptz")


# ------------------------------------------------------------------------------- memory


def test_a_profile_that_was_met_is_answered_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    about = made([signature("s", "alpha", BADGE), signature("t", "beta", BADGE)])
    attributor = Attributor(about)
    monkeypatch.setattr(Attributor, "MAX_PROFILES", 1)
    calls: list[Any] = []
    conclude = attributor._conclude

    def counted(*args: Any) -> Any:
        calls.append(args)
        return conclude(*args)

    monkeypatch.setattr(attributor, "_conclude", counted)
    first = [attributor.attribute([evidence(about, "s")]) for _ in range(3)]
    assert len(calls) == 1
    assert first[0] == first[2]
    attributor.attribute([evidence(about, "t")])
    assert attributor.attribute([evidence(about, "s")]) == first[0]
    assert len(calls) == 3  # full: all is forgotten, and still right
