"""RTSP replies: what is shown and what is not."""

from __future__ import annotations

from camaudit.model.observation import Seen
from camaudit.sources.protocols.rtsp.observe import expand_response


def test_empty_fields_and_other_bodies_are_not_shown() -> None:
    data = b"RTSP/1.0 200 OK\r\nServer:\r\nDate: \r\nContent-Type: text/plain\r\n\r\nhello"
    assert expand_response(data) == (Seen("rtsp", "status", b"200"),)


def test_a_description_without_a_body_is_not_shown() -> None:
    data = b"Server: x\r\nContent-Type: application/sdp;charset=utf-8\r\n\r\n"
    assert expand_response(data) == (Seen("rtsp", "server", b"x"),)


def test_a_long_description_shows_64_kib() -> None:
    data = b"RTSP/1.0 200 OK\r\nContent-Type: Application/SDP\r\n\r\n" + b"v" * 70_000
    assert expand_response(data)[-1] == Seen("rtsp", "sdp", b"v" * (1 << 16))


def test_account_blocked_is_a_status_like_another() -> None:
    assert expand_response(b"RTSP/1.0 490 Account Blocked\r\n\r\n")[0].value == b"490"
