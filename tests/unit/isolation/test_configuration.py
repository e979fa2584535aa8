"""camaudit.isolation.configuration: is a path permitted, as configured."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import SourceError, UsageError
from camaudit.isolation.configuration import configured_path, read_configuration
from camaudit.isolation.configuration.reading import MAX_CHARACTERS
from camaudit.model.configuration import ConfiguredPath, PathAnswer
from camaudit.model.words import Basis

CAMERAS, CORE = "192.168.7.0/24", "10.0.0.0/16"
YES, NO, UNKNOWN = PathAnswer.PERMITTED, PathAnswer.NOT_PERMITTED, PathAnswer.CANNOT_TELL

IOS: Final = """\
version 15.2
hostname site-router
!
interface Vlan7
 description cameras
 ip address 192.168.7.1 255.255.255.0
{inward}
!
interface Vlan10
 ip address 10.0.0.1 255.255.0.0
{outward}
!
{rest}
end
"""


def ios(*rules: str, inward: str = " ip access-group CAMS in", outward: str = "!") -> str:
    body = "\n".join(["ip access-list extended CAMS", *(f" {rule}" for rule in rules)])
    return IOS.format(inward=inward, outward=outward, rest=body if rules else "!")


def path(*texts: str, source: str = CAMERAS, target: str = CORE) -> ConfiguredPath:
    devices = [read_configuration(text, f"config-{at}") for at, text in enumerate(texts)]
    return configured_path(devices, source, target)


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        (("deny ip any any",), NO),
        (("permit ip any any",), YES),
        (("permit ip host 192.168.7.9 any", "deny ip any any"), YES),
        (("permit tcp any host 10.0.0.5 eq 443", "deny ip any any log"), YES),
        (("deny ip 192.168.7.0 0.0.0.255 10.0.0.0 0.255.255.255", "permit ip any any"), NO),
        # another network is none of our business
        (("permit ip any 172.16.0.0 0.15.255.255", "deny ip any any"), NO),
        # a part is denied, and the rest permitted
        (("deny tcp any any eq telnet", "permit ip any any"), YES),
        # what is not named is denied
        (("permit ip any 172.16.0.0 0.15.255.255",), NO),
        # answers open nothing
        (("permit tcp any any established", "deny ip any any"), NO),
        # a part is denied and then a part permitted: perhaps the same
        (("deny tcp any any eq 443", "permit tcp any any eq 443", "deny ip any any"), UNKNOWN),
        (("deny tcp any any eq 443", "permit tcp any any eq 443"), UNKNOWN),
        (("permit ip object-group CAMERAS any",), UNKNOWN),
        (("permit ip 192.168.7.0 0.0.255.0 any",), UNKNOWN),
        (("10 remark none", "20 deny ip any any"), NO),
    ],
)
def test_access_lists_of_ios(rules: tuple[str, ...], answer: PathAnswer) -> None:
    assert path(ios(*rules)).answer is answer


def test_the_lines_that_decide_are_named() -> None:
    found = path(ios("deny ip any any"))
    assert found.basis is Basis.DECLARED
    told = {(each.number, each.text) for each in found.lines}
    assert {
        (6, "ip address 192.168.7.1 255.255.255.0"),
        (7, "ip access-group CAMS in"),
        (10, "ip address 10.0.0.1 255.255.0.0"),
        (14, "deny ip any any"),
    } <= told
    assert "config-0, line 14: CAMS, denies all: deny ip any any" in found.because


def test_without_a_list_two_interfaces_are_a_path_in_both_directions() -> None:
    text = ios(inward="!")
    assert path(text).answer is YES
    assert path(text, source=CORE, target=CAMERAS).answer is YES


def test_a_list_stands_in_its_direction_only() -> None:
    text = ios("deny ip any any")
    assert path(text, source=CORE, target=CAMERAS).answer is YES
    outward = ios("deny ip any any", inward="!", outward=" ip access-group CAMS out")
    assert path(outward).answer is NO


def test_a_list_that_is_applied_and_not_given_is_not_known() -> None:
    assert path(ios()).answer is UNKNOWN


def test_an_interface_that_is_shut_is_no_way() -> None:
    text = ios(inward=" shutdown") + "ip route 10.0.0.0 255.255.0.0 10.0.0.9\n"
    assert path(text).answer is UNKNOWN  # nothing has the cameras any more
    assert path(text, source=CORE, target=CAMERAS).answer is NO


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        ("access-list 10 permit 192.168.7.0 0.0.0.255", YES),
        ("access-list 10 deny 192.168.7.0 0.0.0.255\naccess-list 10 permit any", NO),
        ("access-list 10 permit host 172.16.0.1", NO),
        ("access-list 101 permit icmp any any echo", UNKNOWN),
    ],
)
def test_numbered_lists(rules: str, answer: PathAnswer) -> None:
    text = IOS.format(inward=" ip access-group 10 in", outward="!", rest=rules)
    assert path(text).answer is answer


SHOWN: Final = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       ia - IS-IS inter area, * - candidate default, U - per-user static route

Gateway of last resort is not set

      10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks
{core}
      192.168.7.0/24 is variably subnetted, 2 subnets, 2 masks
C        192.168.7.0/24 is directly connected, Vlan7
L        192.168.7.1/32 is directly connected, Vlan7
"""


