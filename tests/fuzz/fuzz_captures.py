"""Coverage-guided fuzzing of the reader of captures; not part of the test run.

The invariant: any bytes are read to the end with damage counted, or raise ``SourceError``; what
comes out keeps its schemas, and no payload is longer than what may be put together.

    python -m tests.fuzz.fuzz_captures [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage. Without it whole captures are
mutated blindly for a given number of rounds (``--rounds N``).
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import tempfile
from pathlib import Path

from tests.fuzz.fuzz_codecs import mutations
from tests.property.test_captures import MIXED, WHOLE, held

SEEDS = list(WHOLE.values())


def check(data: bytes) -> None:
    """Hold one input against the invariant, as it is and behind the mark of either container."""
    held(data)
    for name in ("pcap", "pcapng"):
        held(WHOLE[name][:24] + data)


def _guided(options: list[str]) -> None:
    atheris = importlib.import_module("atheris")

    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate([*SEEDS, *MIXED]):
            Path(corpus, f"{number:04d}").write_bytes(seed)
        atheris.Setup([sys.argv[0], corpus, *options], check)
        atheris.Fuzz()


def main(words: list[str]) -> None:
    """Fuzz the reader of captures."""
    end = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description="Fuzz the reader of captures.")
    parser.add_argument("--rounds", type=int, default=5_000)
    arguments = parser.parse_args(words[:end])
    if importlib.util.find_spec("atheris") is not None:
        _guided(words[end + 1 :])
        return
    for data in mutations(SEEDS, arguments.rounds):
        check(data)
    sys.stdout.write(f"captures: {arguments.rounds} blind mutations held\n")


if __name__ == "__main__":
    main(sys.argv[1:])
