"""Coverage-guided fuzzing of the passive reader of captures; not part of the test run.

The invariant: any bytes on any port are read or counted, no reader fails, and no value is empty.

    python -m tests.fuzz.fuzz_passive [--rounds N] [-- LIBFUZZER OPTIONS]

With atheris installed (Linux) the inputs are guided by coverage, from the protocols' examples as
corpus. Without it the examples are mutated blindly for a given number of rounds.
"""

from __future__ import annotations

import sys

from camaudit.sources.captures.passive import Watcher
from camaudit.sources.protocols import registry
from tests.fuzz.guiding import fuzz, parsed
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
    _, rounds, options = parsed(words, "the passive reader of captures", rounds=20_000)
    seeds = [
        _PORTS.index(port).to_bytes(2, "big") + example.data
        for protocol, spec in registry().items()
        for example in load_examples(protocol)
        for port in spec.ports[:1] or _PORTS[:1]
        if port in _PORTS
    ]
    seeds += [_PORTS.index(1900).to_bytes(2, "big") + gateway_search(), bytes(2) + port_mapping()]
    fuzz("passive", check, seeds, rounds, options)


if __name__ == "__main__":
    main(sys.argv[1:])
