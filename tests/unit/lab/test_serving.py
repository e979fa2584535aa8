"""A running lab, asked with plain sockets: what devices say, refuse, lose and lock, and the log."""

from __future__ import annotations

import signal
import socket
import ssl
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Network
from pathlib import Path

import dns.message
import dns.rdatatype
import pytest

from camaudit.errors import UsageError
from camaudit.lab import binding
from camaudit.lab.plan import Device
from camaudit.lab.refusing import may_refuse
from camaudit.lab.running import Running
from tests.child import ORDINARY, camaudit
from tests.pretend import events, plan_of, pretending

HERE = "127.0.0.1"
SADP = (
    b'<?xml version="1.0" encoding="utf-8"?><Probe><Uuid>A-1</Uuid><Types>inquiry</Types></Probe>'
)
DHIP_BODY = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
DHIP = struct.pack("<I4s6I", 32, b"DHIP", 0, 0, len(DHIP_BODY), 0, len(DHIP_BODY), 0) + DHIP_BODY
TYPES = {
    "dn": ("NetworkVideoTransmitter", "http://www.onvif.org/ver10/network/wsdl"),
    "tds": ("Device", "http://www.onvif.org/ver10/device/wsdl"),
}
NAMES = {
    2005: (
        "http://www.w3.org/2003/05/soap-envelope",
        "http://schemas.xmlsoap.org/ws/2005/04/discovery",
    ),
    2009: (
        "http://schemas.xmlsoap.org/soap/envelope/",
        "http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01",
    ),
}


def probe(types: str = "", year: int = 2005) -> bytes:
    soap, discovery = NAMES[year]
    word, namespace = TYPES.get(types, ("", ""))
    asked = f'<d:Types xmlns:x="{namespace}">x:{word}</d:Types>' if word else "<d:Types/>"
    return (
        f'<e:Envelope xmlns:e="{soap}" xmlns:d="{discovery}"><e:Header>'
        '<w:MessageID xmlns:w="urn:w">uuid:77</w:MessageID></e:Header>'
        f"<e:Body><d:Probe>{asked}</d:Probe></e:Body></e:Envelope>"
    ).encode()


@contextmanager
def datagrams(group: str = "", port: int = 0) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(HERE))
        made.bind((group or HERE, port))
        if group:
            joined = socket.inet_aton(group) + socket.inet_aton(HERE)
            made.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
        made.settimeout(0.4)
        yield made


def heard(ear: socket.socket) -> list[tuple[str, bytes]]:
    found = []
    for _ in range(10_000):
        try:
            data, source = ear.recvfrom(65_535)
        except TimeoutError:
            break
        found.append((source[0], data))
    return found


def ask(target: tuple[str, int], request: bytes) -> list[tuple[str, bytes]]:
    with datagrams() as mouth:
        mouth.sendto(request, target)
        return heard(mouth)


def who(estate: Running, answers: list[tuple[str, bytes]]) -> set[str]:
    names = {each.ip: each.persona.id for each in estate.plan.devices()}
    return {names[address] for address, _ in answers}


def fetch(
    device: Device, port: int, request: bytes = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
) -> bytes:
    with socket.create_connection((device.ip, port), timeout=3) as link:
        link.sendall(request)
        link.settimeout(1)
        found = b""
        while part := link.recv(65_536):
            found += part
            if b"Content-Length" not in found or len(found) > 60_000:
                break
            head, _, body = found.partition(b"\r\n\r\n")
            if len(body) >= int(head.partition(b"Content-Length: ")[2].split()[0]):
                break
        return found


@pytest.fixture
def estate() -> Iterator[Running]:
    with pretending(plan_of()) as running:
        yield running


def test_each_type_of_probe_finds_those_that_answer_it(estate: Running) -> None:
    group = ("239.255.255.250", 3702)
    by_type = {types: who(estate, ask(group, probe(types))) for types in ("dn", "tds", "")}
    every = {"hikvision-camera", "dahua-camera", "uniview-camera", "tiandy-camera"}
    assert every <= by_type["dn"] & by_type["tds"] & by_type[""]
    for name, types in (("only-dn", "dn"), ("only-tds", "tds"), ("only-empty", "")):
        assert [each for each, found in by_type.items() if name in found] == [types]
    assert [each for each, found in by_type.items() if "printer" in found] == [""]
    late = ask(group, probe("dn", year=2009))
    assert who(estate, late) == {"only-2009"}
    assert "only-unicast" not in by_type["dn"]
    assert who(estate, ask((estate.device("only-unicast").ip, 3702), probe("dn"))) == {
        "only-unicast"
    }


