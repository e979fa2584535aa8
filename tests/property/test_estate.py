"""Laws of resolving: no order shows, ids stay, and unlike things stay apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from camaudit.estate import Files, Subject, identify, resolve
from camaudit.estate.clusters import Cluster
from camaudit.estate.keys import find_keys
from camaudit.estate.places import Places
from camaudit.estate.rulings import Sides, merge_body
from camaudit.model.estate import Resolution
from camaudit.model.judgement import Judgement
from camaudit.model.words import JudgementKind
from tests.subjects import DEPOT, HQ, judgement, minted, resolved

SERIALS = ("E12849307", "F55120984", "K20391847")
FIELDS = ("onvif.serial", "sadp.DeviceSN", "inventory.serial")
TIMES = (None, *(datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 5)))
MACS = tuple(f"02:00:00:00:00:{at:02x}" for at in range(4))


def some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), max_size=2, unique=True).map(tuple)


def pairs(
    fields: tuple[str, ...], words: tuple[str, ...]
) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    each = st.tuples(st.sampled_from(fields), st.sampled_from(words))
    return st.lists(each, max_size=2, unique=True).map(tuple)


def rows(file: str) -> st.SearchStrategy[list[Subject]]:
    each = st.builds(
        Subject,
        name=st.just(""),
        macs=some(MACS),
        asset_ids=some(("A1", "a1", "A2", "A3")),
        sites=st.sampled_from(((), ("HQ",), ("DEPOT",), ("Annexe",))),
        addresses=some(("10.1.0.5", "10.1.0.6", "10.2.0.5")),
        serials=pairs(FIELDS, SERIALS),
        models=pairs(("onvif.model",), ("M1", "M2")),
        uuids=pairs(("upnp.udn",), ("8f1c4a60-0001", "8f1c4a60-0002")),
        first_seen=st.sampled_from(TIMES),
    )

    def named(found: list[Subject]) -> list[Subject]:
        for at, subject in enumerate(found):
            subject.name = f"{file}/{at}"
            subject.last_seen = subject.first_seen
        return found

    return st.lists(each, max_size=4).map(named)


files = st.tuples(rows("a"), rows("b"), rows("c"))
estates = files.map(lambda each: [subject for found in each for subject in found])


def by_order(subjects: list[Subject], judgements: list[Judgement]) -> Resolution:
    """Resolve with the dictionary in just this order."""
    return resolve({s.name: s for s in subjects}, judgements, (HQ, DEPOT), Files())


@given(st.data(), estates)
def test_the_order_of_the_input_never_shows(data: st.DataObject, estate: list[Subject]) -> None:
    shuffled = data.draw(st.permutations(estate))
    assert by_order(estate, []) == by_order(shuffled, [])


@given(estates)
def test_resolving_again_changes_nothing(estate: list[Subject]) -> None:
    first = resolved(estate)
    again = resolved(estate, minted(first))
    assert again.devices == first.devices
    assert again.to_mint == ()
    assert again.absorbed == {}


@given(estates)
def test_every_subject_is_in_exactly_one_device(estate: list[Subject]) -> None:
    found = resolved(estate)
    members = [name for device in found.devices for name in device.subjects]
    assert sorted(members) == sorted(subject.name for subject in estate)
    assert len({device.id for device in found.devices}) == len(found.devices)
    for device in found.devices:
        assert {found.device_of[name] for name in device.subjects} <= {device.id}


@given(estates)
def test_what_shares_a_device_shares_a_chain_of_keys(estate: list[Subject]) -> None:
    """A device of several subjects has no member that nothing joins to the others."""
    found = resolved(estate)
    known = {each.device: each.anchors for each in found.to_mint}
    for device in found.devices:
        keys = [key for key in known[device.id] if not key.startswith("subject:")]
        assert len(device.subjects) == 1 or keys


@given(st.data(), files)
def test_each_id_that_was_given_still_names_a_device(
    data: st.DataObject, given_: tuple[list[Subject], ...]
) -> None:
    """File after file, in any order: an id names its device or leads to the one it became."""
    judgements: list[Judgement] = []
    estate: list[Subject] = []
    for file in data.draw(st.permutations(given_)):
        estate = estate + file
        found = resolved(estate, judgements)
        judgements += minted(found)
        now = {device.id for device in found.devices}
        given_ids = {each.subject for each in judgements}
        assert now <= given_ids
        assert {found.current(each) for each in given_ids} == now  # type: ignore[arg-type]


@given(files)
def test_files_of_other_devices_rename_nothing(given_: tuple[list[Subject], ...]) -> None:
    """What has no key in common with a device never changes its id."""
    first = resolved(given_[0])
    judgements = minted(first)
    others = [Subject(name=f"z/{at}", macs=(f"02:ff:00:00:00:{at:02x}",)) for at in range(3)]
    later = resolved([*given_[0], *others], judgements)
    assert {name: later.device_of[name] for name in first.device_of} == first.device_of


def hangs_together(sets: Iterable[Iterable[str]]) -> bool:
    """Tell whether sets that are not empty lead from each to each by what they have in common."""
    parts: list[set[str]] = []
    for each in filter(None, map(set, sets)):
        touched = [part for part in parts if part & each]
        parts = [part for part in parts if not part & each] + [each.union(*touched)]
    return len(parts) <= 1


@given(estates)
def test_no_device_contradicts_itself(estate: list[Subject]) -> None:
    """Of different MACs, assets or serial numbers in one field, a member has to bear both."""
    found = identify({s.name: s for s in estate}, [], (HQ, DEPOT), Files())
    for members in found.clusters:
        keys = [found.keys.of[subject.name] for subject in members]
        for kind in ("mac:", "asset:"):
            assert hangs_together({key for key in mine if key.startswith(kind)} for mine in keys)
        told = [found.keys.serials.get(subject.name, {}) for subject in members]
        for field in FIELDS:
            assert hangs_together(each.get(field, ()) for each in told)


@given(estates)
def test_a_contradiction_holds_both_ways(estate: list[Subject]) -> None:
    keys = find_keys(estate, Places((HQ, DEPOT), Files()))
    clusters = [Cluster(subject, keys, Sides(())) for subject in estate]
    for one in clusters:
        for other in clusters:
            for weak in (False, True):
                assert one.may_be(other, weak=weak) == other.may_be(one, weak=weak)


@given(st.data(), estates)
def test_a_merge_holds_and_undoing_it_gives_both_ids_back(
    data: st.DataObject, estate: list[Subject]
) -> None:
    first = resolved(estate)
    if len(first.devices) < 2:  # there is nothing to merge
        return
    judgements = minted(first)
    names = [device.id for device in first.devices]
    a, b = data.draw(st.permutations(names))[:2]
    merged = replace(
        judgement(JudgementKind.MERGED, a, **merge_body(first.devices, (a, b), "r")), seq=1
    )
    after = resolved(estate, [*judgements, merged])
    assert after.current(a) == after.current(b) == a
    later = [*judgements, merged, *minted(after)]
    assert resolved(estate, later).devices == after.devices
    assert resolved(estate, later).to_mint == ()
    undo = judgement(JudgementKind.UNDONE, a, seq=1, reason="r")
    assert resolved(estate, [*later, undo]).device_of == first.device_of
