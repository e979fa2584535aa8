"""Write RESULTS.md: how right `classify` is on labelled strings, and how honest its confidence.

    .venv/bin/python -m tests.bench.attribution.run [--signals FILE] [--check]

The same packs and strings give the same bytes. ``--check`` writes nothing and fails if the
committed table is another one.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from camaudit.app.packset import PackSet, load_packs

from .measure import (
    HERE,
    NAMED,
    NEAR_MISS,
    SIGNALS,
    Answer,
    answers,
    brier,
    mutated,
    read_examples,
    read_rows,
    wilson,
)
from .mutate import mutate

RESULTS = HERE / "RESULTS.md"
CONTROL = "".join(map(chr, range(32)))


def results(signals: Path, packs: PackSet) -> str:
    """Return the text of RESULTS.md."""
    rows = read_examples(signals)
    found = answers(rows, packs)
    changed_rows = mutated(rows, mutate)
    changed = answers(changed_rows, packs)
    near = answers(read_rows("near_misses.jsonl"), packs)
    generic = answers(read_rows("generic.jsonl"), packs)
    others = answers(read_rows("not_cameras.jsonl"), packs)
    written = answers(read_rows("professional.jsonl"), packs)
    altered = sum(a.value != b.value for a, b in zip(rows, changed_rows, strict=True))
    parts = [
        _INTRODUCTION,
        "## Labelled strings\n",
        _summary(found, changed, altered),
        "\n## By maker\n",
        _by_maker(found, changed),
        "\n## Reliability\n",
        _RELIABILITY,
        _reliability([*found, *near, *others], packs),
        f"\nBrier score over the labelled strings that were given a maker: {brier(found):.4f}.\n",
        "\n## Sets written by hand\n",
        _by_hand(near, generic, others),
        "\n## Professional makers, strings written before their signatures\n",
        _by_form(written),
        "\n## What was missed or wrong\n",
        _faults([*found, *near], [*others]),
    ]
    return "\n".join(parts)


_INTRODUCTION = """# Attribution benchmark

