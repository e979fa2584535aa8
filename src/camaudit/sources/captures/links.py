"""Link layers: what each frame carries, from whom to whom, and with which VLAN tag.

Link types are those of the tcpdump project's list (LINKTYPE values).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from .damage import Tally
from .window import Bits, Chunk, Octets, Whole

#: Ether types (IEEE 802, IANA): what is read, the tags that are looked behind, PPPoE sessions.
IPV4, ARP, IPV6, LLDP, PPPOE = 0x0800, 0x0806, 0x86DD, 0x88CC, 0x8864
_TAGS: Final = (0x8100, 0x88A8, 0x9100)
#: RFC 3032 5 and RFC 5332 3: labels of MPLS, to one or to many.
_MPLS: Final = (0x8847, 0x8848)
#: IEEE 802.3 3.2.6: up to this it is a length, and LLC follows.
_MAX_LENGTH: Final = 1500
#: Ours. Tags one behind the other; three are already rare.
_MAX_TAGS: Final = 8
#: Ours. Labels one on the other; providers put on three or four.
_MAX_LABELS: Final = 16
#: RFC 791 3.1: the shortest header; version and length of IPv6 lie within it.
_BEHIND_LABELS: Final = 20
#: IEEE 802.2 with the SNAP header of RFC 1042: an ether type follows.
_SNAP: Final = 0xAAAA0300
#: RFC 1661 and the numbers of PPP protocols: IPv4, IPv6.
_PPP_IPV4, _PPP_IPV6 = 0x0021, 0x0057
_PPP_ADDRESS: Final = 0xFF03
#: Address families of loopback headers: IPv4 everywhere; IPv6 on NetBSD, FreeBSD, macOS, Linux.
_FAMILY_IPV4: Final = 2
_FAMILIES_IPV6: Final = (10, 24, 28, 30)

#: Carries no ether type: unknown link, cut header.
NOTHING: Final = -1
NO_MAC: Final = -1
NO_VLAN: Final = -1

#: Link types that are known by name and not read.
_NAMES: Final = {
    105: "IEEE 802.11",
    119: "IEEE 802.11 with Prism header",
    127: "IEEE 802.11 with radiotap header",
    163: "IEEE 802.11 with AVS header",
    104: "Cisco HDLC",
    107: "frame relay",
    144: "Linux IrDA",
    147: "private use 0",
    182: "USB with Linux header",
    187: "Bluetooth HCI",
    189: "USB with Linux header",
    195: "IEEE 802.15.4",
    201: "Bluetooth HCI with direction",
    220: "USB with padded Linux header",
    227: "CAN",
    230: "IEEE 802.15.4 without check sequence",
    239: "Linux netfilter log",
    249: "USB with Windows header",
    251: "Bluetooth low energy",
    256: "Bluetooth low energy with radio header",
}
CUT: Final = "frames whose link header is cut"


@dataclass(slots=True)
class Frames:
    """For each packet of a chunk: ether type, where the next header begins, and addresses."""

    ether: Whole
    net: Whole
    mac: Whole
    peer_mac: Whole
    vlan: Whole


def read_links(chunk: Chunk, tally: Tally) -> Frames:
    """Look behind the link header of every packet."""
    size = len(chunk)
    frames = Frames(
        ether=np.full(size, NOTHING, np.int64),
        net=chunk.start.copy(),
        mac=np.full(size, NO_MAC, np.int64),
        peer_mac=np.full(size, NO_MAC, np.int64),
        vlan=np.full(size, NO_VLAN, np.int64),
    )
    end = chunk.start + chunk.kept
    low, high = int(chunk.link.min()), int(chunk.link.max())
    for link in (low,) if low == high else np.unique(chunk.link).tolist():
        rows = np.flatnonzero(chunk.link == link)
        reader = _READERS.get(link)
        if reader is not None:
            whole, least = rows, _LEAST[link]
            rows = rows[chunk.kept[rows] >= least]
            reader(chunk.octets, frames, rows, end)
            if len(rows) < len(whole):
                tally.hide_packets(CUT, chunk.numbers[whole[chunk.kept[whole] < least]])
        elif link >= 0:
            name = _NAMES.get(link, f"number {link}")
            tally.hide_packets(f"packets of a link type that is not read: {name}", _at(chunk, rows))
    _untag(chunk, frames, end)
    return frames


def _at(chunk: Chunk, rows: Whole) -> Whole:
    return chunk.first + rows


def _mac(octets: Octets, at: Whole) -> Whole:
    return octets.two(at) << 32 | octets.four(at + 2)


def _ethernet(octets: Octets, frames: Frames, rows: Whole, end: Whole) -> None:
    del end
    start = frames.net[rows]
    frames.peer_mac[rows] = _mac(octets, start)
    frames.mac[rows] = _mac(octets, start + 6)
    frames.ether[rows] = octets.two(start + 12)
    frames.net[rows] = start + 14


def _cooked(octets: Octets, frames: Frames, rows: Whole, end: Whole) -> None:
    """Read LINKTYPE_LINUX_SLL: the sender's address where it has six bytes."""
    del end
    start = frames.net[rows]
    frames.mac[rows] = np.where(octets.two(start + 4) == 6, _mac(octets, start + 6), NO_MAC)
    frames.ether[rows] = octets.two(start + 14)
    frames.net[rows] = start + 16


