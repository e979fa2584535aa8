"""camaudit.isolation.assess: which answer, and when silence is one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from camaudit.errors import UsageError
from camaudit.isolation import assess
from camaudit.isolation.assess import MOST_LISTED
from camaudit.model.isolation import Destination, Separation, Watched, Zones
from tests.traffic import CAMERA, START, TCP, UDP, asked, talk, traffic
from tests.watches import (
    CAMERA_AT,
    CATALOGUE,
    CORE_AT,
    DAY,
    DEVICE,
    OUTSIDE,
    PROFILE,
    ZONES,
    day,
    into,
    judged,
    out,
    sentinel,
    video,
)

ISOLATED = (Separation.ISOLATED,)
CANNOT_TELL = (Separation.CANNOT_TELL,)
CLOUD = asked("p2p.acme.example", CAMERA_AT, mac=CAMERA, address=OUTSIDE)
#: IPv4 and TCP without options (RFC 791, RFC 9293): a refusal is as long as its headers.
REFUSED: dict[str, Any] = {"out": 600, "back": 400}


def test_silence_in_a_complete_watch_is_isolation() -> None:
    found = judged(day())
    assert found.answers == ISOLATED
    assert {answer for _, answer in found.hours} == set(ISOLATED)
    assert len(found.hours) == DAY
    assert found.coverage.complete
    assert found.core == ("10.0.0.0/8",)


@pytest.mark.parametrize(
    ("conversation", "answers"),
    [
        (out(CORE_AT), (Separation.CONNECTED_TO_CORE,)),
        (into(CORE_AT), (Separation.CONNECTED_TO_CORE,)),
        (out(CORE_AT, port=53, protocol=UDP), (Separation.CONNECTED_TO_CORE,)),
        (out("9.9.9.9"), (Separation.REACHES_INTERNET,)),
        (into("9.9.9.9"), (Separation.REACHES_INTERNET,)),
        (out("9.9.9.9", port=123, protocol=UDP), (Separation.REACHES_INTERNET,)),
        (out("9.9.9.9", port=32100, protocol=UDP), (Separation.REACHES_INTERNET,)),
        (out(OUTSIDE), (Separation.REACHES_MAKER_CLOUD, Separation.REACHES_INTERNET)),
        (out("9.9.8.7"), (Separation.REACHES_MAKER_CLOUD, Separation.REACHES_INTERNET)),
        (out("192.168.8.9"), CANNOT_TELL),
        (out("172.16.5.9"), CANNOT_TELL),
        (out("172.16.6.9"), CANNOT_TELL),
        (out("192.168.7.9"), ISOLATED),
        (out("192.168.7.53", port=53, protocol=UDP), ISOLATED),
        (out("192.168.7.54"), ISOLATED),
        (out("239.255.255.250", port=1900, protocol=UDP, back=0), ISOLATED),
    ],
)
def test_the_answer_follows_from_whom_it_talked_to(
    conversation: dict[str, Any], answers: tuple[Separation, ...]
) -> None:
    assert judged(day(conversation, names=(CLOUD,))).answers == answers


def test_several_answers_hold_at_once() -> None:
    found = judged(day(out(CORE_AT), out(OUTSIDE), names=(CLOUD,)))
    assert found.answers == (
        Separation.CONNECTED_TO_CORE,
        Separation.REACHES_MAKER_CLOUD,
        Separation.REACHES_INTERNET,
    )


def test_a_makers_time_server_is_on_the_internet_and_no_cloud() -> None:
    named = asked("time.acme.example", CAMERA_AT, mac=CAMERA, address=OUTSIDE)
    seen = day(out(OUTSIDE, port=123, protocol=UDP), names=(named,))
    assert judged(seen).answers == (Separation.REACHES_INTERNET,)


@pytest.mark.parametrize("peer", [CORE_AT, OUTSIDE, "172.16.6.9"])
def test_an_opening_that_nothing_answered_is_an_attempt_and_shows_no_path(peer: str) -> None:
    found = judged(day(out(peer, back=0, out=600)))
    assert found.answers == ISOLATED
    (attempt,) = found.attempts
    assert (attempt.peer, attempt.bytes_received) == (peer, 0)
    assert attempt.because.endswith("; nothing answered")
    assert any(each.startswith(f"It tried {peer} (tcp 443)") for each in found.because)
    assert peer not in {each.peer for each in found.contacts}


@pytest.mark.parametrize(
    "conversation",
    [
        out(CORE_AT, protocol=UDP, back=0),
        out(OUTSIDE, protocol=UDP, back=0),
        out(OUTSIDE, protocol=1, port=0, back=0),
        out(CORE_AT, **REFUSED),
        out(OUTSIDE, **REFUSED),
        into(CORE_AT, back=0),
        into(OUTSIDE, protocol=UDP, back=0),
        into("172.16.6.9", back=0),
    ],
)
def test_an_attempt_that_may_have_arrived_leaves_it_open(conversation: dict[str, Any]) -> None:
    found = judged(day(conversation))
    assert found.answers == CANNOT_TELL
    assert len(found.attempts) == 1


def test_data_without_an_answer_is_a_conversation_of_which_one_side_was_seen() -> None:
    """TCP sends no data before the other side has answered (RFC 9293 3.5)."""
    found = judged(day(out(OUTSIDE, out=14000, back=0)))
    assert found.answers == (Separation.REACHES_INTERNET,)
    assert "only one direction was seen" in found.because[0]


def test_a_kept_up_connection_is_a_contact_in_each_hour_though_it_is_quiet() -> None:
    """Bare acknowledgements look like refusals, and belong to a conversation that was answered."""
    talked = out(OUTSIDE, out=9000, back=9000)
    quiet = out(OUTSIDE, at=START + timedelta(hours=1), **REFUSED)
    found = judged(day(talked, quiet))
    assert [answer for _, answer in found.hours][:3] == [
        Separation.REACHES_INTERNET,
        Separation.REACHES_INTERNET,
        Separation.ISOLATED,
    ]


def test_three_packets_of_a_relay_are_found() -> None:
    named = asked("relay.example", CAMERA_AT, mac=CAMERA, address=OUTSIDE)
    tiny = out(
        OUTSIDE,
        port=9000,
        protocol=UDP,
        out=120,
        back=60,
        at=START + timedelta(hours=5, minutes=7),
        packets_out=2,
        packets_back=1,
    )
    found = judged(day(tiny, names=(named,)))
    (contact,) = (each for each in found.contacts if each.destination is Destination.P2P_RELAY)
    assert contact.packets == 3
    assert Separation.REACHES_MAKER_CLOUD in found.answers
    assert [at for at, (_, answer) in enumerate(found.hours) if answer not in ISOLATED] == [5]


def test_an_address_of_its_own_in_core_is_a_connection() -> None:
    carrier = {CAMERA: {CAMERA_AT: 9, "10.9.9.9": 1}}
    found = judged(day(addresses=carrier))
    assert found.answers == (Separation.CONNECTED_TO_CORE,)
    assert "an address of its own in 10.0.0.0/8" in found.because[0]


def test_names_asked_for_are_told_as_what_they_are() -> None:
    found = judged(day(names=(CLOUD, CLOUD)))
    assert found.answers == ISOLATED
    (name,) = found.asked
    assert (name.name, name.service, name.maker, name.count) == (
        "p2p.acme.example",
        "acme-cloud",
        "acme",
        2,
    )
    assert "It asked for p2p.acme.example, a name of acme-cloud." in found.because


@pytest.mark.parametrize(("via", "answers"), [("sni", CANNOT_TELL), ("dns", ISOLATED)])
def test_a_makers_name_spoken_to_a_host_within_may_be_a_proxy(
    via: str, answers: tuple[Separation, ...]
) -> None:
    name = asked("p2p.acme.example", CAMERA_AT, mac=CAMERA, address="192.168.7.9", via=via)
    assert judged(day(out("192.168.7.9", port=8080), names=(name,))).answers == answers


def test_flow_logs_without_hardware_addresses_know_devices_by_address() -> None:
    rows = [
        row | {"client_mac": None, "server_mac": None}
        for row in (*sentinel(), *video(), out(CORE_AT))
    ]
    device = Watched(device=CAMERA_AT, addresses=(CAMERA_AT,))
    found = judged(traffic(rows, hours=DAY), device=device)
    assert found.answers == (Separation.CONNECTED_TO_CORE,)
    assert any("no hardware addresses" in each for each in found.not_looked_at)


def test_two_interfaces_are_one_device() -> None:
    wireless = "02:00:00:00:00:aa"
    row = talk("192.168.7.11", CORE_AT, client_mac=wireless)
    device = replace(DEVICE, macs=(CAMERA, wireless))
    assert judged(day(row), device=device).answers == (Separation.CONNECTED_TO_CORE,)
    assert judged(day(row)).answers == ISOLATED


def test_what_two_watched_devices_say_to_each_other_is_told_of_both() -> None:
    recorder = Watched(device="recorder", addresses=("192.168.7.2",))
    camera, other = assess(day(), [DEVICE, recorder], ZONES, PROFILE, CATALOGUE)
    (of_camera,) = camera.contacts
    of_recorder = next(each for each in other.contacts if each.peer == CAMERA_AT)
    assert of_camera.bytes_sent == of_recorder.bytes_received == 24 * 90000
    assert (of_camera.outbound, of_recorder.outbound) == (False, True)
    assert [camera.device, other.device] == [CAMERA, "recorder"]


def test_a_long_list_is_cut_and_everything_counts() -> None:
    rows = [out(f"192.168.7.{at % 200 + 30}", port=1000 + at) for at in range(MOST_LISTED + 9)]
    found = judged(day(*rows, out(CORE_AT)))
    assert len(found.contacts) == MOST_LISTED
    # the recorder and core besides
    assert found.unlisted == 11
    assert found.contacts[0].destination is Destination.CORE


def test_sentences_are_few_and_the_rest_is_counted() -> None:
    found = judged(day(*(out(f"10.0.0.{at}") for at in range(1, 6))))
    assert len([each for each in found.because if each.startswith("It talked to 10.")]) == 3
    assert "And 2 more like these." in found.because


def test_no_device_no_answer() -> None:
    assert assess(day(), [], ZONES, PROFILE, CATALOGUE) == []


def test_an_empty_capture_cannot_tell() -> None:
    found = judged(replace(traffic(hours=0), first=None, last=None))
    assert (found.answers, found.hours) == (CANNOT_TELL, ())
    assert "the device was not seen at all" in found.coverage.lacking


def test_a_hardware_address_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="'camera' is no hardware address"):
        judged(day(), device=Watched(device="camera", macs=("camera",)))


def test_no_word_confirms_or_refutes_anybody() -> None:
    found = judged(day(out(OUTSIDE), names=(CLOUD,)))
    words = " ".join((*found.because, *found.not_looked_at, *(c.because for c in found.contacts)))
    assert "confirm" not in words
    assert "refut" not in words
    assert "denial" not in words


@pytest.mark.parametrize(
    ("zones", "lacking"),
    [
        (replace(ZONES, core=()), "no core network is declared"),
        (replace(ZONES, site={}), "the zone that the device is in is not declared"),
    ],
)
def test_without_a_declaration_silence_says_nothing(zones: Zones, lacking: str) -> None:
    found = judged(day(), zones=zones)
    assert found.answers == CANNOT_TELL
    assert lacking in found.coverage.lacking
    assert {answer for _, answer in found.hours} == set(CANNOT_TELL)


def test_udp_and_tcp_numbers_are_those_of_iana() -> None:
    assert (TCP, UDP) == (6, 17)
