"""camaudit.app.minimise: of everybody but candidates only numbers are kept."""

from __future__ import annotations

from camaudit.app.minimise import Candidates, LeftOut, minimise
from camaudit.model.traffic import Traffic
from tests.traffic import CAMERA, PHONE, asked, said, talk, traffic

ADDRESSES = {CAMERA: {"10.0.0.2": 20}, PHONE: {"10.0.0.5": 30}}


def kept_of(
    macs: set[str] | None = None, addresses: set[str] | None = None
) -> tuple[Traffic, LeftOut]:
    seen = traffic(
        [
            talk("10.0.0.2", "198.51.100.7", client_mac=CAMERA),
            talk("10.0.0.5", "198.51.100.9", client_mac=PHONE, out=40, back=60),
            talk("10.0.0.9", "10.0.0.2", port=554),  # a peer that opens it
        ],
        [
            asked("cloud.example", "10.0.0.2", mac=CAMERA),
            asked("private.example", "10.0.0.5", mac=PHONE),
            asked("private.example", "10.0.0.9"),
        ],
        events=[
            {"mac": bytes.fromhex("4419b6000001"), "kind": "hello", "at": None}
            | {"at": talk("a", "b")["first"]}
        ],
        observations=said(
            (CAMERA, "mac", "address", CAMERA.encode()), (PHONE, "dhcp", "hostname", b"her phone")
        ),
        addresses=ADDRESSES,
    )
    return minimise(seen, Candidates(macs=macs or set(), addresses=addresses or set()))


def test_a_candidate_is_kept_with_whom_it_talks_to() -> None:
    kept, left_out = kept_of({CAMERA})
    sides = kept.conversations.select(["client", "server"]).to_pylist()
    assert sides == [
        {"client": "10.0.0.2", "server": "198.51.100.7"},
        {"client": "10.0.0.9", "server": "10.0.0.2"},
    ]
    assert kept.names.column("name").to_pylist() == ["cloud.example"]
    assert kept.observations.column("device").to_pylist() == [CAMERA]
    assert kept.addresses == {CAMERA: {"10.0.0.2": 20}}
    assert kept.events.num_rows == 1
    assert left_out == LeftOut(
        hosts=2, conversations=1, packets=20, size_bytes=100, names=2, observations=1
    )


def test_nothing_of_a_telephone_is_kept_where_nobody_is_a_candidate() -> None:
    kept, left_out = kept_of()
    assert kept.conversations.num_rows == 0
    assert kept.names.num_rows == 0
    assert kept.observations.num_rows == 0
    assert kept.events.num_rows == 0
    assert kept.addresses == {}
    assert left_out.conversations == 3


def test_an_address_from_the_register_makes_a_candidate_too() -> None:
    kept, _left_out = kept_of(addresses={"10.0.0.2"})
    assert kept.conversations.num_rows == 2
    assert kept.names.column("name").to_pylist() == ["cloud.example"]


def test_what_stands_behind_a_router_is_not_taken_for_the_router() -> None:
    many = {f"10.9.0.{host}": 1 for host in range(9)}
    seen = traffic(
        [talk("10.9.0.3", "198.51.100.7")],
        [asked("private.example", "10.9.0.3")],
        addresses={CAMERA: many},
    )
    kept, _left_out = minimise(seen, Candidates(macs={CAMERA}, addresses=set()))
    assert kept.conversations.num_rows == 0
    assert kept.names.num_rows == 0
