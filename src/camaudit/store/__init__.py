"""Keep and fetch model objects; translate, never decide."""

from .estate_file import EstateStore, create_estate, open_estate
from .scans import KeptScan, add_scan, scans
from .watches import KeptWatch, add_watch, purged_import, watches

__all__ = [
    "EstateStore",
    "KeptScan",
    "KeptWatch",
    "add_scan",
    "add_watch",
    "create_estate",
    "open_estate",
    "purged_import",
    "scans",
    "watches",
]
