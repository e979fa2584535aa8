"""An order before it is signed, and what the rules say of each of its lines.

Produced by: importers of orders (``OrderLine``), app (``Item``, ``LineAnswer``). Read by: app,
reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .ids import MakerId
from .policy import Verdict
from .words import Basis, Kind, VerdictCode


class Function(StrEnum):
    """What an item of an order is; the words of the fact ``item.function``."""

    EQUIPMENT = "equipment"
    COMPONENT = "component"
    SOFTWARE = "software"
    SERVICE = "service"
    ACCESSORY = "accessory"
    STORAGE = "storage"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of an order, quote or job sheet, as it was read; secrets are taken out."""

    #: The line's own number or name, as text; where it has none, its place in the file.
    line: str
    #: Where it stands: ``row 7``, ``InvoiceLine 3``, ``page 2, line 14``.
    position: str
    description: str
    brand: str | None = None
    model: str | None = None
    supplier: str | None = None
    #: As it was written; not everything is a number.
    quantity: str | None = None
    site: str | None = None
    #: ``deploy``, ``procure``, ``stock`` ...: words of the fact ``event.kind``.
    event: str | None = None
    purpose: str | None = None
    body: str | None = None
    #: What the supplier states about the item or about itself, in its own words.
    attestation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a line asks for; a kit is several."""

    text: str
    function: Function
    brand: str | None = None
    model: str | None = None
    #: "or equal", "or similar approved": the supplier may send something else.
    or_equal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswer:
    """An item, who probably makes it, and what each policy says of it."""

    item: Item
    brand: str | None
    model: str | None
    maker: MakerId | None
    maker_confidence: float | None
    kind: Kind
    #: By policy; each requirement's verdict.
    verdicts: Mapping[str, tuple[Verdict, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """What the rules say of a line: for each policy the gravest answer of its items."""

    line: OrderLine
    items: tuple[ItemAnswer, ...]
    verdicts: Mapping[str, VerdictCode]
    #: What the answers rest on: the weakest of those that decide.
    basis: Basis | None
    not_examined: tuple[str, ...]
    reasons: tuple[str, ...]
    #: Neutral questions to the supplier, on facts and functions.
    ask_supplier: tuple[str, ...]
