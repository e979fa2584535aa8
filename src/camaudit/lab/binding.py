"""Open the lab's sockets: on loopback, or within a network namespace that leads nowhere.

1. A socket on all addresses of one device serves any number of pretend devices; which of them was
   called is read from the connection or the datagram.
2. The kernel's packet filter repeats the plan's arithmetic, so that silent addresses are silent
   and a listener answers only for devices that have the port.
3. Beyond loopback nothing is bound unless the namespace has no default route and no real link.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import socket
import struct
from collections.abc import Iterable
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

from camaudit.errors import UsageError

from .plan import Plan

LOOPBACK: Final = IPv4Network("127.0.0.0/8")
#: ``--device`` for a namespace in which the range is local on several links.
ANY_DEVICE: Final = "any"
BROADCAST: Final = "255.255.255.255"
IP_PKTINFO: Final = 8
#: Ours. One socket an address is opened for so many devices at most.
MOST_BY_ADDRESS: Final = 1024
#: What is added to a port below 1024 that this account may not open.
SHIFT: Final = 8000
PRIVILEGED: Final = 1024

_SO_BINDTODEVICE: Final = 25
_SO_ATTACH_FILTER: Final = 26
BACKLOG: Final = 4096
_ALL: Final = ""  # every address of the device
#: linux/filter.h: reads relative to the network header.
_NETWORK_HEADER: Final = 0xFFF00000
#: linux/if_arp.h: loopback, and the tunnels that each new namespace has.
_UNREAL_TYPES: Final = frozenset({768, 769, 772, 776, 778, 823})
_UNREAL_DRIVERS: Final = frozenset({"veth", "dummy", "bridge", "tun"})
_SIOCGIFHWADDR: Final = 0x8927
_SIOCETHTOOL: Final = 0x8946
_ETHTOOL_GDRVINFO: Final = 3


def check_place(network: IPv4Network, device: str) -> None:
    """Refuse to pretend where a real network could hear it."""
    if device == "lo" and network.subnet_of(LOOPBACK):
        return
    if _has_default_route():
        raise UsageError(
            f"{network} on {device} is not loopback and this network has a default route; use "
            "addresses of 127.0.0.0/8, or run the lab in a network namespace of its own"
        )
    real = [name for _, name in socket.if_nameindex() if not _is_unreal(name)]
    if real:
        raise UsageError(
            f"{network} on {device} is not loopback and {real[0]} may be a real link; use "
            "addresses of 127.0.0.0/8, or run the lab in a network namespace of its own"
        )


def shifted_ports(ports: Iterable[int], *, privileged: bool) -> dict[int, int]:
    """Return where each port is really opened."""
    wanted = sorted(ports)
    if privileged:
        return {port: port for port in wanted}
    taken = {port for port in wanted if port >= PRIVILEGED}
    result = {port: port for port in taken}
    for port in wanted:
        if port < PRIVILEGED:
            other = port + SHIFT
            while other in taken:
                other += SHIFT
            taken.add(other)
            result[port] = other
    return result


def may_open_low_ports() -> bool:
    """Return whether this account may open ports below 1024."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", PRIVILEGED - 1))
        except PermissionError:
            return False
        except OSError:
            return True  # taken, so it could be
    return True


def open_streams(real: int, device: str, *, shared: bool) -> socket.socket:
    """Return a socket for all devices with a TCP port, to be listened to.

    ``shared`` lets several processes have it; otherwise a second lab is told that it is in use.
    """
    return _opened(socket.SOCK_STREAM, real, device, shared=shared)


def open_stream_at(address: str, real: int) -> socket.socket:
    """Return a socket for one device and TCP port, to be listened to."""
    listener = _socket(socket.SOCK_STREAM)
    _bind(listener, address, real)
    return listener


def open_datagrams(
    port: int, device: str, groups: Iterable[str], address: str = _ALL
) -> socket.socket:
    """Return a UDP socket that has joined the groups and tells which address was called."""
    if address == _ALL:
        opened = _opened(socket.SOCK_DGRAM, port, device)
    else:
        opened = _socket(socket.SOCK_DGRAM)
        _bind(opened, address, port)
    opened.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    for index, name in socket.if_nameindex():
        if device in (name, ANY_DEVICE):
            for group in groups:
                _join(opened, group, index)
    return opened


