"""Read large inputs as streams: compressed files, exports of scanners, and flow logs.

1. Memory does not grow with the file: one piece, one record and one batch are held.
2. Replies that an export carries go through the protocols' codecs; nothing is split here.
"""

from .export import (
    RecordError,
    Told,
    http_reply,
    listed,
    named,
    read_export,
    reply,
    said,
    section,
    text,
    when,
)
from .packed import Packed, open_packed
from .records import Record, json_records, looks_like
from .traffic_book import TrafficBook

__all__ = [
    "Packed",
    "Record",
    "RecordError",
    "Told",
    "TrafficBook",
    "http_reply",
    "json_records",
    "listed",
    "looks_like",
    "named",
    "open_packed",
    "read_export",
    "reply",
    "said",
    "section",
    "text",
    "when",
]
