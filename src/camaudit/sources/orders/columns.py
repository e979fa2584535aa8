"""What the columns of an order are called, in tables, JSON and PDFs alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from camaudit.sources.tables import HeaderWords

#: Words that are looked for inside a longer header only where no sum or price is headed so:
#: "line total" is no line, "unit price" no unit.
WORDS: Final = HeaderWords(
    {
        "line": (
            "=line", "line number", "line item number", "item number", "=line id", "=line item",
            "=order line", "=position", "position number", "=pos", "=number", "=n", "=id", "=#",
            "=lot", "lot number", "=zeile", "zeilennummer", "positionsnummer", "posnr", "=lfd nr",
            "=laufende nummer", "=ligne", "numero de ligne", "=poste", "=numero", "=rang",
        ),
        "description": (
            "description", "=desc", "details", "specification", "=text", "=scope",
            "description of goods", "goods", "work required", "bezeichnung", "beschreibung",
            "artikelbezeichnung", "artikelbeschreibung", "=leistung", "designation", "libelle",
            "intitule", "=descriptif",
        ),
        "brand": (
            "brand", "brand name", "=make", "manufacturer", "manufacturer name", "=oem", "marke",
            "hersteller", "=fabrikat", "marque", "fabricant", "=constructeur",
        ),
        "model": (
            "model", "model number", "model name", "=type", "=modell", "modellnummer", "=typ",
            "typenbezeichnung", "=modele", "=make and model",
        ),
        "supplier": (
            "supplier", "supplier name", "vendor", "seller", "reseller", "=contractor",
            "=installer", "lieferant", "anbieter", "fournisseur", "=vendeur", "=prestataire",
        ),
        "quantity": (
            "quantity", "quantity ordered", "=number of units", "=units", "=pieces", "=pcs",
            "=count", "menge", "=anzahl", "=stuck", "=stuckzahl", "quantite", "=qte", "=nombre",
        ),
        "site": (
            "site", "site id", "site name", "site code", "delivery site", "delivery location",
            "delivery address", "deliver to", "ship to", "=location", "=premises", "=building",
            "standort", "liegenschaft", "lieferort", "lieferadresse", "=gebaude", "=lieu",
            "lieu de livraison", "site de livraison", "adresse de livraison", "=batiment",
        ),
        "event": ("event", "event kind", "intended event", "=intent", "=action", "=vorgang",
                  "=evenement"),
        "purpose": (
            "purpose", "intended purpose", "intended use", "=use", "zweck", "verwendungszweck",
            "=verwendung", "finalite", "=usage", "=utilisation",
        ),
        "body": ("body", "body kind", "kind of body", "buyer kind", "=behorde", "=dienststelle",
                 "=organisme", "=entite"),
        "attestation": (
            "attestation", "supplier attestation", "supplier statement", "representation",
            "supplier representation", "declaration", "supplier declaration",
            "lieferantenerklarung", "eigenerklarung", "erklarung des lieferanten",
            "=declaration du fournisseur",
        ),
        "product": (
            "product", "product name", "product description", "item name", "item description",
            "=name", "=article", "=material", "=equipment", "=artikel", "=produkt",
            "=produktname", "=ware", "=gegenstand", "=produit", "nom du produit",
        ),
        "part": (
            "part number", "manufacturer part number", "manufacturer part", "=part", "=mpn",
            "manufacturer number", "manufacturer code", "herstellernummer",
            "herstellerartikelnummer", "teilenummer", "hersteller artikel nummer",
            "reference fabricant", "reference constructeur",
        ),
        "sku": (
            "sku", "product code", "product number", "item code", "article number", "article code",
            "=art number", "stock code", "catalogue number", "catalog number", "=code",
            "supplier part number", "artikelnummer", "artikel number", "bestellnummer",
            "reference produit", "reference article", "code article", "code produit",
        ),
        "note": ("=note", "=notes", "=remark", "=remarks", "=comment", "=comments", "=bemerkung",
                 "=bemerkungen", "=hinweis", "=remarque", "=remarques", "=commentaire"),
        # What these head is told by what stands below them.
        "item": ("=item", "=items"),
        "reference": ("=reference", "=referenz"),
    }
)  # fmt: skip

#: Words of which one must be there: they say what is ordered.
TELLING: Final = frozenset({"description", "product", "brand", "model", "part", "sku"})

#: A header that heads either the numbers of lines or something else, and what else.
_EITHER: Final = {"item": "product", "reference": "part"}

#: What a second column of a word is taken for.
INSTEAD: Final = {
    "description": "product", "item": "product", "model": "part", "part": "sku",
}  # fmt: skip

#: ``7``, ``1.2``, ``10-A``, ``Pos. 3``, ``B``: what numbers of lines look like.
_NUMBER: Final = re.compile(
    r"(?i)(?:(?:item|line|lot|no|pos|zeile|ligne)\s?[.:#]?\s?)?"
    r"(?:\d{1,6}(?:[./-]\d{1,4}){0,3}[a-z]?|[a-z]{1,2})[.):]?"
)


def is_line_number(text: str) -> bool:
    """Tell whether a text looks like the number of a line."""
    return _NUMBER.fullmatch(text) is not None


def settle(word: str, values: Iterable[str], taken: Sequence[str] | frozenset[str]) -> str:
    """Return what a column of ``word`` holds, by its values and by the words that others have.

    "" where another column already gives the same.
    """
    otherwise = _EITHER.get(word)
    if otherwise is not None:
        known = [value for value in values if value]
        numbers = sum(map(is_line_number, known))
        word = "line" if "line" not in taken and 2 * numbers > len(known) else otherwise
    while word in taken:
        word = INSTEAD.get(word, "")
    return word


def words_of(headers: Iterable[str], values: Mapping[str, str]) -> dict[str, str]:
    """Return header -> column word for the members of one object; surest first, each word once."""
    matches = [(match, header) for header in headers if (match := WORDS.match(header))]
    matches.sort(key=lambda pair: (pair[0].word in _EITHER, -pair[0].score))
    found: dict[str, str] = {}
    for match, header in matches:
        taken = frozenset(found.values())
        if word := settle(match.word, [values.get(header, "")], taken):
            found[header] = word
    return found
