"""Coverage-guided fuzzing of every codec; not part of the test run.

The invariant: random bytes decode, or raise ``DecodeError``, never anything else; what decodes
encodes to bytes that decode to the same message; expanding shows only non-empty values.

    python -m tests.fuzz.fuzz_codecs [PROTOCOL-CODEC ...] [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage, from the examples as corpus.
Without it the examples are mutated blindly for a given number of rounds (``--rounds N``).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from camaudit.errors import DecodeError
from camaudit.sources.protocols import registry
from camaudit.wirekit.codec import Codec
from tests.protocol_examples import codec_module, load_examples


def targets() -> dict[str, tuple[str, Codec[Any]]]:
    """Return every codec by ``protocol-codec``, with its protocol."""
    return {
        f"{protocol}-{name}": (protocol, codec)
        for protocol in registry()
        for name, codec in codec_module(protocol).CODECS.items()
    }


def check(protocol: str, codec: Codec[Any], data: bytes) -> None:
    """Hold one input against the invariant."""
    for function in registry()[protocol].expands.values():
        try:
            assert all(seen.value for seen in function(data))
        except DecodeError:
            continue
    try:
        message = codec.decode(data)
    except DecodeError:
        return
    written = codec.encode(message)
    assert codec.decode(written) == message
    assert codec.encode(codec.decode(written)) == written


def mutations(seeds: list[bytes], rounds: int) -> Iterator[bytes]:
    """Yield seeds with a piece replaced by a piece of another; the choice is a hash, not chance."""
    for turn in range(rounds):
        digest = hashlib.sha256(turn.to_bytes(8, "big")).digest()
        one, other = seeds[digest[0] % len(seeds)], seeds[digest[1] % len(seeds)]
        at, start = (int.from_bytes(digest[at : at + 4], "big") for at in (2, 6))
        at, start = at % (len(one) + 1), start % (len(other) + 1)
        middle = digest[12 : 12 + digest[10] % 8]
        yield one[:at] + middle + other[start : start + digest[11]] + one[at + digest[3] % 32 :]


def guided(one_input: Callable[[bytes], None], seeds: list[bytes], options: list[str]) -> None:
    """Run libFuzzer from a corpus of seeds."""
    atheris = importlib.import_module("atheris")

    atheris.instrument_all()
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            Path(corpus, f"{number:04d}").write_bytes(seed)
        atheris.Setup([sys.argv[0], corpus, *options], one_input)
        atheris.Fuzz()


def main(words: list[str]) -> None:
    """Fuzz the codecs named, or all of them."""
    known = targets()
    end = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description="Fuzz the codecs.")
    parser.add_argument("codec", nargs="*", metavar="PROTOCOL-CODEC", help=", ".join(known))
    parser.add_argument("--rounds", type=int, default=20_000)
    arguments = parser.parse_args(words[:end])
    unknown = [name for name in arguments.codec if name not in known]
    if unknown:
        parser.error(f"no codec is called {', '.join(unknown)}; there are {', '.join(known)}")
    chosen = {name: known[name] for name in arguments.codec or known}
    seeds = {
        name: [example.data for example in load_examples(protocol)]
        for name, (protocol, _) in chosen.items()
    }

    if importlib.util.find_spec("atheris") is not None:

        def one_input(data: bytes) -> None:
            for protocol, codec in chosen.values():
                check(protocol, codec, data)

        guided(one_input, list(chain.from_iterable(seeds.values())), words[end + 1 :])
        return
    for name, (protocol, codec) in chosen.items():
        for data in mutations(seeds[name], arguments.rounds):
            check(protocol, codec, data)
        sys.stdout.write(f"{name}: {arguments.rounds} blind mutations held\n")


if __name__ == "__main__":
    main(sys.argv[1:])
