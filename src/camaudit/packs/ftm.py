"""Read FollowTheMoney entities: which makers of ours own which, and where they are registered.

An entity is ``{"id", "schema", "properties": {name: [values]}}``. Companies are matched to makers
by their whole name and by nothing else; ``Ownership`` (owner, asset, dates) and the ``parent`` of a
company tie them. Other entities, people above all, are counted and not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker

from .opinions.hints import names_of, plain_name

#: Schemata of FollowTheMoney that describe an organisation.
_ORGANISATIONS: Final = frozenset({"Company", "LegalEntity", "Organization", "PublicBody"})
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
#: Ours. Values of one property, and entities that are one maker.
_MAX_VALUES: Final = 1000


@dataclass(frozen=True, slots=True)
class Owned:
    """One maker of ours owned by another; dates as exactly as they are given."""

    maker: MakerId
    owner: MakerId
    since: str = ""
    until: str = ""


@dataclass(slots=True)
class Found:
    """What entities say of our makers."""

    owned: dict[Owned, None] = field(default_factory=dict)
    jurisdictions: dict[MakerId, set[str]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


class Entities:
    """Two passes over the entities: first ``learn`` each, then ``tie`` each."""

    def __init__(self, makers: Iterable[Maker]) -> None:
        self._names = names_of(makers)
        self._known: dict[str, MakerId] = {}
        self.found = Found()

    def learn(self, entity: Mapping[str, Any]) -> None:
        """Remember an entity that is one of our makers."""
        schema, properties = str(entity.get("schema")), _properties(entity)
        if schema not in _ORGANISATIONS:
            if schema != "Ownership":
                self.found.left_out[f"entities of the schema {str(schema)[:40]}"] += 1
            return
        matched = {
            self._names[name]
            for name in map(plain_name, _texts(properties, "name"))
            if name in self._names
        }
        if len(matched) != 1:
            what = "several makers of ours" if matched else "no maker of ours"
            self.found.left_out[f"organisations whose name is that of {what}"] += 1
            return
        (maker,) = matched
        self._known[str(entity.get("id", ""))] = maker
        for code in _texts(properties, "jurisdiction"):
            if re.fullmatch(r"[a-zA-Z]{2}", code):
                self.found.jurisdictions.setdefault(maker, set()).add(code.upper())

    def tie(self, entity: Mapping[str, Any]) -> None:
        """Take a tie between two makers that were learnt."""
        properties = _properties(entity)
        if entity.get("schema") == "Ownership":
            ends = (_ids(properties, "asset"), _ids(properties, "owner"))
            since, until = _day(properties, "startDate"), _day(properties, "endDate")
        else:
            ends, since, until = ([str(entity.get("id", ""))], _ids(properties, "parent")), "", ""
        for asset in ends[0]:
            for owner in ends[1]:
                self._tie(asset, owner, since, until)

    def _tie(self, asset: str, owner: str, since: str, until: str) -> None:
        maker, other = self._known.get(asset), self._known.get(owner)
        if maker is None or other is None:
            self.found.left_out["ownerships with an end that is no maker of ours"] += 1
        elif maker == other:
            self.found.left_out["ownerships within one maker"] += 1
        else:
            self.found.owned[Owned(maker, other, since, until)] = None


def _properties(entity: Mapping[str, Any]) -> Mapping[str, Any]:
    found = entity.get("properties")
    return found if isinstance(found, dict) else {}


def _texts(properties: Mapping[str, Any], name: str) -> list[str]:
    values = properties.get(name)
    return [each for each in values if isinstance(each, str)] if isinstance(values, list) else []


def _ids(properties: Mapping[str, Any], name: str) -> list[str]:
    """Return the ids that a property points to; in nested files the entity itself stands there."""
    values = properties.get(name)
    found = values[:_MAX_VALUES] if isinstance(values, list) else []
    return [
        each if isinstance(each, str) else str(each.get("id", ""))
        for each in found
        if isinstance(each, str | dict)
    ]


def _is_day(text: str) -> bool:
    """Tell whether a year, month or day is in the calendar."""
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def _day(properties: Mapping[str, Any], name: str) -> str:
    for text in _texts(properties, name):
        found = _DAY.match(text)
        if found and _is_day(found[0]):
            return found[0]
    return ""
