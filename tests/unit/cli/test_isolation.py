"""Isolation of a site: from a capture file to the answers, the page and the rules' facts."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.app.survey import survey_in
from camaudit.model.ids import DeviceId
from camaudit.model.words import JudgementKind
from tests.byte_search import needles_of, search
from tests.captured import ACK, SYN, datagram, pcap, segment
from tests.cases.command import Camaudit
from tests.payloads import gateway_search, port_mapping

TODAY = date(2026, 11, 25)
START = int(datetime(2026, 11, 24, 8, 0, tzinfo=UTC).timestamp())
#: The moment at which `Camaudit` runs commands of that day.
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC).timestamp()
CAMERA = "44:19:b6:00:00:01"
PHONE = "02:00:00:00:00:05"
ROUTER = "02:00:00:00:00:01"
SECRET = b"only-the-telephone.example"


def frame(source: str, target: str, payload: bytes) -> bytes:
    macs = bytes.fromhex((target + source).replace(":", ""))
    return macs + b"\x08\x00" + payload


def packet(source: str, target: str, port: int, data: bytes, *, back: bool = False) -> bytes:
    """An IPv4 UDP packet (RFC 791, RFC 768) from a high port, or back to it; no checksum."""
    ports = (port, 40000) if back else (40000, port)
    udp = struct.pack("!HHHH", *ports, 8 + len(data), 0) + data
    sides = b"".join(bytes(int(part) for part in each.split(".")) for each in (source, target))
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0)
    return head + sides + udp


def question(name: bytes) -> bytes:
    labels = b"".join(bytes([len(part)]) + part for part in name.split(b".")) + b"\0"
    return struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!HH", 1, 1)


def capture(place: Path, *frames: bytes, hours: float = 0.1) -> Path:
    """A classic pcap file, its frames spread over the time."""
    step = hours * 3600 / max(len(frames) - 1, 1)
    with place.open("wb") as sink:
        sink.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for at, each in enumerate(frames):
            moment = START + at * step
            micros = int((moment % 1) * 1e6)
            sink.write(struct.pack("<IIII", int(moment), micros, len(each), len(each)) + each)
    return place


def talk(target: str, port: int = 8800, mac: str = ROUTER) -> tuple[bytes, bytes]:
    """The camera says something to an address, and is answered."""
    return (
        frame(CAMERA, mac, packet("192.0.2.20", target, port, b"hello")),
        frame(mac, CAMERA, packet(target, "192.0.2.20", port, b"there", back=True)),
    )


@pytest.fixture
def site(camaudit: Camaudit) -> Camaudit:
    camaudit("init", on=TODAY)
    words = ("site", "add", "HQ", "Head office", "--network", "192.0.2.0/24", "--sensitive", "yes")
    camaudit(*words, on=TODAY)
    declare = ("isolation", "declare", "HQ", "--core", "10.0.0.0/8", "--zone", "cctv=192.0.2.0/24")
    camaudit(*declare, "--vantage", "mirror of switch 3", on=TODAY)
    return camaudit


def verify(site: Camaudit, place: Path, *more: str, code: int) -> list[dict[str, Any]]:
    ran = site("isolation", "verify", place, "--site", "HQ", "--json", *more, on=TODAY, code=code)
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_camera_that_talks_to_core_is_found(site: Camaudit, tmp_path: Path) -> None:
    place = capture(tmp_path / "a.pcap", *talk("10.1.2.3"))
    device, watch = verify(site, place, code=3)
    assert device["answers"] == ["connected_to_core"]
    assert device["macs"] == [CAMERA]
    (contact,) = device["contacts"]
    assert (contact["peer"], contact["destination"]) == ("10.1.2.3", "core")
    assert (contact["bytes_sent"], contact["bytes_received"]) == (33, 33)
    assert watch["core"] == ["10.0.0.0/8"]


def test_five_quiet_minutes_tell_nothing(site: Camaudit, tmp_path: Path) -> None:
    quiet = talk("192.0.2.30", mac="02:00:00:00:00:30")
    device, _watch = verify(site, capture(tmp_path / "a.pcap", *quiet), code=4)
    assert device["answers"] == ["cannot_tell"]
    assert device["coverage"]["lacking"]


def test_a_computer_that_nobody_declared_is_a_path_to_core(site: Camaudit, tmp_path: Path) -> None:
    server, beyond = "02:00:00:00:00:30", "10.1.2.3"
    place = capture(
        tmp_path / "a.pcap",
        *talk("192.0.2.30", mac=server),
        frame(server, ROUTER, packet("192.0.2.30", beyond, 445, b"hello")),
        frame(ROUTER, server, packet(beyond, "192.0.2.30", 445, b"there", back=True)),
    )
    device, _watch = verify(site, place, code=3)
    assert device["answers"] == ["indirect_path"]
    assert any("also talks to hosts of 10.0.0.0/8" in each for each in device["because"])
    place.unlink()
    held = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert beyond.encode() not in held + site.estate.read_bytes()


def test_a_record_that_nobody_could_read_may_hide_a_contact(site: Camaudit, tmp_path: Path) -> None:
    place = tmp_path / "conn.log"
    row = {"_path": "conn", "ts": START, "uid": "C1", "proto": "udp", "orig_l2_addr": CAMERA}
    row |= {"id.orig_h": "192.0.2.20", "id.orig_p": 4000, "id.resp_h": "192.0.2.30"}
    row |= {"id.resp_p": 4000, "orig_pkts": 1, "resp_pkts": 1}
    row |= {"orig_ip_bytes": 60, "resp_ip_bytes": 60}
    place.write_text(f"{json.dumps(row)}\n{json.dumps(row | {'id.resp_h': 'nobody'})}\n")
    verify(site, capture(tmp_path / "a.pcap", *talk("192.0.2.30")), code=4)
    device, _watch = verify(site, place, code=4)
    assert any("1 records that were rejected" in each for each in device["coverage"]["lacking"])


def test_of_a_telephone_nothing_is_kept_or_told(site: Camaudit, tmp_path: Path) -> None:
    asks = packet("192.0.2.50", "192.0.2.1", 53, question(SECRET))
    place = capture(tmp_path / "a.pcap", *talk("10.1.2.3"), frame(PHONE, ROUTER, asks))
    page = tmp_path / "page.html"
    ran = site("isolation", "verify", place, "--site", "HQ", "--html", page, on=TODAY, code=3)
    place.unlink()
    held = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    held += ran.out.encode() + ran.err.encode() + site.estate.read_bytes()
    for trace in (SECRET, b"only-the-telephone", PHONE.encode(), bytes.fromhex("020000000005")):
        assert trace not in held
    assert b"192.0.2.50" not in held
    (listed,) = site("isolation", "watches", "--json", on=TODAY).out.splitlines()
    assert json.loads(listed)["left_out"]["conversations"] == 1


def test_what_was_seen_reaches_the_rules(site: Camaudit, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text(
        "asset id,manufacturer,model,mac address,site,operator\n"
        f"CAM-1,Hikvision,DS-2CD2143G0-I,{CAMERA},HQ,A department\n"
    )
    site("body", "add", "DEPT", "A department", "--kind", "department", on=TODAY)
    site("import", register, on=TODAY)
    assert core_clause(site)["verdict"] == "cannot_tell"
    verify(site, capture(tmp_path / "a.pcap", *talk("10.1.2.3")), code=3)
    verdict = core_clause(site)
    assert (verdict["verdict"], verdict["basis"]) == ("breaches", "evidenced")


def test_what_is_configured_reaches_the_rules(site: Camaudit, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text(
        "asset id,manufacturer,model,mac address,ip address,site,operator\n"
        f"CAM-1,Hikvision,DS-2CD2143G0-I,{CAMERA},192.0.2.20,HQ,A department\n"
    )
    site("body", "add", "DEPT", "A department", "--kind", "department", on=TODAY)
    site("import", register, on=TODAY)
    rules = tmp_path / "router.cfg"
    rules.write_text(
        "interface Vlan1\n ip address 10.0.0.1 255.0.0.0\n"
        "interface Vlan20\n ip address 192.0.2.1 255.255.255.0\n"
    )
    ran = site("isolation", "configured", rules, "--site", "HQ", on=TODAY, code=3)
    assert "recorded for 1 devices of site HQ" in ran.err
    verdict = core_clause(site)
    assert (verdict["verdict"], verdict["basis"]) == ("breaches", "declared")


def core_clause(site: Camaudit) -> dict[str, Any]:
    """The verdict on clause b of the statement: keep off core networks."""
    ran = site("report", "--format", "jsonl", "--as-of", "2026-11-25", on=TODAY)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    (device,) = [each for each in lines if each["type"] == "device"]
    (verdict,) = [each for each in device["verdicts"] if each["requirement"] == "b"]
    found: dict[str, Any] = verdict
    return found


def test_an_import_again_changes_nothing_and_purging_leaves_a_tombstone(
    site: Camaudit, tmp_path: Path
) -> None:
    place = capture(tmp_path / "a.pcap", *talk("10.1.2.3"))
    verify(site, place, code=3)
    verify(site, place, code=3)
    (one,) = site("isolation", "watches", "--json", on=TODAY).out.splitlines()
    assert json.loads(one)["keep_until"] == "2026-12-25"
    site("isolation", "purge", "--due", on=TODAY)
    assert not json.loads(site("isolation", "watches", "--json", on=TODAY).out)["purged"]
    site("isolation", "purge", "--due", on=date(2026, 12, 26))
    assert json.loads(site("isolation", "watches", "--json", on=TODAY).out)["purged"]
    ran = site("isolation", "verify", "--site", "HQ", on=TODAY, code=2)
    assert "no traffic of site HQ is held" in ran.err


def test_without_an_estate_the_options_declare_the_networks(
    camaudit: Camaudit, tmp_path: Path
) -> None:
    place = capture(tmp_path / "a.pcap", *talk("198.51.100.9"))
    words = ("--core", "10.0.0.0/8", "--zone", "cctv=192.0.2.0/24", "--json")
    ran = camaudit("isolation", "verify", place, *words, on=TODAY, code=3)
    device = json.loads(ran.out.splitlines()[0])
    assert device["answers"] == ["reaches_internet"]
    assert not camaudit.estate.exists()


def test_a_folder_is_read_by_a_timer_and_changes_are_told(site: Camaudit, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    quiet = capture(folder / "1.pcap", *talk("192.0.2.30", mac="02:00:00:00:00:30"))
    fresh = ("isolation", "verify", folder, "--site", "HQ", "--json")
    os.utime(quiet, (NOON, NOON))
    assert "at rest" in site(*fresh, on=TODAY, code=2).err
    os.utime(quiet, (NOON - 61, NOON - 61))
    assert "changed" not in site(*fresh, on=TODAY, code=4).err
    second = capture(folder / "2.pcap", *talk("10.1.2.3"))
    os.utime(second, (NOON - 61, NOON - 61))
    told = site(*fresh, on=TODAY, code=3).err
    assert "cannot tell, now connected to core" in told
    assert "changed" not in site(*fresh, on=TODAY, code=3).err


WATCHER = "192.0.2.77"
ASKED_BY_CAMERA = b"anna-smith.dyn.example"


def traces(site: Camaudit, *more: bytes) -> list[str]:
    """Return what the estate's files and some outputs hold of a person's host."""
    needles = needles_of([WATCHER, ASKED_BY_CAMERA.decode(), "02:00:00:00:00:77"])
    files = list(site.estate.parent.glob(f"{site.estate.name}*"))
    outputs = {f"output{at}": each for at, each in enumerate(more)}
    return [str(each) for each in search(needles, files, **outputs)]


def watched_by_a_person(site: Camaudit, tmp_path: Path) -> None:
    """A telephone watches the camera, which asks for somebody's own name on the internet."""
    phone = "02:00:00:00:00:77"
    asks = packet("192.0.2.20", "192.0.2.1", 53, question(ASKED_BY_CAMERA))
    seen = (
        frame(phone, CAMERA, packet(WATCHER, "192.0.2.20", 8800, b"show me")),
        frame(CAMERA, phone, packet("192.0.2.20", WATCHER, 8800, b"here", back=True)),
        frame(CAMERA, ROUTER, asks),
        *talk("198.51.100.9"),
    )
    declare = ("isolation", "declare", "HQ", "--core", "192.0.2.64/26", "--zone", "c=192.0.2.0/26")
    site(*declare, "--vantage", "mirror of switch 3", on=TODAY)
    (device, _watch) = verify(site, capture(tmp_path / "a.pcap", *seen), code=3)
    assert any(WATCHER in each for each in device["because"])
    (tmp_path / "a.pcap").unlink()


