"""Searches for cameras and what comes back; what a device calls out when it starts.

Questions are those of our own protocols, so is the form of a greeting; the words of an answer are
its persona's, which no codec made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from ipaddress import ip_address
from typing import Final
from uuid import UUID

from camaudit.packs.lab import Answer
from camaudit.sources.protocols import registry
from camaudit.sources.protocols.sadp import codec as sadp
from camaudit.sources.protocols.ssdp import codec as ssdp
from camaudit.sources.protocols.ws_discovery import codec as wsd
from camaudit.sources.spec import Search
from camaudit.wirekit.headed import RequestLine

from . import names
from .frames import Link
from .scene import Scene
from .site import Host, Port
from .talk import Frame

_MDNS: Final = 5353
_MDNS_GROUP: Final = bytes((224, 0, 0, 251))
#: The group of SADP, WS-Discovery and SSDP.
_COMMON_GROUP: Final = bytes((239, 255, 255, 250))
#: Microseconds over which answers come.
_SPREAD_US: Final = 800_000


@cache
def searches() -> dict[str, Search]:
    """Return every search that our protocols know, by its id."""
    return {each.id: each for spec in registry().values() for each in spec.searches}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One datagram of a search: who asks, from where, whom."""

    asker: Port
    source: int
    search: Search
    to: bytes
    request: bytes


def search(scene: Scene, asker: Port, names_of: tuple[str, ...], at: int) -> list[Frame]:
    """Let a host search, and whoever hears it answer."""
    found = []
    for number, name in enumerate(names_of):
        each = searches()[name]
        source = each.reply_port or (_MDNS if each.port == _MDNS else scene.ephemeral())
        token = scene.site.chance.octets(16, "search", name, at)
        for place, request in enumerate(each.requests(token)):
            group = next(group for group in each.groups if ":" not in group)
            to = ip_address(group).packed
            then = at + number * 1_000_000 + place * 20_000
            link = scene.group(asker, to)
            found += scene.exchange(then, link, (source, each.port), request)
            asked = _Asked(asker, source, each, to, request)
            for host in scene.site.hosts:
                if host.device is not None and host.port.segment is asker.segment:
                    found += _answer(scene, host, asked, then)
    return found


def greet(scene: Scene, host: Host, at: int) -> list[Frame]:
    """Let a device call out that it has started, in each way that it knows."""
    if host.device is None:
        return []
    found = []
    for listener in host.device.persona.listeners:
        said = _greeting(scene, host, listener.port)
        if said:
            link = scene.group(host.port, _COMMON_GROUP)
            at += 150_000
            found += scene.exchange(at, link, (listener.port, listener.port), said)
    told = _services(host)
    if told:
        link = scene.group(host.port, _MDNS_GROUP)
        found += scene.exchange(at + 150_000, link, (_MDNS, _MDNS), told)
    return found


def has_notices(host: Host) -> bool:
    """Return whether a device calls out by SSDP again and again."""
    return host.device is not None and any(
        each.port == ssdp_port() for each in host.device.persona.listeners
    )


def notice(scene: Scene, host: Host, at: int) -> list[Frame]:
    """Let a device call out by SSDP that it is there."""
    said = _greeting(scene, host, ssdp_port())
    link = scene.group(host.port, _COMMON_GROUP)
    return scene.exchange(at, link, (ssdp_port(), ssdp_port()), said) if said else []


def ssdp_port() -> int:
    """Return the port of SSDP."""
    return searches()["ssdp.search"].port


def _answer(scene: Scene, host: Host, asked: _Asked, at: int) -> list[Frame]:
    assert host.device is not None  # noqa: S101 -- chosen by it
    then = at + 1_000 + scene.site.chance.number(_SPREAD_US, "delay", host.name, at)
    if asked.search.port == _MDNS:
        heard = _heard(host, asked.request)
        told = _services(host) if heard else b""
        link = scene.group(host.port, _MDNS_GROUP)
        return scene.exchange(then, link, (_MDNS, _MDNS), told) if told else []
    answer = scene.answer_of(host.device, asked.search.port, asked.request, asked.to)
    if answer is None:
        return []
    said = scene.speaker.say(answer.reply, host.device, asked.request, asked.search.port)
    link, port = _way(scene, host, answer, asked)
    return scene.exchange(then, link, (asked.search.port, port), said)


def _heard(host: Host, request: bytes) -> bool:
    """Return whether a question of multicast DNS asks for a service that a device has."""
    assert host.device is not None  # noqa: S101 -- chosen by it
    return any(names.wire_name(each.type)[:-1] in request for each in host.device.persona.services)


def _way(scene: Scene, host: Host, answer: Answer, asked: _Asked) -> tuple[Link, int]:
    """Return where an answer goes: to who asked, to a group, or to a port of its own."""
    reply = answer.reply
    if reply.to == "group":
        group = ip_address(reply.to_group).packed if reply.to_group else asked.to
        return scene.group(host.port, group), asked.search.port
    if reply.to == "port" and reply.to_group:
        group = ip_address(reply.to_group).packed
        return scene.group(host.port, group), reply.to_port or asked.search.port
    link = scene.near(host.port, asked.asker)
    return link, (reply.to_port or asked.source) if reply.to == "port" else asked.source


def _services(host: Host) -> bytes:
    """Return what a device's persona tells by multicast DNS."""
    device = host.device
    if device is None or not device.persona.services:
        return b""
    records = []
    for each in device.persona.services:
        records += names.service_records(
            each.type, device.filled(each.instance), device.filled(each.host), each.port,
            host.port.address.packed, [device.filled(text) for text in each.txt],
        )  # fmt: skip
    return names.announcement(dict.fromkeys(records))


def _greeting(scene: Scene, host: Host, port: int) -> bytes:
    """Return the greeting that belongs to what a device answers at a port."""
    device = host.device
    if device is None:
        return b""
    for request in _questions(scene, host).get(port, ()):
        answer = scene.answer_of(device, port, request, _COMMON_GROUP)
        if answer is not None:
            said = scene.speaker.say(answer.reply, device, request, port)
            return _turned(port, said)
    return b""


def _questions(scene: Scene, host: Host) -> dict[int, tuple[bytes, ...]]:
    token = scene.site.chance.octets(16, "greeting", host.name)
    wanted = ("sadp.inquiry", "ws-discovery.probe", "ssdp.search")
    return {searches()[each].port: searches()[each].requests(token) for each in wanted}


def _turned(port: int, said: bytes) -> bytes:
    """Return an answer as a greeting of the same protocol."""
    if port == searches()["sadp.inquiry"].port:
        return sadp.encode_reply(replace(sadp.decode_reply(said), kind=sadp.ReplyKind.HELLO))
    if port == ssdp_port():
        reply = ssdp.decode_announcement(said)
        headers = [(b"HOST", b"239.255.255.250:1900"), (b"NTS", b"ssdp:alive")]
        headers += [(b"NT" if name == b"ST" else name, text) for name, text in reply.headers]
        start = RequestLine(method=b"NOTIFY", target=b"*", version=b"1.1")
        return ssdp.encode_announcement(replace(reply, start=start, headers=tuple(headers)))
    answer = wsd.decode_answer(said)
    return wsd.encode_answer(
        replace(answer, kind=wsd.AnswerKind.HELLO, relates_to=f"urn:uuid:{UUID(int=0)}")
    )
