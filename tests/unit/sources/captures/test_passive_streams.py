"""camaudit.sources.captures.passive: the starts of connections."""

from __future__ import annotations

import pytest

from camaudit.sources.captures.passive import Watcher
from camaudit.sources.captures.passive_streams import host_name, plain_url
from camaudit.sources.protocols import registry
from camaudit.sources.spec import Transport
from camaudit.wirekit.headed import Grammar, HeadedMessage, decode_conversation
from tests.payloads import (
    CAMERA,
    CLIENT,
    FAR,
    ROUTER,
    dns_answer,
    dns_query,
    hello,
    name,
    named,
    observed,
    port_mapping,
    record,
    server_name,
    tcp,
    vector,
    watch,
)
from tests.protocol_examples import load_examples

MAC = CAMERA.hex(":")
PAGE = (
    b"HTTP/1.1 200 OK\r\nServer: App-webs/\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Set-Cookie: sid=5ecre7; path=/\r\nContent-Length: %d\r\n\r\n%s"
)
HTML = b"<html><title>Camera 7</title><body>Mr Secret lives here</body></html>"


def values(*payloads: object) -> bytes:
    """Return every byte that leaves the watcher, to be searched."""
    watched = watch(*payloads)  # type: ignore[arg-type]
    rows = [*watched.names.to_pylist(), *watched.events.to_pylist()]
    rows += [row for batch in watched.observations for row in batch.to_pylist()]
    return repr((rows, watched.damage)).encode()


def test_the_ports_of_every_dialogue_are_watched() -> None:
    ports = {
        port
        for spec in registry().values()
        for dialogue in spec.dialogues
        if dialogue.transport is not Transport.UDP
        for port in dialogue.ports
    }
    assert ports
    assert ports | {53} <= Watcher().tcp_ports


def test_a_client_names_its_server() -> None:
    data = hello(server_name("Dev.Hik-Connect.com"), (16, vector(vector(b"h2", 1))))
    watched = watch(tcp(data, 443, target=FAR))
    assert named(watched) == {("192.168.1.64", "sni", "dev.hik-connect.com", FAR)}
    shown = dict(observed(watched)[MAC])
    assert shown["tls.sni"] == "dev.hik-connect.com"
    assert shown["tls.alpn"] == "h2"
    assert shown["tls.ja4"].startswith("t12d0202h2_")


def test_a_name_that_is_no_maker_s_is_no_observation() -> None:
    watched = watch(tcp(hello(server_name("bank.example")), 443))
    assert [key for key, _ in observed(watched)[MAC]] == ["tls.ja4"]
    assert {each for _, _, each, _ in named(watched)} == {"bank.example"}


def test_the_order_of_extensions_does_not_change_the_fingerprint() -> None:
    added = [(0x0A0A, b"\0"), server_name("a.example"), (10, vector(b"\0\x1d")), (23, b"")]
    prints = {
        value
        for extensions in (added, added[::-1], [*added[1:], (0xFAFA, b"")])
        for key, value in observed(watch(tcp(hello(*extensions), 443)))[MAC]
        if key == "tls.ja4"
    }
    assert len(prints) == 1
    other = observed(watch(tcp(hello(*added, (43, b"\2\3\4")), 443)))[MAC]
    assert prints.isdisjoint(value for _, value in other)


def test_nothing_of_the_random_bytes_is_kept() -> None:
    assert b"\\x99" not in values(tcp(hello(server_name("a.example")), 443))


def test_the_certificate_is_the_server_s() -> None:
    (flight,) = (each for each in load_examples("tls") if each.case == "server-flight-of-a-chain")
    assert observed(watch(tcp(flight.data, -443)))[MAC] == list(flight.seen)
    far = tcp(flight.data, -443, mac=ROUTER, peer_mac=CAMERA, source=FAR, target="192.168.1.64")
    assert observed(watch(far)) == {}


def test_a_certificate_that_is_encrypted_is_no_damage() -> None:
    (hidden,) = (each for each in load_examples("tls") if each.case == "server-of-tls-1-3")
    watched = watch(tcp(hidden.data, -443))
    assert observed(watched) == {}
    assert watched.damage == ()


