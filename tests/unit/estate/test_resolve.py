"""camaudit.estate.resolve and naming: what is one device, and that its id stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from camaudit.estate import Files
from camaudit.estate.naming import Known, name_devices
from camaudit.model.ids import DeviceId
from camaudit.model.words import JudgementKind
from tests.subjects import (
    AT,
    M1,
    M2,
    M3,
    groups,
    judgement,
    minted,
    only,
    resolved,
    subject,
)


def together(*names: str) -> frozenset[str]:
    return frozenset(names)


# ---------------------------------------------------------------------------- the keys


@pytest.mark.parametrize(
    "key",
    [
        {"macs": M1},
        {"asset_ids": "CAM-1"},
        {"sites": "HQ", "addresses": "10.1.0.5"},
        {"addresses": "10.1.0.5"},  # the site by its network
        {"sites": "Not in the estate", "addresses": "10.9.9.9"},
    ],
)
def test_each_of_the_three_keys_joins_two_files(key: dict[str, str]) -> None:
    assert groups(resolved([subject("a/1", **key), subject("b/7", **key)])) == {
        together("a/1", "b/7")
    }


def test_an_asset_id_counts_in_any_case() -> None:
    two = [subject("a/1", asset_ids="cam-1"), subject("b/1", asset_ids="CAM-1")]
    assert len(resolved(two).devices) == 1


def test_an_address_without_a_site_joins_nothing() -> None:
    two = [subject("a/1", addresses="192.0.2.1"), subject("b/1", addresses="192.0.2.1")]
    assert len(resolved(two).devices) == 2


def test_the_same_address_space_at_two_sites_stays_apart() -> None:
    two = [
        subject("a/1", sites="HQ", addresses="192.168.1.64"),
        subject("b/1", sites="DEPOT", addresses="192.168.1.64"),
    ]
    assert len(resolved(two).devices) == 2


def test_one_device_with_three_addresses_and_one_mac_is_one() -> None:
    three = [
        subject(f"scan/{at}", macs=M1, sites="HQ", addresses=f"10.1.0.{at}") for at in (1, 2, 3)
    ]
    device = only(resolved(three))
    assert device.addresses == ("10.1.0.1", "10.1.0.2", "10.1.0.3")
    assert device.macs == (M1,)


def test_another_unit_at_the_same_address_is_another_device() -> None:
    two = [
        subject("a/1", macs=M1, sites="HQ", addresses="10.1.0.5"),
        subject("b/1", macs=M2, sites="HQ", addresses="10.1.0.5"),
    ]
    assert len(resolved(two).devices) == 2


def test_two_asset_ids_at_one_address_are_two_register_entries() -> None:
    """Analogue cameras are often listed under their recorder's address."""
    two = [
        subject(f"a/{at}", asset_ids=f"CAM-{at}", sites="HQ", addresses="10.1.0.5") for at in (1, 2)
    ]
    assert len(resolved(two).devices) == 2


def test_a_mac_of_rows_with_different_asset_ids_is_a_placeholder() -> None:
    rows = [subject(f"a/{at}", macs=M1, asset_ids=f"CAM-{at}", sites="HQ") for at in range(40)]
    found = resolved([*rows, subject("b/1", macs=M1)])
    assert len(found.devices) == 41
    assert not any(anchor.startswith("mac:") for each in found.to_mint for anchor in each.anchors)


def test_a_mac_that_one_file_gives_at_two_sites_is_a_placeholder() -> None:
    rows = [subject("a/1", macs=M1, sites="HQ"), subject("a/2", macs=M1, sites="DEPOT")]
    assert len(resolved(rows).devices) == 2


def test_a_mac_seen_at_two_sites_by_two_files_is_one_device_that_moved() -> None:
    rows = [subject("a/1", macs=M1, sites="HQ"), subject("b/2", macs=M1, sites="DEPOT")]
    device = only(resolved(rows))
    assert device.site == "DEPOT"
    assert device.remarks == ("is said to be at several sites: DEPOT, HQ",)


