"""Coverage-guided fuzzing of the reader of captures; not part of the test run.

The invariant: any bytes are read to the end with damage counted, or raise ``SourceError``; what
comes out keeps its schemas, and no payload is longer than what may be put together.

    python -m tests.fuzz.fuzz_captures [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage. Without it whole captures are
mutated blindly for a given number of rounds (``--rounds N``).
"""

from __future__ import annotations

import sys

from tests.fuzz.guiding import fuzz, parsed
from tests.property.test_captures import MIXED, WHOLE, held

SEEDS = list(WHOLE.values())


def check(data: bytes) -> None:
    """Hold one input against the invariant, as it is and behind the mark of either container."""
    held(data)
    for name in ("pcap", "pcapng"):
        held(WHOLE[name][:24] + data)


def main(words: list[str]) -> None:
    """Fuzz the reader of captures."""
    _, rounds, options = parsed(words, "the reader of captures", rounds=5_000)
    fuzz("captures", check, [*SEEDS, *MIXED], rounds, options)


if __name__ == "__main__":
    main(sys.argv[1:])
