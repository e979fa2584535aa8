"""Read the start of one direction of a connection: TLS, HTTP, RTSP, DNS, and greetings.

1. What is read is told by its first bytes, since cameras use any port; where the bytes do not
   tell (FTP, telnet, DNS), by the port.
2. Of requests the host and the user agent are kept, no path and no other field, and which port a
   gateway is asked to open (UPnP). Of replies the fields of the head and the title of a page are
   kept, and of descriptions of devices (UPnP, ONVIF) the fields of a closed list. Bodies of other
   media are not even looked at.
3. A telnet greeting ends at the first prompt: what follows may echo what somebody typed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources import protocols
from camaudit.sources.protocols.dns.codec import stream_end
from camaudit.sources.protocols.ftp.observe import expand_response as expand_ftp
from camaudit.sources.protocols.http import codec as http
from camaudit.sources.protocols.http.observe import observe as observe_http
from camaudit.sources.protocols.onvif.observe import expand_envelope
from camaudit.sources.protocols.rtsp import codec as rtsp
from camaudit.sources.protocols.rtsp.observe import observe as observe_rtsp
from camaudit.sources.protocols.sip.observe import expand_response as expand_sip
from camaudit.sources.protocols.ssdp.observe import expand_description, observe_mapping
from camaudit.sources.protocols.ssh.observe import expand_response as expand_ssh
from camaudit.sources.protocols.telnet.observe import expand_response as expand_telnet
from camaudit.sources.protocols.tls.handshake import (
    SHOWN,
    ClientHello,
    decode_client_hello,
    decode_presented,
    server_name,
)
from camaudit.sources.protocols.tls.observe import observe_client, observe_presented
from camaudit.sources.spec import Transport
from camaudit.wirekit.anomaly import Tally
from camaudit.wirekit.headed import Grammar, HeadedMessage, declared_length, decode_conversation
from camaudit.wirekit.limits import MAX_MESSAGES
from camaudit.wirekit.shown import shown_text

from .passive_datagrams import read_dns, read_sip
from .passive_kept import Place
from .passive_notes import Notes
from .payload import Payload

_FTP: Final = 21
_SSH: Final = 22
_TELNET: Final = 23
_DNS: Final = 53
#: Besides the ports at which a scan asks: where recorders, cameras of several makers, their
#: clouds and proxies speak TLS, HTTP, RTSP and SIP (device-signals 1.9, 1.12 and 4).
_OTHERS: Final = frozenset(
    {_FTP, _SSH, _TELNET, _DNS, 86, 87, 3128, 5060, 5061, 5443, 7000, 7070, 7080, 8001, 8002, 8008}
    | {8009, 8081, 8082, 8086, 8088, 8090, 8443, 8555, 8666, 8800, 8883, 8888, 9080, 9443, 10000}
    | {10443, 34567, 37777}
)
TCP_PORTS: Final = _OTHERS | {
    port
    for spec in protocols.registry().values()
    for dialogue in spec.dialogues
    if dialogue.transport is not Transport.UDP
    for port in dialogue.ports
}

#: RFC 8446 5.1 and 4: a handshake record of any version, then the type of its first message.
_HANDSHAKE: Final = b"\x16\x03"
_CLIENT_HELLO: Final = 1
_SERVER_HELLO: Final = 2
#: Ours. Different offers and certificates that are known again; both stay below 16 KiB each.
MAX_OFFERS: Final = 512
MAX_CERTIFICATES: Final = 256
_TYPE_AT: Final = 5
#: Ours. Requests, and answers, of HTTP that are known again, and how long they are at most.
MAX_REPEATED: Final = 1024
_REMEMBERED_BYTES: Final = 1024

_REQUEST: Final = re.compile(rb"[A-Z]{3,16} [^\s]{1,4096} HTTP/1\.[01]\r?\n")
_REQUESTS: Final = Grammar(protocol=b"HTTP", requests=True, needs_length=True)
#: Ours. The longest user agent of a browser has about 200 bytes.
MAX_AGENT_BYTES: Final = 256
#: RFC 1123 2.1, with the underscore that some names have.
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_PORT: Final = re.compile(r":[0-9]{1,5}$")

#: RFC 3261 7: the version ends the first line of a request, and begins that of a reply.
_SIP: Final = b"SIP/2.0"
_FIRST_LINE_BYTES: Final = 512

#: Media in which a page or a description comes; of nothing else is the body looked at.
_PAGES: Final = (b"text/html", b"application/xhtml+xml")
_DESCRIPTIONS: Final = (b"text/xml", b"application/xml", b"application/soap+xml")
#: Of a page nothing behind its title is read.
_TITLE_END: Final = re.compile(rb"(?i)</title\s{0,8}>?")
_UPNP_ROOT: Final = b"urn:schemas-upnp-org:device"
_ONVIF: Final = b"www.onvif.org/ver10/device/wsdl"
_SDP: Final = b"application/sdp"

#: Ours. A greeting is a few lines; of one without a prompt no more is kept.
MAX_GREETING_BYTES: Final = 512
_PROMPT: Final = re.compile(
    rb"(?i)(?:\b(?:log-?in|user(?: ?name)?|account|password|passwd|passcode)\s{0,4}:|[#$>%](?: |$))"
)
#: What may stand in an address within a site that names a person, or proves who asks.
_PERSONAL: Final = re.compile(
    rb"(?i)(?:user|usr|pass|pwd|auth|token|login|secret|key|session)\w{0,16}="
)
#: Parameters by which signatures know the firmware: of Dahua, Arecont and TVT stream addresses.
_TELLING: Final = frozenset({b"channel", b"subtype", b"res", b"chid", b"streamtype"})
#: Lines of a session description that are about a person or a session: its origin, address, mail,
#: telephone and key (RFC 8866 5.2, 5.5, 5.6, 5.12).
_PRIVATE_LINES: Final = (b"o=", b"u=", b"e=", b"p=", b"k=")
#: RFC 7826 D.1.1: the address of a stream, whole or within the site.
_CONTROL: Final = b"a=control:"
_URL: Final = re.compile(rb"[^\s\"'<>]*(?:\?|://)[^\s\"'<>]*")


class Streams:
    """Read the starts of connections, one direction at a time."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        #: What was read of clients that offer the same, and of certificates.
        self._offers: dict[ClientHello, tuple[Seen, ...]] = {}
        self._certificates: dict[bytes, tuple[Seen, ...]] = {}

    def take(self, payload: Payload, place: Place) -> None:
        """Read one start; one of a protocol that is not known is passed over."""
        reader = self._by_first_bytes(payload.data) or self._by_port(payload)
        if reader is not None and payload.data:
            reader(payload, place)

    def _by_first_bytes(self, data: bytes) -> Callable[[Payload, Place], None] | None:
        for start, reader in (
            (_HANDSHAKE, self._tls),
            (b"HTTP/", self._http_reply),
            (b"RTSP/", self._rtsp_reply),
            (b"SSH-", self._ssh),
        ):
            if data.startswith(start):
                return reader
        if _REQUEST.match(data):
            return self._http_request
        return self._sip if _SIP in data[:_FIRST_LINE_BYTES].partition(b"\n")[0] else None

    def _by_port(self, payload: Payload) -> Callable[[Payload, Place], None] | None:
        if _DNS in (payload.source_port, payload.target_port):
            return self._dns
        return {_FTP: self._ftp, _TELNET: self._telnet}.get(payload.source_port)

    def _http_reply(self, payload: Payload, place: Place) -> None:
        if self._notes.hears(payload):
            read = _replied_again if len(payload.data) <= _REMEMBERED_BYTES else _replied
            self._notes.server_says(payload, read(payload.data), place)

    def _rtsp_reply(self, payload: Payload, place: Place) -> None:
        self._notes.server_says(payload, _of_rtsp_reply(payload.data), place)

    def _ssh(self, payload: Payload, place: Place) -> None:
        # both sides begin alike; only a server has an identification in the vocabulary
        if payload.source_port == _SSH or payload.source_port < payload.target_port:
            self._notes.server_says(payload, expand_ssh(payload.data), place)

    def _ftp(self, payload: Payload, place: Place) -> None:
        self._notes.server_says(payload, expand_ftp(payload.data), place)

    def _telnet(self, payload: Payload, place: Place) -> None:
        self._notes.server_says(payload, _of_telnet(payload.data), place)

    def _sip(self, payload: Payload, place: Place) -> None:
        read_sip(self._notes, payload.data)(payload, expand_sip(payload.data), place)

    def _tls(self, payload: Payload, place: Place) -> None:
        kind = payload.data[_TYPE_AT] if len(payload.data) > _TYPE_AT else 0
        if kind == _CLIENT_HELLO:
            message = decode_client_hello(payload.data)
            name = server_name(message)
            if name and not _is_address(name):
                self._notes.named(payload, "sni", name, payload.target, place)
            self._notes.client_says(payload, self._offered(message), place)
        elif kind == _SERVER_HELLO and self._notes.hears(payload):
            try:
                der = decode_presented(payload.data).der
            except DecodeError:
                return  # TLS 1.3 and resumed sessions show no certificate
            self._notes.server_says(payload, self._presented(der), place)

    def _offered(self, message: ClientHello) -> tuple[Seen, ...]:
        """Return what a client shows; most connections of a device begin with the same offer."""
        if not message.is_whole:
            return ()
        told = tuple((code, body if code in SHOWN else b"") for code, body in message.extensions)
        offer = replace(message, extensions=told)
        shown = self._offers.get(offer)
        if shown is None:
            shown = tuple(each for each in observe_client(offer) if each.field != "sni")
            if len(self._offers) >= MAX_OFFERS:
                self._offers.clear()
            self._offers[offer] = shown
        return shown

    def _presented(self, der: bytes) -> tuple[Seen, ...]:
        shown = self._certificates.get(der)
        if shown is None:
            shown = observe_presented(der)
            if len(self._certificates) >= MAX_CERTIFICATES:
                self._certificates.clear()
            self._certificates[der] = shown
        return shown

    def _http_request(self, payload: Payload, place: Place) -> None:
        read = _asked_again if len(payload.data) <= _REMEMBERED_BYTES else _asked
        hosts, agents, calls = read(payload.data)
        for host in hosts:
            self._notes.named(payload, "http_host", host, payload.target, place)
        for message in calls:
            self._notes.client_says(payload, observe_mapping(message, payload.target), place)
        self._notes.client_says(payload, agents, place)

    def _dns(self, payload: Payload, place: Place) -> None:
        data = payload.data
        for _ in range(MAX_MESSAGES):
            end = stream_end(data)
            if end is None:
                return
            read_dns(self._notes, payload, data[2:end], place)
            data = data[end:]


