"""Read orders, quotes and job sheets: tables, spreadsheets, JSON, UBL 2.1 and PDFs with text.

1. The content tells the format, never the file's name.
2. A line that cannot be used is a ``Problem``; only a whole file raises ``SourceError``.
3. Secrets are taken out here, whatever the format; nothing is guessed.
"""

from .read import read_order

__all__ = ["read_order"]
