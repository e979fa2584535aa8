"""Check every pack: strict loading, examples, counter-examples, and that all patterns compile."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from camaudit.attribution import assess_unit
from camaudit.model.advisories import Advisory, Answer, Unit
from camaudit.packs.advisories import FOLDER, advisory_files, load_advisories
from camaudit.packs.clouds import FOLDER as CLOUDS
from camaudit.packs.clouds import catalogue_of, cloud_files
from camaudit.packs.load import maker_digest, maker_files, vocabulary
from camaudit.packs.policies import policy_files, verify_policy
from camaudit.packs.shipped import find_pack_files
from camaudit.policy import judge
from camaudit.signals import compile_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was checked."""

    makers: int
    signatures: int
    maker_examples: int
    advisories: int
    advisory_examples: int
    services: int
    service_examples: int
    policies: int
    requirements: int
    policy_examples: int
    maker_digest: str
    advisory_digest: str
    cloud_digest: str
    policy_digest: str


def verify_packs(overlays: tuple[Path, ...] = ()) -> Verified:
    """Check the packs in force; raise ``PackError`` (file, line, field) on the first fault."""
    files = find_pack_files(overlays)
    words = vocabulary(files)
    makers = maker_files(files, words)
    signatures = tuple(signature for file in makers for signature in file.signatures)
    compile_index(signatures, words)
    advisories = advisory_files(files)
    load_advisories(files)
    clouds = cloud_files(files, {file.maker.id for file in makers})
    catalogue = catalogue_of(files, clouds)
    policies = policy_files(files, words)
    counts = [verify_policy(policy, judge) for policy in policies]
    return Verified(
        makers=len(makers),
        signatures=len(signatures),
        maker_examples=sum(file.check_examples() for file in makers),
        advisories=sum(len(file.advisories) for file in advisories),
        advisory_examples=sum(file.check_examples(_assess) for file in advisories),
        services=len(catalogue.services),
        service_examples=sum(file.check_examples(catalogue) for file in clouds),
        policies=len(policies),
        requirements=sum(each.requirements for each in counts),
        policy_examples=sum(each.examples for each in counts),
        maker_digest=maker_digest(files),
        advisory_digest=files.digest(FOLDER),
        cloud_digest=files.digest(CLOUDS),
        policy_digest=files.digest("policies"),
    )


def _assess(advisory: Advisory, unit: Unit) -> Answer | None:
    found = assess_unit(advisory, unit.subjects[0], unit, sure=0.0)
    return found.answer if found else None