def answers_kept(site: Camaudit) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(site.estate)) as store:
        query = "SELECT body FROM judgements WHERE kind = 'isolation' AND body IS NOT NULL"
        return [json.loads(body) for (body,) in store.execute(query)]


def test_after_a_purge_nothing_names_who_watched_a_camera(site: Camaudit, tmp_path: Path) -> None:
    watched_by_a_person(site, tmp_path)
    assert traces(site), "the search finds what is held"
    site("isolation", "purge", "--due", on=date(2026, 12, 26))
    page = tmp_path / "page.html"
    site("report", "--format", "html", "--out", page, on=TODAY)
    told = [
        site(*words, on=TODAY, code=code).out.encode()
        for code, *words in (
            (0, "isolation", "watches", "--json"), (0, "devices", "list", "--json"), (4, "assess"),
        )
    ]  # fmt: skip
    assert traces(site, page.read_bytes(), *told) == []
    (kept,) = answers_kept(site)
    assert kept["answers"] == ["connected_to_core", "reaches_internet"]
    assert kept["core"] == ["192.0.2.64/26"]
    assert kept["contacts"] == {"core": 1, "unknown_external": 1}
    assert kept["lacking"]


def test_a_purge_takes_the_sentences_of_earlier_versions_too(
    site: Camaudit, tmp_path: Path
) -> None:
    watched_by_a_person(site, tmp_path)
    (kept,) = answers_kept(site)
    old = {name: kept[name] for name in ("answers", "first", "last", "hours", "complete", "core")}
    store = open_estate(site.estate)
    with store.reading() as connection:
        (said,) = (e for e in store.judgements(connection) if e.kind is JudgementKind.ISOLATION)
    long = f"It was talked to by {WATCHER} (udp 8800)."
    body = old | {"sources": kept["sources"], "because": [long]}
    earlier = replace(said, body=body, recorded_at=said.recorded_at - timedelta(days=1))
    with store.writing() as connection:
        store.add_judgements(connection, [earlier])
    site("isolation", "purge", "--due", on=date(2026, 12, 26))
    assert traces(site) == []
    latest, restated = answers_kept(site)
    assert (latest, restated["answers"]) == (kept, kept["answers"])
    assert "because" not in restated
    with store.reading() as connection:
        found = survey_in(store, connection, load_packs()).isolations[DeviceId(said.subject)]
    assert [each.body for each in found] == [restated, kept], "each keeps its day"


