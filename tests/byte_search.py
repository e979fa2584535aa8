"""Search files for what must not be in them, byte for byte, also where it is packed or rewritten.

1. A secret is looked for as it is, in UTF-16, in base64 (at each of the three places where its
   first octet may fall), in hexadecimal digits, in percent escapes, and a name as labels of DNS.
   Letters are compared without case, so that a name in capitals is found too; octets of media and
   base64 are compared as they are.
2. Files are read whole, and so is what is in them: streams of gzip, zlib, Zstandard and LZ4,
   archives, columns of Parquet, and cells of SQLite (a long cell is spread over pages, so the plain
   octets of its file do not suffice).
3. What is shorter than ``LEAST`` octets is refused: it would be found by chance.
"""

from __future__ import annotations

import base64
import io
import re
import sqlite3
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import hyperscan
import pyarrow as pa
import pyarrow.parquet as pq

from camaudit.lab.traffic.truth import Secrets

#: Ours. Shorter words stand somewhere in any large file.
LEAST: Final = 6
#: Ours. How far packed content is unpacked, and how deep.
MOST_UNPACKED: Final = 1 << 28
DEEPEST: Final = 4
#: Ours. Places of one secret in one file that are told; the rest says no more.
MOST_PLACES: Final = 3
#: RFC 1950 2.2: every header of zlib: a window, a level, and a sum that 31 divides.
_ZLIB: Final = [
    bytes((window, level + 31 - (window * 256 + level) % 31))
    for window in range(0x08, 0x80, 0x10)
    for level in (0x00, 0x40, 0x80, 0xC0)
]
#: RFC 1952 2.3.1 (gzip), RFC 8878 3.1.1 (Zstandard), LZ4's frame format.
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_LZ4: Final = b"\x04\x22\x4d\x18"
_MARKS: Final = (b"\x1f\x8b\x08", _ZSTD, _LZ4, *_ZLIB)
_PACKED: Final = re.compile(b"|".join(re.escape(mark) for mark in _MARKS))
_CHUNK: Final = 1 << 16
_SQLITE: Final = b"SQLite format 3\0"
_PARQUET: Final = b"PAR1"
_ZIP: Final = b"PK\x03\x04"


class Place(NamedTuple):
    """Where a secret was found: in which file (and what within it), at which octet, and how."""

    secret: str
    file: str
    offset: int
    form: str

    def __str__(self) -> str:
        return f"{self.file} at {self.offset}: {self.secret} ({self.form})"


class _Needle(NamedTuple):
    octets: bytes
    secret: str
    form: str
    any_case: bool


