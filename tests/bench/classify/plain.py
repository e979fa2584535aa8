"""A plain loop of ``re`` over a Parquet file; what ``baseline`` is for JSON Lines.

Each value against each signature that reads its own field, one by one; it counts values that were
hit, and nothing is weighed or explained, so the comparison is in its favour.
"""

from __future__ import annotations

import re
import sys
import time

import pyarrow.parquet as pq

from camaudit.app.packset import load_packs


def main() -> None:
    """Match the file that the command line names; write its values, those hit, and seconds."""
    patterns: dict[str, list[re.Pattern[bytes]]] = {}
    for signature in load_packs().makers.signatures:
        compiled = re.compile(signature.pattern.encode())
        for field in signature.fields:
            patterns.setdefault(field, []).append(compiled)
    rows = pq.read_table(sys.argv[1]).to_pylist()
    start = time.process_time()
    hits = 0
    for row in rows:
        value, found = row["value"].encode(), 0
        for pattern in patterns.get(f"{row['protocol']}.{row['field']}", ()):
            found += pattern.search(value) is not None
        hits += found > 0
    sys.stdout.write(f"{len(rows)} {hits} {time.process_time() - start}\n")


if __name__ == "__main__":
    main()