def test_dns_over_tcp() -> None:
    answer = dns_answer("cam.example", record(name("cam.example"), 1, bytes((198, 51, 100, 7))))
    two = vector(dns_query("cam.example")) + vector(dns_query("other.example"))
    watched = watch(
        tcp(two, 53),
        tcp(vector(answer), -53, mac=ROUTER, peer_mac=CAMERA, target="192.168.1.64"),
    )
    assert named(watched) == {
        ("192.168.1.64", "dns", "cam.example", None),
        ("192.168.1.64", "dns", "other.example", None),
        ("192.168.1.64", "dns", "cam.example", "198.51.100.7"),
    }


def test_a_request_gives_host_and_user_agent_and_nothing_else() -> None:
    request = (
        b"GET http://joe:pw1@x.example/home/joe?token=pw2&user=joe HTTP/1.1\r\n"
        b'Host: Update.Hikvision.com:8080\r\nUser-Agent: NVR/4.0 user=joe&password="pw3"\r\n'
        b'Authorization: Basic am9lOnB3NA==\r\nProxy-Authorization: Digest username="joe"\r\n'
        b"Cookie: sid=pw5; joe\r\nReferer: http://x.example/pw6\r\nX-Serial: pw7\r\n"
        b"Content-Length: 12\r\n\r\nuser=joe&p=8"
    )
    sent = (
        tcp(request + b"GET /pw9 HTTP/1.1\r\nHost: b.example\r\n\r\n", 80, target=FAR),
        tcp(request, 34567, target="192.168.1.9"),
    )
    watched = watch(*sent)
    assert named(watched) == {
        ("192.168.1.64", "http_host", "update.hikvision.com", FAR),
        ("192.168.1.64", "http_host", "update.hikvision.com", "192.168.1.9"),
        ("192.168.1.64", "http_host", "b.example", FAR),
    }
    assert {key for key, _ in observed(watched)[MAC]} == {"http.host", "http.user_agent"}
    told = values(*sent)
    for secret in (b"pw", b"am9l", b"sid", b"home", b"Referer", b"x.example", b"p=8"):
        assert secret not in told, secret


def test_a_reply_gives_its_head_and_the_title_of_a_page() -> None:
    reply = tcp(PAGE % (len(HTML), HTML), -80)
    assert observed(watch(reply)) == {
        MAC: [
            ("http.status", "200"),
            ("http.server", "App-webs/"),
            ("http.set_cookie", "sid=; path=/"),
            ("http.content_type", "text/html; charset=utf-8"),
            ("http.title", "Camera 7"),
        ]
    }
    told = values(reply)
    assert b"Secret" not in told
    assert b"5ecre7" not in told


@pytest.mark.parametrize(
    "media",
    [
        "image/jpeg",
        "audio/basic",
        "video/mp4",
        "multipart/x-mixed-replace; boundary=x",
        "application/octet-stream",
        "application/json",
        "text/plain",
    ],
)
def test_of_other_media_nothing_but_the_head_is_read(media: str) -> None:
    body = b"<title>marker</title>\xff\xd8\xff\xe0 urn:schemas-upnp-org:device marker"
    data = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n%s" % (media.encode(), body)
    told = values(tcp(data, -80))
    assert media.encode() in told
    assert b"marker" not in told


def test_what_a_server_elsewhere_answers_is_not_the_router_s() -> None:
    far = {"mac": ROUTER, "peer_mac": CAMERA, "source": FAR, "target": "192.168.1.64"}
    assert observed(watch(tcp(PAGE % (len(HTML), HTML), -80, **far))) == {}


def test_a_device_with_an_address_of_the_internet_is_known_by_its_neighbours() -> None:
    near = {"source": "198.41.0.64", "target": "198.41.0.9"}
    assert ("http.title", "Camera 7") in observed(
        watch(tcp(PAGE % (len(HTML), HTML), -80, **near))
    )[MAC]


