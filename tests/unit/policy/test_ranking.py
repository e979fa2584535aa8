"""Observations in the order of what they settle for their cost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from camaudit.policy import ranking
from camaudit.policy.ranking import Bundle, Observation, rank

A, B, C = (Observation(fact=name, place="here") for name in "abc")


def waiting(*counts: tuple[str, int]) -> dict[Bundle, int]:
    by_name = {"a": A, "b": B, "c": C}
    return {frozenset(by_name[each] for each in names): count for names, count in counts}


def told(found: list[ranking.Ranked]) -> list[tuple[str, int, int]]:
    return [(each.observation.fact, each.alone, each.after) for each in found]


def test_what_settles_more_for_its_cost_comes_first() -> None:
    open_ = waiting(("a", 10), ("b", 9), ("c", 2))
    assert told(rank(open_, {A: 10.0, B: 3.0, C: 1.0}, 9)) == [
        ("b", 9, 9),
        ("c", 2, 2),
        ("a", 10, 10),
    ]


def test_of_two_that_are_worth_the_same_the_cheaper_comes_first() -> None:
    assert told(rank(waiting(("a", 10), ("c", 1)), {A: 10.0, C: 1.0}, 9)) == [
        ("c", 1, 1),
        ("a", 10, 10),
    ]


def test_after_those_above_it_more_may_be_settled_than_alone() -> None:
    """Three wait for b alone and five for a and b; once a is known, b settles all eight."""
    open_ = waiting(("a", 20), ("b", 3), ("ab", 5))
    assert told(rank(open_, {A: 1.0, B: 1.0}, 9)) == [("a", 20, 20), ("b", 3, 8)]


def test_what_only_settles_together_is_one_step() -> None:
    """No single observation settles anything: the cheaper pair is taken, then what is left."""
    open_ = waiting(("ab", 4), ("bc", 4))
    assert told(rank(open_, {A: 1.0, B: 1.0, C: 5.0}, 9)) == [
        ("a", 0, 0),
        ("b", 0, 4),
        ("c", 0, 4),
    ]


def test_a_pair_beats_a_single_one_where_it_settles_more_for_its_cost() -> None:
    assert told(rank(waiting(("ab", 9), ("c", 4)), {A: 1.0, B: 1.0, C: 1.0}, 9)) == [
        ("a", 0, 0),
        ("b", 0, 9),
        ("c", 4, 4),
    ]


def test_there_is_an_end_to_it() -> None:
    open_ = waiting(("a", 3), ("b", 2), ("c", 1))
    assert told(rank(open_, {A: 1.0, B: 1.0, C: 1.0}, 2)) == [("a", 3, 3), ("b", 2, 2)]
    assert rank({}, {}, 5) == []
    assert rank({frozenset(): 3}, {}, 5) == []


names = st.sampled_from("abcdefgh")
bundles = st.dictionaries(
    st.frozensets(names, min_size=1, max_size=8), st.integers(1, 9), max_size=8
)


@given(bundles, st.dictionaries(names, st.sampled_from([1.0, 10.0, 80.0])))
def test_in_the_end_all_is_settled_and_each_first_step_is_the_best(
    given_bundles: dict[frozenset[str], int], some: dict[str, float]
) -> None:
    one = {name: Observation(fact=name, place="") for name in "abcdefgh"}
    open_ = {frozenset(one[each] for each in bundle): n for bundle, n in given_bundles.items()}
    costs = {each: some.get(name, 10.0) for name, each in one.items()}
    found = rank(open_, costs, 100)
    assert sum(each.after for each in found) == sum(open_.values())
    assert len({each.observation for each in found}) == len(found)
    known: set[Observation] = set()
    for each in found:
        before = sum(n for bundle, n in open_.items() if bundle <= known)
        known.add(each.observation)
        assert each.after == sum(n for bundle, n in open_.items() if bundle <= known) - before
        assert each.alone == open_.get(frozenset([each.observation]), 0)
    if found:  # the first step is the set, of those that verdicts wait for, that is worth most
        worth = {
            bundle: sum(n for other, n in open_.items() if other <= bundle)
            / sum(costs[each] for each in bundle)
            for bundle in open_
        }
        starts = [frozenset(each.observation for each in found[:n]) for n in range(1, 9)]
        assert max(worth[start] for start in starts if start in worth) == max(worth.values())
