"""Read Shodan's exports (``shodan download``).

A line is one banner as the banner specification lists it: ``ip_str``, ``port``, ``transport``,
``timestamp``, ``data`` (the raw reply) and, by module, ``http``, ``ssl`` and others. ``product``,
``os``, ``devicetype`` and ``tags`` are conclusions of somebody else, and are not taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from camaudit.model.observation import Seen
from camaudit.sources.bulk import (
    RecordError,
    Told,
    listed,
    looks_like,
    named,
    read_export,
    reply,
    said,
    section,
    text,
    when,
)
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables.addresses import parse_mac

#: What Shodan concludes.
_CONCLUDED: Final = ("product", "os", "devicetype", "info")
#: Ours. Hardware addresses of one banner.
_MAX_MACS: Final = 16


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is Shodan's."""
    del name  # the content tells
    return 96 if looks_like(head, b"ip_str", b"port") else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what Shodan saw.

    Raises:
        SourceError: The file as a whole is not JSON.
    """
    del options  # there is nothing to choose
    return read_export(stream, _told)


def _told(record: Mapping[str, Any], unused: Counter[str]) -> Iterator[Told]:
    address, port = text(record, "ip_str"), record.get("port")
    if not address:
        raise RecordError("ip_str", "is missing; this is no banner of Shodan")
    if not isinstance(port, int):
        raise RecordError("port", "is missing or no number")
    at = when(record.get("timestamp"))
    yield Told(address, "", at, list(_of_host(record)))
    for word in _CONCLUDED:
        unused[f"conclusions of Shodan ({word})"] += bool(text(record, word))
    place = f"{port}/{text(record, 'transport')[:8] or 'tcp'}"
    seen = [*said("port.open", place), *_of_port(record, unused)]
    # The header may be read out by Shodan and stand in the reply as well.
    yield Told(address, f"port {place}", at, dict.fromkeys(seen))


def _of_host(record: Mapping[str, Any]) -> Iterator[Seen]:
    for name in listed(record.get("hostnames")):
        yield from said("dns.hostname", name)
    for address in list(section(record, "mac"))[:_MAX_MACS]:
        if mac := parse_mac(address):
            yield from said("mac.address", mac)


def _of_port(record: Mapping[str, Any], unused: Counter[str]) -> Iterator[Seen]:
    module = text(section(record, "_shodan"), "module")
    data = text(record, "data").encode("utf-8", "replace")
    if data.startswith(b"HTTP/") or "http" not in record:
        yield from reply(data, module, unused)
    web = section(record, "http")
    yield from said("http.server", text(web, "server"))
    yield from said("http.title", " ".join(text(web, "title").split()))
    yield from said("http.body", text(web, "html"))
    icon = section(web, "favicon").get("hash")
    if isinstance(icon, int):
        yield from said("http.favicon_mmh3", str(icon))
    certificate = section(record, "ssl", "cert")
    yield from named("tls.subject", certificate.get("subject"))
    yield from named("tls.issuer", certificate.get("issuer"))
    yield from said(
        "tls.certificate_sha256", text(section(certificate, "fingerprint"), "sha256").lower()
    )
    yield from said("tls.jarm", text(section(record, "ssl"), "jarm"))
