"""Coverage-guided fuzzing of the passive reader of captures; not part of the test run.

The invariant: any bytes on any port are read or counted, no reader fails, and no value is empty.

    python -m tests.fuzz.fuzz_passive [--rounds N] [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage, from the protocols' examples as
corpus. Without it the examples are mutated blindly for a given number of rounds.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys

from camaudit.sources.captures.passive import Watcher
from camaudit.sources.protocols import registry
from tests.fuzz.fuzz_codecs import guided, mutations
from tests.payloads import gateway_search, lldp, port_mapping, tcp, udp, watch
from tests.protocol_examples import load_examples

_PORTS = sorted(Watcher().udp_ports | Watcher().tcp_ports)


def check(data: bytes) -> None:
    """Hold one input against the invariant; its first two bytes choose the port."""
    port = _PORTS[int.from_bytes(data[:2], "big") % len(_PORTS)]
    body = data[2:]
    payloads = [make(body, sign * port) for make in (udp, tcp) for sign in (1, -1)]
    watched = watch(*payloads, lldp(body))
    failed = [each.what for each in watched.damage if "a reader failed" in each.what]
    assert not failed, failed
    for batch in watched.observations:
        assert all(batch.column("value").to_pylist())


def main(words: list[str]) -> None:
    """Fuzz the reader."""
    end = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description="Fuzz the passive reader of captures.")
    parser.add_argument("--rounds", type=int, default=20_000)
    arguments = parser.parse_args(words[:end])
    seeds = [
        _PORTS.index(port).to_bytes(2, "big") + example.data
        for protocol, spec in registry().items()
        for example in load_examples(protocol)
        for port in spec.ports[:1] or _PORTS[:1]
        if port in _PORTS
    ]
    seeds += [_PORTS.index(1900).to_bytes(2, "big") + gateway_search(), bytes(2) + port_mapping()]
    if importlib.util.find_spec("atheris") is not None:
        guided(check, seeds, words[end + 1 :])
        return
    for data in mutations(seeds, arguments.rounds):
        check(data)
    sys.stdout.write(f"passive: {arguments.rounds} blind mutations held\n")


if __name__ == "__main__":
    main(sys.argv[1:])
