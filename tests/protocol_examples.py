"""Read the examples beside a protocol's code; the laws, the properties and the fuzzer share them.

1. ``<case>.txt`` is text whose line ends stand for CRLF, ``<case>.bin`` is exact bytes,
   ``<case>.hex`` is hexadecimal with white space. ``<case>.json`` beside it says what to expect.
2. A counter-example names the words that its ``DecodeError`` must hold, under ``refused``.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.resources import files
from types import ModuleType
from typing import Final

import msgspec

_SUFFIXES: Final = (".txt", ".bin", ".hex")


class _Expected(msgspec.Struct, forbid_unknown_fields=True):
    codec: str
    provenance: str
    expands: str | None = None
    canonical: bool = False
    seen: list[tuple[str, str]] = msgspec.field(default_factory=list)
    anomalies: list[str] = msgspec.field(default_factory=list)
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Bytes of one message, and what reading them must give.

    Attributes:
        case: The name of the files, without suffix.
        data: The bytes.
        codec: Which of the protocol's codecs reads them.
        expands: The observation key whose expansion must give ``seen``; ``None`` where refused.
        canonical: Whether encoding the message must give ``data`` again.
        seen: Keys (``protocol.field``) and values, in order.
        anomalies: Codes that the message must carry, in order.
        refused: Words of the ``DecodeError``; ``None`` where the bytes decode.
        provenance: Where the bytes come from.
    """

    case: str
    data: bytes
    codec: str
    expands: str | None
    canonical: bool
    seen: tuple[tuple[str, str], ...]
    anomalies: tuple[str, ...]
    refused: str | None
    provenance: str


def folder_of(protocol: str) -> str:
    """Return the package of a protocol: its id, with the hyphens that a name cannot have."""
    return f"camaudit.sources.protocols.{protocol.replace('-', '_')}"


def codec_module(protocol: str) -> ModuleType:
    """Return the codec of a protocol."""
    return importlib.import_module(f"{folder_of(protocol)}.codec")


def load_examples(protocol: str) -> tuple[Example, ...]:
    """Return the examples of a protocol folder, sorted by case."""
    folder = files(folder_of(protocol)) / "examples"
    found = {entry.name: entry.read_bytes() for entry in folder.iterdir()}
    cases = sorted(name.removesuffix(".json") for name in found if name.endswith(".json"))
    unexplained = {name.rpartition(".")[0] for name in found} - set(cases)
    if unexplained:
        raise ValueError(f"{protocol}: no .json beside example {min(unexplained)}")
    return tuple(_example(case, found) for case in cases)


def _example(case: str, found: dict[str, bytes]) -> Example:
    expected = msgspec.json.decode(found[f"{case}.json"], type=_Expected)
    (name,) = (case + suffix for suffix in _SUFFIXES if case + suffix in found)
    return Example(
        case=case,
        data=_data(name, found[name]),
        codec=expected.codec,
        expands=expected.expands,
        canonical=expected.canonical,
        seen=tuple(expected.seen),
        anomalies=tuple(expected.anomalies),
        refused=expected.refused,
        provenance=expected.provenance,
    )


def _data(name: str, raw: bytes) -> bytes:
    if name.endswith(".hex"):
        return bytes.fromhex(raw.decode("ascii"))
    return raw.replace(b"\n", b"\r\n") if name.endswith(".txt") else raw