def test_rows_of_one_asset_in_two_spellings_do_not_make_its_mac_a_placeholder() -> None:
    rows = [subject("a/1", macs=M1, asset_ids="cam-1"), subject("a/2", macs=M1, asset_ids="CAM-1")]
    assert len(resolved(rows).devices) == 1


def test_an_asset_id_that_one_file_uses_at_two_sites_counts_per_site() -> None:
    rows = [
        subject("a/1", asset_ids="1", sites="HQ"),
        subject("a/2", asset_ids="1", sites="DEPOT"),
        subject("b/1", asset_ids="1", sites="HQ"),
    ]
    assert groups(resolved(rows)) == {together("a/1", "b/1"), together("a/2")}


def test_a_key_never_joins_what_a_stronger_one_keeps_apart() -> None:
    """Two MACs under one asset id: a unit was replaced and its label moved over."""
    rows = [subject("a/1", macs=M1, asset_ids="1"), subject("b/1", macs=M2, asset_ids="1")]
    assert len(resolved(rows).devices) == 2


def test_what_fits_a_later_group_is_joined_with_that_one() -> None:
    """The first holder of an address is another device; the other two are one."""
    here = {"sites": "HQ", "addresses": "10.1.0.5"}
    rows = [
        subject("a/1", macs=M1, asset_ids="1", **here),
        subject("b/1", asset_ids="2", **here),
        subject("c/1", macs=M3, **here),
    ]
    assert groups(resolved(rows)) == {together("a/1"), together("b/1", "c/1")}


def test_joining_goes_through_a_third() -> None:
    rows = [
        subject("register/1", asset_ids="1", sites="HQ", addresses="10.1.0.5"),
        subject("scan/1", macs=M1, sites="HQ", addresses="10.1.0.5"),
        subject("signals/1", macs=M1),
        subject("sighting/1", asset_ids="1"),
    ]
    assert len(resolved(rows).devices) == 1


def test_a_placeholder_key_of_very_many_devices_joins_nothing_that_is_apart() -> None:
    rows = [
        subject(f"a/{at}", macs=f"02:00:00:00:{at:02x}:00", asset_ids="spare") for at in range(40)
    ]
    assert len(resolved(rows).devices) == 40


def test_nothing_resolves_to_nothing() -> None:
    assert resolved([]).devices == ()


def test_sites_that_the_estate_does_not_know_are_counted() -> None:
    rows = [subject("a/1", sites="Annexe"), subject("a/2", sites="Annexe"), subject("a/3")]
    found = resolved(rows)
    assert found.unknown_sites == (("Annexe", 2),)
    assert [device.site_text for device in found.devices].count("Annexe") == 2


# ------------------------------------------------------------------------------- the ids


def test_an_id_is_short_and_readable_and_kept_with_all_that_it_is_known_by() -> None:
    found = resolved([subject("a/1", macs=M1, asset_ids="CAM-1", addresses="10.1.0.5")])
    [mint] = found.to_mint
    assert len(mint.device) == 10
    assert mint.device.startswith("D-")
    assert mint.anchors == (
        f"mac:{M1}", "asset:cam-1", "site:HQ/10.1.0.5", "subject:a/1",
    )  # fmt: skip


def test_the_secret_decides_which_id_so_that_it_cannot_be_guessed_back() -> None:
    anchors = [[f"mac:{M1}"]]
    names = {name_devices(anchors, Known([]), secret).ids[0] for secret in (b"", b"one", b"two")}
    assert len(names) == 3


def test_ids_that_would_be_the_same_get_longer() -> None:
    [name] = name_devices([[f"mac:{M1}"]], Known([]), b"").ids
    taken = judgement(JudgementKind.DEVICE_MINTED, name, anchors=["mac:other"])
    [other] = name_devices([[f"mac:{M1}"]], Known([taken]), b"").ids
    assert other != name
    assert other.startswith(name)
    assert len(other) == len(name) + 1