def _cooked_2(octets: Octets, frames: Frames, rows: Whole, end: Whole) -> None:
    """Read LINKTYPE_LINUX_SLL2."""
    del end
    start = frames.net[rows]
    frames.mac[rows] = np.where(octets.one(start + 11) == 6, _mac(octets, start + 12), NO_MAC)
    frames.ether[rows] = octets.two(start)
    frames.net[rows] = start + 20


def _raw(octets: Octets, frames: Frames, rows: Whole, end: Whole) -> None:
    del end
    version = octets.one(frames.net[rows]) >> 4
    frames.ether[rows] = np.where(version == 6, IPV6, IPV4)


def _loopback(octets: Octets, frames: Frames, rows: Whole, end: Whole) -> None:
    """Read LINKTYPE_NULL and LINKTYPE_LOOP: the family, in the byte order of whoever wrote it."""
    del end
    start = frames.net[rows]
    family = octets.four(start)
    family = np.where(family > 0xFFFF, octets.four(start, little=True), family)
    six = np.isin(family, _FAMILIES_IPV6)
    frames.ether[rows] = np.where(family == _FAMILY_IPV4, IPV4, np.where(six, IPV6, NOTHING))
    frames.net[rows] = start + 4


def _ppp(octets: Octets, frames: Frames, rows: Whole, end: Whole) -> None:
    """Read PPP (RFC 1662): address and control, and one byte of the protocol, may be left out."""
    start = frames.net[rows]
    start = start + np.where(octets.two(start) == _PPP_ADDRESS, 2, 0)
    short = octets.one(start) & 1 == 1
    protocol = np.where(short, octets.one(start), octets.two(start))
    start = start + np.where(short, 1, 2)
    ether = np.where(protocol == _PPP_IPV4, IPV4, np.where(protocol == _PPP_IPV6, IPV6, NOTHING))
    inside = start <= end[rows]
    frames.ether[rows] = np.where(inside, ether, NOTHING)
    frames.net[rows] = np.where(inside, start, end[rows])


def _pppoe(octets: Octets, frames: Frames, rows: Whole, end: Whole) -> None:
    """Read a PPPoE session (RFC 2516 4): six bytes, then PPP."""
    frames.net[rows] += 6
    _ppp(octets, frames, rows, end)