def test_what_an_import_superseded_is_purged_too(site: Camaudit, tmp_path: Path) -> None:
    watched_by_a_person(site, tmp_path)
    site("site", "add", "ANNEX", "Annex", on=TODAY)
    again = capture(tmp_path / "a.pcap", *talk("198.51.100.9"))
    site("import", again, "--site", "HQ", on=TODAY)
    site("import", again, "--site", "ANNEX", on=TODAY)
    again.unlink()
    listed = [json.loads(e) for e in site("isolation", "watches", "--json").out.splitlines()]
    assert [each["superseded"] for each in listed] == [False, True, False]
    site("isolation", "purge", "--due", on=date(2026, 12, 26))
    listed = [json.loads(e) for e in site("isolation", "watches", "--json").out.splitlines()]
    assert all(each["purged"] for each in listed)


SENTINEL = "192.0.2.9"


def with_a_sentinel(place: Path) -> Path:
    """The camera talks to core; something else answers a host of its own zone."""
    mac = "02:00:00:00:00:09"
    return capture(
        place,
        *talk("10.1.2.3"),
        frame(mac, ROUTER, packet(SENTINEL, "192.0.2.1", 123, b"time")),
        frame(ROUTER, mac, packet("192.0.2.1", SENTINEL, 123, b"now", back=True)),
    )


