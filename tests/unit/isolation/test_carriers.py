"""camaudit.isolation.carriers: what may carry more than it shows is never isolation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from camaudit.model.isolation import Isolation, Separation
from tests.traffic import CAMERA, TCP, UDP, asked
from tests.watches import CAMERA_AT, ZONES, day, into, judged, out

NEIGHBOUR, RESOLVER = "192.168.7.30", "192.168.7.53"
CANNOT_TELL = (Separation.CANNOT_TELL,)
ISOLATED = (Separation.ISOLATED,)
#: IANA: ICMP, IGMP, GRE, ESP.
ICMP, IGMP, GRE, ESP = 1, 2, 47, 50


def reason(found: Isolation) -> str:
    assert found.answers == CANNOT_TELL
    (text,) = (each for each in found.because if "carry more than it shows" in each)
    return text


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"protocol": 4, "port": 0}, "IP in IP"),
        ({"protocol": 41, "port": 0}, "IPv6 in IP"),
        ({"protocol": GRE, "port": 0}, "GRE"),
        ({"protocol": GRE, "port": 0, "back": 0}, "GRE"),
        ({"protocol": ESP, "port": 0}, "IPsec"),
        ({"protocol": UDP, "port": 4789, "back": 0}, "VXLAN"),
        ({"protocol": UDP, "port": 51820}, "WireGuard"),
        ({"protocol": TCP, "port": 1080}, "SOCKS"),
        ({"protocol": TCP, "port": 22}, "SSH"),
    ],
)
def test_a_tunnel_to_a_neighbour(more: dict[str, Any], name: str) -> None:
    assert name in reason(judged(day(out(NEIGHBOUR, **more))))


def test_the_hour_of_a_tunnel_and_no_other_is_open() -> None:
    found = judged(day(out(NEIGHBOUR, protocol=GRE, port=0)))
    assert [answer for _, answer in found.hours].count(Separation.CANNOT_TELL) == 1
    assert found.hours[0][1] is Separation.CANNOT_TELL


def test_a_tunnel_that_the_neighbour_opens() -> None:
    assert "GRE" in reason(judged(day(into(NEIGHBOUR, protocol=GRE, port=0))))


def test_who_logs_in_to_a_camera_is_no_tunnel_of_it() -> None:
    assert judged(day(into(NEIGHBOUR, port=22))).answers == ISOLATED


def test_an_opening_that_nothing_answered_carries_nothing() -> None:
    assert judged(day(out(NEIGHBOUR, port=1080, back=0))).answers == ISOLATED


@pytest.mark.parametrize("group", ["239.1.2.3", "224.0.1.1", "232.1.1.1", "ff05::c", "ff0e::101"])
def test_a_group_that_routers_pass_on(group: str) -> None:
    assert "routers may pass" in reason(judged(day(out(group, protocol=UDP, port=5004, back=0))))


@pytest.mark.parametrize("group", ["224.0.0.251", "239.255.255.250", "ff02::fb", "ff03::1"])
def test_a_group_that_stays_near(group: str) -> None:
    assert judged(day(out(group, protocol=UDP, port=5353, back=0))).answers == ISOLATED


def test_a_group_that_is_declared_to_stay_in_the_zone() -> None:
    seen = day(out("239.1.2.3", protocol=UDP, port=5004, back=0))
    cameras = (*ZONES.site["cameras"], "239.1.2.0/24")
    zones = replace(ZONES, site={**ZONES.site, "cameras": cameras})
    assert judged(seen, zones=zones).answers == ISOLATED


def test_joining_a_group_sends_nothing_beyond_the_link() -> None:
    assert judged(day(out("239.1.2.3", protocol=IGMP, port=0, back=0))).answers == ISOLATED


def questions(domain: str, count: int) -> list[dict[str, Any]]:
    return [asked(f"{at:x}.x.{domain}", CAMERA_AT, mac=CAMERA) for at in range(count)]


def test_data_in_names_of_one_domain() -> None:
    asks = out(RESOLVER, protocol=UDP, port=53)
    assert "64 names below t.example" in reason(judged(day(asks, names=questions("t.example", 64))))
    assert judged(day(asks, names=questions("t.example", 63))).answers == ISOLATED
    assert judged(day(asks, names=questions("168.192.in-addr.arpa", 64))).answers == ISOLATED


def test_names_that_a_neighbour_asks_for_are_not_the_camera_s() -> None:
    asks = out(RESOLVER, protocol=UDP, port=53)
    names = [
        each | {"client": NEIGHBOUR, "client_mac": None} for each in questions("t.example", 99)
    ]
    assert judged(day(asks, names=names)).answers == ISOLATED


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"protocol": UDP, "port": 53}, "questions are longer"),
        ({"protocol": ICMP, "port": 0}, "longer than an echo's"),
    ],
)
def test_packets_that_are_longer_than_what_they_are_for(
    more: dict[str, Any], expected: str
) -> None:
    many = {"packets_out": 100, "packets_back": 100}
    long = judged(day(out(RESOLVER, out=16_100, **many, **more)))
    assert expected in reason(long)
    assert judged(day(out(RESOLVER, out=8_400, **many, **more))).answers == ISOLATED
    few = {"packets_out": 20, "packets_back": 20}
    assert judged(day(out(RESOLVER, out=8_000, **few, **more))).answers == ISOLATED
