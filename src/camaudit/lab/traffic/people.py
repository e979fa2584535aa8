"""What phones and laptops do: none of their names and words may be found after an import."""

from __future__ import annotations

from typing import Final

from . import hellos
from .bulk import Flow, Sort
from .scene import Scene
from .site import Host
from .talk import Frame

#: Names are made from these and digits, below a domain that nobody can have (RFC 2606).
_WORDS: Final = ("clinic", "lawyer", "union", "parish", "dating", "jobs", "bank", "news")
#: How many names each visits.
_FAVOURITES: Final = 8


def favourite(scene: Scene, host: Host, turn: int, at: int) -> str:
    """Return one of the names that somebody visits; it is a secret where the sensor sees it."""
    place = turn % _FAVOURITES
    word = _WORDS[(host.number + place) % len(_WORDS)]
    name = f"{word}-{scene.site.chance.digits(8, 'name', host.name, place)}.example.org"
    if scene.site.settings.watched(at):
        scene.diary.names |= {name, host.hostname}
    return name


def browse(scene: Scene, host: Host, at: int, turn: int) -> list[Frame]:
    """Look up a name, and visit it: mostly over TLS, at times in the open."""
    name = favourite(scene, host, turn, at)
    six = scene.site.settings.ipv6 and turn % 2 == 1
    found = scene.ask_name(host.port, name, at, six=six)
    link = scene.far(host.port, name, six=six)
    if turn % 5 == 4:
        return found + _in_the_open(scene, host, name, at + 70_000, six=six)
    talk = scene.secured(link, name, at + 70_000, style=hellos.BROWSER, more=6)
    talk.close()
    return found + talk.frames


def download(scene: Scene, host: Host, start: int, end: int) -> tuple[list[Frame], Flow]:
    """Open a connection that goes on for long."""
    at = start + 90_000 * host.number + 2_000_000
    name = favourite(scene, host, host.number, at)
    six = scene.site.settings.ipv6 and host.number % 2 == 1
    found = scene.ask_name(host.port, name, at, six=six)
    link = scene.far(host.port, name, six=six)
    talk = scene.secured(link, name, at + 70_000, style=hellos.BROWSER, more=2)
    flow = Flow(
        link=link, ports=talk.ports, sort=Sort.TLS, start=talk.at, end=end, sent=talk.sent,
        back=talk.back,
    )  # fmt: skip
    return found + talk.frames, flow


def _in_the_open(scene: Scene, host: Host, name: str, at: int, *, six: bool) -> list[Frame]:
    search = f"search-{scene.site.chance.digits(10, 'search', host.name)}"
    cookie = f"session-{scene.site.chance.digits(16, 'cookie', host.name)}"
    if scene.site.settings.watched(at):
        scene.diary.texts |= {search, cookie}
    ask = (
        f"GET /find?q={search} HTTP/1.1\r\nHost: {name}\r\nCookie: id={cookie}\r\n"
        f"User-Agent: Mozilla/5.0 ({host.hostname})\r\n\r\n"
    )
    body = f"<html><title>{name}</title><p>{search}</p></html>"
    said = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    link = scene.far(host.port, name, six=six)
    return scene.page(link, at, ask.encode(), said.encode())
