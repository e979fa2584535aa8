"""Write RESULTS.md: how long a million devices take under every shipped policy.

    .venv/bin/python -m tests.bench.policy.run [--devices N] [--check]

Run it alone on a quiet machine. ``--check`` writes nothing and fails where a ceiling is passed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from camaudit.app.assess import policies
from camaudit.app.packset import load_packs
from camaudit.model.policy import FACTS
from camaudit.policy import CompiledPolicy, compile_policy, evaluate_all, explain
from tests.bench.measured import machine

RESULTS: Final = Path(__file__).parent / "RESULTS.md"
MOST_SECONDS: Final = 20.0
MOST_MIB: Final = 4096
MOST_EXPLAIN: Final = 0.1
AT: Final = date(2026, 11, 26)
#: Rows that the plain loop judges, one by one and policy by policy.
PLAIN: Final = 40

_WORDS: Final[dict[str, list[Any]]] = {
    "body.kind": ["department", "executive_agency", "council", "nhs", "us_federal_agency",
                  "ca_quebec_body", "tw_agency", "private", None],
    "device.kind": ["camera", "recorder", "encoder", "intercom", "unknown"],
    "device.producer": ["hikvision", "dahua", "axis", "hanwha", "bosch", "uniview", "tiandy",
                        "vivotek", "lorex", "panasonic", None],
    "device.producer.aspect": ["badge", "firmware", "hardware"],
    "device.producer.basis": ["evidenced", "declared"],
    "device.producer.others": ["", "dahua", None],
    "device.state": ["in_service", "in_service", "removed", "in_storage"],
    "device.core_basis": ["declared", "evidenced"],
    "device.core_note": [None, "declared isolated, not verified"],
    "site.sensitivity": ["yes", "no", "unknown", "withheld"],
    "event.kind": ["possess", "possess", "procure"],
    "use.purpose": ["government_facility_security", "other", None],
    "item.function": ["equipment", None],
    "device.made_in": ["CN", "SE", None],
    "device.components": ["none_covered", "covered", None],
    "device.data_flow": ["none", "to_covered_country", None],
    "supplier.representation": ["does_not", "does", None],
    "supplier.debarment": ["not_excluded", None],
    "supplier.origin": ["listed_state", "other_state", None],
    "body.relation": ["owner", "operator", "tenant", None],
    "device.owner": ["body", "landlord", None],
    "device.parts": ["soc=hisilicon sensor=sony", "!soc=?", None],
    "decisions": ["", "", "c", "c d", "assess"],
    "exceptions": ["", "", "dni-waiver"],
}  # fmt: skip


def devices(count: int, distinct: int) -> pa.Table:
    """Return facts of so many devices over so many distinct rows, the same each time."""
    random = np.random.default_rng(7)
    of = random.integers(0, distinct, count)
    of[:distinct] = np.arange(distinct)
    columns = []
    for field in FACTS:
        if pa.types.is_boolean(field.type):
            values = pa.array([True, False, None], field.type)
        elif pa.types.is_floating(field.type):
            values = pa.array([0.62, 0.84, 0.9, 0.96], field.type)
        elif pa.types.is_date(field.type):
            days = [date(2018 + at // 12, at % 12 + 1, 1) for at in range(96)]
            values = pa.array([*days, None], field.type)
        else:
            values = pa.array(_WORDS[field.name], field.type)
        columns.append(values.take(pa.array(random.integers(0, len(values), distinct))))
    table = pa.Table.from_arrays(columns, schema=FACTS)
    return table.take(pa.array(of))


def measure(compiled: Sequence[CompiledPolicy], facts: pa.Table, folder: Path) -> tuple[float, int]:
    """Judge and write: for each policy the row of each device, and the verdicts of the rows."""
    before, verdicts = time.perf_counter(), 0
    for found in evaluate_all(compiled, facts):
        rows = pa.table({"row": found.row_of})
        pq.write_table(rows, folder / f"{found.policy}.rows.parquet", compression="lz4")
        pq.write_table(found.verdicts, folder / f"{found.policy}.verdicts.parquet")
        verdicts += found.verdicts.num_rows
    return time.perf_counter() - before, verdicts


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the figures; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=1_000_000)
    parser.add_argument("--distinct", type=int, default=250_000)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    packs = load_packs()
    known = policies(packs).policies
    compiled = [compile_policy(each, packs.makers.makers, at=AT) for each in known]
    facts = devices(options.devices, options.distinct)
    distinct = facts.group_by(FACTS.names).aggregate([]).num_rows
    with tempfile.TemporaryDirectory() as folder:
        seconds, verdicts = measure(compiled, facts, Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = facts.slice(0, PLAIN).to_pylist()
    before = time.perf_counter()
    slowest = 0.0
    for row in rows:
        for each in compiled:
            start = time.perf_counter()
            explain(each, row)
            slowest = max(slowest, time.perf_counter() - start)
    plain = (time.perf_counter() - before) / PLAIN
    text = f"""# Policy benchmark

Written by `python -m tests.bench.policy.run`; do not edit. {options.devices:,} devices with
{distinct:,} distinct rows of facts under {len(known)} policies
({sum(len(each.requirements) for each in known)} requirements), judged and written as Parquet: the
row of each device, and the verdicts of the distinct rows. The plain loop explains one device after
the other under each policy, over {PLAIN} devices.

Measured on: {machine()}.

| what | measured | ceiling |
|---|---:|---:|
| judged and written, s | {seconds:.1f} | {MOST_SECONDS:.0f} |
| devices a second, all policies | {options.devices / seconds:,.0f} | |
| rows of verdicts | {verdicts:,} | |
| peak of memory, MiB | {peak:,.0f} | {MOST_MIB:,} |
| plain loop, devices a second, all policies | {1 / plain:,.1f} | |
| ratio | {options.devices / seconds * plain:,.0f} | |
| slowest single explanation, ms | {slowest * 1000:.0f} | {MOST_EXPLAIN * 1000:.0f} |
"""
    sys.stdout.write(text)
    if options.check:
        return int(seconds > MOST_SECONDS or peak > MOST_MIB or slowest > MOST_EXPLAIN)
    RESULTS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
