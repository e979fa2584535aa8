"""Read the cells of flow logs: addresses, times, counts, names of hosts."""

from __future__ import annotations

import ipaddress
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from camaudit.model.flow_words import PROTOCOLS
from camaudit.sources.tables.addresses import parse_mac

from .export import RecordError

#: Ours. No flow is larger, and a thousand of them still fit into 64 bits.
MAX_COUNT: Final = 1 << 53
#: 9999-12-31T23:59:59Z, the end of Python's calendar.
_MAX_SECONDS: Final = 253_402_300_799
_SECOND: Final = 1_000_000
#: Digits of whole seconds, and of the finer counts that logs write instead.
_EPOCHS: Final = {range(1, 12): 1_000_000, range(12, 15): 1_000, range(15, 18): 1}
_NANOSECONDS: Final = range(18, 21)
_NUMBER: Final = re.compile(r"(\d{1,20})(?:\.(\d{1,20}))?")
#: RFC 1035 2.3.4: a name has at most 255 octets. What could be a path, a query or a user is none.
_NAME: Final = re.compile(r"[^\s/?#@\\\"'<>\x00-\x1f\x7f]{1,255}")
#: Four decimal numbers up to 255, without leading zeros.
_OCTET: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
_PORT: Final = re.compile(r":\d{0,5}$")
_MAX_PORT: Final = (1 << 16) - 1

ICMP: Final = 1
ICMP6: Final = 58
TCP: Final = 6
UDP: Final = 17
_MAX_PROTOCOL: Final = 255


@lru_cache(1 << 18)
def address(text: str) -> str | None:
    """Return an address in its canonical form, without a zone; ``None`` where it is none."""
    if _IPV4.fullmatch(text):  # as it should be; most are
        return text
    try:
        found = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return str(found)


def need_address(text: str, field: str) -> str:
    """Return an address.

    Raises:
        RecordError: It is none.
    """
    found = address(text[:64])
    if found is None:
        raise RecordError(field, "is missing" if not text else "is no IP address")
    return found


@lru_cache(1 << 12)
def hardware(text: str) -> bytes | None:
    """Return a hardware address as six bytes; ``None`` where it names nobody."""
    found = parse_mac(text.strip()[:64])
    return bytes.fromhex(found.replace(":", "")) if found else None


def spelled(mac: bytes) -> str:
    """Return six bytes as a device is called by them."""
    return mac.hex(":")


def micros(text: str, field: str) -> int:
    """Return a time, in RFC 3339 or as a count since 1970, in microseconds; no zone is UTC.

    Raises:
        RecordError: It is none, or lies outside the years 1970 to 9999.
    """
    found = _counted(text) if _NUMBER.fullmatch(text) else _written(text)
    if found is None:
        raise RecordError(field, "is missing" if not text else "is no time")
    if not 0 <= found <= _MAX_SECONDS * _SECOND:
        raise RecordError(field, "lies outside the years 1970 to 9999")
    return found


def duration(text: str, field: str) -> int:
    """Return seconds, perhaps with a fraction, in microseconds; nothing is nought.

    Raises:
        RecordError: It is no number.
    """
    if not text:
        return 0
    found = _NUMBER.fullmatch(text)
    if found is None or len(found[1]) > len(str(_MAX_SECONDS)):
        raise RecordError(field, "is no number of seconds")
    return int(found[1]) * _SECOND + int((found[2] or "").ljust(6, "0")[:6])


def _counted(text: str) -> int | None:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    whole, size = int(found[1]), len(found[1])
    if size in _NANOSECONDS:
        return whole // 1_000
    factor = next((factor for sizes, factor in _EPOCHS.items() if size in sizes), 1)
    fraction = int((found[2] or "").ljust(6, "0")[:6]) * factor // _SECOND
    return whole * factor + fraction


@lru_cache(1 << 10)
def _written(text: str) -> int | None:
    try:
        found = datetime.fromisoformat(text.strip()[:64])
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        since = found - datetime(1970, 1, 1, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return (since.days * 86_400 + since.seconds) * _SECOND + since.microseconds


@lru_cache(1 << 14)
def count(text: str, field: str) -> int:
    """Return a count; nothing and a dash are nought.

    Raises:
        RecordError: It is no count.
    """
    text = text.strip()
    if text in ("", "-"):
        return 0
    if not (text.isascii() and text.isdecimal() and int(text[:20]) <= MAX_COUNT):
        raise RecordError(field, "is no count")
    return int(text)


@lru_cache(1 << 17)
def port(text: str, field: str) -> int:
    """Return a port; nothing is 0, and so is what ICMP puts there (``8.0``).

    Raises:
        RecordError: It is none.
    """
    text = text.strip()
    if not text or text == "-":
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= _MAX_PORT):
        raise RecordError(field, "is no port")
    return int(text)


@lru_cache(1 << 10)
def protocol(text: str, field: str, *, of_v6: bool = False) -> int:
    """Return the number of a protocol given as a word or a number.

    Raises:
        RecordError: It is neither.
    """
    word = text.strip().lower()
    if word.isascii() and word.isdecimal() and len(word) <= 3 and int(word) <= _MAX_PROTOCOL:
        return int(word)
    found = PROTOCOLS.get(word)
    if found is None:
        raise RecordError(field, "is missing" if not word else "is no protocol that is known")
    return ICMP6 if found == ICMP and of_v6 else found


def host_name(text: str) -> str | None:
    """Return a name in lower case without its last dot and port; "" for an address or nothing.

    ``None``: it is no name of a host.
    """
    name = text.strip().lower()
    if not name or name == "(empty)":
        return ""
    if address(name.strip("[]")) or name.startswith("["):
        return ""
    name = _PORT.sub("", name).rstrip(".")
    if not name or address(name):
        return ""
    return name if _NAME.fullmatch(name) else None
