"""Coverage-guided fuzzing of every codec; not part of the test run.

The invariant: random bytes decode, or raise ``DecodeError``, never anything else; what decodes
encodes to bytes that decode to the same message; expanding shows only non-empty values.

    python -m tests.fuzz.fuzz_codecs [PROTOCOL-CODEC ...] [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage, from the examples as corpus.
Without it the examples are mutated blindly for a given number of rounds (``--rounds N``).
"""

from __future__ import annotations

import sys
from functools import partial
from itertools import chain
from typing import Any

from camaudit.errors import DecodeError
from camaudit.sources.protocols import registry
from camaudit.wirekit.codec import Codec
from tests.fuzz.guiding import fuzz, guided, has_guide, parsed
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


def main(words: list[str]) -> None:
    """Fuzz the codecs named, or all of them."""
    known = targets()
    names, rounds, options = parsed(words, "the codecs", rounds=20_000, known=list(known))
    chosen = {name: known[name] for name in names}
    seeds = {
        name: [example.data for example in load_examples(protocol)]
        for name, (protocol, _) in chosen.items()
    }
    if has_guide():

        def one_input(data: bytes) -> None:
            for protocol, codec in chosen.values():
                check(protocol, codec, data)

        guided(one_input, list(chain.from_iterable(seeds.values())), options)
        return
    for name, (protocol, codec) in chosen.items():
        fuzz(name, partial(check, protocol, codec), seeds[name], rounds, [])


if __name__ == "__main__":
    main(sys.argv[1:])
