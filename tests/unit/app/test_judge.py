"""camaudit.app.judge: what people lay down, append-only, with who and when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from camaudit.app import judge
from camaudit.app.judge import Decision, Sighting, add_sighting, need_device
from camaudit.errors import UsageError
from camaudit.model.words import DeviceState, JudgementKind
from tests.estates import AT, POLICY, TODAY, Estate

REGISTER = """\
Asset ID,Site,Manufacturer,MAC Address,IP Address
CAM-1,HQ,Axis,02:00:00:00:00:01,10.1.0.5
CAM-2,DEPOT,Annke,,10.2.0.5
DUP,HQ,Axis,,
DUP,DEPOT,Axis,,
"""


@pytest.fixture
def filled(estate: Estate) -> Estate:
    estate.add("register.csv", REGISTER)
    return estate


def laid_down(estate: Estate, kind: JudgementKind) -> list[Any]:
    with estate.store.reading() as connection:
        return [each for each in estate.store.judgements(connection) if each.kind is kind]


# ------------------------------------------------------------------------- which device


@pytest.mark.parametrize("name", ["CAM-1", "cam-1", "02:00:00:00:00:01", "10.1.0.5"])
def test_a_device_goes_by_whatever_it_is_known_by(filled: Estate, name: str) -> None:
    found = need_device(filled.store, name)
    assert filled.device("CAM-1").id == found
    assert need_device(filled.store, found) == need_device(filled.store, found.lower()) == found
    assert need_device(filled.store, found[:7]) == found


@pytest.mark.parametrize("name", ["CAM-9", "", "10.1.0.50", "D-00000000"])
def test_a_name_of_none_says_where_to_look(filled: Estate, name: str) -> None:
    with pytest.raises(UsageError, match="devices") as error:
        need_device(filled.store, name)
    assert name in str(error.value)


def test_a_name_of_several_says_which(filled: Estate) -> None:
    with pytest.raises(UsageError, match=r"'DUP' fits 2 devices: D-.*, D-"):
        need_device(filled.store, "DUP")


def test_a_device_is_found_before_anything_is_minted_for_it(filled: Estate) -> None:
    """A site that is added later may take apart what was together."""
    assert len(laid_down(filled, JudgementKind.DEVICE_MINTED)) == 4
    assert {need_device(filled.store, each.id) for each in filled.survey().devices} == {
        each.id for each in filled.survey().devices
    }


# ---------------------------------------------------------------------------- decisions


def decision(**changes: Any) -> Decision:
    given: dict[str, Any] = {
        "policy": POLICY, "requirement": "c", "subject": "device:D-1", "outcome": "keep",
        "reason": "because", "on": date(2024, 1, 1), "review_on": None,
    }  # fmt: skip
    return Decision(**(given | changes))


def test_a_decision_is_a_row_and_a_later_one_another(filled: Estate) -> None:
    judge.decide(filled.store, decision(), "officer", AT)
    judge.decide(filled.store, decision(outcome="withdrawn"), "officer", AT)
    found = laid_down(filled, JudgementKind.DECISION)
    assert [(each.body["outcome"], each.who, each.recorded_at) for each in found] == [
        ("keep", "officer", AT), ("withdrawn", "officer", AT),
    ]  # fmt: skip
    assert found[0].body == {
        "policy": POLICY, "requirement": "c", "outcome": "keep", "reason": "because",
        "on": "2024-01-01", "review_on": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"outcome": "forget"}, "'forget' is none of remove, replace, keep"),
        ({"review_on": date(2023, 12, 31)}, "the review date is before the decision"),
    ],
)
def test_a_decision_that_makes_no_sense(filled: Estate, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        judge.decide(filled.store, decision(**changes), "officer", AT)
    assert laid_down(filled, JudgementKind.DECISION) == []


def test_a_class_is_one_of_the_four() -> None:
    assert judge.class_subject("withheld") == "class:withheld"
    with pytest.raises(UsageError, match="'secret' is none of yes, no, unknown, withheld"):
        judge.class_subject("secret")


# --------------------------------------------------------------- states, roles, recorders


def test_a_role_must_be_one_of_three(filled: Estate) -> None:
    name = filled.device("CAM-1").id
    with pytest.raises(UsageError, match="'friend' is none of owner, operator, maintainer"):
        judge.set_role(filled.store, name, "friend", "x", None, "me", AT)


def test_what_hangs_under_what(filled: Estate) -> None:
    child, recorder = filled.device("CAM-1").id, filled.device("CAM-2").id
    judge.attach(filled.store, child, recorder, "7", "me", AT)
    found = filled.device("CAM-1")
    assert (found.recorder, found.channel) == (recorder, "7")
    with pytest.raises(UsageError, match="cannot hang under itself"):
        judge.attach(filled.store, child, child, None, "me", AT)


# ---------------------------------------------------------------------------- sightings


def sighting(**changes: Any) -> Sighting:
    given: dict[str, Any] = {
        "who": "guard", "on": date(2025, 6, 1), "site": "HQ", "place": "north gate",
        "label": "ANNKE C800", "photo": None, "asset_id": None,
    }  # fmt: skip
    return Sighting(**(given | changes))


def test_a_sighting_is_an_observation_like_any_other(filled: Estate) -> None:
    name, added = add_sighting(filled.store, sighting(photo="IMG-7"), AT)
    assert added == 6
    seen = filled.survey()
    device = next(each for each in seen.devices if each.id == name)
    assert (device.site, device.location, device.addresses) == ("HQ", "north gate", ())
    assert (device.sighted, device.in_register, device.on_network) == (True, False, False)
    assert device.first_seen is not None
    assert device.first_seen.date() == date(2025, 6, 1)
    assert seen.attributions[name].brand == "annke"


def test_a_sighting_of_a_known_asset_is_of_that_device(filled: Estate) -> None:
    name, _ = add_sighting(filled.store, sighting(asset_id="cam-2", site=None), AT)
    assert name == filled.device("CAM-2").id


def test_the_same_sighting_twice_is_one(filled: Estate) -> None:
    first, added = add_sighting(filled.store, sighting(), AT)
    again, more = add_sighting(filled.store, sighting(), AT + timedelta(days=1))
    assert (again, added > 0, more) == (first, True, 0)
    other, _ = add_sighting(filled.store, sighting(on=date(2025, 6, 2)), AT)
    assert other != first


# ------------------------------------------------------------------------------ erasing


def test_erasing_a_device_takes_all_that_is_known_of_it(filled: Estate) -> None:
    name = filled.device("CAM-1").id
    judge.set_state(filled.store, name, DeviceState.REMOVED, TODAY, "A-PERSONS-NAME", "me", AT)
    filled.decide("c", f"device:{name}", "keep", "2024-01-01")
    before = {each.id for each in filled.survey().devices}
    counted = judge.erase_device(filled.store, name, "request 7", "officer", AT)
    assert counted == 5 + 3  # five cells; minted, state, decision
    assert {each.id for each in filled.survey().devices} == before - {name}
    assert len(laid_down(filled, JudgementKind.ERASURE)) == counted
    assert laid_down(filled, JudgementKind.STATE) == []
    content = b"".join(path.read_bytes() for path in filled.path.parent.glob("*.sqlite*"))
    for gone in (b"A-PERSONS-NAME", b"CAM-1", b"02:00:00:00:00:01", b"10.1.0.5"):
        assert gone not in content
    with pytest.raises(UsageError, match="no device is called"):
        need_device(filled.store, name)


def test_erasing_takes_what_was_said_under_a_former_id_and_nothing_of_others(
    filled: Estate,
) -> None:
    old = filled.device("CAM-2").id
    judge.set_state(filled.store, old, DeviceState.REMOVED, TODAY, "told", "me", AT)
    mac = '{"device":"h","protocol":"mac","field":"address","value":"02:00:00:00:00:09"}\n'
    filled.add("scan.jsonl", mac)
    both = mac + '{"device":"h","protocol":"register","field":"asset_id","value":"CAM-2"}\n'
    filled.add("both.jsonl", both)
    name = filled.device("CAM-2").id
    assert name != old
    judge.erase_device(filled.store, name, "request", "officer", AT)
    assert laid_down(filled, JudgementKind.STATE) == []
    assert [each.asset_ids for each in filled.survey().devices if each.asset_ids != ("DUP",)] == [
        ("CAM-1",)
    ]


def test_an_erased_sighting_is_not_recorded_again(filled: Estate) -> None:
    name, _ = add_sighting(filled.store, sighting(), AT)
    judge.erase_device(filled.store, name, "request", "officer", AT)
    with pytest.raises(UsageError, match="erased before; it is not recorded again"):
        add_sighting(filled.store, sighting(), AT)
