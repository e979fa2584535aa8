"""Services, instance names, TXT strings, host name and addresses of the device that answers.

A responder may repeat records of other hosts (RFC 6762 calls it a proxy). A datagram whose service
records and addresses name more than one host is therefore not taken for its sender's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from camaudit.model.observation import Seen
from camaudit.wirekit.addresses import usable_address
from camaudit.wirekit.mac import normalise_mac
from camaudit.wirekit.secrets import blank

from .codec import Answer, Kind, Record, decode_answer

_PROTOCOL: Final = "mdns"
#: RFC 6763 9: the list of service types.
_LIST: Final = "_services._dns-sd._udp."
_PREFIX_DIGITS: Final = 6


def observe(message: Answer) -> tuple[Seen, ...]:
    """Return what an answer shows of the one host that it is about."""
    if len(hosts(message)) > 1:
        return ()
    seen = (one for record in message.records for one in _of_record(record))
    return tuple(dict.fromkeys(each for each in seen if each.value))


def expand_answer(value: bytes) -> tuple[Seen, ...]:
    """Read ``mdns.answer``."""
    return observe(decode_answer(value))


def hosts(message: Answer) -> set[str]:
    """Return the hosts that an answer's services and addresses are of."""
    found = set()
    for record in message.records:
        if record.kind is Kind.SRV:
            found.add(str(record.data[-1]).lower())
        elif record.kind in (Kind.A, Kind.AAAA):
            found.add(record.name.lower())
    return found


def _of_record(record: Record) -> Iterator[Seen]:
    if record.kind is Kind.PTR:
        yield from _pointer(record.name, str(record.data[0]))
    elif record.kind is Kind.SRV:
        yield _seen("hostname", str(record.data[-1]).rstrip("."))
        yield _seen("instance", _instance(record.name))
    elif record.kind is Kind.TXT:
        for text in record.data:
            if isinstance(text, bytes):
                yield from _text(text)
    else:
        address = usable_address(str(record.data[0]))
        if address is not None:
            yield Seen("ip", "address", address.encode())


def _pointer(name: str, target: str) -> Iterator[Seen]:
    if name.lower().startswith(_LIST):
        yield _seen("service", target)
    elif name.startswith("_"):
        yield _seen("service", name)
        yield _seen("instance", _instance(target))


def _text(text: bytes) -> Iterator[Seen]:
    yield Seen(_PROTOCOL, "txt", blank(text))
    name, _, value = text.partition(b"=")
    if name.lower() != b"macaddress":
        return
    mac = normalise_mac(value.decode("ascii", "replace"))
    if mac is not None:
        yield Seen("mac", "address", mac.encode())
        digits = mac.replace(":", "")[:_PREFIX_DIGITS]
        yield _seen("txt_macaddress_prefix", digits)


def _instance(name: str) -> str:
    """Return the label of an instance, its escapes undone (RFC 6763 4.3)."""
    label = []
    at = 0
    while at < len(name) and name[at] != ".":
        if name[at] == "\\" and name[at + 1 : at + 4].isdigit():
            label.append(chr(int(name[at + 1 : at + 4]) % 256))
            at += 4
        elif name[at] == "\\":
            label.append(name[at + 1 : at + 2])
            at += 2
        else:
            label.append(name[at])
            at += 1
    return "".join(label).encode("latin-1", "replace").decode("utf-8", "replace")


def _seen(field: str, text: str) -> Seen:
    return Seen(_PROTOCOL, field, blank(text.encode()))
