"""Apply one regime's rules to facts, at a date."""

from __future__ import annotations

from .changes import coverage_changes, rule_changes, state_of
from .compiling import CompiledPolicy, compile_policy
from .differences import differences
from .evaluating import count_gaps, evaluate
from .explaining import deciding_facts, explain, explain_rows, judge
from .weakening import weakened

__all__ = [
    "CompiledPolicy",
    "compile_policy",
    "count_gaps",
    "coverage_changes",
    "deciding_facts",
    "differences",
    "evaluate",
    "explain",
    "explain_rows",
    "judge",
    "rule_changes",
    "state_of",
    "weakened",
]
