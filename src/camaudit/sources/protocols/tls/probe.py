"""Shake hands and read the certificate; nothing is sent over the connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Transport
from camaudit.wirekit.codec import Buffer

from .codec import decode_certificate
from .observe import fingerprint, observe


async def ask_certificate(line: Line, path: str) -> AsyncIterator[Seen]:
    """Yield what the certificate shows; its digest even where it cannot be read."""
    del path
    await line.exchange(b"", end=_at_once)
    der = line.certificate
    if not der:
        return
    try:
        shown = observe(decode_certificate(der))
    except DecodeError:
        shown = (fingerprint(der),)
    for seen in shown:
        yield seen


def _at_once(_data: Buffer) -> int:
    """Answer that nothing is to be waited for: the connection is all that is wanted."""
    return 0


CERTIFICATE: Final = Dialogue(
    id="tls.certificate",
    title="TLS certificate",
    transport=Transport.TLS,
    # 322 carries RTSP over TLS; the others are of device-signals 1.12 or IANA's for HTTPS.
    ports=(322, 443, 7443, 8443),
    intrusiveness=Intrusiveness.POLITE,
    requests=1,
    ask=ask_certificate,
)
