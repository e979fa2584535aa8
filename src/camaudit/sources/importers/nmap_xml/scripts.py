"""Read the results of nmap's scripts (NSE) into the fields that a codec of ours would give."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from camaudit.model.observation import Seen
from camaudit.wirekit.distinguished import certificate_name
from camaudit.wirekit.secrets import blank_cookie


class Port(NamedTuple):
    """The port that a script looked at; number 0 is the host as a whole."""

    number: int
    transport: str
    service: str


_HEADERS: Final = {
    "server": "server",
    "www-authenticate": "www_authenticate",
    "set-cookie": "set_cookie",
    "p3p": "p3p",
    "location": "location",
    "etag": "etag",
    "x-powered-by": "x_powered_by",
}

#: What http-title says instead of a title.
_NO_TITLE: Final = (
    "site doesn't have a title",
    "did not follow redirect",
    "requested resource was",
)

_SLASHED: Final = re.compile(r"(?:^|/)([A-Za-z0-9.]+)=")

_UPNP: Final = {
    "server": "ssdp.server",
    "webserver": "http.server",
    "name": "upnp.friendly_name",
    "friendlyname": "upnp.friendly_name",
    "manufacturer": "upnp.manufacturer",
    "model descr": "upnp.model_description",
    "modeldescription": "upnp.model_description",
    "model name": "upnp.model_name",
    "modelname": "upnp.model_name",
    "model version": "upnp.model_number",
    "modelnumber": "upnp.model_number",
}

_BANNERS: Final = {"ftp": "ftp.banner", "ssh": "ssh.banner", "telnet": "telnet.banner"}
_BANNER_PORTS: Final = {21: "ftp", 22: "ssh", 23: "telnet"}

#: nmap writes bytes that are no plain text as ``\xHH``.
_ESCAPED: Final = re.compile(rb"\\x([0-9A-Fa-f]{2})")
_MD5: Final = re.compile(r"MD5:\s*([0-9A-Fa-f]{32})")
_AUTH_LINE: Final = re.compile(r"([A-Za-z]{1,40}) realm=(.*)")


def _seen(key: str, value: str | bytes) -> Seen:
    protocol, _, field = key.partition(".")
    raw = value if isinstance(value, bytes) else value.encode("utf-8", "replace")
    return Seen(protocol, field, raw.strip())


def _output(script: Element) -> str:
    return script.get("output", "")


def _elements(script: Element) -> list[str]:
    return [text for elem in script.iterfind("elem") if (text := elem.text)]


def _http_title(script: Element, port: Port) -> Iterator[Seen]:
    del port
    titles = [elem.text or "" for elem in script.iterfind("elem") if elem.get("key") == "title"]
    if not titles:
        first = _output(script).strip().partition("\n")[0]
        titles = [] if first.lower().startswith(_NO_TITLE) else [first]
    for title in titles:
        yield _seen("http.title", title)


def _http_server_header(script: Element, port: Port) -> Iterator[Seen]:
    del port
    for value in _elements(script) or _output(script).strip().splitlines():
        yield _seen("http.server", value)


def _http_headers(script: Element, port: Port) -> Iterator[Seen]:
    del port
    for line in _output(script).splitlines():
        name, colon, value = line.strip().partition(":")
        field = _HEADERS.get(name.strip().lower()) if colon else None
        if field == "set_cookie":
            yield Seen("http", field, blank_cookie(value.strip().encode("utf-8", "replace")))
        elif field:
            yield _seen(f"http.{field}", value)


def _http_auth(script: Element, port: Port) -> Iterator[Seen]:
    del port
    tables = list(script.iterfind("table"))
    for table in tables:
        scheme = next((e.text for e in table.iterfind("elem") if e.get("key") == "scheme"), None)
        params = [
            f'{elem.get("key")}="{elem.text or ""}"'
            for elem in table.iterfind("table/elem")
            if elem.get("key") not in ("nonce", "opaque")
        ]
        if scheme:
            yield _seen("http.www_authenticate", f"{scheme} {', '.join(params)}")
    if not tables:
        for line in _output(script).splitlines():
            if found := _AUTH_LINE.fullmatch(line.strip()):
                realm = found[2].strip('"')
                yield _seen("http.www_authenticate", f'{found[1]} realm="{realm}"')


def _http_favicon(script: Element, port: Port) -> Iterator[Seen]:
    del port
    if found := _MD5.search(_output(script)):
        yield _seen("http.favicon_md5", found[1].lower())


def _ssl_cert(script: Element, port: Port) -> Iterator[Seen]:
    del port
    for who in ("subject", "issuer"):
        table = next((t for t in script.iterfind("table") if t.get("key") == who), None)
        if table is not None:
            names = {elem.get("key", ""): elem.text or "" for elem in table.iterfind("elem")}
        else:
            names = _slashed_names(_output(script), who)
        if names:
            yield _seen(f"tls.{who}", certificate_name(names.items()))


def _slashed_names(output: str, who: str) -> dict[str, str]:
    for line in output.splitlines():
        head, colon, rest = line.strip().partition(": ")
        if colon and head.lower() == who:
            parts = _SLASHED.split(rest)
            return dict(zip(parts[1::2], parts[2::2], strict=False))
    return {}


def _rtsp_methods(script: Element, port: Port) -> Iterator[Seen]:
    del port
    yield _seen("rtsp.public", _output(script))


def _snmp_sysdescr(script: Element, port: Port) -> Iterator[Seen]:
    del port
    yield _seen("snmp.sysDescr", _output(script).partition("System uptime:")[0])


def _upnp_info(script: Element, port: Port) -> Iterator[Seen]:
    del port
    for line in _output(script).splitlines():
        name, colon, value = line.strip().partition(":")
        key = _UPNP.get(name.strip().lower()) if colon else None
        if key and value.strip():
            yield _seen(key, value)


def _banner(script: Element, port: Port) -> Iterator[Seen]:
    raw = _ESCAPED.sub(
        lambda found: bytes([int(found[1], 16)]), _output(script).encode("utf-8", "replace")
    )
    service = next((word for word in _BANNERS if port.service.startswith(word)), None)
    if raw.startswith(b"SSH-"):
        service = "ssh"
    service = service or _BANNER_PORTS.get(port.number)
    if service:
        yield _seen(_BANNERS[service], raw)


READERS: Final[Mapping[str, Callable[[Element, Port], Iterator[Seen]]]] = {
    "banner": _banner,
    "http-auth": _http_auth,
    "http-favicon": _http_favicon,
    "http-headers": _http_headers,
    "http-server-header": _http_server_header,
    "http-title": _http_title,
    "rtsp-methods": _rtsp_methods,
    "snmp-sysdescr": _snmp_sysdescr,
    "ssl-cert": _ssl_cert,
    "upnp-info": _upnp_info,
}
