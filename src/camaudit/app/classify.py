"""The ``classify`` use case: observations in, one explained line a device out; needs no estate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import pyarrow as pa

from camaudit.model.attribution import AspectAnswer, Evidence
from camaudit.model.observation import Problem
from camaudit.model.packs import MakerPacks, Signature
from camaudit.signals import match

from .expand import Expander
from .packset import PackSet

#: Values are shown in evidence up to this many characters; the rest adds nothing to a reason.
SHOWN: Final = 1000
#: Problems kept in full; beyond it they are only counted.
MAX_PROBLEMS: Final = 1000


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


@dataclass(slots=True)
class Tally:
    """What was read, for the closing line on standard error."""

    observations: int = 0
    devices: int = 0
    rejected: int = 0
    cut: int = 0
    undecoded: int = 0
    unknown_words: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Count a problem, and keep it while there is room."""
        self.rejected += problem.rejected
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)


class Collector:
    """Gather the signals of each device over any number of batches, in any order."""

    def __init__(self, packs: PackSet) -> None:
        self._packs = packs
        self._aliases = packs.index.aliases
        self._expander = Expander(packs.registry, packs.index.aliases)
        self._known = {word.key for word in packs.makers.vocabulary.fields}
        self._evidence: dict[tuple[int, str, bytes], Evidence] = {}
        self._devices: dict[str, dict[int, Evidence]] = {}
        self.tally = Tally()

    def add(self, batch: pa.RecordBatch) -> None:
        """Match one batch of observations and file its signals under their devices."""
        self.tally.observations += batch.num_rows
        for name in batch.column("device").unique().to_pylist():
            self._devices.setdefault(name, {})
        self._count_words(batch)
        for part in self._expander.expand(batch):
            self._match(part)
        self.tally.undecoded = self._expander.undecoded
        self.tally.devices = len(self._devices)

    def _match(self, batch: pa.RecordBatch) -> None:
        found = match(batch, self._packs.index)
        self.tally.cut += found.cut
        if not found.occurrences.num_rows:
            return
        evidence = [self._keep(row) for row in _rows(found.signals)]
        subjects = batch.column("device").take(found.occurrences.column("row"))
        coded = subjects.dictionary_encode()
        mine = [self._devices[name] for name in coded.dictionary.to_pylist()]
        for device, signal in zip(
            coded.indices.to_pylist(), found.occurrences.column("signal").to_pylist(), strict=True
        ):
            each = evidence[signal]
            mine[device][id(each)] = each

    def _keep(self, row: tuple[Any, ...]) -> Evidence:
        """Return the one object for this signal, however many batches it turns up in."""
        place = row[:3]
        known = self._evidence.get(place)
        if known is None:
            known = self._evidence[place] = Evidence(
                signature=row[0],
                field=row[1],
                value=row[2],
                doubted=row[3],
                model=row[4],
                version=row[5],
                serial=row[6],
                made_on=row[7],
                built_on=row[8],
                captured=any(row[4:]),
            )
        return known

    def devices(self) -> Iterator[tuple[str, list[Evidence]]]:
        """Yield each device with its distinct evidence, in order of first appearance."""
        for name, evidence in self._devices.items():
            yield name, list(evidence.values())

    def _count_words(self, batch: pa.RecordBatch) -> None:
        pairs = pa.table(
            {
                "p": batch.column("protocol").cast(pa.string()),
                "f": batch.column("field").cast(pa.string()),
            }
        )
        counted = pairs.group_by(["p", "f"]).aggregate([([], "count_all")])
        for row in counted.to_pylist():
            key = f"{row['p']}.{row['f']}"
            if self._aliases.get(key, key) not in self._known and not self._is_raw(row["f"]):
                words = self.tally.unknown_words
                words[key] = words.get(key, 0) + row["count_all"]

    @staticmethod
    def _is_raw(name: str) -> bool:
        return name == "response" or name.endswith("Response")


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def classify(
    batches: Iterable[pa.RecordBatch | Problem], packs: PackSet, tally: Tally | None = None
) -> Iterator[DeviceLine]:
    """Yield one line a device, in the order in which devices first appear."""
    collector = Collector(packs)
    writer = LineWriter(packs)
    if tally is not None:
        collector.tally = tally
    for item in batches:
        if isinstance(item, pa.RecordBatch):
            collector.add(item)
        elif isinstance(item, Problem):
            collector.tally.add(item)
    for device, evidence in collector.devices():
        yield writer.line(device, evidence)


class LineWriter:
    """Attribute devices and put the answers into the shape of the contract."""

    def __init__(self, packs: PackSet) -> None:
        self._packs = packs
        self._lines: dict[int, list[EvidenceLine]] = {}
        self._aspects: dict[int, tuple[tuple[AspectAnswer, ...], dict[str, AspectLine]]] = {}

    def line(self, device: str, evidence: list[Evidence]) -> DeviceLine:
        """Return the line of one device."""
        found = self._packs.attributor.attribute(evidence)
        lines: list[EvidenceLine] = []
        starts: list[int] = []
        for each in evidence:
            mine = self._lines.get(id(each))
            if mine is None:
                mine = self._lines[id(each)] = _evidence_lines(each, self._packs.makers)
            starts.append(len(lines))
            lines += mine
        return DeviceLine(
            device=device,
            kind=found.kind.value,
            kind_confidence=_share(found.kind_confidence),
            maker=found.maker,
            maker_aspect=found.maker_aspect,
            maker_confidence=_share(found.maker_confidence),
            aspects=self._aspect_lines(found.aspects),
            brand=found.brand,
            model=found.model,
            firmware_version=found.firmware_version,
            capabilities=list(found.capabilities),
            conflicts=[]
            if not found.conflicts
            else [
                ConflictLine(
                    each.aspect.value,
                    list(each.makers),
                    [
                        starts[at] + offset
                        for at in each.evidence
                        for offset, line in enumerate(self._lines[id(evidence[at])])
                        if line.proves == each.aspect.value
                    ],
                )
                for each in found.conflicts
            ],
            evidence=lines,
        )

    def _aspect_lines(self, answers: tuple[AspectAnswer, ...]) -> dict[str, AspectLine]:
        """Return the aspects' lines; conclusions share them, so they are made once."""
        known = self._aspects.get(id(answers))
        if known is None or known[0] is not answers:
            lines = {
                each.aspect.value: AspectLine(each.maker, _share(each.confidence))
                for each in answers
            }
            known = self._aspects[id(answers)] = (answers, lines)
        return known[1]


def _share(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _evidence_lines(evidence: Evidence, packs: MakerPacks) -> list[EvidenceLine]:
    """Return one line for each thing that a signal proves."""
    signature = packs.signatures[evidence.signature]
    weight = packs.vocabulary.doubts.weight if evidence.doubted else signature.weight
    value = evidence.value[: SHOWN * 4].decode("utf-8", "replace")[:SHOWN]
    return [
        EvidenceLine(signature.id, evidence.field, value, proves, signature.maker, weight)
        for proves in _proves(signature)
    ]


def _proves(signature: Signature) -> tuple[str, ...]:
    if signature.proves:
        return tuple(aspect.value for aspect in signature.proves)
    if signature.kinds:
        return ("kind",)
    return ("capability",) if signature.capabilities else ("value",)
