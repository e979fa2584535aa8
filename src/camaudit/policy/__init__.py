"""Apply one regime's rules to facts, at a date."""

from __future__ import annotations

from .acting import Outranked, outranked
from .changes import coverage_changes, rule_changes, state_of
from .compiling import CompiledPolicy, compile_policy
from .differences import differences
from .evaluating import columns_read, count_gaps, evaluate, evaluate_all
from .explaining import deciding_facts, explain, explain_rows, judge
from .maker_losses import makers_lost
from .weakening import weakened

__all__ = [
    "CompiledPolicy",
    "columns_read",
    "Outranked",
    "compile_policy",
    "count_gaps",
    "coverage_changes",
    "deciding_facts",
    "differences",
    "evaluate",
    "evaluate_all",
    "explain",
    "explain_rows",
    "judge",
    "makers_lost",
    "rule_changes",
    "state_of",
    "weakened",
    "outranked",
]
