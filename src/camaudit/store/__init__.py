"""Keep and fetch model objects; translate, never decide."""

from .estate_file import EstateStore, create_estate, open_estate
from .scans import KeptScan, add_scan, scans

__all__ = ["EstateStore", "KeptScan", "add_scan", "create_estate", "open_estate", "scans"]