def test_a_sentinel_that_is_declared_late_is_asked_for_again(
    site: Camaudit, tmp_path: Path
) -> None:
    place = with_a_sentinel(tmp_path / "a.pcap")
    assert (
        "no sentinel is declared for site HQ" in site("import", place, "--site", "HQ", on=TODAY).err
    )
    declare = ("isolation", "declare", "HQ", "--core", "10.0.0.0/8", "--zone", "cctv=192.0.2.0/24")
    tomorrow = date(2026, 11, 26)
    site(*declare, "--vantage", "mirror", "--sentinel", SENTINEL, on=tomorrow)
    ran = site("isolation", "verify", "--site", "HQ", "--json", on=tomorrow, code=3)
    device, watch = map(json.loads, ran.out.splitlines())
    assert device["coverage"]["sentinel_seen"] is False
    assert "import the file again" in watch["sources"][0]["damage"][-1]
    ran = site("import", place, "--site", "HQ", on=tomorrow)
    assert "no sentinel" not in ran.err
    assert "nothing changed" not in ran.out
    ran = site("isolation", "verify", "--site", "HQ", "--json", on=tomorrow, code=3)
    device, watch = map(json.loads, ran.out.splitlines())
    assert device["coverage"]["sentinel_seen"] is True
    assert [each["damage"] for each in watch["sources"]] == [[]]
    assert "nothing changed" in site("import", place, "--site", "HQ", on=tomorrow).out


