"""Read the closed word lists that packs are written in."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

from camaudit.model.packs import Band, Doubts, FieldWord, Vocabulary, Weight
from camaudit.model.words import Firmness

from .strict import Document, parse, validate

FILES = ("fields.yaml", "weights.yaml", "bands.yaml", "capabilities.yaml", "doubts.yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Fields(_Strict):
    groups: dict[str, dict[str, str]]
    sets: dict[str, list[str]]
    aliases: dict[str, str]


class _Weight(_Strict):
    id: str
    log_odds: float
    says: str


class _Weights(_Strict):
    prior_log_odds: float
    reported_cap: float
    weights: list[_Weight]
    firmness: dict[str, float]


class _Band(_Strict):
    id: str
    at_least: float
    says: str


class _Bands(_Strict):
    bands: list[_Band]


class _Doubts(_Strict):
    weight: str
    fields: list[str]
    patterns: list[str]


class _Capabilities(_Strict):
    capabilities: dict[str, str]


def load_vocabulary(contents: dict[str, bytes]) -> Vocabulary:
    """Build the vocabulary from the four files of ``data/vocab``, by file name."""
    documents = {name: parse(contents[name], f"vocab/{name}") for name in FILES}
    fields = validate(documents["fields.yaml"], _Fields)
    weights = validate(documents["weights.yaml"], _Weights)
    bands = validate(documents["bands.yaml"], _Bands)
    capabilities = validate(documents["capabilities.yaml"], _Capabilities)
    known = {key for group in fields.groups.values() for key in group}
    _check_references(documents["fields.yaml"], fields, known)
    return Vocabulary(
        fields=tuple(
            FieldWord(key=key, group=group, says=says)
            for group, words in fields.groups.items()
            for key, says in words.items()
        ),
        field_sets=tuple((name, tuple(keys)) for name, keys in fields.sets.items()),
        aliases=tuple(sorted(fields.aliases.items())),
        weights=tuple(Weight(id=w.id, log_odds=w.log_odds, says=w.says) for w in weights.weights),
        bands=tuple(Band(id=b.id, at_least=b.at_least, says=b.says) for b in bands.bands),
        firmness=_firmness(documents["weights.yaml"], weights.firmness),
        capabilities=tuple(capabilities.capabilities.items()),
        doubts=_doubts(documents["doubts.yaml"], known, [each.id for each in weights.weights]),
        prior_log_odds=weights.prior_log_odds,
        reported_cap=weights.reported_cap,
    )


def _check_references(document: Document, fields: _Fields, known: set[str]) -> None:
    for name, keys in fields.sets.items():
        for at, key in enumerate(keys):
            if key not in known:
                raise document.error(("sets", name, at), f"unknown field {key}")
    for alias, key in fields.aliases.items():
        if key not in known or alias in known:
            raise document.error(("aliases", alias), f"does not lead from a new word to {key}")


def _doubts(document: Document, fields: set[str], weights: list[str]) -> Doubts:
    raw = validate(document, _Doubts)
    for at, key in enumerate(raw.fields):
        if key not in fields:
            raise document.error(("fields", at), f"unknown field {key}")
    if raw.weight not in weights:
        raise document.error(("weight",), f"{raw.weight!r} is none of {', '.join(weights)}")
    for at, pattern in enumerate(raw.patterns):
        try:
            re.compile(pattern.encode())
        except re.error as error:
            raise document.error(("patterns", at), f"does not compile: {error}") from error
    return Doubts(weight=raw.weight, fields=tuple(raw.fields), patterns=tuple(raw.patterns))


def _firmness(document: Document, given: dict[str, float]) -> tuple[tuple[Firmness, float], ...]:
    if set(given) != set(Firmness):
        raise document.error(("firmness",), f"must name exactly {', '.join(Firmness)}")
    return tuple((Firmness(word), share) for word, share in given.items())
