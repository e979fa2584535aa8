"""Read tables as people keep them: any encoding, any header wording, any spreadsheet program.

1. No word list of one importer lives here: it comes in as a ``HeaderWords``.
2. A cell that cannot be used becomes a ``Problem``; only a whole file raises ``SourceError``.
3. Columns of secrets are emptied here, before an importer sees them.
"""

from .batch import MAX_BATCH_ROWS, BatchBuilder, RowBatch
from .headers import HeaderWords
from .kinds import TableKind, table_score
from .lines import MAX_LINE_BYTES, LineBlock, LongLine, line_blocks
from .remarks import Remarks
from .secrets import strip_secrets, strip_userinfo, strip_userinfo_all
from .table import Column, Layout, Row, Table, open_tables

__all__ = [
    "MAX_BATCH_ROWS",
    "MAX_LINE_BYTES",
    "BatchBuilder",
    "Column",
    "Layout",
    "HeaderWords",
    "LineBlock",
    "LongLine",
    "Remarks",
    "Row",
    "RowBatch",
    "Table",
    "TableKind",
    "line_blocks",
    "open_tables",
    "strip_secrets",
    "strip_userinfo",
    "strip_userinfo_all",
    "table_score",
]
