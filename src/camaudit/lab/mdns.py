"""Answers to mDNS questions (RFC 6762, RFC 6763)."""

from __future__ import annotations

from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype
import dns.rrset

from camaudit.packs.lab import Service

from .plan import Device

_ALL_SERVICES: Final = "_services._dns-sd._udp.local."
_TTL: Final = 120


def answer_question(device: Device, data: bytes) -> bytes:
    """Return a device's answer; nothing where it is not asked for what it has."""
    try:
        question = dns.message.from_wire(data)
    except (dns.exception.DNSException, ValueError):
        return b""
    if question.flags & dns.flags.QR:
        return b""
    reply = dns.message.Message(id=question.id)
    reply.flags = dns.flags.QR | dns.flags.AA
    for asked in question.question:
        name = asked.name.to_text().lower()
        for service in device.persona.services:
            kind = f"{service.type}.local."
            if name == _ALL_SERVICES:
                _add(reply.answer, name, "PTR", kind)
            elif name == kind.lower():
                _tell(reply, device, service)
    return reply.to_wire() if reply.answer else b""


def _tell(reply: dns.message.Message, device: Device, service: Service) -> None:
    kind = f"{service.type}.local."
    label = _filled(service.instance, device).encode()
    instance = dns.name.Name([label, *dns.name.from_text(kind).labels]).to_text()
    host = f"{_filled(service.host, device)}.local."
    _add(reply.answer, kind, "PTR", instance)
    _add(reply.additional, instance, "SRV", f"0 0 {service.port} {host}")
    texts = [f'"{_filled(text, device)}"' for text in service.txt] or ['""']
    _add(reply.additional, instance, "TXT", " ".join(texts))
    _add(reply.additional, host, "A", device.ip)


def _add(section: list[dns.rrset.RRset], name: str, kind: str, value: str) -> None:
    section.append(dns.rrset.from_text(name, _TTL, "IN", kind, value))


def _filled(text: str, device: Device) -> str:
    bare = device.mac.replace(":", "")
    for word, value in (
        ("mac_upper_bare", bare.upper()),
        ("mac_bare", bare),
        ("mac", device.mac),
        ("model", device.persona.truth.model),
        ("serial", device.serial),
    ):
        text = text.replace(f"${{{word}}}", value)
    return text
