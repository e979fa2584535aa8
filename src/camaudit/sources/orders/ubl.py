"""Read UBL 2.1 orders, quotations and invoices (OASIS Universal Business Language, ISO/IEC 19845).

No entity is expanded and none is fetched. Only what an order line of ours holds is read; the names
are those of section 3 of the specification, without their namespace prefixes.
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

from .columns import order_line

#: Ours. UBL documents are small; the elements of one nest some ten deep.
MAX_BYTES: Final = 64 << 20
MAX_DEPTH: Final = 40
#: What holds a line, by document: order, quotation, invoice, despatch advice, catalogue.
_LINES: Final = frozenset(
    {"OrderLine", "QuotationLine", "InvoiceLine", "RequestForQuotationLine", "CreditNoteLine",
     "DespatchLine", "CatalogueLine"}
)  # fmt: skip
_QUANTITIES: Final = ("Quantity", "InvoicedQuantity", "CreditedQuantity", "DeliveredQuantity")
_SELLERS: Final = ("SellerSupplierParty", "AccountingSupplierParty")
_NAME: Final = ("Party", "PartyName", "Name")


def read(stream: BinaryIO) -> Iterator[OrderLine | Problem]:
    """Yield the lines of a document.

    Raises:
        SourceError: It is no UBL document, defines entities, or is damaged before its first line.
    """
    yield from _Document(stream).lines()


class _Document:
    """One document on its way into lines."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = _Bounded(stream)
        self._supplier: str | None = None
        self._site: str | None = None
        self._taken = 0

    def lines(self) -> Iterator[OrderLine | Problem]:
        try:
            yield from self._read()
        except DefusedXmlException as error:
            raise SourceError("the file defines entities; a UBL document has none") from error
        except (ParseError, UnicodeDecodeError, ValueError) as error:
            if not self._taken:
                raise SourceError(f"the file is no XML: {error}") from error
            yield Problem(
                position=f"after line {self._taken}",
                field="",
                message=f"the file is damaged or cut off here ({error}); what follows is not read",
            )
        if not self._taken:
            raise SourceError("the file holds no line of a UBL order, quotation or invoice")

    def _read(self) -> Iterator[OrderLine | Problem]:
        depth = 0
        for event, element in iterparse(self._stream, events=("start", "end")):
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    raise SourceError(f"its elements nest deeper than {MAX_DEPTH}")
                continue
            depth -= 1
            name = _local(element)
            if name in _LINES:
                self._taken += 1
                yield self._line(element)
                element.clear()
            elif depth == 1:
                self._header(name, element)
                element.clear()

    def _header(self, name: str, element: Element) -> None:
        if name in _SELLERS:
            self._supplier = _text(element, *_NAME) or self._supplier
        elif name == "Delivery":
            self._site = self._place(element) or self._site

    def _line(self, line: Element) -> OrderLine | Problem:
        inner = _child(line, "LineItem")
        holder = line if inner is None else inner
        item = _child(holder, "Item")
        number = _text(holder, "ID") or _text(line, "ID")
        position = f"{_local(line)} {self._taken}"
        if item is None:
            return Problem(position=position, field="Item", message="is missing; not taken")
        texts = {
            "line": number,
            "description": " ".join(
                dict.fromkeys(filter(None, (_text(item, "Name"), _text(item, "Description"))))
            ),
            "brand": _text(item, "BrandName") or _text(item, "ManufacturerParty", *_NAME[1:]),
            "model": _text(item, "ModelName")
            or _text(item, "ManufacturersItemIdentification", "ID"),
            "supplier": self._supplier,
            "quantity": next(filter(None, (_text(holder, each) for each in _QUANTITIES)), None),
            "site": self._place(_child(holder, "Delivery")) or self._site,
        }
        found = order_line(
            {word: text for word, text in texts.items() if text}, position, str(self._taken)
        )
        if found is None:
            return Problem(
                position=position, field="Item", message="says not what is ordered; not taken"
            )
        return found

    def _place(self, delivery: Element | None) -> str | None:
        if delivery is None:
            return None
        return _text(delivery, "DeliveryLocation", "ID") or _text(
            delivery, "DeliveryLocation", "Description"
        )


class _Bounded:
    """A stream of at most ``MAX_BYTES``."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left = stream, MAX_BYTES

    def read(self, size: int = -1) -> bytes:
        """Return some bytes; raise where there are too many."""
        data = self._stream.read(size if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise SourceError(f"the file is larger than {MAX_BYTES >> 20} MiB; an order is smaller")
        return data


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next((each for each in element if _local(each) == name), None)


def _text(element: Element, *path: str) -> str | None:
    at: Element | None = element
    for name in path:
        at = _child(at, name)
    return None if at is None or not at.text else " ".join(at.text.split()) or None
