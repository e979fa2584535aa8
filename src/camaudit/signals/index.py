"""Signatures, compiled: one multi-pattern database, and an exact confirmation by field.

1. A pattern means what Python's ``re`` says it means; hyperscan only proposes.
2. One database for all fields: many patterns read many fields, and a database for each field
   took ten times as long to build and as much memory for no gain in speed.
3. Nothing here touches a disk: ``dump`` and ``load_index`` speak bytes, and ``app`` keeps them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import hyperscan

from camaudit.errors import PackError
from camaudit.model.packs import Signature, Vocabulary

#: hyperscan reports each pattern at most once a value; `re` does the rest.
_FLAGS: Final = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY


@dataclass(slots=True)
class Index:
    """Every signature in one database, and which of them read which field."""

    signatures: tuple[Signature, ...]
    database: hyperscan.Database
    aliases: dict[str, str]
    fields: dict[str, frozenset[int]]
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

    def candidates(self, value: bytes, allowed: frozenset[int]) -> list[int]:
        """Return the numbers of the signatures among ``allowed`` that may match, in order."""
        found: list[int] = []

        def on_match(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            if number in allowed:
                found.append(number)

        self.database.scan(value, match_event_handler=on_match)
        if len(found) > 1:
            found.sort()
        return found

    def confirm(self, number: int, value: bytes) -> re.Match[bytes] | None:
        """Run the exact pattern of a signature."""
        compiled = self._compiled.get(number)
        if compiled is None:
            pattern = self.signatures[number].pattern.encode()
            compiled = self._compiled[number] = re.compile(pattern)
        return compiled.search(value)

    def dump(self) -> bytes:
        """Return the compiled database, to be given to ``load_index`` with the same signatures."""
        return bytes(hyperscan.dumpb(self.database))


def compile_index(signatures: tuple[Signature, ...], words: Vocabulary) -> Index:
    """Compile signatures; raise ``PackError`` naming the one that hyperscan refuses."""
    database = hyperscan.Database()
    try:
        database.compile(
            expressions=[signature.pattern.encode() for signature in signatures],
            ids=list(range(len(signatures))),
            flags=[_FLAGS] * len(signatures),
        )
    except hyperscan.error as error:
        raise _culprit(signatures, str(error)) from error
    return _index(signatures, database, words)


def load_index(dumped: bytes, signatures: tuple[Signature, ...], words: Vocabulary) -> Index:
    """Rebuild an index from ``Index.dump``; raise ``ValueError`` where it does not fit."""
    try:
        database = hyperscan.loadb(dumped, hyperscan.HS_MODE_BLOCK)
        database.scratch = hyperscan.Scratch(database)
    except hyperscan.error as error:
        raise ValueError(f"the compiled index cannot be loaded: {error}") from error
    return _index(signatures, database, words)


def _index(
    signatures: tuple[Signature, ...], database: hyperscan.Database, words: Vocabulary
) -> Index:
    doubt = re.compile("|".join(f"(?:{each})" for each in _scoped(words.doubts.patterns)).encode())
    return Index(
        signatures=signatures,
        database=database,
        aliases=dict(words.aliases),
        fields=_by_field(signatures),
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
            hyperscan.Database().compile(expressions=[signature.pattern.encode()], flags=[_FLAGS])
        except hyperscan.error as error:
            return PackError(f"hyperscan refuses the pattern: {error}", field=signature.id)
    return PackError(f"hyperscan refuses the patterns together: {message}")
