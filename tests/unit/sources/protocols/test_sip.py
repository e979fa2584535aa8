"""SIP messages: what is shown and what is not."""

from __future__ import annotations

from camaudit.model.observation import Seen
from camaudit.sources.protocols.sip.observe import expand_response


def test_addresses_and_credentials_of_a_request_are_not_shown() -> None:
    data = (
        b"REGISTER sip:198.51.100.2 SIP/2.0\r\nFrom: <sip:gate@198.51.100.2>\r\n"
        b'Authorization: Digest username="gate", response="00ff"\r\n'
        b'Proxy-Authorization: Digest username="gate"\r\nServer:\r\nUser-Agent: Door\r\n\r\n'
    )
    assert expand_response(data) == (Seen("sip", "user_agent", b"Door"),)
