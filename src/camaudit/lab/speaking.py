"""Turn the stored replies of personas into bytes for one device and one request.

Frames (lengths, line ends) are plain arithmetic here: no codec that is under test has a part in
them, or the lab would only prove that we agree with ourselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from camaudit.packs.lab import OF_DEVICE, OF_REQUEST, Personas, Reply

from .plan import Device, Plan

_PLACEHOLDER: Final = re.compile(rb"\$\{(\w+)\}")

#: What a request is asked for when a reply repeats it.
_ECHOES: Final = {
    b"cseq": re.compile(rb"(?i)\ncseq:[ \t]*(\d{1,9})"),
    b"message_id": re.compile(rb"<(?:\w+:)?MessageID[^>]*>\s*([^<\s]{1,200})"),
    b"probe_uuid": re.compile(rb"<Uuid>([^<]{1,64})</Uuid>"),
}
#: Where a binary request has the few octets that its answer repeats: Bosch after its magic,
#: Vivotek at its beginning. By port, because the layouts share nothing.
_TOKENS: Final = {1757: slice(4, 8), 10000: slice(0, 1)}

Word = Callable[[Device, bytes, int], bytes]


@dataclass(frozen=True, slots=True)
class Text:
    """Bytes with gaps: constants and the words between them, in turn."""

    constants: tuple[bytes, ...]
    words: tuple[Word, ...]

    def render(self, device: Device, request: bytes, port: int) -> bytes:
        """Fill the gaps."""
        if not self.words:
            return self.constants[0]
        parts = [self.constants[0]]
        for word, constant in zip(self.words, self.constants[1:], strict=True):
            parts.append(word(device, request, port))
            parts.append(constant)
        return b"".join(parts)


class Speaker:
    """Makes the bytes of replies; each reply is prepared once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._prepared: dict[int, Callable[[Device, bytes, int], bytes]] = {}

    def say(self, reply: Reply, device: Device, request: bytes, port: int) -> bytes:
        """Return the bytes of a reply."""
        prepared = self._prepared.get(id(reply))
        if prepared is None:
            prepared = self._prepared[id(reply)] = self._prepare(reply, device)
        return prepared(device, request, port)

    def _prepare(self, reply: Reply, device: Device) -> Callable[[Device, bytes, int], bytes]:
        words = _Words(self._plan, device.persona.values)
        if reply.layout:
            return _finished(reply, _layout(reply, words))
        stored = _stored(reply, self._plan.personas)
        if reply.frame == "http":
            return _finished(reply, _http(stored, words))
        body = words.text(stored)
        if reply.frame in _HEADERS:
            header = _HEADERS[reply.frame]

            def framed(device: Device, request: bytes, port: int) -> bytes:
                content = body.render(device, request, port)
                return header(len(content)) + content

            return _finished(reply, framed)
        return _finished(reply, body.render)


class _Words:
    """The words that placeholders stand for."""

    def __init__(self, plan: Plan, values: Mapping[str, str]) -> None:
        self._plan = plan
        self._values = values

    def text(self, stored: bytes) -> Text:
        parts = _PLACEHOLDER.split(self._own(stored))
        constants, words = [parts[0]], []
        for name, constant in zip(parts[1::2], parts[2::2], strict=True):
            words.append(self._word(name.decode()))
            constants.append(constant)
        return Text(tuple(constants), tuple(words))

    def _own(self, stored: bytes) -> bytes:
        """Put in the persona's own values; one may hold another."""
        for name, value in (*self._values.items(), *self._values.items()):
            stored = stored.replace(b"${%s}" % name.encode(), value.encode())
        return stored

    def _word(self, name: str) -> Word:
        if name in OF_DEVICE:
            return lambda device, _request, _port: self._of_device(device, name)
        if name == "port":
            return lambda _device, _request, port: b"%d" % port
        if name == "token_hex":
            return lambda _device, request, port: (
                request[_TOKENS.get(port, slice(0))].hex().encode()
            )
        if name in OF_REQUEST:
            pattern = _ECHOES[name.encode()]
            return lambda _device, request, _port: _found(pattern, request)
        return lambda _device, _request, _port: b"${length}"

    def _of_device(self, device: Device, name: str) -> bytes:
        if name.endswith("_hex"):
            return self._octets(device, name.removesuffix("_hex")).hex().encode()
        if name in ("gateway", "mask"):
            return _dotted(self._octets(device, name))
        return _TELLS[name](device).encode()

    def _octets(self, device: Device, name: str) -> bytes:
        network = self._plan.network
        match name:
            case "address":
                return device.address.to_bytes(4, "big")
            case "gateway":
                return (int(network.network_address) + 1).to_bytes(4, "big")
            case "mask":
                return network.netmask.packed
            case "mac":
                return bytes.fromhex(device.mac.replace(":", ""))
        return device.serial.encode()


