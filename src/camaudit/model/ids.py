"""Identifiers, and the one canonical encoding that they are digests of.

Produced by: app and importers (observations), estate (devices), packs (the rest).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NewType

ObservationId = NewType("ObservationId", bytes)
ArtefactDigest = NewType("ArtefactDigest", bytes)
DeviceId = NewType("DeviceId", str)
SiteId = NewType("SiteId", str)
BodyId = NewType("BodyId", str)
MakerId = NewType("MakerId", str)
SignatureId = NewType("SignatureId", str)
RequirementId = NewType("RequirementId", str)

_LENGTH_BYTES = 8


def canonical(parts: Iterable[bytes]) -> bytes:
    """Encode byte strings so that no two different sequences give the same result.

    Each part is preceded by its length as eight big-endian bytes.
    """
    return b"".join([len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts])


def observation_id(
    subject: str, protocol: str, field: str, value: bytes, artefact: bytes, position: str
) -> ObservationId:
    """Return the SHA-256 that names one observation; the import time is not part of it."""
    parts = (
        subject.encode(),
        protocol.encode(),
        field.encode(),
        value,
        artefact,
        position.encode(),
    )
    return ObservationId(hashlib.sha256(canonical(parts)).digest())


def observation_ids(
    rows: Iterable[tuple[str, str, str, bytes, str]], artefact: bytes
) -> Iterator[ObservationId]:
    """Yield ``observation_id`` of each (subject, protocol, field, value, position) of a file.

    The encoding of a sequence is its parts' encodings in a row, so each text is encoded once.
    """
    known = _Encoded()
    tail = canonical((artefact,))
    sha256 = hashlib.sha256
    for subject, protocol, field, value, position in rows:
        length = len(value).to_bytes(_LENGTH_BYTES, "big")
        start = known[subject] + known[protocol] + known[field]
        yield ObservationId(sha256(start + length + value + tail + known[position]).digest())


class _Encoded(dict[str, bytes]):
    """The canonical encoding of each text that was asked for."""

    def __missing__(self, text: str) -> bytes:
        encoded = self[text] = canonical((text.encode(),))
        return encoded


def observation_digests(
    salts: Iterable[bytes], ids: Iterable[bytes], seen: Iterable[int | None]
) -> Iterator[bytes]:
    """Yield ``content_digest(salt, (id, seen))`` of each observation; salts are of one length."""
    sha256, known = hashlib.sha256, _Encoded()
    length = b""
    id_length = hashlib.sha256().digest_size.to_bytes(_LENGTH_BYTES, "big")
    for salt, name, seen_at in zip(salts, ids, seen, strict=True):
        length = length or len(salt).to_bytes(_LENGTH_BYTES, "big")
        yield sha256(length + salt + id_length + name + known[str(seen_at)]).digest()


def content_digest(salt: bytes, parts: Iterable[bytes]) -> bytes:
    """Return the salted SHA-256 of a stored row, which stays when the content is erased."""
    return hashlib.sha256(canonical((salt, *parts))).digest()
