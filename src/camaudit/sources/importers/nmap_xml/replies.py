"""Recover the raw replies that nmap keeps of services it does not know.

``servicefp`` holds them byte for byte, escaped; the script ``fingerprint-strings`` only their
printable lines. The first is used where it is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from camaudit.model.observation import Seen

from .scripts import Port

#: One probe's reply in ``servicefp``: ``%r(GetRequest,D3,"HTTP/1\.1\x20...")``.
_REPLY: Final = re.compile(r'%r\((\w{1,40}),[0-9A-Fa-f]{1,6},"((?:[^"\\]|\\.)*)"\)', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
_LETTERS: Final = {"r": "\r", "n": "\n", "t": "\t", "0": "\0"}

#: A header line, after the status line, as ``fingerprint-strings`` prints it.
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}:")

#: How a reply starts, and the observation that it is.
_STARTS: Final = (
    (b"HTTP/", "http"),
    (b"RTSP/", "rtsp"),
    (b"SIP/2.0", "sip"),
    (b"SSH-", "ssh"),
)

#: A plain request tells most; the others are mostly answered with an error.
_FIRST: Final = ("GetRequest", "RTSPRequest", "NULL")


def raw_replies(fingerprint: str, scripts: list[Element], port: Port) -> Iterator[Seen]:
    """Yield at most one raw reply per protocol."""
    replies = dict(_of_fingerprint(fingerprint)) or dict(_of_scripts(scripts))
    ranked = sorted(replies.items(), key=lambda pair: pair[0] not in _FIRST)
    told: set[str] = set()
    for _, reply in ranked:
        protocol = _protocol(reply, port)
        if protocol and protocol not in told:
            told.add(protocol)
            yield Seen(protocol, "response", reply)


def _protocol(reply: bytes, port: Port) -> str | None:
    for start, protocol in _STARTS:
        if reply.startswith(start):
            return protocol
    if port.service.startswith("ftp") and reply[:3].isdigit():
        return "ftp"
    return "telnet" if port.service.startswith("telnet") else None


def _of_fingerprint(fingerprint: str) -> Iterator[tuple[str, bytes]]:
    for probe, escaped in _REPLY.findall(fingerprint.replace("\nSF:", "")):
        text = _ESCAPE.sub(_unescaped, escaped)
        yield probe, text.encode("latin-1", "replace")


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    return _LETTERS.get(found[2], found[2])


def _of_scripts(scripts: list[Element]) -> Iterator[tuple[str, bytes]]:
    for script in scripts:
        if script.get("id") == "fingerprint-strings":
            for elem in script.iterfind("elem"):
                lines = [line.strip() for line in (elem.text or "").strip().splitlines()]
                for probe in elem.get("key", "").split(","):
                    yield probe.strip(), _rebuilt(lines)


def _rebuilt(lines: list[str]) -> bytes:
    """Put back the line ends, and the blank line that the script drops after the headers."""
    if not lines:
        return b""
    end = 1
    while end < len(lines) and _HEADER.match(lines[end]):
        end += 1
    head, body = "\r\n".join(lines[:end]), "\r\n".join(lines[end:])
    return f"{head}\r\n\r\n{body}".encode("utf-8", "replace")
