"""camaudit.sources.captures.passive: datagrams of discovery, DHCP, DNS, SNMP and SIP."""

from __future__ import annotations

import struct

import pytest

from camaudit.sources.captures.passive import Watcher
from camaudit.sources.protocols import registry
from camaudit.sources.spec import Search
from tests.payloads import (
    CAMERA,
    CLIENT,
    FAR,
    GROUP,
    ROUTER,
    START,
    dhcp,
    dhcpv6,
    dhcpv6_relayed,
    dns_answer,
    dns_query,
    gateway_search,
    name,
    named,
    observed,
    record,
    udp,
    watch,
)
from tests.protocol_examples import load_examples

MAC = CAMERA.hex(":")
SEARCHES = [search for spec in registry().values() for search in spec.searches]

SADP = (
    b'<?xml version="1.0" encoding="UTF-8"?><%s><Uuid>1</Uuid><Types>inquiry</Types>'
    b"<DeviceDescription>DS-2CD2043G0-I</DeviceDescription><MAC>00-40-8c-00-00-01</MAC>"
    b"<Salt>c2FsdA==</Salt></%s>"
)


def ssdp(kind: str, number: int | None = None, **fields: str) -> bytes:
    boot = () if number is None else (f"BOOTID.UPNP.ORG: {number}",)
    lines = (
        "NOTIFY * HTTP/1.1",
        "HOST: 239.255.255.250:1900",
        f"NTS: ssdp:{kind}",
        "USN: uuid:1::upnp:rootdevice",
        *boot,
        *(f"{key}: {value}" for key, value in fields.items()),
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def kinds(*payloads: object) -> list[tuple[str, str]]:
    rows = watch(*payloads).events.to_pylist()  # type: ignore[arg-type]
    return [(row["mac"].hex(":"), row["kind"]) for row in rows]


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.id)
def test_every_discovery_protocol_is_watched(search: Search) -> None:
    ports = Watcher().udp_ports
    assert {search.port, search.reply_port or search.port} <= ports


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.id)
def test_a_search_makes_no_camera_of_who_searches(search: Search) -> None:
    """Nor is it damage: a tool that looks for cameras is what one expects."""
    sent = [
        udp(request, search.port, mac=CLIENT, peer_mac=GROUP, source_port=port)
        for request in search.requests(bytes(range(16)))
        for port in (50000, search.reply_port or search.port)
    ]
    watched = watch(*sent)
    assert sent
    assert observed(watched) == {}
    assert watched.events.num_rows == 0
    assert watched.damage == ()


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search.id)
def test_an_answer_shows_what_a_scan_would_be_shown(search: Search) -> None:
    protocol = next(spec.id for spec in registry().values() if search in spec.searches)
    key = next(iter(registry()[protocol].expands))
    for example in load_examples(protocol):
        if example.refused is not None or example.expands != key:
            continue
        told = {(f"{one.protocol}.{one.field}", one.value) for one in search.read(example.data)}
        told_addresses = [value.decode() for key, value in told if key == "ip.address"]
        source = next(iter(told_addresses), "192.168.1.64")
        watched = watch(udp(example.data, -search.port, peer_mac=GROUP, source=source))
        shown = {
            (f"{row['protocol']}.{row['field']}", row["value"])
            for batch in watched.observations
            for row in batch.to_pylist()
            if row["device"] == MAC
        }
        assert shown - {("mac.address", MAC.encode())} == told - {("mac.address", MAC.encode())}


def test_what_shows_is_the_sender_s_and_where_it_was_seen_is_told() -> None:
    watched = watch(udp(SADP % (b"ProbeMatch", b"ProbeMatch"), -37020, peer_mac=GROUP, second=4))
    (batch,) = watched.observations
    rows = batch.to_pylist()
    assert {row["device"] for row in rows} == {MAC}
    assert {(row["seen_at"] - START).seconds for row in rows} == {4}
    assert {row["position"] for row in rows} == {"packet 5"}
    assert ("sadp.DeviceDescription", "DS-2CD2043G0-I") in observed(watched)[MAC]
    assert "mac.address" in {f"{row['protocol']}.{row['field']}" for row in rows}
    assert b"c2FsdA==" not in b"".join(row["value"] for row in rows)