def test_a_description_of_a_device_is_read_by_its_closed_list() -> None:
    page = (
        b'<root xmlns="urn:schemas-upnp-org:device-1-0"><device><manufacturer>EDIMAX</manufacturer>'
        b"<modelName>IC-3115W</modelName><presentationURL>/marker</presentationURL></device></root>"
    )
    data = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(page)
    shown = observed(watch(tcp(data + page, -80)))[MAC]
    assert ("upnp.manufacturer", "EDIMAX") in shown
    assert ("upnp.model_name", "IC-3115W") in shown
    assert b"marker" not in values(tcp(data + page, -80))


def test_onvif_answers_are_read_by_their_closed_list() -> None:
    page = (
        b'<Envelope xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><Body>'
        b"<tds:GetDeviceInformationResponse><tds:Manufacturer>HIKVISION</tds:Manufacturer>"
        b"<tds:Model>DS-2CD2043G0-I</tds:Model></tds:GetDeviceInformationResponse></Body></Envelope>"
    )
    data = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n" + page
    shown = observed(watch(tcp(data, -80)))[MAC]
    assert {("onvif.manufacturer", "HIKVISION"), ("onvif.model", "DS-2CD2043G0-I")} <= set(shown)


def test_users_of_a_device_are_not_read_out_of_onvif_answers() -> None:
    page = (
        b'<Envelope xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><Body><tds:GetUsersResponse>'
        b"<tds:User><tt:Username>joe</tt:Username><tt:Password>pw</tt:Password></tds:User>"
        b"</tds:GetUsersResponse></Body></Envelope>"
    )
    data = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n" + page
    told = values(tcp(data, -80))
    assert b"joe" not in told
    assert b"pw" not in told


def test_redirects_lose_their_query() -> None:
    data = b"HTTP/1.1 302 Found\r\nLocation: /doc/page/login.asp?u=joe&_=1#x\r\n\r\n"
    assert ("http.location", "/doc/page/login.asp") in observed(watch(tcp(data, -80)))[MAC]


_PEOPLE_ONLY = (
    b"RTSP/1.0 200 OK\r\nServer: odd\r\nContent-Type: application/sdp\r\n"
    b"Content-Length: 19\r\n\r\ne=joe@example.org\r\n"
)


@pytest.mark.parametrize(
    ("head", "port"),
    [
        (b"HTTP/1.1 302 Found\r\nServer: odd\r\nLocation: #top\r\n\r\n", 80),
        (b"HTTP/1.1 302 Found\r\nServer: odd\r\nLocation: ?user=joe\r\n\r\n", 80),
        (b"RTSP/1.0 200 OK\r\nServer: odd\r\nContent-Base: ?user=joe\r\n\r\n", 554),
        (_PEOPLE_ONLY, 554),
    ],
    ids=["fragment", "query", "base", "description"],
)
def test_of_which_nothing_may_be_kept_is_no_value(head: bytes, port: int) -> None:
    """An address that is all query, and a description that is all people: found by fuzzing."""
    fields = [(field, value) for field, value in observed(watch(tcp(head, -port)))[MAC]]
    assert any(field.endswith(".server") for field, _ in fields)
    assert all(value for _, value in fields)


def test_rtsp_shows_what_a_scan_would_be_shown_but_for_people_and_sessions() -> None:
    sdp = (
        b"v=0\r\no=joe 1 1 IN IP4 192.168.1.64\r\ns=Media Server\r\ne=joe@example.org\r\n"
        b"m=video 0 RTP/AVP 96\r\na=Media_header:MEDIAINFO=494D4B48010100000400010000000000\r\n"
        b"a=control:rtsp://192.168.1.64/user=joe_password=pw1_channel=1_stream=0.sdp\r\n"
        b"a=control:rtsp://192.168.1.64/cam/realmonitor?channel=1&subtype=0&token=pw2\r\n"
    )
    head = (
        b"RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nServer: Rtsp Server/3.0\r\n"
        b'WWW-Authenticate: Digest realm="IP Camera(12345)", nonce="f00"\r\n\r\n'
        b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Type: application/sdp\r\n"
        b"Content-Base: rtsp://joe:pw3@192.168.1.64/user=joe&password=pw4/\r\n"
        b"Content-Length: %d\r\n\r\n" % len(sdp)
    )
    media = b"$\0\0\x10" + b"\0\0\0\1marker-of-a-picture" * 20
    sent = tcp(head + sdp + media, -554)
    shown = dict(observed(watch(sent))[MAC])
    assert shown["rtsp.server"] == "Rtsp Server/3.0"
    assert "IP Camera(12345)" in shown["rtsp.www_authenticate"]
    assert shown["rtsp.content_base"] == "rtsp://192.168.1.64/"
    assert "s=Media Server" in shown["rtsp.sdp"]
    assert "MEDIAINFO=494D4B48" in shown["rtsp.sdp"]
    assert "/cam/realmonitor?channel=1&subtype=0" in shown["rtsp.sdp"]
    told = values(sent)
    for secret in (b"joe", b"pw", b"marker"):
        assert secret not in told, secret