@pytest.mark.parametrize(
    ("core", "answer"),
    [
        ("C        10.0.0.0/16 is directly connected, Vlan10", YES),
        ("C        172.16.0.0/16 is directly connected, Vlan10", NO),
        ("S        10.0.0.0/16 is directly connected, Null0", NO),
        ("O        10.0.0.0/16 [110/2] via 192.168.9.2, 00:10:11, Vlan9", UNKNOWN),
        ("S*       0.0.0.0/0 [1/0] via 192.168.9.2", UNKNOWN),
    ],
)
def test_a_routing_table_that_was_shown(core: str, answer: PathAnswer) -> None:
    found = path(SHOWN.format(core=core))
    assert found.not_understood == ()
    assert found.answer is answer


def test_lists_and_table_of_one_device_belong_together() -> None:
    table = SHOWN.format(core="C        10.0.0.0/16 is directly connected, Vlan10")
    lists = "interface Vlan7\n ip access-group 101 in\naccess-list 101 deny ip any any\n"
    assert path(table + lists).answer is NO


def test_a_way_that_leads_on_needs_the_next_configuration() -> None:
    first = SHOWN.format(core="S        10.0.0.0/16 [1/0] via 192.168.9.2")
    found = path(first)
    assert found.answer is UNKNOWN
    assert any("leads on by 192.168.9.2" in each for each in found.because)
    core = """\
interface Vlan9
 ip address 192.168.9.2 255.255.255.0
 {list}
interface Vlan10
 ip address 10.0.0.1 255.255.0.0
ip route 192.168.7.0 255.255.255.0 192.168.9.1
access-list 101 deny ip any any
"""
    assert path(first, core.format(list="!")).answer is YES
    assert path(first, core.format(list="ip access-group 101 in")).answer is NO


def test_a_route_to_a_part_is_a_path_to_a_part() -> None:
    text = SHOWN.format(core="C        10.0.3.0/24 is directly connected, Vlan10")
    assert path(text).answer is YES
    dropped = SHOWN.format(
        core="C        10.0.3.0/24 is directly connected, Vlan10\n"
        "S        10.0.0.0/16 is directly connected, Null0"
    )
    assert path(dropped).answer is YES
    assert path(dropped, target="10.0.4.0/24").answer is NO


LINUX: Final = """\
default via 203.0.113.1 dev eth0
10.0.0.0/16 dev eth1 proto kernel scope link src 10.0.0.1
192.168.7.0/24 dev eth7 proto kernel scope link src 192.168.7.1
*filter
:INPUT ACCEPT [0:0]
:FORWARD {policy} [10:20]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
{rules}
COMMIT
"""


@pytest.mark.parametrize(
    ("policy", "rules", "answer"),
    [
        ("DROP", "", NO),
        ("ACCEPT", "", YES),
        ("DROP", "-A FORWARD -s 192.168.7.0/24 -d 10.0.0.0/8 -j ACCEPT", YES),
        ("ACCEPT", "-A FORWARD -s 192.168.7.0/24 -j DROP", NO),
        ("ACCEPT", "-A FORWARD -i eth7 -o eth1 -j REJECT --reject-with icmp-port-unreachable", NO),
        ("ACCEPT", "-A FORWARD -i eth7 -o eth0 -j DROP", YES),
        ("DROP", "-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT", NO),
        ("DROP", "-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT", YES),
        ("DROP", "-A FORWARD -d 10.0.0.5/32 -p tcp -m tcp --dport 443 -j ACCEPT", YES),
        ("DROP", '-A FORWARD -s 172.16.0.0/12 -m comment --comment "a b" -j ACCEPT', NO),
        ("DROP", "-A FORWARD ! -s 172.16.0.0/12 -j ACCEPT", UNKNOWN),
        ("DROP", "-A FORWARD -j CUSTOM", UNKNOWN),
        ("DROP", "-A FORWARD -i eth+ -j ACCEPT", UNKNOWN),
    ],
)
def test_routes_and_tables_of_linux(policy: str, rules: str, answer: PathAnswer) -> None:
    assert path(LINUX.format(policy=policy, rules=rules)).answer is answer


