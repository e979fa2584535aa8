"""Apply one regime's rules to facts, at a date."""

from __future__ import annotations

from .compiling import CompiledPolicy, compile_policy
from .evaluating import (
    SharedFacts,
    columns_read,
    count_gaps,
    evaluate,
    evaluate_all,
    evaluate_shared,
    share,
)
from .explaining import explain, explain_rows, judge

__all__ = [
    "CompiledPolicy",
    "SharedFacts",
    "columns_read",
    "compile_policy",
    "count_gaps",
    "evaluate",
    "evaluate_all",
    "evaluate_shared",
    "explain",
    "explain_rows",
    "judge",
    "share",
]
