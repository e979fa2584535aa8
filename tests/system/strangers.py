"""Services that we did not write, each on a host of its own, with a configuration to throw away.

Each is waited for until the scanner has had an answer, asked in bytes that stand here.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from string import Template
from typing import Final

import pytest

from tests.conformance.tree import ROOT
from tests.system.running import READY_S, running
from tests.system.segment import Host, Segment

SERVICES: Final = Path(__file__).parent / "services"
_THEIR_PYTHON: Final = ROOT / ".venv-system" / "bin" / "python"
_DISCOVERY: Final = "239.255.255.250"

#: WS-Discovery 1.0 (April 2005), 5.2: which devices are there (wsdd wants this prefix).
_WHO: Final = b"""<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
 xmlns:wsdp="http://schemas.xmlsoap.org/ws/2006/02/devprof"><s:Header>
<a:MessageID>urn:uuid:0b6a1d0e-5f0a-4a3e-9d55-7a0c1f2e3d4b</a:MessageID>
<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>
<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>
</s:Header><s:Body><d:Probe><d:Types>wsdp:Device</d:Types></d:Probe></s:Body></s:Envelope>"""
#: UPnP Device Architecture 1.1, 1.3.2.
_SEARCH: Final = (
    b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
    b'MAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n'
)
#: RFC 1035 4: one question, PTR of _axis-video._tcp.local, class IN.
_SERVICE: Final = b"\0\x07\0\0\0\x01\0\0\0\0\0\0\x0b_axis-video\x04_tcp\x05local\0\0\x0c\0\x01"


def camera(segment: Segment, host: Host, folder: Path) -> Iterator[None]:
    """Run ipycam, an ONVIF camera."""
    if not _THEIR_PYTHON.exists():
        pytest.fail("ipycam is not installed: make .venv-system/.made")
    script = SERVICES / "onvif_camera.py"
    with _started(host, folder, _THEIR_PYTHON, script, host.address):
        segment.knock(host, 3702, _WHO, _DISCOVERY)
        segment.knock(host, 8080)
        yield


def media_server(segment: Segment, host: Host, folder: Path) -> Iterator[None]:
    """Run GStreamer's RTSP server with a test picture."""
    script = SERVICES / "rtsp_server.py"
    with _started(host, folder, "/usr/bin/python3", script, host.address, "554"):
        segment.knock(host, 554)
        yield


def announcer(segment: Segment, host: Host, folder: Path) -> Iterator[None]:
    """Run avahi, which announces what an Axis camera would."""
    services = folder / "services"
    services.mkdir()
    (services / "camera.service").write_text(_SERVICE_GROUP)
    config = folder / "avahi.conf"
    config.write_text(
        "[server]\nhost-name=north-gate\nuse-ipv6=no\nallow-interfaces=eth0\nenable-dbus=no\n"
        "[publish]\npublish-workstation=no\n"
    )
    # Its folders are compiled in; what is mounted in a namespace, the machine does not see.
    own = f"mount --bind {services} /etc/avahi/services && mount -t tmpfs own /run && exec "
    command = f"{own} /usr/sbin/avahi-daemon --no-drop-root --no-chroot -f {config}"
    with _started(host, folder, "sh", "-c", command):
        segment.knock(host, 5353, _SERVICE, "224.0.0.251")
        yield


def media_library(segment: Segment, host: Host, folder: Path) -> Iterator[None]:
    """Run minidlna, a UPnP media server."""
    (folder / "media").mkdir()
    config = folder / "minidlna.conf"
    config.write_text(
        f"network_interface=eth0\nport=8200\nmedia_dir={folder / 'media'}\ndb_dir={folder}\n"
        f"log_dir={folder}\nfriendly_name=Staff room library\ninotify=no\nnotify_interval=300\n"
        "serial=417\nmodel_number=1\n"
    )
    started = ("/usr/sbin/minidlnad", "-S", "-f", config, "-P", folder / "minidlna.pid")
    with _started(host, folder, *started):
        segment.knock(host, 1900, _SEARCH, _DISCOVERY)
        segment.knock(host, 8200)
        yield


