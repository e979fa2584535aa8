"""Refuse connections as a real device does that has no such port: with a reset, at once.

A listener on all addresses would accept for every device. Its packet filter drops what is for
devices without the port, and the reset is sent from here. That takes a raw socket; accounts without
the right to one get a listener for each device (``serving``).
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Final

from .binding import attach
from .plan import Plan

_RECEIVE_BYTES: Final = 1 << 23
_SYN: Final = 0x02
_ACK: Final = 0x10
_RESET_ACK: Final = 0x14


class Refusals:
    """Resets connection requests to closed ports of devices, and to others' addresses."""

    def __init__(self, plan: Plan, ports: dict[int, int]) -> None:
        self._plan = plan
        #: Port on the wire -> the port of the personas.
        self._ports = {real: port for port, real in ports.items()}
        self._raw = _raw()
        self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        self._raw.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
        attach(self._raw, _syns_only())
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._raw, self._read)

    def close(self) -> None:
        """Stop watching."""
        self._loop.remove_reader(self._raw)
        self._raw.close()

    def _read(self) -> None:
        for _ in range(64):
            try:
                packet = self._raw.recv(256)
            except BlockingIOError:
                return
            self._consider(packet)

    def _consider(self, packet: bytes) -> None:
        start = (packet[0] & 15) * 4
        source, target = struct.unpack_from("!HH", packet, start)
        port = self._ports.get(target)
        if port is None:
            return
        address = int.from_bytes(packet[16:20], "big")
        device = self._plan.device(address)
        if device is None and self._plan.spans(address):
            return  # nobody there
        if device is not None and device.persona.door(port) is not None:
            return
        sequence = int.from_bytes(packet[start + 4 : start + 8], "big")
        self._reset(packet[16:20], packet[12:16], target, source, sequence + 1 & 0xFFFFFFFF)

    def _reset(self, here: bytes, there: bytes, port: int, peer: int, number: int) -> None:
        head = struct.pack("!HHIIBBHHH", port, peer, 0, number, 0x50, _RESET_ACK, 0, 0, 0)
        total = _sum(here + there + struct.pack("!HH", socket.IPPROTO_TCP, len(head)) + head)
        head = head[:16] + struct.pack("!H", total) + head[18:]
        top = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 0, 0, 0, 64, 6, 0, here, there)
        try:
            self._raw.sendto(top + head, (socket.inet_ntoa(there), 0))
        except BlockingIOError:
            return  # the peer asks again


def may_refuse() -> bool:
    """Return whether this account may watch packets, and filter those of listeners."""
    try:
        with _raw(), socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            attach(listener, _syns_only())  # needs CAP_NET_ADMIN for TCP since Linux 6.17
    except PermissionError:
        return False
    return True


def _raw() -> socket.socket:
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    raw.setblocking(False)
    return raw


def _sum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


def _syns_only() -> bytes:
    """Return a packet filter that lets through the first packet of a connection."""
    steps = (
        (0xB1, 0, 0, 0),  # X = length of the IP header
        (0x50, 0, 0, 13),  # A = flags
        (0x54, 0, 0, _SYN | _ACK),
        (0x15, 0, 1, _SYN),
        (0x06, 0, 0, 0xFFFFFFFF),
        (0x06, 0, 0, 0),
    )
    return b"".join(struct.pack("HBBI", *step) for step in steps)
