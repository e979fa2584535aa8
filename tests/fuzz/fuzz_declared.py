"""Coverage-guided fuzzing of what people write or hold for us; not part of the test run.

The invariant: any bytes are read, or raise the one error that the reader names; what was read can
be answered from, or written and read again.

    python -m tests.fuzz.fuzz_declared [configuration | mud | watch ...] [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage, from the tests' examples as
corpus. Without it these are mutated blindly for a given number of rounds (``--rounds N``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Final

from camaudit.errors import EstateError, SourceError
from camaudit.isolation.configuration import configured_path, read_configuration
from camaudit.isolation.mud_file import read_mud, write_mud
from camaudit.store.watches import _decode, _encode
from tests.fuzz.guiding import fuzz, guided, has_guide, parsed
from tests.traffic import CAMERA, asked, minutes, talk, traffic
from tests.unit.isolation import test_configuration as configurations
from tests.unit.isolation.test_mud import LAMP


def configuration(data: bytes) -> None:
    """Hold one configuration, of whichever vendor, against the invariant."""
    try:
        device = read_configuration(data.decode("utf-8", "replace"), "input")
    except SourceError:
        return
    for ends in (("192.168.7.0/24", "10.0.0.0/16"), ("2001:db8::/64", "2001:db8:1::/64")):
        there = configured_path([device], *ends)
        assert configured_path([device], *ends) == there
        assert there.because


def mud(data: bytes) -> None:
    """Hold one MUD file against the invariant."""
    try:
        profile = read_mud(data)
    except SourceError:
        return
    written = write_mud(profile)
    assert write_mud(read_mud(written)) == written


def watch(data: bytes) -> None:
    """Hold the content of one kept watch against the invariant."""
    try:
        seen, left_out = _decode(data)
    except EstateError:
        return
    again, _ = _decode(_encode(seen, left_out))
    assert again.conversations.equals(seen.conversations)


CHECKS: Final[dict[str, Callable[[bytes], None]]] = {
    "configuration": configuration,
    "mud": mud,
    "watch": watch,
}


def seeds() -> dict[str, list[bytes]]:
    """Return examples for each reader."""
    told = [
        configurations.ios("permit tcp any host 10.0.0.5 eq 443", "deny ip any any log"),
        configurations.SHOWN,
        configurations.LINUX,
        configurations.JUNOS,
        configurations.forti(configurations.ALLOW),
    ]
    kept = traffic(
        [talk("10.0.0.2", "198.51.100.7", client_mac=CAMERA)],
        [asked("cloud.example", "10.0.0.2", mac=CAMERA)],
        activity=minutes(3),
        addresses={CAMERA: {"10.0.0.2": 20}},
    )
    return {
        "configuration": [each.encode() for each in told],
        "mud": [json.dumps(LAMP).encode()],
        "watch": [_encode(kept, {"hosts": 3})],
    }


def main(words: list[str]) -> None:
    """Fuzz the readers named, or all of them."""
    chosen, rounds, options = parsed(words, "what is declared or kept", 20_000, list(CHECKS))
    examples = seeds()
    if has_guide():

        def one_input(data: bytes) -> None:
            for name in chosen:
                CHECKS[name](data)

        guided(one_input, [seed for name in chosen for seed in examples[name]], options)
        return
    for name in chosen:
        fuzz(name, CHECKS[name], examples[name], rounds, [])


if __name__ == "__main__":
    main(sys.argv[1:])