def test_what_was_purged_does_not_come_back_with_a_declaration(
    site: Camaudit, tmp_path: Path
) -> None:
    place = with_a_sentinel(tmp_path / "a.pcap")
    site("import", place, "--site", "HQ", on=TODAY)
    site("isolation", "purge", "--number", "1", on=TODAY)
    site("isolation", "declare", "HQ", "--sentinel", SENTINEL, on=TODAY)
    assert "nothing changed" in site("import", place, "--site", "HQ", on=TODAY).out
    (listed,) = site("isolation", "watches", "--json", on=TODAY).out.splitlines()
    assert json.loads(listed)["purged"]


def test_a_camera_that_has_a_gateway_open_a_port_is_found(site: Camaudit, tmp_path: Path) -> None:
    """From the frames on: a search for the gateway, and the call that asks it to open a port."""
    here, there, group = "192.0.2.20", "192.0.2.1", "239.255.255.250"
    macs = (CAMERA, ROUTER)
    asked = port_mapping()
    search = datagram(gateway_search(), here, group, (50000, 1900), (CAMERA, "01:00:5e:7f:ff:fa"))
    opening = (
        segment(SYN, b"", 1, here, there, (50001, 5000), macs),
        segment(SYN | ACK, b"", 9, there, here, (5000, 50001), macs[::-1]),
        *(
            segment(ACK, asked[at : at + 600], 2 + at, here, there, (50001, 5000), macs)
            for at in range(0, len(asked), 600)
        ),
    )
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    answer = segment(ACK, reply, 10, there, here, (5000, 50001), macs[::-1])

    words = ("--core", "10.0.0.0/8", "--zone", "cctv=192.0.2.0/24", "--json")

    def because(*frames: bytes, code: int) -> list[str]:
        place = tmp_path / "a.pcap"
        place.write_bytes(pcap([*talk("192.0.2.30", mac="02:00:00:00:00:30"), *frames]))
        ran = site("isolation", "verify", place, *words, on=TODAY, code=code)
        device = json.loads(ran.out.splitlines()[0])
        assert device["macs"] == [CAMERA]
        return [*device["answers"], *device["because"]]

    why = f"it asked {there} by UPnP to open a port to the outside (TCP 8554)"
    # a sensor may see one direction alone: what was asked for is a path all the same
    for frames in ((search, *opening, answer), opening[:1] + opening[2:]):
        told = because(*frames, code=3)
        assert "indirect_path" in told
        assert any(why in each for each in told)
    (intent,) = [each for each in because(search, code=4) if "UPnP" in each]
    assert intent.startswith("It looked for a UPnP gateway that opens ports")
    # and on record: a watch keeps what its judgement needs
    because(search, *opening, answer, code=3)
    device, _watch = verify(site, tmp_path / "a.pcap", code=3)
    assert any(why in each for each in device["because"])
