"""The words that head the columns of firewall logs.

Palo Alto: traffic log export of PAN-OS; Fortinet: log fields of FortiOS; Cisco: connection events
of the Firewall Management Center; Check Point: logs exported from SmartConsole. A phrase that
starts with ``=`` counts only as the whole header.
"""

from __future__ import annotations

from typing import Final

from camaudit.sources.tables import HeaderWords

PHRASES: Final = {
    "source": (
        "=source", "=src", "source address", "source ip", "source ip address", "src ip", "srcip",
        "src addr", "srcaddr", "=saddr", "initiator ip", "=orig h", "client ip", "=from ip",
        "quell ip", "quelle",
    ),
    "destination": (
        "=destination", "=dst", "=dest", "destination address", "destination ip",
        "destination ip address", "dst ip", "dstip", "dest ip", "dst addr", "dstaddr", "=daddr",
        "responder ip", "server ip", "=to ip", "ziel ip", "ziel",
    ),
    "source_mac": ("source mac", "source mac address", "srcmac", "src mac"),
    "source_port": (
        "source port", "src port", "srcport", "=sport", "=s port", "=spt",
        "source port icmp type", "initiator port",
    ),
    "port": (
        "destination port", "dst port", "dstport", "dest port", "=dport", "=d port", "=dpt",
        "destination port icmp code", "responder port", "=port", "service port",
    ),
    "service": ("=service", "=services"),
    "protocol": (
        "=protocol", "=proto", "ip protocol", "ip proto", "protocol name", "transport protocol",
        "=transport", "protokoll",
    ),
    "time": (
        "=time", "=timestamp", "date time", "event time", "receive time", "generate time",
        "time generated", "log time", "=logged", "=ts", "zeit",
    ),
    # What a second column of times becomes; FortiOS counts nanoseconds in its eventtime
    "instant": ("=itime", "=epoch", "epoch time", "unix time"),
    "date": ("=date", "=day", "datum"),
    "start": ("start time", "=start", "first packet", "first seen", "start date"),
    "end": ("end time", "=end", "last packet", "last seen", "end date"),
    "duration": (
        "=duration", "elapsed time", "elapsed time (sec)", "session duration", "=elapsed",
    ),
    "bytes": ("=bytes", "total bytes", "bytes total"),
    "bytes_out": (
        "bytes sent", "sent bytes", "sentbyte", "sent byte", "initiator bytes", "bytes out",
        "=client to server bytes", "client bytes",
    ),
    "bytes_back": (
        "bytes received", "received bytes", "rcvdbyte", "rcvd byte", "responder bytes", "bytes in",
        "server bytes",
    ),
    "packets": ("=packets", "total packets", "packets total"),
    "packets_out": (
        "packets sent", "sent packets", "sentpkt", "sent pkt", "initiator packets", "packets out",
    ),
    "packets_back": (
        "packets received", "received packets", "rcvdpkt", "rcvd pkt", "responder packets",
        "packets in",
    ),
    "action": ("=action", "=act", "=disposition", "=verdict", "firewall action"),
}  # fmt: skip

#: Columns that sound like one of ours and are not: translated ends, ports, and people.
OTHERS: Final = {
    "nat": (
        "nat source ip", "nat destination ip", "nat source port", "nat destination port",
        "translated source ip", "translated destination ip", "tran ip", "tranip", "transip",
        "tranport", "transport ip", "xlate source", "xlate destination", "post nat source ip",
        "post nat destination ip", "xlatesrc", "xlatedst", "xlatesport", "xlatedport",
    ),
    "about_ends": (
        "source user", "destination user", "source user name", "destination user name",
        "source zone", "destination zone", "source interface", "destination interface",
        "source country", "destination country", "initiator country", "responder country",
        "source host", "destination host", "source machine name", "destination machine name",
        "source hostname", "destination hostname", "initiator user", "source location",
        "destination location", "application protocol", "web application", "client application",
        "source device", "destination device", "source vm uuid", "destination vm uuid",
        "source port group", "time logged", "high res timestamp", "repeat count",
    ),
}  # fmt: skip

WORDS: Final = HeaderWords(PHRASES | OTHERS)
