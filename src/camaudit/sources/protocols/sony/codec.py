"""Bytes of the Sony search, and of its answers: lines of ``NAME:value`` between marks.

1. One line can be written to a device, ``ENQ:allinfo``. Lines that set something cannot.
2. Fields are read by a closed list of names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import datagram
from camaudit.wirekit.record import Record, finished, record_parts

#: Ours. The longest value seen, a hardware address, has 17 characters.
MAX_VALUE: Final = 256

_START: Final = b"\x02"
_LINE_END: Final = b"\xff"
_END: Final = b"\x03"
_ENQUIRY: Final = b"ENQ:allinfo"
_LINE: Final = re.compile(rb"([A-Z0-9]{1,32}):(.*)", re.DOTALL)
#: What may not stand in a value: the marks, which would end it.
_MARKS: Final = re.compile(rb"[\x02\x03\xff]")

_NAMES: Final = {
    b"MAC": "mac",
    b"MODEL": "model",
    b"SERIAL": "serial",
    b"IPADR": "ip",
    b"SOFTVERSION": "firmware",
}
_WORDS: Final = {name: word for word, name in _NAMES.items()}

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _ENQUIRY}


def encode_search() -> bytes:
    """Write the search."""
    return _START + _ENQUIRY + _LINE_END + _END


def decode_reply(data: bytes) -> Record:
    """Read one answer; one that is cut gives its whole lines."""
    datagram(data)
    if not data.startswith(_START):
        raise DecodeError("not a Sony message")
    body, end, after = data[1:].partition(_END)
    tally = Tally()
    tally.add("unfinished", int(not end))
    tally.add("length_mismatch", int(bool(after)))
    fields = []
    for line in body.split(_LINE_END)[:-1]:
        found = _LINE.fullmatch(line)
        if found is None or found[1] not in _NAMES:
            continue
        value = found[2].strip(b"\0 \t\r\n")
        tally.add("value_cut", int(len(value) > MAX_VALUE))
        value = _MARKS.sub(b"", value[:MAX_VALUE]).strip(b"\0 \t\r\n")
        if value:
            fields.append((_NAMES[found[1]], value))
    return finished(fields, tally)


def encode_reply(message: Record) -> bytes:
    """Write one answer; a field outside the closed list is refused."""
    lines = b""
    for name, value in message.fields:
        if name not in _WORDS or _MARKS.search(value):
            raise ValueError(f"not a field of a Sony answer: {name}")
        lines += _WORDS[name] + b":" + value + _LINE_END
    return _START + lines + _END


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "reply": Codec(decode=decode_reply, encode=encode_reply, parts=record_parts)
}
