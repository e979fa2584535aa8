"""Bytes of the Bosch search, and of its answers: 32 bytes, or XML.

1. One request can be written to a device, the search (0xff0006de); RCP+ itself is not spoken.
2. XML elements are read by a closed list; session keys are not on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Tally
from camaudit.wirekit.codec import Codec
from camaudit.wirekit.cursor import Cursor, datagram
from camaudit.wirekit.leaves import Leaf, XmlLeaves, decode_leaves, encode_leaves
from camaudit.wirekit.record import (
    Layout,
    Place,
    Record,
    finished,
    read_places,
    record_parts,
    write_places,
)

#: device-signals 1.5 (UniversalScanner, Bosch.cs).
BINARY_BYTES: Final = 32
#: The same: what an answer repeats of the search.
TRANSACTION_BYTES: Final = 4

_MAGIC: Final = bytes.fromhex("9939a427")
_SEARCH: Final = 0xFF0006DE
_NAMESPACE: Final = b"OEMExt00:device-1-0"
_XMLNS: Final = re.compile(rb"<root\s[^<>]{0,256}?xmlns=[\"']?(OEMExt00:device-1-0)\b")
_NAMES: Final = {
    "friendlyName": "friendly_name",
    "unitName": "unit_name",
    "serialNumber": "serial",
    "physAddress": "mac",
    "unitIPAddress": "ip",
}
_ELEMENTS: Final = {name: element for element, name in _NAMES.items()}

#: What can be put on the wire, and nothing else.
VERBS: Final[Mapping[str, object]] = {"search": _SEARCH}

_LAYOUT: Final = Layout(
    start=_MAGIC,
    size=BINARY_BYTES,
    least=BINARY_BYTES,
    places={"mac": Place(8, 6, is_text=False), "ip": Place(16, 4, is_text=False)},
)


def encode_search(transaction: bytes) -> bytes:
    """Write the search with bytes that answers repeat."""
    transaction = transaction[:TRANSACTION_BYTES].ljust(TRANSACTION_BYTES, b"\0")
    return _MAGIC + transaction + _SEARCH.to_bytes(4, "big")


def is_binary(data: bytes) -> bool:
    """Say whether an answer is of the binary kind."""
    return data.startswith(_MAGIC)


def decode_binary(data: bytes) -> Record:
    """Read one binary answer."""
    if Cursor(data).take(len(_MAGIC)) != _MAGIC:
        raise DecodeError("not a Bosch message")
    return read_places(data, _LAYOUT)


def encode_binary(message: Record) -> bytes:
    """Write one binary answer; a field outside the closed list is refused."""
    return write_places(message, _LAYOUT)


def decode_xml(data: bytes) -> Record:
    """Read one XML answer; one that is cut gives its whole elements."""
    datagram(data)
    if _XMLNS.search(data) is None:
        raise DecodeError(f"not XML of {_NAMESPACE.decode()}")
    document = decode_leaves(data)
    tally = Tally()
    for anomaly in document.anomalies:
        tally.add(*anomaly)
    fields = [
        (_NAMES[leaf.name], leaf.text.encode())
        for leaf in document.leaves
        if leaf.name in _NAMES and leaf.parent == "device" and leaf.text
    ]
    record = finished(fields, tally)
    return Record(fields=(("xmlns", _NAMESPACE), *record.fields), anomalies=record.anomalies)


def encode_xml(message: Record) -> bytes:
    """Write one XML answer; a field outside the closed list is refused."""
    leaves = []
    for name, value in message.fields:
        if name in _ELEMENTS:
            leaves.append(Leaf(("root", "device", _ELEMENTS[name]), value.decode()))
        elif (name, value) != ("xmlns", _NAMESPACE):
            raise ValueError(f"not a field of a Bosch answer: {name}")
    written = encode_leaves(XmlLeaves(leaves=tuple(leaves)))
    return written.replace(b"<root>", b'<root xmlns="' + _NAMESPACE + b'">', 1)


CODECS: Final[Mapping[str, Codec[Any]]] = {
    "binary": Codec(decode=decode_binary, encode=encode_binary, parts=record_parts),
    "xml": Codec(decode=decode_xml, encode=encode_xml, parts=record_parts),
}
