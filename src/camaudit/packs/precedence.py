"""Check what packs say of each other: which instrument goes before which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from camaudit.errors import PackError
from camaudit.model.policy import Policy

from .strict import Path

#: A policy's id, and one of its requirements or None for all of them.
Rank: TypeAlias = tuple[str, str | None]


def check_precedence(
    policies: Mapping[str, Policy], error: Callable[[str, Path, str], PackError]
) -> None:
    """See to it that what outranks a requirement exists, and never the other way round as well.

    ``error`` makes an error from a policy's id, a path in its file and a message.
    """
    for policy in policies.values():
        for at, rule in enumerate(policy.requirements):
            for place, each in enumerate(rule.outranked_by):
                path: Path = ("requirements", at, "outranked_by", place)
                known = policies.get(each.policy)
                if known is None:
                    raise error(
                        policy.id, (*path, "policy"), f"no pack is called {each.policy}; "
                        "name one that is loaded with this one"
                    )  # fmt: skip
                ids = [str(one.id) for one in known.requirements]
                if each.requirement is not None and each.requirement not in ids:
                    raise error(
                        policy.id, (*path, "requirement"),
                        f"{each.policy} has no requirement {each.requirement}: {', '.join(ids)}",
                    )  # fmt: skip
                above: Rank = (each.policy, each.requirement)
                if _leads_back(policies, (policy.id, str(rule.id)), above):
                    raise error(
                        policy.id, path,
                        f"{each.policy} is outranked by this one in turn: say it on one side only",
                    )  # fmt: skip


def _leads_back(policies: Mapping[str, Policy], start: Rank, first: Rank) -> bool:
    seen: set[Rank] = set()
    waiting = [first]
    while waiting:
        rank = waiting.pop()
        if rank == start or rank == (start[0], None):
            return True
        if rank not in seen:
            seen.add(rank)
            waiting.extend(_above(policies, rank))
    return False


def _above(policies: Mapping[str, Policy], rank: Rank) -> Iterator[Rank]:
    policy = policies.get(rank[0])
    for rule in policy.requirements if policy else ():
        if rank[1] in {None, str(rule.id)}:
            yield from ((each.policy, each.requirement) for each in rule.outranked_by)
