"""Signatures, compiled: three multi-pattern databases, and an exact confirmation by field.

1. A pattern means what Python's ``re`` says it means; hyperscan only proposes.
2. Each pattern stands in one of three databases: those that read what wide scans bring most of,
   those of the others that read names that devices announce, and the rest. A value meets only
   those that hold patterns of its field, and a scan takes about as long as there are patterns. A
   database for each field took ten times as long to build and as much memory, since many patterns
   read many fields.
3. Values are joined by line feeds and scanned together: a call for each value costs more than its
   scan. So that none of a value's own matches is lost, ``^`` and ``$`` hold at every line feed for
   hyperscan (a pattern may not say otherwise: ``ANCHORED``; none matches the empty value, as packs
   see to). What the joining adds, ``re`` refuses.
4. A pattern that fits almost any text would be reported at every byte. Such patterns stay out of
   the database: ``re`` tries them on each value of their fields.
5. Nothing here touches a disk: ``dump`` and ``load_index`` speak bytes, and ``app`` keeps them.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import hyperscan
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import PackError
from camaudit.model.batches import Rows, distinct
from camaudit.model.packs import Signature, Vocabulary

#: A pattern is reported at each place where it may end; `re` does the rest.
_FLAGS: Final = hyperscan.HS_FLAG_MULTILINE | hyperscan.HS_FLAG_ALLOWEMPTY
#: What holds at the start of a text only would be lost where values are joined.
ANCHORED: Final = re.compile(r"\\A|\(\?[a-z]*-[a-z]*m")
#: Groups of fields: those that wide scans bring most of, then names that devices announce.
LAYERS: Final = (
    frozenset({"http", "rtsp", "tls", "banner", "snmp"}),
    frozenset({"announcement", "dhcp"}),
)
#: Texts that no pattern means: one that fits any of them is tried on every value.
PROBES: Final = (b"qz", b"Zq-17 zz/3.0", b"qz qzz 0 qz")
#: Values scanned at once: large enough to forget the call, small enough that a value made to match
#: at every byte cannot fill the memory with reports.
SCANNED_AT_ONCE: Final = 256 * 1024


#: Numbers of signatures, and the database that holds their patterns.
_Part = tuple[frozenset[int], hyperscan.Database]


@dataclass(slots=True)
class Index:
    """Every signature in a database, and which of them read which field."""

    signatures: tuple[Signature, ...]
    databases: tuple[_Part, ...]
    aliases: dict[str, str]
    fields: dict[str, frozenset[int]]
    #: Signatures that are not in the database.
    broad: frozenset[int]
    doubtful: dict[str, re.Pattern[bytes]]
    _compiled: dict[int, re.Pattern[bytes]] = field(default_factory=dict)

    def key(self, protocol: str, name: str) -> str:
        """Return the canonical ``protocol.field`` of an observation."""
        key = f"{protocol}.{name}"
        return self.aliases.get(key, key)

    def doubts(self, key: str, value: bytes) -> bool:
        """Tell whether a free text names makers for another reason than to say who made it."""
        pattern = self.doubtful.get(key)
        return pattern is not None and pattern.search(value) is not None

    def candidates(self, values: pa.BinaryArray, key: str) -> Candidates:
        """Return which signatures of a field may match which of its values; none is missing."""
        allowed = self.fields[key] - self.broad
        ends = np.cumsum(pc.binary_length(values).to_numpy(zero_copy_only=False) + 1)
        pairs = [
            self._scan(database, values, ends, *part, allowed)
            for numbers, database in self.databases
            if not numbers.isdisjoint(allowed)
            for part in _parts(ends)
        ]
        every = len(self.signatures)
        tried = sorted(self.fields[key] & self.broad)
        if tried:
            pairs.append((np.arange(len(values))[:, None] * every + np.array(tried)).ravel())
        found = np.concatenate(pairs) if pairs else np.empty(0, np.int64)
        if len(pairs) > 1:
            found.sort()
        return Candidates(*np.divmod(found, every))

    def _scan(
        self,
        database: hyperscan.Database,
        values: pa.BinaryArray,
        ends: Rows,
        start: int,
        stop: int,
        allowed: frozenset[int],
    ) -> Rows:
        """Return value * signatures + signature for each pair proposed, in order, once each."""
        places, numbers = array("I"), array("I")
        place, number = places.append, numbers.append

        def on_match(signature: int, _start: int, end: int, _flags: int, _context: object) -> None:
            if signature in allowed:
                place(end)
                number(signature)

        part = pa.ListArray.from_arrays([0, stop - start], values.slice(start, stop - start))
        database.scan(pc.binary_join(part, b"\n")[0].as_buffer(), match_event_handler=on_match)
        if not places:
            return np.empty(0, np.int64)
        base = int(ends[start - 1]) if start else 0
        behind = ends[start:stop] - base
        at = np.asarray(places)
        of = np.searchsorted(behind, at, side="left")
        own = behind[of] != at  # what takes the line feed along is no match of the value alone
        return distinct((start + of[own]) * len(self.signatures) + np.asarray(numbers)[own])

    def pattern(self, number: int) -> re.Pattern[bytes]:
        """Return the exact pattern of a signature."""
        compiled = self._compiled.get(number)
        if compiled is None:
            pattern = self.signatures[number].pattern.encode()
            compiled = self._compiled[number] = re.compile(pattern)
        return compiled

    def dump(self) -> bytes:
        """Return what was compiled, to be given to ``load_index`` with the same signatures."""
        parts = [(self.broad, b"")]
        parts += [(numbers, bytes(hyperscan.dumpb(each))) for numbers, each in self.databases]
        return b"".join(
            _HEAD.pack(len(numbers), len(body)) + array("I", sorted(numbers)).tobytes() + body
            for numbers, body in parts
        )


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of a value's number and a signature's, ordered by value, then signature."""

    values: Rows
    signatures: Rows