class _Asked(NamedTuple):
    """What the requests of one connection show."""

    hosts: tuple[str, ...]
    agents: tuple[Seen, ...]
    #: Requests that ask a gateway for something.
    calls: tuple[HeadedMessage, ...]


def _asked(data: bytes) -> _Asked:
    agents: dict[bytes, None] = {}
    hosts: dict[str, None] = {}
    messages = decode_conversation(data, _REQUESTS)
    for message in messages:
        agents.update((each[:MAX_AGENT_BYTES], None) for each in message.values(b"user-agent"))
        hosts.update((host_name(each), None) for each in message.values(b"host")[:1])
    shown = (Seen("http", "user_agent", shown_text(each)) for each in agents)
    return _Asked(
        hosts=tuple(filter(None, hosts)),
        agents=tuple(each for each in shown if each.value),
        calls=tuple(each for each in messages if each.values(b"soapaction")),
    )


#: Devices ask the same again and again, and get the same answer.
_asked_again = lru_cache(maxsize=MAX_REPEATED)(_asked)


def host_name(value: bytes) -> str:
    """Return the name in a ``Host`` field in lower case, without a port; of an address nothing."""
    text = _PORT.sub("", value.decode("latin-1").strip().lower()).removesuffix(".")
    return text if _HOST.fullmatch(text) and not _is_address(text) else ""


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _replied(data: bytes) -> tuple[Seen, ...]:
    return tuple(_of_http_reply(data))


