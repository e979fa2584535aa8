"""Laws of isolation: a contact always tells, less coverage never says more, order never shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from camaudit.model.isolation import Isolation, Separation
from camaudit.model.traffic import Traffic
from tests.traffic import CAMERA, START, UDP, asked, minutes, talk
from tests.watches import CAMERA_AT, CORE_AT, PROFILE, RECORDER_AT, RESTART, day, judged

#: A short watch, so that many can be tried.
HOURS = 4
START_AGAIN = RESTART | {"at": START + timedelta(hours=1)}


def watched(*rows: dict[str, Any], **more: Any) -> Traffic:
    return day(*rows, hours=HOURS, **({"events": [START_AGAIN]} | more))


def answer(seen: Traffic, **profile: Any) -> Isolation:
    return judged(seen, **({"hours": HOURS} | profile))


PEERS = (
    CORE_AT,
    RECORDER_AT,
    "192.168.7.30",
    "192.168.8.9",
    "172.16.6.9",
    "8.8.8.8",
    "9.9.8.7",
    "239.255.255.250",
    "fe80::9",
)

conversations = st.lists(
    st.builds(
        lambda peer, port, protocol, back, outbound, hour: talk(
            *((CAMERA_AT, peer) if outbound else (peer, CAMERA_AT)),
            **{"client_mac" if outbound else "server_mac": CAMERA},
            port=port,
            protocol=protocol,
            out=600,
            back=back,
            at=START + timedelta(hours=hour),
        ),
        st.sampled_from(PEERS),
        st.sampled_from((53, 123, 443, 554, 5351, 32100)),
        st.sampled_from((6, UDP)),
        st.sampled_from((0, 400, 5000)),
        st.booleans(),
        st.integers(0, HOURS - 1),
    ),
    max_size=6,
)
names = st.lists(
    st.builds(
        lambda name, peer, via: asked(name, CAMERA_AT, mac=CAMERA, address=peer, via=via),
        st.sampled_from(("p2p.acme.example", "relay.example", "www.example")),
        st.sampled_from(PEERS),
        st.sampled_from(("dns", "sni", "http_host")),
    ),
    max_size=3,
)


@given(conversations, names)
def test_isolated_and_cannot_tell_stand_alone(
    rows: list[dict[str, Any]], said: list[dict[str, Any]]
) -> None:
    found = answer(watched(*rows, names=said))
    alone = {Separation.ISOLATED, Separation.CANNOT_TELL}
    assert len(found.answers) >= 1
    assert len(found.answers) == 1 or not alone & set(found.answers)


@given(conversations, names, st.integers(0, HOURS - 1))
def test_a_contact_with_core_is_always_a_connection(
    rows: list[dict[str, Any]], said: list[dict[str, Any]], hour: int
) -> None:
    contact = talk(CAMERA_AT, CORE_AT, client_mac=CAMERA, at=START + timedelta(hours=hour))
    found = answer(watched(*rows, contact, names=said))
    assert Separation.CONNECTED_TO_CORE in found.answers
    assert found.hours[hour][1] is Separation.CONNECTED_TO_CORE


@given(conversations, names, st.integers(0, 1000))
def test_the_order_of_rows_does_not_show(
    rows: list[dict[str, Any]], said: list[dict[str, Any]], seed: int
) -> None:
    seen = watched(*rows, names=said)

    def mixed(table: pa.Table) -> pa.Table:
        return table.take(pa.array(np.random.default_rng(seed).permutation(table.num_rows)))

    other = replace(
        seen,
        conversations=mixed(seen.conversations),
        names=mixed(seen.names),
        activity=mixed(seen.activity),
    )
    assert answer(seen) == answer(other)


#: What takes away from a complete watch: arguments of ``day``, and of the profile.
losses = st.sampled_from(
    (
        ({"activity": [*minutes(60), *minutes(60, start=START + timedelta(hours=3))]}, {}),
        ({"activity": []}, {}),
        ({"events": []}, {}),
        ({"lost": 5}, {}),
        ({}, {"sentinel": None}),
        ({}, {"sentinel": "192.168.7.250"}),
        ({}, {"vantage": None}),
        ({}, {"hours": 48.0}),
        ({}, {"interfaces": PROFILE.interfaces[1:]}),
        ({}, {"longest_silence": timedelta(seconds=10)}),
    )
)


@given(conversations, names, losses)
def test_less_coverage_never_isolates_and_takes_no_contact_away(
    rows: list[dict[str, Any]],
    said: list[dict[str, Any]],
    loss: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    less, profile = loss
    whole = answer(watched(*rows, names=said))
    found = answer(watched(*rows, names=said, **less), **profile)
    assert Separation.ISOLATED not in found.answers
    expected = whole.answers
    if expected == (Separation.ISOLATED,):
        expected = (Separation.CANNOT_TELL,)
    assert found.answers == expected
    for (_, before), (_, after) in zip(whole.hours, found.hours, strict=True):
        assert after in (before, Separation.CANNOT_TELL)
    assert found.contacts == whole.contacts


@given(conversations)
def test_sizes_are_kept(rows: list[dict[str, Any]]) -> None:
    quiet = answer(watched())
    found = answer(watched(*rows))
    told = sum(each.bytes_sent + each.bytes_received for each in (*found.contacts, *found.attempts))
    before = sum(each.bytes_sent + each.bytes_received for each in quiet.contacts)
    assert told - before == sum(row["bytes_out"] + row["bytes_back"] for row in rows)