@pytest.mark.parametrize(
    "url",
    [
        b"rtsp://joe:pw/x@192.168.1.64:554/live",
        b"rtsp://joe:p@pw@192.168.1.64/live",
        b"rtsp://joe:p?pw@192.168.1.64/live",
        b"rtsp://joe:p#pw@192.168.1.64/live",
        b"rtsp://192.168.1.64/live/joe:pw/ch1",
        b"rtsp://192.168.1.64/live/joe@pw",
        b"//joe:pw/x@192.168.1.64/live",
        b"/live/joe:pw/ch1",
    ],
)
def test_no_password_stays_in_an_address_however_it_was_written(url: bytes) -> None:
    """RFC 3986 2.2: ``/?#@`` must be escaped in a password; cameras and people do not."""
    sdp = b"v=0\r\ns=Media Server\r\na=control:" + url + b"\r\na=rtpmap:96 H264/90000\r\n"
    rtsp = b"RTSP/1.0 200 OK\r\nContent-Base: %s\r\nContent-Type: application/sdp\r\n" % url
    page = b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % url
    sent = (
        tcp(rtsp + b"Content-Length: %d\r\n\r\n" % len(sdp) + sdp, -554),
        tcp(page, -80),
    )
    told = b"".join(map(values, sent))
    assert b"Media Server" in told
    assert b"H264/90000" in told
    assert b"joe" not in told
    assert b"pw" not in told


def test_a_request_for_a_stream_is_not_read() -> None:
    data = (
        b"DESCRIBE rtsp://joe:pw@192.168.1.64/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: x\r\n"
        b'Authorization: Digest username="joe"\r\n\r\n'
    )
    assert observed(watch(tcp(data, 554, mac=CLIENT))) == {}


def test_greetings() -> None:
    shown = observed(
        watch(
            tcp(b"SSH-2.0-dropbear_2019.78\r\n", -22),
            tcp(b"220 AXIS M1065-L Network Camera ready.\r\n331 joe needs a password\r\n", -21),
        )
    )[MAC]
    assert shown == [
        ("ssh.banner", "SSH-2.0-dropbear_2019.78"),
        ("ftp.banner", "AXIS M1065-L Network Camera ready."),
    ]
    assert b"joe" not in values(tcp(b"220 ready\r\n331 joe needs a password\r\n", -21))


def test_a_client_of_ssh_is_no_server() -> None:
    assert observed(watch(tcp(b"SSH-2.0-OpenSSH_9.6\r\n", 22, mac=CLIENT))) == {}


@pytest.mark.parametrize(
    "typed",
    [
        b"\xff\xfd\x01localhost login: joe\r\nPassword: \r\npw",
        b"Welcome\r\nUser Name : joe\r\nPW: pw",
        b"BusyBox v1.1\r\n# cat /etc/joe\r\npw",
    ],
)
def test_what_was_typed_after_a_prompt_is_never_read(typed: bytes) -> None:
    sent = tcp(typed, -23)
    assert "telnet.banner" in dict(observed(watch(sent))[MAC])
    told = values(sent)
    assert b"joe" not in told
    assert b"pw" not in told


def test_what_is_not_known_is_passed_over() -> None:
    sent = (tcp(b"\x00\x01\x02", 37777), tcp(b"", 80), tcp(b"hello", -8000))
    watched = watch(*sent)
    assert observed(watched) == {}
    assert watched.damage == ()


