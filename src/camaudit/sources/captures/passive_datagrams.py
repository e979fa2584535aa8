"""Read single datagrams: discovery, DHCP over IPv4 and IPv6, DNS, SNMP and SIP.

1. A datagram on a port of a discovery protocol is given to that protocol's reader, which refuses
   searches: a tool that looks for cameras is none. Of searches one is kept: who looks for a gateway
   that opens ports wants a way in from outside.
2. Devices repeat what they announce, word for word. What was read once is not read again.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources import protocols
from camaudit.sources.protocols.dhcp import codec as dhcp
from camaudit.sources.protocols.dhcp.observe import observe as observe_dhcp
from camaudit.sources.protocols.dhcpv6 import observe as dhcpv6
from camaudit.sources.protocols.dhcpv6.codec import decode_message as decode_dhcpv6
from camaudit.sources.protocols.dns import codec as dns
from camaudit.sources.protocols.dns.observe import asked, is_host
from camaudit.sources.protocols.mdns.codec import decode_answer as decode_mdns
from camaudit.sources.protocols.mdns.observe import hosts as mdns_hosts
from camaudit.sources.protocols.sadp.codec import ReplyKind, decode_reply
from camaudit.sources.protocols.sip.observe import expand_response as expand_sip
from camaudit.sources.protocols.snmp.observe import expand_response as expand_snmp
from camaudit.sources.protocols.ssdp.codec import decode_announcement
from camaudit.sources.protocols.ssdp.observe import observe_search
from camaudit.sources.protocols.ws_discovery.codec import AnswerKind, decode_answer
from camaudit.sources.spec import Search

from .passive_kept import Place
from .passive_notes import ADDRESS, Notes, Says, is_to_many
from .payload import Payload

#: RFC 1035 4.1.1: a message begins with the id of its query.
_DNS_ID: Final = 2
#: Ours. Longer messages are rare, and many of them would fill the memory.
_REMEMBERED_BYTES: Final = 512
#: Ours. Announcements are repeated as they are; a longer one is read each time.
_REPEATED_BYTES: Final = 4096

#: RFC 1035 4.2.1; RFC 2131 4.1; RFC 8415 7.2; RFC 3417 3.1; RFC 3261 18.1.
_DNS: Final = 53
_DHCP: Final = frozenset({67, 68})
_DHCPV6: Final = frozenset({546, 547})
_SNMP: Final = 161
_SIP: Final = 5060

#: Ours. So many bytes of a question tell it from noise.
_LEADING: Final = 4
#: Ours. Announcements that are known again; a device has about twenty.
MAX_KNOWN: Final = 1 << 16
#: Ours. Devices of which it is remembered that they left, or how often they had started.
MAX_REMEMBERED: Final = 1 << 14

_SSDP: Final = "ssdp"
_MDNS: Final = "mdns"
#: RFC 1035 4.1.1: the first bit of the flags tells an answer from a question.
_RESPONSE: Final = 0x80
#: Roots of what clients of the discovery protocols in XML send, and of a farewell.
_ASKS: Final = re.compile(rb"[<:](?:Probe|Resolve|Bye)[\s/>]")
_LOOKED_AT: Final = 4096
_GOODBYE: Final = b"ssdp:byebye"
_ALIVE: Final = b"ssdp:alive"
#: UPnP Device Architecture 1.1, 1.3.2, and the port at which devices listen.
_SSDP_PORT: Final = 1900
_SEARCHES: Final = b"M-SEARCH "
_BOOT_NUMBER: Final = re.compile(rb"(?i)\nbootid\.upnp\.org")


def _searches() -> Mapping[int, tuple[Search, ...]]:
    found: defaultdict[int, dict[str, Search]] = defaultdict(dict)
    for spec in protocols.registry().values():
        for search in spec.searches:
            protocol = search.id.partition(".")[0]
            for port in {search.port, search.reply_port or search.port}:
                # SSDP has a search for each version of IP, and one kind of answer
                found[port].setdefault(protocol, search)
    return {port: tuple(readers.values()) for port, readers in found.items()}


_BY_PORT: Final = _searches()


def _fixed(search: Search) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return place and value of the leading bytes of each request that do not depend on chance."""
    pairs = zip(search.requests(bytes(16)), search.requests(b"\xff" * 16), strict=True)
    return tuple(
        tuple((at, x) for at, (x, y) in enumerate(zip(*pair, strict=False)) if x == y)[:_LEADING]
        for pair in pairs
    )


#: What begins like a question of the protocol and cannot be read is one.
_QUESTIONS: Final = {
    search.id: _fixed(search) for searches in _BY_PORT.values() for search in searches
}
UDP_PORTS: Final = frozenset({*_BY_PORT, *_DHCP, *_DHCPV6, _DNS, _SNMP, _SIP})


