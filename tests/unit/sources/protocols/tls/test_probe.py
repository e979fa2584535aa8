"""The certificate is all that a TLS port is asked for."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from camaudit.errors import LineError
from camaudit.model.observation import Seen
from camaudit.model.scan import Outcome
from camaudit.sources.protocols.tls.codec import VERBS
from camaudit.sources.protocols.tls.probe import CERTIFICATE
from camaudit.sources.spec import Transport
from tests.lines import FakeLine, hold

DER = (
    files("camaudit.sources.protocols.tls") / "examples" / "signed-by-an-estate.bin"
).read_bytes()


def shake(certificate: bytes | None) -> tuple[list[Seen], list[bytes]]:
    line = FakeLine(transport=Transport.TLS, port=443, certificate=certificate)
    return hold(CERTIFICATE, line), line.sent


def test_the_certificate_is_shown_and_nothing_is_sent() -> None:
    seen, sent = shake(DER)
    assert Seen("tls", "subject", b"CN=axis-00408c0a0b0c,O=Axis Communications AB") in seen
    assert seen[0].value == hashlib.sha256(DER).hexdigest().encode()
    assert sent == [b""]


def test_an_unreadable_certificate_shows_its_digest() -> None:
    seen, _ = shake(DER[:-1])
    assert seen == [
        Seen("tls", "certificate_sha256", hashlib.sha256(DER[:-1]).hexdigest().encode())
    ]


def test_no_certificate_shows_nothing() -> None:
    assert shake(None) == ([], [b""])


def test_a_failed_handshake_shows_nothing() -> None:
    class Failing(FakeLine):
        async def exchange(self, *_arguments: object, **_named: object) -> bytes:
            raise LineError(Outcome.TLS_FAILED)

    assert hold(CERTIFICATE, Failing(certificate=DER)) == []


def test_nothing_can_be_written() -> None:
    assert dict(VERBS) == {}
