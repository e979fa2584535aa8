"""camaudit.estate.device: one device, merged from what was seen and what was laid down."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from camaudit.estate import Files
from camaudit.model.estate import Device, Quantity, Resolution, Role
from camaudit.model.ids import DeviceId, SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Interval, Site
from camaudit.model.words import DeviceState, JudgementKind, Zone
from tests.subjects import DEPOT, HQ, M1, judgement, minted, only, resolved, subject

ISOLATED = Site(id=SiteId("IS"), name="Isolated", zone=Zone.ISOLATED)


def one(*judgements: Judgement, files: Files | None = None, **given: Any) -> Device:
    """Return the one device that a register row gives, with judgements about it."""
    row = subject("a/1", **given)
    first = resolved([row])
    named = [judgement(each.kind, only(first).id, each.who, **each.body) for each in judgements]
    return only(resolved([row], [*minted(first), *named], (HQ, DEPOT, ISOLATED), files))


def state(word: str, day: str, who: str = "tester") -> Judgement:
    return judgement(JudgementKind.STATE, "", who, state=word, on=day, evidence="work order")


# --------------------------------------------------------------------------- the states


def test_states_come_in_the_order_of_their_dates() -> None:
    device = one(state("seen_again", "2025-01-01"), state("removed", "2023-01-01"), asset_ids="1")
    assert [change.state for change in device.states] == [
        DeviceState.REMOVED, DeviceState.SEEN_AGAIN,
    ]  # fmt: skip


def test_of_two_states_of_one_day_the_later_recorded_holds() -> None:
    device = one(state("removed", "2023-01-01"), state("in_service", "2023-01-01"), asset_ids="1")
    assert device.states[-1].state is DeviceState.IN_SERVICE


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Removed", DeviceState.REMOVED),
        ("decommissioned", DeviceState.REMOVED),
        ("Disposed of", DeviceState.DISPOSED),
        ("removed and scrapped", DeviceState.DISPOSED),
        ("In storage", DeviceState.IN_STORAGE),
        ("spare", DeviceState.IN_STORAGE),
        ("disconnected", DeviceState.DISCONNECTED),
        ("unplugged 2023", DeviceState.DISCONNECTED),
        ("seen again", DeviceState.SEEN_AGAIN),
    ],
)
def test_a_registers_status_is_a_state(status: str, expected: DeviceState) -> None:
    device = one(asset_ids="1", statuses=status)
    [change] = device.states
    assert (change.state, change.who) == (expected, "register")
    assert status in change.evidence


@pytest.mark.parametrize("status", ["In use", "active", "Live", "operational", "installed"])
def test_being_in_service_is_no_change(status: str) -> None:
    device = one(asset_ids="1", statuses=status)
    assert (device.states, device.remarks) == ((), ())


@pytest.mark.parametrize(
    "status",
    [
        "to be removed",
        "awaiting removal",
        "removal planned",
        "disposal pending",
        "for disposal",
        "not removed",
        "not in use",
        "inactive",
        "non-operational",
        "out of service",
        "uninstalled",
        "restored",
        "amber",
    ],
)
def test_a_status_that_is_put_off_or_turned_round_is_not_understood(status: str) -> None:
    device = one(asset_ids="1", statuses=status)
    assert device.states == ()
    assert device.remarks == (f"the register's status “{status}” is not understood",)


def test_a_status_holds_from_when_it_was_seen_else_from_when_we_know_it() -> None:
    known = Files(listed_on={"a": date(2026, 3, 1)})
    seen = datetime(2024, 5, 6, 7, tzinfo=UTC)
    dated = one(asset_ids="1", statuses="removed", last_seen=seen, files=known)
    undated = one(asset_ids="1", statuses="removed", files=known)
    assert dated.states[0].on == date(2024, 5, 6)
    assert undated.states[0].on == date(2026, 3, 1)


def test_a_person_outranks_the_register_of_the_same_day() -> None:
    known = Files(listed_on={"a": date(2026, 3, 1)})
    device = one(state("seen_again", "2026-03-01"), asset_ids="1", statuses="removed", files=known)
    assert device.states[-1].state is DeviceState.SEEN_AGAIN


# --------------------------------------------------------------------- where and how many


def test_the_register_may_say_about() -> None:
    assert one(asset_ids="1", quantities="~12").quantity == Quantity(units=12, approximate=True)
    assert one(asset_ids="1", quantities="3").quantity == Quantity(units=3)


@pytest.mark.parametrize("text", ["0", "several", "", "-3", "1234567"])
def test_what_is_no_count_counts_one(text: str) -> None:
    assert one(asset_ids="1", quantities=text).quantity == Quantity()


@pytest.mark.parametrize(
    ("zones", "site", "expected"),
    [
        ((), "HQ", None),
        ((), "IS", Zone.ISOLATED),
        (("internet",), "IS", Zone.INTERNET),
        (("ISOLATED", "core"), "HQ", Zone.CORE),  # what may prove a breach outranks
        (("isolated", "internet"), "HQ", Zone.INTERNET),
        (("elsewhere",), "HQ", None),
    ],
)
def test_the_declared_zone(zones: tuple[str, ...], site: str, expected: Zone | None) -> None:
    device = one(asset_ids="1", sites=site, zones=zones)
    assert device.zone is expected
    assert bool(device.remarks) == (len(zones) > 1)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"networked": "no"}, False),
        ({"networked": "Yes"}, True),
        ({"networked": ("no", "yes")}, True),
        ({"networked": "no", "addresses": "10.1.0.5"}, True),
        ({"on_network": True}, True),
    ],
)
def test_whether_it_is_on_a_network(given: dict[str, Any], expected: object) -> None:
    assert one(asset_ids="1", **given).networked is expected


def test_several_dates_give_the_widest_span_and_a_remark() -> None:
    device = one(asset_ids="1", installed=("2020-01-01", "2019-01-01/2019-12-31"), invoiced="soon")
    assert device.installed == Interval(not_before=date(2019, 1, 1), not_after=date(2020, 1, 1))
    assert device.invoiced is None
    assert "several dates for installed" in device.remarks[0]
    assert device.remarks[1] == "the date “soon” is not understood"


def test_a_place_on_a_label_is_a_location() -> None:
    assert one(asset_ids="1", places="north gate").location == "north gate"


# ---------------------------------------------------------------------------- the roles


def test_roles_come_from_the_register_and_from_people() -> None:
    device = one(
        judgement(JudgementKind.ROLE, "", "officer", role="owner", of="LANDLORD", on="2024-01-01"),
        judgement(JudgementKind.ROLE, "", "officer", role="operator", of="TENANT", on=None),
        asset_ids="1",
        owners="DEPARTMENT",
        maintainers="Acme",
    )
    assert device.roles == (
        Role(role="owner", of="DEPARTMENT", on=None, who="register"),
        Role(role="maintainer", of="Acme", on=None, who="register"),
        Role(role="owner", of="LANDLORD", on=date(2024, 1, 1), who="officer"),
        Role(role="operator", of="TENANT", on=None, who="officer"),
    )


# ----------------------------------------------------------------------- what hangs where


def by_asset(found: Resolution) -> dict[str, Device]:
    return {"/".join((d.site or "", *d.asset_ids)): d for d in found.devices}


def test_an_analogue_camera_hangs_under_its_recorder() -> None:
    found = by_asset(
        resolved(
            [
                subject("a/1", asset_ids="NVR-1", sites="HQ"),
                subject("a/2", asset_ids="CAM-1", sites="HQ", recorders="nvr-1", channels="4"),
            ]
        )
    )
    camera, recorder = found["HQ/CAM-1"], found["HQ/NVR-1"]
    assert (camera.recorder, camera.channel) == (recorder.id, "4")
    assert recorder.recorder is None


def test_of_recorders_with_one_asset_id_the_one_at_the_same_site_is_meant() -> None:
    rows = [
        subject("a/1", asset_ids="NVR-1", sites="HQ"),
        subject("a/2", asset_ids="NVR-1", sites="DEPOT"),
        subject("a/3", asset_ids="C-1", sites="HQ", recorders="NVR-1"),
        subject("a/4", asset_ids="C-2", sites="DEPOT", recorders="NVR-1"),
        subject("a/5", asset_ids="C-3", recorders="NVR-1"),
    ]
    found = by_asset(resolved(rows))
    assert found["HQ/C-1"].recorder == found["HQ/NVR-1"].id
    assert found["DEPOT/C-2"].recorder == found["DEPOT/NVR-1"].id
    assert found["/C-3"].recorder is None
    assert found["/C-3"].remarks == ("its recorder “NVR-1” fits 2 devices",)


def test_a_recorder_that_is_not_there_is_a_remark() -> None:
    device = one(asset_ids="CAM-1", recorders="NVR-9")
    assert device.recorder is None
    assert device.remarks == ("its recorder “NVR-9” is not in the estate",)


def test_a_device_never_hangs_under_itself() -> None:
    assert one(asset_ids="NVR-1", recorders="NVR-1").recorder is None


def test_a_person_outranks_the_register_on_what_hangs_where() -> None:
    rows = [
        subject("a/1", asset_ids="NVR-1"),
        subject("a/2", asset_ids="NVR-2"),
        subject("a/3", asset_ids="CAM-1", recorders="NVR-1", channels="4"),
    ]
    first = resolved(rows)
    names = first.device_of
    hung = judgement(JudgementKind.PARENT, names["a/3"], recorder=names["a/2"], channel=None)
    camera = by_asset(resolved(rows, [*minted(first), hung]))["/CAM-1"]
    assert (camera.recorder, camera.channel) == (names["a/2"], "4")


def test_a_recorder_is_found_under_an_id_that_it_no_longer_has() -> None:
    rows = [
        subject("a/1", asset_ids="NVR-1"),
        subject("b/1", macs=M1),
        subject("a/3", asset_ids="CAM-1"),
    ]
    first = resolved(rows)
    names = first.device_of
    hung = judgement(JudgementKind.PARENT, names["a/3"], recorder=names["a/1"], channel="2")
    rows.append(subject("c/1", asset_ids="NVR-1", macs=M1))
    later = resolved(rows, [*minted(first), hung])
    camera = next(device for device in later.devices if device.asset_ids == ("CAM-1",))
    assert later.absorbed == {names["a/1"]: DeviceId(names["b/1"])}
    assert camera.recorder == names["b/1"]


def test_another_serial_number_than_the_registers_is_remarked() -> None:
    rows = [
        subject("a/1", macs=M1, serials=[("inventory.serial", "E12849307")]),
        subject("b/1", macs=M1, serials=[("onvif.serial", "F55120984")]),
    ]
    [remark] = only(resolved(rows)).remarks
    assert remark.startswith("its serial number is E12849307 in the register and F55120984 on")


def test_a_part_of_the_registers_serial_number_is_no_other_one() -> None:
    rows = [
        subject("a/1", macs=M1, serials=[("inventory.serial", "PRETEND E12849307")]),
        subject("b/1", macs=M1, serials=[("onvif.serial", "E12849307")]),
    ]
    assert only(resolved(rows)).remarks == ()
