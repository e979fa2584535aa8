"""Read a sensitivity file: two columns, site id and class; it is used once and never stored."""

from __future__ import annotations

import csv
from pathlib import Path

from camaudit.errors import SourceError
from camaudit.model.ids import SiteId
from camaudit.model.words import Sensitivity

#: A national estate has fewer sites.
MAX_LINES = 1_000_000


def read_sensitivity(path: Path) -> dict[SiteId, Sensitivity]:
    """Return the class of each site; raise ``SourceError`` naming the line on anything odd."""
    found: dict[SiteId, Sensitivity] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, row in enumerate(csv.reader(stream), start=1):
                if number > MAX_LINES:
                    raise SourceError(f"{path}: more than {MAX_LINES} lines")
                _take(row, number, path, found)
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path}: not a CSV file in UTF-8: {error}") from error
    if not found:
        raise SourceError(f"{path}: holds no line of the form SITE,yes|no|unknown|withheld")
    return found


def _take(row: list[str], number: int, path: Path, found: dict[SiteId, Sensitivity]) -> None:
    cells = [cell.strip() for cell in row]
    if not any(cells) or (number == 1 and [c.casefold() for c in cells[1:2]] == ["sensitivity"]):
        return
    word = cells[1].casefold() if len(cells) > 1 else ""
    if len(cells) != 2 or not cells[0] or word not in tuple(Sensitivity):
        raise SourceError(
            f"{path}: line {number}: sensitivity: want SITE,CLASS with a class of "
            f"{', '.join(Sensitivity)}"
        )
    site = SiteId(cells[0])
    if site in found:
        raise SourceError(f"{path}: line {number}: site: {site} stands twice")
    found[site] = Sensitivity(word)
