"""The pretend site's captures: what is in them, that it is sound, and that the truth is true."""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec
import pytest

from camaudit.errors import UsageError
from camaudit.lab.traffic.bulk import BURST_FRAMES
from camaudit.lab.traffic.site import BEYOND, BEYOND6, SEGMENTS, Settings, Tags
from camaudit.lab.traffic.truth import Truth
from camaudit.lab.traffic.write import truth_path, write_capture
from tests.frames_seen import TCP, UDP, Seen, checksum_faults, drops, frames, records

HOUR = 3_600_000_000
START = Settings().start
#: A day with all that may be asked for.
BUSY = Settings(
    packets=30_000,
    ipv6=True,
    tags="tag",
    relay=True,
    core=2,
    clouds=2,
    mapping=True,
    dual_homed="two-ports",
    outages=((START + 5 * HOUR, START + 6 * HOUR),),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("traffic")


@cache
def _written(path: Path, settings: Settings) -> Truth:
    return write_capture(path, settings)


@pytest.fixture(scope="module")
def busy(folder: Path) -> tuple[list[Seen], Truth]:
    path = folder / "busy.pcap"
    truth = _written(path, BUSY)
    return list(frames(path)), truth


def test_there_are_as_many_packets_as_wanted_and_told(busy: tuple[list[Seen], Truth]) -> None:
    seen, truth = busy
    assert len(seen) == truth.packets >= 30_000
    assert truth.packets <= 30_000 + BURST_FRAMES


def test_packets_are_in_the_order_of_time_and_within_the_day(
    busy: tuple[list[Seen], Truth],
) -> None:
    times = [each.record.at for each in busy[0]]
    assert times == sorted(times)
    assert times[0] >= START
    assert times[-1] < START + 24 * HOUR
    assert not [at for at in times if START + 5 * HOUR <= at < START + 6 * HOUR]
    assert [at for at in times if START + 4.9 * HOUR <= at < START + 5 * HOUR]


def test_every_checksum_is_right(busy: tuple[list[Seen], Truth]) -> None:
    faults = [(n, f) for n, each in enumerate(busy[0]) if (f := checksum_faults(each.record))]
    assert faults == []


def test_the_truth_knows_who_sent_how_many(busy: tuple[list[Seen], Truth]) -> None:
    seen, truth = busy
    counted = Counter(each.source_mac.hex(":") for each in seen)
    assert truth.sent == dict(counted)
    assert set(counted) == {mac for each in truth.devices for mac in each.ports}
    assert len(truth.devices) == 54


def test_conversations_are_as_told(busy: tuple[list[Seen], Truth]) -> None:
    seen, truth = busy
    packets: Counter[tuple[str, str, tuple[int, int]]] = Counter()
    octets: Counter[tuple[str, str, tuple[int, int]]] = Counter()
    for each in seen:
        if each.ports is not None and each.record.size in (1_000, 130):
            ends = (_address(each.source), _address(each.target))
            packets[*ends, each.ports] += 1
            octets[*ends, each.ports] += each.record.size - 18
    for told in truth.conversations:
        ports = (told.client_port, told.server_port)
        out = (told.client, told.server, ports)
        back = (told.server, told.client, (ports[1], ports[0]))
        # a small frame of the log-in may have one of these sizes too
        assert 0 <= packets[out] - told.packets_out <= 3
        assert 0 <= packets[back] - told.packets_back <= 3
        assert 0 <= octets[out] - told.bytes_out <= 3_000
        assert told.bytes_out + told.bytes_back > 0


def test_video_is_most_of_the_mass(busy: tuple[list[Seen], Truth]) -> None:
    _, truth = busy
    by_sort: Counter[str] = Counter()
    for each in truth.conversations:
        by_sort[each.sort] += each.packets_out + each.packets_back
    video = by_sort["rtp"] + by_sort["interleaved"]
    assert 0.78 < video / by_sort.total() < 0.82


def test_tcp_goes_on_where_it_was(busy: tuple[list[Seen], Truth]) -> None:
    seen, truth = busy
    told = next(each for each in truth.conversations if each.sort == "tls")
    ports = (told.server_port, told.client_port)
    following = None
    for each in seen:
        if each.protocol == TCP and each.ports == ports and _address(each.source) == told.server:
            at = 14 + 4 * len(each.vlans) + (20 if len(each.source) == 4 else 40)
            sequence = int.from_bytes(each.record.data[at + 4 : at + 8], "big")
            assert following in (None, sequence)
            syn = each.record.data[at + 13] & 2
            following = (sequence + len(each.payload) + bool(syn)) % (1 << 32)
    assert following is not None


def test_addresses_are_of_private_and_documentary_ranges(busy: tuple[list[Seen], Truth]) -> None:
    inside = [net for each in SEGMENTS.values() for net in (each.network, each.network6)]
    allowed = [*inside, *BEYOND, BEYOND6]
    allowed += [
        ipaddress.ip_network(each) for each in ("224.0.0.0/4", "255.255.255.255", "ff00::/8")
    ]
    for address in {end for each in busy[0] for end in (each.source, each.target) if end}:
        found = ipaddress.ip_address(address)
        assert int(found) == 0 or any(
            found in net for net in allowed if net.version == found.version
        ), found


def test_one_relay_contact_has_three_packets_named_by_dns(
    busy: tuple[list[Seen], Truth],
) -> None:
    seen, truth = busy
    (device,) = [
        each for each in truth.devices if any(c.kind == "p2p_relay" for c in each.contacts)
    ]
    (contact,) = [each for each in device.contacts if each.kind == "p2p_relay"]
    assert (contact.packets, contact.seen, device.maker) == (3, 3, "reolink")
    found = [
        each for each in seen if contact.address in (_address(each.source), _address(each.target))
    ]
    assert len(found) == 3
    assert {each.protocol for each in found} == {UDP}
    # STUN: the cookie of RFC 5389 in each
    assert all(each.payload[4:8] == b"\x21\x12\xa4\x42" for each in found)
    label = b"\x03p2p\x07reolink\x03com\x00"
    asked = [each for each in seen if each.ports and 53 in each.ports and label in each.payload]
    assert len(asked) == 2
    assert ipaddress.ip_address(contact.address).packed in asked[1].payload
    assert asked[1].record.at < found[0].record.at


def test_a_restart_is_a_discover_an_announcement_and_silence_before(
    busy: tuple[list[Seen], Truth],
) -> None:
    seen, truth = busy
    restarted = [each for each in truth.devices if each.restarts]
    assert len(restarted) == 3
    for device in restarted:
        mac = bytes.fromhex(device.mac.replace(":", ""))
        own = [each for each in seen if each.source_mac == mac]
        discover = [
            each.record.at
            for each in own
            if each.ports == (68, 67) and b"\x63\x82\x53\x63\x35\x01\x01" in each.payload
        ]
        assert discover == [int(at.timestamp() * 1e6) for at in device.restarts]
        announced = [each for each in own if each.kind == 0x0806 and _announces(each.record.data)]
        assert len(announced) == 1


def test_a_recorder_stands_in_two_networks(busy: tuple[list[Seen], Truth]) -> None:
    _, truth = busy
    (recorder,) = [
        each for each in truth.devices if len(each.ports) > 1 and each.role == "recorder"
    ]
    first, second = recorder.ports
    assert int(second.replace(":", ""), 16) == int(first.replace(":", ""), 16) + 1
    assert truth.sent[second] > 0
    assert [each.kind for each in recorder.contacts] == ["core"]


def test_a_mapping_was_asked_for(busy: tuple[list[Seen], Truth]) -> None:
    seen, truth = busy
    (mapping,) = [each for device in truth.devices for each in device.mappings]
    assert mapping.seen
    assert any(b"#AddPortMapping" in each.payload for each in seen)


def test_secrets_are_in_the_capture(busy: tuple[list[Seen], Truth], folder: Path) -> None:
    _, truth = busy
    whole = (folder / "busy.pcap").read_bytes()
    assert len(truth.secrets.names) > 20
    for name in truth.secrets.names:
        labels = b"".join(bytes((len(p),)) + p.encode() for p in name.split("."))
        assert labels in whole or name.encode() in whole, name
    # a password is said plainly only in some log-ins
    plain = [each for each in truth.secrets.credentials if each.encode() in whole]
    assert len(plain) > len(truth.secrets.credentials) // 2
    assert any("=" in each or len(each) == 32 for each in plain)
    for run in truth.secrets.media:
        assert len(bytes.fromhex(run)) == 16
    seen_runs = [run for run in truth.secrets.media if bytes.fromhex(run) in whole]
    assert len(seen_runs) == len(truth.secrets.media)
    assert all(each.encode() in whole for each in truth.secrets.texts)


def test_the_truth_stands_beside_the_capture(busy: tuple[list[Seen], Truth], folder: Path) -> None:
    stored = truth_path(folder / "busy.pcap").read_bytes()
    assert msgspec.json.decode(stored, type=Truth).packets == busy[1].packets


def test_the_same_seed_writes_the_same_bytes(folder: Path) -> None:
    small = Settings(packets=3_000, days=0.02)
    written = []
    for number, settings in enumerate((small, small, replace(small, seed=1))):
        path = folder / f"again{number}" / "a.pcap"
        path.parent.mkdir()
        write_capture(path, settings)
        written.append(path.read_bytes())
    assert written[0] == written[1] != written[2]


@pytest.mark.parametrize(("tags", "outer"), [("none", None), ("tag", ()), ("qinq", (100,))])
def test_tags_are_as_asked_for(folder: Path, tags: Tags, outer: tuple[int, ...] | None) -> None:
    path = folder / f"{tags}.pcap"
    write_capture(path, Settings(packets=2_000, days=0.02, tags=tags))
    wanted = {()} if outer is None else {(*outer, inner) for inner in (10, 20, 30)}
    assert {each.vlans for each in frames(path)} == wanted


def test_pcapng_tells_what_was_lost(folder: Path) -> None:
    path = folder / "lost.pcapng"
    settings = Settings(packets=20_000, days=0.3, pcapng=True, lost=0.2)
    truth = write_capture(path, settings)
    kept = sum(1 for _ in records(path))
    assert kept == truth.packets >= 20_000
    assert drops(path) == truth.lost
    assert 0.17 < truth.lost / (truth.lost + truth.packets) < 0.23
    assert truth.lost_told


def test_frames_are_cut(folder: Path) -> None:
    path = folder / "cut.pcap.gz"
    settings = Settings(packets=4_000, days=0.05, snaplen=120, compress=True)
    truth = write_capture(path, settings)
    found = list(records(path))
    assert len(found) == truth.packets
    assert max(len(each.data) for each in found) == 120
    assert sum(each.size > len(each.data) for each in found) == truth.cut > 2_000


def test_an_unwatched_capture_has_no_relay_unless_asked(folder: Path) -> None:
    path = folder / "plain.pcap"
    truth = write_capture(path, Settings(packets=2_000, days=0.05, clouds=0))
    assert [each.name for each in truth.devices if each.contacts] == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": 0.0}, "--days"),
        ({"devices": 19}, "20 to 200"),
        ({"size": 161}, "--frame-bytes"),
        ({"outages": ((START - 1, START + 5),)}, "--outage"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Settings(**wrong)  # type: ignore[arg-type]


def _address(octets: bytes) -> str:
    return str(ipaddress.ip_address(octets)) if octets else ""


def _announces(data: bytes) -> bool:
    arp = data[data.index(b"\x08\x06\x00\x01") + 2 :]
    return arp[6:8] == b"\0\1" and arp[14:18] == arp[24:28]