def agent(community: str) -> Callable[[Segment, Host, Path], Iterator[None]]:
    """Return what runs Net-SNMP's agent with a community."""

    def run(segment: Segment, host: Host, folder: Path) -> Iterator[None]:
        config = folder / "snmpd.conf"
        config.write_text(
            f"rocommunity {community} 192.0.2.0/24\nsysDescr Linux door-controller-lobby\n"
            "sysName door-controller-lobby\n"
        )
        config.chmod(0o600)
        started = ("/usr/sbin/snmpd", "-f", "-Lo", "-C", "-c", config, "-I", "-smux")
        own = ("-p", folder / "snmpd.pid", f"udp:{host.address}:161")
        with _started(host, folder, *started, *own):
            segment.knock(host, 161, _get_description(community.encode()))
            yield

    return run


def windows_like(segment: Segment, host: Host, folder: Path) -> Iterator[None]:
    """Run wsdd, by which a file server is seen as Windows machines are."""
    started = ("/usr/sbin/wsdd", "-i", "eth0", "-4", "-n", "accounts-pc", "-w", "OFFICE")
    with _started(host, folder, *started):
        segment.knock(host, 3702, _WHO, _DISCOVERY)
        segment.knock(host, 5357)
        yield


def web_application(segment: Segment, host: Host, folder: Path) -> Iterator[None]:
    """Run nginx with a login page, and a certificate that it made itself."""
    name = ("-days", "30", "-subj", "/O=Examples/CN=booking.example")
    files = ("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *name, *files],
        check=True,
        capture_output=True,
        timeout=READY_S,
    )
    template = Template((SERVICES / "login.conf.template").read_text(encoding="utf-8"))
    config = folder / "nginx.conf"
    config.write_text(template.substitute(folder=folder, address=host.address))
    started = ("/usr/sbin/nginx", "-c", config, "-g", "daemon off; worker_processes 1;")
    with _started(host, folder, *started):
        segment.knock(host, 80)
        segment.knock(host, 443)
        yield


@contextmanager
def standing(
    segment: Segment,
    services: dict[int, Callable[[Segment, Host, Path], Iterator[None]]],
    folder: Path,
) -> Iterator[dict[int, Host]]:
    """Run services on hosts whose addresses end in these numbers."""
    hosts = {last: segment.join(last) for last in services}
    with ExitStack() as stack:
        for last, service in services.items():
            own = folder / str(last)
            own.mkdir()
            try:
                stack.enter_context(contextmanager(service)(segment, hosts[last], own))
            except AssertionError as error:
                wrote = (own / "output.txt").read_text(encoding="utf-8", errors="replace")
                raise AssertionError(f"{error}\nit wrote:\n{wrote}") from error
        yield hosts


def _started(
    host: Host, folder: Path, *command: str | Path
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return running([*host.inside, *command], folder / "output.txt")


def _get_description(community: bytes) -> bytes:
    """Return an SNMPv2c request for sysDescr.0 (RFC 1157 4, RFC 3418 2)."""
    name = b"\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00\x05\x00"
    bindings = _tagged(0x30, _tagged(0x30, name))
    request = _tagged(0xA0, b"\x02\x01\x01\x02\x01\x00\x02\x01\x00" + bindings)
    return _tagged(0x30, b"\x02\x01\x01" + _tagged(0x04, community) + request)


def _tagged(tag: int, content: bytes) -> bytes:
    return bytes((tag, len(content))) + content


_SERVICE_GROUP: Final = """<?xml version="1.0"?><!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group><name>AXIS M3045-V - 00408C0A0B0C</name>
<service><type>_axis-video._tcp</type><port>80</port>
<txt-record>macaddress=00408C0A0B0C</txt-record></service>
<service><type>_rtsp._tcp</type><port>554</port>
<txt-record>path=axis-media/media.amp</txt-record></service>
</service-group>
"""
