"""What hosts do, each time as a list of frames: ask a name, renew a lease, greet, fetch a page."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from camaudit.lab.asking import choose, content_tags, way_tag
from camaudit.lab.plan import Device
from camaudit.lab.speaking import Speaker
from camaudit.packs.lab import Answer

from . import frames, hellos, leases, names
from .frames import End, Link
from .site import Host, Port, Site
from .talk import FAR_US, NEAR_US, Connection, Frame
from .truth import Diary

#: RFC 6335: ports that nobody serves on.
_EPHEMERAL: Final = range(49_152, 65_535)
#: Seconds from 1900 to 1970 (RFC 5905 6).
_NTP_ERA: Final = 2_208_988_800
_NTP: Final = 123
_DNS: Final = 53
_MDNS: Final = 5353
#: After busybox, Windows, Android and printers; option 55 in their order.
_BUSYBOX: Final = ("udhcp 1.24.1", (1, 3, 6, 12, 15, 28, 42))
_WISHES: Final = {
    "laptop": ("MSFT 5.0", (1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252)),
    "phone": ("android-dhcp-13", (1, 3, 6, 15, 26, 28, 51, 58, 59, 43, 114)),
    "printer": ("Hewlett-Packard JetDirect", (6, 3, 1, 15, 66, 67, 13, 44, 12, 81, 252)),
}


@dataclass(slots=True)
class Scene:
    """The site as a stage: makes frames, and takes down what matters."""

    site: Site
    diary: Diary
    speaker: Speaker = field(init=False)
    _turn: int = 0

    def __post_init__(self) -> None:
        self.speaker = Speaker(self.site.plan)

    # ------------------------------------------------------------------------------- who and where

    def number(self) -> int:
        """Return the next of a row of numbers."""
        self._turn += 1
        return self._turn

    def ephemeral(self) -> int:
        """Return a client's port."""
        return _EPHEMERAL[self.number() * 7 % len(_EPHEMERAL)]

    def near(self, one: Port, other: Port, *, six: bool = False) -> Link:
        """Return the way between two hosts of the site, by the router where they are apart."""
        far = other.end(six=six)
        if one.segment is not other.segment:
            far = End(self.site.one("router").mac, far.address)
        return Link(one.end(six=six), far, self.site.vlans(one.segment))

    def far(self, port: Port, name: str, *, six: bool = False) -> Link:
        """Return the way to a name beyond the site."""
        address = self.site.beyond(name, six=six).packed
        router = self.site.one("router").mac
        return Link(port.end(six=six), End(router, address), self.site.vlans(port.segment))

    def group(self, port: Port, address: bytes) -> Link:
        """Return the way to a group or to everybody."""
        there = End(frames.group_mac(address), address)
        return Link(port.end(), there, self.site.vlans(port.segment))

    # --------------------------------------------------------------------------------- datagrams

    def exchange(
        self, at: int, link: Link, ports: tuple[int, int], question: bytes, reply: bytes = b"",
        pause: int = NEAR_US,
    ) -> list[Frame]:  # fmt: skip
        """Return a question, and its answer where there is one."""
        asked = frames.udp(link, *ports, question, number=self.number())
        found = [Frame(at, asked)]
        if reply:
            back = frames.udp(link.turned(), ports[1], ports[0], reply, number=self.number())
            found.append(Frame(at + pause, back))
        return found

    def ask_name(self, port: Port, name: str, at: int, *, six: bool = False) -> list[Frame]:
        """Let a host look up a name at the resolver of its network."""
        resolver = self.site.router(port.segment)
        if port.segment.name != "cameras":
            resolver = self.site.one("server").port
        link = self.near(port, resolver)
        found = []
        for turn, kind in enumerate((names.A, names.AAAA) if six else (names.A,)):
            number = self.site.chance.number(1 << 16, "dns", name, at, turn)
            address = str(self.site.beyond(name, six=kind == names.AAAA))
            asked = names.question(name, kind, number)
            said = names.answer(name, kind, number, [address])
            ports = (self.ephemeral(), _DNS)
            found += self.exchange(at + turn * 50, link, ports, asked, said, FAR_US)
        return found

    def clock(self, port: Port, server: Port, at: int) -> list[Frame]:
        """Let a host ask for the time (RFC 5905)."""
        now = struct.pack("!II", at // 1_000_000 + _NTP_ERA, at % 1_000_000 * 4_294)
        asked = b"\x23\x00\x06\xec" + bytes(36) + now
        said = b"\x24\x02\x06\xec" + bytes(8) + b"LAB0" + now * 4
        return self.exchange(at, self.near(port, server), (self.ephemeral(), _NTP), asked, said)

    def resolve(self, port: Port, other: Port, at: int) -> list[Frame]:
        """Let a host ask whose hardware an address is."""
        vlans = self.site.vlans(port.segment)
        asked = frames.arp(port.end(), other.end(), answer=False, vlans=vlans)
        said = frames.arp(other.end(), port.end(), answer=True, vlans=vlans)
        found = [Frame(at, asked), Frame(at + NEAR_US, said)]
        return found + (self._neighbour(port, other, at + 2 * NEAR_US) if self._six else [])

    def lease(self, host: Host, at: int, *, renew: bool = False) -> list[Frame]:
        """Let a host ask for its address, from the beginning or once more."""
        vendor, wishes = _WISHES.get(host.role, _BUSYBOX)
        client = leases.Client(
            mac=host.mac, hostname=host.hostname, vendor_class=vendor, wishes=wishes
        )
        port = host.port
        number = self.site.chance.number(1 << 32, "lease", host.name, at)
        server, given = self.site.router(port.segment), port.address.packed
        vlans, everyone = self.site.vlans(port.segment), b"\xff" * 4
        there = End(b"\xff" * 6, everyone)
        up = Link(End(port.mac, bytes(4)), there, vlans)
        down = Link(server.end(), there, vlans)
        if renew:
            up = self.near(port, server)
            down = up.turned()
        ways = (leases.CLIENT_PORT, leases.SERVER_PORT)
        found = []
        steps = [] if renew else [(leases.DISCOVER, leases.OFFER)]
        for turn, (asked, said) in enumerate([*steps, (leases.REQUEST, leases.ACK)]):
            first = asked == leases.DISCOVER
            wish = leases.from_client(
                client, asked, number,
                wanted=b"" if renew or first else given,
                server=b"" if renew or first else server.address.packed,
                own=given if renew else bytes(4),
            )  # fmt: skip
            answer = leases.from_server(host.mac, said, number, given, server.address.packed)
            then = at + turn * 4 * NEAR_US
            found.append(Frame(then, frames.udp(up, *ways, wish, number=self.number())))
            told = frames.udp(down, ways[1], ways[0], answer, number=self.number())
            found.append(Frame(then + NEAR_US, told))
        return found

    def announce(self, port: Port, at: int) -> list[Frame]:
        """Let a host announce its own address (RFC 5227 3)."""
        end = port.end()
        vlans = self.site.vlans(port.segment)
        return [Frame(at, frames.arp(end, End(bytes(6), end.address), answer=False, vlans=vlans))]

    def multicast_name(self, host: Host, service: str, at: int) -> list[Frame]:
        """Let a host tell a service by multicast DNS."""
        port = host.port
        told = names.service_records(
            service, host.hostname, host.hostname, 443, port.address.packed, ["txtvers=1"]
        )
        link = self.group(port, bytes((224, 0, 0, 251)))
        return self.exchange(at, link, (_MDNS, _MDNS), names.announcement(told))

    # ------------------------------------------------------------------------------- connections

    def connection(self, link: Link, port: int, at: int, *, pause: int = NEAR_US) -> Connection:
        """Return a connection that is open."""
        number = self.site.chance.number(1 << 31, "sequence", at, port, self.number())
        made = Connection(
            link=link, ports=(self.ephemeral(), port), at=at, pause=pause,
            sent=number, back=number ^ 0x5A5A5A5A,
        )  # fmt: skip
        made.open()
        return made

    def page(
        self, link: Link, at: int, request: bytes, reply: bytes, port: int = 80
    ) -> list[Frame]:
        """Return one request of HTTP and its answer."""
        talk = self.connection(link, port, at)
        talk.say(request)
        talk.say(reply, back=True)
        talk.close()
        return talk.frames

    def secured(
        self, link: Link, name: str, at: int, *, style: hellos.Style = hellos.DEVICE,
        der: bytes = b"", more: int = 4,
    ) -> Connection:  # fmt: skip
        """Return a connection over TLS that is still open, after some records of noise."""
        noise = self.site.chance.octets(128, "tls", name, at)
        talk = self.connection(link, 443, at, pause=FAR_US)
        talk.say(hellos.client_hello(name, style, noise[:64]))
        flight = hellos.server_hello_13(noise[64:])
        if der:
            flight = hellos.server_flight([der], noise[64:])
        talk.say(flight, back=True)
        hidden = self.site.chance.octets(900, "hidden", name, at)
        for turn in range(more):
            talk.say(hellos.record(hellos.APPLICATION, hidden[turn:]), back=turn % 2 == 1)
        return talk

    # -------------------------------------------------------------------------------- discovery

    def answer_of(self, device: Device, port: int, request: bytes, to: bytes) -> Answer | None:
        """Return what a device's persona answers to a datagram; ``None`` where nothing."""
        for listener in device.persona.listeners:
            if listener.port == port and not listener.mdns:
                return choose(listener.answers, request, content_tags(request) | {way_tag(to)})
        return None

    def said(self, device: Device, port: int, request: bytes) -> bytes:
        """Return what a device says to a request at one of its doors."""
        door = device.persona.door(port)
        answer = choose(door.answers, request, frozenset()) if door else None
        reply = answer.reply if answer else (door.otherwise if door else None)
        return self.speaker.say(reply, device, request, port) if reply else b""

    @property
    def _six(self) -> bool:
        return self.site.settings.ipv6

    def _neighbour(self, port: Port, other: Port, at: int) -> list[Frame]:
        """Return the same question in IPv6 (RFC 4861 4.3, 4.4)."""
        one, two = port.end(six=True), other.end(six=True)
        asked = bytes.fromhex("ff0200000000000000000001ff") + two.address[13:]
        vlans = self.site.vlans(port.segment)
        up = Link(one, End(frames.group_mac(asked), asked), vlans)
        want = b"\x87\0\0\0" + bytes(4) + two.address + b"\x01\x01" + one.mac
        have = b"\x88\0\0\0" + b"\x60\0\0\0" + two.address + b"\x02\x01" + two.mac
        found = []
        for link, body, then in ((up, want, at), (Link(two, one, vlans), have, at + NEAR_US)):
            total = frames.ones_sum(link.client.address + link.server.address + body)
            check = frames.folded(total + frames.ICMP6 + len(body))
            body = body[:2] + check.to_bytes(2, "big") + body[4:]  # noqa: PLW2901
            found.append(Frame(then, frames.carried(link, frames.ICMP6, body, hops=255)))
        return found