def test_a_minted_id_is_found_again_and_minted_no_more() -> None:
    one = [subject("a/1", macs=M1, asset_ids="1", addresses="10.1.0.5")]
    first = resolved(one)
    again = resolved(one, minted(first))
    assert again.devices == first.devices
    assert again.to_mint == ()


@pytest.mark.parametrize(
    "again",
    [
        {"macs": M1},
        {"asset_ids": "1", "macs": []},
        {"sites": "HQ", "addresses": "10.1.0.5"},
    ],
)
def test_any_anchor_finds_a_device_again(again: dict[str, str]) -> None:
    first = resolved([subject("a/1", macs=M1, asset_ids="1", addresses="10.1.0.5")])
    later = resolved([subject("other/9", **again)], minted(first))
    assert only(later).id == only(first).id


def test_the_same_row_read_with_another_mapping_is_the_same_device() -> None:
    """Nothing but the row's place is left of what it was known by."""
    first = resolved([subject("a/1", asset_ids="wrong column")])
    later = resolved([subject("a/1", asset_ids="1")], minted(first))
    assert only(later).id == only(first).id


@pytest.mark.parametrize("file", ["0-before", "z-after"])
def test_the_unit_put_in_anothers_place_never_takes_over_its_id(file: str) -> None:
    """However the files are called that they stand in."""
    old = subject("m/1", macs=M1, sites="HQ", addresses="10.1.0.5")
    first = resolved([old])
    later = resolved(
        [old, subject(f"{file}/1", macs=M2, sites="HQ", addresses="10.1.0.5")], minted(first)
    )
    assert later.device_of["m/1"] == only(first).id
    assert later.device_of[f"{file}/1"] != only(first).id


def test_ids_stay_while_more_becomes_known() -> None:
    rows = [
        subject("b/1", asset_ids="1", sites="HQ", addresses="10.1.0.5"),
        subject("b/2", asset_ids="2", sites="HQ", addresses="10.1.0.6"),
        subject("a/1", macs=M1, sites="HQ", addresses="10.1.0.5"),
        subject("c/1", macs=M2, sites="HQ", addresses="10.1.0.6"),
        subject("0/1", macs=M3, sites="HQ", addresses="10.1.0.5"),
    ]
    known = list(minted(resolved(rows[:1])))
    names = resolved(rows[:1], known).device_of
    for count in range(2, len(rows) + 1):
        found = resolved(rows[:count], known)
        assert {name: found.device_of[name] for name in names} == names
        known += minted(found)
        names = found.device_of


def two_that_are_one() -> tuple[list[object], DeviceId, DeviceId]:
    rows = [subject("a/1", asset_ids="1"), subject("b/1", macs=M1)]
    first = resolved(rows)
    return [*minted(first)], first.device_of["a/1"], first.device_of["b/1"]


def test_of_two_devices_that_turn_out_to_be_one_the_other_id_leads_to_it() -> None:
    known, by_asset, by_mac = two_that_are_one()
    rows = [
        subject("a/1", asset_ids="1"),
        subject("b/1", macs=M1),
        subject("c/1", asset_ids="1", macs=M1),
    ]
    later = resolved(rows, known)  # type: ignore[arg-type]
    assert only(later).id == by_mac  # the stronger anchor keeps its name
    assert later.absorbed == {by_asset: by_mac}
    assert later.current(by_asset) == later.current(by_mac) == by_mac


def test_what_was_laid_down_under_the_other_id_is_not_lost() -> None:
    known, by_asset, _ = two_that_are_one()
    removed = judgement(
        JudgementKind.STATE, by_asset, state="removed", on="2026-01-01", evidence="work order"
    )
    row = subject("c/1", asset_ids="1", macs=M1)
    device = only(resolved([row], [*known, removed]))  # type: ignore[list-item]
    assert [change.on for change in device.states] == [date(2026, 1, 1)]


