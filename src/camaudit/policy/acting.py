"""Say what can be done about a breach: by whom, and what another instrument has to say first.

Neither changes a verdict. What is forbidden stays forbidden in a landlord's building, and a rule
that another one outranks is still shown with its own answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from camaudit.model.policy import Verdict
from camaudit.model.rule_words import Precedence
from camaudit.model.words import VerdictCode

#: What is done instead where the device is not the body's own.
NEGOTIATE: Final = "negotiate"
#: What is done to a device, and so only by whose device it is.
_DONE_TO_IT: Final = frozenset(
    {
        "prohibit_new", "prohibit_use", "disconnect", "isolate", "remove", "replace",
        "consider_remove", "consider_extend",
    }
)  # fmt: skip
_OTHERS: Final = {
    "landlord": "the landlord",
    "contractor": "a contractor",
    "other": "somebody else",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What is to be done, and the sentence for it, which is empty where nothing stands out."""

    action: str
    lease_ends: date | None = None
    says: str = ""


def acting(action: str, row: Mapping[str, Any], *, due: bool) -> Acting:
    """Return what is to be done about a row of facts where something is ``due``."""
    owner = _OTHERS.get(row.get("device.owner") or "")
    if not due or owner is None or action not in _DONE_TO_IT:
        return Acting(action=action)
    says = f" It belongs to {owner}: what the clause asks is to be negotiated"
    if row["device.owner"] != "landlord":
        return Acting(action=NEGOTIATE, says=f"{says}.")
    ends = row.get("site.lease_ends")
    when = f", at the latest for when the lease ends on {ends}." if ends else (
        ". When the lease ends is not known."
    )  # fmt: skip
    return Acting(action=NEGOTIATE, lease_ends=ends, says=says + when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outranked:
    """Two verdicts of which the second goes before the first, and why."""

    verdict: Verdict
    by: Verdict
    says: str


def outranked(verdicts: Iterable[Verdict]) -> tuple[Outranked, ...]:
    """Return each pair of which one goes before the other and both apply to the same row.

    A verdict of ``not_applicable`` outranks nothing: that instrument does not speak here.
    """
    found = tuple(verdicts)
    return tuple(
        Outranked(verdict=low, by=high, says=each.says)
        for low in found
        for each in low.outranked_by
        for high in found
        if _is(high, each)
        and VerdictCode.NOT_APPLICABLE not in {low.verdict, high.verdict}
    )  # fmt: skip


def _is(verdict: Verdict, named: Precedence) -> bool:
    return verdict.policy == named.policy and named.requirement in {None, verdict.requirement}
