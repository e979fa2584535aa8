"""Read catalogues of exploited weaknesses and CVE records, and turn them into records of ours.

1. CISA's catalogue is one JSON document; what counts is ``cveID``, ``vendorProject``, ``product``,
   ``vulnerabilityName``, ``shortDescription`` and ``dateAdded`` of each entry.
2. A CVE record is JSON by the CVE Record Format 5: ``containers.cna.affected``, with the ranges of
   each product, and what versions outside them are (``defaultStatus``, by default unknown).
3. Any bytes give records or problems. Text that is no version is kept as text and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec

from camaudit.errors import PackError
from camaudit.model.ids import MakerId
from camaudit.model.observation import Problem

from .record_versions import entries_of
from .vendors import Vendors, model_patterns

#: Ours. The catalogue of 2025-08 had 1.3 MB and 1,400 entries; a CVE record has a few KB.
MAX_CATALOGUE_BYTES: Final = 64 * 1024 * 1024
MAX_ENTRIES: Final = 100_000
MAX_RECORD_BYTES: Final = 4 * 1024 * 1024
#: Products told one by one; the rest of a record is one product of which nothing is said.
MAX_SCOPES: Final = 100
MAX_TEXT: Final = 300
MAX_PRODUCT: Final = 500

_CVE: Final = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")
_NAMELESS: Final = frozenset({"n/a", "unknown", "multiple products"})
_ANSWERS: Final = {
    "affected": "affected",
    "unaffected": "not_affected",
    "unknown": "cannot_tell",
}

#: A record as it goes into a file: what ``packs.advisories`` reads.
Raw = dict[str, Any]


@dataclass(slots=True)
class Catalogue:
    """What a catalogue of exploited weaknesses says."""

    catalogue_on: date
    #: Whether it is all of the catalogue: as many entries as it says, and each readable.
    whole: bool = False
    listed: dict[str, date] = field(default_factory=dict)
    #: Entries on surveillance equipment of makers that we know, by maker.
    products: dict[MakerId, list[Raw]] = field(default_factory=dict)
    #: Entries of makers that we do not know, and of other equipment of those that we do.
    unknown: int = 0
    other: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Published:
    """What one CVE record says; without ``records``, ``why`` says why not."""

    records: dict[MakerId, Raw] = field(default_factory=dict)
    #: ``withdrawn``, ``unknown`` (maker) or ``other`` (equipment).
    why: str = ""
    problems: list[Problem] = field(default_factory=list)


def read_catalogue(content: bytes, file: str, vendors: Vendors) -> Catalogue:
    """Read CISA's catalogue; raise ``PackError`` where it is none."""
    if len(content) > MAX_CATALOGUE_BYTES:
        raise PackError(f"larger than {MAX_CATALOGUE_BYTES} bytes", file=file)
    data = _decode(content)
    entries = data.get("vulnerabilities") if isinstance(data, dict) else None
    on = _day(data.get("dateReleased")) or _day(data.get("catalogVersion")) if entries else None
    if not isinstance(entries, list) or on is None:
        raise PackError(
            "is no catalogue of exploited weaknesses: give CISA's JSON file, with "
            "`vulnerabilities` and `dateReleased`",
            file=file,
        )
    if len(entries) > MAX_ENTRIES:
        raise PackError(f"has more than {MAX_ENTRIES} entries", file=file)
    result = Catalogue(catalogue_on=on)
    for at, entry in enumerate(entries):
        problem = _take_entry(entry, vendors, result)
        if problem:
            result.problems.append(_rejected(f"vulnerabilities[{at}]", problem))
    count = data.get("count")
    if count != len(entries):
        message = f"says {count} entries and has {len(entries)}: taken as an extract"
        result.problems.append(Problem(position="count", field="", message=message, rejected=False))
    result.whole = not result.problems
    return result


def _take_entry(entry: Any, vendors: Vendors, result: Catalogue) -> str:
    """Take one entry into ``result``; return what is wrong with it, if anything."""
    if not isinstance(entry, dict):
        return "is no object"
    name, added = _text(entry, "cveID"), _day(entry.get("dateAdded"))
    if not _CVE.fullmatch(name) or added is None:
        return "has no `cveID` or no `dateAdded`"
    if added > result.catalogue_on:
        return f"{name} was added after the catalogue's own date"
    result.listed[name] = added
    product = _text(entry, "product")
    title = _text(entry, "vulnerabilityName")
    maker = vendors.find(_text(entry, "vendorProject"))
    if maker is None:
        result.unknown += 1
    elif not vendors.is_video(maker, product, title, _text(entry, "shortDescription")):
        result.other += 1
    else:
        scopes = list(_scopes(product, {"otherwise": "cannot_tell"}))
        result.products.setdefault(maker, []).append(_raw(name, title, scopes, ""))
    return ""


