"""How every target of fuzzing is run: by libFuzzer where atheris is there, blindly where not."""

from __future__ import annotations

import argparse
import gc
import hashlib
import importlib
import importlib.util
import os
import pkgutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

import camaudit

#: What does not belong to a reader, or needs what is not installed to be imported.
_NOT_READ = ("camaudit.cli", "camaudit.__main__", "camaudit.engines.spark")
#: Seconds that one process fuzzes: see ``guided``.
_PIECE_S = 120


def mutations(seeds: Sequence[bytes], rounds: int) -> Iterator[bytes]:
    """Yield seeds with a piece replaced by a piece of another; the choice is a hash, not chance."""
    for turn in range(rounds):
        digest = hashlib.sha256(turn.to_bytes(8, "big")).digest()
        one, other = seeds[digest[0] % len(seeds)], seeds[digest[1] % len(seeds)]
        at, start = (int.from_bytes(digest[at : at + 4], "big") for at in (2, 6))
        at, start = at % (len(one) + 1), start % (len(other) + 1)
        middle = digest[12 : 12 + digest[10] % 8]
        yield one[:at] + middle + other[start : start + digest[11]] + one[at + digest[3] % 32 :]


def parsed(
    words: Sequence[str], what: str, rounds: int, known: Sequence[str] = ()
) -> tuple[list[str], int, list[str]]:
    """Return the readers named (all, where none is), the rounds, and the words for libFuzzer."""
    end = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description=f"Fuzz {what}.")
    parser.add_argument("--rounds", type=int, default=rounds)
    if known:
        parser.add_argument("reader", nargs="*", metavar="READER", help=", ".join(known))
    arguments = parser.parse_args(words[:end])
    chosen: list[str] = getattr(arguments, "reader", [])
    unknown = [name for name in chosen if name not in known]
    if unknown:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(known)}")
    return chosen or list(known), arguments.rounds, list(words[end + 1 :])


def has_guide() -> bool:
    """Tell whether atheris is installed."""
    return importlib.util.find_spec("atheris") is not None


def guided(one_input: Callable[[bytes], None], seeds: Sequence[bytes], options: list[str]) -> None:
    """Run libFuzzer from a corpus of seeds, for ``-max_total_time`` seconds if that is given.

    Only our own functions are instrumented: with those of every library as well, a target reads
    fewer inputs a second. The time is spent in processes of ``_PIECE_S`` each, which hand on their
    corpus: atheris loses some 60 KB with each input that takes long, and libFuzzer would take that
    for a reader that eats memory before ten minutes are over.
    """
    atheris = importlib.import_module("atheris")
    _instrument(atheris)
    others, seconds = _without_time(options)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            Path(corpus, f"{number:04d}").write_bytes(seed)
        while True:
            piece = min(seconds, _PIECE_S)
            child = os.fork()
            if not child:
                words = [sys.argv[0], corpus, f"-max_total_time={piece}", *others]
                atheris.Setup(words, one_input)
                atheris.Fuzz()
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            if code:
                sys.exit(abs(code))
            seconds -= piece
            if not seconds:
                return


def _instrument(atheris: Any) -> None:
    for module in pkgutil.walk_packages(camaudit.__path__, "camaudit."):
        if not module.name.startswith(_NOT_READ):
            importlib.import_module(module.name)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and str(each.__module__).startswith("camaudit."):
            atheris.instrument_func(each)


def _without_time(options: list[str]) -> tuple[list[str], int]:
    """Return libFuzzer's options but for the time, and the time (0: for ever)."""
    mark = "-max_total_time="
    told = [each.removeprefix(mark) for each in options if each.startswith(mark)]
    return [each for each in options if not each.startswith(mark)], int(told[-1]) if told else 0


def fuzz(
    what: str,
    one_input: Callable[[bytes], None],
    seeds: Sequence[bytes],
    rounds: int,
    options: list[str],
) -> None:
    """Hold inputs against ``one_input``: guided by coverage, or mutated blindly."""
    if has_guide():
        guided(one_input, seeds, options)
        return
    for data in mutations(seeds, rounds):
        one_input(data)
    sys.stdout.write(f"{what}: {rounds} blind mutations held\n")
