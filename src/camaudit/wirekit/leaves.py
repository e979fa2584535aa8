"""XML as the list of its leaves: paths of local names, and text.

1. Parsing is left to defusedxml, with DTDs refused: no entity is ever expanded or fetched.
2. Devices and the tools that record them cut replies and drop namespace declarations. A document
   may lack its root, its end, or the declaration of its prefixes; it may not be ill formed.
3. Namespaces are not resolved: prefixes may be undeclared, and a long namespace name, which a
   parser repeats in front of each element and attribute, cannot be used to exhaust memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from defusedxml.expatreader import DefusedExpatParser

from camaudit.errors import DecodeError

from .anomaly import Anomaly, Tally
from .charset import to_text
from .limits import (
    MAX_XML_BYTES,
    MAX_XML_DEPTH,
    MAX_XML_ELEMENTS,
    MAX_XML_LEAVES,
    MAX_XML_NAME,
    MAX_XML_TEXT,
)

#: XML 1.0 2.8. The declaration is read here, because the text is decoded before it is parsed.
_DECLARATION: Final = re.compile(r"\s*+<\?xml\s([^<>]{0,256}?)\?>")
_ENCODING: Final = re.compile(rb"<\?xml[^<>]{0,256}?encoding\s{0,8}=\s{0,8}[\"']([\w.-]{1,40})")
_DECLARATION_BYTES: Final = 400
#: XML 1.0 2.2: what may not stand in a document at all. Padding of this kind is common.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
#: Opened before the document and never closed, so that a fragment may have several roots.
_WRAPPER: Final = "wrapper"
#: expat's codes for a document that stops early: no element, unclosed token, partial character,
#: unclosed CDATA section. As the wrapper stays open, a whole document ends with the first.
_STOPS_EARLY: Final = frozenset({3, 5, 6, 20})
_NO_MORE: Final = 3


class Leaf(NamedTuple):
    """An element without elements in it."""

    path: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        """Return the element's local name."""
        return self.path[-1]

    @property
    def parent(self) -> str:
        """Return the local name of the element around it; empty where there is none."""
        return self.path[-2] if len(self.path) > 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlLeaves:
    """The leaves of a document, in its order."""

    leaves: tuple[Leaf, ...]
    anomalies: tuple[Anomaly, ...] = field(default=(), compare=False)


def decode_leaves(data: bytes) -> XmlLeaves:
    """Read a document or a fragment of one; raise ``DecodeError`` where it is not XML."""
    if len(data) > MAX_XML_BYTES:
        raise DecodeError(f"more than {MAX_XML_BYTES} bytes of XML")
    tally = Tally()
    text = _document_text(data, tally)
    collector = _Collector(tally)
    code = _parse(f"<{_WRAPPER}>{text}".encode(), collector)
    if code not in _STOPS_EARLY:
        cause = "a document type is refused" if "<!DOCTYPE" in text else f"expat error {code}"
        raise DecodeError(f"not well-formed XML: {cause}")
    tally.add("xml_unfinished", int(code != _NO_MORE or collector.depth > 1))
    if not collector.leaves:
        raise DecodeError("no XML element that is whole")
    return XmlLeaves(leaves=tuple(collector.leaves), anomalies=tally.result())


def encode_leaves(document: XmlLeaves) -> bytes:
    """Write a document, or a fragment where the leaves share no root, without prefixes."""
    written: list[str] = []
    open_names: tuple[str, ...] = ()
    for leaf in document.leaves:
        parents = leaf.path[:-1]
        shared = _shared(open_names, parents)
        written.extend(f"</{name}>" for name in reversed(open_names[shared:]))
        written.extend(f"<{name}>" for name in parents[shared:])
        written.append(f"<{leaf.name}>{_escape(leaf.text)}</{leaf.name}>")
        open_names = parents
    written.extend(f"</{name}>" for name in reversed(open_names))
    return "".join(written).encode()


def leaf_parts(document: XmlLeaves) -> tuple[object, ...]:
    """Return the leaves, the parts of a document in the order of its bytes."""
    return document.leaves


class _Collector:
    """What the parser calls: keeps open elements, and leaves as they close."""

    def __init__(self, tally: Tally) -> None:
        self.leaves: list[Leaf] = []
        self._tally = tally
        self._names: list[str] = []
        self._has_child: list[bool] = []
        self._text: list[str] = []
        self._size = 0
        self._elements = 0

    @property
    def depth(self) -> int:
        return len(self._names)

    def start(self, tag: str, _attributes: object) -> None:
        self._elements += 1
        if self._elements > MAX_XML_ELEMENTS or len(self._names) > MAX_XML_DEPTH:
            raise DecodeError("XML with too many elements, or nested too deep")
        name = _local_name(tag)
        if len(name) > MAX_XML_NAME:
            raise DecodeError(f"XML element name longer than {MAX_XML_NAME} characters")
        if self._has_child:
            self._has_child[-1] = True
        self._names.append(name)
        self._has_child.append(False)
        self._text, self._size = [], 0

    def data(self, text: str) -> None:
        room = MAX_XML_TEXT - self._size
        if room > 0 and len(self._names) > 1:
            self._text.append(text[:room])
        self._size += len(text)

    def end(self, _tag: str) -> None:
        path = tuple(self._names[1:])
        self._names.pop()
        if path and not self._has_child.pop():
            self._keep(path)
        self._text, self._size = [], 0

    def _keep(self, path: tuple[str, ...]) -> None:
        if len(self.leaves) >= MAX_XML_LEAVES:
            raise DecodeError(f"more than {MAX_XML_LEAVES} XML elements with text")
        self._tally.add("text_cut", int(self._size > MAX_XML_TEXT))
        self.leaves.append(Leaf(path, "".join(self._text).strip()))


def _document_text(data: bytes, tally: Tally) -> str:
    declared = _ENCODING.search(data[:_DECLARATION_BYTES])
    text = to_text(data, declared[1] if declared else b"")
    text, dropped = _FORBIDDEN.subn("", text)
    tally.add("control_characters", dropped)
    found = _DECLARATION.match(text)
    return text if found is None else text[found.end() :]


def _parse(document: bytes, collector: _Collector) -> int:
    """Feed the parser; return expat's code for what stopped it, 0 where nothing did."""
    codes: list[int] = []

    def fatal(error: Any) -> None:
        cause = error.getException()
        codes.append(cause.code)
        # The parser holds the error in a frame that the error holds: all callers would stay too.
        cause.__traceback__ = None

    handler = SimpleNamespace(
        startDocument=_ignore,
        endDocument=_ignore,
        startElement=collector.start,
        endElement=collector.end,
        characters=collector.data,
        processingInstruction=_ignore,
        fatalError=fatal,
    )
    parser: Any = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    parser.setErrorHandler(handler)
    parser.feed(document)
    if not codes:
        parser.close()
    return codes[0] if codes else 0


def _ignore(*_ignored: object) -> None:
    """Take an event that says nothing about leaves."""


def _local_name(tag: str) -> str:
    """Return what follows the prefix, where that is a name in its own right."""
    name = tag.rpartition(":")[2]
    return name if name[:1].isascii() and (name[:1].isalpha() or name[:1] == "_") else tag


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _escape(text: str) -> str:
    """Escape what XML 1.0 2.4 and 2.11 would otherwise read as something else."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return text.replace("]]>", "]]&gt;").replace("\r", "&#13;")