def read_record(content: bytes, vendors: Vendors) -> Published:
    """Read one CVE record."""
    if len(content) > MAX_RECORD_BYTES:
        return _refused(f"larger than {MAX_RECORD_BYTES} bytes")
    data = _decode(content)
    head = _dict(data, "cveMetadata")
    name = _text(head, "cveId")
    if not _CVE.fullmatch(name):
        return _refused("is no CVE record: it has no `cveMetadata.cveId`")
    if _text(head, "state") == "REJECTED":
        return Published(why="withdrawn")
    containers = _dict(data, "containers")
    cna = _dict(containers, "cna")
    found = _by_maker(_affected(cna), vendors)
    if not found:  # of older records only CISA's addition names the product
        added = containers.get("adp")
        others = added if isinstance(added, list) else []
        found = _by_maker([each for one in others for each in _affected(one)], vendors)
    description = _description(cna)
    title = _text(cna, "title") or description
    records = {
        maker: _record(name, title, affected)
        for maker, affected in found.items()
        if vendors.is_video(maker, title, description, *(_text(a, "product") for a in affected))
    }
    return Published(records=records, why="" if records else ("other" if found else "unknown"))


def _refused(message: str) -> Published:
    return Published(problems=[_rejected("", message)])


def _rejected(position: str, message: str) -> Problem:
    return Problem(position=position, field="", message=message, rejected=True)


def _by_maker(affected: list[Raw], vendors: Vendors) -> dict[MakerId, list[Raw]]:
    result: dict[MakerId, list[Raw]] = {}
    for each in affected:
        maker = vendors.find(_text(each, "vendor"))
        if maker is not None:
            result.setdefault(maker, []).append(each)
    return result


def _record(name: str, title: str, affected: list[Raw]) -> Raw:
    scopes: list[Raw] = []
    worded: list[str] = []
    for each in affected:
        ranges, words, open_ = entries_of(each.get("versions"), _ANSWERS)
        default = _ANSWERS.get(_text(each, "defaultStatus"), "cannot_tell")
        scope: Raw = {"otherwise": "cannot_tell" if words or open_ else default}
        for each_range in ranges:
            if set(each_range) == {"answer"}:  # every version
                scope["otherwise"] = each_range["answer"]
            else:
                scope.setdefault("versions", []).append(each_range)
        scopes += _scopes(_text(each, "product", MAX_PRODUCT), scope)
        worded += words
    if len(scopes) > MAX_SCOPES:
        left = len(scopes) - MAX_SCOPES
        rest: Raw = {"product": f"{left} more products", "otherwise": "cannot_tell"}
        scopes = [*scopes[:MAX_SCOPES], rest]
    said = "; ".join(dict.fromkeys(worded))
    note = f"Versions as the record words them: {said}"[:MAX_TEXT] if said else ""
    return _raw(name, title, scopes, note)


def _scopes(product: str, scope: Raw) -> Iterator[Raw]:
    """Yield a scope for each pattern of models in a product's name, or one for its words."""
    product = "" if product.casefold() in _NAMELESS else product
    patterns = list(model_patterns(product))
    for pattern in patterns:
        yield {"models": pattern, "product": product, **scope}
    if not patterns:
        yield {"product": product or "products that the record does not name", **scope}


def _raw(name: str, title: str, scopes: list[Raw], note: str) -> Raw:
    clean = title if len(title) >= 10 else f"{title or 'Published weakness'} ({name})"
    raw: Raw = {"ids": [name], "title": clean, "confidence": "reported", "source": "record"}
    return raw | ({"note": note} if note else {}) | {"affected": scopes}


def _decode(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _dict(data: Any, key: str) -> Raw:
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def _affected(container: Any) -> list[Raw]:
    found = container.get("affected") if isinstance(container, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _description(cna: Raw) -> str:
    found = cna.get("descriptions")
    texts = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return next((text for each in texts if (text := _text(each, "value"))), "")


def _text(data: Any, key: str, limit: int = MAX_TEXT) -> str:
    """Return a text on one line, cut; empty where there is none."""
    found = data.get(key) if isinstance(data, dict) else None
    if not isinstance(found, str):
        return ""
    printable = "".join(each if each.isprintable() else " " for each in found[: 4 * limit])
    return " ".join(printable.split())[:limit].strip()


def _day(text: Any) -> date | None:
    """Return the day that a text begins with: 2025-08-25, or 2025.08.25."""
    try:
        return date.fromisoformat(text[:10].replace(".", "-"))
    except (TypeError, ValueError, AttributeError):
        return None
