"""camaudit.isolation: the class of the other end, and its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from camaudit.model.isolation import Contact, Content, Destination, Zones
from tests.traffic import CAMERA, TCP, UDP, asked
from tests.watches import (
    CAMERA_AT,
    CORE_AT,
    OUTSIDE,
    RECORDER_AT,
    ZONES,
    day,
    judged,
    out,
)


def seen(
    peer: str,
    *,
    names: tuple[dict[str, Any], ...] = (),
    zones: Zones = ZONES,
    **more: Any,
) -> Contact:
    found = judged(day(out(peer, **more), names=names), zones=zones)
    (contact,) = (each for each in found.contacts if each.outbound)
    return contact


def named(name: str, address: str = OUTSIDE, via: str = "dns") -> dict[str, Any]:
    return asked(name, CAMERA_AT, mac=CAMERA, address=address, via=via)


@pytest.mark.parametrize(
    ("peer", "more", "destination"),
    [
        (CORE_AT, {}, Destination.CORE),
        (RECORDER_AT, {}, Destination.RECORDER),
        ("192.168.7.99", {}, Destination.SAME_ZONE),
        ("2001:db8:7::5", {}, Destination.SAME_ZONE),
        ("192.168.8.1", {}, Destination.OTHER_ZONE),
        ("172.16.5.9", {}, Destination.OTHER_SITE),
        ("172.16.6.9", {}, Destination.UNKNOWN_INTERNAL),
        ("100.64.3.4", {}, Destination.UNKNOWN_INTERNAL),
        ("fd00::7", {}, Destination.UNKNOWN_INTERNAL),
        ("192.168.7.53", {"port": 53, "protocol": UDP}, Destination.DNS),
        ("192.168.7.53", {"port": 123, "protocol": UDP}, Destination.NTP),
        # being a name server makes no other conversation with it one about names
        ("192.168.7.53", {"port": 445}, Destination.SAME_ZONE),
        ("192.168.7.54", {"port": 80}, Destination.UPDATE_HOST),
        ("239.255.255.250", {"port": 1900, "protocol": UDP}, Destination.SAME_ZONE),
        ("ff02::fb", {"port": 5353, "protocol": UDP}, Destination.SAME_ZONE),
        ("255.255.255.255", {"port": 67, "protocol": UDP}, Destination.SAME_ZONE),
        ("192.168.7.255", {"port": 37810, "protocol": UDP}, Destination.SAME_ZONE),
        ("192.168.8.255", {"port": 37810, "protocol": UDP}, Destination.SAME_ZONE),
        ("fe80::9", {}, Destination.SAME_ZONE),
        ("169.254.3.3", {}, Destination.SAME_ZONE),
        (OUTSIDE, {}, Destination.UNKNOWN_EXTERNAL),
        (OUTSIDE, {"port": 53, "protocol": UDP}, Destination.DNS),
        (OUTSIDE, {"port": 123, "protocol": UDP}, Destination.NTP),
        (OUTSIDE, {"port": 123, "protocol": TCP}, Destination.UNKNOWN_EXTERNAL),
        ("9.9.8.7", {}, Destination.MAKER_CLOUD),
        (OUTSIDE, {"port": 32100, "protocol": UDP}, Destination.P2P_RELAY),
        (OUTSIDE, {"port": 32100, "protocol": TCP}, Destination.UNKNOWN_EXTERNAL),
    ],
)
def test_by_network_role_and_port(
    peer: str, more: dict[str, Any], destination: Destination
) -> None:
    assert seen(peer, **more).destination is destination


@pytest.mark.parametrize(
    ("name", "more", "destination"),
    [
        ("p2p.acme.example", {}, Destination.MAKER_CLOUD),
        ("up.acme.example", {}, Destination.UPDATE_HOST),
        ("relay.example", {}, Destination.P2P_RELAY),
        ("time.acme.example", {"port": 123, "protocol": UDP}, Destination.NTP),
        ("time.acme.example", {"port": 443}, Destination.MAKER_CLOUD),
        ("0.pool.example", {"port": 443}, Destination.UNKNOWN_EXTERNAL),
        ("notacme.example", {}, Destination.UNKNOWN_EXTERNAL),
        ("updates.example", {}, Destination.UPDATE_HOST),
    ],
)
def test_by_the_name_that_this_device_asked_for(
    name: str, more: dict[str, Any], destination: Destination
) -> None:
    contact = seen(OUTSIDE, names=(named(name),), **more)
    assert (contact.destination, contact.names) == (destination, (name,))


def test_a_name_that_another_host_asked_for_says_nothing() -> None:
    other = asked("p2p.acme.example", "192.168.7.77", mac="02:00:00:00:00:77", address=OUTSIDE)
    contact = seen(OUTSIDE, names=(other,))
    assert (contact.destination, contact.names) == (Destination.UNKNOWN_EXTERNAL, ())


def test_a_makers_name_for_a_private_address_leaves_it_where_it_is() -> None:
    """A resolver that lies for a purpose (a sinkhole) is not the maker's cloud."""
    contact = seen("192.168.8.1", names=(named("p2p.acme.example", "192.168.8.1"),))
    assert contact.destination is Destination.OTHER_ZONE