@pytest.mark.parametrize(
    ("field", "host"),
    [
        (b"Example.ORG:8080", "example.org"),
        (b"example.org.", "example.org"),
        (b"192.168.1.64", ""),
        (b"192.168.1.64:80", ""),
        (b"[2001:db8::1]:80", ""),
        (b"2001:db8::1", ""),
        (b"a b", ""),
        (b"<script>", ""),
        (b"x" * 300, ""),
        (b"", ""),
    ],
)
def test_the_host_of_a_request(field: bytes, host: str) -> None:
    assert host_name(field) == host


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        (b"/a/b?x=1#y", b"/a/b"),
        (
            b"rtsp://h/cam/realmonitor?channel=1&authbasic=YTpi",
            b"rtsp://h/cam/realmonitor?channel=1",
        ),
        (b"rtsp://h/h264.sdp?res=full", b"rtsp://h/h264.sdp?res=full"),
        (b"rtsp://h/user=a_password=b_stream=0.sdp", b"rtsp://h/"),
        (b"/login?token=b", b"/login"),
        (b"/sessionid=7/x", b"/"),
    ],
)
def test_an_address_keeps_only_what_tells_the_firmware(url: bytes, kept: bytes) -> None:
    assert plain_url(url) == kept


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (port_mapping(), "192.168.1.9 TCP 8554"),
        (port_mapping("WANPPPConnection:1#AddPortMapping"), "192.168.1.9 TCP 8554"),
        (port_mapping("WANIPConnection:2#AddAnyPortMapping"), "192.168.1.9 TCP 8554"),
        (
            port_mapping(
                "WANIPv6FirewallControl:1#AddPinhole",
                "<RemoteHost></RemoteHost><RemotePort>0</RemotePort><InternalClient>2001:db8::1"
                "</InternalClient><InternalPort>554</InternalPort><Protocol>6</Protocol>",
            ),
            "192.168.1.9 TCP 554",
        ),
        (port_mapping(arguments="<NewExternalPort>8554</NewExternalPort>"), "192.168.1.9"),
        (port_mapping().partition(b"<?xml")[0], "192.168.1.9"),
    ],
    ids=["ip", "ppp", "any", "pinhole", "no-protocol", "head-alone"],
)
def test_the_port_that_a_gateway_is_asked_to_open_is_told(data: bytes, told: str) -> None:
    watched = watch(tcp(data, 49152))
    shown = observed(watched)[MAC]
    assert [value for key, value in shown if key == "upnp.port_mapping"] == [told]
    assert b"Flat 7" not in values(tcp(data, 49152))
    assert watched.damage == ()


@pytest.mark.parametrize(
    "action", ["WANIPConnection:1#GetExternalIPAddress", "WANIPConnection:1#DeletePortMapping"]
)
def test_other_calls_to_a_gateway_are_passed_over(action: str) -> None:
    shown = observed(watch(tcp(port_mapping(action), 49152)))[MAC]
    assert [key for key, _ in shown] == ["http.user_agent"]


def test_what_is_repeated_is_read_once_and_is_everybody_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Devices ask the same with each connection; reading it is the work of a capture."""
    read: list[bytes] = []

    def counted(data: bytes, grammar: Grammar) -> tuple[HeadedMessage, ...]:
        read.append(data)
        return decode_conversation(data, grammar)

    monkeypatch.setattr("camaudit.sources.captures.passive_streams.decode_conversation", counted)
    asked = b"GET / HTTP/1.1\r\nHost: a.example\r\nUser-Agent: repeated/1\r\n\r\n"
    one = tcp(asked, 80)
    other = tcp(asked, 80, mac=CLIENT, source="192.168.1.9", target="192.168.1.10")
    watched = watch(one, other, one, other)
    assert len(read) == 1
    told = [("http.user_agent", "repeated/1")]
    assert observed(watched) == {MAC: told, CLIENT.hex(":"): told}
    assert named(watched) == {
        ("192.168.1.64", "http_host", "a.example", "192.168.1.9"),
        ("192.168.1.9", "http_host", "a.example", "192.168.1.10"),
    }
