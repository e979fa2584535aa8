"""Coverage-guided fuzzing of every importer; not part of the test run.

The invariant: random bytes are read to the end, or raise ``SourceError``, never anything else; what
is read are batches of the one schema, bodies, sites and problems.

    python -m tests.fuzz.fuzz_importers [IMPORTER ...] [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage, from the examples as corpus.
Without it the examples are mutated blindly for a given number of rounds (``--rounds N``).
"""

from __future__ import annotations

import sys
from functools import partial

from camaudit.errors import SourceError
from camaudit.sources.importers import registry
from camaudit.sources.spec import ImporterSpec
from tests.fuzz.guiding import fuzz, guided, has_guide, parsed
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


def main(words: list[str]) -> None:
    """Fuzz the importers named, or all of them."""
    known = registry()
    names, rounds, options = parsed(words, "the importers", rounds=5_000, known=list(known))
    chosen = [known[name] for name in names]
    if has_guide():

        def one_input(data: bytes) -> None:
            for importer in chosen:
                check(importer, data)

        guided(one_input, [seed for each in chosen for seed in seeds_of(each)], options)
        return
    for importer in chosen:
        fuzz(importer.id, partial(check, importer), seeds_of(importer), rounds, [])


if __name__ == "__main__":
    main(sys.argv[1:])
