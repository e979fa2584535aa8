"""Run `classify` over labelled strings, one string a device, and count what is right."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from camaudit.app.classify import classify
from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import PackSet, load_packs
from camaudit.sources import importers
from camaudit.sources.spec import ReadOptions

HERE: Final = Path(__file__).parent
#: Beside the repository, never in it.
SIGNALS: Final = HERE.parents[2].parent / "shared" / "reference" / "example-signals.jsonl"

#: The makers that the contract names, as the labels of the example file spell them.
NAMED: Final = {
    "Hikvision": "hikvision",
    "Dahua": "dahua",
    "Uniview": "uniview",
    "Tiandy": "tiandy",
    "TVT": "tvt",
    "Xiongmai": "xiongmai",
    "Axis": "axis",
    "Bosch": "bosch",
    "Hanwha": "hanwha",
    "Vivotek": "vivotek",
    "Mobotix": "mobotix",
    "Avigilon": "avigilon",
    "Sony": "sony",
    "Panasonic": "panasonic",
    "i-PRO": "panasonic",
    "D-Link": "d-link",
    "Ubiquiti": "ubiquiti",
    "Reolink": "reolink",
    "TP-Link": "tp-link",
    "2N": "2n",
    "3R Global": "3r-global",
    "ADB": "adb",
    "Arecont": "arecont",
    "AVTECH": "avtech",
    "Beward": "beward",
    "Bird Home Automation": "bird-home-automation",
    "Canon": "canon",
    "Cisco": "cisco",
    "Digital Watchdog": "digital-watchdog",
    "Eagle Eye Networks": "eagle-eye-networks",
    "ELAN": "elan",
    "EverFocus": "everfocus",
    "Genetec": "genetec",
    "GeoVision": "geovision",
    "Grandstream": "grandstream",
    "HeiTel": "heitel",
    "iCatch": "icatch",
    "ICCTV Korea": "icctv-korea",
    "Indigo Security": "indigo-security",
    "IQinVision": "iqinvision",
    "Merit LILIN": "merit-lilin",
    "MicroDigital": "microdigital",
    "Milesight": "milesight",
    "Nadatel": "nadatel",
    "NUUO": "nuuo",
    "Pelco": "pelco",
    "Pravis": "pravis",
    "Siqura": "siqura",
    "TRENDnet": "trendnet",
    "Truen": "truen",
    "ZKTeco": "zkteco",
}

#: The source of rows that only resemble a device of the makers that a set is about.
NEAR_MISS: Final = "near miss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One labelled string."""

    protocol: str
    field: str
    value: str
    maker: str | None = None
    kind: str | None = None
    brand: str | None = None
    #: Where the form of the string comes from, and for a near miss what it really is.
    source: str = ""
    why: str = ""
    #: Whether a competent person would name the maker from this string alone.
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A labelled string and what `classify` said of it."""

    row: Row
    line: DeviceLine

    @property
    def right(self) -> bool:
        return self.line.maker == self.row.maker

    @property
    def wrong(self) -> bool:
        """Tell whether a maker was named that is not the one; silence is never wrong."""
        return self.line.maker is not None and not self.right


def read_examples(path: Path) -> list[Row]:
    """Read the example file; a label outside the named makers expects silence."""
    return [
        Row(
            protocol=each["protocol"],
            field=each["field"],
            value=each["value"],
            maker=NAMED.get(each["maker"]),
            why=each["maker"],
        )
        for each in _lines(path)
    ]


def read_rows(name: str) -> list[Row]:
    """Read one of the hand-written sets beside this file."""
    return [Row(**each) for each in _lines(HERE / name)]


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream if line.strip()]


def mutated(rows: Iterable[Row], change: Callable[[str], str]) -> list[Row]:
    """Return the rows with their values changed."""
    return [
        Row(protocol=r.protocol, field=r.field, value=change(r.value), maker=r.maker, why=r.why)
        for r in rows
    ]


def answers(rows: Sequence[Row], packs: PackSet | None = None) -> list[Answer]:
    """Classify each row as a device of its own, through the reader that the command uses."""
    written = "".join(
        json.dumps({"device": str(at), "protocol": r.protocol, "field": r.field, "value": r.value})
        + "\n"
        for at, r in enumerate(rows)
    )
    reader = importers.registry()["observations"]
    items = reader.read(io.BytesIO(written.encode()), ReadOptions(name="benchmark"))
    lines = {line.device: line for line in classify(items, packs or load_packs())}
    return [Answer(row=row, line=lines[str(at)]) for at, row in enumerate(rows)]


def brier(found: Iterable[Answer]) -> float:
    """Return the mean squared distance of the named makers' confidence from the truth."""
    squares = [
        ((each.line.maker_confidence or 0.0) - each.right) ** 2
        for each in found
        if each.line.maker is not None
    ]
    return sum(squares) / len(squares) if squares else math.nan


def wilson(right: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927), which behaves near 0 and 1."""
    if not count:
        return 0.0, 1.0
    share, square = right / count, z * z
    centre = (share + square / (2 * count)) / (1 + square / count)
    half = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    half /= 1 + square / count
    return max(0.0, centre - half), min(1.0, centre + half)