_READERS: Final = {
    0: _loopback,
    1: _ethernet,
    9: _ppp,
    12: _raw,
    14: _raw,
    50: _ppp,
    51: _pppoe,
    101: _raw,
    108: _loopback,
    113: _cooked,
    228: _raw,
    229: _raw,
    276: _cooked_2,
}
#: The fewest bytes of each in which its header is whole.
_LEAST: Final = {
    **dict.fromkeys((12, 14, 101, 228, 229), 1),
    **dict.fromkeys((0, 9, 50, 108), 4),
    1: 14,
    51: 8,
    113: 16,
    276: 20,
}


def _untag(chunk: Chunk, frames: Frames, end: Whole) -> None:
    """Look behind VLAN tags, MPLS labels, PPPoE sessions and SNAP headers."""
    octets = chunk.octets
    for _ in range(_MAX_TAGS):
        ether = frames.ether
        tagged = (ether == _TAGS[0]) | (ether == _TAGS[1]) | (ether == _TAGS[2])
        rows = _with(frames, tagged, end, 4)
        if not len(rows):
            break
        start = frames.net[rows]
        outermost = frames.vlan[rows] == NO_VLAN
        frames.vlan[rows] = np.where(outermost, octets.two(start) & 0xFFF, frames.vlan[rows])
        frames.ether[rows] = octets.two(start + 2)
        frames.net[rows] = start + 4
    _unlabel(chunk, frames, end)
    rows = _with(frames, frames.ether == PPPOE, end, 8)
    if len(rows):
        _pppoe(octets, frames, rows, end)
    lengths = (frames.ether >= 0) & (frames.ether <= _MAX_LENGTH)
    rows = _with(frames, lengths, end, 8)
    if len(rows):
        start = frames.net[rows]
        # the three bytes of the organisation after the control byte are zero as well
        snap = (octets.four(start) == _SNAP) & (octets.two(start + 4) == 0)
        frames.ether[rows] = np.where(snap, octets.two(start + 6), frames.ether[rows])
        frames.net[rows] = np.where(snap, start + 8, start)


def _unlabel(chunk: Chunk, frames: Frames, end: Whole) -> None:
    """Look behind MPLS labels (RFC 3032 2.1), for IP: what it is, only its first bits tell.

    Whole frames of Ethernet travel behind labels as well. Where such a frame begins like a version
    of IP, the length behind it is hardly one that fits; what is not IP stays what it was.
    """
    octets = chunk.octets
    rows = _with(frames, (frames.ether == _MPLS[0]) | (frames.ether == _MPLS[1]), end, 4)
    if not len(rows):
        return
    at, done = frames.net[rows], np.zeros(len(rows), np.bool_)
    for _ in range(_MAX_LABELS):
        left = np.flatnonzero(~done & (at + 4 <= end[rows]))
        if not len(left):
            break
        done[left] = octets.one(at[left] + 2) & 1 == 1  # the bottom of the stack
        at[left] += 4
    whole = np.flatnonzero(done & (at + _BEHIND_LABELS <= end[rows]))
    rows, at = rows[whole], at[whole]
    version, room = octets.one(at) >> 4, chunk.wire[rows] - (at - chunk.start[rows])
    four = (version == 4) & (octets.two(at + 2) <= room)
    six = (version == 6) & (octets.two(at + 4) + 40 <= room)
    frames.ether[rows] = np.where(four, IPV4, np.where(six, IPV6, frames.ether[rows]))
    frames.net[rows] = np.where(four | six, at, frames.net[rows])


def _with(frames: Frames, chosen: Bits, end: Whole, size: int) -> Whole:
    """Return the chosen rows that hold so many bytes more."""
    rows = np.flatnonzero(chosen)
    return rows[frames.net[rows] + size <= end[rows]]


def describe(ether: int) -> str:
    """Name what a frame carries that is not read."""
    if ether <= _MAX_LENGTH:
        return "IEEE 802.3 (LLC)"
    return f"ether type 0x{ether:04x}"