def test_what_was_joined_by_mistake_gets_its_old_ids_back() -> None:
    known, by_asset, by_mac = two_that_are_one()
    joined = resolved([subject("c/1", asset_ids="1", macs=M1)], known)  # type: ignore[arg-type]
    apart = [subject("a/1", asset_ids="1"), subject("b/1", macs=M1)]
    again = resolved(apart, [*known, *minted(joined)])  # type: ignore[list-item]
    assert again.device_of == {"a/1": by_asset, "b/1": by_mac}
    assert again.absorbed == {}


def test_a_device_that_was_split_off_keeps_its_own_id() -> None:
    """Its anchors were all minted for the other one first."""
    rows = [subject("a/1", macs=M1, asset_ids="1"), subject("b/1", asset_ids="1")]
    known = minted(resolved(rows))
    rows[1] = subject("b/1", macs=M2, asset_ids="1")  # another mapping shows it to be another
    split = resolved(rows, known)
    known += minted(split)
    assert len(split.devices) == 2
    assert resolved(rows, known).device_of == split.device_of
    assert resolved(rows, known).to_mint == ()
    alone = resolved(rows[1:], known)
    assert alone.device_of["b/1"] == split.device_of["b/1"]


def test_an_address_alone_absorbs_nothing() -> None:
    """The device at an address today is not the one that is gone."""
    here = {"sites": "HQ", "addresses": "10.1.0.5"}
    old, new = subject("a/1", macs=M1, **here), subject("b/1", macs=M2, **here)
    known = minted(resolved([old]))
    known += minted(resolved([old, new], known))
    gone = resolved([new], known)
    assert only(gone).id != known[0].subject
    assert gone.absorbed == {}


def test_the_operators_site_for_a_file_makes_keys_too() -> None:
    rows = [subject("a/1", addresses="192.168.1.5"), subject("b/1", addresses="192.168.1.5")]
    apart = Files(sites={"a": "HQ", "b": "DEPOT"})
    joined = Files(sites={"a": "HQ", "b": "hq"})
    assert len(resolved(rows, files=apart).devices) == 2
    assert only(resolved(rows, files=joined)).site == "HQ"


# ------------------------------------------------------------------ what is no one device's


def test_a_subject_that_answers_for_many_addresses_takes_none_of_their_devices() -> None:
    router = subject("a/r", sites="HQ", addresses=[f"10.1.0.{at}" for at in range(1, 6)])
    hosts = [subject(f"b/{at}", sites="HQ", addresses=f"10.1.0.{at}") for at in range(1, 6)]
    found = resolved([router, *hosts])
    assert len(found.devices) == 6
    [device] = [each for each in found.devices if each.subjects == ("a/r",)]
    assert device.remarks == ("answers for 5 addresses, so none of them identifies it",)


@pytest.mark.parametrize(("days", "devices"), [(1, 8), (8, 1)])
def test_a_mac_at_many_addresses_is_a_routers_on_one_day_and_a_leases_over_many(
    days: int, devices: int
) -> None:
    rows = [
        subject(f"a/{at}", macs=M1, addresses=f"192.0.2.{at}",
                first_seen=AT + timedelta(days=at % days))
        for at in range(8)
    ]  # fmt: skip
    assert len(resolved(rows).devices) == devices


@pytest.mark.parametrize(("mac", "devices"), [("44:44:55:55:66:66", 1), (M1, 2)])
def test_an_endpoint_at_two_addresses_has_to_name_the_unit(mac: str, devices: int) -> None:
    uuid = [("ws-discovery.endpoint", "urn:uuid:0a1b2c3d-1111-2222-3333-444455556666")]
    rows = [
        subject("a/1", macs=mac, addresses="192.0.2.1", uuids=uuid),
        subject("a/2", addresses="192.0.2.2", uuids=uuid),
    ]
    assert len(resolved(rows).devices) == devices
