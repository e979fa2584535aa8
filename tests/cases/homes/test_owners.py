"""Telephones and laptops ask for the clouds and relays of the cameras that their owners watch.

None of them may be called a camera, or kept when traffic is minimised.
"""

from __future__ import annotations

import pytest

from camaudit.app.classify import classify
from camaudit.app.packset import PackSet, load_packs
from camaudit.app.watching import of_capture
from camaudit.sources.captures.payload import Payload
from tests.payloads import dns_query, udp, watch

from .device import WATCHING

#: What applications for cameras ask for: makers' documents of what to let through, and source code
#: of clients of these services.
APPLICATIONS = {
    "arlo": ("my.arlo.com", "arlo.netgear.com"),
    "blink": ("rest-prod.immedia-semi.com", "rest-u011.immedia-semi.com"),
    "canary": ("watchlive.canaryis.com",),
    "ezviz": ("apiieu.ezvizlife.com", "litedev.ezvizlife.com"),
    "foscam": ("ddns.myfoscam.org",),
    "hik-connect": ("api.hik-connect.com", "litedev.hik-connect.com"),
    "imou": ("www.easy4ipcloud.com", "app-fk.easy4ipcloud.com"),
    "nest": ("nexusapi.camera.home.nest.com", "files.dropcam.com"),
    "reolink": ("apis.reolink.com", "pushx.reolink.com"),
    "ring": ("api.ring.com", "app-snaps.ring.com"),
    "smartcam": ("www.samsungsmartcam.com", "xmpp.samsungsmartcam.com"),
    "tapo": ("aps1-relay-dcipc.i.tplinknbu.com", "n-wap-gw.tplinkcloud.com"),
    "withings": ("babyws.withings.net",),
    "wyze": ("api.wyzecam.com", "auth-prod.api.wyze.com"),
    "yi": ("api.xiaoyi.com",),
    "zmodo": ("flv.meshare.com",),
}
#: Hardware address, and what the system asks for by itself.
OWNERS = {
    "a telephone under an address that it made up": ("da:a1:19:00:00:01", ()),
    "an iPhone under such an address": ("46:0b:19:00:00:01", ("captive.apple.com",)),
    "an Android under such an address": ("92:1f:00:00:00:01", ("mtalk.google.com",)),
    "a telephone with a radio of Murata": ("40:f3:08:00:00:01", ("alt3-mtalk.google.com",)),
    "a telephone of Samsung": ("08:21:ef:00:00:01", ()),
    "a telephone of HTC": ("b4:ce:f6:00:00:01", ("connectivitycheck.gstatic.com",)),
    "a telephone of Apple": ("d0:a6:37:00:00:01", ("17-courier.push.apple.com",)),
    "a telephone of no known block": ("00:62:6e:00:00:01", ("connectivitycheck.android.com",)),
    "a laptop with a radio of AzureWave": ("74:2f:68:00:00:01", ("www.msftconnecttest.com",)),
    "a laptop with a radio of Intel": ("00:1b:77:00:00:01", ("detectportal.firefox.com",)),
}
ALL = tuple(name for names in APPLICATIONS.values() for name in names)


@pytest.fixture(scope="module")
def packs() -> PackSet:
    return load_packs()


def asking(mac: str, names: tuple[str, ...]) -> list[Payload]:
    raw = bytes.fromhex(mac.replace(":", ""))
    return [udp(dns_query(name), 53, mac=raw, second=at) for at, name in enumerate(names)]


@pytest.mark.parametrize("owner", OWNERS)
def test_the_device_of_somebody_who_watches_cameras_is_none(owner: str, packs: PackSet) -> None:
    mac, own = OWNERS[owner]
    for names in (*APPLICATIONS.values(), ALL):
        watched = watch(*asking(mac, own + names))
        told = list(classify(iter(watched.observations), packs))
        assert [(names, line.kind) for line in told if line.kind in WATCHING] == []
        assert of_capture(watched.observations, packs) == frozenset()


def test_what_applications_ask_for_is_seen_all_the_same(packs: PackSet) -> None:
    watched = watch(*asking("da:a1:19:00:00:01", ALL))
    (line,) = classify(iter(watched.observations), packs)
    clouds = {each.maker for each in line.evidence if each.proves == "cloud"}
    assert {"arlo", "blink", "ezviz", "hikvision", "ring", "tp-link", "wyze"} <= clouds


@pytest.mark.parametrize(
    ("mac", "names"),
    [
        ("da:a1:19:00:00:01", ("vs-cam.u011.immedia-semi.com",)),
        ("64:16:66:00:00:01", ("oculus4395-us1.dropcam.com", "connectivitycheck.gstatic.com")),
        ("7c:70:bc:00:00:01", ("watchlive.canaryis.com",)),
        ("50:c7:bf:00:00:01", ("aps1-relay-dcipc.i.tplinknbu.com",)),
    ],
    ids=["made-up-address", "nest-that-checks", "canary", "tp-link"],
)
def test_a_camera_that_asks_for_them_is_one(
    mac: str, names: tuple[str, ...], packs: PackSet
) -> None:
    watched = watch(*asking(mac, names))
    (line,) = classify(iter(watched.observations), packs)
    assert line.kind == "camera"
    assert of_capture(watched.observations, packs) == {mac}


def test_no_name_becomes_an_observation_that_a_person_chose() -> None:
    chosen = ("www.google.com", "www.apple.com", "clinic.example.org", "firefox.com", "google.com")
    assert watch(*asking("da:a1:19:00:00:01", chosen)).observations == []
