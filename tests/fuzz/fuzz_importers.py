"""Coverage-guided fuzzing of every importer; not part of the test run.

The invariant: random bytes are read to the end, or raise ``SourceError``, never anything else; what
is read are batches of the one schema, bodies, sites and problems.

    python -m tests.fuzz.fuzz_importers [IMPORTER ...] [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage, from the examples as corpus.
Without it the examples are mutated blindly for a given number of rounds (``--rounds N``).
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from camaudit.errors import SourceError
from camaudit.sources.importers import registry
from camaudit.sources.spec import ImporterSpec
from tests.fuzz.fuzz_codecs import mutations
from tests.importer_examples import load_examples, read_all
from tests.workbooks import workbook

_WORKBOOK = workbook({"Cameras": [["Site", "Asset", "Model"], ["HQ", "C1", "P3245"]]})


def check(importer: ImporterSpec, data: bytes) -> None:
    """Hold one input against the invariant."""
    importer.sniff("input", data[: 1 << 16])
    try:
        read_all(importer, data)
    except SourceError:
        return


def seeds_of(importer: ImporterSpec) -> list[bytes]:
    """Return the examples of an importer, and a workbook where it reads such."""
    seeds = [each.data for each in load_examples() if each.importer.id == importer.id]
    return [*seeds, _WORKBOOK] if ".xlsx" in importer.suffixes else seeds


def _guided(one_input: Callable[[bytes], None], seeds: list[bytes], options: list[str]) -> None:
    atheris = importlib.import_module("atheris")

    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            Path(corpus, f"{number:04d}").write_bytes(seed)
        atheris.Setup([sys.argv[0], corpus, *options], one_input)
        atheris.Fuzz()


def main(words: list[str]) -> None:
    """Fuzz the importers named, or all of them."""
    known = registry()
    end = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description="Fuzz the importers.")
    parser.add_argument("importer", nargs="*", metavar="IMPORTER", help=", ".join(known))
    parser.add_argument("--rounds", type=int, default=5_000)
    arguments = parser.parse_args(words[:end])
    chosen = [known[name] for name in arguments.importer or known]

    if importlib.util.find_spec("atheris") is not None:

        def one_input(data: bytes) -> None:
            for importer in chosen:
                check(importer, data)

        _guided(one_input, [seed for each in chosen for seed in seeds_of(each)], words[end + 1 :])
        return
    for importer in chosen:
        for data in mutations(seeds_of(importer), arguments.rounds):
            check(importer, data)
        sys.stdout.write(f"{importer.id}: {arguments.rounds} blind mutations held\n")


if __name__ == "__main__":
    main(sys.argv[1:])
