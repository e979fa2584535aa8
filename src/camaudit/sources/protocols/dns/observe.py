"""The names that a device asks for."""

from __future__ import annotations

from typing import Final

from camaudit.model.observation import Seen

from .codec import DnsMessage, decode_message

_PROTOCOL: Final = "dns"
#: RFC 3172: names made of addresses or numbers; asked for to find a name, they are none.
_INFRASTRUCTURE: Final = ".arpa"


def observe(message: DnsMessage) -> tuple[Seen, ...]:
    """Return what a query shows; a response repeats the question of somebody else."""
    if message.is_response:
        return ()
    return tuple(Seen(_PROTOCOL, "query", name.encode()) for name in asked(message))


def expand_message(value: bytes) -> tuple[Seen, ...]:
    """Read ``dns.message``: one datagram."""
    return observe(decode_message(value))


def asked(message: DnsMessage) -> tuple[str, ...]:
    """Return the names of hosts that are asked for, each once."""
    names = dict.fromkeys(question.name for question in message.questions)
    return tuple(name for name in names if is_host(name))


def is_host(name: str) -> bool:
    """Tell whether a name can be that of a host: not the root, and none made of an address."""
    return bool(name) and not f".{name}".endswith(_INFRASTRUCTURE)