def test_the_same_announcement_is_kept_once() -> None:
    once = watch(udp(ssdp("alive", SERVER="x"), 1900, peer_mac=GROUP))
    often = watch(
        *(udp(ssdp("alive", SERVER="x"), 1900, peer_mac=GROUP, second=s) for s in range(9))
    )
    assert observed(once) == observed(often)
    assert observed(once)[MAC]


@pytest.mark.parametrize(
    ("data", "port"),
    [
        (SADP % (b"Hello", b"Hello"), 37020),
        (
            b"<Hello><EndpointReference><Address>urn:uuid:1</Address></EndpointReference></Hello>",
            3702,
        ),
    ],
)
def test_a_greeting_is_a_start_each_time(data: bytes, port: int) -> None:
    sent = [udp(data, port, peer_mac=GROUP, second=at) for at in (0, 50)]
    watched = watch(*sent)
    assert [row["kind"] for row in watched.events.to_pylist()] == ["hello", "hello"]
    assert [(row["at"] - START).seconds for row in watched.events.to_pylist()] == [0, 50]


def test_an_answer_is_no_start() -> None:
    assert kinds(udp(SADP % (b"ProbeMatch", b"ProbeMatch"), 37020, peer_mac=GROUP)) == []


def test_an_announcement_of_upnp_is_a_start_after_a_farewell_or_with_a_higher_boot_number() -> None:
    """UPnP Device Architecture 1.1, 1.2 and 1.2.2; without either it is repeated as time passes."""
    alive, gone = ssdp("alive"), ssdp("byebye")
    assert kinds(udp(alive, 1900), udp(alive, 1900, second=900)) == []
    assert kinds(udp(gone, 1900), udp(alive, 1900), udp(alive, 1900)) == [(MAC, "hello")]
    boots = (udp(ssdp("alive", number), 1900) for number in (7, 7, 8, 8))
    assert kinds(*boots) == [(MAC, "hello")]
    other = udp(alive, 1900, mac=CLIENT)
    assert kinds(udp(gone, 1900), other) == []


def test_a_farewell_shows_nothing() -> None:
    assert observed(watch(udp(ssdp("byebye", LOCATION="http://192.168.1.64/"), 1900))) == {}


def test_dhcp_shows_names_and_the_list_of_what_is_wanted() -> None:
    options = (
        (12, b"DCS-935L"),
        (60, b"udhcp 1.22.1"),
        (55, bytes((1, 3, 6, 12, 15, 28, 42))),
        (61, b"\1" + CAMERA),
    )
    watched = watch(udp(dhcp(1, *options), 67, peer_mac=GROUP))
    assert observed(watched) == {
        MAC: [
            ("dhcp.hostname", "DCS-935L"),
            ("dhcp.vendor_class", "udhcp 1.22.1"),
            ("dhcp.parameter_request_list", "1,3,6,12,15,28,42"),
            ("dhcp.client_id", "01" + CAMERA.hex()),
        ]
    }


def test_dhcp_events_are_starts_and_not_renewals() -> None:
    """RFC 2131 4.3.2: whoever renews has an address, and writes it into ciaddr."""
    renewal = dhcp(3, ciaddr=bytes((192, 168, 1, 64)))
    sent = [udp(data, 67) for data in (dhcp(1), dhcp(3), renewal, dhcp(7), dhcp(2, operation=2))]
    assert kinds(*sent) == [(MAC, "dhcp_discover"), (MAC, "dhcp_request")]


def test_a_relayed_request_is_the_client_s() -> None:
    """RFC 2131 4.1.1: a relay writes its own address into giaddr."""
    relayed = dhcp(1, (12, b"cam"), giaddr=bytes((192, 168, 1, 1)))
    watched = watch(udp(relayed, 67, mac=ROUTER, source="192.168.1.1"))
    assert observed(watched) == {MAC: [("dhcp.hostname", "cam")]}
    assert [row["mac"] for row in watched.events.to_pylist()] == [CAMERA]


def test_nobody_but_a_relay_shows_that_another_device_started() -> None:
    """An "isolated" rests on a start; a request in the camera's name from elsewhere is none."""
    watched = watch(udp(dhcp(1), 67, mac=CLIENT))
    assert watched.events.num_rows == 0


ALL_SERVERS = bytes.fromhex("333300010002")
#: RFC 8415 7.1: all relays and servers.
TO_ALL = {"peer_mac": ALL_SERVERS, "source": "fe80::240:8cff:fe00:1", "target": "ff02::1:2"}
NAMED = (39, b"\0\3cam")


