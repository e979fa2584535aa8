"""Laws of firmware versions: an order where it can be told, and never an exception."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from camaudit.attribution.versions import Version, is_less, read_version

MAKERS = (None, "hikvision", "dahua", "uniview", "xiongmai", "tvt", "reolink", "axis")
NUMBERS = st.integers(0, 2)
DAYS = st.sampled_from(["", "160101", "160102", "991399"])

#: Few numbers and few days, so that equal numbers with and without builds do meet.
WRITTEN = st.one_of(
    st.builds("V5.{}.{}".format, NUMBERS, NUMBERS),
    st.builds("V5.{}.{} build {}".format, NUMBERS, NUMBERS, DAYS.filter(bool)),
    st.builds("2.80{}.{}.{}.R".format, NUMBERS, st.sampled_from(["0000000", "AC00"]), NUMBERS),
    st.builds("2.80{}.0000000.{}.R.{}".format, NUMBERS, NUMBERS, DAYS.filter(bool)),
    st.builds("DIPC-B1211.{}.{}.{}".format, NUMBERS, NUMBERS, DAYS.filter(bool)),
    st.builds("V5.0{}.R0{}.000{}".format, NUMBERS, NUMBERS, NUMBERS),
    st.builds("5.{}.{}({})".format, NUMBERS, NUMBERS, NUMBERS),
    st.builds("v3.0.0.{}_2012110{}".format, NUMBERS, NUMBERS),
    st.builds("{}.{}".format, NUMBERS, NUMBERS),
)
BUILT = st.sampled_from([None, date(2016, 1, 1), date(2016, 1, 2)])


def read(maker: str | None, text: str, built: date | None) -> Version:
    return read_version(text, maker, built)


@st.composite
def of_one_maker(draw: st.DrawFn, count: int) -> list[Version]:
    maker = draw(st.sampled_from(MAKERS))
    return [read(maker, draw(WRITTEN), draw(BUILT)) for _ in range(count)]


@given(st.text(), st.sampled_from(MAKERS), BUILT)
def test_any_text_is_a_version_not_less_than_itself(
    text: str, maker: str | None, built: date | None
) -> None:
    found = read_version(text, maker, built)
    assert is_less(found, found) is False


@given(st.binary(), st.binary(), st.sampled_from(MAKERS))
def test_any_two_texts_are_compared_without_a_fault(one: bytes, other: bytes, maker: str) -> None:
    left = read_version(one.decode("utf-8", "surrogateescape"), maker)
    right = read_version(other.decode("latin-1"), maker)
    assert is_less(left, right) in (True, False, None)


@given(of_one_maker(2))
def test_two_are_never_less_than_each_other(two: list[Version]) -> None:
    one, other = two
    there, back = is_less(one, other), is_less(other, one)
    assert (there is None) == (back is None)
    assert not (there and back)
    if there is False and back is False:
        assert one == other


@given(of_one_maker(3))
def test_earlier_than_the_earlier_is_earlier(three: list[Version]) -> None:
    for one, two, three_ in product(three, repeat=3):
        if is_less(one, two) and is_less(two, three_):
            assert is_less(one, three_) is True
        if is_less(two, one) is False and is_less(three_, two) is False:
            assert is_less(three_, one) is False
