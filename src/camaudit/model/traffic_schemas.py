"""Arrow schemas of what traffic comes to: who talked to whom, under which names, and when.

Produced by: sources (captures, flow logs). Read by: isolation, app.

1. An address is text in its canonical form (RFC 5952 for IPv6), a hardware address six bytes.
2. The client is who opened the conversation: the sender of the first SYN, of the first datagram, or
   the side with the higher port where the opening was not seen. ``opened`` tells that every opening
   was seen; it is false as well where a client of TCP goes on and its server was not seen at all,
   since the answer that it goes on after passed elsewhere.
3. Sizes are bytes of IP packets as they were on the wire, also where the capture was cut.
4. A conversation that spans several hours has a row for each hour in which it was seen, so that a
   silent hour stays visible.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

_AT: Final = pa.timestamp("us", tz="UTC")
_WORD: Final = pa.dictionary(pa.int32(), pa.string())

#: One row a conversation and hour: client, server, protocol, service port.
CONVERSATIONS: Final = pa.schema(
    [
        pa.field("client", pa.string(), nullable=False),
        pa.field("server", pa.string(), nullable=False),
        #: As seen at the sensor: behind a router it is the router's. Null in most flow logs.
        pa.field("client_mac", pa.binary(6)),
        pa.field("server_mac", pa.binary(6)),
        #: The outermost VLAN tag (IEEE 802.1Q); null where there is none.
        pa.field("vlan", pa.int32()),
        #: IANA protocol number.
        pa.field("protocol", pa.uint8(), nullable=False),
        #: The server's port; 0 where the protocol has none.
        pa.field("port", pa.uint16(), nullable=False),
        pa.field("opened", pa.bool_(), nullable=False),
        pa.field("packets_out", pa.int64(), nullable=False),
        pa.field("packets_back", pa.int64(), nullable=False),
        pa.field("bytes_out", pa.int64(), nullable=False),
        pa.field("bytes_back", pa.int64(), nullable=False),
        pa.field("first", _AT, nullable=False),
        pa.field("last", _AT, nullable=False),
    ]
)

#: A name that a host asked for or spoke to. ``via``: dns, sni, http_host.
NAMES: Final = pa.schema(
    [
        pa.field("client", pa.string(), nullable=False),
        pa.field("client_mac", pa.binary(6)),
        pa.field("via", _WORD, nullable=False),
        #: Lower case, without the last dot.
        pa.field("name", pa.string(), nullable=False),
        #: An address that the name stood for (an answer's A or AAAA; the server of SNI and host).
        pa.field("address", pa.string()),
        pa.field("first", _AT, nullable=False),
        pa.field("last", _AT, nullable=False),
        pa.field("count", pa.int64(), nullable=False),
    ]
)

#: What shows that a device started anew. ``kind``: dhcp_discover (or the first Solicit of DHCPv6),
#: dhcp_request (or Request and Confirm of DHCPv6), arp_announcement, hello (a boot announcement of
#: SADP, WS-Discovery or SSDP).
EVENTS: Final = pa.schema(
    [
        pa.field("mac", pa.binary(6), nullable=False),
        pa.field("kind", _WORD, nullable=False),
        pa.field("at", _AT, nullable=False),
    ]
)

#: Stretches in which the declared sentinel was heard: it sent something at the first and at the
#: last, and never nothing for longer than a minute between (or than its log splits a flow at).
HEARD: Final = pa.schema(
    [
        pa.field("address", pa.string(), nullable=False),
        pa.field("first", _AT, nullable=False),
        pa.field("last", _AT, nullable=False),
    ]
)

#: Packets a minute that the sensor saw at all: a minute without a row is a minute without proof.
ACTIVITY: Final = pa.schema(
    [pa.field("minute", _AT, nullable=False), pa.field("packets", pa.int64(), nullable=False)]
)

#: Observations (protocol, field) that say what a device wants of its network: that it looks for a
#: gateway which opens ports, and that it asks one to (the gateway's address, then protocol and port
#: where they are known). The judgement of isolation reads them, so a watch keeps them.
LOOKED_FOR_GATEWAY: Final = ("ssdp", "search_target")
ASKED_FOR_PORT: Final = ("upnp", "port_mapping")