def test_answers_come_from_the_address_that_was_asked(estate: Running) -> None:
    device = estate.device("hikvision-camera")
    ((source, data),) = ask((device.ip, 37020), SADP)
    assert source == device.ip
    assert f"<IPv4Address>{device.ip}</IPv4Address>".encode() in data
    assert b"<Uuid>A-1</Uuid>" in data


def test_sadp_answers_to_the_group_and_the_factory_state_only_there(estate: Running) -> None:
    group = ("239.255.255.250", 37020)
    with datagrams(group[0], group[1]) as ear:
        assert ask(group, SADP) == []
        answers = [each for each in heard(ear) if each[0] != HERE]
    found = who(estate, answers)
    assert found == {"hikvision-camera", "annke-camera", "hikvision-recorder", "hikvision-factory"}
    assert ask((estate.device("hikvision-factory").ip, 37020), SADP) == []
    assert dict(answers)[estate.device("hikvision-recorder").ip].startswith(b"\0\0<")


@pytest.mark.parametrize("place", ["239.255.255.251", "255.255.255.255", "127.255.255.255"])
def test_dhip_answers_groups_and_broadcasts(estate: Running, place: str) -> None:
    found = who(estate, ask((place, 37810), DHIP))
    assert found == {"dahua-camera", "amcrest-camera", "lorex-camera", "dahua-recorder"}
    assert ask((place, 37810), DHIP_BODY) == []  # without its header it gets no answer


def test_some_makers_answer_to_a_port_of_their_own(estate: Running) -> None:
    bosch = bytes.fromhex("9939a4270a0b0c0dff0006de")
    with datagrams(port=1758) as ear:
        assert ask(("255.255.255.255", 1757), bosch) == []
        ((source, data),) = heard(ear)
    assert source == estate.device("bosch-camera").ip
    assert data[:8] == bosch[:8]


def test_mdns_answers_a_question(estate: Running) -> None:
    device = estate.device("axis-camera")
    question = dns.message.make_query("_axis-video._tcp.local.", "PTR")
    ((_, data),) = ask((device.ip, 5353), question.to_wire())
    answer = dns.message.from_wire(data)
    kinds = {dns.rdatatype.to_text(each.rdtype) for each in answer.additional}
    assert kinds == {"SRV", "TXT", "A"}
    assert device.mac.replace(":", "").upper() in answer.to_text()
    assert ask((device.ip, 5353), dns.message.make_query("_ipp._tcp.local.", "PTR").to_wire()) == []


def test_tcp_doors_answer(estate: Running) -> None:
    camera = estate.device("hikvision-camera")
    page = fetch(camera, estate.port(80))
    assert b"Server: App-webs/" in page
    assert b"404" in fetch(camera, estate.port(80), b"GET /none HTTP/1.1\r\n\r\n").split(b"\r\n")[0]
    told = fetch(camera, estate.port(554), b"OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: 41\r\n\r\n")
    assert b"\r\nCSeq: 41\r\n" in told
    login = fetch(camera, estate.port(554), b"DESCRIBE rtsp://x/ RTSP/1.0\r\nCSeq: 42\r\n\r\n")
    assert b'realm="IP Camera(C2183)"' in login
    greeting = fetch(estate.device("vivotek-camera"), estate.port(21), b"")
    assert greeting == b"220 Welcome to Network Camera FTP Server\r\n"


def test_a_connection_serves_several_requests(estate: Running) -> None:
    camera = estate.device("dahua-camera")
    with socket.create_connection((camera.ip, estate.port(554)), timeout=3) as link:
        for number in (b"1", b"2"):
            link.sendall(b"OPTIONS rtsp://x/ RTSP/1.0\r\nCSeq: " + number + b"\r\n\r\n")
            assert b"CSeq: " + number in link.recv(4096)


def test_tls_shows_the_certificate_of_the_persona(estate: Running) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    device = estate.device("only-tls")
    with (
        socket.create_connection((device.ip, estate.port(443)), timeout=3) as link,
        context.wrap_socket(link) as secure,
    ):
        assert b"DVRNVR" in (secure.getpeercert(binary_form=True) or b"")
        secure.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert secure.recv(100).startswith(b"HTTP/1.1 403")


def test_a_closed_port_refuses(estate: Running) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((estate.device("only-rtsp").ip, estate.port(80)), timeout=3)


