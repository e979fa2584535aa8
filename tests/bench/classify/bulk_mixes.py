"""Bulk input: values of 60 to 120 bytes over many fields, a given share distinct and hit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from camaudit.app.packset import PackSet

from .mixes import Numbers, shown

#: What surrounds an example, so that a value has the length of a real banner.
FILLER: Final = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut "
    "labore et dolore magna aliqua ut enim ad minim veniam"
)
LEAST, MOST = 60, 120
#: Signatures that say what a device is, and of nobody.
NOBODY: Final = ""
#: Fields in which a maker must have templates to take part.
MOST_FIELDS: Final = 10
#: A template never swallows the words that make a value a value of its own.
LEAST_WORDS: Final = 12
#: Observations of a device, each in another field.
FIELDS_EACH: Final = 8
#: What scans of networks bring most of.
FIELDS: Final = (
    "http.server", "http.title", "http.www_authenticate", "http.body", "tls.subject", "tls.issuer",
    "rtsp.server", "rtsp.sdp", "ftp.banner", "telnet.banner", "ssh.banner", "snmp.sysDescr",
    "upnp.friendly_name", "onvif.model",
)  # fmt: skip
#: Values that come again and again: their number does not grow with what is observed.
POPULAR: Final = 20_000
#: Spreads neighbouring numbers over all seeds (Knuth's multiplicative hash).
_SPREAD: Final = 2_654_435_761
ROW_GROUP: Final = 131_072


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """A kind of bulk input."""

    name: str
    #: The share of values that come once, in per cent; the others come from a pool of popular ones.
    once: int
    #: The share of values that a signature hits, in per cent.
    hit: int
    #: The floor: observations a second on one core.
    floor: int


MIXES: Final = (
    Mix(name="third distinct, 5 % hit", once=30, hit=5, floor=1_000_000),
    Mix(name="third distinct, 30 % hit", once=30, hit=30, floor=500_000),
    Mix(name="all distinct, 30 % hit", once=100, hit=30, floor=200_000),
)


def templates(packs: PackSet) -> dict[str, dict[str, list[str]]]:
    """Return, by field and maker, examples with a place for other words: ``{}``."""
    found: dict[str, dict[str, list[str]]] = {}
    for signature, text in shown(packs):
        pattern = re.compile(signature.pattern.encode())
        for form in ("{} {{}}", "{{}} {}"):
            template = form.format(text.replace("{", "").replace("}", ""))
            if len(text) < LEAST and pattern.search(template.format(FILLER[:40]).encode()):
                for field in set(FIELDS).intersection(signature.fields):
                    maker = signature.maker or NOBODY
                    found.setdefault(field, {}).setdefault(maker, []).append(template)
                break
    return {field: found[field] for field in FIELDS}


def values(mix: Mix, packs: PackSet, observations: int) -> Iterator[tuple[int, str, str]]:
    """Yield device, field and value; the same each time.

    The hits of a device are of one maker, as they are on real devices; a value that comes again
    does so on another device of that maker.
    """
    by_field = templates(packs)
    makers = _usual(by_field)
    numbers = Numbers(3)
    each = max(POPULAR * mix.hit // 100 // (len(makers) * len(FIELDS)), 1)
    for at in range(observations):
        device = at // FIELDS_EACH
        which = (at + device) % len(FIELDS)
        field = FIELDS[which]
        if numbers.below(100) < mix.hit:
            # a number of its own, or that of one of the popular values of this maker and field
            number = at if numbers.below(100) < mix.once else numbers.below(each)
            mine = by_field[field]
            forms = mine.get(makers[device % len(makers)]) or mine.get(NOBODY) or mine["axis"]
            form = forms[number % len(forms)]
        else:
            number, form = at, "{}"
            if numbers.below(100) >= mix.once:  # one that is popular in this field
                number = numbers.below(POPULAR) // len(FIELDS) * len(FIELDS) + which
        size = LEAST + number * _SPREAD % 2**32 % (MOST - LEAST)
        words = f"{number:x} {FILLER}"
        yield device, field, form.format(words[: max(size - len(form) + 2, LEAST_WORDS)])


def _usual(by_field: dict[str, dict[str, list[str]]]) -> list[str]:
    """Return the makers of which most fields have a template."""
    known = Counter(maker for by_maker in by_field.values() for maker in by_maker)
    return sorted(name for name, count in known.items() if count >= MOST_FIELDS and name)


def write_mix(mix: Mix, packs: PackSet, observations: int, path: Path, copies: int = 1) -> None:
    """Write a mix as Parquet, its rows ``copies`` times under other devices' names."""
    devices, keys, texts = zip(*values(mix, packs, observations), strict=True)
    words = [key.partition(".") for key in keys]
    columns = {
        "protocol": pa.array([word[0] for word in words]).dictionary_encode(),
        "field": pa.array([word[2] for word in words]).dictionary_encode(),
        "value": pa.array(texts, pa.string()),
    }
    schema = pa.schema([("device", pa.string()), *((n, c.type) for n, c in columns.items())])
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for copy in range(copies):
            names = pa.array([f"n{copy}-{device}" for device in devices])
            table = pa.table([names, *columns.values()], schema=schema)
            writer.write_table(table, row_group_size=ROW_GROUP)
