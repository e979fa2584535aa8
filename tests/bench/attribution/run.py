"""Write RESULTS.md: how right `classify` is on labelled strings, and how honest its confidence.

    .venv/bin/python -m tests.bench.attribution.run [--signals FILE] [--check]

The same packs and strings give the same bytes. ``--check`` writes nothing and fails if a committed
table is another one. What every maker comes to is in MAKERS.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from camaudit.app.packset import PackSet, load_packs

from . import tables
from .devices import contradictory, degraded
from .leave_out import leave_each_out
from .measure import Answer, answers, mutated
from .mutate import mutate
from .reliability import Trial, shared, trials
from .sets import HERE, SIGNALS, labelled, read_examples, read_rows, read_sets

RESULTS = HERE / "RESULTS.md"
MAKERS = HERE / "MAKERS.md"
#: The set that was sought out to be mistaken.
LOOK_ALIKES = "look_alikes"


def results(signals: Path, packs: PackSet) -> dict[Path, str]:
    """Return the text of each table, by its file."""
    rows = read_examples(signals, packs)
    examples = answers(rows, packs)
    changed = answers(mutated(rows, mutate), packs)
    sets = {name: answers(each, packs) for name, each in read_sets().items()}
    sets = {"examples": examples, **sets}
    real, generated = divide([one for each in sets.values() for one in each])
    generic = answers(read_rows("generic.jsonl"), packs)
    devices = labelled([one.row for one in (*real, *generated)])
    parts = [
        _INTRODUCTION,
        "## Labelled strings\n",
        tables.summary(examples, changed),
        "\n## Sets\n",
        _SETS,
        tables.by_set(sets),
        "\n## Reliability\n",
        _RELIABILITY,
        tables.reliability(
            evidence(real, generated, generic),
            packs.makers.vocabulary.prior_log_odds,
        ),
        "\n## At other base rates\n",
        _BASE_RATES,
        tables.base_rates([*real, *generated], LOOK_ALIKES),
        "\n## One maker left out\n",
        _LEFT_OUT,
        tables.left_out(leave_each_out(devices, packs)),
        "\n## Less evidence\n",
        _DEGRADED,
        tables.degraded(degraded(devices, packs)),
        "\n## Evidence that contradicts itself\n",
        _CONTRADICTORY,
        tables.contradictory(contradictory(devices, packs)),
        "\n## Kinds\n",
        _KINDS,
        tables.kinds(sets),
        "\n## Strings without a truth\n",
        tables.generic(generic),
        "\n## What was missed or wrong\n",
        tables.faults(sets),
    ]
    every = [*real, *generated]
    return {
        RESULTS: "\n".join(parts),
        MAKERS: "\n".join([_MAKERS, tables.by_maker(every)]),
    }


def divide(found: Sequence[Answer]) -> tuple[list[Answer], list[Answer]]:
    """Return what was seen on devices, and what was written; without what has no label."""
    judged = [one for one in found if one.judged]
    return [one for one in judged if one.row.real], [one for one in judged if not one.row.real]


def evidence(
    real: Sequence[Answer], generated: Sequence[Answer], generic: Sequence[Answer]
) -> dict[str, list[Trial]]:
    """Return what reliability is measured on, real evidence apart from generated."""
    return {"real": [*trials(real), *shared(generic)], "generated": trials(generated)}


_INTRODUCTION = """# Attribution benchmark

Written by `python -m tests.bench.attribution.run`; do not edit. Each string is one device.

The *real* strings (`examples`, `captured`) were seen on devices and are labelled by those who saw
them. The signatures were written from the examples, together with the facts they stand for: **for
those this is a fit, not a test**. What is
nearer to a test are the same strings with other serial numbers, hardware addresses, versions,
dates and nonces of the same form (`mutate.py` holds the rules), and the *generated* strings:
written from documented forms, most of them before the signatures. Generated strings test the
signatures, and not the documents that both were written from.
"""
_SETS = """A maker is *named falsely* where it is not the labelled one, or where none can rightly be
named; silence is never false. [Every maker](MAKERS.md) has a table of its own.
"""
_RELIABILITY = """Every answer that names a maker, by its confidence. Strings of one capture, or
that the same signatures find for the same maker, are one *group*, and each group counts once. The
interval is Wilson's, 95 %; a band *holds* if the interval overlaps it. Real strings that many
makers' devices show (`generic.jsonl`) count with them, each as right as wrong: once for the maker
that is named, and once for somebody else.
"""
_BASE_RATES = """Precision depends on how many of the devices looked at are of makers that the packs
cover. By Bayes, for a share `p` of them,

    precision = p * recall / (p * recall + (1 - p) * false)

`recall` is the share of the strings of covered makers' devices that are named rightly, and `false`
the share of all other strings (of makers without a file, of nobody, of things that are no
surveillance devices) that are given a maker that is not theirs. The look-alikes were sought out
because their numbers have the form of a camera maker's: with them, the second column says what a
register full of such numbers would come to.
"""
_LEFT_OUT = """For each maker: what packs without its signatures and ties say of its strings. They
must be silent, or name its family; another name is false, and with confidence it is worse.
"""
_DEGRADED = """Devices put together from the sets, with a string of each group that their maker has
strings of, and then with less.
"""
_CONTRADICTORY = """The web page of one maker with the other answers of another, who are no
relatives. Both must be *shown*: as a conflict, or as makers of different aspects.
"""
_KINDS = """*Strong camera strings* are labelled with a kind of surveillance device and name the
right maker at .95 or above. *False cameras* are strings of something else that are given such a
kind.
"""
_MAKERS = """# Attribution benchmark: every maker

Written by `python -m tests.bench.attribution.run`; do not edit. Strings of all sets, by labelled
maker; [the other tables](RESULTS.md) say what the columns mean.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the tables; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signals", type=Path, default=SIGNALS, help="the labelled strings")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it differs")
    options = parser.parse_args(arguments)
    if not options.signals.is_file():
        sys.stderr.write(f"{options.signals.name} is not there: name it with --signals\n")
        return 1
    texts = results(options.signals, load_packs())
    if options.check:
        old = [
            path.name
            for path, text in texts.items()
            if not path.is_file() or path.read_text(encoding="utf-8") != text
        ]
        sys.stderr.write("".join(f"{name} is out of date: run without --check\n" for name in old))
        return 1 if old else 0
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    sys.stdout.write(texts[RESULTS])
    return 0


if __name__ == "__main__":
    sys.exit(main())
