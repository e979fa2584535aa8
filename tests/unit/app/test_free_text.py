"""camaudit.app.free_text: of what people set, what a signature reads is kept and nothing else."""

from __future__ import annotations

import time

import pytest

from camaudit.app.classifier import Classifier
from camaudit.app.free_text import NAMES, FreeText, plain
from camaudit.app.packset import PackSet
from camaudit.app.watching import whole
from tests.traffic import CAMERA, PHONE, said

#: Field, what a camera says, and what is kept: nothing, where that is empty.
TOLD: dict[str, tuple[str, str, bytes, bytes]] = {
    "title": ("http", "title", b"Anna's bedroom", b""),
    "title-of-a-maker": ("http", "title", b"WEB SERVICE", b"WEB SERVICE"),
    "realm": (
        "http", "www_authenticate",
        b'Digest qop="auth", realm="Anna \\"A\\" Smith", nonce="01"',
        b'Digest qop="auth", realm="", nonce="01"',
    ),
    "bare-realm": ("rtsp", "www_authenticate", b"Basic realm=Annas", b"Basic realm="),
    "realm-of-a-maker": (
        "rtsp", "www_authenticate",
        b'Digest realm="Login to 4A0B3C2D1E0F", nonce="0123"',
        b'Digest realm="Login to 4A0B3C2D1E0F", nonce="0123"',
    ),
    "session": (
        "rtsp", "sdp",
        b"v=0\r\ns=Anna's garden\r\ni=5 Mill Lane\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\ni=pond\r\n",
        b"v=0\r\ns=-\r\ni=\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\ni=\r\n",
    ),
    "scopes": (
        "ws-discovery", "scopes",
        (b"onvif://www.onvif.org/name/Annas%20cam onvif://www.onvif.org/location/Mill Lane 5 "
        b"onvif://www.onvif.org/hardware/X"),
        (b"onvif://www.onvif.org/name/- onvif://www.onvif.org/location/- "
        b"onvif://www.onvif.org/hardware/X"),
    ),
    "scopes-of-a-maker": (
        "ws-discovery", "scopes",
        (b"onvif://www.onvif.org/name/HIKVISION%20DS-2CD2143G0-I "
        b"onvif://www.onvif.org/location/city/hangzhou"),
        (b"onvif://www.onvif.org/name/HIKVISION%20DS-2CD2143G0-I "
        b"onvif://www.onvif.org/location/city/hangzhou"),
    ),
    "friendly-name": (
        "upnp", "friendly_name", b"Anna's AXIS M3045-V - hall", b" AXIS M3045-V ",
    ),
    "any-name": ("tvt-mhed", "name", b"Annas garden", b"name"),
    "txt": ("mdns", "txt", b"fn=Anna's speaker", b"fn="),
    "txt-of-a-device": ("mdns", "txt", b"macaddress=00408C000001", b"macaddress=00408C000001"),
    "own-name": ("dns", "query", b"annas-villa.quickddns.com", b".quickddns.com"),
    "cloud": ("tls", "sni", b"litedev.hik-connect.com", b"litedev.hik-connect.com"),
    "mail": ("http", "user_agent", b"Cam/1.0 (anna.smith@example.org)", b"Cam/1.0 ()"),
    "escaped-mail": ("http", "location", b"/?u=anna%40example.org&a=1", b"/?u=&a=1"),
    "no-mail": ("onvif", "model", b"HC121@TS8C-Z", b"HC121@TS8C-Z"),
    "other-words": ("http", "server", b"App-webs/", b"App-webs/"),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_what_is_kept(shipped: PackSet, case: str) -> None:
    protocol, field, value, kept = TOLD[case]
    found = plain(said((CAMERA, protocol, field, value)), shipped)
    assert found.column("value").to_pylist() == ([kept] if kept else [])


def test_the_same_signatures_read_the_same(shipped: PackSet) -> None:
    """What a camera is and who made it is no other before and after."""
    given = said(*((f"d{at}", *told[:3]) for at, told in enumerate(TOLD.values())))
    before = Classifier(shipped)(whole(given.to_batches()))
    after = Classifier(shipped)(FreeText(shipped)(whole(given.to_batches())))
    conclusions = [[each.conclusions[code] for code in each.codes] for each in (before, after)]
    assert conclusions[0] == conclusions[1]
    assert before.captured("model").to_pylist() == after.captured("model").to_pylist()
    assert [each.maker for each in conclusions[0]].count(None) < len(TOLD)


def test_every_name_that_no_signature_reads_is_gone(shipped: PackSet) -> None:
    words = [key.partition(".") for key in sorted(NAMES)]
    rows = [(CAMERA, protocol, field, b"Anna's own ()") for protocol, _, field in words]
    assert plain(said(*rows), shipped).num_rows == 0


def test_a_name_is_crossed_out_of_the_raw_reply_too(shipped: PackSet) -> None:
    reply = b'{"mac":"","params":{"deviceInfo":{"MachineName":"Annas","DeviceType":"IPC-X"}}}'
    found = plain(
        said(
            (CAMERA, "dhip", "MachineName", b"Annas"),
            (CAMERA, "dhip", "reply", reply),
            (PHONE, "dhip", "reply", reply),
        ),
        shipped,
    )
    crossed = reply.replace(b"Annas", b"-----")
    # nothing says that it is the other device's name
    assert found.column("value").to_pylist() == [crossed, reply]


def test_nothing_is_no_fault(shipped: PackSet) -> None:
    nothing = said((CAMERA, "http", "title", b"")).slice(0, 0)
    assert plain(nothing, shipped).num_rows == 0


def test_many_different_texts_are_read_at_once(shipped: PackSet) -> None:
    rows = [(CAMERA, "http", "title", b"Anna %d" % at) for at in range(20_000)]
    assert plain(said(*rows, (CAMERA, "http", "title", b"WEB SERVICE")), shipped).num_rows == 1


@pytest.mark.parametrize(
    "piece",
    [
        b" ",
        b"a",
        b'realm="',
        b"realm=\\",
        b"s=\n",
        b"a@",
        b"realm=a,",
        b"onvif://www.onvif.org/name/",
    ],
)
@pytest.mark.parametrize("field", ["http.www_authenticate", "rtsp.sdp", "ws-discovery.scopes"])
def test_hostile_text_takes_no_long_time(shipped: PackSet, field: str, piece: bytes) -> None:
    protocol, _, name = field.partition(".")
    # what signatures read comes first, so that every form is tried
    head = b'realm="Login to 4A0B3C2D1E0F" onvif://www.onvif.org/name/HIKVISION%20DS-2CD2143G0-I '
    value = head + piece * (65_536 // len(piece))
    before = time.process_time()
    assert plain(said((CAMERA, protocol, name, value)), shipped).num_rows == 1
    assert time.process_time() - before < 5
