"""Tell from the header of a table whether it lists devices, sites, bodies or sightings."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Final

from camaudit.errors import SourceError
from camaudit.model.observation import Problem

from .cells import cell_text
from .headers import HeaderWords
from .separated import separated_rows
from .workbook import is_workbook, workbook_sheets

#: The header stands in one of the first rows.
HEADER_ROWS: Final = 30

_SURE, _NAMED, _PERHAPS, _HARDLY = 90, 60, 30, 5
_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods")


class TableKind(StrEnum):
    """What the rows of a table are."""

    INVENTORY = "inventory"
    SITES = "sites"
    BODIES = "bodies"
    SIGHTINGS = "sightings"


_MARKERS: Final = HeaderWords(
    {
        "sightings": (
            "seen by", "seen on", "seen at", "date seen", "when seen", "where seen", "observer",
            "observed by", "observed on", "witness", "surveyor", "surveyed by", "surveyed on",
            "label text", "label said", "=label", "=who", "=when", "=where", "photo", "photograph",
            "photo reference", "picture reference",
        ),
        "inventory": (
            "mac", "mac address", "ip address", "=ip", "ipv4", "manufacturer", "make", "brand",
            "make model", "model", "model number", "serial", "serial number", "firmware", "asset",
            "asset number", "asset tag", "nvr", "dvr", "recorder", "channel", "hardware address",
            "hersteller", "marke", "modell", "seriennummer", "fabricant", "marque", "modele",
            "fabricante", "marca", "modelo", "modello", "fabrikant", "merk", "producent",
            "camera", "=cameras", "device", "camera type", "quantity", "gwneuthurwr",
        ),
        "sites": (
            "sensitive", "sensitive site", "tenure", "networks", "network ranges", "ip ranges",
            "ip range", "cidr", "cidrs", "subnet", "subnets", "owner body", "owning body",
            "declared zone", "lease",
        ),
        "site_name": ("site id", "site name", "=site", "=sites"),
        "bodies": (
            "parent", "parent body", "parent department", "sponsor", "sponsor department", "=body",
            "body id",
            "body name", "body kind", "body type", "organisation", "organisation name",
            "organisation type", "organisation kind", "type of body", "=public body",
        ),
    }
)  # fmt: skip


def kind_of(headers: Sequence[str]) -> TableKind | None:
    """Return what a header row announces, or ``None`` where it does not say."""
    found = [match.word for header in headers if (match := _MARKERS.match(header))]
    devices, sites = found.count("inventory"), found.count("sites")
    if found.count("sightings") > 1:
        return TableKind.SIGHTINGS
    if devices > 1 or (devices and not sites):
        return TableKind.INVENTORY
    if sites:
        return TableKind.SITES
    if "bodies" in found:
        return TableKind.BODIES
    return TableKind.SITES if "site_name" in found else None


def table_score(kind: TableKind, name: str, head: bytes) -> int:
    """Answer an importer's ``sniff``: how surely a file of this beginning lists ``kind``."""
    lowered = name.lower()
    found = _kind_in(head)
    if found is None:
        return 0
    if found == kind.value:
        return _SURE
    if found:
        return _HARDLY
    if kind.value.rstrip("s") in lowered:
        return _NAMED
    known = lowered.endswith(_SUFFIXES) or is_workbook(head)
    return _PERHAPS if known and kind is TableKind.INVENTORY else _HARDLY


@lru_cache(maxsize=1)
def _kind_in(head: bytes) -> str | None:
    """Return the kind's name, "" for a table that does not say, ``None`` for no table.

    All four table importers ask about the same bytes, one after the other.
    """
    try:
        for rows in _tables(head):
            for headers in rows:
                if found := kind_of(headers):
                    return found.value
    except SourceError:
        # A workbook longer than its first 64 KiB is cut off here, and may still be one.
        return "" if is_workbook(head) else None
    return ""


def _tables(head: bytes) -> Iterator[Iterator[list[str]]]:
    stream = io.BytesIO(head)
    if not head:
        raise SourceError("the file is empty")
    if is_workbook(head):
        for sheet in workbook_sheets(stream, None):
            yield ([cell_text(cell) for cell in row] for _, row in islice(sheet.rows, HEADER_ROWS))
    else:
        if head.lstrip().startswith((b"<", b"{", b"[")):
            raise SourceError("this is markup, not a table")
        yield (
            item[1]
            for item in islice(separated_rows(stream, None), HEADER_ROWS)
            if not isinstance(item, Problem)
        )