class Datagrams:
    """Read datagrams, one by one."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._known: set[bytes] = set()
        self._starts = Starts(notes)

    def take(self, payload: Payload, place: Place) -> None:
        """Read one datagram; one of no known port is passed over."""
        ports = (payload.source_port, payload.target_port)
        if _DNS in ports:
            read_dns(self._notes, payload, payload.data, place)
        elif not _DHCP.isdisjoint(ports):
            self._dhcp(payload, place)
        elif not _DHCPV6.isdisjoint(ports):
            self._dhcpv6(payload, place)
        elif payload.source_port == _SNMP:
            if self._notes.hears(payload):
                self._notes.server_says(payload, expand_snmp(payload.data), place)
        elif _SIP in ports:
            self._sip(payload, place)
        else:
            self._discovery(payload, place)

    def _sip(self, payload: Payload, place: Place) -> None:
        # RFC 5626 3.5.1: a datagram of line ends keeps a way through a firewall open
        if payload.data.strip(b"\r\n\0 "):
            says = read_sip(self._notes, payload.data)
            says(payload, expand_sip(payload.data), place)

    def _dhcp(self, payload: Payload, place: Place) -> None:
        message = dhcp.decode_message(payload.data)
        if message.operation is not dhcp.Operation.REQUEST:
            return
        # A relay sends under its own address what a client asked (RFC 2131 4.1).
        mac = message.mac or payload.mac
        self._notes.device_says(mac, observe_dhcp(message), place)
        if mac != payload.mac and not any(message.relay_address):
            return  # nobody but a relay starts a lease for another: it proves no start
        if message.type == dhcp.MessageType.DISCOVER:
            self._notes.events.add(mac, "dhcp_discover", place)
        elif message.type == dhcp.MessageType.REQUEST and not any(message.client_address):
            # RFC 2131 4.3.2: a client that renews its lease fills in the address that it has
            self._notes.events.add(mac, "dhcp_request", place)

    def _dhcpv6(self, payload: Payload, place: Place) -> None:
        message = decode_dhcpv6(payload.data)
        shown = dhcpv6.observe(message)
        if message.relays:
            # a relay sends under its own address; without this option nobody knows whose it is
            mac = dhcpv6.relayed_mac(message)
            if mac is None:
                return
            self._notes.device_says(mac, shown, place)
        else:
            self._notes.client_says(payload, shown, place)
            if not is_to_many(payload):
                return  # RFC 8415 14: at a start a client asks all servers, for it knows none
            mac = payload.mac
        if dhcpv6.begins_anew(message):
            self._notes.events.add(mac, "dhcp_discover", place)
        elif dhcpv6.asks_for_addresses(message):
            self._notes.events.add(mac, "dhcp_request", place)

    def _discovery(self, payload: Payload, place: Place) -> None:
        ports = (payload.source_port, payload.target_port)
        searches = tuple(_of_ports(payload))
        self._starts.take(searches, payload, place)
        known = hashlib.blake2b(
            payload.mac + payload.source.encode() + payload.peer_mac[:1] + payload.data,
            digest_size=16,
        ).digest()
        if known in self._known:
            return
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known.add(known)
        if payload.data.startswith(_SEARCHES) and _SSDP_PORT in ports:
            self._search(payload, place)
            return
        # An error that is kept keeps the frames that it passed, and with them a whole chunk.
        refused = False
        for search in searches:
            try:
                seen = tuple(search.read(payload.data))
            except DecodeError:
                refused = True
                continue
            self._take(search, payload, [each for each in seen if each.value], place)
            return
        if refused and not any(is_question(each, payload.data) for each in searches):
            raise DecodeError("no protocol of this port reads it")

    def _take(self, search: Search, payload: Payload, seen: list[Seen], place: Place) -> None:
        if not search.id.startswith(f"{_MDNS}."):
            self._notes.server_says(payload, seen, place)
        elif seen and not _is_of_another(payload, seen):
            hosts = mdns_hosts(decode_mdns(payload.data))
            self._notes.host_says(payload, hosts, seen, place)

    def _search(self, payload: Payload, place: Place) -> None:
        try:
            shown = observe_search(payload.data)
        except DecodeError:
            return  # a search that is none of SSDP's: nothing is asked of those either
        self._notes.client_says(payload, shown, place)


class Starts:
    """Tell announcements of a start from those that are repeated while a device runs."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._left: set[bytes] = set()
        self._boots: dict[tuple[bytes, bytes], int] = {}

    def take(self, searches: tuple[Search, ...], payload: Payload, place: Place) -> None:
        """Note a start where a datagram shows one."""
        for search in searches:
            protocol = search.id.partition(".")[0]
            if protocol == _SSDP:
                started = payload.data.startswith(b"NOTIFY") and self._ssdp(payload)
            else:
                said = payload.data
                tell = _is_hello_again if len(said) <= _REPEATED_BYTES else _is_hello
                started = b"Hello" in said and tell(protocol, said)
            if started:
                self._notes.events.add(payload.mac, "hello", place)

    def _ssdp(self, payload: Payload) -> bool:
        """Tell whether a NOTIFY shows that the device started anew.

        Devices repeat ``ssdp:alive`` before it expires, so one alone shows nothing. A start shows
        in the farewell that precedes the first of them (UPnP Device Architecture 1.1, 1.2.2), or
        in a higher boot number (the same, 1.2).
        """
        is_plain = _ALIVE in payload.data and _BOOT_NUMBER.search(payload.data) is None
        if is_plain and payload.mac not in self._left:
            return False  # repeated while it runs: the most frequent, and nothing to be read
        try:
            message = decode_announcement(payload.data)
        except DecodeError:
            return False
        kinds = message.values(b"nts")
        if _GOODBYE in kinds:
            if len(self._left) < MAX_REMEMBERED:
                self._left.add(payload.mac)
            return False
        if _ALIVE not in kinds:
            return False
        started = payload.mac in self._left
        self._left.discard(payload.mac)
        numbers = message.values(b"bootid.upnp.org")
        return self._booted(payload.mac, message.values(b"usn"), numbers) or started

    def _booted(self, mac: bytes, usn: tuple[bytes, ...], numbers: tuple[bytes, ...]) -> bool:
        digits = numbers[0][:10] if numbers else b""
        if not usn or not digits.isdigit():
            return False
        device, number = (mac, usn[0].partition(b"::")[0][:64]), int(digits)
        before = self._boots.get(device)
        if before is not None or len(self._boots) < MAX_REMEMBERED:
            self._boots[device] = max(number, before or 0)
        return before is not None and number > before


