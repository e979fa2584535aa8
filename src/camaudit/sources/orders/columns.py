"""What the columns of an order are called, and how a line is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from camaudit.model.orders import OrderLine
from camaudit.sources.tables import HeaderWords, strip_secrets

#: Ours. A longer description is no order line; what follows is not read.
MAX_TEXT: Final = 4_000

WORDS: Final = HeaderWords(
    {
        "line": (
            "line", "line number", "line item", "item number", "position", "=item", "=number",
            "=pos", "=id", "lot", "lot number", "zeile", "positionsnummer", "ligne", "poste",
        ),
        "description": (
            "description", "item description", "product", "product description", "product name",
            "article", "goods", "details", "specification", "=text", "=name", "bezeichnung",
            "beschreibung", "artikel", "artikelbezeichnung", "designation", "libelle", "produit",
        ),
        "brand": (
            "brand", "make", "manufacturer", "marke", "hersteller", "marque", "fabricant", "marca",
            "merk",
        ),
        "model": (
            "model", "model number", "part number", "manufacturer part number", "mpn", "=sku",
            "product code", "article number", "=code", "artikelnummer", "modell", "typ", "modele",
            "reference number", "=reference", "item code",
        ),
        "supplier": ("supplier", "vendor", "seller", "reseller", "lieferant", "fournisseur"),
        "quantity": (
            "quantity", "=number of units", "=units", "menge", "anzahl", "quantite", "=no",
        ),
        "site": (
            "site", "site id", "site name", "delivery site", "deliver to", "ship to", "location",
            "building", "premises", "standort", "lieu", "site de livraison",
        ),
        "event": ("event", "intended event", "=action", "intention"),
        "purpose": ("purpose", "intended purpose", "use", "intended use", "zweck", "usage"),
        "body": ("body", "body kind", "buyer kind", "kind of body"),
        "attestation": (
            "attestation", "supplier attestation", "representation", "declaration",
            "supplier statement", "ndaa", "section 889",
        ),
    }
)  # fmt: skip


def order_line(texts: Mapping[str, str], position: str, place: str) -> OrderLine | None:
    """Return a line from texts by column word; ``None`` where nothing says what is ordered.

    ``place`` stands for the line where it has no number.
    """
    known = {
        word: strip_secrets(text.strip())[:MAX_TEXT]
        for word, text in texts.items()
        if text and text.strip()
    }
    named = [known[word] for word in ("brand", "model") if word in known]
    description = known.get("description") or " ".join(named)
    if not description:
        return None
    return OrderLine(
        line=known.get("line", place),
        position=position,
        description=description,
        brand=known.get("brand"),
        model=known.get("model"),
        supplier=known.get("supplier"),
        quantity=known.get("quantity"),
        site=known.get("site"),
        event=known.get("event"),
        purpose=known.get("purpose"),
        body=known.get("body"),
        attestation=known.get("attestation"),
    )