_replied_again = lru_cache(maxsize=MAX_REPEATED)(_replied)


def _of_http_reply(data: bytes) -> Iterator[Seen]:
    for message in http.decode_responses(data):
        media = b",".join(message.values(b"content-type")).strip().lower()
        if media.startswith(_DESCRIPTIONS):
            yield from _described(http.content(message))
        page = http.content(message) if media.startswith(_PAGES) else b""
        end = _TITLE_END.search(page)
        head = replace(message, body=page[: end.end()] if end else b"")
        told = (_without_query(each) for each in observe_http(head) if each.field != "body")
        yield from (each for each in told if each.value)


def _described(page: bytes) -> tuple[Seen, ...]:
    """Return what a description of a device says: fields of a closed list, no more."""
    try:
        if _UPNP_ROOT in page:
            return expand_description(page)
        if _ONVIF in page:
            return tuple(each for each in expand_envelope(page) if each.protocol == "onvif")
    except DecodeError:
        pass  # a description that was cut off beyond reading
    return ()


def _of_rtsp_reply(data: bytes) -> Iterator[Seen]:
    for message in rtsp.decode_responses(data):
        told = map(_public, observe_rtsp(_clipped(message)))
        yield from (each for each in told if each.value)


def _public(seen: Seen) -> Seen:
    if seen.field == "sdp":
        return seen._replace(value=_public_lines(seen.value))
    return _without_query(seen) if seen.field == "content_base" else seen


