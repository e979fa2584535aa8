"""Write the generated pages of docs/reference, or check that they are fresh.

Usage: scripts/write_reference.py [--check]
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = "docs/reference"


@cache
def pages() -> dict[str, str]:
    """Return every generated page by its path from the root."""
    if str(ROOT) not in sys.path:  # run as a script
        sys.path.insert(0, str(ROOT))
    from scripts.reference import MODULES

    return {f"{FOLDER}/{path}": text for module in MODULES for path, text in module.pages().items()}


def stale_pages() -> list[str]:
    """Return the paths of generated pages that are not what they would be now."""
    return [
        path
        for path, text in pages().items()
        if not (ROOT / path).is_file() or (ROOT / path).read_text(encoding="utf-8") != text
    ]


def main() -> int:
    """Write stale pages, or with ``--check`` only name them."""
    stale = stale_pages()
    for path in stale:
        if "--check" in sys.argv[1:]:
            print(f"{path} is stale; run make docs", file=sys.stderr)
        else:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(pages()[path], encoding="utf-8")
            print(f"{path} written")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
