"""Read hosts of Censys' search, version 2.

A host is ``{"ip", "services": [{"port", "service_name", "transport_protocol", "observed_at",
"banner", "http": {"response"}, "tls": {"certificates": {"leaf_data"}}}]}``, alone on a line, in an
array, or in the answer of the service (``{"result": {"hits": [...]}}``). ``software`` and
``operating_system`` are conclusions of somebody else, and are not taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Final

from camaudit.model.observation import Seen
from camaudit.sources.bulk import (
    RecordError,
    Told,
    http_reply,
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

#: Ours. Icons of one page.
_MAX_ICONS: Final = 16


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is Censys'."""
    del name  # the content tells
    return 95 if looks_like(head, b"ip", b"services", b"service_name") else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what Censys saw.

    Raises:
        SourceError: The file as a whole is not JSON.
    """
    del options  # there is nothing to choose
    return read_export(stream, _told)


def _told(record: Mapping[str, Any], unused: Counter[str]) -> Iterator[Told]:
    for host in _hosts(record):
        services = host.get("services")
        if not isinstance(services, list):
            raise RecordError("services", "is missing; this is no host of Censys")
        address = text(host, "ip")
        names = listed(section(host, "dns").get("names"))
        known = [seen for name in names for seen in said("dns.hostname", name)]
        yield Told(address, "", when(host.get("last_updated_at")), known)
        unused["conclusions of Censys (operating_system)"] += "operating_system" in host
        for service in services:
            if not isinstance(service, Mapping) or not isinstance(service.get("port"), int):
                raise RecordError("services", "a service without its port")
            transport = text(service, "transport_protocol").lower()[:8] or "tcp"
            place = f"{service['port']}/{transport}"
            seen = [*said("port.open", place), *_of_service(service, unused)]
            at = when(service.get("observed_at"))
            yield Told(address, f"port {place}", at, dict.fromkeys(seen))


def _hosts(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    result = section(record, "result")
    hits = result.get("hits")
    if isinstance(hits, list):
        return [hit for hit in hits if isinstance(hit, Mapping)]
    return [result or record]


def _of_service(service: Mapping[str, Any], unused: Counter[str]) -> Iterator[Seen]:
    unused["conclusions of Censys (software)"] += bool(service.get("software"))
    response = section(service, "http", "response")
    if response:
        yield from reply(_rebuilt(response), "", unused)
        yield from said("http.title", " ".join(text(response, "html_title").split()))
        yield from _icons(response)
    else:
        banner = _banner(service)
        yield from reply(banner, text(service, "service_name").lower(), unused)
    leaf = section(service, "tls", "certificates", "leaf_data")
    yield from named("tls.subject", leaf.get("subject"))
    yield from named("tls.issuer", leaf.get("issuer"))
    digest = text(section(service, "tls", "certificates"), "leaf_fp_sha_256")
    yield from said("tls.certificate_sha256", digest.lower())


def _banner(service: Mapping[str, Any]) -> bytes:
    try:
        raw = bytes.fromhex(text(service, "banner_hex"))
    except ValueError:
        raw = b""
    return raw or text(service, "banner").encode("utf-8", "replace")


def _icons(response: Mapping[str, Any]) -> Iterator[Seen]:
    icons = response.get("favicons")
    for icon in icons[:_MAX_ICONS] if isinstance(icons, list) else ():
        if isinstance(icon, Mapping):
            yield from said("http.favicon_md5", text(icon, "md5_hash").lower())
            if isinstance(icon.get("shodan_hash"), int):
                yield from said("http.favicon_mmh3", str(icon["shodan_hash"]))


def _rebuilt(response: Mapping[str, Any]) -> bytes:
    version = text(response, "protocol") or "HTTP/1.1"
    first = f"{version} {response.get('status_code', '')} {text(response, 'status_reason')}"
    return http_reply(first, section(response, "headers").items(), text(response, "body"))
