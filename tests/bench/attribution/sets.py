"""The labelled sets: what each string is, whose, and how the benchmark came to know it.

Every ``*.jsonl`` beside this file is read alike: ``protocol``, ``field``, ``value``, and where they
are known ``maker``, ``kind``, ``brand``, ``aspect``, ``source``, ``why``, ``strong`` and
``device``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from camaudit.app.packset import PackSet

HERE: Final = Path(__file__).parent
#: Beside the repository, never in it.
SIGNALS: Final = HERE.parents[2].parent / "shared" / "reference" / "example-signals.jsonl"

#: The source of rows that only resemble a device of the makers that a set is about.
NEAR_MISS: Final = "near miss"
#: Sets without a truth: whoever shows such a string, others do too.
UNLABELLED: Final = frozenset({"generic"})
#: Sets of strings that were seen on devices; what the same page shows of one maker is one device.
REAL: Final = frozenset({"examples", "captured"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled string."""

    protocol: str
    field: str
    value: str
    #: Whose it is; ``None``: no maker can rightly be named, or none that has a file.
    maker: str | None = None
    kind: str | None = None
    brand: str | None = None
    #: Set where the string tells of a service or a chip, and not of who made the device.
    aspect: str | None = None
    #: Where the form of the string comes from, and for a near miss what it really is.
    source: str = ""
    why: str = ""
    #: Whether a competent person would name the maker from this string alone.
    strong: bool = False
    #: Rows of one device, or of one capture, share it; "": a device of its own.
    device: str = ""
    set: str = ""

    @property
    def real(self) -> bool:
        return self.set in REAL

    @property
    def near_miss(self) -> bool:
        return self.source.startswith(NEAR_MISS)


_KEYS: Final = frozenset(field.name for field in fields(Row))


def read_rows(name: str) -> list[Row]:
    """Read one of the sets beside this file."""
    return [_row(each, Path(name).stem) for each in lines(HERE / name)]


def read_sets() -> dict[str, list[Row]]:
    """Read every set that has a truth, by name."""
    names = sorted(path.name for path in HERE.glob("*.jsonl") if path.stem not in UNLABELLED)
    return {Path(name).stem: read_rows(name) for name in names}


def _row(written: dict[str, Any], name: str) -> Row:
    known = {key: value for key, value in written.items() if key in _KEYS}
    row = Row(**{**known, "set": name})
    return replace(row, device=row.device or f"{row.source} {row.maker}") if row.real else row


def read_examples(path: Path, packs: PackSet) -> list[Row]:
    """Read the example file; the expected maker is the one whose file has the label's name.

    A source that holds strings of one maker only is one capture, and of each model in it one
    device; one that holds several makers is a collection, of which each row is another device.
    """
    written = list(lines(path))
    slugs = named_slugs(packs)
    makers = Counter(source for source, _ in {(each["source"], each["maker"]) for each in written})
    return [
        Row(
            protocol=each["protocol"],
            field=each["field"],
            value=each["value"],
            maker=expected(each["maker"], slugs),
            why=each["maker"],
            device=f"{each['source']} {each['model']}" if makers[each["source"]] == 1 else "",
            set="examples",
        )
        for each in written
    ]


def named_slugs(packs: PackSet) -> dict[str, str]:
    """Return the maker that leads each name: brands and makers of chips made no device."""
    return {
        name.casefold(): maker.id
        for maker in packs.makers.makers
        if maker.kind == "manufacturer"
        for name in (maker.id, maker.id.replace("-", " "), *maker.names)
    }


#: A label that says that its maker is not known.
_UNKNOWN: Final = re.compile(r"(?i)unknown\b")


def expected(label: str, slugs: dict[str, str]) -> str | None:
    """Return the maker that a label of the example file means, if there is a file for it."""
    if _UNKNOWN.match(label):
        return None
    return slugs.get(label.casefold()) or slugs.get(label.partition(" (")[0].casefold())


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Read a file of JSON lines."""
    with path.open(encoding="utf-8") as stream:
        yield from (json.loads(line) for line in stream if line.strip())


def labelled(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that say of a device of a maker that it is one."""
    return [row for row in rows if row.maker and row.aspect is None and not row.near_miss]
