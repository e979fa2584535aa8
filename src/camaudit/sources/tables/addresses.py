"""Read hardware addresses, network addresses and networks as people write them."""

from __future__ import annotations

import ipaddress
import re
from typing import Final, NamedTuple

#: A cell that lists more is no cell of one device; what follows is refused in one piece.
MAX_PER_CELL: Final = 16

#: A longer cell is prose, and not worth a pattern's time.
_MAX_CHARS: Final = 1024

_MAC: Final = re.compile(r"(?:0x)?[0-9a-fA-F]{2}([:\-. ]?)(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}")
_SEPARATORS: Final = re.compile(r"[:\-. ]")
_DOTTED: Final = re.compile(r"(?i)([0-9a-f]{4})[.:\-]([0-9a-f]{4})[.:\-]([0-9a-f]{4})")
#: macOS and the BSDs leave out leading zeros: ``0:40:8c:0:0:7``.
_SHORT: Final = re.compile(r"(?i)[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}")
#: HP and Aruba: ``001122-334455``.
_HALVES: Final = re.compile(r"(?i)([0-9a-f]{6})-([0-9a-f]{6})")
_IPV4: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_WRAPPED: Final = re.compile(
    r"(?i)(?:[a-z][a-z0-9+.\-]*://)?(?:[^@/\s]*@)?(\[[0-9a-f:.]+\]|[^/:\s]+)(?::\d{1,5})?(?:/.*)?"
)
_BETWEEN: Final = re.compile(r"[,;|]+|\s+/\s+|\s+(?:and|und|et|y|&)\s+|\s+")
_PADDED: Final = re.compile(r"(?<!\d)0\d")
_EMPTY_MACS: Final = frozenset({"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"})


class Addresses(NamedTuple):
    """What one cell holds: good addresses, and the words that are none."""

    macs: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    padded: bool = False


class Networks(NamedTuple):
    """Networks of one cell in their usual form, what is none, and what had host bits."""

    good: tuple[str, ...]
    bad: tuple[str, ...]
    widened: tuple[str, ...]


def parse_mac(text: str) -> str | None:
    """Return a hardware address as ``aa:bb:cc:dd:ee:ff``, or ``None`` where it names nobody."""
    mac = spelled_mac(text)
    return None if mac in _EMPTY_MACS else mac


def spelled_mac(text: str) -> str | None:
    """Return what is written like a hardware address, those of nobody and of all included."""
    if _MAC.fullmatch(text):
        digits = _SEPARATORS.sub("", text.removeprefix("0x"))
    elif found := _DOTTED.fullmatch(text) or _HALVES.fullmatch(text):
        digits = "".join(found.groups())
    elif _SHORT.fullmatch(text):
        digits = "".join(octet.zfill(2) for octet in text.split(":"))
    else:
        return None
    mac = digits.lower()
    return f"{mac[:2]}:{mac[2:4]}:{mac[4:6]}:{mac[6:8]}:{mac[8:10]}:{mac[10:]}"


def names_device(mac: str) -> bool:
    """Tell whether an address is neither nobody's, all's nor a group's (IEEE 802-2014 8.2.2)."""
    return mac not in _EMPTY_MACS and not int(mac[:2], 16) & 1


def parse_ip(text: str) -> str | None:
    """Return the address in ``10.0.0.5``, ``http://10.0.0.5:80/``, ``[fe80::1]`` or ``.../24``."""
    if _IPV4.fullmatch(text):
        return _ipv4(text)
    bare = text.partition("/")[0] if "://" not in text else text
    if bare.count(":") > 1 and "://" not in bare and not bare.startswith("["):
        return _ipv6(bare)
    if found := _WRAPPED.fullmatch(text):
        host = found[1]
        return _ipv6(host[1:-1]) if host.startswith("[") else _ipv4(host)
    return None


def parse_addresses(text: str) -> Addresses:
    """Read every address in a cell."""
    if mac := parse_mac(text):
        return Addresses(macs=(mac,))
    if ip := parse_ip(text):
        return Addresses(ips=(ip,), padded=_is_padded(text))
    if len(text) > _MAX_CHARS:
        return Addresses(others=(text,))
    macs, ips, others = [], [], []
    padded = False
    words = _BETWEEN.split(" ".join(text.split()), maxsplit=MAX_PER_CELL)
    for word in words:
        if mac := parse_mac(word):
            macs.append(mac)
        elif ip := parse_ip(word):
            ips.append(ip)
            padded = padded or _is_padded(word)
        elif word:
            others.append(word)
    return Addresses(tuple(macs), tuple(ips), tuple(others), padded)


def parse_networks(text: str) -> Networks:
    """Read a list of networks in CIDR form; a bare address is a network of one."""
    good, bad, widened = [], [], []
    for word in re.split(r"[;,\s]+", text.strip()):
        if not word:
            continue
        try:
            network = ipaddress.ip_network(word, strict=False)
        except ValueError:
            bad.append(word)
            continue
        # The whole address space would put every device of the estate at this site.
        if network.prefixlen == 0:
            bad.append(word)
            continue
        good.append(str(network))
        if "/" in word and str(network.network_address) != word.partition("/")[0].lower():
            widened.append(word)
    return Networks(tuple(dict.fromkeys(good)), tuple(bad), tuple(widened))


def _ipv4(text: str) -> str | None:
    """Read four decimal numbers; leading zeros are padding, not octal."""
    if not _IPV4.fullmatch(text):
        return None
    numbers = [int(part) for part in text.split(".")]
    if max(numbers) > 255 or numbers == [0, 0, 0, 0]:
        return None
    return ".".join(map(str, numbers))


def _ipv6(text: str) -> str | None:
    try:
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        return None


def _is_padded(text: str) -> bool:
    return _PADDED.search(text) is not None
