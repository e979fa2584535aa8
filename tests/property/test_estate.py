"""Laws of resolving: no order shows, ids stay, and unlike things stay apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from camaudit.estate import Files, Subject, resolve
from camaudit.model.estate import Resolution
from camaudit.model.judgement import Judgement
from tests.subjects import DEPOT, HQ, minted, resolved

MACS = tuple(f"02:00:00:00:00:{at:02x}" for at in range(4))


def some(words: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), max_size=2, unique=True).map(tuple)


def rows(file: str) -> st.SearchStrategy[list[Subject]]:
    each = st.builds(
        Subject,
        name=st.just(""),
        macs=some(MACS),
        asset_ids=some(("A1", "a1", "A2", "A3")),
        sites=st.sampled_from(((), ("HQ",), ("DEPOT",), ("Annexe",))),
        addresses=some(("10.1.0.5", "10.1.0.6", "10.2.0.5")),
    )

    def named(found: list[Subject]) -> list[Subject]:
        for at, subject in enumerate(found):
            subject.name = f"{file}/{at}"
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
