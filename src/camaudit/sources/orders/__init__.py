"""Read orders, quotes and job sheets: tables, JSON, UBL 2.1 and PDFs with text.

Every reader yields ``OrderLine`` and ``Problem``; only a whole file raises ``SourceError``.
"""

from .read import read_order

__all__ = ["read_order"]
