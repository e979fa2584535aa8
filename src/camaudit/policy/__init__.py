"""Apply one regime's rules to facts, at a date."""

from __future__ import annotations

from .acting import Outranked, outranked
from .compiling import CompiledPolicy, compile_policy
from .evaluating import count_gaps, evaluate
from .explaining import explain, explain_rows, judge
from .many import evaluate_all

__all__ = [
    "CompiledPolicy",
    "Outranked",
    "compile_policy",
    "count_gaps",
    "evaluate",
    "evaluate_all",
    "explain",
    "explain_rows",
    "judge",
    "outranked",
]