@pytest.mark.parametrize("rule", ["-A", '-A""', "-A FORWARD -j", '""'])
def test_a_rule_of_linux_that_is_cut_off_is_not_understood(rule: str) -> None:
    """Found by fuzzing."""
    assert path(LINUX.format(policy="DROP", rules=rule)).answer is UNKNOWN


def test_a_table_without_rules_for_what_is_passed_on_leaves_the_routes() -> None:
    routes = LINUX.split("*filter", maxsplit=1)[0]
    assert path(routes).answer is YES
    assert path(routes.replace("10.0.0.0/16 dev eth1", "172.16.0.0/16 dev eth1")).answer is UNKNOWN
    assert path(routes + "blackhole 10.0.0.0/8\n").answer is YES  # the narrower route counts
    assert path(routes + "unreachable 10.0.0.0/16\n", target="10.9.0.0/16").answer is UNKNOWN


JUNOS: Final = """\
set version 20.4R3
set system host-name site
set interfaces irb unit 7 family inet address 192.168.7.1/24
set interfaces irb unit 7 family inet filter input CAMS
set interfaces irb unit 10 family inet address 10.0.0.1/16
set vlans cameras vlan-id 7
{terms}
"""


@pytest.mark.parametrize(
    ("terms", "answer"),
    [
        (("term all then discard",), NO),
        (("term all then accept",), YES),
        (("term all then count seen",), YES),  # without a decision, a term accepts
        (
            (
                "term core from source-address 192.168.7.0/24",
                "term core from destination-address 10.0.0.0/8",
                "term core then reject",
                "term rest then accept",
            ),
            NO,
        ),
        (("term web from protocol tcp", "term web from destination-port 443"), YES),
        (("term back from tcp-established", "term back then accept"), NO),
        (("term x from prefix-list CORE", "term x then accept"), UNKNOWN),
        (("term x from source-address 10.0.0.0/8 except", "term x then accept"), UNKNOWN),
    ],
)
def test_filters_of_junos(terms: tuple[str, ...], answer: PathAnswer) -> None:
    body = "\n".join(f"set firewall family inet filter CAMS {each}" for each in terms)
    assert path(JUNOS.format(terms=body)).answer is answer


def test_policies_of_an_srx_are_not_understood() -> None:
    body = "set security policies from-zone cams to-zone core policy p then permit"
    found = path(JUNOS.replace("set interfaces irb unit 7 family inet filter input CAMS\n", "")
                 .format(terms=body))  # fmt: skip
    assert found.answer is UNKNOWN
    assert [each.text for each in found.not_understood] == ["set security ..."]


FORTIOS: Final = """\
config system global
    set hostname "fw"
    set admin-sport 8443
end
config system interface
    edit "cams"
        set vdom "root"
        set ip 192.168.7.1 255.255.255.0
        set allowaccess ping
    next
    edit "core"
        set ip 10.0.0.1 255.255.0.0
    next
end
config firewall address
    edit "cameras"
        set uuid 0c0c
        set subnet 192.168.7.0 255.255.255.0
    next
    edit "corenet"
        set subnet 10.0.0.0 255.0.0.0
    next
end
config firewall policy
{policies}
end
"""


def forti(*policies: str) -> str:
    edits = [
        "\n".join(
            ["    edit 1", *(f"        set {each}" for each in policy.split("; ")), "    next"]
        )
        for policy in policies
    ]
    return FORTIOS.format(policies="\n".join(edits))


ALLOW = (
    'srcintf "cams"; dstintf "core"; srcaddr "cameras"; dstaddr "corenet"; action accept; '
    'schedule "always"; service "ALL"'
)


@pytest.mark.parametrize(
    ("policies", "answer"),
    [
        ((), NO),
        ((ALLOW,), YES),
        ((ALLOW + "; status disable",), NO),
        ((ALLOW.replace("action accept", "action deny"), ALLOW), NO),
        ((ALLOW.replace('"core"', '"wan1"'),), NO),
        ((ALLOW.replace('"cams"', '"any"').replace('"cameras"', '"all"'),), YES),
        ((ALLOW.replace('"ALL"', '"HTTPS"'),), YES),
        ((ALLOW.replace('"corenet"', '"elsewhere"'),), UNKNOWN),
        ((ALLOW + '; groups "staff"',), UNKNOWN),
        ((ALLOW + "; srcaddr-negate enable",), UNKNOWN),
    ],
)
def test_policies_of_fortios(policies: tuple[str, ...], answer: PathAnswer) -> None:
    assert path(forti(*policies)).answer is answer


