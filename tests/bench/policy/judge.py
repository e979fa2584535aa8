"""Judge a file of facts under many packs and write what comes out, or explain some of its rows.

    python -m tests.bench.policy.judge all FACTS FOLDER PACKS
    python -m tests.bench.policy.judge explain FACTS SAMPLE PACKS

``all`` writes, for each pack, the row code of each device and the verdicts of the distinct rows.
``explain`` is the plain loop: one row, one pack at a time. Both print their figures as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from camaudit.app.packset import load_packs
from camaudit.model.policy import Evaluation
from camaudit.policy import CompiledPolicy, SharedFacts, evaluate_shared, explain, share

from .tables import packs_enough

#: Policies at a time.
THREADS: Final = 2


def judge_all(facts: Path, folder: Path, packs: int) -> dict[str, Any]:
    """Judge all rows under all packs; return how many verdicts, and how long each stage took."""
    clock = time.perf_counter
    started = clock()
    compiled = packs_enough(load_packs(), packs)
    ready = clock()
    shared = share(pq.read_table(facts))
    encoded = clock()

    def one(policy: CompiledPolicy) -> tuple[int, int]:
        return _judged(policy, shared, folder)

    with ThreadPoolExecutor(THREADS) as pool:
        counts = list(pool.map(one, compiled))
    written = clock()
    return {
        "distinct": shared.rows.num_rows,
        "rows": [rows for rows, _ in counts],
        "verdicts": [verdicts for _, verdicts in counts],
        "requirements": sum(len(each.requirements) for each in compiled),
        "load": ready - started,
        "encode": encoded - ready,
        "judge": written - encoded,
        "bytes": sum(file.stat().st_size for file in folder.iterdir()),
    }


def _judged(policy: CompiledPolicy, shared: SharedFacts, folder: Path) -> tuple[int, int]:
    """Judge under one pack, write it and forget it; return how many rows and verdicts."""
    evaluation = evaluate_shared(policy, shared)
    _write(evaluation, folder)
    return evaluation.facts.num_rows, evaluation.verdicts.num_rows


def _write(evaluation: Evaluation, folder: Path) -> None:
    rows = pa.table({"row": evaluation.row_of})
    name = evaluation.policy
    # every row is another number: a dictionary of them would only be in the way
    pq.write_table(rows, folder / f"{name}.rows.parquet", use_dictionary=False, compression="zstd")
    pq.write_table(evaluation.verdicts, folder / f"{name}.verdicts.parquet", compression="zstd")


def explain_some(facts: Path, sample: int, packs: int) -> dict[str, Any]:
    """Explain the verdicts of some rows under each pack, one by one; return how long each took."""
    compiled = packs_enough(load_packs(), packs)
    rows = pq.read_table(facts).slice(0, sample).to_pylist()
    explain(compiled[0], rows[0])  # what is imported and kept on first use
    taken = []
    for row in rows:
        for policy in compiled:
            before = time.perf_counter()
            explain(policy, row)
            taken.append(time.perf_counter() - before)
    taken.sort()
    return {
        "explained": len(taken),
        "seconds": sum(taken),
        "median": taken[len(taken) // 2],
        "longest": taken[-1],
    }


def main(arguments: Sequence[str]) -> int:
    """Do the work that is named, and print its figures."""
    work, facts, other, packs = arguments
    if work == "all":
        figures = judge_all(Path(facts), Path(other), int(packs))
    else:
        figures = explain_some(Path(facts), int(other), int(packs))
    sys.stdout.write(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