def test_dhcpv6_tells_the_same_as_dhcp_by_the_same_names() -> None:
    options = (
        NAMED,
        (16, struct.pack("!IH", 368, 4) + b"AXIS"),
        (6, struct.pack("!3H", 23, 24, 56)),
    )
    watched = watch(udp(dhcpv6(1, *options), 547, source_port=546, **TO_ALL))  # type: ignore[arg-type]
    assert observed(watched) == {
        MAC: [
            ("dhcp.hostname", "cam"),
            ("dhcp.vendor_class", "AXIS"),
            ("dhcp.enterprise", "368"),
            ("dhcp.client_id", "00030001" + CAMERA.hex()),
            ("dhcpv6.option_request", "23,24,56"),
        ]
    }


def test_of_dhcpv6_the_first_search_is_a_start_and_what_goes_on_is_none() -> None:
    """RFC 8415 18.2.1: where no server answers, a client solicits as long as it runs."""
    first, later, unsaid = (dhcpv6(1, elapsed=each) for each in (0, 3000, None))
    others = [dhcpv6(kind) for kind in (5, 6, 8, 11)]  # renew, rebind, release, information
    sent = [first, later, unsaid, dhcpv6(3), dhcpv6(4), *others]
    told = kinds(*(udp(each, 547, source_port=546, **TO_ALL) for each in sent))  # type: ignore[arg-type]
    assert told == [(MAC, "dhcp_discover"), (MAC, "dhcp_request"), (MAC, "dhcp_request")]
    assert kinds(udp(first, 547, source_port=546)) == []  # to one host: a router may pass it on


def test_a_relayed_message_is_the_client_s_where_the_relay_tells_its_address() -> None:
    """RFC 6939: a relay adds the link layer of who asked."""
    sender = {"mac": ROUTER, "source": "2001:db8::1", "target": "2001:db8::547"}
    inner = dhcpv6(1, NAMED)
    told = dhcpv6_relayed(dhcpv6_relayed(inner, (79, b"\0\1" + CAMERA)))
    watched = watch(udp(told, 547, source_port=547, **sender))  # type: ignore[arg-type]
    assert observed(watched)[MAC][0] == ("dhcp.hostname", "cam")
    assert [row["mac"] for row in watched.events.to_pylist()] == [CAMERA]
    unsaid = watch(udp(dhcpv6_relayed(inner), 547, source_port=547, **sender))  # type: ignore[arg-type]
    assert observed(unsaid) == {}
    assert unsaid.events.num_rows == 0


def test_what_a_dhcpv6_server_says_shows_nothing() -> None:
    sent = udp(dhcpv6(7, NAMED), -547, mac=ROUTER, source="fe80::1", target="fe80::2")
    assert observed(watch(sent)) == {}


def mdns(*records: bytes) -> bytes:
    """RFC 6762 18: an answer without a question."""
    return struct.pack("!6H", 0, 0x8400, 0, len(records), 0, 0) + b"".join(records)


def test_what_a_reflector_says_of_a_telephone_is_not_its_own() -> None:
    """RFC 6762 calls it a proxy: the address that it gives is not the one it sends from."""
    said = mdns(
        record(name("_hap._tcp.local"), 12, name("Anna._hap._tcp.local")),
        record(name("annas-telephone.local"), 1, bytes((192, 168, 1, 77))),
    )
    assert observed(watch(udp(said, -5353, peer_mac=GROUP))) == {}
    own = mdns(
        record(name("cam.local"), 1, bytes((192, 168, 1, 77))),
        record(name("cam.local"), 1, bytes((192, 168, 1, 64))),
    )
    told = observed(watch(udp(own, -5353, peer_mac=GROUP)))
    assert told == {MAC: [("ip.address", "192.168.1.77"), ("ip.address", "192.168.1.64")]}


def service(host: str) -> bytes:
    """RFC 6763 4.1 and 5: a service and where it is, without an address."""
    kind = "_http._tcp.local"
    return mdns(
        record(name(kind), 12, name(f"{host}.{kind}")),
        record(name(f"{host}.{kind}"), 33, struct.pack("!HHH", 0, 0, 80) + name(f"{host}.local")),
    )


def test_one_host_s_services_are_its_own() -> None:
    told = observed(watch(*(udp(service("cam"), -5353, peer_mac=GROUP, second=s) for s in (1, 2))))
    assert ("mdns.hostname", "cam.local") in told[MAC]
    assert ("mdns.instance", "cam") in told[MAC]


