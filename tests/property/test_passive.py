"""The passive reader under any bytes on any port: nothing is raised, and no reader fails."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic_schemas import EVENTS, NAMES
from camaudit.sources.captures.passive import Watcher
from camaudit.sources.captures.payload import LLDP, Payload
from camaudit.sources.protocols import registry
from tests.payloads import CAMERA, GROUP, START, gateway_search, port_mapping, watch
from tests.protocol_examples import load_examples

SEEDS = [example.data for protocol in registry() for example in load_examples(protocol)]
SEEDS += [gateway_search(), port_mapping()]
PORTS = sorted(Watcher().udp_ports | Watcher().tcp_ports)

bodies = st.one_of(
    st.binary(max_size=80),
    st.tuples(st.sampled_from(SEEDS), st.integers(0, 4096), st.binary(max_size=20)).map(
        lambda drawn: drawn[0][: drawn[1]] + drawn[2]
    ),
    st.tuples(st.sampled_from(SEEDS), st.integers(0, 4096), st.integers(0, 255)).map(
        lambda drawn: drawn[0][: drawn[1]] + bytes((drawn[2],)) + drawn[0][drawn[1] + 1 :]
    ),
)
payloads = st.builds(
    Payload,
    mac=st.sampled_from([CAMERA, GROUP, b"", bytes(6)]),
    peer_mac=st.sampled_from([CAMERA, GROUP, b""]),
    source=st.sampled_from(["192.168.1.64", "fe80::1", "198.41.0.4", "no address"]),
    target=st.sampled_from(["192.168.1.9", "ff02::c", "2001:db8::1", ""]),
    protocol=st.sampled_from([6, 17, 1, LLDP]),
    source_port=st.sampled_from(PORTS),
    target_port=st.sampled_from(PORTS),
    at=st.just(START),
    position=st.integers(1, 9),
    data=bodies,
)


@given(st.lists(payloads, max_size=12))
def test_any_payload_is_read_or_counted(drawn: list[Payload]) -> None:
    watched = watch(*drawn)
    assert watched.names.schema == NAMES
    assert watched.events.schema == EVENTS
    assert all(batch.schema == OBSERVATIONS for batch in watched.observations)
    assert not [each for each in watched.damage if "a reader failed" in each.what]
    values = [
        value for batch in watched.observations for value in batch.column("value").to_pylist()
    ]
    assert all(values)


@given(st.lists(payloads, max_size=8))
def test_reading_twice_adds_no_value(drawn: list[Payload]) -> None:
    once, twice = watch(*drawn), watch(*drawn, *drawn)
    rows = [
        [(row["device"], row["protocol"], row["field"], row["value"]) for row in batch.to_pylist()]
        for watched in (once, twice)
        for batch in watched.observations
    ]
    assert rows[: len(rows) // 2] == rows[len(rows) // 2 :]
