"""Put what a batch of devices comes to into the shape of the ``classify`` contract."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.model.attribution import Conclusion
from camaudit.model.batches import shared
from camaudit.model.packs import MakerPacks, Signature

from .classifier import Classified

#: Values are shown in evidence up to this many characters; the rest adds nothing to a reason.
SHOWN: Final = 1000


class EvidenceLine(msgspec.Struct, frozen=True):
    """One reason: a signature that matched a field's value, and one thing that it proves."""

    signature: str
    field: str
    value: str
    proves: str
    maker: str | None
    weight: str


class AspectLine(msgspec.Struct, frozen=True):
    """The best supported maker of one aspect."""

    maker: str | None
    confidence: float | None


class ConflictLine(msgspec.Struct, frozen=True):
    """Makers that the evidence of one aspect cannot choose between."""

    aspect: str
    makers: list[str]
    evidence: list[int]


class DeviceLine(msgspec.Struct, frozen=True):
    """What ``classify`` writes for a device; this shape is kept stable."""

    device: str
    kind: str
    kind_confidence: float | None
    maker: str | None
    maker_aspect: str | None
    maker_confidence: float | None
    aspects: dict[str, AspectLine]
    brand: str | None
    model: str | None
    firmware_version: str | None
    capabilities: list[str]
    conflicts: list[ConflictLine]
    evidence: list[EvidenceLine]


class OtherLine(DeviceLine, frozen=True):
    """The same of a device of which reasons are left out as people's words."""

    evidence_left_out: int


def device_lines(found: Classified, packs: MakerPacks) -> Iterator[DeviceLine]:
    """Yield one line a device, in the order of the batch."""
    signatures, fields, values, doubted = found.signals.columns[:4]
    reasons = [
        evidence_lines(packs, *row)
        for row in zip(
            signatures.to_pylist(),
            fields.to_pylist(),
            shared(shown(values)),
            doubted.to_pylist(),
            strict=True,
        )
    ]
    aspects = [
        {each.aspect.value: AspectLine(each.maker, share(each.confidence)) for each in one.aspects}
        for one in found.conclusions
    ]
    models, versions = (found.captured(name).to_pylist() for name in ("model", "version"))
    bounds = found.offsets.tolist()
    members = found.members.tolist()
    left_out = [] if found.left_out is None else found.left_out.tolist()
    for place, (device, code) in enumerate(
        zip(found.devices.to_pylist(), found.codes.tolist(), strict=True)
    ):
        one = found.conclusions[code]
        mine = [reasons[at] for at in members[bounds[place] : bounds[place + 1]]]
        line = DeviceLine(
            device=device,
            kind=one.kind.value,
            kind_confidence=share(one.kind_confidence),
            maker=one.maker,
            maker_aspect=one.maker_aspect,
            maker_confidence=share(one.maker_confidence),
            aspects=aspects[code],
            brand=one.brand,
            model=models[place],
            firmware_version=versions[place],
            capabilities=list(one.capabilities),
            conflicts=conflict_lines(one, mine) if one.conflicts else [],
            evidence=[reason for reasons_of in mine for reason in reasons_of],
        )
        yield _without(line, left_out[place]) if left_out and left_out[place] else line


def _without(line: DeviceLine, count: int) -> OtherLine:
    return OtherLine(**msgspec.structs.asdict(line), evidence_left_out=count)


def conflict_lines(one: Conclusion, mine: list[list[EvidenceLine]]) -> list[ConflictLine]:
    """Return the conflicts of a device, each with the places of its evidence."""
    lines = [line for each in mine for line in each]
    return [
        ConflictLine(
            aspect.value,
            list(makers),
            [
                place
                for place, line in enumerate(lines)
                if line.proves == aspect.value and line.maker in makers
            ],
        )
        for aspect, makers in one.conflicts
    ]


def share(probability: float | None) -> float | None:
    """Return a probability as the contract writes it."""
    return None if probability is None else round(probability, 4)


def evidence_lines(
    packs: MakerPacks,
    number: int,
    field: str,
    value: str,
    doubted: bool,  # noqa: FBT001
) -> list[EvidenceLine]:
    """Return one line for each thing that a signal proves; ``value`` is as it is ``shown``."""
    signature = packs.signatures[number]
    weight = packs.vocabulary.doubts.weight if doubted else signature.weight
    return [
        EvidenceLine(signature.id, field, value, word, signature.maker, weight)
        for word in proves(signature)
    ]


def shown(values: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return values as text of at most ``SHOWN`` characters, each distinct one once."""
    return pa.DictionaryArray.from_arrays(values.indices, _texts(values.dictionary))


def _texts(values: pa.BinaryArray) -> pa.StringArray:
    if (pc.max(pc.binary_length(values)).as_py() or 0) <= SHOWN:
        with contextlib.suppress(pa.ArrowInvalid):  # some are not UTF-8
            return values.cast(pa.string())
    heads = pc.binary_slice(values, 0, SHOWN * 4)
    texts = (value.decode("utf-8", "replace")[:SHOWN] for value in heads.to_pylist())
    return pa.array(texts, pa.string())


def proves(signature: Signature) -> tuple[str, ...]:
    """Return what a match of a signature proves, one word a line of evidence."""
    if signature.proves:
        return tuple(aspect.value for aspect in signature.proves)
    if signature.kinds:
        return ("kind",)
    return ("capability",) if signature.capabilities else ("value",)