def test_a_camera_may_have_several_names() -> None:
    """A DCS-935L of D-Link's announces five, each with its address."""
    own = [
        mdns(record(name(f"{each}.local"), 1, bytes((192, 168, 1, 64)))) for each in ("cam", "iot")
    ]
    told = observed(watch(*(udp(e, -5353, peer_mac=GROUP) for e in (*own, service("cam")))))
    assert ("mdns.instance", "cam") in told[MAC]


def test_of_who_speaks_as_several_hosts_no_word_of_mdns_is_kept() -> None:
    """A reflector sends what telephones say under its own address, at times without theirs."""
    own = mdns(record(name("Cam.local"), 1, bytes((192, 168, 1, 64))))
    server = udp(ssdp("alive", SERVER="reflector"), 1900, peer_mac=GROUP)
    watched = watch(
        udp(own, -5353, peer_mac=GROUP, second=1),
        udp(service("annas-telephone"), -5353, peer_mac=GROUP, second=2),
        server,
    )
    (shown,) = observed(watched).values()
    assert [each for each in shown if each[0].startswith("mdns.")] == []
    assert ("ssdp.server", "reflector") in shown
    (damage,) = watched.damage
    assert (damage.what, damage.count) == ("words of mDNS passed on, left out", 4)


def test_what_something_else_says_too_is_kept_of_a_reflector() -> None:
    """An address that the sender's own discovery reply gives rests on that."""
    reply = (
        b"<ProbeMatch><Types>inquiry</Types><DeviceDescription>DS-1</DeviceDescription>"
        b"<MAC>00-40-8c-00-00-01</MAC><IPv4Address>192.168.1.64</IPv4Address></ProbeMatch>"
    )
    own = mdns(record(name("cam.local"), 1, bytes((192, 168, 1, 64))))
    telephone = udp(service("annas-telephone"), -5353, peer_mac=GROUP)
    words = (udp(own, -5353, peer_mac=GROUP), udp(reply, 37020, peer_mac=GROUP))
    for order in (words, words[::-1]):
        (shown,) = observed(watch(*order, telephone)).values()
        assert ("ip.address", "192.168.1.64") in shown
        assert not any(key.startswith("mdns.") for key, _ in shown)


def test_a_server_s_offer_shows_nothing() -> None:
    assert observed(watch(udp(dhcp(2, (12, b"given"), operation=2), -67, mac=ROUTER))) == {}


def test_names_asked_for_and_what_they_stand_for() -> None:
    answer = dns_answer(
        "Cam.Example",
        record(b"\xc0\x0c", 5, name("lb.cloud.example")),
        record(name("lb.cloud.example"), 1, bytes((198, 51, 100, 7))),
        record(name("unasked.example"), 1, bytes((198, 51, 100, 8))),
    )
    back = {"mac": ROUTER, "peer_mac": CAMERA, "source": "192.168.1.1", "target": "192.168.1.64"}
    watched = watch(
        udp(dns_query("Cam.Example"), 53, second=1),
        udp(dns_query("cam.example", 28), 53, second=9),
        udp(answer, -53, second=2, **back),  # type: ignore[arg-type]
    )
    assert named(watched) == {
        ("192.168.1.64", "dns", "cam.example", None),
        ("192.168.1.64", "dns", "cam.example", "198.51.100.7"),
        ("192.168.1.64", "dns", "lb.cloud.example", "198.51.100.7"),
    }
    rows = watched.names.to_pylist()
    assert {row["client_mac"] for row in rows} == {CAMERA}
    asked = next(row for row in rows if row["address"] is None)
    assert (asked["count"], (asked["first"] - START).seconds, (asked["last"] - START).seconds) == (
        2, 1, 9,
    )  # fmt: skip


def test_names_made_of_addresses_are_no_names() -> None:
    assert named(watch(udp(dns_query("64.1.168.192.in-addr.arpa", 12), 53))) == set()


def test_only_names_of_makers_become_evidence() -> None:
    names = ("dev.hik-connect.com", "nothik-connect.com", "www.example.org")
    watched = watch(*(udp(dns_query(each), 53) for each in names))
    assert {each for _, _, each, _ in named(watched)} == set(names)
    assert observed(watched) == {MAC: [("dns.query", "dev.hik-connect.com")]}


