"""camaudit.isolation.paths: a peer that leads on, and ports opened from outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from camaudit.model.isolation import Separation
from tests.traffic import CAMERA, UDP, said, talk
from tests.watches import (
    CORE_AT,
    OUTSIDE,
    RECORDER,
    RECORDER_AT,
    ZONES,
    day,
    judged,
    out,
)

INDIRECT = (Separation.INDIRECT_PATH,)
ISOLATED = (Separation.ISOLATED,)
CANNOT_TELL = (Separation.CANNOT_TELL,)
GATEWAY_AT, GATEWAY = "192.168.7.1", "02:00:00:00:00:01"
SEARCH = said((CAMERA, "ssdp", "search_target", b"urn:...:device:InternetGatewayDevice:1"))


@pytest.mark.parametrize(("peer", "where"), [(CORE_AT, "a core"), (OUTSIDE, "the internet")])
def test_a_recorder_that_also_talks_beyond_leads_on(peer: str, where: str) -> None:
    found = judged(day(talk(RECORDER_AT, peer, client_mac=RECORDER)))
    assert found.answers == INDIRECT
    assert {answer for _, answer in found.hours} == set(INDIRECT)
    assert any(f"also talks to {peer}" in each and where in each for each in found.because)


def test_so_does_one_that_is_talked_to_from_beyond() -> None:
    assert judged(day(talk(CORE_AT, RECORDER_AT))).answers == INDIRECT


def test_an_opening_of_the_recorder_that_nothing_answered_does_not() -> None:
    assert judged(day(talk(RECORDER_AT, CORE_AT, back=0))).answers == ISOLATED
    refused = talk(RECORDER_AT, CORE_AT, out=600, back=400)
    assert judged(day(refused)).answers == ISOLATED


def test_a_recorder_with_two_declared_addresses_is_one_host() -> None:
    zones = replace(ZONES, recorders={"nvr": (RECORDER_AT, "172.16.9.9")})
    found = judged(day(talk("172.16.9.9", OUTSIDE)), zones=zones)
    assert found.answers == INDIRECT
    assert any("the same host, as 172.16.9.9" in each for each in found.because)
    apart = replace(ZONES, recorders={"nvr": (RECORDER_AT,), "other": ("172.16.9.9",)})
    assert judged(day(talk("172.16.9.9", OUTSIDE)), zones=apart).answers == ISOLATED


def test_a_recorder_that_is_declared_in_core_as_well_leads_on_unseen() -> None:
    zones = replace(ZONES, recorders={"nvr": (RECORDER_AT, CORE_AT)})
    found = judged(day(), zones=zones)
    assert found.answers == INDIRECT
    assert any("declared to have an address in core" in each for each in found.because)


def test_a_jump_host_leads_on() -> None:
    zones = replace(ZONES, jump_hosts={"jump": ("192.168.7.8", CORE_AT)})
    assert judged(day(out("192.168.7.8", port=22)), zones=zones).answers == INDIRECT
    assert judged(day(), zones=zones).answers == ISOLATED


def test_any_peer_that_talks_beyond_leads_on_but_small_services_do_not() -> None:
    beyond = talk("192.168.7.30", OUTSIDE)
    assert judged(day(out("192.168.7.30", port=445), beyond)).answers == INDIRECT
    names = out("192.168.7.30", port=53, protocol=UDP)
    assert judged(day(names, beyond)).answers == ISOLATED


@pytest.mark.parametrize(
    ("networks", "expected"),
    [
        (("internet",), INDIRECT),
        (("10.0.0.0/8",), INDIRECT),
        (("10.1.1.0/24",), INDIRECT),
        (("10.0.0.0/7",), INDIRECT),  # declared when it was read, and core lies in it
        (("192.168.8.0/24",), ISOLATED),
        (("172.16.5.0/24",), ISOLATED),
        ((), ISOLATED),
    ],
)
def test_a_peer_whose_other_traffic_was_left_out_leads_on_as_it_was_told(
    networks: tuple[str, ...], expected: tuple[Separation, ...]
) -> None:
    seen = replace(day(out("192.168.7.30", port=445)), beyond={"192.168.7.30": networks})
    found = judged(seen)
    assert found.answers == expected
    assert any("also talks to" in each for each in found.because) is (expected == INDIRECT)
    named = replace(day(out("192.168.7.30", port=53)), beyond={"192.168.7.30": networks})
    assert judged(named).answers == ISOLATED


def test_two_addresses_of_one_interface_are_one_host() -> None:
    other = "2001:db8:7::2"
    rows = (
        talk("192.168.7.30", "192.168.7.31", client_mac="02:00:00:00:00:30"),
        talk(other, OUTSIDE, client_mac="02:00:00:00:00:30"),
        out("192.168.7.30", port=445),
    )
    assert judged(day(*rows)).answers == INDIRECT


def test_what_stands_behind_a_router_is_not_the_router() -> None:
    """A host of another zone, seen with the router's hardware address, talks to core."""
    rows = (
        talk("192.168.8.40", CORE_AT, client_mac=GATEWAY),
        talk(GATEWAY_AT, "192.168.7.31", client_mac=GATEWAY),
        out(GATEWAY_AT, port=80),
    )
    assert judged(day(*rows)).answers == ISOLATED


