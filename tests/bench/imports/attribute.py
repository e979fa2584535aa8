"""Resolve an estate and attribute every device, as every listing, assessment and report begins."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from pathlib import Path

from camaudit.app.estate import open_estate
from camaudit.app.packset import load_packs
from camaudit.app.survey import survey
from camaudit.cli.main import COLLECT_AFTER


def main() -> None:
    """Survey the estate that the command line names; write how many devices each maker has."""
    gc.set_threshold(*COLLECT_AFTER)
    found = survey(open_estate(Path(sys.argv[1])), load_packs())
    makers = Counter(each.maker for each in found.attributions.values())
    for maker, count in sorted(makers.items(), key=str):
        sys.stdout.write(f"{maker} {count}\n")


if __name__ == "__main__":
    main()