def _parts(ends: Rows) -> Iterator[tuple[int, int]]:
    """Yield ranges of values that are scanned together; a longer value stands alone."""
    start = 0
    while start < len(ends):
        base = int(ends[start - 1]) if start else 0
        stop = int(np.searchsorted(ends, base + SCANNED_AT_ONCE, side="right"))
        yield start, max(stop, start + 1)
        start = max(stop, start + 1)


def compile_index(signatures: tuple[Signature, ...], words: Vocabulary) -> Index:
    """Compile signatures; raise ``PackError`` naming the one that hyperscan refuses."""
    for signature in signatures:
        if ANCHORED.search(signature.pattern):
            raise PackError(r"write ^, not \A, and leave (?-m) out", field=signature.id)
    groups = {word.key: word.group for word in words.fields}
    layers: list[set[int]] = [set() for _ in (*LAYERS, "the rest")]
    broad: set[int] = set()
    try:
        for number, signature in enumerate(signatures):
            pattern = re.compile(_sieve(signature))
            if any(map(pattern.search, PROBES)):
                broad.add(number)
            else:
                read = {groups[key] for key in signature.fields}
                reached = (at for at, layer in enumerate(LAYERS) if not layer.isdisjoint(read))
                layers[next(reached, len(LAYERS))].add(number)
        databases = [_compile(signatures, numbers) for numbers in layers if numbers]
    except (hyperscan.error, re.error) as error:
        raise _culprit(signatures, str(error)) from error
    return _index(signatures, databases, frozenset(broad), words)


def _sieve(signature: Signature) -> bytes:
    return (signature.sieve or signature.pattern).encode()


def _compile(signatures: tuple[Signature, ...], numbers: set[int]) -> _Part:
    database = hyperscan.Database()
    ordered = sorted(numbers)
    database.compile(
        expressions=[_sieve(signatures[number]) for number in ordered],
        ids=ordered,
        flags=[_FLAGS] * len(ordered),
    )
    return frozenset(numbers), database


def load_index(dumped: bytes, signatures: tuple[Signature, ...], words: Vocabulary) -> Index:
    """Rebuild an index from ``Index.dump``; raise ``ValueError`` where it does not fit."""
    try:
        (broad, _), *rest = _undump(dumped)
        databases = [(numbers, _load(body)) for numbers, body in rest]
    except (hyperscan.error, struct.error, ValueError) as error:
        raise ValueError(f"the compiled index cannot be loaded: {error}") from error
    return _index(signatures, databases, broad, words)


#: How many numbers of signatures follow, and how many bytes of a database.
_HEAD: Final = struct.Struct("<II")


def _undump(dumped: bytes) -> Iterator[tuple[frozenset[int], bytes]]:
    at = 0
    while at < len(dumped):
        count, size = _HEAD.unpack_from(dumped, at)
        numbers = array("I")
        start, at = at + _HEAD.size, at + _HEAD.size + count * numbers.itemsize + size
        numbers.frombytes(dumped[start : at - size])
        yield frozenset(numbers), dumped[at - size : at]


def _load(body: bytes) -> hyperscan.Database:
    database = hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return database


def _index(
    signatures: tuple[Signature, ...],
    databases: list[_Part],
    broad: frozenset[int],
    words: Vocabulary,
) -> Index:
    doubt = re.compile("|".join(f"(?:{each})" for each in _scoped(words.doubts.patterns)).encode())
    return Index(
        signatures=signatures,
        databases=tuple(databases),
        aliases=dict(words.aliases),
        fields=_by_field(signatures),
        broad=broad,
        doubtful=dict.fromkeys(words.doubts.fields, doubt) if words.doubts.patterns else {},
    )


def _scoped(patterns: tuple[str, ...]) -> list[str]:
    """Turn leading flags into scoped ones, so that patterns can stand in one alternation."""
    return [f"(?i:{each[4:]})" if each.startswith("(?i)") else each for each in patterns]


def _by_field(signatures: tuple[Signature, ...]) -> dict[str, frozenset[int]]:
    by_field: dict[str, set[int]] = {}
    for number, signature in enumerate(signatures):
        for key in signature.fields:
            by_field.setdefault(key, set()).add(number)
    return {key: frozenset(numbers) for key, numbers in by_field.items()}


def _culprit(signatures: tuple[Signature, ...], message: str) -> PackError:
    for signature in signatures:
        try:
            hyperscan.Database().compile(expressions=[_sieve(signature)], flags=[_FLAGS])
        except hyperscan.error as error:
            return PackError(f"hyperscan refuses the pattern: {error}", field=signature.id)
    return PackError(f"hyperscan refuses the patterns together: {message}")
