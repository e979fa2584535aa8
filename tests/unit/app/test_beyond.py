"""camaudit.app.beyond: that a peer leads on is kept, and to whom is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from camaudit.app import beyond
from camaudit.app.minimise import Candidates, minimise
from camaudit.app.watching import joined
from camaudit.model.traffic import Traffic
from tests.traffic import CAMERA, PHONE, UDP, asked, talk, traffic

SERVER_AT, CAMERA_AT = "192.168.7.30", "192.168.7.10"
SERVER = "02:00:00:00:00:30"


def kept_of(
    *rows: dict[str, Any],
    networks: tuple[str, ...] = (),
    addresses: Mapping[str, Mapping[str, int]] | None = None,
) -> Traffic:
    seen = traffic(
        [talk(SERVER_AT, CAMERA_AT, client_mac=SERVER, server_mac=CAMERA, port=554), *rows],
        [asked("private.example", SERVER_AT, mac=SERVER, address="8.8.8.8")],
        addresses=addresses or {},
    )
    return minimise(seen, Candidates(macs={CAMERA}, addresses=set(), networks=networks))[0]


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ("8.8.8.8", "internet"),
        ("2606:4700::1111", "internet"),
        ("10.1.1.9", "10.1.1.0/24"),
        ("100.64.3.9", "100.64.3.0/24"),
        ("fd00:1:2:3::9", "fd00:1:2:3::/64"),
    ],
)
def test_a_peer_is_kept_with_networks_and_no_host(other: str, where: str) -> None:
    for row in (talk(SERVER_AT, other), talk(other, SERVER_AT)):
        kept = kept_of(row)
        assert kept.beyond == {SERVER_AT: (where,)}
        assert kept.conversations.num_rows == 1
        assert kept.names.num_rows == 0


def test_of_declared_networks_the_most_specific_stands_for_a_host() -> None:
    row = talk(SERVER_AT, "10.1.1.9")
    assert kept_of(row, networks=("10.0.0.0/8", "10.1.1.8/29")).beyond == {
        SERVER_AT: ("10.1.1.8/29",)
    }
    public = talk(SERVER_AT, "8.8.8.8")
    assert kept_of(public, networks=("8.8.0.0/16",)).beyond == {SERVER_AT: ("8.8.0.0/16",)}


@pytest.mark.parametrize(
    "row",
    [
        talk(SERVER_AT, "8.8.8.8", back=0),
        talk(SERVER_AT, "8.8.8.8", out=600, back=400),  # ten openings, ten bare refusals
        talk(SERVER_AT, "239.1.1.1", protocol=UDP),
        talk(SERVER_AT, "169.254.1.1"),
        talk("192.168.7.31", "8.8.8.8"),  # not a peer
    ],
)
def test_what_leads_nowhere_is_not_told(row: dict[str, Any]) -> None:
    assert kept_of(row).beyond == {}


def test_another_address_of_the_same_interface_counts_unless_it_is_a_router_s() -> None:
    row = talk("10.1.1.30", "10.1.1.9", client_mac=SERVER)
    one = {SERVER: {SERVER_AT: 1, "10.1.1.30": 1}}
    assert kept_of(row, addresses=one).beyond == {SERVER_AT: ("10.1.1.0/24",)}
    many = {SERVER: {SERVER_AT: 1, "10.1.1.30": 1} | {f"10.9.0.{at}": 1 for at in range(8)}}
    assert kept_of(row, addresses=many).beyond == {}
    uplink = {PHONE: {SERVER_AT: 1, "8.8.4.4": 1, "10.1.1.30": 1}}
    assert kept_of(row, addresses=uplink).beyond == {}


def test_networks_of_a_host_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beyond, "MOST_NETWORKS", 2)
    rows = [talk(SERVER_AT, f"10.1.{at}.9") for at in range(9)]
    found = kept_of(*rows, talk(SERVER_AT, "8.8.8.8")).beyond[SERVER_AT]
    assert len(found) == 3
    assert "internet" in found


def test_parts_are_joined() -> None:
    one, other = kept_of(talk(SERVER_AT, "8.8.8.8")), kept_of(talk(SERVER_AT, "10.1.1.9"))
    assert joined(one, other).beyond == {SERVER_AT: ("10.1.1.0/24", "internet")}
