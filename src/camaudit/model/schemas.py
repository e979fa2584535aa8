"""Arrow schemas of the tables that flow between stages.

Produced by: importers (``OBSERVATIONS``), signals (``SIGNALS``, ``OCCURRENCES``).
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

#: One row an observation. ``device`` is the subject within its artefact, e.g. ``row:17``.
OBSERVATIONS: Final = pa.schema(
    [
        pa.field("device", pa.string(), nullable=False),
        pa.field("protocol", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("field", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("value", pa.binary(), nullable=False),
        pa.field("seen_at", pa.timestamp("us", tz="UTC")),
        pa.field("artefact", pa.binary(32)),
        pa.field("position", pa.string()),
    ]
)

#: One row a distinct signal: a signature that matched a value of a field (canonical
#: ``protocol.field``). ``doubted``: the text names makers for another reason. Captures are null
#: where the signature does not extract them.
SIGNALS: Final = pa.schema(
    [
        pa.field("signature", pa.int32(), nullable=False),
        pa.field("field", pa.string(), nullable=False),
        pa.field("value", pa.binary(), nullable=False),
        pa.field("doubted", pa.bool_(), nullable=False),
        pa.field("model", pa.string()),
        pa.field("version", pa.string()),
        pa.field("serial", pa.string()),
        pa.field("made_on", pa.date32()),
        pa.field("built_on", pa.date32()),
    ]
)

#: Where signals occur: ``row`` points into the observation batch, ``signal`` into ``SIGNALS``.
OCCURRENCES: Final = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("signal", pa.int32(), nullable=False),
    ]
)
