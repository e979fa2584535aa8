"""Laws of attribution: evidence for a maker never speaks against it, and order never shows."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from camaudit.attribution import Attributor
from camaudit.attribution.weigh import Weighed, posterior, support
from camaudit.model.attribution import Attribution, Evidence
from camaudit.model.packs import Signature
from camaudit.model.words import Aspect, Confidence, Firmness
from tests.small_packs import FIELDS, brand, evidence, maker, packs, signature, tie, words

MAKERS = ("alpha", "beta", "gamma", "label")
ASPECTS = (Aspect.BADGE, Aspect.FIRMWARE, Aspect.HARDWARE)
CONFIDENCES = (Confidence.VERIFIED, Confidence.REPORTED)
WEIGHTS = tuple(weight.id for weight in words().weights)


def _name(of: str, aspect: Aspect, weight: str, confidence: Confidence) -> str:
    return f"{of}-{aspect}-{weight}-{confidence}"


SIGNATURES: tuple[Signature, ...] = tuple(
    signature(_name(*each), each[0], each[1], weight=each[2], confidence=each[3])
    for each in product(MAKERS, ASPECTS, WEIGHTS, CONFIDENCES)
)
PACKS = packs(
    [maker("alpha"), maker("beta"), maker("gamma"), brand("label", tie("alpha", Firmness.FIRM))],
    SIGNATURES,
)
BANDS = sorted(band.at_least for band in words().bands)
signals = st.builds(
    lambda at, field: evidence(PACKS, SIGNATURES[at].id, field),
    st.integers(0, len(SIGNATURES) - 1),
    st.sampled_from(FIELDS),
)
many = st.lists(signals, max_size=8)


def share(found: Attribution, aspect: Aspect, name: str | None) -> float:
    return max((e.confidence for e in found.aspects if (e.aspect, e.maker) == (aspect, name)),
               default=0.0)  # fmt: skip


def band(confidence: float | None) -> int:
    return sum((confidence or 0.0) >= bound for bound in BANDS)


def plus(each: Evidence) -> tuple[Aspect, str | None, str]:
    about = PACKS.signatures[each.signature]
    return about.proves[0], about.maker, about.weight


def test_there_is_a_signature_for_every_case() -> None:
    assert len(SIGNATURES) == 4 * 3 * 5 * 2


@given(many, signals)
def test_more_evidence_for_a_maker_never_lowers_its_probability(
    before: list[Evidence], more: Evidence
) -> None:
    aspect, name, _ = plus(more)
    if name == "label":
        return  # a brand outranks its maker on the badge, so the badge's best may change hands
    attributor = Attributor(PACKS)
    one, two = attributor.attribute(before), attributor.attribute([*before, more])
    if share(one, aspect, name):
        assert share(two, aspect, name) >= share(one, aspect, name)
    if one.maker == name and aspect is not Aspect.BADGE:
        assert two.maker == name
        assert band(two.maker_confidence) >= band(one.maker_confidence)


@given(st.data(), many)
def test_the_order_of_signals_never_shows(data: st.DataObject, given_: list[Evidence]) -> None:
    """Answers are equal to the last bit; conflicts point at the same signals."""
    shuffled = data.draw(st.permutations(given_))
    one, two = Attributor(PACKS).attribute(given_), Attributor(PACKS).attribute(shuffled)
    for name in ("kind", "maker", "maker_aspect", "maker_confidence", "aspects", "brand", "clean"):
        assert getattr(one, name) == getattr(two, name)
    assert [
        (c.aspect, c.makers, sorted(given_[at].signature for at in c.evidence))
        for c in one.conflicts
    ] == [
        (c.aspect, c.makers, sorted(shuffled[at].signature for at in c.evidence))
        for c in two.conflicts
    ]


@given(many)
def test_saying_it_twice_adds_nothing(given_: list[Evidence]) -> None:
    attributor = Attributor(PACKS)
    once, twice = attributor.attribute(given_), attributor.attribute(given_ * 2)
    assert once.aspects == twice.aspects
    assert once.maker_confidence == twice.maker_confidence


@given(many, signals)
def test_within_a_group_only_the_strongest_counts(before: list[Evidence], more: Evidence) -> None:
    """A weaker signal for the same answer, of the same group and worth, changes nothing."""
    about = PACKS.signatures[more.signature]
    weaker = [
        evidence(
            PACKS, _name(str(about.maker), about.proves[0], weight, about.confidence), more.field
        )
        for weight in WEIGHTS[: WEIGHTS.index(about.weight)]
    ]
    attributor = Attributor(PACKS)
    one = attributor.attribute([*before, more])
    two = attributor.attribute([*before, more, *weaker])
    assert one.aspects == two.aspects


@given(many)
def test_probabilities_are_probabilities_and_no_maker_is_named_below_a_half(
    given_: list[Evidence],
) -> None:
    found = Attributor(PACKS).attribute(given_)
    for each in found.aspects:
        assert 0.5 <= each.confidence < 1.0
    assert (found.maker is None) == (found.maker_confidence is None) == (found.maker_aspect is None)
    assert found.maker_confidence is None or 0.5 <= found.maker_confidence < 1.0


weighed = st.lists(
    st.builds(
        Weighed,
        st.sampled_from("abc"),
        st.sampled_from(["g", "h", "i"]),
        st.floats(-8, 8, allow_nan=False),
        st.booleans(),
    ),
    max_size=8,
)


@given(st.data(), weighed)
def test_weighing_is_exact(data: st.DataObject, given_: list[Weighed[str]]) -> None:
    """Sums of weights are the same to the last bit in every order of the signals."""
    shuffled = data.draw(st.permutations(given_))
    assert support(given_) == support(shuffled)
    for rivals in (lambda _a, _b: True, lambda _a, _b: False):
        one = posterior(given_, -1.386, 0.9499, rivals)
        assert one == posterior(shuffled, -1.386, 0.9499, rivals)
        assert all(0.0 <= each < 1.0 for each in one.values())


@given(weighed)
def test_rivals_never_share_more_than_there_is(given_: list[Weighed[str]]) -> None:
    shares = posterior(given_, -1.386, 1.0, lambda _a, _b: True)
    assert sum(shares.values()) <= 1.0 + 1e-9
