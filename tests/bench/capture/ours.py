"""Read one capture: its headers and conversations, or with ``codecs`` its payloads as well."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from camaudit.sources.captures.read import read_capture
from camaudit.sources.captures.watching import Passive

_SUMMED: Final = ["client", "server", "packets_out", "packets_back", "bytes_out", "bytes_back"]


def main() -> None:
    """Write what the capture comes to, as JSON."""
    passive: Passive | None = None
    if "codecs" in sys.argv[2:]:
        from camaudit.sources.captures.passive import Watcher

        passive = Watcher()
    with Path(sys.argv[1]).open("rb") as stream:
        traffic = read_capture(stream, passive)
    packets: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    columns = traffic.conversations.select(_SUMMED).to_pydict().values()
    for client, server, out, back, bytes_out, bytes_back in zip(*columns, strict=True):
        pair = " ".join(sorted((client, server)))
        packets[pair] += out + back
        sizes[pair] += bytes_out + bytes_back
    told = {
        "packets": traffic.packets,
        "pairs": packets,
        "sizes": sizes,
        "names": traffic.names.num_rows,
        "events": traffic.events.num_rows,
        "observations": traffic.observations.num_rows,
        "damage": len(traffic.damage),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
