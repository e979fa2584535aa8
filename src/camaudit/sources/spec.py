"""What a protocol folder and an importer folder must declare, and how they are found.

1. A folder below ``protocols`` or ``importers`` that holds a ``SPEC`` is registered; nothing else
   is edited to add one.
2. Nothing here opens a file or a socket.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import BinaryIO, TypeAlias

import pyarrow as pa

from camaudit.model.observation import Body, Problem, Seen, Site


class Intrusiveness(StrEnum):
    """What asking costs the device. There is no fifth level: no passwords, no changes."""

    PASSIVE = "passive"
    POLITE = "polite"
    PROBING = "probing"
    CREDENTIALED = "credentialed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolSpec:
    """A discovery protocol: how it is spoken, and how its replies become observations.

    ``expands`` maps an observation key (``http.response``, or ``onvif.*Response`` with one ``*``)
    to the function that reads its value into further fields. The function raises only
    ``DecodeError``.
    """

    id: str
    title: str
    transport: str
    ports: tuple[int, ...]
    intrusiveness: Intrusiveness
    reference: str
    expands: Mapping[str, Callable[[bytes], Iterable[Seen]]]


#: What an importer yields, in any order.
Item: TypeAlias = pa.RecordBatch | Problem | Body | Site


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the operator said about a file."""

    name: str = ""
    #: Header as it stands in the file (folded case) -> our column word; outranks guessing.
    mapping: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImporterSpec:
    """A file format: how it is recognised and read.

    ``sniff`` gets the file name and its first 64 KiB and answers how sure it is, 0 to 100.
    ``read`` takes a seekable binary stream; it yields bounded record batches of
    ``model.schemas.OBSERVATIONS`` (``artefact`` null: the caller knows it), bodies, sites and
    ``Problem`` values; it raises ``SourceError`` only where the file as a whole cannot be read.
    """

    id: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[str, bytes], int]
    read: Callable[[BinaryIO, ReadOptions], Iterator[Item]]


def find_specs(package: str) -> Iterator[object]:
    """Yield the ``SPEC`` of each folder directly below ``package``, sorted by name."""
    parent = importlib.import_module(package)
    for module in sorted(pkgutil.iter_modules(parent.__path__), key=lambda found: found.name):
        if module.ispkg:
            yield importlib.import_module(f"{package}.{module.name}").SPEC
