"""The generated JSON Schema of policy packs takes every shipped pack and no slip of the pen.

It is read by the checker below, which knows the keywords that the schema uses and refuses others,
so that no part of the schema goes by unchecked.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest

from camaudit.packs.load import vocabulary
from camaudit.packs.policies import fact_words
from camaudit.packs.policy_json import policy_json_schema
from camaudit.packs.shipped import find_pack_files
from camaudit.packs.strict import parse

SHIPPED = find_pack_files()
PACKS = sorted(name for name in SHIPPED.contents if re.fullmatch("policies/.*/pack.yaml", name))
#: Keywords that say nothing about what is valid, and one that is only checked with a type.
NOTES = {"$schema", "$defs", "title", "description", "default", "format"}
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
}


@cache
def schema() -> dict[str, Any]:
    return policy_json_schema(fact_words(SHIPPED), vocabulary(SHIPPED))


def faults(value: Any, rule: dict[str, Any], where: str = "") -> Iterator[str]:
    """Give the places where a value is not what the schema says."""
    for keyword, says in rule.items():
        if keyword not in NOTES:
            yield from CHECKS[keyword](value, says, rule, where)


def wrong(where: str, *, ok: bool) -> Iterator[str]:
    if not ok:
        yield where


def _ref(value: Any, says: str, _: Any, where: str) -> Iterator[str]:
    return faults(value, schema()["$defs"][says.removeprefix("#/$defs/")], where)


def _any_of(value: Any, says: list[Any], _: Any, where: str) -> Iterator[str]:
    found = [list(faults(value, each, where)) for each in says]
    if all(found):
        # the deepest place tells most
        yield max((each[0] for each in found), key=len)


def _type(value: Any, says: str, _: Any, where: str) -> Iterator[str]:
    right = isinstance(value, TYPES[says]) and (says == "boolean" or not isinstance(value, bool))
    return wrong(where, ok=right)


def _properties(value: Any, says: dict[str, Any], _: Any, where: str) -> Iterator[str]:
    for name, rule in says.items():
        if isinstance(value, dict) and name in value:
            yield from faults(value[name], rule, f"{where}.{name}")


def _more(value: Any, says: Any, rule: dict[str, Any], where: str) -> Iterator[str]:
    patterns = rule.get("patternProperties", {})
    for name in value if isinstance(value, dict) else ():
        if name in rule.get("properties", {}) or any(re.search(each, name) for each in patterns):
            continue
        if says is False:
            yield f"{where}.{name}"
        else:
            yield from faults(value[name], says, f"{where}.{name}")


def _patterns(value: Any, says: dict[str, Any], _: Any, where: str) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        for pattern, rule in says.items():
            if re.search(pattern, name):
                yield from faults(value[name], rule, f"{where}.{name}")


def _items(value: Any, says: dict[str, Any], _: Any, where: str) -> Iterator[str]:
    for at, each in enumerate(value if isinstance(value, list) else ()):
        yield from faults(each, says, f"{where}[{at}]")


def _names(value: Any, says: dict[str, Any], _: Any, where: str) -> Iterator[str]:
    for name in value if isinstance(value, dict) else ():
        yield from faults(name, says, f"{where}.{name}")


CHECKS: dict[str, Any] = {
    "$ref": _ref,
    "anyOf": _any_of,
    "type": _type,
    "enum": lambda value, says, _, where: wrong(where, ok=value in says),
    "const": lambda value, says, _, where: wrong(where, ok=value == says),
    "properties": _properties,
    "patternProperties": _patterns,
    "propertyNames": _names,
    "additionalProperties": _more,
    "required": lambda value, says, _, where: wrong(
        where, ok=isinstance(value, dict) and set(says) <= set(value)
    ),
    "items": _items,
    "minItems": lambda value, says, _, where: wrong(
        where, ok=not isinstance(value, list) or len(value) >= says
    ),
    "minLength": lambda value, says, _, where: wrong(
        where, ok=not isinstance(value, str) or len(value) >= says
    ),
    "maxLength": lambda value, says, _, where: wrong(
        where, ok=not isinstance(value, str) or len(value) <= says
    ),
    "pattern": lambda value, says, _, where: wrong(
        where, ok=not isinstance(value, str) or re.search(says, value) is not None
    ),
}


def plain(value: Any) -> Any:
    """Return parsed YAML as JSON has it: days are text."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def pack(name: str = "policies/uk-2022-statement/pack.yaml") -> Any:
    return plain(parse(SHIPPED.contents[name], name).data)


@pytest.mark.parametrize("name", PACKS)
def test_every_shipped_pack_is_valid(name: str) -> None:
    assert list(faults(pack(name), schema())) == []


def changed(path: tuple[str | int, ...], value: Any) -> Any:
    found = copy.deepcopy(pack())
    inner = found
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return found


FORBIDDEN = ("requirements", 0, "forbidden", 0, "when")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("pack", "legal_force"), "strong"),
        (("pack", "colour"), "red"),
        (("pack", "as_of"), 2026),
        (("requirements", 0, "obligation", "strength"), "mustnt"),
        (("requirements", 0, "component_depth"), "very_deep"),
        (("equipment", "kinds"), ["cameras"]),
        (("requirements",), []),
        # a fact that the vocabulary does not have, a word that it does not have, a wrong operator
        (FORBIDDEN, {"fact": "device.makr", "in_group": "subject_to_law", "band": "probable"}),
        (FORBIDDEN, {"fact": "device.producer", "in_group": "subject_to_law"}),
        (FORBIDDEN, {"fact": "device.producer", "in_group": "subject_to_law", "band": "likely"}),
        (FORBIDDEN, {"fact": "body.kind", "is": "ministry"}),
        # "not known" is asked with `exists`
        (FORBIDDEN, {"fact": "body.kind", "is": "unknown"}),
        (FORBIDDEN, {"fact": "device.surveillance", "is": "yes"}),
        (FORBIDDEN, {"fact": "device.surveillance", "at_least": 1}),
        (FORBIDDEN, {"fact": "device.surveillance"}),
        (FORBIDDEN, {"fact": "decision.", "is": True}),
        (FORBIDDEN, {"all": []}),
        (FORBIDDEN, {"none": [{"fact": "device.surveillance", "is": True}]}),
        (FORBIDDEN, {"not": {"any": [{"fact": "nothing", "is": True}]}}),
        (FORBIDDEN, "device.producer"),
    ],
)
def test_a_slip_is_refused(path: tuple[str | int, ...], value: Any) -> None:
    assert list(faults(changed(path, value), schema()))


@pytest.mark.parametrize(
    "value",
    [
        {"fact": "device.producer", "in_group": "any-group", "band": "probable"},
        {"not": {"any": [{"fact": "decision.c", "is": True}, {"choice": "x", "is": "y"}]}},
        {"fact": "site.lease_ends", "before": "2027-01-01"},
        {"fact": "body.relation", "in": ["owner", "operator"]},
        {"fact": "device.producer.confidence", "at_least": 0.5},
    ],
)
def test_what_a_rule_may_ask_is_valid(value: Any) -> None:
    assert list(faults(changed(FORBIDDEN, value), schema())) == []


def test_every_fact_that_can_be_asked_stands_in_it() -> None:
    asked = {
        each["properties"]["fact"].get("const") or each["properties"]["fact"]["pattern"]
        for each in schema()["$defs"]["Condition"]["anyOf"]
        if "fact" in each["properties"]
    }
    names = {word.name for word in fact_words(SHIPPED)} - {
        "rule.in_force", "decision.*", "exception.*",
    }  # fmt: skip
    assert names <= asked
    assert len(asked) == len(names) + 2