@pytest.mark.parametrize(("back", "answers"), [(60, INDIRECT), (0, CANNOT_TELL)])
def test_a_port_mapping_counts_where_the_gateway_answered_and_else_is_open(
    back: int, answers: tuple[Separation, ...]
) -> None:
    found = judged(day(out(GATEWAY_AT, port=5351, protocol=UDP, back=back)))
    assert found.answers == answers
    assert any("port mapping (NAT-PMP or PCP)" in each for each in found.because)


def test_a_search_for_a_gateway_is_intent_and_talking_to_one_is_a_path() -> None:
    found = judged(day(observations=SEARCH))
    assert found.answers == ISOLATED
    assert any(each.startswith("It looked for a UPnP gateway") for each in found.because)
    declared = replace(ZONES, gateways=(GATEWAY_AT,))
    control = out(GATEWAY_AT, port=49152)
    assert judged(day(control, observations=SEARCH), zones=declared).answers == INDIRECT
    assert judged(day(control), zones=declared).answers == ISOLATED
    assert judged(day(control, observations=SEARCH)).answers == ISOLATED


def test_a_gateway_is_known_by_what_its_interface_carries() -> None:
    rows = (
        talk(OUTSIDE, "192.168.7.40", client_mac=GATEWAY, back=0),
        talk(GATEWAY_AT, "192.168.7.40", client_mac=GATEWAY),
        out(GATEWAY_AT, port=49152),
    )
    assert judged(day(*rows, observations=SEARCH)).answers == INDIRECT


def test_a_host_that_a_sensor_sees_on_both_sides_of_a_router_is_no_gateway() -> None:
    """What goes to it from the other side has the router's hardware address, and then its own."""
    host, own = "192.168.7.40", "02:00:00:00:00:40"
    rows = (
        talk(OUTSIDE, "192.168.7.41", client_mac=GATEWAY, back=0),
        talk("192.168.8.40", host, server_mac=GATEWAY),
        talk("192.168.8.40", host, client_mac=GATEWAY, server_mac=own),
        out(host, port=554, server_mac=own),
    )
    assert judged(day(*rows, observations=SEARCH)).answers == ISOLATED


def test_the_search_of_another_device_is_not_its_own() -> None:
    other = said(("02:00:00:00:00:77", "ssdp", "search_target", b"InternetGatewayDevice"))
    declared = replace(ZONES, gateways=(GATEWAY_AT,))
    seen = day(out(GATEWAY_AT, port=49152), observations=other)
    assert judged(seen, zones=declared).answers == ISOLATED


def test_a_port_that_a_gateway_was_asked_to_open_is_a_path_with_and_without_an_answer() -> None:
    asked = said(
        (CAMERA, "ssdp", "search_target", b"urn:schemas-upnp-org:service:WANIPConnection:1"),
        (CAMERA, "upnp", "port_mapping", b"192.168.7.1 TCP 554"),
        (CAMERA, "upnp", "port_mapping", b"192.168.7.1 TCP 8000"),
    )
    seen = judged(day(out(GATEWAY_AT, port=49152), observations=asked))
    assert seen.answers == INDIRECT
    (told,) = [each for each in seen.because if "by UPnP" in each]
    assert "it asked 192.168.7.1 by UPnP to open a port to the outside (TCP 554, TCP 8000)" in told

    silent = judged(day(out(GATEWAY_AT, port=49152, back=0), observations=asked))
    (told,) = [each for each in silent.because if "by UPnP" in each]
    assert told.startswith("It asked 192.168.7.1 by UPnP to open a port")
    assert told.endswith("and no answer was seen.")
    assert not any("was not seen to talk to one" in each for each in silent.because)


def test_a_port_that_another_device_asked_for_is_not_its_own() -> None:
    other = said(("02:00:00:00:00:77", "upnp", "port_mapping", b"192.168.7.1 TCP 554"))
    assert judged(day(out(GATEWAY_AT, port=49152), observations=other)).answers == ISOLATED
