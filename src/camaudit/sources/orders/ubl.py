"""Read orders, quotations and invoices of UBL 2.1 (OASIS Standard of 4 November 2013).

1. No entity is expanded and none is fetched; a file with a document type is refused.
2. Only one line is held at a time. A file that was cut off gives the lines before the cut.
3. Elements go by their local names, as schemas of the standard call them; a document in another
   namespace is read and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.orders import OrderLine
from camaudit.sources.tables import Remarks

from .columns import WORDS
from .lines import order_line

#: Ours. One child of the document: a line, or a header with a file embedded in it.
MAX_CHILD_BYTES: Final = 32 << 20
#: Lines of UBL nest some ten deep; sub-lines may nest in each other.
MAX_DEPTH: Final = 64

_NAMESPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
#: The lines of each document.
_LINES: Final = {
    "Order": "OrderLine",
    "OrderChange": "OrderLine",
    "OrderResponse": "OrderLine",
    "Quotation": "QuotationLine",
    "RequestForQuotation": "RequestForQuotationLine",
    "Invoice": "InvoiceLine",
}
#: What a line offers instead of its item is a line too: it may be what comes.
_WITHIN: Final = (
    "SubLineItem",
    "SubInvoiceLine",
    "SellerProposedSubstituteLineItem",
    "SellerSubstitutedLineItem",
    "BuyerProposedSubstituteLineItem",
    "AlternativeLineItem",
)
_SELLERS: Final = ("SellerSupplierParty", "AccountingSupplierParty")
#: Properties that may stand for an element that UBL has none for.
_PROPERTIES: Final = frozenset(
    {"event", "purpose", "body", "attestation", "brand", "model", "site"}
)

#: expat's words for "the file ends too early": no element found, unclosed token, partial
#: character, unclosed CDATA section.
_CUT_OFF: Final = frozenset({3, 5, 6, 20})
_PIECE_BYTES: Final = 1 << 16


def read(stream: BinaryIO) -> Iterator[OrderLine | Problem]:
    """Yield the lines of a document.

    Raises:
        SourceError: It is no such document, has a document type, or is no XML from the start.
    """
    yield from _Document(_Metered(stream)).items()


class _Document:
    """One document on its way into lines."""

    def __init__(self, source: _Metered) -> None:
        self._source = source
        self._remarks = Remarks()
        self._root: Element | None = None
        self._line_name = ""
        self._lines = 0
        self._suppliers: dict[str, str] = {}
        self._sites: list[str] = []

    def items(self) -> Iterator[OrderLine | Problem]:
        """Yield lines and problems."""
        try:
            for child in self._children():
                if _local(child) == self._line_name:
                    self._lines += 1
                    yield from self._line(child, f"{self._line_name} {self._lines}")
                    yield from self._remarks.drain()
                else:
                    self._header(child)
        except ParseError as error:
            yield self._cut(error)
        yield from self._remarks.close()

    def _children(self) -> Iterator[Element]:
        """Yield the children of the document as they end; nothing is kept of them afterwards."""
        depth = 0
        try:
            for event, element in iterparse(self._source, ("start", "end"), forbid_dtd=True):
                if event == "start":
                    depth += 1
                    self._enter(element, depth)
                    continue
                depth -= 1
                if depth == 1 and self._root is not None:
                    yield element
                    self._root.clear()
                    self._source.used = 0
        except DefusedXmlException as error:
            raise SourceError(
                "the XML has a document type or entities, which UBL never has; it was not read, as "
                "such files are made to harm the reader"
            ) from error
        except (ValueError, LookupError) as error:
            if isinstance(error, ParseError):
                raise
            raise SourceError(f"the XML cannot be decoded ({error}); save it as UTF-8") from error

    def _enter(self, element: Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise SourceError(f"the XML is nested more than {MAX_DEPTH} deep; this is not UBL")
        if depth != 1:
            return
        name = _local(element)
        if name not in _LINES:
            raise SourceError(
                f"the file is XML, but its root is <{name[:60]}>; a UBL 2.1 document is one of "
                f"{', '.join(_LINES)}: export it as such, or as CSV"
            )
        if not str(element.tag).startswith(f"{{{_NAMESPACE}{name}-2}}"):
            message = "its namespace is not that of UBL 2; read as if it were"
            self._remarks.add(f"<{name}>", "", message, rejected=False)
        self._root, self._line_name = element, _LINES[name]

    def _cut(self, error: ParseError) -> Problem:
        if self._root is None:
            raise SourceError(f"the file is not XML ({error}); export it again") from error
        line, column = error.position
        how = "is cut off here" if error.code in _CUT_OFF else f"is damaged here ({error})"
        return Problem(
            position=f"line {line} column {column}",
            field="",
            message=f"the file {how}: {self._lines} lines were read; what follows is missing",
        )

    def _header(self, child: Element) -> None:
        name = _local(child)
        if name in _SELLERS and (supplier := _party(_child(child, "Party"))):
            self._suppliers[name] = supplier
        elif name == "Delivery" and (site := _place(child)) and site not in self._sites:
            self._sites.append(site)

    def _line(self, line: Element, position: str) -> Iterator[OrderLine]:
        inner = _child(line, "LineItem")
        holders = [line] if inner is None else [inner, line]
        found = self._one(holders, position)
        if found is not None:
            yield found
        for holder in holders:
            counts: dict[str, int] = {}
            for each in holder:
                name = _local(each)
                if name in _WITHIN:
                    counts[name] = counts.get(name, 0) + 1
                    yield from self._line(each, f"{position} {name} {counts[name]}")

    def _one(self, holders: list[Element], position: str) -> OrderLine | None:
        """Return the line that is told by the first of the elements that tells it."""
        item = next((at for each in holders if (at := _child(each, "Item")) is not None), None)
        if item is None:
            reason = "is missing; the line is not taken"
            self._remarks.refuse(position, "cac:Item", reason, reason)
            return None
        sites = list(dict.fromkeys(
            site for holder in holders for each in _children(holder, "Delivery")
            if (site := _place(each))
        )) or self._sites  # fmt: skip
        if len(sites) > 1:
            message = "several places of delivery; which part goes where is not known"
            self._remarks.assume(position, "cac:Delivery", message)
        texts = _of_item(item) | {
            # The number of the line itself is that of the outer element.
            "line": _first(_text(each, "ID") for each in reversed(holders)),
            "note": ", ".join(_texts(holders[0], "Note")),
            "quantity": _first(_quantity(each) for each in holders),
            "supplier": _first(self._suppliers.get(each, "") for each in _SELLERS),
        }
        texts["site"] = "; ".join(sites) or texts.get("site", "")
        return order_line(texts, position, self._remarks)


def _of_item(item: Element) -> dict[str, str]:
    brands, models = _texts(item, "BrandName"), _texts(item, "ModelName")
    if not brands:
        brands = [name for each in _children(item, "ManufacturerParty") if (name := _party(each))]
    texts = {
        "product": _text(item, "Name"),
        "description": ", ".join([*_texts(item, "Description"), *brands[1:], *models[1:]]),
        "brand": _first(brands),
        "model": _first(models),
        "part": _text(item, "ManufacturersItemIdentification", "ID"),
        "sku": _text(item, "SellersItemIdentification", "ID"),
    }
    for each in _children(item, "AdditionalItemProperty"):
        match = WORDS.match(_text(each, "Name"))
        if match and match.score == 100 and match.word in _PROPERTIES:
            texts[match.word] = texts.get(match.word) or _text(each, "Value")
    return texts


def _quantity(holder: Element) -> str:
    for name in ("Quantity", "InvoicedQuantity"):
        found = _child(holder, name)
        if found is not None and (text := _plain(found)):
            return f"{text} {' '.join(found.get('unitCode', '').split())}".rstrip()
    return ""


def _party(party: Element | None) -> str:
    """Return the name of a party: as it is known, else as it is registered."""
    if party is None:
        return ""
    return _text(party, "PartyName", "Name") or _text(party, "PartyLegalEntity", "RegistrationName")


def _place(delivery: Element) -> str:
    """Return where it goes: the identifier of the place, else its name, else its address."""
    location = _child(delivery, "DeliveryLocation")
    if location is not None:
        for name in ("ID", "Name", "Description"):
            if text := _text(location, name):
                return text
    address = _child(delivery if location is None else location, "Address")
    if address is None:
        address = _child(delivery, "DeliveryAddress")
    if address is None:
        return ""
    parts = (
        _text(address, name) for name in ("BuildingName", "StreetName", "CityName", "PostalZone")
    )
    return _text(address, "ID") or ", ".join(filter(None, parts))


def _first(texts: Iterator[str] | list[str]) -> str:
    return next(filter(None, texts), "")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, name: str) -> list[Element]:
    return [each for each in element if _local(each) == name]


def _child(element: Element, name: str) -> Element | None:
    return next((each for each in element if _local(each) == name), None)


def _plain(element: Element) -> str:
    return " ".join((element.text or "").split())


def _texts(element: Element, name: str) -> list[str]:
    return [text for each in _children(element, name) if (text := _plain(each))]


def _text(element: Element, *path: str) -> str:
    at = element
    for name in path:
        found = _child(at, name)
        if found is None:
            return ""
        at = found
    return _plain(at)


class _Metered:
    """A stream that refuses to be read on and on within one child of the document."""

    def __init__(self, stream: BinaryIO) -> None:
        self.used = 0
        self._stream = stream

    def read(self, size: int = _PIECE_BYTES) -> bytes:
        """Read at most ``size`` bytes."""
        piece = self._stream.read(size)
        self.used += len(piece)
        if self.used > MAX_CHILD_BYTES:
            raise SourceError(
                f"one element takes more than {MAX_CHILD_BYTES >> 20} MiB of XML; no line of an "
                "order does"
            )
        return piece
