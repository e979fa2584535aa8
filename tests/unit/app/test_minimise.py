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


ROUTER = "02:00:00:00:00:01"
GROUP = "01:00:5e:00:00:fb"


def test_a_router_that_is_taken_for_a_camera_brings_in_nobody_s_traffic() -> None:
    """What it passes on is other people's; what it says to groups is its own (RFC 1812 4.2)."""
    seen = traffic(
        [
            talk("10.0.0.5", "198.51.100.9", client_mac=PHONE, server_mac=ROUTER),
            talk("10.0.0.1", "224.0.0.251", client_mac=ROUTER, server_mac=GROUP, back=0),
        ],
        [asked("private.example", "10.0.0.5", mac=PHONE)],
        addresses={
            ROUTER: {"10.0.0.1": 3, "8.8.8.8": 9, "1.1.1.1": 9},
            PHONE: {"10.0.0.5": 9},
        },
    )
    kept, left_out = minimise(seen, Candidates(macs={ROUTER}, addresses=set()))
    assert kept.conversations.column("client").to_pylist() == ["10.0.0.1"]
    assert kept.names.num_rows == 0
    assert kept.addresses == {ROUTER: {"10.0.0.1": 3}}
    assert kept.carried == {ROUTER: 3}
    assert left_out.conversations == 1


def test_an_address_that_a_telephone_has_by_now_is_no_candidate() -> None:
    """The register's camera is seen under another address; the old one was leased again."""
    rows = [talk("10.0.0.2", "198.51.100.9", client_mac=PHONE)]
    names = [asked("bank.example", "10.0.0.2", mac=PHONE)]
    known = Candidates(macs={CAMERA}, addresses={"10.0.0.2"}, owners={"10.0.0.2": {CAMERA}})
    moved = traffic(rows, names, addresses={PHONE: {"10.0.0.2": 9}, CAMERA: {"10.0.0.3": 9}})
    kept, _left_out = minimise(moved, known)
    assert kept.conversations.num_rows == 0
    assert kept.names.num_rows == 0
    # behind a router nobody sees the camera's own hardware address: the address still counts
    behind = traffic(rows, names, addresses={ROUTER: {"10.0.0.2": 9, "10.0.0.1": 9}})
    kept, _left_out = minimise(behind, known)
    assert kept.conversations.num_rows == 1
