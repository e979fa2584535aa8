"""Debian's tshark on the same payloads: what ours reads of them, it reads too."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from camaudit.sources.captures.passive import Watcher
from camaudit.sources.captures.read import read_capture
from camaudit.sources.protocols import registry
from tests.captured import ACK, CAMERA, HOST6, LLDP, SYN, datagram, ethernet, mac, pcap, segment
from tests.payloads import announced, gateway_search, port_mapping
from tests.protocol_examples import load_examples


def theirs(data: bytes, place: Path, *fields: str) -> list[list[list[str]]]:
    """Return what tshark shows of each packet: the values of each field."""
    place.write_bytes(data)
    wanted = [word for field in fields for word in ("-e", field)]
    words = ("-n", "-r", place, "-T", "fields", "-E", "aggregator=|", "-E", "occurrence=a")
    done = subprocess.run(
        ["tshark", *words, *wanted], capture_output=True, text=True, check=True, timeout=60
    )
    return [
        [value.split("|") if value else [] for value in line.split("\t")]
        for line in done.stdout.splitlines()
    ]


def ours(data: bytes) -> dict[str, list[str]]:
    """Return what ours shows: key -> values."""
    found: dict[str, list[str]] = {}
    for row in read_capture(io.BytesIO(data), Watcher()).observations.to_pylist():
        found.setdefault(f"{row['protocol']}.{row['field']}", []).append(row["value"].decode())
    return found


def test_who_looks_for_a_gateway_and_what_it_asks_of_it(tmp_path: Path) -> None:
    asked = port_mapping()
    data = pcap(
        [
            datagram(gateway_search(), target="239.255.255.250", ports=(50000, 1900)),
            segment(SYN, b"", 1, ports=(50001, 5000)),
            segment(ACK, asked, 2, ports=(50001, 5000)),
        ]
    )
    search, _, call = theirs(data, tmp_path / "a", "http.request.line", "xml.cdata", "ip.dst")
    told = ours(data)
    (target,) = told["ssdp.search_target"]
    assert f"ST: {target}" in [line.replace("\\r\\n", "") for line in search[0]]
    ((gateway, protocol, port),) = [each.split() for each in told["upnp.port_mapping"]]
    assert [gateway] == call[2]
    assert {protocol, port} <= set(call[1])


def test_dhcpv6(tmp_path: Path) -> None:
    (said,) = [each for each in load_examples("dhcpv6") if each.case == "solicit"]
    frame = datagram(said.data, HOST6, "ff02::1:2", (546, 547), (CAMERA, "33:33:00:01:00:02"))
    fields = (
        *(
            "dhcpv6.duidllt.link_layer_addr",
            "dhcpv6.client_domain",
            "dhcpv6.vendorclass.enterprise",
        ),
        *("dhcpv6.vendorclass.data", "dhcpv6.requested_option_code", "dhcpv6.duid.bytes"),
        "dhcpv6.msgtype",
    )
    ((address, name, enterprise, text, codes, identifier, kind),) = theirs(
        pcap([frame]), tmp_path / "a", *fields
    )
    told = ours(pcap([frame]))
    assert kind == ["1"]
    assert set(address) == set(told["mac.address"]) - {CAMERA}
    assert name == told["dhcp.hostname"]
    assert enterprise == told["dhcp.enterprise"]
    assert text == told["dhcp.vendor_class"]
    assert [",".join(codes)] == told["dhcpv6.option_request"]
    assert [each.replace(":", "") for each in identifier] == told["dhcp.client_id"]


def test_relayed_dhcpv6(tmp_path: Path) -> None:
    (said,) = [each for each in load_examples("dhcpv6") if each.case == "relayed"]
    data = pcap([datagram(said.data, HOST6, "2001:db8::547", (547, 547))])
    fields = ("dhcpv6.msgtype", "dhcpv6.duid.bytes", "dhcpv6.option.type")
    ((kinds, identifiers, options),) = theirs(data, tmp_path / "a", *fields)
    assert kinds == ["12", "12", "1"]
    assert "79" in options
    told = ours(data)
    assert told["dhcp.client_id"] == [each.replace(":", "") for each in identifiers]
    assert set(told["mac.address"]) - {CAMERA} == {"00:40:8c:00:00:01"}


def test_lldp(tmp_path: Path) -> None:
    (camera,) = [each for each in load_examples("lldp") if each.case == "camera"]
    switch = announced((5, b"switch"), (7, b"\0\x14\0\4"), mac=mac("02:00:00:00:00:99"))
    bridge = "01:80:c2:00:00:0e"
    data = pcap([ethernet(camera.data, CAMERA, bridge, LLDP)])
    fields = (
        *("lldp.chassis.id.mac", "lldp.tlv.system.name", "lldp.tlv.system.desc"),
        *(
            "lldp.mgn.addr.ip4",
            "lldp.media.manufacturer",
            "lldp.media.model",
            "lldp.media.software",
        ),
        "lldp.media.sn",
    )
    (row,) = theirs(data, tmp_path / "a", *fields)
    told = ours(data)
    keys = (
        *("lldp.chassis_id", "lldp.system_name", "lldp.system_description", "ip.address"),
        *("lldp.manufacturer", "lldp.model", "lldp.firmware", "lldp.serial"),
    )
    assert row == [told[key] for key in keys]
    assert len(row) == len([value for value in row if value])

    other = pcap([ethernet(switch, "02:00:00:00:00:98", bridge, LLDP)])
    flags = ("lldp.tlv.system_cap.bridge", "lldp.tlv.system_cap.router")
    ((bridges, routes),) = theirs(other, tmp_path / "a", *flags)
    assert (bridges, routes) == (["1"], ["1"])
    assert ours(other)["lldp.capabilities"] == ["Bridge, Router"]


def test_every_protocol_of_a_link_has_an_example() -> None:
    assert {each.id for each in registry().values() if not each.ports} == {"lldp"}
