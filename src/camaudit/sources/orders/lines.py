"""Make a line of an order out of texts by column word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from camaudit.model.orders import OrderLine
from camaudit.sources.tables import Remarks, strip_secrets
from camaudit.sources.tables.layout import quoted

#: Ours. What follows is cut off, and said to be.
MAX_TEXT: Final = 4_000
#: The longest secret with what announces it: none is cut in two before it is seen.
_MARGIN: Final = 1_100

_NOTHING: Final = "nothing says what is ordered; not taken"

#: What heads a sum or a tax below the lines, and what may stand beside it.
_SUMS: Final = frozenset(
    {
        "total", "totals", "subtotal", "sum", "summe", "zwischensumme", "gesamtsumme", "endsumme",
        "gesamt", "gesamtbetrag", "nettobetrag", "bruttobetrag", "rechnungsbetrag", "nettosumme",
        "bruttosumme", "vat", "tax", "mwst", "mehrwertsteuer", "ust", "umsatzsteuer", "tva", "gst",
        "iva", "btw", "amount",
    }
)  # fmt: skip
_BESIDE_SUMS: Final = frozenset(
    {
        "grand", "sub", "sous", "sale", "sales", "order", "quote", "quotation", "invoice", "goods",
        "net", "gross", "netto", "brutto", "excl", "excluding", "incl", "including", "ex", "inc",
        "of", "the", "value", "added", "at", "in", "due", "payable", "to", "pay", "price", "zzgl",
        "inkl", "exkl", "zuzuglich", "ht", "ttc", "hors", "taxes", "a", "payer", "general",
        "montant", "gbp", "eur", "usd", "chf", "and",
    }
)  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]+")

_PARTS: Final = ("product", "description")
#: "Or equal": the one thing in a note that changes what is ordered.
_OPEN: Final = re.compile(
    r"(?i)\bor\b.{0,30}\b(?:equal|equivalent|similar)\b|\bgleichwertig\w{0,2}\b|\b[e\u00e9]quivalent"
)


def is_sum(text: str) -> bool:
    """Tell whether a text heads a sum or a tax and names no thing: ``Sub-total excl. VAT``."""
    words = [word.casefold().replace("\u00e4", "a").replace("\u00fc", "u").replace("\u00e0", "a")
             for word in _WORD.findall(text[:MAX_TEXT])]  # fmt: skip
    return any(word in _SUMS for word in words) and all(
        word in _SUMS or word in _BESIDE_SUMS for word in words
    )


def order_line(texts: Mapping[str, str], position: str, remarks: Remarks) -> OrderLine | None:
    """Return a line, or ``None`` where nothing says what is ordered; ``remarks`` says why.

    Its own number is echoed; where there is none, its position stands for it.
    """
    known = {
        word: clean
        for word, text in texts.items()
        if (clean := _clean(word, text, position, remarks))
    }
    model = known.get("model") or known.get("part")
    note = known.get("note", "")
    if note and not _OPEN.search(note):
        # What is replaced, or who opens the door: no part of what is ordered.
        remarks.assume(position, "note", "not used")
        note = ""
    numbers = (known.get(word, "") for word in ("part", "sku"))
    said = [known.get(word, "") for word in _PARTS]
    # A number that is the model is said there; a name that is one stays the description.
    said += [number for number in numbers if number.casefold() != (model or "").casefold()]
    description = _joined(said)
    description = description or " ".join(filter(None, (known.get("brand"), model)))
    description = _joined([description, note]) if description else ""
    if not description:
        remarks.refuse(position, "description", _NOTHING, _NOTHING)
        return None
    if is_sum(description) and "brand" not in known and not model:
        remarks.assume(position, "description", "a row of totals or taxes, not a line")
        return None
    if len(description) > MAX_TEXT:
        description = description[:MAX_TEXT]
    return OrderLine(
        line=known.get("line", position),
        position=position,
        description=description,
        brand=known.get("brand"),
        model=model,
        supplier=known.get("supplier"),
        quantity=known.get("quantity"),
        site=known.get("site"),
        event=known.get("event"),
        purpose=known.get("purpose"),
        body=known.get("body"),
        attestation=known.get("attestation"),
    )


def _clean(word: str, text: str, position: str, remarks: Remarks) -> str:
    cut = text.strip()[: MAX_TEXT + _MARGIN]
    clean = strip_secrets(cut)
    if clean != cut:
        remarks.assume(
            position, word, "a user name, password or other secret in the text was taken out"
        )
    if len(text.strip()) > MAX_TEXT:
        remarks.assume(
            position, word, f"longer than {MAX_TEXT:,} characters, the first of which were read"
        )
    return clean[:MAX_TEXT].strip()


def _joined(texts: Iterable[str]) -> str:
    """Join what is said of one thing with commas: a semicolon would part two things.

    What is said already is not said again.
    """
    said: list[str] = []
    for text in texts:
        folded = text.casefold()
        if text and not any(folded in each.casefold() for each in said):
            said.append(text)
    return ", ".join(said)


def unused(remarks: Remarks, position: str, field: str) -> None:
    """Remark that a member of a line is not read; told once a member."""
    remarks.assume(position, quoted(field)[1:-1], "not used")
