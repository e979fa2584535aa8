"""Dialogues that send one question or none: what they send, when they stop, what they show."""

from __future__ import annotations

import pytest

from camaudit.errors import LineError
from camaudit.model.observation import Seen
from camaudit.model.scan import Outcome
from camaudit.sources.protocols.ftp.probe import GREETING as FTP
from camaudit.sources.protocols.rtsp.codec import encode_request
from camaudit.sources.protocols.rtsp.probe import DESCRIBE
from camaudit.sources.protocols.sip.codec import encode_options
from camaudit.sources.protocols.sip.probe import OPTIONS
from camaudit.sources.protocols.ssh.probe import GREETING as SSH
from camaudit.sources.protocols.telnet.probe import GREETING as TELNET
from camaudit.sources.spec import Dialogue, Transport
from tests.lines import FakeLine, hold

CAN = b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, DESCRIBE\r\nServer: H264DVR 1.0\r\n\r\n"
LOGIN = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm="x"\r\n\r\n'
SDP = b"v=0\r\ns=Media Presentation\r\n"
DESCRIBED = (
    b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s"
    % (len(SDP), SDP)
)


def rtsp(*replies: bytes | LineError, address: str = "192.0.2.7") -> tuple[FakeLine, list[Seen]]:
    line = FakeLine(*replies, port=554, address=address)
    return line, hold(DESCRIBE, line)


def test_the_video_server_is_asked_for_its_methods_and_its_description() -> None:
    line, seen = rtsp(CAN, DESCRIBED)
    assert line.sent == [
        (
            b"OPTIONS rtsp://192.0.2.7:554/ RTSP/1.0\r\nCSeq: 1\r\n"
            b"User-Agent: camaudit (read-only inventory, no log-in)\r\n\r\n"
        ),
        (
            b"DESCRIBE rtsp://192.0.2.7:554/ RTSP/1.0\r\nCSeq: 2\r\n"
            b"User-Agent: camaudit (read-only inventory, no log-in)\r\n"
            b"Accept: application/sdp\r\n\r\n"
        ),
    ]
    assert Seen("rtsp", "server", b"H264DVR 1.0") in seen
    assert Seen("rtsp", "sdp", SDP) in seen
    assert line.locked == []


def test_a_request_to_log_in_ends_it() -> None:
    line, seen = rtsp(LOGIN, DESCRIBED)
    assert len(line.sent) == 1
    assert Seen("rtsp", "www_authenticate", b'Digest realm="x"') in seen


@pytest.mark.parametrize("first", [b"490 Account Blocked", b"200 Account is locked", b"423 Locked"])
def test_a_blocked_account_ends_everything(first: bytes) -> None:
    line, _ = rtsp(b"RTSP/1.0 " + first + b"\r\nCSeq: 1\r\n\r\n", DESCRIBED)
    assert len(line.sent) == 1
    assert len(line.locked) == 1


def test_a_refusal_of_the_bare_address_does_not_end_it() -> None:
    line, seen = rtsp(b"RTSP/1.0 400 Bad Request\r\nCSeq: 1\r\n\r\n", LOGIN)
    assert len(line.sent) == 2
    assert Seen("rtsp", "status", b"400") in seen
    assert Seen("rtsp", "status", b"401") in seen


def test_an_ipv6_address_stands_in_brackets() -> None:
    line, _ = rtsp(CAN, DESCRIBED, address="2001:db8::7")
    assert line.sent[0].startswith(b"OPTIONS rtsp://[2001:db8::7]:554/ RTSP/1.0\r\n")


def test_what_is_no_rtsp_ends_it() -> None:
    line, seen = rtsp(b"\x00\x01garbage", DESCRIBED)
    assert (len(line.sent), seen) == (1, [])


@pytest.mark.parametrize("verb", ["setup", "play", "SETUP", "teardown", "set_parameter", ""])
def test_nothing_that_opens_a_stream_can_be_written(verb: str) -> None:
    with pytest.raises(ValueError, match="may be sent"):
        encode_request(verb, b"192.0.2.7:554", 1)


@pytest.mark.parametrize("host", [b"192.0.2.7:554\r\nX: y", b"a/b", b"host.example:1", b""])
def test_a_host_that_is_no_address_cannot_be_written(host: bytes) -> None:
    with pytest.raises(ValueError, match="may be sent"):
        encode_request("options", host, 1)
    with pytest.raises(ValueError, match="may be sent"):
        encode_options(host, b"0123456789abcdef")


@pytest.mark.parametrize(
    ("dialogue", "greeting", "shown"),
    [
        (FTP, b"220 AXIS P0000 FTP\r\n331 password?\r\n", Seen("ftp", "banner", b"AXIS P0000 FTP")),
        (
            SSH,
            b"SSH-2.0-dropbear_2019.78\r\nkex",
            Seen("ssh", "banner", b"SSH-2.0-dropbear_2019.78"),
        ),
        (TELNET, b"\xff\xfd\x01\r\nlogin: ", Seen("telnet", "banner", b"login: ")),
    ],
)
def test_a_greeting_is_read_and_nothing_is_sent(
    dialogue: Dialogue, greeting: bytes, shown: Seen
) -> None:
    line = FakeLine(greeting)
    seen = hold(dialogue, line)
    assert line.sent == [b""]
    assert shown in seen


def test_a_door_station_is_asked_what_it_can_do() -> None:
    reply = b"SIP/2.0 200 OK\r\nUser-Agent: Door 1.0\r\nContent-Length: 0\r\n\r\n"
    line = FakeLine(reply, transport=Transport.UDP, port=5060)
    assert Seen("sip", "user_agent", b"Door 1.0") in hold(OPTIONS, line)
    (sent,) = line.sent
    assert sent.startswith(b"OPTIONS sip:192.0.2.7 SIP/2.0\r\n")
    assert sent.endswith(b"Content-Length: 0\r\n\r\n")
    assert not any(word in sent for word in (b"REGISTER", b"INVITE", b"Contact", b"Authorization"))


def test_silence_shows_nothing() -> None:
    _, seen = rtsp(LineError(Outcome.SILENT))
    assert seen == []