Written by `python -m tests.bench.attribution.run`; do not edit. Each string is one device. The
labelled strings are those that the signatures were written from, together with the facts they
stand for: **this is a fit, not a test**. What is nearer to a test are the same strings with other
serial numbers, hardware addresses, versions, dates and nonces of the same form (`mutate.py` holds
the rules), and the near misses, of which none may name a maker.
"""
_RELIABILITY = """Every answer that names a maker, by its confidence: labelled strings as given,
near misses, and things that are no cameras. Right is the labelled maker. Generic strings are left
out, since they have no truth. The interval is Wilson's, 95 %.
"""


def _summary(found: Sequence[Answer], changed: Sequence[Answer], altered: int) -> str:
    lines = [
        "| set | strings | of named makers | right | given a maker | accuracy | wrong |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, each in (("as given", found), (f"changed ({altered} differ)", changed)):
        expected = [one for one in each if one.row.maker]
        right = sum(one.right for one in expected)
        given = sum(one.line.maker is not None for one in expected)
        wrong = sum(one.wrong for one in each)
        lines.append(
            f"| {name} | {len(each)} | {len(expected)} | {right} | {given} "
            f"({given / len(expected):.1%}) | {right / len(expected):.1%} | {wrong} |"
        )
    lost = sum(a.right and not b.right for a, b in zip(found, changed, strict=True))
    quiet = [one for one in found if one.row.maker is None]
    silent = sum(one.line.maker is None for one in quiet)
    lines.append(
        f"\nThe changed set loses {lost} lines. Of the {len(quiet)} strings of other makers, "
        f"{silent} are given none, as they should."
    )
    return "\n".join(lines)


def _by_maker(found: Sequence[Answer], changed: Sequence[Answer]) -> str:
    lines = [
        "| maker | strings | right | missed | wrong | right when changed |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for maker in [*sorted(set(NAMED.values())), None]:
        pairs = [(a, b) for a, b in zip(found, changed, strict=True) if a.row.maker == maker]
        right = sum(a.right for a, _ in pairs)
        wrong = sum(a.wrong for a, _ in pairs)
        lines.append(
            f"| {maker or 'another, or unknown'} | {len(pairs)} | {right} | "
            f"{len(pairs) - right - wrong} | {wrong} | {sum(b.right for _, b in pairs)} |"
        )
    return "\n".join(lines)


def _reliability(found: Sequence[Answer], packs: PackSet) -> str:
    named = [one for one in found if one.line.maker is not None]
    lines = [
        "| band | answers | mean confidence | right | share | 95 % interval |",
        "|---|---:|---:|---:|---:|---|",
    ]
    bands = sorted(packs.makers.vocabulary.bands, key=lambda band: band.at_least)
    for at, band in enumerate(bands):
        end = bands[at + 1].at_least if at + 1 < len(bands) else math.inf
        inside = [one for one in named if band.at_least <= (one.line.maker_confidence or 0.0) < end]
        right, count = sum(one.right for one in inside), len(inside)
        mean = sum(one.line.maker_confidence or 0.0 for one in inside) / count if count else 0.0
        low, high = wilson(right, count)
        share = f"{right / count:.3f}" if count else "-"
        lines.append(
            f"| {band.id} (from {band.at_least:.2f}) | {count} | {mean:.3f} | {right} | {share} "
            f"| {low:.3f} to {high:.3f} |"
        )
    return "\n".join(lines)


def _by_hand(near: Sequence[Answer], generic: Sequence[Answer], others: Sequence[Answer]) -> str:
    loud = sum((one.line.maker_confidence or 0.0) >= 0.8 for one in generic)
    kinds = sum(one.line.kind == one.row.kind for one in others)
    rows = [
        ("near misses", near, "name no maker", sum(one.line.maker is not None for one in near)),
        ("generic strings", generic, "stay weak or unnamed", loud),
        ("things that are no cameras", others, "be given their kind", len(others) - kinds),
        ("the same", others, "name the labelled maker or none", sum(not o.right for o in others)),
    ]
    lines = [f"| {name} | {len(each)} | {must} | {bad} |" for name, each, must, bad in rows]
    return "\n".join(["| set | strings | must | does not |", "|---|---:|---|---:|", *lines])


def _by_form(written: Sequence[Answer]) -> str:
    devices = [one for one in written if one.row.source != NEAR_MISS]
    near = [one for one in written if one.row.source == NEAR_MISS]
    kinds = [one for one in devices if one.row.kind]
    rows = [
        ("strings of devices", len(devices)),
        ("their maker is named", sum(one.right for one in devices)),
        ("another maker is named", sum(one.wrong for one in devices)),
        ("with a kind", len(kinds)),
        ("given that kind", sum(one.line.kind == one.row.kind for one in kinds)),
        ("near misses", len(near)),
        ("given a maker that is not theirs", sum(one.wrong for one in near)),
    ]
    lines = [f"| {name} | {count} |" for name, count in rows]
    return "\n".join(["| what | count |", "|---|---:|", *lines])


def _faults(found: Iterable[Answer], others: Iterable[Answer]) -> str:
    lines = [
        f"- {_show(one)}: expected {one.row.maker or 'none'}, got {one.line.maker or 'none'}"
        for one in found
        if not one.right
    ]
    lines += [
        f"- {_show(one)}: expected {one.row.kind}, got {one.line.kind}"
        for one in others
        if one.line.kind != one.row.kind
    ]
    return "\n".join(lines or ["Nothing."]) + "\n"


def _show(one: Answer) -> str:
    text = "".join(" " if char in CONTROL else char for char in one.row.value)[:80]
    return f"`{one.row.protocol}.{one.row.field}` `{text.replace('`', ' ').strip()}`"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signals", type=Path, default=SIGNALS, help="the labelled strings")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it differs")
    options = parser.parse_args(arguments)
    if not options.signals.is_file():
        sys.stderr.write(f"{options.signals.name} is not there: name it with --signals\n")
        return 1
    text = results(options.signals, load_packs())
    if options.check:
        same = RESULTS.is_file() and RESULTS.read_text(encoding="utf-8") == text
        sys.stderr.write("" if same else "RESULTS.md is out of date: run without --check\n")
        return 0 if same else 1
    RESULTS.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
