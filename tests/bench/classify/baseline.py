"""A plain loop of ``re``: each value against each signature that reads its field, one by one.

It only matches: no raw reply is decoded, no address looked up, nothing is weighed or explained. So
the comparison is in its favour.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

from camaudit.app.packset import load_packs


def main() -> None:
    """Match the file that the command line names; write its lines, hits, and seconds."""
    signatures = load_packs().makers.signatures
    patterns: dict[str, list[re.Pattern[bytes]]] = {}
    for signature in signatures:
        compiled = re.compile(signature.pattern.encode())
        for field in signature.fields:
            patterns.setdefault(field, []).append(compiled)
    start = time.process_time()
    lines = hits = 0
    with Path(sys.argv[1]).open("rb") as file:
        for raw in file:
            line = json.loads(raw)
            value = line["value"].encode()
            lines += 1
            for pattern in patterns.get(f"{line['protocol']}.{line['field']}", ()):
                hits += pattern.search(value) is not None
    sys.stdout.write(f"{lines} {hits} {time.process_time() - start}\n")


if __name__ == "__main__":
    main()