def test_other_domains_may_be_evidence() -> None:
    watcher = Watcher(hosts=frozenset({"example.org"}))
    watcher.take(udp(dns_query("www.example.org"), 53))
    watcher.take(udp(dns_query("dev.hik-connect.com"), 53))
    assert observed(watcher.result()) == {MAC: [("dns.query", "www.example.org")]}


def test_snmp_shows_the_system_and_never_the_community() -> None:
    (example,) = (each for each in load_examples("snmp") if each.case == "axis-system")
    watched = watch(udp(example.data, -161))
    assert observed(watched)[MAC] == list(example.seen)
    (secret,) = (each for each in load_examples("snmp") if each.case == "with-a-community")
    rows = watch(udp(secret.data, -161)).observations
    assert b"public" not in b"".join(row["value"] for batch in rows for row in batch.to_pylist())


def test_sip_shows_what_a_door_station_calls_itself() -> None:
    (example,) = (each for each in load_examples("sip") if each.case == "register-request")
    assert observed(watch(udp(example.data, 5060)))[MAC] == list(example.seen)
    assert watch(udp(b"\r\n\r\n", 5060)).damage == ()


def test_what_an_internet_host_answers_is_not_the_router_s() -> None:
    far = {"mac": ROUTER, "peer_mac": CAMERA, "source": FAR, "target": "192.168.1.64"}
    (example,) = (each for each in load_examples("snmp") if each.case == "axis-system")
    assert observed(watch(udp(example.data, -161, **far))) == {}  # type: ignore[arg-type]


def test_what_a_router_passes_on_is_left_out_and_told() -> None:
    (example,) = (each for each in load_examples("snmp") if each.case == "axis-system")
    passed = [
        udp(example.data, -161, mac=ROUTER, source=f"10.0.{at}.64", second=at) for at in range(6)
    ]
    own = udp(ssdp("alive", SERVER="router"), 1900, mac=ROUTER, peer_mac=GROUP, source="10.0.0.1")
    watched = watch(*passed, own)
    shown = observed(watched)[ROUTER.hex(":")]
    assert ("ssdp.server", "router") in shown
    assert not [key for key, _ in shown if key.startswith("snmp.")]
    assert [each.what for each in watched.damage] == ["values passed on by a router, left out"]


def test_damage_is_counted_and_told_with_the_first_packet() -> None:
    sent = [udp(b"\0", 53, second=2), udp(b"\0", 53, second=5), udp(b"<x", -37020)]
    (damage,) = watch(*sent).damage
    assert (damage.what, damage.count, damage.first) == (
        "payloads that are no message of their port's protocol", 3, "packet 3",
    )  # fmt: skip


def test_no_single_device_is_no_device() -> None:
    watched = watch(udp(dns_query("a.example"), 53, mac=GROUP), udp(b"", 53, mac=bytes(6)))
    assert named(watched) == set()
    assert [(each.what, each.count) for each in watched.damage] == [
        ("payloads from no single hardware address", 2)
    ]


@pytest.mark.parametrize(
    "target",
    [
        "device:InternetGatewayDevice:1",
        "device:InternetGatewayDevice:2",
        "service:WANIPConnection:2",
        "service:WANPPPConnection:1",
        "service:WANIPv6FirewallControl:1",
    ],
)
def test_who_looks_for_a_gateway_that_opens_ports_is_told(target: str) -> None:
    sent = udp(gateway_search(target), 1900, peer_mac=GROUP)
    watched = watch(sent, sent)
    told = ("ssdp.search_target", f"urn:schemas-upnp-org:{target}")
    assert observed(watched) == {MAC: [told]}
    assert watched.damage == ()


@pytest.mark.parametrize(
    "data",
    [
        gateway_search("device:MediaServer:1"),
        gateway_search("device:InternetGatewayDevice:1 of Mr Secret"),
        gateway_search().replace(b"ST:", b"X-ST:"),
        gateway_search().replace(b"M-SEARCH *", b"M-SEARCH"),
        b"M-SEARCH * \xff\r\n\r\n",
    ],
    ids=["a-player", "more-words", "no-target", "no-start-line", "noise"],
)
def test_any_other_search_is_passed_over(data: bytes) -> None:
    watched = watch(udp(data, 1900, peer_mac=GROUP))
    assert observed(watched) == {}
    assert watched.damage == ()
