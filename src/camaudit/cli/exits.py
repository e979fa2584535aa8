"""The exit codes: 0 clean, 1 error, 2 usage, 3 findings, 4 no breach but evidence is incomplete."""

from __future__ import annotations

from typing import Final

EXIT_ERROR: Final = 1
EXIT_USAGE: Final = 2
EXIT_FINDINGS: Final = 3
EXIT_INCOMPLETE: Final = 4