def test_the_more_specific_network_counts_and_core_outranks_a_role() -> None:
    wide = replace(ZONES, core=("192.168.0.0/16", "10.0.0.0/8"))
    assert seen("192.168.7.9", zones=wide).destination is Destination.SAME_ZONE
    assert seen("192.168.9.9", zones=wide).destination is Destination.CORE
    resolver = replace(ZONES, dns=(CORE_AT,), recorders={"nvr": (CORE_AT,)})
    assert seen(CORE_AT, zones=resolver, port=53).destination is Destination.CORE


def test_a_public_network_that_is_declared_is_not_the_internet() -> None:
    owned = replace(ZONES, other_sites={"depot": ("9.9.8.0/24",)})
    contact = seen("9.9.8.7", zones=owned)
    assert (contact.destination, contact.external) == (Destination.OTHER_SITE, False)
    assert seen("9.9.8.7").external


@pytest.mark.parametrize(
    ("peer", "names", "words"),
    [
        (CORE_AT, (), "it lies in 10.0.0.0/8, which is declared core"),
        ("192.168.7.9", (), "it lies in 192.168.7.0/24, the device's own zone cameras"),
        ("192.168.8.9", (), "it lies in 192.168.8.0/24, zone office"),
        ("172.16.5.9", (), "it lies in 172.16.5.0/24, site depot"),
        ("172.16.6.9", (), "it is a private address that no declared network holds"),
        ("fe80::9", (), "it is a link-local address, which never leaves its link"),
        (RECORDER_AT, (), "it is the declared recorder nvr"),
        (OUTSIDE, (), "on the internet, and nothing in the catalogue fits it"),
        ("9.9.8.7", (), "its address belongs to blocks (verified)"),
        (
            OUTSIDE,
            (named("x.acme.example"),),
            "the name x.acme.example belongs to acme-cloud (verified)",
        ),
    ],
)
def test_the_reason_is_said(peer: str, names: tuple[dict[str, Any], ...], words: str) -> None:
    assert seen(peer, names=names).because == words


def test_of_a_port_alone_it_is_said_that_it_is_alone() -> None:
    contact = seen(OUTSIDE, port=32100, protocol=UDP)
    assert contact.because == (
        "on the internet, and by its port alone (udp 32100) it may be pppp (verified)"
    )


@pytest.mark.parametrize(
    ("port", "via", "content"),
    [
        (443, None, Content.ENCRYPTED),
        (22, None, Content.ENCRYPTED),
        (554, None, Content.READABLE),
        (80, None, Content.READABLE),
        (23, None, Content.READABLE),
        (37777, None, Content.UNKNOWN),
        (37777, "sni", Content.ENCRYPTED),
        (37777, "http_host", Content.READABLE),
        (443, "http_host", Content.READABLE),
        (37777, "dns", Content.UNKNOWN),
    ],
)
def test_whether_content_could_be_read(port: int, via: str | None, content: Content) -> None:
    names = () if via is None else (named("x.example", via=via),)
    assert seen(OUTSIDE, names=names, port=port).content is content


def test_sizes_are_as_the_device_sees_them() -> None:
    found = judged(day(out(OUTSIDE, out=111, back=222)))
    recorder, cloud = sorted(found.contacts, key=lambda each: each.peer)
    assert (cloud.bytes_sent, cloud.bytes_received, cloud.outbound) == (111, 222, True)
    # the recorder opened, and the camera answered with video for a day
    assert (recorder.bytes_sent, recorder.bytes_received) == (24 * 90000, 24 * 1000)
    assert (recorder.outbound, recorder.peer_mac) == (False, "02:00:00:00:00:02")
