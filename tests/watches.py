"""A site with a camera, a recorder and a sentinel, watched for a whole day: silence counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from camaudit.isolation import assess
from camaudit.model.clouds import Catalogue, CloudService, Ports, ServiceRole
from camaudit.model.ids import MakerId
from camaudit.model.isolation import Isolation, Watched, WatchProfile, Zones
from camaudit.model.packs import Source
from camaudit.model.traffic import Traffic
from camaudit.model.words import Confidence
from tests.traffic import CAMERA, START, UDP, minutes, raw, talk, traffic

CAMERA_AT, RECORDER_AT, SENTINEL_AT = "192.168.7.10", "192.168.7.2", "192.168.7.3"
RECORDER = "02:00:00:00:00:02"
CORE_AT, OUTSIDE = "10.1.1.1", "8.8.8.8"
DAY = 24

ZONES = Zones(
    core=("10.0.0.0/8",),
    site={"cameras": ("192.168.7.0/24", "2001:db8:7::/64"), "office": ("192.168.8.0/24",)},
    other_sites={"depot": ("172.16.5.0/24",)},
    recorders={"nvr": (RECORDER_AT,)},
    dns=("192.168.7.53",),
    ntp=("192.168.7.53",),
    updates=("192.168.7.54", "updates.example"),
)
PROFILE = WatchProfile(
    hours=DAY,
    vantage="mirror port of the switch",
    interfaces=("wired", "wifi", "cellular", "second_port"),
    sentinel=SENTINEL_AT,
)
DEVICE = Watched(device=CAMERA, macs=(CAMERA,))
RESTART = {"mac": raw(CAMERA), "kind": "dhcp_discover", "at": START + timedelta(hours=3)}


def service(
    name: str, host: str, role: ServiceRole = ServiceRole.MAKER_CLOUD, **more: Any
) -> CloudService:
    fields = {
        "id": name,
        "maker": MakerId("acme"),
        "role": role,
        "hosts": (host,) if host else (),
        "networks": (),
        "ports": (),
        "port_alone": False,
        "confidence": Confidence.VERIFIED,
        "says": "A service of the test.",
        "source": Source(id="test", title="A test's own word"),
    }
    return CloudService(**(fields | more))


CATALOGUE = Catalogue(
    "digest",
    (
        service("acme-cloud", "acme.example"),
        service("acme-updates", "up.acme.example", ServiceRole.UPDATE_HOST),
        service("acme-time", "time.acme.example", ServiceRole.TIME_SERVER),
        service("pool", "pool.example", ServiceRole.TIME_SERVER, maker=None),
        service("relay", "relay.example", ServiceRole.P2P_RELAY, maker=None),
        service("blocks", "", networks=("9.9.8.0/24",)),
        service(
            "pppp",
            "",
            ServiceRole.P2P_RELAY,
            maker=None,
            port_alone=True,
            ports=(Ports(protocol=UDP, first=32100, last=32100),),
        ),
    ),
)


def sentinel(hours: int = DAY) -> list[dict[str, Any]]:
    return [
        talk(SENTINEL_AT, RECORDER_AT, port=80, at=START + timedelta(minutes=at))
        for at in range(0, hours * 60, 2)
    ]


def video(hours: int = DAY) -> list[dict[str, Any]]:
    return [
        talk(
            RECORDER_AT,
            CAMERA_AT,
            client_mac=RECORDER,
            server_mac=CAMERA,
            port=554,
            at=START + timedelta(hours=at),
            out=1000,
            back=90000,
        )
        for at in range(hours)
    ]


def out(peer: str, **more: Any) -> dict[str, Any]:
    """The camera opens a conversation."""
    return talk(CAMERA_AT, peer, client_mac=CAMERA, **more)


def into(peer: str, **more: Any) -> dict[str, Any]:
    """Somebody opens a conversation with the camera."""
    return talk(peer, CAMERA_AT, server_mac=CAMERA, **more)


def day(
    *conversations: Mapping[str, Any],
    names: Sequence[Mapping[str, Any]] = (),
    hours: int = DAY,
    **more: Any,
) -> Traffic:
    """A day on which the camera spoke to its recorder, and what is given besides."""
    more.setdefault("activity", minutes(hours * 60))
    more.setdefault("events", [RESTART])
    rows = [*sentinel(hours), *video(hours), *conversations]
    return traffic(rows, names, hours=hours, **more)


def judged(
    seen: Traffic,
    *,
    zones: Zones = ZONES,
    profile: WatchProfile = PROFILE,
    device: Watched = DEVICE,
    catalogue: Catalogue = CATALOGUE,
    **changes: Any,
) -> Isolation:
    (found,) = assess(seen, [device], zones, replace(profile, **changes), catalogue)
    return found