def test_an_address_without_a_device_is_silent_and_one_beyond_is_not(estate: Running) -> None:
    # without the right to filter packets the lab listens at its devices only, and others refuse
    absence = TimeoutError if may_refuse() else ConnectionRefusedError
    taken = {each.ip for each in estate.plan.devices()}
    absent = next(f"127.77.0.{n}" for n in range(1, 255) if f"127.77.0.{n}" not in taken)
    with pytest.raises(absence):
        socket.create_connection((absent, estate.port(80)), timeout=0.3)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.78.0.1", estate.port(80)), timeout=3)


def test_the_log_tells_of_every_connection_and_datagram(tmp_path: Path) -> None:
    log = tmp_path / "lab.jsonl"
    with pretending(plan_of("hikvision-camera"), log=log) as estate:
        device = estate.device("hikvision-camera")
        with (
            socket.create_connection((device.ip, estate.port(80)), timeout=3),
            socket.create_connection((device.ip, estate.port(554)), timeout=3),
        ):
            fetch(device, estate.port(80))
        assert len(ask((device.ip, 37020), SADP)) == 1
    found = events(log)
    assert all(each["pretend"] is True and each["address"] == device.ip for each in found)
    opened = [each for each in found if each["event"] == "open"]
    assert [each["concurrent"] for each in opened] == [1, 2, 3]
    assert sorted(each["port"] for each in opened) == [80, 80, 554]
    closed = [each for each in found if each["event"] == "close"]
    assert sorted(each["concurrent"] for each in closed) == [0, 1, 2]
    datagram = [(e["event"], e["port"]) for e in found if e["event"] in ("in", "out")]
    assert datagram == [("in", 37020), ("out", 37020)]
    assert log.stat().st_mode & 0o777 == 0o600


def test_one_connection_after_the_other_counts_as_one(tmp_path: Path) -> None:
    log = tmp_path / "lab.jsonl"
    with pretending(plan_of("hikvision-camera"), log=log) as estate:
        place = (estate.device("hikvision-camera").ip, estate.port(80))
        for _ in range(300):
            socket.create_connection(place, 3).close()
    opened = [each for each in events(log) if each["event"] == "open"]
    assert len(opened) == 300
    assert {each["concurrent"] for each in opened} == {1}


def test_loss_takes_its_share_and_always_the_same(tmp_path: Path) -> None:
    plan = plan_of("hikvision-camera")
    counts = []
    for turn in ("a", "b"):
        log = tmp_path / turn
        with pretending(plan, loss=0.5, log=log) as estate, datagrams() as mouth:
            for _ in range(200):
                mouth.sendto(SADP, (estate.device("hikvision-camera").ip, 37020))
                time.sleep(0.002)  # one after the other, so that the order is the same
            mouth.settimeout(2)  # a busy machine may make the lab late
            answered = len(heard(mouth))
        told = [each["event"] for each in events(log)]
        assert told.count("lost_in") + told.count("in") == 200
        assert told.count("out") == answered
        counts.append((told.count("lost_in"), answered))
    assert counts[0] == counts[1]
    assert 70 < counts[0][0] < 130


def test_delay_comes_before_an_answer() -> None:
    with pretending(plan_of("hikvision-camera"), delay_ms=300) as estate:
        started = time.monotonic()
        fetch(estate.device("hikvision-camera"), estate.port(80))
        assert time.monotonic() - started >= 0.3


def silenced(device: Device, port: int) -> bool:
    """Tell whether a connection is broken off without a word."""
    try:
        return fetch(device, port) == b""
    except ConnectionError:
        return True


def test_a_device_locks_itself_and_the_log_says_so(tmp_path: Path) -> None:
    log = tmp_path / "lab.jsonl"
    with pretending(plan_of("locks-out"), log=log) as estate:
        device, port = estate.device("locks-out"), estate.port(80)
        assert all(fetch(device, port).startswith(b"HTTP/1.1 200") for _ in range(8))
        assert fetch(device, port).startswith(b"HTTP/1.1 423")
        assert silenced(device, port)
    told = [each["event"] for each in events(log)]
    assert told.count("locked") == 1
    assert told.count("refused") >= 1


HOSTILE = (
    "hostile-endless",
    "hostile-big-body",
    "hostile-gzip-bomb",
    "hostile-entity-bomb",
    "hostile-redirect",
    "hostile-redirect-loop",
    "hostile-header-flood",
    "hostile-endless-header",
    "hostile-slow",
    "hostile-reset",
    "hostile-greeting",
    "hostile-no-handshake",
    "hostile-flood",
    "hostile-huge",
    "hostile-expired",
    "hostile-bad-signature",
)


