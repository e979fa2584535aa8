"""The JSON Schema of a policy pack: from the file's shape and the fact vocabulary, never by hand.

Editors can check a pack against it while it is written. What needs the whole pack (that a citation
exists, that days do not overlap, that examples hold) only `camaudit packs verify` can tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from camaudit.model.packs import Vocabulary
from camaudit.model.policy import FactType, FactWord, Operator
from camaudit.model.words import Kind

from .conditions import ASKED_OF
from .policy_schema import RawPack

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_CONDITION: Final = {"$ref": "#/$defs/Condition"}
_SLUG: Final = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"}
#: What ends the name of a fact that stands once for each clause or exception of a pack.
_EACH: Final = ".*"


def policy_json_schema(facts: Iterable[FactWord], words: Vocabulary) -> dict[str, Any]:
    """Return the schema of `pack.yaml`, with the conditions that can be asked of these facts."""
    schema = RawPack.model_json_schema(by_alias=True)
    bands = [band.id for band in words.bands]
    parts = schema["$defs"]["RawPart"]["properties"]
    parts["when"] = _CONDITION
    schema["$defs"]["RawEquipment"]["properties"]["kinds"]["items"] = {"enum": sorted(Kind)}
    schema["$defs"]["Condition"] = {
        "description": "A question to one fact, a choice, or a combination of conditions.",
        "anyOf": [*_combinations(), *(each for fact in facts for each in _questions(fact, bands))],
    }
    return {
        "$schema": DIALECT,
        **schema,
        "title": "A policy pack of camaudit",
        "description": "The file pack.yaml: one instrument, every clause, and where it was read.",
    }


def _combinations() -> Iterator[dict[str, Any]]:
    for word in ("all", "any"):
        yield _object({word: {"type": "array", "items": _CONDITION, "minItems": 1}})
    yield _object({"not": _CONDITION})
    yield _object({"choice": _SLUG, "is": _SLUG})


def _questions(fact: FactWord, bands: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Give one object for each operator that the fact may be asked with."""
    for operator, types in ASKED_OF.items():
        if fact.type not in types:
            continue
        asked = {"fact": _name(fact.name), operator.value: _value(operator, fact)}
        if operator is Operator.IN_GROUP:
            asked["band"] = {"enum": list(bands)}
        yield _object(asked) | {"description": f"{fact.says[:1].upper()}{fact.says[1:]}."}


def _name(name: str) -> dict[str, Any]:
    if not name.endswith(_EACH):
        return {"const": name}
    stem = name.removesuffix(_EACH)
    return {"type": "string", "pattern": rf"^{stem}\.[a-z0-9][a-z0-9_-]*$"}


def _value(operator: Operator, fact: FactWord) -> dict[str, Any]:
    if operator is Operator.IN_GROUP:
        return _SLUG
    if operator is Operator.AT_LEAST:
        return {"type": "number"}
    if operator in {Operator.BEFORE, Operator.ON_OR_AFTER}:
        return {"type": "string", "format": "date"}
    if operator is Operator.EXISTS or fact.type is not FactType.TEXT:
        return {"type": "boolean"}
    told = [word for word in fact.words if word not in fact.unknown]
    word = {"enum": told} if told else {"type": "string"}
    return word if operator is Operator.IS else {"type": "array", "items": word, "minItems": 1}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
