"""The pretend site's captures, read by a stranger: tshark agrees with the truth beside them."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from camaudit.lab.traffic.site import Settings
from camaudit.lab.traffic.truth import Truth
from camaudit.lab.traffic.write import write_capture

pytestmark = pytest.mark.timeout(300)

HOUR = 3_600_000_000
START = Settings().start
CHECKED = (
    "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
    "-o", "tcp.check_checksum:TRUE",
)  # fmt: skip
SETTINGS = Settings(
    packets=40_000,
    days=0.5,
    pcapng=True,
    tags="qinq",
    ipv6=True,
    relay=True,
    mapping=True,
    restarts=4,
    outages=((START + 2 * HOUR, START + 3 * HOUR),),
)


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    path = tmp_path_factory.mktemp("capture") / "site.pcapng"
    return path, write_capture(path, SETTINGS)


def fields(path: Path, wanted: str, *names: str) -> list[list[str]]:
    """Return fields of the packets that a filter lets through."""
    words = ["tshark", "-n", "-r", str(path), *CHECKED, "-T", "fields", "-E", "occurrence=f"]
    words += [word for name in names for word in ("-e", name)]
    done = subprocess.run([*words, "-Y", wanted], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_it_counts_as_many_packets_of_each_device(capture: tuple[Path, Truth]) -> None:
    path, truth = capture
    counted = Counter(mac for (mac,) in fields(path, "frame", "eth.src"))
    assert counted.total() == truth.packets
    assert truth.sent == dict(counted)


def test_it_finds_nothing_wrong(capture: tuple[Path, Truth]) -> None:
    path, _ = capture
    wrong = (
        "ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0"
        " || icmp.checksum.status == 0 || icmpv6.checksum.status == 0 || _ws.malformed"
        " || _ws.short || tcp.analysis.retransmission || tcp.analysis.ack_lost_segment"
    )
    assert fields(path, wrong, "frame.number") == []


def test_every_packet_has_both_tags(capture: tuple[Path, Truth]) -> None:
    path, truth = capture
    assert len(fields(path, "ieee8021ad.id == 100 && vlan.id in {10, 20, 30}", "eth.src")) == (
        truth.packets
    )


def test_names_asked_by_people_are_the_secrets(capture: tuple[Path, Truth]) -> None:
    path, truth = capture
    private = {each.mac for each in truth.devices if each.private}
    asked = fields(path, "dns.flags.response == 0 && udp.port == 53", "eth.src", "dns.qry.name")
    names = {name for mac, name in asked if mac in private}
    assert names
    assert names <= set(truth.secrets.names)
    spoken = fields(
        path, "tls.handshake.type == 1", "eth.src", "tls.handshake.extensions_server_name"
    )
    assert {name for mac, name in spoken if mac in private} <= set(truth.secrets.names)
    assert {name for mac, name in spoken if mac not in private and name} == {
        contact.name
        for each in truth.devices
        for contact in each.contacts
        if contact.kind == "maker_cloud"
    }


def test_leases_tell_names_and_restarts(capture: tuple[Path, Truth]) -> None:
    path, truth = capture
    seen = fields(path, "dhcp.option.dhcp == 1", "dhcp.hw.mac_addr", "dhcp.option.hostname")
    wanted = {each.mac: each.hostname for each in truth.devices if each.private or each.restarts}
    assert dict(seen) == wanted
    assert len(seen) == len(wanted)


def test_streams_are_opened_with_log_ins(capture: tuple[Path, Truth]) -> None:
    path, truth = capture
    proofs = [
        text
        for (text,) in fields(path, 'rtsp.request && rtsp contains "Authorization"', "rtsp.request")
    ]
    assert proofs
    video = {
        c.server if c.sort == "interleaved" else c.client
        for c in truth.conversations
        if c.sort != "tls"
    }
    opened = fields(path, 'rtsp.request contains "PLAY"', "ip.dst", "ipv6.dst")
    assert {four or six for four, six in opened} == video


def test_the_relay_is_three_packets_of_stun(capture: tuple[Path, Truth]) -> None:
    path, truth = capture
    (contact,) = [
        contact
        for each in truth.devices
        for contact in each.contacts
        if contact.kind == "p2p_relay"
    ]
    found = fields(path, f"ip.addr == {contact.address}", "_ws.col.Protocol")
    assert found == [["STUN"]] * 3
    answers = fields(path, f"dns.a == {contact.address}", "dns.qry.name")
    assert answers == [["p2p.reolink.com"]]


def test_discovery_comes_from_who_speaks_it(capture: tuple[Path, Truth]) -> None:
    path, truth = capture
    told = {
        "hikvision": 'udp.srcport == 37020 && frame contains "ProbeMatch"',
        "dahua": 'udp.srcport == 37810 && frame contains "client.notifyDevInfo"',
        "axis": 'ssdp && http.request.method == "NOTIFY" && ip.src == 192.168.20.0/24',
    }
    for maker, wanted in told.items():
        macs = {each.mac for each in truth.devices if each.maker == maker}
        assert {mac for (mac,) in fields(path, wanted, "eth.src")} == macs, maker


def test_certificates_name_their_makers(capture: tuple[Path, Truth]) -> None:
    path, truth = capture
    found = fields(path, "tls.handshake.type == 11", "eth.src", "x509sat.uTF8String")
    makers = {each.mac: each.maker for each in truth.devices}
    assert {makers[mac] for mac, _ in found} == {"hikvision", "bosch"}
