"""Listen to one interface of this machine and write what passes as pcapng (Linux only).

1. Nothing is sent and no filter is changed; promiscuous mode ends with the socket (packet(7)).
2. The kernel takes VLAN tags off frames and tells them beside (PACKET_AUXDATA): they are put back,
   or a camera's VLAN would be lost.
3. What the kernel dropped for us is asked at the end (PACKET_STATISTICS) and written as the
   interface's statistics, so that a reader knows of the loss.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from camaudit.errors import UsageError

#: linux/if_ether.h, linux/if_packet.h, asm-generic/socket.h
_ETH_P_ALL: Final = 0x0003
_SOL_PACKET: Final = 263
_ADD_MEMBERSHIP: Final = 1
_MR_PROMISC: Final = 1
_STATISTICS: Final = 6
_AUXDATA: Final = 8
_SO_TIMESTAMPNS: Final = 35
_VLAN_VALID: Final = 1 << 4
_VLAN_TPID_VALID: Final = 1 << 6
#: struct tpacket_auxdata: status, len, snaplen, mac, net, vlan_tci, vlan_tpid.
_AUX: Final = struct.Struct("=IIIHHHH")
_TIMESPEC: Final = struct.Struct("=qq")
_STATS: Final = struct.Struct("=II")
#: pcapng (draft-ietf-opsawg-pcapng): block types, and option codes of the statistics block.
_SECTION: Final = 0x0A0D0D0A
_INTERFACE: Final = 1
_PACKET: Final = 6
_INTERFACE_STATISTICS: Final = 5
_IF_TSRESOL: Final = 9
_ISB_IFRECV: Final = 4
_ISB_IFDROP: Final = 5
_ETHERNET: Final = 1
#: Ours. What the kernel holds for us while we write.
_BUFFER_BYTES: Final = 16 << 20
#: How often the end is looked for while nothing passes, in seconds.
_LOOK_S: Final = 0.25
_MAC_BYTES: Final = 12
_TPID: Final = 0x8100


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded, and what the kernel says it had to drop."""

    packets: int
    dropped: int


def record(
    interface: str,
    sink: BinaryIO,
    *,
    seconds: float,
    snaplen: int,
    most_bytes: int,
    now_ns: Callable[[], int],
    stopped: Callable[[], bool] = lambda: False,
) -> Recorded:
    """Write what passes an interface to ``sink`` until the time, the size or ``stopped`` ends it.

    ``now_ns`` is the time of day in nanoseconds; packets carry the kernel's own where it gives it.

    Raises:
        UsageError: There is no such interface, or this account may not listen (CAP_NET_RAW).
    """
    with _listening(interface) as line:
        written = sink.write(_heading(snaplen))
        packets = 0
        until = time.monotonic() + seconds
        while time.monotonic() < until and written < most_bytes and not stopped():
            try:
                frame, told, _flags, source = line.recvmsg(snaplen, 256, socket.MSG_TRUNC)
            except TimeoutError:
                continue
            if source[2] == socket.PACKET_LOOPBACK:  # loopback shows each frame twice
                continue
            written += sink.write(_packet(frame[:snaplen], told, now_ns))
            packets += 1
        seen, dropped = _STATS.unpack(line.getsockopt(_SOL_PACKET, _STATISTICS, _STATS.size))
        sink.write(_statistics(seen, dropped, now_ns()))
        return Recorded(packets=packets, dropped=dropped)


def _listening(interface: str) -> socket.socket:
    try:
        index = socket.if_nametoindex(interface)
    except OSError as error:
        known = ", ".join(name for _, name in socket.if_nameindex())
        raise UsageError(f"no interface is called {interface!r}; there are {known}") from error
    try:
        line = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
    except PermissionError as error:
        raise UsageError(
            "this account may not listen to interfaces: run it as root or with CAP_NET_RAW, or "
            "record with your own tool and import the file"
        ) from error
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        line.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        line.setsockopt(_SOL_PACKET, _AUXDATA, 1)
        line.bind((interface, 0))
        asked = struct.pack("=iHH8s", index, _MR_PROMISC, 0, b"")
        line.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, asked)
        line.settimeout(_LOOK_S)
    except OSError:
        line.close()
        raise
    return line


def _heading(snaplen: int) -> bytes:
    section = _block(_SECTION, struct.pack("=IHHq", 0x1A2B3C4D, 1, 0, -1))
    options = _option(_IF_TSRESOL, b"\x09") + _option(0, b"")
    return section + _block(_INTERFACE, struct.pack("=HHI", _ETHERNET, 0, snaplen) + options)


def _packet(frame: bytes, told: list[tuple[int, int, bytes]], now_ns: Callable[[], int]) -> bytes:
    at, length = 0, len(frame)
    for level, kind, value in told:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
            whole, rest = _TIMESPEC.unpack_from(value)
            at = whole * 10**9 + rest
        elif level == _SOL_PACKET and kind == _AUXDATA and len(value) >= _AUX.size:
            status, length, _snap, _mac, _net, tag, kind_of_tag = _AUX.unpack_from(value)
            if status & _VLAN_VALID:
                tpid = kind_of_tag if status & _VLAN_TPID_VALID else _TPID
                frame = frame[:_MAC_BYTES] + struct.pack("!HH", tpid, tag) + frame[_MAC_BYTES:]
                length += 4
    at = at or now_ns()
    head = struct.pack("=IIIII", 0, at >> 32, at & 0xFFFFFFFF, len(frame), length)
    return _block(_PACKET, head + frame + b"\0" * (-len(frame) % 4))


def _statistics(seen: int, dropped: int, at: int) -> bytes:
    head = struct.pack("=III", 0, at >> 32, at & 0xFFFFFFFF)
    options = (
        _option(_ISB_IFRECV, struct.pack("=Q", seen))
        + _option(_ISB_IFDROP, struct.pack("=Q", dropped))
        + _option(0, b"")
    )
    return _block(_INTERFACE_STATISTICS, head + options)


def _block(kind: int, body: bytes) -> bytes:
    length = 12 + len(body)
    return struct.pack("=II", kind, length) + body + struct.pack("=I", length)


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("=HH", code, len(value)) + value + b"\0" * (-len(value) % 4)