def _is_hello(protocol: str, data: bytes) -> bool:
    try:
        if protocol == "sadp":
            return decode_reply(data).kind is ReplyKind.HELLO
        return protocol == "ws-discovery" and decode_answer(data).kind is AnswerKind.HELLO
    except DecodeError:
        return False


_is_hello_again = lru_cache(maxsize=1024)(_is_hello)


def _of_ports(payload: Payload) -> Iterator[Search]:
    """Yield the searches whose answers may come from or to the ports of a datagram."""
    told = set()
    for port in (payload.source_port, payload.target_port):
        for search in _BY_PORT.get(port, ()):
            if search.id not in told:
                told.add(search.id)
                yield search


def _is_of_another(payload: Payload, seen: Iterable[Seen]) -> bool:
    """Tell whether an answer of mDNS gives addresses of which none is its sender's.

    A reflector, a sleep proxy and a border router speak for others (RFC 6762 calls it a proxy):
    what these say of a telephone is not the sender's, and its address even less.
    """
    source = payload.source
    told = {each.value.decode() for each in seen if (each.protocol, each.field) == ADDRESS}
    alike = {each for each in told if (":" in each) == (":" in source)}
    return bool(alike) and source not in alike


def is_question(search: Search, data: bytes) -> bool:
    """Tell whether what could not be read is what clients of a discovery protocol send."""
    if search.id.startswith(f"{_MDNS}."):
        return len(data) > 2 and not data[2] & _RESPONSE
    if data.lstrip(b"\0 \t\r\n").startswith(b"<"):
        return _ASKS.search(data[:_LOOKED_AT]) is not None
    return any(
        all(data[at : at + 1] == bytes((value,)) for at, value in places)
        for places in _QUESTIONS[search.id]
    )


def read_dns(notes: Notes, payload: Payload, data: bytes, place: Place) -> None:
    """Read a query as asked by its sender, and a response as given to its receiver."""
    # devices ask the same again and again, with another id (its first two octets) each time
    read = _read_again if len(data) <= _REMEMBERED_BYTES else _read_dns
    is_response, found = read(data[_DNS_ID:])
    if not is_response:
        for name, _ in found:
            notes.named(payload, "dns", name, None, place)
        return
    for name, address in found:
        if address is not None:
            notes.answered(payload, name, address, place)


def _read_dns(data: bytes) -> tuple[bool, tuple[tuple[str, str | None], ...]]:
    """Return whether a message without its id is a response, and its names with addresses."""
    message = dns.decode_message(bytes(_DNS_ID) + data)
    if not message.is_response:
        return False, tuple((name, None) for name in asked(message))
    return True, tuple(pair for pair in dns.addresses_by_name(message) if is_host(pair[0]))


_read_again = lru_cache(maxsize=4096)(_read_dns)


def read_sip(notes: Notes, data: bytes) -> Says:
    """Return who speaks in a SIP message: a server in a reply, a client in a request."""
    return notes.server_says if data.lstrip()[:4].upper() == b"SIP/" else notes.client_says
