"""Debian's nmap against real services on loopback, and what camaudit makes of its report.

nginx, Net-SNMP, GStreamer's RTSP server and vsftpd are what they are: none may be given a maker or
be taken for a camera. No camera runs here: two nginx hosts that speak as cameras do stand in.
"""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from string import Template
from typing import Any

import pytest
from defusedxml.ElementTree import parse

from tests.child import camaudit
from tests.system.running import AS_ROOT, READY_S, running, wait

pytestmark = pytest.mark.timeout(400)

SERVICES = Path(__file__).parent / "services"

WEB, BADGED, NAMED = "127.13.0.1", "127.13.0.2", "127.13.0.3"
MEDIA, AGENT, FILES, NOBODY = "127.13.0.4", "127.13.0.5", "127.13.0.6", "127.13.0.7"
OPEN = {
    WEB: {"8080/tcp", "8443/tcp"},
    BADGED: {"8080/tcp"},
    NAMED: {"8080/tcp"},
    MEDIA: {"8554/tcp"},
    AGENT: {"161/udp"},
    FILES: {"2121/tcp"},
}
SCRIPTS = "http-title,http-server-header,http-headers,rtsp-methods,ssl-cert,snmp-sysdescr,banner"
#: nmap, with versions and scripts, on seven addresses; it needs about a quarter of this.
SCAN_S = 240


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nmap")


@pytest.fixture(scope="module")
def services(folder: Path) -> Iterator[None]:
    with _nginx(folder), _snmpd(folder), _rtsp(), _vsftpd(folder):
        yield


@pytest.fixture(scope="module")
def scan(services: None, folder: Path) -> Path:
    """The XML of one scan of everything."""
    report = folder / "scan.xml"
    what = ("-n", "-Pn", "-sT", "-sU", "-sV", "-p", "T:2121,8080,8443,8554,U:161")
    how = ("--script", SCRIPTS, "--host-timeout", "120s", "-oX", str(report))
    done = subprocess.run(
        [*AS_ROOT, "nmap", *what, *how, *OPEN, NOBODY],
        capture_output=True,
        text=True,
        timeout=SCAN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return report


@pytest.fixture(scope="module")
def estate(scan: Path, folder: Path) -> Path:
    """An estate of one sensitive site of a department, with the scan imported."""
    path = folder / "estate.sqlite"
    (folder / "bodies.csv").write_text(
        "Body ID,Name,Type\nDFE,Department for Examples,Ministerial department\n"
    )
    (folder / "sites.csv").write_text(
        "Site ID,Site name,Owner body,Sensitive?,Networks\nLAB,Laboratory,DFE,Yes,127.13.0.0/24\n"
    )
    camaudit("init", "--estate", path)
    for name in ("bodies.csv", "sites.csv"):
        camaudit("import", folder / name, "--estate", path)
    told = camaudit("import", scan, "--site", "LAB", "--estate", path)
    assert "nmap-xml" in told.out
    return path


@pytest.fixture(scope="module")
def devices(estate: Path) -> dict[str, dict[str, Any]]:
    lines = camaudit("devices", "list", "--json", "--estate", estate).out.splitlines()
    rows = [json.loads(line) for line in lines]
    return {address: row for row in rows for address in row["addresses"]}


def test_every_host_and_port_is_accounted_for(scan: Path, estate: Path) -> None:
    in_report = {
        address.get("addr"): {
            f"{port.get('portid')}/{port.get('protocol')}"
            for port in host.iterfind("ports/port")
            if port.find("state[@state='open']") is not None
        }
        for host in parse(scan).iterfind("host")
        for address in host.iterfind("address")
    }
    assert in_report == OPEN | {NOBODY: set()}  # nmap saw what we started
    with closing(sqlite3.connect(estate)) as connection:
        kept = connection.execute(
            "SELECT subject, value FROM observations WHERE protocol = 'port' AND field = 'open'"
        ).fetchall()
    assert sorted((subject, value.decode()) for subject, value in kept) == sorted(
        (f"host:{address}", port) for address, ports in OPEN.items() for port in ports
    )


def test_every_host_is_a_device_at_the_site(devices: dict[str, dict[str, Any]]) -> None:
    assert {address: row["site"] for address, row in devices.items()} == dict.fromkeys(
        [*OPEN, NOBODY], "LAB"
    )


@pytest.mark.parametrize("address", [WEB, MEDIA, AGENT, FILES, NOBODY])
def test_plain_services_have_no_maker_and_are_no_camera(
    address: str, devices: dict[str, dict[str, Any]]
) -> None:
    row = devices[address]
    assert (row["maker"], row["brand"]) == (None, None)
    assert row["kind"] in {"unknown", "service", "not_surveillance"}


def test_what_stands_in_for_a_camera_is_named(devices: dict[str, dict[str, Any]]) -> None:
    assert (devices[BADGED]["maker"], devices[NAMED]["maker"]) == ("hikvision", "axis")
    assert (devices[NAMED]["kind"], devices[NAMED]["model"]) == ("camera", "M3045-V")


def test_the_replies_that_were_read(estate: Path) -> None:
    with closing(sqlite3.connect(estate)) as connection:
        kept = connection.execute("SELECT protocol || '.' || field, value FROM observations")
        values: dict[str, list[str]] = {}
        for key, value in kept:
            values.setdefault(key, []).append(value.decode("utf-8", "replace"))
    assert {"Welcome to nginx!", "AXIS M3045-V Network Camera"} <= set(values["http.title"])
    assert "App-webs/" in values["http.server"]
    assert any('realm="IP Camera(C6241)"' in each for each in values["http.www_authenticate"])
    assert any("CN=canteen.example" in each for each in values["tls.subject"])
    assert "Linux door-controller-lobby" in values["snmp.sysDescr"]
    assert any("DESCRIBE" in each for each in values["rtsp.public"])
    assert any("vsFTPd" in each for each in values["ftp.banner"])


def test_it_is_judged_and_nobody_is_accused_for_nothing(
    estate: Path, devices: dict[str, dict[str, Any]]
) -> None:
    # A sensitive site whose camera has no known date: nothing breached yet, but open.
    told = camaudit("assess", "--json", "--estate", estate, code=4)
    judged = {
        line["id"]: {each["clause"]: each["verdict"] for each in line["verdicts"]}
        for line in map(json.loads, told.out.splitlines())
        if line["type"] == "device"
    }
    assert judged.keys() == {row["id"] for row in devices.values()}
    assert all("breaches" not in verdicts.values() for verdicts in judged.values())
    of_badged = judged[devices[BADGED]["id"]]
    assert of_badged["a"] == "cannot_tell"
    shown = camaudit("explain", devices[BADGED]["id"], "--estate", estate).out
    assert "hikvision" in shown.casefold()
    assert "App-webs" in shown


def test_importing_it_again_changes_nothing(scan: Path, estate: Path) -> None:
    before = estate_rows(estate)
    assert "nothing changed" in camaudit("import", scan, "--site", "LAB", "--estate", estate).out
    assert estate_rows(estate) == before


def estate_rows(estate: Path) -> list[str]:
    with closing(sqlite3.connect(estate)) as connection:
        return list(connection.iterdump())


@contextmanager
def _nginx(folder: Path) -> Iterator[None]:
    name = ("-days", "30", "-subj", "/O=Examples/CN=canteen.example")
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *name, *files],
        check=True,
        capture_output=True,
        timeout=READY_S,
    )
    template = Template((SERVICES / "nginx.conf.template").read_text(encoding="utf-8"))
    config = folder / "nginx.conf"
    config.write_text(
        template.substitute(
            folder=folder, modules="/usr/lib/nginx/modules", web=WEB, badged=BADGED, named=NAMED
        )
    )
    started = ["/usr/sbin/nginx", "-c", str(config), "-g", "daemon off; worker_processes 1;"]
    with running(started, folder / "nginx.txt"):
        _wait_for(WEB, 8080)
        yield