def _clipped(message: HeadedMessage) -> HeadedMessage:
    """Return a message with the body that it declares: behind it may come interleaved media."""
    length = declared_length(message.headers, Tally()) or 0
    return replace(message, body=message.body[:length])


def _public_lines(description: bytes) -> bytes:
    lines = (line for line in description.splitlines() if not line.startswith(_PRIVATE_LINES))
    kept = (_plain_line(line) for line in lines)
    return b"\r\n".join(line for line in kept if not _PERSONAL.search(line))


def _plain_line(line: bytes) -> bytes:
    if line.startswith(_CONTROL):
        return _CONTROL + plain_url(line.removeprefix(_CONTROL))
    return _URL.sub(lambda found: plain_url(found[0]), line)


def _without_query(seen: Seen) -> Seen:
    if seen.field not in ("location", "content_base"):
        return seen
    return seen._replace(value=plain_url(seen.value))


def plain_url(url: bytes) -> bytes:
    """Return an address without its query, but for parameters that tell the firmware.

    Some firmware writes users and passwords into the path: of such an address only the host stays.
    Where a password holds ``/``, ``?`` or ``@`` as they are, an ``@`` is left that tells no longer
    which part is the host: nothing but the scheme stays.
    """
    if b"@" in url:
        scheme, slashes, _ = url.partition(b"://")
        return scheme + slashes + b"/" if slashes else b"/"
    path, _, query = url.partition(b"?")
    scheme, slashes, rest = path.partition(b"://")
    within = rest.partition(b"/")[2] if slashes else path
    if _PERSONAL.search(path) or b":" in within:
        return scheme + slashes + rest.partition(b"/")[0] + b"/" if slashes else b"/"
    told = b"&".join(
        part
        for part in query.partition(b"#")[0].split(b"&")
        if part.partition(b"=")[0].lower() in _TELLING and len(part) <= 32
    )
    return path.partition(b"#")[0] + (b"?" + told if told else b"")


def _of_telnet(data: bytes) -> Iterable[Seen]:
    found = _PROMPT.search(data[:MAX_GREETING_BYTES])
    return expand_telnet(data[: found.end() if found else MAX_GREETING_BYTES])
