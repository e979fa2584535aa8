"""Ceilings that several codecs share; a ceiling of one protocol stands in its own codec.

1. Every ceiling has a name and says where it comes from.
2. "Ours" means that no standard sets a figure: the value is several times what any device seen
   so far sends, and small enough that a hostile peer costs us nothing.
"""

from __future__ import annotations

from typing import Final

#: RFC 9110 2.3 asks recipients to set limits of their own; the common servers stop at 100 fields.
MAX_HEADER_LINES: Final = 256
#: RFC 9112 3 recommends that at least 8000 octets of a start line are supported.
MAX_LINE_BYTES: Final = 8192
#: Ours. The longest registered field name has 36 characters.
MAX_HEADER_NAME_BYTES: Final = 128
#: Ours. Signatures read the first 64 KiB of a value; the rest serves XML and SDP bodies.
MAX_BODY_BYTES: Final = 1 << 20
#: Signatures read the first 64 KiB of a value (DESIGN, "Attribution").
MAX_VALUE_BYTES: Final = 1 << 16
#: Ours. Replies that one recorded conversation may hold one after the other.
MAX_MESSAGES: Final = 16
#: Ours. A chunk of one byte each still fills ``MAX_VALUE_BYTES``.
MAX_CHUNKS: Final = 1 << 16
#: Holds the longest message that any codec can encode: header lines, then the body.
MAX_BUFFER_BYTES: Final = 4 << 20

#: RFC 768: the length field of a datagram has 16 bits.
MAX_DATAGRAM_BYTES: Final = (1 << 16) - 1

#: Ours. An ONVIF reply with every capability has about 60 elements with text, a UPnP
#: description of a recorder about 100.
MAX_XML_LEAVES: Final = 1024
#: Ours. Four times the leaves, so that empty wrappers count as well.
MAX_XML_ELEMENTS: Final = 4096
#: Ours. SOAP replies of ONVIF nest about nine deep (ONVIF Core, GetCapabilities).
MAX_XML_DEPTH: Final = 32
#: Ours. The longest element name of ONVIF and UPnP has about 40 characters.
MAX_XML_NAME: Final = 64
#: Ours. The longest value that is read, a list of scopes, stays below 2 KiB.
MAX_XML_TEXT: Final = 4096
#: Holds the longest document that can be written within the ceilings above.
MAX_XML_BYTES: Final = 32 << 20
