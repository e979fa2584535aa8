"""The words that flow logs use for protocols and columns, shared by the readers of such logs.

Read by: sources, engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: IANA protocol numbers by the words that logs use (nfdump, Zeek, Suricata, firewalls).
PROTOCOLS: Final = {
    "hopopt": 0, "icmp": 1, "igmp": 2, "ipip": 4, "ipencap": 4, "tcp": 6, "egp": 8, "udp": 17,
    "dccp": 33, "ipv6": 41, "gre": 47, "esp": 50, "ah": 51, "icmp6": 58, "icmpv6": 58,
    "ipv6-icmp": 58, "eigrp": 88, "ospf": 89, "ospfigp": 89, "pim": 103, "vrrp": 112,
    "carp": 112, "l2tp": 115, "sctp": 132, "udplite": 136, "udp-lite": 136,
}  # fmt: skip

#: How nfdump heads its columns: ``-o csv`` until 1.7.1, then the names of later releases.
NFDUMP_COLUMNS: Final = {
    "start": ("ts", "firstSeen"),
    "end": ("te", "lastSeen"),
    "duration": ("td", "duration"),
    "src": ("sa", "srcAddr"),
    "dst": ("da", "dstAddr"),
    "sport": ("sp", "srcPort"),
    "dport": ("dp", "dstPort"),
    "proto": ("pr", "proto"),
    "flags": ("flg", "flags"),
    "packets": ("ipkt", "pkt", "packets", "inPackets"),
    "bytes": ("ibyt", "byt", "bytes", "inBytes"),
    "packets_back": ("opkt", "outPackets"),
    "bytes_back": ("obyt", "outBytes"),
    "src_mac": ("ismc",),
    "dst_mac": ("odmc",),
}
#: Without these a row of nfdump tells of no conversation.
NFDUMP_NEEDED: Final = ("start", "src", "dst", "sport", "dport", "proto", "packets", "bytes")


def nfdump_columns(header: Sequence[str]) -> dict[str, str]:
    """Return what a header has, by our words; nothing, where it is not nfdump's."""
    found = {
        word: name
        for word, names in NFDUMP_COLUMNS.items()
        for name in names[::-1]
        if name in header
    }
    return found if all(word in found for word in NFDUMP_NEEDED) else {}
