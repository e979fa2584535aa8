"""Commands that need more than the light core, and what to install for them."""

from __future__ import annotations

import importlib.util
from typing import Final

from camaudit.errors import CamauditError

#: Modules of the extra ``scan``.
_SCAN: Final = ("cryptography", "dns", "ifaddr", "mmh3", "pysnmp")
#: Modules of the extra ``spark``.
_SPARK: Final = ("pandas", "pyspark")


def need_scan() -> None:
    """Raise ``CamauditError`` with what to install, unless everything for scanning is there."""
    _need("scan", _SCAN, "scanning and the lab need")


def need_spark() -> None:
    """Raise ``CamauditError`` with what to install, unless everything for Spark is there."""
    _need("spark", _SPARK, "--engine spark needs")


def _need(extra: str, modules: tuple[str, ...], who: str) -> None:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise CamauditError(
            f"{who} packages that are not installed ({', '.join(missing)}): "
            f"make install-{extra}, or pip install 'camaudit[{extra}]'"
        )
