"""Arrow schemas of the tables that flow between stages.

Produced by: importers (``OBSERVATIONS``), signals (``SIGNALS``, ``OCCURRENCES``), app
(``DEVICES``).
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
        # many signatures may match one long value
        pa.field("value", pa.dictionary(pa.int32(), pa.binary()), nullable=False),
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

_WORD: Final = pa.dictionary(pa.int32(), pa.string())

#: One row a device: what ``classify`` writes to Parquet and Arrow files. The members are those of
#: the JSON contract; ``aspects`` is a list, since its words are not columns.
DEVICES: Final = pa.schema(
    [
        pa.field("device", pa.string(), nullable=False),
        pa.field("kind", _WORD, nullable=False),
        pa.field("kind_confidence", pa.float64()),
        pa.field("maker", _WORD),
        pa.field("maker_aspect", _WORD),
        pa.field("maker_confidence", pa.float64()),
        pa.field(
            "aspects",
            pa.list_(
                pa.struct(
                    [("aspect", pa.string()), ("maker", pa.string()), ("confidence", pa.float64())]
                )
            ),
            nullable=False,
        ),
        pa.field("brand", _WORD),
        pa.field("model", pa.string()),
        pa.field("firmware_version", pa.string()),
        pa.field("capabilities", pa.list_(pa.string()), nullable=False),
        pa.field(
            "conflicts",
            pa.list_(
                pa.struct(
                    [
                        ("aspect", pa.string()),
                        ("makers", pa.list_(pa.string())),
                        ("evidence", pa.list_(pa.int32())),
                    ]
                )
            ),
            nullable=False,
        ),
        pa.field(
            "evidence",
            pa.list_(
                pa.struct(
                    [
                        ("signature", _WORD),
                        ("field", _WORD),
                        ("value", _WORD),
                        ("proves", _WORD),
                        ("maker", _WORD),
                        ("weight", _WORD),
                    ]
                )
            ),
            nullable=False,
        ),
    ]
)
