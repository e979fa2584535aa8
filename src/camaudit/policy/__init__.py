"""Apply one regime's rules to facts, at a date."""

from __future__ import annotations

from .compiling import CompiledPolicy, compile_policy
from .evaluating import columns_read, count_gaps, evaluate, evaluate_all
from .explaining import explain, explain_rows, judge

__all__ = [
    "CompiledPolicy",
    "columns_read",
    "compile_policy",
    "count_gaps",
    "evaluate",
    "evaluate_all",
    "explain",
    "explain_rows",
    "judge",
]