def _bare(device: Device) -> str:
    return device.mac.replace(":", "")


_TELLS: Final[Mapping[str, Callable[[Device], str]]] = {
    "address": lambda device: device.ip,
    "mac": lambda device: device.mac,
    "mac_bare": _bare,
    "mac_dash": lambda device: device.mac.replace(":", "-"),
    "mac_upper": lambda device: device.mac.upper(),
    "mac_upper_bare": lambda device: _bare(device).upper(),
    "model": lambda device: device.persona.truth.model,
    "number": lambda device: str(device.number),
    "serial": lambda device: device.serial,
    "tail": lambda device: f"{device.tail:08d}",
    "uuid": lambda device: f"5f0d1a2b-{device.number & 0xFFFF:04x}-4c3d-8e4f-{_bare(device)}",
}


def _found(pattern: re.Pattern[bytes], request: bytes) -> bytes:
    found = pattern.search(request)
    return found[1] if found else b""


def _dotted(octets: bytes) -> bytes:
    return b".".join(b"%d" % octet for octet in octets)


def _stored(reply: Reply, personas: Personas) -> bytes:
    if reply.file is not None:
        return personas.replies[reply.file].rstrip(b"\n")
    return (reply.text or "").encode()


def _http(stored: bytes, words: _Words) -> Callable[[Device, bytes, int], bytes]:
    """Lines of a head end with CR LF, the body is as it stands, its length is counted."""
    head, _, body = stored.partition(b"\n\n")
    head = head.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n\r\n"
    first, second = words.text(head), words.text(body)

    def framed(device: Device, request: bytes, port: int) -> bytes:
        content = second.render(device, request, port)
        top = first.render(device, request, port)
        return top.replace(b"${length}", b"%d" % len(content)) + content

    return framed


def _layout(reply: Reply, words: _Words) -> Callable[[Device, bytes, int], bytes]:
    pieces = [
        (piece.at, bool(piece.hex), words.text((piece.hex or piece.text).encode("latin-1")))
        for piece in reply.layout
    ]

    def laid(device: Device, request: bytes, port: int) -> bytes:
        room = bytearray(reply.size)
        at = 0
        for place, is_hex, text in pieces:
            rendered = text.render(device, request, port)
            octets = bytes.fromhex(rendered.decode()) if is_hex else rendered
            at = at if place is None else place
            if at + len(octets) > len(room):
                room.extend(bytes(at + len(octets) - len(room)))
            room[at : at + len(octets)] = octets
            at += len(octets)
        return bytes(room)

    return laid


def _finished(
    reply: Reply, made: Callable[[Device, bytes, int], bytes]
) -> Callable[[Device, bytes, int], bytes]:
    if not (reply.pad_before or reply.pad_after or reply.cut is not None):
        return made
    before, after = bytes(reply.pad_before), bytes(reply.pad_after)
    return lambda device, request, port: (before + made(device, request, port) + after)[: reply.cut]


def _dhip_header(length: int) -> bytes:
    """32 octets: header size, ``DHIP``, the body's length twice, zeros between."""
    size = length.to_bytes(4, "little")
    return b"\x20\0\0\0DHIP" + bytes(8) + size + bytes(4) + size + bytes(4)


def _netip_header(length: int) -> bytes:
    """20 octets: 0xff, zeros, message 1531 at offset 14, the body's length at 16."""
    return b"\xff" + bytes(13) + (1531).to_bytes(2, "little") + length.to_bytes(4, "little")


_HEADERS: Final = {"dhip": _dhip_header, "netip": _netip_header}
