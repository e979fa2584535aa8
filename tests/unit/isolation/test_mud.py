"""camaudit.isolation.mud: profiles in the form of RFC 8520, written, read and held to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import SourceError
from camaudit.isolation.mud import MY_CONTROLLER, check, derive
from camaudit.isolation.mud_file import MAX_MUD_BYTES, read_mud, write_mud
from camaudit.model.isolation import Contact, Destination
from camaudit.model.mud import (
    DNS_URN,
    NTP_URN,
    Direction,
    DriftKind,
    FlowRule,
    MudProfile,
    PeerKind,
    PortRange,
    Resolution,
)
from tests.traffic import CAMERA, TCP, UDP, asked
from tests.watches import CAMERA_AT, CORE_AT, OUTSIDE, RECORDER_AT, day, into, judged, out

AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
URL = "https://acme.example/camera.json"
OUT, IN = Direction.FROM_DEVICE, Direction.TO_DEVICE
HTTPS = PortRange(first=443, last=443)


def entry(name: str, matches: dict[str, Any], forwarding: str = "accept") -> dict[str, Any]:
    return {"name": name, "matches": matches, "actions": {"forwarding": forwarding}}


def rules(name: str, *entries: dict[str, Any], family: str = "ipv4") -> dict[str, Any]:
    return {"name": name, "type": f"{family}-acl-type", "aces": {"ace": list(entries)}}


def policy(*names: str) -> dict[str, Any]:
    return {"access-lists": {"access-list": [{"name": name} for name in names]}}


#: In the shape of the example of RFC 8520, section 9: a lamp that its maker's host is asked by.
LAMP: dict[str, Any] = {
    "ietf-mud:mud": {
        "mud-version": 1,
        "mud-url": "https://lamps.example/lamp",
        "last-update": "2026-01-28T11:20:51+01:00",
        "cache-validity": 48,
        "is-supported": True,
        "systeminfo": "A lamp",
        "from-device-policy": policy("lamp-from"),
        "to-device-policy": policy("lamp-to"),
    },
    "ietf-access-control-list:acls": {
        "acl": [
            rules(
                "lamp-to",
                entry(
                    "cl0-todev",
                    {
                        "ipv6": {"ietf-acldns:src-dnsname": "test.example", "protocol": 6},
                        "tcp": {
                            "ietf-mud:direction-initiated": "from-device",
                            "source-port": {"operator": "eq", "port": 443},
                        },
                    },
                ),
                family="ipv6",
            ),
            rules(
                "lamp-from",
                entry(
                    "cl0-frdev",
                    {
                        "ipv6": {"ietf-acldns:dst-dnsname": "test.example", "protocol": 6},
                        "tcp": {
                            "ietf-mud:direction-initiated": "from-device",
                            "destination-port": {"operator": "eq", "port": 443},
                        },
                    },
                ),
                family="ipv6",
            ),
        ]
    },
}


def text(document: Any) -> bytes:
    return json.dumps(document).encode()


def with_matches(matches: dict[str, Any], *, to: bool = False, family: str = "ipv4") -> bytes:
    document = json.loads(text(LAMP))
    (one, other) = ("to-device-policy", "from-device-policy")
    document["ietf-mud:mud"].pop(other if to else one)
    document["ietf-mud:mud"][one if to else other] = policy("x")
    document["ietf-access-control-list:acls"]["acl"] = [
        rules("x", entry("e", matches), family=family)
    ]
    return text(document)


def contacts(*rows: dict[str, Any], names: tuple[dict[str, Any], ...] = ()) -> list[Contact]:
    """What the camera does besides sending video to its recorder."""
    found = judged(day(*rows, names=names)).contacts
    return [each for each in found if each.peer != RECORDER_AT]


def named(name: str, address: str = OUTSIDE) -> dict[str, Any]:
    return asked(name, CAMERA_AT, mac=CAMERA, address=address)


def profile(*found: Contact, **more: Any) -> MudProfile:
    return derive(found, url=URL, at=AT, **more)


def kinds(report: Any) -> list[DriftKind]:
    return [each.kind for each in report.drifts]


def test_a_file_in_the_shape_of_the_standards_example_is_read() -> None:
    found = read_mud(text(LAMP))
    assert (found.url, found.is_supported, found.systeminfo) == (
        "https://lamps.example/lamp",
        True,
        "A lamp",
    )
    assert found.last_update == datetime(2026, 1, 28, 10, 20, 51, tzinfo=UTC)
    shared: dict[str, Any] = {
        "family": 6,
        "peer": PeerKind.HOST,
        "name": "test.example",
        "protocol": TCP,
        "peer_ports": HTTPS,
        "initiated": OUT,
    }
    assert found.rules == (FlowRule(direction=OUT, **shared), FlowRule(direction=IN, **shared))


@pytest.mark.parametrize(
    ("matches", "peer", "name"),
    [
        ({"ietf-mud:mud": {"local-networks": [None]}}, PeerKind.LOCAL_NETWORKS, ""),
        ({"ietf-mud:mud": {"same-manufacturer": [None]}}, PeerKind.SAME_MANUFACTURER, ""),
        ({"ietf-mud:mud": {"my-controller": [None]}}, PeerKind.MY_CONTROLLER, ""),
        ({"ietf-mud:mud": {"controller": DNS_URN}}, PeerKind.CONTROLLER, DNS_URN),
        ({"ietf-mud:mud": {"manufacturer": "a.example"}}, PeerKind.MANUFACTURER, "a.example"),
        ({"ietf-mud:mud": {"model": "https://a.example/m"}}, PeerKind.MODEL, "https://a.example/m"),
        ({"ipv4": {"destination-ipv4-network": "192.0.2.0/24"}}, PeerKind.NETWORK, "192.0.2.0/24"),
        ({"ipv4": {"ietf-acldns:dst-dnsname": "A.Example."}}, PeerKind.HOST, "a.example"),
        ({}, PeerKind.ANY, ""),
    ],
)
def test_every_way_to_name_the_other_end(
    matches: dict[str, Any], peer: PeerKind, name: str
) -> None:
    (rule,) = read_mud(with_matches(matches)).rules
    assert (rule.peer, rule.name, rule.protocol) == (peer, name, None)


@pytest.mark.parametrize(
    ("ports", "first", "last"),
    [
        ({"operator": "eq", "port": 80}, 80, 80),
        ({"port": 80}, 80, 80),
        ({"operator": "lte", "port": 1023}, 0, 1023),
        ({"operator": "gte", "port": 1024}, 1024, 65535),
        ({"lower-port": 10, "upper-port": 20}, 10, 20),
    ],
)
def test_ports_are_of_the_device_or_of_the_peer_by_direction(
    ports: dict[str, Any], first: int, last: int
) -> None:
    matches = {"udp": {"destination-port": ports}}
    span = PortRange(first=first, last=last)
    (rule,) = read_mud(with_matches(matches)).rules
    assert (rule.device_ports, rule.peer_ports, rule.protocol) == (None, span, UDP)
    (rule,) = read_mud(with_matches(matches, to=True)).rules
    assert (rule.device_ports, rule.peer_ports) == (span, None)


@pytest.mark.parametrize(
    ("matches", "words"),
    [
        ({"eth": {"ethertype": "0x0800"}}, "eth"),
        ({"ipv4": {"dscp": 4}}, "dscp"),
        ({"tcp": {"flags": "syn"}}, "flags"),
        ({"ipv6": {"protocol": 6}}, "other family"),
        ({"ipv4": {"destination-ipv6-network": "2001:db8::/32"}}, "IPv6 in a list of IPv4"),
        ({"ipv4": {"destination-ipv4-network": "192.0.2.1/24"}}, "has host bits set"),
        ({"ipv4": {"destination-ipv4-network": "2001:db8::/32"}}, "no network of IPv4"),
        ({"ipv4": {"source-ipv4-network": "192.0.2.0/24"}}, "the device's own side"),
        ({"ipv4": {"ietf-acldns:src-dnsname": "a.example"}}, "the device's own side"),
        ({"tcp": {}, "udp": {}}, "both tcp and udp"),
        ({"ipv4": {"protocol": 17}, "tcp": {}}, "protocol 17 is not that of the ports, 6"),
        ({"ipv4": {"protocol": 256}}, "256|<= 255"),
        ({"tcp": {"destination-port": {"operator": "neq", "port": 1}}}, "'neq' is not understood"),
        ({"tcp": {"destination-port": {"lower-port": 9, "upper-port": 1}}}, "lower one is above"),
        ({"tcp": {"destination-port": {"lower-port": 9}}}, "give lower-port and upper-port"),
        ({"tcp": {"destination-port": {}}}, "give lower-port and upper-port"),
        ({"tcp": {"destination-port": {"operator": "eq", "port": 65536}}}, "65535"),
        ({"tcp": {"ietf-mud:direction-initiated": "up"}}, "up"),
        ({"ietf-mud:mud": {"local-networks": []}}, "length"),
        ({"ietf-mud:mud": {"local-networks": True}}, "array"),
        (
            {"ietf-mud:mud": {"local-networks": [None], "controller": "urn:x"}},
            "names the other end in 2 ways",
        ),
    ],
)
def test_what_is_not_understood_refuses_the_file(matches: dict[str, Any], words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read_mud(with_matches(matches))


def changed(path: tuple[str | int, ...], value: Any) -> bytes:
    document = json.loads(text(LAMP))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return text(document)


ACL = ("ietf-access-control-list:acls", "acl")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("ietf-mud:mud",), ..., "ietf-mud:mud"),
        (("ietf-mud:mud", "mud-version"), 2, "mud-version"),
        (("ietf-mud:mud", "mud-url"), ..., "mud-url"),
        (("ietf-mud:mud", "is-supported"), ..., "is-supported"),
        (("ietf-mud:mud", "is-supported"), "yes", "is-supported"),
        (("ietf-mud:mud", "cache-validity"), 169, "cache-validity"),
        (("ietf-mud:mud", "last-update"), "yesterday", "last-update"),
        (("ietf-mud:mud", "last-update"), "2026-01-28T11:20:51", "no time zone"),
        (("ietf-mud:mud", "colour"), "red", "colour"),
        (("ietf-mud:mud", "extensions"), ["ol"], "extensions are not understood: ol"),
        (("ietf-mud:mud", "to-device-policy"), policy("lost"), "no access list is called lost"),
        (("ietf-access-control-list:acls",), ..., "no access list is called lamp-from"),
        ((*ACL, 0, "name"), "lamp-from", "two access lists are called lamp-from"),
        ((*ACL, 0, "type"), "eth-acl-type", "type eth-acl-type is not understood"),
        ((*ACL, 0, "aces", "ace", 0, "actions"), {"forwarding": "log"}, "'log' is none of"),
        ((*ACL, 0, "aces", "ace", 0, "name"), "", "name"),
        (("comment",), "x", "comment"),
    ],
)
def test_the_structure_of_the_modules_is_asked_for(
    path: tuple[str | int, ...], value: Any, words: str
) -> None:
    with pytest.raises(SourceError, match=words):
        read_mud(changed(path, value))


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b"\xff\xfe", b"null", b"[" * 100_000, b" " * (MAX_MUD_BYTES + 1)],
)
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^MUD file: "):
        read_mud(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        read_mud(data)


def test_a_type_with_the_modules_name_is_the_same_type() -> None:
    data = changed((*ACL, 0, "type"), "ietf-access-control-list:ipv6-acl-type")
    assert read_mud(data) == read_mud(text(LAMP))


def test_what_was_seen_becomes_a_rule_for_each_direction() -> None:
    (contact,) = contacts(out(OUTSIDE), names=(named("p2p.acme.example"),))
    shared: dict[str, Any] = {
        "family": 4,
        "peer": PeerKind.HOST,
        "name": "p2p.acme.example",
        "protocol": TCP,
        "peer_ports": HTTPS,
        "initiated": OUT,
    }
    assert set(profile(contact).rules) == {
        FlowRule(direction=OUT, **shared),
        FlowRule(direction=IN, **shared),
    }


def test_what_comes_in_names_the_port_of_the_device() -> None:
    (contact,) = contacts(into(CORE_AT, port=80))
    for rule in profile(contact).rules:
        assert (rule.device_ports, rule.peer_ports) == (PortRange(first=80, last=80), None)
        assert (rule.peer, rule.name, rule.initiated) == (PeerKind.NETWORK, f"{CORE_AT}/32", IN)


@pytest.mark.parametrize(
    ("row", "peer", "name"),
    [
        (out("192.168.7.30"), PeerKind.LOCAL_NETWORKS, ""),
        (out("192.168.7.53", port=53, protocol=UDP), PeerKind.CONTROLLER, DNS_URN),
        (out("192.168.7.53", port=123, protocol=UDP), PeerKind.CONTROLLER, NTP_URN),
        (out("239.255.255.250", port=1900, protocol=UDP), PeerKind.NETWORK, "239.255.255.250/32"),
        (out("9.9.9.9"), PeerKind.NETWORK, "9.9.9.9/32"),
        (out("192.168.8.9"), PeerKind.NETWORK, "192.168.8.9/32"),
    ],
)
def test_the_other_end_is_named_as_it_was_declared(
    row: dict[str, Any], peer: PeerKind, name: str
) -> None:
    (contact,) = contacts(row)
    assert {(each.peer, each.name) for each in profile(contact).rules} == {(peer, name)}


def test_the_recorder_is_the_devices_controller_and_a_peer_may_be_of_the_same_maker() -> None:
    (recorder,) = judged(day()).contacts
    assert {each.peer for each in profile(recorder).rules} == {PeerKind.MY_CONTROLLER}
    (other,) = contacts(out("192.168.7.30"))
    found = profile(other, same_manufacturer={"192.168.7.30"})
    assert {each.peer for each in found.rules} == {PeerKind.SAME_MANUFACTURER}


def test_what_is_not_to_be_expected_is_left_out() -> None:
    seen = contacts(out(OUTSIDE), out(CORE_AT), names=(named("p2p.acme.example"),))
    found = profile(*seen, leave_out={Destination.MAKER_CLOUD})
    assert {each.name for each in found.rules} == {f"{CORE_AT}/32"}


SEEN = (
    out(OUTSIDE),
    out("2001:db8:9::1", port=8883),
    out("192.168.7.30", port=37810, protocol=UDP),
    out("192.168.7.53", port=53, protocol=UDP),
    out("9.9.9.9", protocol=1, port=0),
    into(CORE_AT, port=80),
)


def test_a_profile_that_is_written_is_read_again_the_same() -> None:
    found = profile(*judged(day(*SEEN)).contacts, systeminfo="A camera")
    data = write_mud(found)
    assert read_mud(data) == found
    assert write_mud(read_mud(data)) == data
    assert json.loads(data)["ietf-mud:mud"]["mud-version"] == 1


def test_the_order_of_contacts_does_not_show() -> None:
    seen = judged(day(*SEEN)).contacts
    assert write_mud(profile(*seen)) == write_mud(profile(*reversed(seen)))


@given(st.sets(st.sampled_from(range(len(SEEN)))))
def test_what_a_profile_was_derived_from_does_not_depart_from_it(chosen: set[int]) -> None:
    seen = judged(day(*(SEEN[at] for at in sorted(chosen)))).contacts
    report = check(profile(*seen), seen)
    assert report.drifts == ()
    assert report.unresolved == ()


KNOWN = (out(OUTSIDE), out("192.168.7.30", port=80))


@pytest.mark.parametrize(
    ("later", "kind"),
    [
        (out("9.9.9.9"), DriftKind.NEW_DESTINATION),
        (out(OUTSIDE, port=8443), DriftKind.NEW_PORT),
        (out(OUTSIDE, protocol=UDP), DriftKind.NEW_PORT),
        (into(OUTSIDE), DriftKind.NEW_DIRECTION),
        (into(OUTSIDE, port=80), DriftKind.NEW_PORT),
        (into("192.168.7.31", port=80), DriftKind.NEW_DIRECTION),
    ],
)
def test_a_departure_is_told_by_kind(later: dict[str, Any], kind: DriftKind) -> None:
    expected = profile(*contacts(*KNOWN))
    report = check(expected, contacts(*KNOWN, later))
    assert kinds(report) == [kind]
    (drift,) = report.drifts
    assert drift.peer in (later["server"], later["client"])
    assert drift.peer in drift.says


def test_another_host_of_the_own_zone_is_expected_by_the_same_rule() -> None:
    expected = profile(*contacts(*KNOWN))
    later = contacts(out(OUTSIDE), out("192.168.7.99", port=80))
    assert check(expected, later).drifts == ()


def test_the_address_behind_a_name_may_change() -> None:
    expected = profile(*contacts(out(OUTSIDE), names=(named("p2p.acme.example"),)))
    moved = named("p2p.acme.example", "9.9.9.9")
    assert check(expected, contacts(out("9.9.9.9"), names=(moved,))).drifts == ()
    unnamed = check(expected, contacts(out(OUTSIDE)))
    assert kinds(unnamed) == [DriftKind.NEW_DESTINATION, DriftKind.NOT_SEEN]


def test_what_is_seen_no_more_is_told() -> None:
    expected = profile(*contacts(*KNOWN, into(CORE_AT, port=80)))
    report = check(expected, contacts(out(OUTSIDE)))
    assert kinds(report) == [DriftKind.NOT_SEEN, DriftKind.NOT_SEEN]
    assert sorted(each.says for each in report.drifts) == [
        "from-device local-networks, tcp 80 was not seen",
        f"to-device network {CORE_AT}/32, tcp 80 was not seen",
    ]


def test_the_first_rule_that_fits_decides() -> None:
    (contact,) = contacts(out(OUTSIDE))
    allowed = profile(contact)
    no = FlowRule(direction=OUT, family=4, peer=PeerKind.ANY, accept=False)
    assert kinds(check(replace(allowed, rules=(no, *allowed.rules)), [contact])) == [
        DriftKind.FORBIDDEN,
        DriftKind.NOT_SEEN,
    ]
    assert check(replace(allowed, rules=(*allowed.rules, no)), [contact]).drifts == ()


def test_abstract_names_are_resolved_or_said_to_be_unresolved() -> None:
    rule = FlowRule(direction=OUT, family=4, peer=PeerKind.CONTROLLER, name="urn:acme:vms")
    expected = MudProfile(url=URL, last_update=AT, rules=(rule,))
    seen = contacts(out("192.168.8.9"))
    report = check(expected, seen)
    assert report.unresolved == (rule,)
    assert kinds(report) == [DriftKind.NEW_DESTINATION]
    known = Resolution(controllers={"urn:acme:vms": {"192.168.8.9"}})
    assert check(expected, seen, known).drifts == ()
    own = replace(expected, rules=(replace(rule, peer=PeerKind.MY_CONTROLLER, name=""),))
    assert check(own, seen, Resolution(controllers={MY_CONTROLLER: {"192.168.8.9"}})).drifts == ()
