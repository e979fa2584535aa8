"""Read large inputs as streams: compressed files, and what scanners export, record by record.

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
from .records import json_records, looks_like

__all__ = [
    "Packed",
    "RecordError",
    "Told",
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