@contextmanager
def _snmpd(folder: Path) -> Iterator[None]:
    config = folder / "snmpd.conf"
    config.write_text("rocommunity public 127.0.0.0/8\nsysDescr Linux door-controller-lobby\n")
    started = [*AS_ROOT, "/usr/sbin/snmpd", "-f", "-Lo", "-C", "-c", str(config), "-I", "-smux"]
    started += ["-p", str(folder / "snmpd.pid"), f"udp:{AGENT}:161"]
    with running(started, folder / "snmpd.txt") as process:
        wait(lambda: b"NET-SNMP" in (folder / "snmpd.txt").read_bytes(), process)
        yield


@contextmanager
def _rtsp() -> Iterator[None]:
    started = ["/usr/bin/python3", str(SERVICES / "rtsp_server.py"), MEDIA, "8554"]
    with running(started):
        _wait_for(MEDIA, 8554)
        yield


@contextmanager
def _vsftpd(folder: Path) -> Iterator[None]:
    empty = folder / "empty"
    empty.mkdir()
    config = folder / "vsftpd.conf"
    config.write_text(
        f"listen=YES\nlisten_address={FILES}\nlisten_port=2121\nbackground=NO\n"
        f"anonymous_enable=YES\nanon_root={empty}\nlocal_enable=NO\nsecure_chroot_dir={empty}\n"
    )
    with running([*AS_ROOT, "/usr/sbin/vsftpd", str(config)], folder / "vsftpd.txt"):
        _wait_for(FILES, 2121)
        yield


def _wait_for(address: str, port: int) -> None:
    def answers() -> bool:
        with suppress(OSError), socket.create_connection((address, port), timeout=1):
            return True
        return False

    wait(answers)
