"""Facts and makers that the policy tests start from."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker, Tie
from camaudit.model.policy import Policy, Verdict
from camaudit.model.words import Confidence, Firmness, MakerKind, TieKind
from camaudit.packs.load import vocabulary
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import find_pack_files
from camaudit.policy import compile_policy, explain

IN_FORCE = date(2023, 8, 1)


def owned_by(
    owner: str,
    *,
    firmness: Firmness = Firmness.FIRM,
    since: date | None = None,
    until: date | None = None,
    models: str | None = None,
    tie: TieKind = TieKind.OWNED_BY,
    confidence: Confidence = Confidence.REPORTED,
) -> Tie:
    return Tie(
        to=MakerId(owner),
        tie=tie,
        firmness=firmness,
        from_date=since,
        to_date=until,
        scope=None,
        kinds=(),
        models=models,
        source="test",
        confidence=confidence,
    )


def maker(slug: str, jurisdiction: str | None, *ties: Tie) -> Maker:
    return Maker(
        id=MakerId(slug),
        kind=MakerKind.MANUFACTURER,
        names=(slug.title(), slug),
        jurisdiction=jurisdiction,
        jurisdiction_source=None,
        ties=ties,
        sources=(),
    )


MAKERS = (maker("subject", "CN"), maker("elsewhere", "SE"), maker("nowhere", None))

#: A department's camera by a covered maker on a sensitive site, there since February 2023.
USUAL: dict[str, Any] = {
    "body.kind": "department",
    "device.surveillance": True,
    "device.kind": "camera",
    "device.producer": "subject",
    "device.producer.confidence": 0.93,
    "device.producer.aspect": "firmware",
    "device.producer.clean": True,
    "device.producer.basis": "evidenced",
    "device.not_before": date(2023, 2, 1),
    "device.not_after": date(2023, 2, 28),
    "device.present": True,
    "device.state": "in_service",
    "device.networked": True,
    "device.core_connected": None,
    "site.sensitivity": "yes",
    "decisions": "",
}


@cache
def statement() -> Policy:
    files = find_pack_files()
    (policy,) = (
        each
        for each in load_policies(files, vocabulary(files)).policies
        if each.id == "uk-2022-statement"
    )
    return policy


def verdicts(
    facts: dict[str, Any] | None = None,
    *,
    at: date = IN_FORCE,
    choices: dict[str, str] | None = None,
) -> dict[str, Verdict]:
    """Judge ``USUAL`` with ``facts`` laid over it; the verdicts by clause."""
    compiled = compile_policy(statement(), MAKERS, at=at, choices=choices)
    return {each.clause: each for each in explain(compiled, {**USUAL, **(facts or {})})}