def index_of(device: str) -> int | None:
    """Return the number of a network device; ``None`` for all of them."""
    return None if device == ANY_DEVICE else socket.if_nametoindex(device)


def may_bind_to_device(device: str) -> bool:
    """Return whether this account may bind a socket to a network device."""
    if device == ANY_DEVICE:
        return True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            _bind_to_device(trial, device)
        except PermissionError:
            return False
    return True


def admitting(plan: Plan, port: int) -> bytes:
    """Return a packet filter that lets through what is for devices with a TCP port.

    Others are silent, or refused by ``refusing``.
    """
    factor, mask = plan.factors
    program = [
        _step(0x20, _NETWORK_HEADER + 16),  # A = destination address
        _step(0x14, int(plan.network.network_address)),
        _step(0x25, plan.network.num_addresses - 1, false=1),  # beyond the network
        _step(0x06, 0),
        _step(0x24, factor),
        _step(0x54, plan.network.num_addresses - 1),
        _step(0xA4, mask),
        _step(0x35, plan.count, false=1),  # no device there
        _step(0x06, 0),
        _step(0x94, len(plan.slots)),
    ]
    for first, last in _runs(
        [slot is not None and slot.door(port) is not None for slot in plan.slots]
    ):
        program += [
            _step(0x35, first, false=2),
            _step(0x25, last, true=1),
            _step(0x06, 0xFFFFFFFF),
        ]
    return b"".join([*program, _step(0x06, 0)])


def attach(opened: socket.socket, program: bytes) -> None:
    """Put a packet filter on a socket."""
    steps = ctypes.create_string_buffer(program)
    head = struct.pack("HL", len(program) // 8, ctypes.addressof(steps))
    opened.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, head)


def _step(code: int, k: int, true: int = 0, false: int = 0) -> bytes:
    return struct.pack("HBBI", code, true, false, k)


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """Return the first and last place of each run of true values."""
    found: list[tuple[int, int]] = []
    for place, flag in enumerate(flags):
        if flag and found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        elif flag:
            found.append((place, place))
    return found


def _opened(
    kind: socket.SocketKind, port: int, device: str, *, shared: bool = False
) -> socket.socket:
    opened = _socket(kind)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shared))
    if device != ANY_DEVICE:
        _bind_to_device(opened, device)
    _bind(opened, _ALL, port)
    return opened


def _socket(kind: socket.SocketKind) -> socket.socket:
    opened = socket.socket(socket.AF_INET, kind)
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return opened


def _bind_to_device(opened: socket.socket, device: str) -> None:
    try:
        opened.setsockopt(socket.SOL_SOCKET, _SO_BINDTODEVICE, device.encode() + b"\0")
    except OSError as error:
        if error.errno == errno.ENODEV:
            raise UsageError(f"there is no network device {device}; see `ip link`") from error
        raise


def _bind(opened: socket.socket, address: str, port: int) -> None:
    try:
        opened.bind((address, port))
    except OSError as error:
        opened.close()
        if error.errno != errno.EADDRINUSE:
            raise
        raise UsageError(
            f"port {port} is in use on this machine; stop what uses it (another lab?)"
        ) from error


def _join(opened: socket.socket, group: str, index: int) -> None:
    request = struct.pack("4s4si", socket.inet_aton(group), bytes(4), index)
    opened.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)


def _has_default_route() -> bool:
    lines = Path("/proc/net/route").read_text(encoding="ascii").splitlines()[1:]
    return any(line.split()[1] == line.split()[7] == "00000000" for line in lines)


def _is_unreal(name: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        room = struct.pack("16s24x", name.encode())
        (kind,) = struct.unpack_from("H", fcntl.ioctl(asking, _SIOCGIFHWADDR, room), 16)
        if kind in _UNREAL_TYPES:
            return True
        answer = ctypes.create_string_buffer(struct.pack("I", _ETHTOOL_GDRVINFO), 196)
        request = struct.pack("16sQ16x", name.encode(), ctypes.addressof(answer))
        try:
            fcntl.ioctl(asking, _SIOCETHTOOL, request)
        except OSError:
            return False
        return answer.raw[4:36].rstrip(b"\0").decode("ascii", "replace") in _UNREAL_DRIVERS