def test_hostile_devices_misbehave_as_they_say() -> None:
    with pretending(plan_of(*HOSTILE)) as estate:
        web = estate.port(80)

        def first(name: str, size: int = 1, port: int = web) -> bytes:
            with socket.create_connection((estate.device(name).ip, port), timeout=5) as link:
                link.sendall(b"GET / HTTP/1.1\r\n\r\n")
                found = b""
                while len(found) < size and (part := link.recv(65_536)):
                    found += part
                return found

        assert len(first("hostile-endless", 1 << 20)) >= 1 << 20
        assert b"Content-Length: 1073741824" in first("hostile-big-body", 200)
        bomb = first("hostile-gzip-bomb", 1 << 30)
        assert b"Content-Encoding: gzip" in bomb
        assert len(bomb) < 2_000_000
        assert b"<!ENTITY" in first("hostile-entity-bomb", 1 << 20)
        assert b"Location: http://192.0.2.66/" in first("hostile-redirect", 1 << 20)
        assert b"Location: /\r\n" in first("hostile-redirect-loop", 1 << 20)
        assert first("hostile-header-flood", 1 << 20).count(b"X-Flood") > 1000
        assert b"\r\n\r\n" not in first("hostile-endless-header", 1 << 20)
        assert len(first("hostile-slow")) == 1
        assert len(first("hostile-greeting", 1 << 20, estate.port(21))) >= 1 << 20
        with pytest.raises(ConnectionResetError):
            first("hostile-reset")
        assert first("hostile-no-handshake", port=estate.port(443)).startswith(b"\x16\x03")
        group = ask(("239.255.255.250", 3702), probe())
        flood = [each for each in group if each[0] == estate.device("hostile-flood").ip]
        assert 500 < len(flood) <= 1000  # a busy machine drops datagrams
        ((_, huge),) = ask((estate.device("hostile-huge").ip, 37020), SADP)
        assert len(huge) > 65_000


def test_ctrl_c_ends_it_without_a_word() -> None:
    with pretending(plan_of("hikvision-camera")) as estate:
        estate.process.send_signal(signal.SIGINT)
        assert estate.process.wait(10) == 0


def test_an_ordinary_account_gets_other_ports() -> None:
    with pretending(plan_of("only-unicast")):
        pass  # wait until other labs have ended
    command = [*ORDINARY, sys.executable, "-m", "camaudit", "lab", "up", "--for=20"]
    told = subprocess.Popen(
        [*command, "--only=hikvision-camera", "--count=2"], stdout=subprocess.PIPE, text=True
    )
    try:
        lines: list[str] = []
        while told.stdout is not None and not (lines and lines[-1].startswith("ready")):
            lines.append(told.stdout.readline())
            assert lines[-1], lines
        text = "".join(lines)
        device = plan_of("hikvision-camera", count=2).devices().__next__()
        port = 80 if "port 80 is" not in text else 8080
        assert b"App-webs" in fetch(device, port)
        assert len(ask(("239.255.255.250", 3702), probe())) == 2
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((device.ip, 8021), timeout=3)
    finally:
        told.terminate()
        told.wait(10)
        if told.stdout is not None:
            told.stdout.close()


def test_two_labs_do_not_share_a_port() -> None:
    with pretending(plan_of("hikvision-camera")):
        ended = camaudit("lab", "up", "--only=hikvision-camera", "--for=1", code=2)
        assert "in use" in ended.err


@pytest.mark.parametrize(("network", "device"), [("192.0.2.0/24", "lo"), ("127.0.0.0/8", "any")])
def test_nothing_is_bound_where_others_could_hear_it(
    network: str, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as on any machine that is on a network; the one of the test need not be
    monkeypatch.setattr(binding, "_has_default_route", lambda: True)
    with pytest.raises(UsageError, match="namespace"):
        binding.check_place(IPv4Network(network), device)


def test_loopback_is_always_allowed() -> None:
    binding.check_place(IPv4Network("127.77.0.0/24"), "lo")


def test_ports_are_shifted_past_each_other() -> None:
    found = binding.shifted_ports([80, 8080, 554, 443, 161], privileged=False)
    assert found == {80: 16080, 8080: 8080, 554: 8554, 443: 8443, 161: 8161}
    assert binding.shifted_ports([80], privileged=True) == {80: 80}
