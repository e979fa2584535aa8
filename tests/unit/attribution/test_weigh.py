"""camaudit.attribution.weigh: log odds that add across groups."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from camaudit.attribution.weigh import CEILING, Kept, Weighed, posterior, support

PRIOR = math.log(1 / 4)
CAP = 0.9


def says(name: str, group: str, odds: float, *, verified: bool = True) -> Weighed[str]:
    return Weighed(name, group, odds, verified)


def rivals(_one: str, _other: str) -> bool:
    return True


def friends(_one: str, _other: str) -> bool:
    return False


def test_weights_add_across_groups_and_the_strongest_counts_within_one() -> None:
    signals = [says("a", "http", 2.0), says("a", "http", 3.0), says("a", "rtsp", 1.0)]
    assert support(signals) == {"a": 4.0}


def test_within_a_group_the_strongest_for_and_the_strongest_against_count() -> None:
    signals = [
        says("a", "http", 3.0),
        says("a", "http", -1.0),
        says("a", "http", -2.0),
        says("a", "http", 1.0),
    ]
    assert support(signals) == {"a": 1.0}


def test_a_sum_does_not_show_the_order_of_its_parts() -> None:
    """1e16 + 1 - 1e16 is 0 in one order and 1 in another, unless it is summed exactly."""
    odds = [1e16, 1.0, -1e16]
    signals = [says("a", f"g{at}", each) for at, each in enumerate(odds)]
    assert support(signals)["a"] == support(signals[::-1])["a"] == 1.0


def test_one_name_alone_against_somebody_else() -> None:
    """Prior odds 1 to 4 and odds 4 to 1 in favour: as likely as not."""
    assert posterior([says("a", "g", math.log(4))], PRIOR, CAP, rivals)["a"] == pytest.approx(0.5)


def test_rivals_share_what_there_is() -> None:
    even = [says("a", "g", math.log(4)), says("b", "g", math.log(4))]
    assert posterior(even, PRIOR, CAP, rivals) == pytest.approx({"a": 1 / 3, "b": 1 / 3})


def test_tied_names_take_nothing_from_each_other() -> None:
    even = [says("a", "g", math.log(4)), says("b", "g", math.log(4))]
    assert posterior(even, PRIOR, CAP, friends) == pytest.approx({"a": 0.5, "b": 0.5})


def test_nothing_is_certain_and_nothing_overflows() -> None:
    assert posterior([says("a", "g", 1e6)], PRIOR, CAP, rivals) == {"a": CEILING}


def test_no_signal_says_nothing() -> None:
    assert posterior([], PRIOR, CAP, rivals) == {}


@pytest.mark.parametrize(
    ("verified", "reported", "expected"),
    [
        (None, math.log(4), 0.5),  # below the cap nothing is cut
        (None, math.log(4 * 99), CAP),  # .99 by hearsay
        (math.log(4 * 4), math.log(4 * 99), CAP),  # .80 verified, more by hearsay
        (math.log(4 * 19), math.log(4 * 99), 0.95),  # .95 verified: hearsay adds nothing
    ],
)
def test_hearsay_never_lifts_an_answer_above_the_cap(
    verified: float | None, reported: float, expected: float
) -> None:
    signals = [says("a", "hearsay", reported, verified=False)]
    if verified is not None:
        signals.append(says("a", "seen", verified))
    assert posterior(signals, PRIOR, CAP, rivals)["a"] == pytest.approx(expected)


def test_equal_signals_have_one_number_and_a_set_is_weighed_once() -> None:
    calls: list[int] = []

    def count(signals: Sequence[Weighed[str]]) -> int:
        calls.append(1)
        return len(signals)

    kept = Kept[str, int](count)
    one, same = kept.number(says("a", "g", 1.0)), kept.number(says("a", "g", 1.0))
    two = kept.number(says("b", "g", 1.0))
    assert one == same != two
    assert kept([one, two]) == kept([two, one, one]) == 2
    assert len(calls) == 1


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Kept, "MAX_KEPT", 1)
    calls: list[int] = []

    def count(signals: Sequence[Weighed[str]]) -> int:
        calls.append(1)
        return len(signals)

    kept = Kept[str, int](count)
    one, two = kept.number(says("a", "g", 1.0)), kept.number(says("b", "g", 1.0))
    for numbers in ([one], [two], [one], [two]):
        assert kept(numbers) == 1
    assert len(calls) == 3
