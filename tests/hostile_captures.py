"""Captures that attack their reader: each a builder of bytes, a sentence, and what must come of it.

1. Every capture begins with ``GOOD`` good packets (a camera asks for a name and is answered, in
   turn), so that a test can tell whether what came before the damage was kept.
2. ``whole`` counts the records that are whole by the rules of the file's form, up to where these
   rules end; a reader that finds its way again may give more. ``damaged`` says whether a reader
   has to count damage; None: it may. ``shows`` is a display filter of tshark 4.0 that a packet
   passes, as proof that the sentence is true; None where tshark cannot read so far.
3. Nothing here is random: what looks so comes from a hash.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from camaudit.lab.traffic import frames, hellos, names
from camaudit.lab.traffic.frames import ACK, PSH, SYN, TCP, UDP, End, Link

#: The camera whose good packets open every capture, and what it asks for.
MAC: Final = bytes.fromhex("5850ed0a0b0c")
NAME: Final = "litedev.hik-connect.com"
GOOD: Final = 4
#: When the first packet passes, in seconds since 1970, and one a second from then on.
AT: Final = 1_767_571_200

CAMERA: Final = End(MAC, bytes((192, 168, 20, 20)))
ROUTER: Final = End(bytes.fromhex("4c5e0c010203"), bytes((192, 168, 20, 1)))
CAMERA6: Final = End(MAC, bytes.fromhex("20010db8002000000000000000000014"))
ROUTER6: Final = End(ROUTER.mac, bytes.fromhex("20010db8002000000000000000000001"))
UP: Final = Link(CAMERA, ROUTER)
UP6: Final = Link(CAMERA6, ROUTER6)
_MIB: Final = 1 << 20


class Hostile(NamedTuple):
    """One capture; see above. ``suffix`` is how a file of it would be called."""

    id: str
    sentence: str
    build: Callable[[], bytes]
    whole: int | None
    damaged: bool | None
    shows: str | None
    suffix: str = ".pcap"


# ------------------------------------------------------------------------------------- pieces


def noise(count: int, word: str) -> bytes:
    """Return octets that look random."""
    return hashlib.shake_128(word.encode()).digest(count)


@cache
def good() -> tuple[bytes, ...]:
    """Return the good frames that open every capture."""
    found = []
    for number in range(GOOD // 2):
        asked = names.question(NAME, names.A, number)
        said = names.answer(NAME, names.A, number, ["203.0.113.9"])
        found.append(frames.udp(UP, 50_000 + number, 53, asked))
        found.append(frames.udp(UP.turned(), 53, 50_000 + number, said))
    return tuple(found)


def header(
    *, order: str = "<", magic: int = 0xA1B2C3D4, link: int = 1, snaplen: int = 262_144
) -> bytes:
    """Return the header of a pcap file."""
    return struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, snaplen, link)


def record(
    data: bytes, at: float = AT, *, kept: int | None = None, size: int | None = None,
    order: str = "<",
) -> bytes:  # fmt: skip
    """Return a record of a pcap file; its lengths may lie."""
    seconds, part = divmod(round(at * 1_000_000), 1_000_000)
    kept = len(data) if kept is None else kept
    return struct.pack(f"{order}IIII", seconds & 0xFFFFFFFF, part, kept,
                       len(data) if size is None else size) + data  # fmt: skip


def pcap(more: Iterable[bytes] = (), *, raw: bytes = b"") -> bytes:
    """Return a pcap file: the good frames, more frames, and at the end octets as they are."""
    told = [record(each, AT + n) for n, each in enumerate((*good(), *more))]
    return header() + b"".join(told) + raw


def block(kind: int, body: bytes, *, size: int | None = None, last: int | None = None) -> bytes:
    """Return a block of a pcapng file; its two lengths may lie."""
    body += bytes(-len(body) % 4)
    whole = 12 + len(body)
    size = whole if size is None else size
    return struct.pack("<II", kind, size) + body + struct.pack("<I", size if last is None else last)


def section() -> bytes:
    """Return the header of a section."""
    return block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(options: bytes = b"", link: int = 1) -> bytes:
    """Return the description of an interface."""
    return block(1, struct.pack("<HHI", link, 0, 262_144) + options)


def enhanced(
    data: bytes, at: float = AT, *, number: int = 0, kept: int | None = None, options: bytes = b""
) -> bytes:
    """Return an enhanced packet block; the length of its packet may lie."""
    ticks = round(at * 1_000_000)
    kept = len(data) if kept is None else kept
    body = struct.pack("<IIIII", number, ticks >> 32, ticks & 0xFFFFFFFF, kept, len(data))
    return block(6, body + data + bytes(-len(data) % 4) + options)


def pcapng(more: bytes = b"") -> bytes:
    """Return a pcapng file: the good frames, then blocks as they are."""
    told = [enhanced(each, AT + n) for n, each in enumerate(good())]
    return section() + interface() + b"".join(told) + more


def raw_ip4(
    content: bytes, *, protocol: int = UDP, number: int = 7, offset: int = 0, more: bool = False,
    words: int = 5, size: int | None = None, source: bytes = CAMERA.address,
) -> bytes:  # fmt: skip
    """Return a frame of IPv4 whose header says what it is told to say."""
    size = 20 + len(content) if size is None else size
    flags = (0x2000 if more else 0) | offset // 8
    parts = (0x40 | words, 0, size & 0xFFFF, number & 0xFFFF, flags, 64, protocol)
    blank = struct.pack("!BBHHHBBH4s4s", *parts, 0, source, ROUTER.address)
    check = frames.folded(frames.ones_sum(blank))
    head = struct.pack("!BBHHHBBH4s4s", *parts, check, source, ROUTER.address)
    return frames.ethernet(ROUTER.mac, MAC, frames.IPV4, head + content)


def raw_ip6(content: bytes, following: int, *, size: int | None = None) -> bytes:
    """Return a frame of IPv6 whose first next header and length are given."""
    size = len(content) if size is None else size
    head = struct.pack("!IHBB", 6 << 28, size, following, 64) + CAMERA6.address + ROUTER6.address
    return frames.ethernet(ROUTER.mac, MAC, frames.IPV6, head + content)


def dns(body: bytes, *, counts: tuple[int, int, int, int] = (1, 0, 0, 0)) -> bytes:
    """Return the frame of a message of DNS with a header and octets behind it."""
    flags = 0x8180 if counts[1] else 0x0100
    return frames.udp(
        UP.turned() if counts[1] else UP, 53 if counts[1] else 50_100, 50_100 if counts[1] else 53,
        struct.pack("!6H", 0x77, flags, *counts) + body,
    )  # fmt: skip


def segments(
    data: bytes, step: int, *, port: int = 443, source: int = 50_200, first: int = 1_000
) -> list[bytes]:
    """Return a connection in which the client says something in pieces."""
    ports = (source, port)
    found = [
        frames.tcp(UP, ports, first, 0, SYN),
        frames.tcp(UP.turned(), (port, ports[0]), 5_000, first + 1, SYN | ACK),
        frames.tcp(UP, ports, first + 1, 5_001, ACK),
    ]
    return found + [
        frames.tcp(UP, ports, first + 1 + at, 5_001, PSH | ACK, data[at : at + step])
        for at in range(0, len(data), step)
    ]


# ------------------------------------------------------------------------- files that are hurt


def _corrupt_length() -> bytes:
    more = record(good()[0], AT + 9, kept=0x7FFFFFF0)
    return pcap(raw=more + b"".join(record(each, AT + 10) for each in good()))


def _clock_jumps() -> bytes:
    times = (AT - 315_360_000, 0, 4_294_967_295, AT + 5, AT - 1, 2_147_483_648, AT + 6)
    return pcap(raw=b"".join(record(good()[0], at) for at in times))


def _bad_fraction() -> bytes:
    told = struct.pack("<IIII", AT + 9, 0xFFFFFFFF, len(good()[0]), len(good()[0])) + good()[0]
    return pcap(raw=told)


def _big_endian() -> bytes:
    told = [record(each, AT + n, order=">") for n, each in enumerate(good())]
    return header(order=">") + b"".join(told)


def _flipped() -> bytes:
    """Return good frames many times, with one bit in 200 octets turned, headers of records too."""
    data = bytearray(pcap(good() * 40))
    keep = len(pcap())
    for place in range(keep, len(data), 200):
        data[place + noise(1, f"place {place}")[0] % 100] ^= 1 << noise(1, f"bit {place}")[0] % 8
    return bytes(data)


def _cut_everywhere() -> bytes:
    """Return every beginning of a tagged frame of IPv6 with TLS in it, cut by the sensor."""
    link = UP6._replace(vlans=(100, 20))
    hello = hellos.client_hello(NAME, hellos.DEVICE, noise(64, "cut"))
    whole = frames.tcp(link, (50_300, 443), 1, 1, PSH | ACK, hello)
    return pcap(raw=b"".join(
        record(whole[:kept], AT + 9 + kept, size=len(whole)) for kept in range(len(whole) + 1)
    ))  # fmt: skip


# ----------------------------------------------------------------------------- pcapng


def _resolution(exponent: int) -> bytes:
    option = struct.pack("<HHB3x", 9, 1, exponent) + bytes(4)
    return section() + interface() + b"".join(
        enhanced(each, AT + n) for n, each in enumerate(good())
    ) + interface(option) + enhanced(good()[0], AT, number=1)  # fmt: skip


def _many_interfaces() -> bytes:
    return pcapng(interface() * 5_000 + enhanced(good()[0], AT + 9, number=5_000))


def _sections() -> bytes:
    swapped = struct.pack(">II", 0x0A0D0D0A, 28) + struct.pack(">IHHq", 0x1A2B3C4D, 1, 0, -1)
    return pcapng((section() + interface() + enhanced(good()[0], AT + 9)) * 100
                  + swapped + struct.pack(">I", 28))  # fmt: skip


# ------------------------------------------------------------------------- packed files


def _bomb(opening: bytes) -> bytes:
    """Return a quarter of a megabyte of gzip that unpacks to ``opening`` and 256 MiB of zeros.

    After a full flush a block stands for itself (RFC 1951), so one can be repeated; the checksum at
    the end is wrong, and who gets so far has been harmed already.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    first = packer.compress(opening + bytes(_MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(_MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * 255 + packer.flush()


# ------------------------------------------------------------------------ frames and packets


def _fragments(count: int, hosts: int = 1) -> Iterator[bytes]:
    """Yield first pieces of packets that are never whole."""
    body = struct.pack("!HHHH", 50_000, 53, 600, 0) + bytes(16)
    for host in range(hosts):
        source = bytes((192, 168, 20, 100 + host))
        for number in range(count):
            yield raw_ip4(body, number=number, more=True, source=source)


def _overlapping() -> list[bytes]:
    """Return pieces that contradict each other (RFC 1858, RFC 5722)."""
    first = struct.pack("!HHHH", 50_000, 53, 48, 0) + b"A" * 24
    return [
        raw_ip4(first, more=True),
        raw_ip4(b"B" * 24, offset=8, more=True),
        raw_ip4(b"C" * 16, offset=32),
        raw_ip4(b"D" * 8, offset=0, more=True),
    ]


def _past_the_end() -> list[bytes]:
    """Return a packet whose last piece lies beyond 65,535 octets."""
    return [raw_ip4(bytes(1_400), more=True, number=9),
            raw_ip4(bytes(1_400), offset=65_528, number=9)]  # fmt: skip


def _fragments6(count: int) -> Iterator[bytes]:
    body = struct.pack("!HHHH", 50_000, 53, 600, 0) + bytes(16)
    for number in range(count):
        yield raw_ip6(struct.pack("!BBHI", UDP, 0, 1, number) + body, 44)


def _chain(kinds: Iterable[int], last: int, content: bytes) -> bytes:
    """Return a packet of IPv6 with extension headers of eight octets each."""
    order = [*kinds]
    following = [*order[1:], last]
    body = b"".join(bytes((each, 0, 1, 4, 0, 0, 0, 0)) for each in following)
    return raw_ip6(body + content, order[0])


def _lying_chain() -> bytes:
    return raw_ip6(bytes((0, 255)) + bytes(6), 0)


def _datagram6() -> bytes:
    return frames.udp(UP6, 50_000, 53, names.question(NAME, names.A, 3))[54:]


def _stack(depth: int) -> bytes:
    tags = b"".join(struct.pack("!HH", 0x8100, n & 0xFFF) for n in range(depth))
    return ROUTER.mac + MAC + tags + good()[0][12:]


def _odd_headers() -> list[bytes]:
    """Return packets whose headers say what cannot be."""
    datagram = good()[0][34:]
    return [
        raw_ip4(datagram, words=0),
        raw_ip4(datagram, words=15),
        raw_ip4(datagram, size=0),
        raw_ip4(datagram, size=10),
        raw_ip4(datagram, size=65_535),
        raw_ip4(struct.pack("!HHHH", 50_000, 53, 0, 0) + bytes(20)),
        raw_ip4(struct.pack("!HHHH", 50_000, 53, 7, 0) + bytes(20)),
        raw_ip4(struct.pack("!HHHH", 50_000, 53, 65_535, 0) + bytes(20)),
        raw_ip4(struct.pack("!HHIIBBHHH", 50_000, 80, 1, 1, 0, PSH | ACK, 0, 0, 0), protocol=TCP),
        raw_ip4(struct.pack("!HHIIBBHHH", 50_000, 80, 1, 1, 0xF0, ACK, 0, 0, 0), protocol=TCP),
        raw_ip6(_datagram6(), UDP, size=0),
        raw_ip6(_datagram6(), UDP, size=65_535),
    ]


def _nothing_much() -> list[bytes]:
    """Return frames that are hardly there, and one of IEEE 802.3 with a length for a type."""
    return [b"", b"\xff", MAC, MAC * 2, MAC * 2 + b"\x08", MAC * 2 + b"\x08\x00",
            MAC * 2 + b"\x00\x03\xaa\xaa\x03", MAC * 2 + b"\x88\x64\x11\x00"]  # fmt: skip


def _labelled(depth: int) -> bytes:
    labels = b"".join(
        struct.pack("!I", 16 + n << 12 | (n == depth - 1) << 8 | 64) for n in range(depth)
    )
    good = frames.udp(UP, 50_000, 53, names.question(NAME, names.A, 9))
    return good[:12] + b"\x88\x47" + labels + good[14:]


def _pppoe_nest(depth: int) -> bytes:
    """Return a frame of PPPoE whose content says again and again that it is PPP (RFC 2516)."""
    return MAC * 2 + b"\x88\x64" + b"\x11\x00\x00\x01\x00\xff\x00\x21" * depth


def _half_open(count: int) -> Iterator[bytes]:
    for number in range(count):
        link = Link(End(MAC, bytes((10, 1, number >> 8 & 0xFF, number & 0xFF))), ROUTER)
        yield frames.tcp(link, (1_024 + (number >> 16), 554), number, 0, SYN)


def _contradicting() -> list[bytes]:
    """Return a stream whose octets are sent twice, and differ."""
    found = segments(b"GET /one HTTP/1.1\r\nHost: first.example\r\n\r\n", 8, port=80)
    return found + segments(b"GET /two HTTP/1.1\r\nHost: other.example\r\n\r\n", 8, port=80)[3:]


def _wrapping() -> list[bytes]:
    hello = hellos.client_hello(NAME, hellos.DEVICE, noise(64, "wrap"))
    return segments(hello, 50, first=0xFFFFFFFF - 60)


def _backwards() -> list[bytes]:
    found = segments(hellos.client_hello(NAME, hellos.DEVICE, noise(64, "back")), 20)
    return found[:3] + found[:2:-1]


# ------------------------------------------------------------------------------ protocols

#: Where the name of a question begins.
_Q: Final = 12


def _pointer(at: int) -> bytes:
    return struct.pack("!H", 0xC000 | at)


def _pointer_ladder() -> bytes:
    """Return an answer whose second record is named by two thousand pointers, one to the next."""
    asked = names.wire_name("x") + struct.pack("!HH", 1, 1)
    begin = _Q + len(asked) + 12
    ladder = _pointer(_Q) + b"".join(_pointer(begin + 2 * n) for n in range(1_999))
    # a record of type NULL may hold anything (RFC 1035 3.3.10)
    holder = _pointer(_Q) + struct.pack("!HHIH", 10, 1, 60, len(ladder)) + ladder
    last = _pointer(begin + 2 * 1_999) + struct.pack("!HHIH", 1, 1, 60, 4) + b"\xcb\0\x71\x09"
    return dns(asked + holder + last, counts=(1, 2, 0, 0))


def _amplified() -> bytes:
    """Return an answer in which 1,500 records share one name of 255 octets by pointers."""
    name = b"".join(b"\x3f" + b"a" * 63 for _ in range(3)) + b"\x3d" + b"a" * 61 + b"\0"
    asked = name + struct.pack("!HH", 1, 1)
    each = _pointer(_Q) + struct.pack("!HHIH", 5, 1, 60, 2) + _pointer(_Q)
    return dns(asked + each * 1_500, counts=(1, 1_500, 0, 0))


def _orders() -> list[bytes]:
    """Return the same hello with its extensions in 64 orders, each in a connection of its own."""
    kinds = hellos.BROWSER.extensions
    found = []
    for number in range(64):
        order = sorted(kinds, key=lambda kind, n=number: noise(8, f"order {n} {kind}"))  # type: ignore[misc]
        style = hellos.Style(
            ciphers=hellos.BROWSER.ciphers, extensions=tuple(order), newest=0x0304,
            protocols=hellos.BROWSER.protocols,
        )  # fmt: skip
        hello = hellos.client_hello(NAME, style, noise(64, "orders"))
        found.append(frames.tcp(UP, (51_000 + number, 443), 1, 1, PSH | ACK, hello))
    return found


def _lying_hello(place: int, octets: bytes) -> list[bytes]:
    hello = bytearray(hellos.client_hello(NAME, hellos.DEVICE, noise(64, "lying")))
    hello[place : place + len(octets)] = octets
    return segments(bytes(hello), 1_400)


def _bad_name() -> list[bytes]:
    """Return hellos whose names are no names: empty, of NUL, of other alphabets, far too long."""
    found = []
    for number, name in enumerate(("", "a\0b.example", "\x1b[2Jx", "é" * 200, "a" * 20_000)):
        hello = hellos.client_hello(name, hellos.DEVICE, noise(64, "name"))
        found += segments(hello, 1_400, source=52_000 + number)
    return found


def _many_ciphers() -> list[bytes]:
    style = hellos.Style(ciphers=tuple(range(1, 32_000)), extensions=hellos.DEVICE.extensions)
    return segments(hellos.client_hello(NAME, style, noise(64, "many")), 1_400)


def _endless_head(port: int, opening: bytes) -> list[bytes]:
    return segments(opening + b"X-Flood: again\r\n" * 20_000, 1_400, port=port)


def _relays(depth: int) -> bytes:
    said = b"\1\0\0\1"
    for _ in range(depth):
        said = b"\x0c\0" + bytes(32) + struct.pack("!HH", 9, len(said)) + said
    return said


def _many_ports(count: int) -> bytes:
    body = b"<NewExternalPort>80</NewExternalPort>" * count
    return (
        b"POST /c HTTP/1.1\r\nHost: 192.168.20.1\r\nSOAPAction: "
        b'"urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping"\r\n'
        b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    )


def _dhcp(options: bytes, *, cookie: bytes = b"\x63\x82\x53\x63") -> bytes:
    head = struct.pack("!BBBBIHH", 1, 1, 6, 0, 7, 0, 0) + bytes(16) + MAC + bytes(202)
    return frames.udp(UP, 68, 67, head + cookie + options)


#: How tshark says that a name never ends.
_LOOPS: Final = 'dns.qry.name contains "pointer that loops"'

HOSTILE: Final = (
    # files
    Hostile("empty", "A file without an octet.", lambda: b"", 0, True, None),
    Hostile("header-cut", "The file ends within its header.", lambda: header()[:10], 0, True, None),
    Hostile("no-records", "A header and nothing else.", header, 0, False, None),
    Hostile("record-header-cut", "The file ends within the header of a record.",
            lambda: pcap(raw=record(good()[0])[:9]), GOOD, True, "dns"),
    Hostile("record-cut", "The file ends within a packet.",
            lambda: pcap(raw=record(good()[0])[:-11]), GOOD, True, "dns"),
    Hostile("length-corrupt", "A record in the middle says that it has two gigabytes.",
            _corrupt_length, GOOD, True, "dns"),
    Hostile("length-negative", "A record says that it has 4,294,967,295 octets.",
            lambda: pcap(raw=record(good()[0], kept=0xFFFFFFFF)), GOOD, True, "dns"),
    Hostile("longer-than-it-was", "A record keeps more than the packet had on the wire.",
            lambda: pcap(raw=record(good()[0], AT + 9, size=20)), GOOD + 1, True, "dns"),
    Hostile("no-octets", "A thousand records without an octet.",
            lambda: pcap(raw=record(b"", AT + 9) * 1_000), GOOD + 1_000, True, "frame.len == 0"),
    Hostile("clock-jumps", "The clock goes back ten years, to 1970, to 2106, and on.",
            _clock_jumps, GOOD + 7, True, "frame.time_epoch > 4000000000"),
    Hostile("fraction", "A second has 4,294,967,295 microseconds.",
            _bad_fraction, GOOD + 1, True, None),
    Hostile("big-endian", "Nothing is wrong: the file is written in the other order of octets.",
            _big_endian, GOOD, False, "dns"),
    Hostile("link-type", "The packets are of a link that nobody knows.",
            lambda: header(link=0x0FFF) + record(good()[0]), 1, True, None),
    Hostile("flipped", "Bits are turned here and there, in packets and in lengths.",
            _flipped, None, True, "dns"),
    Hostile("cut-everywhere", "Tagged TLS over IPv6, cut by the sensor at every length.",
            _cut_everywhere, None, None, "frame.cap_len < frame.len"),
    # pcapng
    Hostile("ng-length-zero", "A block has length zero.",
            lambda: pcapng(block(6, b"", size=0)), GOOD, True, "dns", ".pcapng"),
    Hostile("ng-length-four", "A block is shorter than its own header.",
            lambda: pcapng(block(6, b"", size=4)), GOOD, True, "dns", ".pcapng"),
    Hostile("ng-length-huge", "A block has four gigabytes.",
            lambda: pcapng(block(6, bytes(40), size=0xFFFFFFFC)), GOOD, True, "dns", ".pcapng"),
    Hostile("ng-length-odd", "A block's length is no multiple of four.",
            lambda: pcapng(block(6, bytes(40), size=51)), None, True, "dns", ".pcapng"),
    Hostile("ng-lengths-differ", "The two lengths of a block differ.",
            lambda: pcapng(block(5, bytes(12), last=28)), GOOD, True, "dns", ".pcapng"),
    Hostile("ng-cut", "The file ends within a block.",
            lambda: pcapng(enhanced(good()[0])[:-9]), GOOD, True, "dns", ".pcapng"),
    Hostile("ng-packet-too-long", "A packet is longer than the block that holds it.",
            lambda: pcapng(enhanced(good()[0], kept=60_000)), GOOD, True, "dns", ".pcapng"),
    Hostile("ng-no-interface", "A packet comes from an interface that nobody described.",
            lambda: pcapng(enhanced(good()[0], number=77)), GOOD, True, "dns", ".pcapng"),
    Hostile("ng-options-run-over", "An option is longer than its block.",
            lambda: pcapng(enhanced(good()[0], AT + 9, options=struct.pack("<HH", 1, 0xFFFF))),
            None, True, "dns", ".pcapng"),
    Hostile("ng-resolution", "An interface counts time in parts of ten to the 127th.",
            lambda: _resolution(0x7F), None, True, None, ".pcapng"),
    Hostile("ng-resolution-binary", "An interface counts time in parts of two to the 127th.",
            lambda: _resolution(0xFF), None, True, None, ".pcapng"),
    Hostile("ng-interfaces", "Five thousand interfaces are described, one has a packet.",
            _many_interfaces, GOOD + 1, False, "frame.interface_id == 5000", ".pcapng"),
    Hostile("ng-sections", "A hundred sections, the last in the other order of octets.",
            _sections, GOOD + 100, False, "dns", ".pcapng"),
    Hostile("ng-unknown", "Blocks of kinds that nobody knows are to be passed over.",
            lambda: pcapng(block(0x7777, noise(400, "block")) * 50), GOOD, False, "dns", ".pcapng"),
    # packed files
    Hostile("gz-cut", "The packed file ends too early.",
            lambda: gzip.compress(pcap(good() * 50), mtime=0)[:-30], None, True, None, ".pcap.gz"),
    Hostile("gz-checksum", "The packed file's checksum is wrong.",
            lambda: gzip.compress(pcap(), mtime=0)[:-8] + bytes(8), GOOD, True, None, ".pcap.gz"),
    Hostile("gz-bomb-empty", "A quarter of a megabyte unpacks to 16 million empty records.",
            lambda: _bomb(pcap()), None, True, None, ".pcap.gz"),
    Hostile("gz-bomb-one", "A quarter of a megabyte unpacks to one packet of a gigabyte.",
            lambda: _bomb(pcap(raw=record(b"", AT + 9, kept=1 << 30, size=1 << 30))),
            GOOD, True, None, ".pcap.gz"),
    Hostile("gz-of-gz", "A packed file in a packed file.",
            lambda: gzip.compress(gzip.compress(pcap(), mtime=0), mtime=0), None, True, None,
            ".pcap.gz"),
    # frames and packets
    Hostile("fragments", "First pieces of 131,072 packets, with every number twice.",
            lambda: pcap(_fragments(1 << 16, 2)), GOOD + (1 << 17), True, "ip.flags.mf == 1"),
    Hostile("fragments-overlap", "Pieces of one packet contradict each other.",
            lambda: pcap(_overlapping()), GOOD + 4, True, "ip.frag_offset > 0"),
    Hostile("fragments-past-the-end", "The last piece lies beyond the longest packet.",
            lambda: pcap(_past_the_end()), GOOD + 2, True, "ip.frag_offset == 8191"),
    Hostile("fragments-6", "First pieces of 70,000 packets of IPv6.",
            lambda: pcap(_fragments6(70_000)), GOOD + 70_000, True, "ipv6.fraghdr"),
    Hostile("tags-200", "Two hundred tags of networks before the packet.",
            lambda: pcap([_stack(200)]), GOOD + 1, True, "vlan.id == 3"),
    Hostile("tags-3", "Three tags, and behind them a good question.",
            lambda: pcap([_stack(3)]), GOOD + 1, False, "vlan.id == 2 && dns"),
    Hostile("extensions-200", "Two hundred extension headers of IPv6.",
            lambda: pcap([_chain([60] * 160, UDP, _datagram6())]), GOOD + 1, True, "ipv6.dstopts"),
    Hostile("extensions-3", "Three extension headers of IPv6, and behind them a good question.",
            lambda: pcap([_chain([0, 60, 60], UDP, _datagram6())]), GOOD + 1, False,
            "ipv6.hopopts && dns"),
    Hostile("extension-too-long", "An extension header of IPv6 is longer than the packet.",
            lambda: pcap([_lying_chain()]), GOOD + 1, True, "ipv6"),
    Hostile("odd-headers", "Lengths of IP, UDP and TCP say what cannot be.",
            lambda: pcap(_odd_headers()), GOOD + 12, True, "ip.len == 0 || ip.hdr_len == 0"),
    Hostile("hardly-there", "Frames of no, one, six and thirteen octets.",
            lambda: pcap(_nothing_much()), GOOD + 8, True, "frame.len < 14"),
    Hostile("mpls-200", "Two hundred labels of MPLS before the packet.",
            lambda: pcap([_labelled(200)]), GOOD + 1, True, "mpls.label == 116"),
    Hostile("mpls-bottomless", "Labels of MPLS to the end of the frame, none of them the last.",
            lambda: pcap([MAC * 2 + b"\x88\x47" + b"\0\1\0\x40" * 370]), GOOD + 1, True, "mpls"),
    Hostile("mpls-3", "Three labels of MPLS, and behind them a good question.",
            lambda: pcap([_labelled(3)]), GOOD + 1, False, "mpls && dns"),
    Hostile("pppoe-nest", "PPPoE whose content says that it is PPP again and again.",
            lambda: pcap([_pppoe_nest(180)]), GOOD + 1, True, "pppoes"),
    Hostile("half-open", "Two hundred thousand connections that are only asked for.",
            lambda: pcap(_half_open(200_000)), GOOD + 200_000, False, "tcp.flags.syn == 1"),
    Hostile("contradicting", "A stream is sent twice, and the two differ.",
            lambda: pcap(_contradicting()), None, None, 'tcp contains "/two"'),
    Hostile("wrapping", "Nothing is wrong: a stream's numbers pass 2 to the 32nd in a hello.",
            lambda: pcap(_wrapping()), None, False, "tcp.seq_raw < 100 && tcp.len > 0"),
    Hostile("backwards", "Nothing is wrong but the order: a hello comes last piece first.",
            lambda: pcap(_backwards()), None, False, "tcp.len == 20"),
    # protocols
    Hostile("dns-self", "A name is a pointer to itself.",
            lambda: pcap([dns(_pointer(_Q) + b"\0\1\0\1")]), GOOD + 1, True, _LOOPS),
    Hostile("dns-pair", "Two names are pointers to each other.",
            lambda: pcap([dns(_pointer(_Q + 2) + _pointer(_Q) + b"\0\1\0\1")]), GOOD + 1, True,
            _LOOPS),
    Hostile("dns-forward", "A name is a pointer to the end of the message and beyond.",
            lambda: pcap([dns(_pointer(0x3FFF) + b"\0\1\0\1")]), GOOD + 1, True, "_ws.malformed"),
    Hostile("dns-label-loop", "A label, and then a pointer back to it.",
            lambda: pcap([dns(b"\x03abc" + _pointer(_Q) + b"\0\1\0\1")]), GOOD + 1, True, _LOOPS),
    Hostile("dns-ladder", "Two thousand pointers, each to the one before.",
            lambda: pcap([_pointer_ladder()]), GOOD + 1, None, "dns.count.answers == 2"),
    Hostile("dns-amplified", "Fifteen hundred records share a name of 255 octets.",
            lambda: pcap([_amplified()]), GOOD + 1, False, "dns.count.answers == 1500"),
    Hostile("dns-counts", "A header promises 65,535 of everything, and nothing follows.",
            lambda: pcap([dns(b"", counts=(0xFFFF,) * 4)]), GOOD + 1, True,
            "dns.count.answers == 65535"),
    Hostile("tls-orders", "Nothing is wrong: one hello with its extensions in 64 orders.",
            lambda: pcap(_orders()), GOOD + 64, False,
            f'tls.handshake.extensions_server_name == "{NAME}"'),
    Hostile("tls-drops", "Nothing is wrong: a hello comes octet by octet.",
            lambda: pcap(segments(hellos.client_hello(NAME, hellos.DEVICE, noise(64, "drop")), 1)),
            None, False, f'tls.handshake.extensions_server_name == "{NAME}"'),
    Hostile("tls-record-length", "A record of TLS says 65,535 octets.",
            lambda: pcap(_lying_hello(3, b"\xff\xff")), GOOD + 4, True, "tcp.port == 443"),
    Hostile("tls-hello-length", "A hello says that it is sixteen megabytes long.",
            lambda: pcap(_lying_hello(6, b"\xff\xff\xff")), GOOD + 4, True, "tcp.port == 443"),
    Hostile("tls-session-length", "A hello's session is longer than the hello.",
            lambda: pcap(_lying_hello(43, b"\xff")), GOOD + 4, True, "tcp.port == 443"),
    Hostile("tls-names", "Hellos with names that are empty, of controls, or of 20,000 octets.",
            lambda: pcap(_bad_name()), None, None, "tls.handshake.type == 1"),
    Hostile("tls-ciphers", "A hello offers 31,999 ciphers.",
            lambda: pcap(_many_ciphers()), None, False, "tcp.len == 1400"),
    Hostile("http-endless-head", "The head of a request does not end.",
            lambda: pcap(_endless_head(80, b"GET / HTTP/1.1\r\n")), None, False,
            'tcp contains "X-Flood"'),
    Hostile("rtsp-endless-head", "The head of a request of RTSP does not end.",
            lambda: pcap(_endless_head(554, b"OPTIONS * RTSP/1.0\r\n")), None, False,
            'tcp contains "X-Flood"'),
    Hostile("dhcp-no-cookie", "A message of DHCP without what marks its options.",
            lambda: pcap([_dhcp(b"\x35\x01\x01\xff", cookie=bytes(4))]), GOOD + 1, True, "dhcp"),
    Hostile("dhcp-option-runs-over", "An option of DHCP is longer than the message.",
            lambda: pcap([_dhcp(b"\x35\x01\x01\x0c\xffcam")]), GOOD + 1, True, "dhcp"),
    Hostile("dhcpv6-relays", "A message of DHCPv6 passed on by thirty-five relays.",
            lambda: pcap([frames.udp(UP6, 547, 547, _relays(35))]), GOOD + 1, True, "dhcpv6"),
    Hostile("dhcpv6-option-runs-over", "An option of DHCPv6 is longer than the message.",
            lambda: pcap([frames.udp(UP6, 546, 547, b"\1\0\0\1\0\x27\xff\xff\0\3cam")]),
            GOOD + 1, None, "dhcpv6"),
    Hostile("lldp-runs-over", "A value of LLDP is longer than the frame.",
            lambda: pcap([b"\x01\x80\xc2\0\0\x0e" + MAC + b"\x88\xcc\x03\xff\4" + MAC]),
            GOOD + 1, True, "lldp"),
    Hostile("lldp-values", "An announcement of LLDP says seven hundred times nothing.",
            lambda: pcap([b"\x01\x80\xc2\0\0\x0e" + MAC + b"\x88\xcc" + b"\2\7\4" + MAC
                          + b"\4\7\3" + MAC + b"\6\2\0\x78" + b"\x0a\0" * 700]),
            GOOD + 1, False, "lldp"),
    Hostile("upnp-ports", "A call to a gateway names a thousand ports.",
            lambda: pcap(segments(_many_ports(1000), 1_400, port=80)), None, False,
            'tcp contains "AddPortMapping"'),
    Hostile("sadp-bomb", "A reply of SADP whose entities multiply.",
            lambda: pcap([frames.udp(UP, 37_020, 37_020, (
                b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
                + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 9)
                           for n in range(9))
                + b"]><ProbeMatch><DeviceSN>&j;</DeviceSN></ProbeMatch>"))]),
            GOOD + 1, True, 'frame contains "ENTITY"'),
    Hostile("arp-cut", "A question of ARP that ends after its kind.",
            lambda: pcap([b"\xff" * 6 + MAC + b"\x08\x06\0\1\x08\0\x06\x04"]),
            GOOD + 1, True, "arp"),
)  # fmt: skip

BY_ID: Final = {each.id: each for each in HOSTILE}
