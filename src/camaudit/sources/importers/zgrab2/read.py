"""Read zgrab2's results.

A line is ``{"ip", "data": {<name>: {"status", "protocol", "port", "timestamp", "result"}}}``, as
its README and the structures of its modules say. Headers come with their names folded
(``www_authenticate``); they are put together again, and the HTTP codec reads them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from camaudit.model.observation import Seen
from camaudit.sources.bulk import (
    RecordError,
    Told,
    http_reply,
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


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is zgrab2's."""
    del name  # the content tells
    if not looks_like(head, b"data", b"status"):
        return 0
    return 95 if looks_like(head, b"ip") or looks_like(head, b"domain") else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what zgrab2 saw.

    Raises:
        SourceError: The file as a whole is not JSON.
    """
    del options  # there is nothing to choose
    return read_export(stream, _told)


def _told(record: Mapping[str, Any], unused: Counter[str]) -> Iterator[Told]:
    address = text(record, "ip")
    if not address:
        raise RecordError("ip", "is missing; a host needs an address")
    grabs = section(record, "data")
    if not grabs:
        raise RecordError("data", "is missing; this is no line of zgrab2")
    yield Told(address, "", None, list(said("dns.hostname", text(record, "domain"))))
    for name, grab in grabs.items():
        if not isinstance(grab, Mapping) or not (result := section(grab, "result")):
            unused[f"attempts of {name[:40]!r} that had no result"] += 1
            continue
        module = text(grab, "protocol") or name
        port = grab.get("port")
        place = f"port {port}/tcp" if isinstance(port, int) else name[:40]
        seen = list(said("port.open", f"{port}/tcp")) if isinstance(port, int) else []
        seen += _module(module, result, unused)
        yield Told(address, place, when(grab.get("timestamp")), seen)


def _module(module: str, result: Mapping[str, Any], unused: Counter[str]) -> Iterator[Seen]:
    if response := section(result, "response"):
        yield from reply(_rebuilt(response), "", unused)
        yield from _certificate(section(response, "request", "tls_log", "handshake_log"))
        return
    logs = (section(result, "handshake_log"), section(result, "tls", "handshake_log"))
    for log in logs:
        yield from _certificate(log)
    banner = text(section(result, "server_id"), "raw") or text(result, "banner")
    if banner:
        yield from reply(banner.encode("utf-8", "replace"), module, unused)
    elif not any(logs):
        unused[f"results of the module {module[:40]!r}"] += 1


def _rebuilt(response: Mapping[str, Any]) -> bytes:
    version = text(section(response, "protocol"), "name") or "HTTP/1.1"
    status = text(response, "status_line") or str(response.get("status_code", ""))
    headers = _headers(section(response, "headers"))
    return http_reply(f"{version} {status}", headers, text(response, "body"))


def _headers(headers: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, values in headers.items():
        if name == "unknown" and isinstance(values, list):
            for each in values:
                if isinstance(each, Mapping):
                    yield text(each, "key"), each.get("value")
        else:
            yield name, values


def _certificate(log: Mapping[str, Any]) -> Iterator[Seen]:
    parsed = section(log, "server_certificates", "certificate", "parsed")
    yield from named("tls.subject", parsed.get("subject"))
    yield from named("tls.issuer", parsed.get("issuer"))
    yield from said("tls.certificate_sha256", text(parsed, "fingerprint_sha256"))