@pytest.mark.parametrize(
    "subnet", ["", '""', "192.168.7.0", "10.0.0.0 255.0.0.0 255.0.0.0", "a/b/c"]
)
def test_a_subnet_that_is_none_is_not_understood(subnet: str) -> None:
    """Found by fuzzing: a line that was cut off."""
    text = forti(ALLOW).replace("set subnet 192.168.7.0 255.255.255.0", f"set subnet {subnet}")
    assert path(text).answer is UNKNOWN
    route = f"config router static\n  edit 1\n  set dst {subnet}\n  next\nend\n"
    assert path(forti(ALLOW), route).answer is (UNKNOWN if subnet else YES)


@pytest.mark.parametrize(
    "line",
    [
        "10.9.0.0/16 via 203. dev eth0",
        "ip route 10.9.0.0 255.255.0.0 203.",
        "O    10.9.0.0/16 [110/2] via 203., 00:01:02, Vlan10",
    ],
)
def test_a_next_hop_that_is_no_address_is_not_understood(line: str) -> None:
    """Found by fuzzing: it was taken for one, and failed where the way was looked for."""
    found = path(ios("permit ip any any") + line + "\n")
    assert found.answer is UNKNOWN
    assert [each.number for each in found.not_understood] == [
        len(ios("permit ip any any").splitlines()) + 1
    ]


@pytest.mark.parametrize(
    "line",
    [
        "set interfaces irb unit 7 family inet filter input",
        "set routing-options static route 10.9.0.0/16 next-hop ge-0/0/0.0",
    ],
)
def test_a_line_of_junos_that_is_cut_off_is_not_understood(line: str) -> None:
    assert path(JUNOS.format(terms=line)).answer is UNKNOWN


def test_a_block_that_is_not_understood_is_noted_once() -> None:
    text = forti(ALLOW) + "config vpn ipsec phase1-interface\n  edit a\n set x y\n next\nend\n"
    found = path(text)
    assert found.answer is UNKNOWN
    assert [each.text for each in found.not_understood] == ["config vpn ..."]


@pytest.mark.parametrize(
    "line",
    [
        "router ospf 1",
        "ip nat inside source list 1 interface Vlan10 overload",
        "crypto map VPN 10 ipsec-isakmp",
        "ip policy route-map OTHER",
    ],
)
def test_one_line_that_is_not_understood_makes_the_answer_unknown(line: str) -> None:
    known = ios("deny ip any any")
    found = path(known + line + "\n")
    assert path(known).answer is NO
    assert found.answer is UNKNOWN
    assert len(found.not_understood) == 1


def test_no_secret_of_a_line_that_is_not_understood_is_told() -> None:
    lines = "key chain tok3n\nwpa-psk tok3n\nset psksecret ENC tok3n\nip ospf tok3n\n"
    found = path(ios("deny ip any any") + lines)
    assert len(found.not_understood) == 4
    assert "tok3n" not in repr(found)


def test_overlapping_networks_and_unknown_ones_cannot_be_told() -> None:
    text = ios(inward="!")
    assert path(text, target="192.168.0.0/16").answer is UNKNOWN
    found = path(text, source="172.16.0.0/24")
    assert found.answer is UNKNOWN
    assert "no configuration has an interface in 172.16.0.0/24" in found.because
    assert path(source=CAMERAS).answer is UNKNOWN


def test_lists_without_routes_or_interfaces_prove_nothing() -> None:
    assert path("access-list 101 deny ip any any\n").answer is UNKNOWN
    alone = "interface Vlan7\n ip address 192.168.7.1 255.255.255.0\n"
    found = path(alone)
    assert found.answer is UNKNOWN
    assert any("gives no routes" in each for each in found.because)


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(UsageError, match="'core' is no network"):
        path(ios(), target="core")


@pytest.mark.parametrize("text", ["", " \n\n", "x" * (MAX_CHARACTERS + 1)])
def test_what_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="config-0"):
        path(text)


WORDS = (
    *("ip", "access-list", "extended", "permit", "deny", "any", "host", "10.0.0.1", "eq", "443"),
    *("interface", "Vlan1", "route", "255.0.0.0", "set", "firewall", "filter", "term", "then"),
    *("config", "edit", "next", "end", "-A", "FORWARD", "-j", "*filter", ":FORWARD", "via", "dev"),
    *("system", "interfaces", "policy", "subnet", '"', "0.0.0.255", "address", "routing-options"),
)


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1))
def test_any_lines_are_read_and_never_prove_anything_by_accident(lines: list[str]) -> None:
    found = path("\n".join(lines))
    assert found.answer is UNKNOWN
