"""Commands that need more than the light core, and what to install for them."""

from __future__ import annotations

import importlib.util
from typing import Final

from camaudit.errors import CamauditError

#: Modules of the extra ``scan``.
_SCAN: Final = ("cryptography", "dns", "ifaddr", "mmh3", "pysnmp")


def need_scan() -> None:
    """Raise ``CamauditError`` with what to install, unless everything for scanning is there."""
    missing = [name for name in _SCAN if importlib.util.find_spec(name) is None]
    if missing:
        raise CamauditError(
            f"scanning and the lab need packages that are not installed ({', '.join(missing)}): "
            "make install-scan, or pip install 'camaudit[scan]'"
        )