@dataclass(frozen=True, slots=True)
class Needles:
    """What is looked for, compiled."""

    all: tuple[_Needle, ...]
    database: hyperscan.Database

    def find(self, data: bytes, file: str) -> list[Place]:
        """Return the first places of each secret in some octets."""
        found: list[Place] = []
        told: Counter[str] = Counter()

        def met(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            needle = self.all[number]
            told[needle.secret] += 1
            if told[needle.secret] <= MOST_PLACES:
                start = end - len(needle.octets)
                found.append(Place(needle.secret, file, start, needle.form))

        if data:
            self.database.scan(data, match_event_handler=met)
        return found


def needles_of(texts: Iterable[str] = (), octets: Iterable[bytes] = ()) -> Needles:
    """Prepare a search for texts (without case) and for runs of octets (as they are)."""
    found: dict[tuple[bytes, bool], _Needle] = {}
    for text in texts:
        for each in _forms_of_text(text):
            found.setdefault((each.octets, each.any_case), each)
    for run in octets:
        for each in _forms_of_octets(run):
            found.setdefault((each.octets, each.any_case), each)
    wanted = tuple(found.values())
    if not wanted:
        raise ValueError("nothing to look for")
    short = [each for each in wanted if len(each.octets) < LEAST]
    if short:
        raise ValueError(f"{short[0].secret} is too short to be looked for")
    database = hyperscan.Database()
    database.compile(
        # escaped one by one: an octet of zero would end a pattern
        expressions=[b"".join(b"\\x%02x" % o for o in each.octets) for each in wanted],
        ids=list(range(len(wanted))),
        flags=[hyperscan.HS_FLAG_CASELESS if each.any_case else 0 for each in wanted],
    )
    return Needles(wanted, database)


def needles_of_secrets(secrets: Secrets) -> Needles:
    """Prepare a search for the secrets of a pretend site's capture."""
    return needles_of(
        [*secrets.names, *secrets.credentials, *secrets.texts],
        [bytes.fromhex(run) for run in secrets.media],
    )


def search(needles: Needles, paths: Iterable[Path], **outputs: bytes) -> list[Place]:
    """Return where secrets are in files, in folders with all that is in them, and in outputs."""
    found: list[Place] = []
    for path in paths:
        files = sorted(e for e in path.rglob("*") if e.is_file()) if path.is_dir() else [path]
        for each in files:
            found += _whole_file(needles, each)
    for name, data in outputs.items():
        found += search_octets(needles, data, name)
    return found


def search_octets(needles: Needles, data: bytes, name: str, depth: int = 0) -> list[Place]:
    """Return where secrets are in octets, and in what is packed in them."""
    found = needles.find(data, name)
    if depth >= DEEPEST:
        return found
    for inner, content in _inside(data):
        found += search_octets(needles, content, f"{name} > {inner}", depth + 1)
    return found


# ------------------------------------------------------------------------------------ forms


def _forms_of_text(text: str) -> Iterator[_Needle]:
    plain = text.encode()
    yield _Needle(plain, text, "plain", any_case=True)
    yield _Needle(text.encode("utf-16-le"), text, "UTF-16 LE", any_case=True)
    yield _Needle(text.encode("utf-16-be"), text, "UTF-16 BE", any_case=True)
    if "." in text:
        # the first label's length is left out, so that parts of a longer name are found too
        first, *others = text.split(".")
        labels = first.encode() + b"".join(bytes((len(e),)) + e.encode() for e in others)
        yield _Needle(labels, text, "labels of DNS", any_case=True)
    escaped = quote(text, safe="")
    if escaped != text:
        yield _Needle(escaped.encode(), text, "percent escapes", any_case=True)
    yield from _rewritten(plain, text)


def _forms_of_octets(run: bytes) -> Iterator[_Needle]:
    yield _Needle(run, run.hex(), "plain", any_case=False)
    yield from _rewritten(run, run.hex())


def _rewritten(octets: bytes, secret: str) -> Iterator[_Needle]:
    yield _Needle(octets.hex().encode(), secret, "hexadecimal", any_case=True)
    spaced = octets.hex(":").encode()
    yield _Needle(spaced, secret, "hexadecimal with colons", any_case=True)
    for shift in range(3):
        written = base64.b64encode(bytes(shift) + octets)
        # what also depends on the octets before and behind is cut off
        sure = written[(0, 2, 3)[shift] : (len(octets) + shift) * 8 // 6]
        for form, each in (
            ("base64", sure),
            ("base64 for URLs", sure.translate(bytes.maketrans(b"+/", b"-_"))),
        ):
            yield _Needle(each, secret, form, any_case=False)


# --------------------------------------------------------------------------- what is inside


def _whole_file(needles: Needles, path: Path) -> list[Place]:
    data = path.read_bytes()
    found = search_octets(needles, data, str(path))
    if data.startswith(_SQLITE):
        for place, cell in _cells(path):
            found += search_octets(needles, cell, f"{path} > {place}", 1)
    return found


def _inside(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what is packed in some octets, with a name for it."""
    if data.startswith(_ZIP):
        yield from _members(data)
        return
    if data.startswith(_PARQUET):
        yield from _columns(data)
        return
    at = 0
    while (found := _PACKED.search(data, at)) is not None:
        at = found.start() + 1
        content, used = _unpacked(data, found.start())
        if content:
            yield f"packed at {found.start()}", content
            at = found.start() + max(1, used)


def _unpacked(data: bytes, at: int) -> tuple[bytes, int]:
    """Return what a stream holds, as far as it goes, and how many octets it took."""
    if data[at : at + 4] in (_ZSTD, _LZ4):
        return _by_arrow(data, at), 1
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    parts: list[bytes] = []
    size = 0
    place = at
    try:
        while place < len(data) and not unpacker.eof and size < MOST_UNPACKED:
            part = unpacker.decompress(data[place : place + _CHUNK])
            parts.append(part)
            size += len(part)
            place += _CHUNK
    except zlib.error:
        pass  # what came before the fault counts
    return b"".join(parts), min(place, len(data)) - len(unpacker.unused_data) - at


def _by_arrow(data: bytes, at: int) -> bytes:
    # what stands behind a frame would be an error, and take along what was read before it
    kind, end = ("zstd", _zstd_end) if data[at : at + 4] == _ZSTD else ("lz4", _lz4_end)
    parts: list[bytes] = []
    try:
        frame = data[at : end(data, at)]
        with pa.input_stream(pa.py_buffer(frame), compression=kind) as stream:
            while sum(map(len, parts)) < MOST_UNPACKED and (part := stream.read(_CHUNK)):
                parts.append(part)
    except (OSError, pa.ArrowInvalid):
        pass  # what came before the fault counts
    return b"".join(parts)


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _zstd_end(data: bytes, at: int) -> int:
    """Return where a frame of Zstandard ends (RFC 8878 3.1.1)."""
    about = _number(data, at + 4, 1)
    single, size = about >> 5 & 1, about >> 6
    place = at + 5 + (1 - single) + (0, 1, 2, 4)[about & 3] + ((single, 2, 4, 8)[size])
    last = 0
    while not last and place + 3 <= len(data):
        block = _number(data, place, 3)
        last, sort = block & 1, block >> 1 & 3
        place += 3 + (1 if sort == 1 else block >> 3)
    return place + 4 * (about >> 2 & 1)


def _lz4_end(data: bytes, at: int) -> int:
    """Return where a frame of LZ4 ends (LZ4 Frame Format Description 1.6)."""
    about = _number(data, at + 4, 1)
    place = at + 7 + 8 * (about >> 3 & 1) + 4 * (about & 1)
    size = 1
    while size and place + 4 <= len(data):
        size = _number(data, place, 4) & 0x7FFF_FFFF
        place += 4 + size + (4 * (about >> 4 & 1) if size else 0)
    return place + 4 * (about >> 2 & 1)


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for each in archive.infolist():
                yield each.filename, archive.read(each)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError):
        return


def _columns(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the content of each column of Parquet: its pages are packed one by one."""
    try:
        table = pq.read_table(pa.py_buffer(data))
    except pa.ArrowInvalid:
        return
    for name, column in zip(table.column_names, table.columns, strict=True):
        yield f"column {name}", b"\n".join(_values(column))


def _values(column: Any) -> Iterator[bytes]:
    for chunk in column.chunks:
        values = chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk
        for value in values.to_pylist():
            if value is not None:
                yield value if isinstance(value, bytes) else str(value).encode()


def _cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the text and octets of each cell, what stands in the write-ahead log included."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as store:
        store.text_factory = bytes
        tables = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (raw,) in tables:
            name = raw.decode().replace('"', '""')
            for number, row in enumerate(store.execute(f'SELECT * FROM "{name}"')):  # noqa: S608
                for cell in row:
                    if isinstance(cell, bytes) and len(cell) >= LEAST:
                        yield f"table {name}, row {number}", cell
