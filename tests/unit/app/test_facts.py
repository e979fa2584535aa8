"""camaudit.app.facts: what rules are judged on, asked at a date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from camaudit.app import judge
from camaudit.app.estate import add_bodies, add_sites
from camaudit.app.facts import Setting, body_of, sensitivity_of, state_of
from camaudit.model.ids import BodyId, SiteId
from camaudit.model.observation import Body, Site
from camaudit.model.words import BodyKind, DeviceState, Sensitivity, Tenure
from tests.estates import AT, TODAY, Estate

HEAD = (
    "Asset ID,Site,Manufacturer,Installed,Serial Number,Status,Recorder,Channel,Networked,Zone"
    ",Owner"
)


def add(estate: Estate, *rows: str, name: str = "register.csv") -> None:
    """Import register rows; what a row leaves out at its end is blank."""
    width = HEAD.count(",")
    full = [row + "," * (width - row.count(",")) for row in rows]
    result = estate.add(name, "\n".join([HEAD, *full, ""]))
    assert result.rejected == 0, result.problems


def d(text: str) -> date:
    return date.fromisoformat(text)


# ----------------------------------------------------------------------------- producer


def test_a_bare_register_entry_is_declared_and_a_reply_is_evidence(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Hikvision")
    row = estate.facts("CAM-1")
    assert (row["device.producer"], row["device.producer.basis"]) == ("hikvision", "declared")
    assert row["device.producer.confirmed"] is False
    estate.add(
        "scan.jsonl",
        '{"device":"h","protocol":"register","field":"asset_id","value":"CAM-1"}\n'
        '{"device":"h","protocol":"http","field":"server","value":"Hikvision"}\n',
    )
    assert estate.facts("CAM-1")["device.producer.basis"] == "evidenced"


def test_a_typed_hardware_address_is_declared_whatever_it_would_prove(estate: Estate) -> None:
    estate.add("with-mac.csv", "asset id,site,mac address\nCAM-2,HQ,44:19:B6:00:00:02\n")
    row = estate.facts("CAM-2")
    assert (row["device.producer"], row["device.producer.aspect"]) == ("hikvision", "hardware")
    assert row["device.producer.basis"] == "declared"


def test_a_confirmation_outranks_the_signals(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    name = estate.device("CAM-1").id
    judge.confirm_maker(estate.store, name, "hikvision", "type plate", TODAY, "officer", AT)
    row = estate.facts("CAM-1")
    assert (row["device.producer"], row["device.producer.confidence"]) == ("hikvision", 1.0)
    assert row["device.producer.confirmed"] is True
    assert row["device.producer.clean"] is True


def test_a_confirmation_holds_under_an_id_that_became_anothers(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    old = estate.device("CAM-1").id
    judge.confirm_maker(estate.store, old, "hikvision", "type plate", TODAY, "officer", AT)
    estate.decide("c", f"device:{old}", "keep", "2026-01-01")
    mac = '{"device":"h","protocol":"mac","field":"address","value":"02:00:00:00:00:01"}\n'
    estate.add("scan.jsonl", mac)
    other = estate.device("02:00:00:00:00:01").id
    both = mac + '{"device":"h","protocol":"register","field":"asset_id","value":"CAM-1"}\n'
    estate.add("both.jsonl", both)
    now = estate.device("CAM-1")
    assert now.id == other != old
    assert judge.need_device(estate.store, old) == other
    row = estate.facts("CAM-1")
    assert row["device.producer.confirmed"] is True
    assert row["decisions"] == "c"


@pytest.mark.parametrize(
    ("text", "expected"), [("Axis", True), ("printer", False), ("something", None)]
)
def test_whether_it_watches(estate: Estate, text: str, expected: object) -> None:
    add(estate, f"X-1,HQ,{text}")
    assert estate.facts("X-1")["device.surveillance"] is expected


# ------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("row", "on", "expected"),
    [
        ("CAM-1,HQ,Axis,2023-02-01", "2023-02-01", True),
        ("CAM-1,HQ,Axis,2023-02-01", "2023-01-31", False),
        ("CAM-1,HQ,Axis,", "2023-01-31", None),
        ("CAM-1,HQ,Axis,", "2026-03-01", True),  # known since its import
        ("CAM-1,HQ,Axis,,SN20240115A", "2023-01-31", False),
    ],
)
def test_whether_it_was_there(estate: Estate, row: str, on: str, expected: object) -> None:
    add(estate, row)
    assert estate.facts("CAM-1", facts_on=d(on))["device.present"] is expected


def test_a_serial_that_many_devices_have_dates_nothing(estate: Estate) -> None:
    add(estate, *(f"CAM-{at},HQ,Axis,,SN20240115A" for at in range(3)))
    row = estate.facts("CAM-1")
    assert row["device.not_before"] is None
    found = estate.survey().datings[estate.device("CAM-1").id]
    assert "3 devices have that number: not used" in "; ".join(found.reasons)


def test_a_serial_that_is_younger_than_the_first_sighting_dates_nothing(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis,,SN20240115A")
    estate.add(
        "scan.jsonl",
        '{"device":"h","protocol":"register","field":"asset_id","value":"CAM-1",'
        '"seen_at":"2020-05-05T00:00:00Z"}\n',
    )
    found = estate.survey().datings[estate.device("CAM-1").id]
    assert found.interval.not_before is None
    assert found.interval.not_after == d("2020-05-05")
    assert "the device was seen before that, on 2020-05-05" in "; ".join(found.reasons)


# ------------------------------------------------------------------------------- states


def state(estate: Estate, word: DeviceState, on: str) -> None:
    name = estate.device("CAM-1").id
    judge.set_state(estate.store, name, word, d(on), "work order", "me", AT)


def test_states_hold_from_their_date(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis,2020-01-01")
    state(estate, DeviceState.SEEN_AGAIN, "2025-06-01")
    state(estate, DeviceState.REMOVED, "2024-01-01")
    assert [
        estate.facts("CAM-1", facts_on=d(on))["device.state"]
        for on in ("2023-12-31", "2024-01-01", "2025-05-31", "2025-06-01")
    ] == ["in_service", "removed", "removed", "seen_again"]


def test_a_registers_status_says_nothing_of_before(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis,2020-01-01,,removed")
    device = estate.device("CAM-1")
    assert state_of(device, TODAY) is DeviceState.REMOVED
    assert state_of(device, TODAY - timedelta(days=1)) is None


# -------------------------------------------------------------------------- whose it is


def test_who_answers_for_it(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis", "CAM-2,HQ,Axis,,,,,,,,SCH", "CAM-3,Nowhere,Axis")
    seen = estate.survey()

    def body(name: str) -> tuple[str | None, BodyKind]:
        return body_of(seen, estate.device(name, seen), TODAY)

    assert body("CAM-1") == ("DEP", BodyKind.DEPARTMENT)
    assert body("CAM-2") == ("SCH", BodyKind.EDUCATION)
    assert body("CAM-3") == (None, BodyKind.UNKNOWN)


def test_the_devices_operator_outranks_its_owner_and_that_the_sites(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    name = estate.device("CAM-1").id
    for role, of, on in (
        ("operator", "a landlord", None),
        ("owner", "SCH", d("2020-01-01")),
        ("operator", "School", d("2024-01-01")),
        ("maintainer", "DEP", None),
    ):
        judge.set_role(estate.store, name, role, of, on, "me", AT)
    seen = estate.survey()
    device = estate.device("CAM-1", seen)
    assert body_of(seen, device, d("2023-12-31")) == ("a landlord", BodyKind.UNKNOWN)
    assert body_of(seen, device, d("2024-01-01")) == ("School", BodyKind.EDUCATION)


def test_a_role_counts_from_its_date_only(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    name = estate.device("CAM-1").id
    judge.set_role(estate.store, name, "owner", "SCH", d("2025-01-01"), "me", AT)
    assert estate.facts("CAM-1", facts_on=d("2024-12-31"))["body.kind"] == "department"
    assert estate.facts("CAM-1", facts_on=d("2025-01-01"))["body.kind"] == "education"


def test_an_id_outranks_another_bodys_name(estate: Estate) -> None:
    estate.add("more.csv", "Body ID,Name,Kind\nX,dep,council\n")
    assert estate.survey().body_kinds["dep"] is BodyKind.DEPARTMENT


# -------------------------------------------------------------------------- sensitivity


def test_the_operators_file_outranks_the_register(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis", "CAM-2,Nowhere,Axis")
    seen = estate.survey()
    setting = Setting(on=TODAY, sensitivity={SiteId("HQ"): Sensitivity.WITHHELD})
    assert sensitivity_of(seen, estate.device("CAM-1", seen), setting) is Sensitivity.WITHHELD
    assert sensitivity_of(seen, estate.device("CAM-2", seen), setting) is Sensitivity.UNKNOWN
    assert estate.facts("CAM-1")["site.sensitivity"] == "yes"
    assert estate.facts("CAM-1", sensitivity=setting.sensitivity)["site.sensitivity"] == "withheld"


# --------------------------------------------------------------------------- connection


@pytest.mark.parametrize(
    ("row", "networked", "core", "note"),
    [
        ("CAM-1,HQ,Axis", None, True, None),
        ("CAM-1,HQ,Axis,,,,,,no", False, None, None),
        ("CAM-1,HQ,Axis,,,,,,yes", True, True, None),
        ("CAM-1,DEPOT,Axis", None, None, None),
        ("CAM-1,ANNEX,Axis", None, None, "declared isolated, not verified"),
        ("CAM-1,ANNEX,Axis,,,,,,,core", None, True, None),
        ("CAM-1,HQ,Axis,,,,,,,isolated", None, None, "declared isolated, not verified"),
        ("CAM-1,HQ,Axis,,,,,,,internet", None, None, "not verified"),
    ],
)
def test_a_declared_zone_may_prove_a_breach_never_isolation(
    estate: Estate, row: str, networked: object, core: object, note: str | None
) -> None:
    add(estate, row)
    found = estate.facts("CAM-1")
    assert found["device.networked"] is networked
    assert found["device.core_connected"] is core
    assert (note or "") in (found["device.core_note"] or "")
    assert bool(note) == bool(found["device.core_note"])
    assert found["device.core_basis"] == "declared"


def test_a_declared_isolated_zone_never_meets_clause_b(estate: Estate) -> None:
    add(estate, "CAM-1,ANNEX,Hikvision,2020-01-01")
    assert estate.verdicts("CAM-1")["b"] == "cannot_tell"


def test_an_analogue_camera_takes_its_recorders_connection(estate: Estate) -> None:
    add(
        estate,
        "NVR-1,HQ,Axis,,,,,,yes,core",
        "NVR-2,HQ,Axis,,,,,,no",
        "CAM-1,HQ,Axis,,,,NVR-1,4,no,isolated",
        "CAM-2,HQ,Axis,,,,NVR-2,1",
    )
    one, two = estate.facts("CAM-1"), estate.facts("CAM-2")
    assert (one["device.networked"], one["device.core_connected"]) == (True, True)
    assert (two["device.networked"], two["device.core_connected"]) == (False, None)


def test_who_unplugs_the_recorder_unplugs_its_cameras(estate: Estate) -> None:
    add(estate, "NVR-1,HQ,Axis", "CAM-1,HQ,Axis,,,,NVR-1,4")
    recorder = estate.device("NVR-1").id
    on = d("2025-01-01")
    judge.set_state(estate.store, recorder, DeviceState.DISCONNECTED, on, "seen", "me", AT)
    assert estate.facts("CAM-1", facts_on=on)["device.core_connected"] is False
    assert estate.facts("CAM-1", facts_on=d("2024-12-31"))["device.core_connected"] is True


def test_a_disconnected_device_is_not_connected(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    state(estate, DeviceState.DISCONNECTED, "2025-01-01")
    assert estate.facts("CAM-1")["device.core_connected"] is False


# ---------------------------------------------------------------------------- decisions


def decided(estate: Estate, on: str, **more: object) -> bool:
    return "c" in estate.facts("CAM-1", facts_on=d(on), **more)["decisions"].split()


def test_a_decision_stands_from_its_day_to_its_review(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    subject = f"device:{estate.device('CAM-1').id}"
    estate.decide("c", subject, "keep", "2024-01-01", "2025-01-01")
    assert [
        decided(estate, on) for on in ("2023-12-31", "2024-01-01", "2025-01-01", "2025-01-02")
    ] == [False, True, True, False]
    row = estate.facts("CAM-1", facts_on=d("2024-06-01"))
    assert row["decisions"] == "c"


def test_a_withdrawn_decision_no_longer_stands(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    subject = f"device:{estate.device('CAM-1').id}"
    estate.decide("c", subject, "keep", "2024-01-01")
    estate.decide("c", subject, "withdrawn", "2024-06-01")
    assert decided(estate, "2024-05-31")
    assert not decided(estate, "2024-06-01")
    estate.decide("c", subject, "replace", "2024-07-01")
    assert decided(estate, "2024-07-01")


@pytest.mark.parametrize(
    ("subject", "stands"),
    [("site:HQ", True), ("site:DEPOT", False), ("class:yes", True), ("class:no", False)],
)
def test_a_decision_for_a_site_or_a_class(estate: Estate, subject: str, stands: object) -> None:
    add(estate, "CAM-1,HQ,Axis")
    estate.decide("c", subject, "keep", "2024-01-01")
    assert decided(estate, "2024-01-01") is stands


def test_a_decision_for_a_class_follows_the_operators_file(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    estate.decide("c", "class:no", "keep", "2024-01-01")
    given = {SiteId("HQ"): Sensitivity.NO}
    assert decided(estate, "2024-01-01", sensitivity=given)
    assert not decided(estate, "2024-01-01")


def test_a_decision_under_another_policy_is_none_here(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    subject = f"device:{estate.device('CAM-1').id}"
    other = judge.Decision(
        policy="another", requirement="c", subject=subject, outcome="keep", reason="x",
        on=d("2024-01-01"), review_on=None,
    )  # fmt: skip
    judge.decide(estate.store, other, "me", AT)
    assert not decided(estate, "2024-06-01")


# --------------------------------------------------------------------------- exceptions


def excepted(estate: Estate, on: str) -> str:
    return str(estate.facts("CAM-1", facts_on=d(on), policy="us-889-part-a")["exceptions"])


def test_an_exception_stands_from_its_first_day_to_its_last(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    estate.waive("dni-waiver", "site:HQ", "2024-01-01", until="2025-01-01")
    days = ("2023-12-31", "2024-01-01", "2025-01-01", "2025-01-02")
    assert [excepted(estate, on) for on in days] == ["", "dni-waiver", "dni-waiver", ""]


def test_a_withdrawn_exception_no_longer_stands(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    estate.waive("dni-waiver", "site:HQ", "2024-01-01")
    estate.waive("dni-waiver", "site:HQ", "2024-06-01", withdrawn=True)
    assert excepted(estate, "2024-05-31") == "dni-waiver"
    assert excepted(estate, "2024-06-01") == ""


def test_an_exception_of_a_policy_is_none_of_another(estate: Estate) -> None:
    add(estate, "CAM-1,HQ,Axis")
    estate.waive("dni-waiver", "site:HQ", "2024-01-01")
    assert estate.facts("CAM-1", facts_on=d("2024-06-01"))["exceptions"] == ""


# ------------------------------------------------------------------- whose the device is


@pytest.mark.parametrize(
    ("tenure", "owner", "expected", "relation"),
    [
        ("leased", "a landlord", "landlord", "operator tenant"),
        ("owned", "a landlord", "other", "operator"),
        ("leased", "Department for Examples", "body", "owner operator tenant"),
        ("leased", "WORKS", "contractor", "operator tenant"),
        ("leased", None, None, "operator tenant"),
    ],
)
def test_whose_a_device_is_seen_from_who_runs_it(
    estate: Estate, tenure: str, owner: str | None, expected: str | None, relation: str
) -> None:
    estate.add("bodies.csv", "Body ID,Name,Kind\nDEP,Department for Examples,department\n")
    with estate.store.writing() as connection:
        add_bodies(
            estate.store,
            connection,
            [Body(id=BodyId("WORKS"), name="Works", kind=BodyKind.US_FEDERAL_CONTRACTOR)],
            "me",
            AT,
        )
        site = Site(
            id=SiteId("HQ"),
            name="Head office",
            owner=BodyId("DEP"),
            tenure=Tenure(tenure),
            lease_ends=d("2028-03-31"),
        )
        add_sites(estate.store, connection, [site], "me", AT)
    add(estate, "CAM-1,HQ,Axis")
    name = estate.device("CAM-1").id
    judge.set_role(estate.store, name, "operator", "DEP", d("2020-01-01"), "me", AT)
    if owner:
        judge.set_role(estate.store, name, "owner", owner, d("2020-01-01"), "me", AT)
    row = estate.facts("CAM-1")
    assert (row["device.owner"], row["body.relation"]) == (expected, relation)
    assert row["site.lease_ends"] == d("2028-03-31")


def test_a_body_of_several_kinds_is_asked_as_each(estate: Estate) -> None:
    with estate.store.writing() as connection:
        body = Body(
            id=BodyId("DEP"),
            name="A university",
            kind=BodyKind.EDUCATION,
            also=(BodyKind.US_GRANT_RECIPIENT,),
        )
        add_bodies(estate.store, connection, [body], "me", AT)
    add(estate, "CAM-1,HQ,Axis")
    assert estate.facts("CAM-1")["body.kind"] == "education us_grant_recipient"
