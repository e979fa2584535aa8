"""Small packs, written where a test needs a rule that no shipped pack has; and the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final

from camaudit.model.packs import Maker
from camaudit.model.policy import Policy, Verdict
from camaudit.packs.load import maker_packs, vocabulary
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.policy import compile_policy, explain
from tests.unit.policy.rows import MAKERS, maker, owned_by

SHIPPED: Final = find_pack_files()
TODAY: Final = date(2026, 11, 26)

#: Stand-ins: one that lists name, what it owns, and others.
PEOPLE: Final = (*MAKERS, maker("named", "CN"), maker("child", "GB", owned_by("named")))

#: A body's camera by a maker that is not covered by anything.
ROW: Final[Mapping[str, Any]] = {
    "body.kind": "department",
    "device.surveillance": True,
    "device.kind": "camera",
    "device.producer": "elsewhere",
    "device.producer.confidence": 0.95,
    "device.producer.clean": True,
    "device.producer.basis": "evidenced",
    "device.present": True,
    "device.state": "in_service",
    "event.kind": "possess",
    "decisions": "",
    "exceptions": "",
}

_PACK: Final = """\
pack:
  id: {id}
  version: "1"
  title: A pack for a test
  jurisdiction: GB
  issuer: a test
  instrument_kind: statute
  legal_force: binding
  as_of: 2026-11-26
  tests: item
  supersedes: []
  clauses: [one]
  citations:
    - id: text
      locator: Section 1 of it
      url: https://example.org/
      retrieved: 2026-11-26
      quote: null
      confidence: verified
  interpretation_notes: []
validity:
  announced: 2020-01-01
  in_force_from: 2020-01-01
  in_force_to: null
  suspended: []
  superseded_by: null
  not_yet: It was not yet in force.
  ended: It was no longer in force.
choices: {{}}
binds:
  relation: [owner, operator]
  usual: department
  parts:
    - when: {{fact: body.kind, is: {body}}}
      otherwise: It does not bind such a body.
      settle_first: true
entities:
  listed:
    says: the company that is named and what it controls
    named: [{{maker: named}}]
    reach: controlled
equipment: {{kinds: [camera], component_depth: whole_device, networked: any}}
site: {{}}
event: {{}}
requirements:
  - id: one
    clause: one
    title: Take it down where it stands
    quote: "In our words: take it down"
    citations: [text]
    obligation: {{action: remove, strength: must, deadline: {{kind: none}}}}
    check: automated
    {extra}
    forbidden:
      - when: {forbidden}
        otherwise: The company that is named did not make it.
        not_examined: [components]
    breaches: The company that is named made it.
    can_give: [meets, breaches, cannot_tell, not_applicable]
exceptions: []
evidence: {{hold: [], retention: null, signed_by: null, note: nothing is asked for}}
"""


def pack_text(
    name: str = "small",
    *,
    body: str = "department",
    forbidden: str = "{fact: device.producer, in_group: listed, band: probable}",
    extra: str = "",
) -> str:
    """Return the text of a pack with one clause: ``forbidden`` is its condition."""
    return _PACK.format(id=name, body=body, forbidden=forbidden, extra=extra)


def pack_files(**packs: str) -> PackFiles:
    """Return the shipped vocabulary with these packs, and no others, by folder."""
    contents = {
        name: data for name, data in SHIPPED.contents.items() if not name.startswith("policies/")
    }
    for name, text in packs.items():
        contents |= {
            f"policies/{name}/pack.yaml": text.encode(),
            f"policies/{name}/examples.yaml": b"makers: []\nusual: {}\nexamples: []\n",
            f"policies/{name}/SOURCES.md": b"A test.\n",
        }
    return replace(SHIPPED, contents=contents)


def load(**packs: str) -> dict[str, Policy]:
    """Load packs from their text."""
    found = load_policies(pack_files(**packs), vocabulary(SHIPPED)).policies
    return {each.id: each for each in found}


def small(**more: Any) -> Policy:
    """Return one small pack."""
    return load(small=pack_text(**more))["small"]


@cache
def shipped() -> dict[str, Policy]:
    """Return the shipped policies by id."""
    return {each.id: each for each in load_policies(SHIPPED, vocabulary(SHIPPED)).policies}


@cache
def makers() -> tuple[Maker, ...]:
    """Return the shipped makers."""
    return maker_packs(SHIPPED).makers


def judged(
    policy: Policy,
    row: Mapping[str, Any],
    at: date = TODAY,
    *,
    choices: Mapping[str, str] | None = None,
    people: tuple[Maker, ...] = PEOPLE,
) -> dict[str, Verdict]:
    """Return the verdicts of a policy by requirement, for ``ROW`` with ``row`` laid over it."""
    compiled = compile_policy(policy, people, at=at, choices=choices)
    return {each.requirement: each for each in explain(compiled, {**ROW, **row})}


def by_shipped(
    policy: str, row: Mapping[str, Any], at: date = TODAY, **choices: str
) -> dict[str, Verdict]:
    """Return the verdicts of a shipped policy, with the shipped makers."""
    return judged(shipped()[policy], row, at, choices=choices, people=makers())


def gaps(verdict: Verdict) -> set[str]:
    """Return the names of the facts that a verdict misses."""
    return {each.fact for each in verdict.gaps}
