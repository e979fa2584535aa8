"""What became of a device between two scans; "gone" needs to have been asked."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.estate.compare import Change, Difference, Look, compare
from camaudit.model.ids import DeviceId
from camaudit.model.scan import Reach

D = DeviceId("D-1")
E = DeviceId("D-2")


def look(*addresses: str, **fields: str) -> Look:
    told = {name.replace("__", "."): frozenset({value}) for name, value in fields.items()}
    return Look(addresses=frozenset(addresses), fields=told)


def diff(
    before: Mapping[DeviceId, Look],
    after: Mapping[DeviceId, Look],
    earlier: frozenset[DeviceId] = frozenset(),
    reach: Mapping[str, Reach] | None = None,
) -> tuple[Difference, ...]:
    return compare(before, after, earlier, (reach or {}).get)


def test_a_device_never_seen_is_new_and_one_seen_long_ago_is_back() -> None:
    (new,) = diff({}, {D: look("192.0.2.1")})
    (back,) = diff({}, {D: look("192.0.2.1")}, earlier=frozenset({D}))
    assert (new.change, back.change) == (Change.NEW, Change.BACK)
    assert new.addresses == ("192.0.2.1",)


@pytest.mark.parametrize(
    ("reach", "change"),
    [
        (Reach.SILENT, Change.GONE),
        (Reach.PRESENT, Change.GONE),
        (Reach.SKIPPED, Change.NOT_LOOKED_FOR),
        (Reach.FILTERED, Change.NOT_LOOKED_FOR),
        (Reach.STOPPED, Change.NOT_LOOKED_FOR),
        (None, Change.NOT_LOOKED_FOR),
    ],
)
def test_gone_needs_to_have_been_asked(reach: Reach | None, change: Change) -> None:
    asked = {} if reach is None else {"192.0.2.1": reach}
    (found,) = diff({D: look("192.0.2.1")}, {}, reach=asked)
    assert found.change is change


def test_one_address_that_was_not_asked_leaves_it_open() -> None:
    (found,) = diff({D: look("192.0.2.1", "192.0.2.2")}, {}, reach={"192.0.2.1": Reach.SILENT})
    assert found.change is Change.NOT_LOOKED_FOR
    assert "192.0.2.2: not asked" in found.says


def test_another_device_at_the_address_is_said() -> None:
    found = diff(
        {D: look("192.0.2.1")}, {E: look("192.0.2.1")}, reach={"192.0.2.1": Reach.ANSWERED}
    )
    assert [(each.device, each.change) for each in found] == [(E, Change.NEW), (D, Change.REPLACED)]
    assert found[1].says == ("its address now answers as D-2",)


def test_a_device_at_another_address_has_moved_and_may_have_changed_too() -> None:
    found = diff(
        {D: look("192.0.2.1", sadp__SoftwareVersion="V5.5.0")},
        {D: look("192.0.2.9", sadp__SoftwareVersion="V5.7.1")},
    )
    assert [each.change for each in found] == [Change.MOVED, Change.CHANGED]
    assert found[0].says == ("was at 192.0.2.1",)
    assert found[1].says == ("sadp.SoftwareVersion: V5.5.0 → V5.7.1",)


def test_a_second_address_is_no_move_and_a_field_seen_once_is_no_change() -> None:
    assert (
        diff(
            {D: look("192.0.2.1", http__title="a")},
            {D: look("192.0.2.1", "192.0.2.2", rtsp__server="b")},
        )
        == ()
    )


looks = st.dictionaries(
    st.sampled_from([D, E, DeviceId("D-3")]),
    st.builds(look, st.sampled_from(["192.0.2.1", "192.0.2.2"]), http__title=st.sampled_from("ab")),
)


@given(looks, looks)
def test_each_device_of_either_scan_is_accounted_for(
    before: dict[DeviceId, Look], after: dict[DeviceId, Look]
) -> None:
    found = diff(before, after)
    told = {each.device for each in found}
    assert before.keys() ^ after.keys() <= told <= before.keys() | after.keys()
    assert all(before[d] == after[d] for d in (before.keys() & after.keys()) - told)
    assert diff(before, before) == ()
