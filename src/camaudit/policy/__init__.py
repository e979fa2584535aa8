"""Apply one regime's rules to facts, at a date."""

from __future__ import annotations

from .compiling import CompiledPolicy, compile_policy
from .evaluating import count_gaps, evaluate
from .explaining import explain, explain_rows, judge

__all__ = [
    "CompiledPolicy",
    "compile_policy",
    "count_gaps",
    "evaluate",
    "explain",
    "explain_rows",
    "judge",
]
