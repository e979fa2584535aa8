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
    label = device.filled(service.instance).encode()
    instance = dns.name.Name([label, *dns.name.from_text(kind).labels]).to_text()
    host = f"{device.filled(service.host)}.local."
    _add(reply.answer, kind, "PTR", instance)
    _add(reply.additional, instance, "SRV", f"0 0 {service.port} {host}")
    texts = [f'"{device.filled(text)}"' for text in service.txt] or ['""']
    _add(reply.additional, instance, "TXT", " ".join(texts))
    _add(reply.additional, host, "A", device.ip)


def _add(section: list[dns.rrset.RRset], name: str, kind: str, value: str) -> None:
    section.append(dns.rrset.from_text(name, _TTL, "IN", kind, value))
