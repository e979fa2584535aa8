"""Searches on loopback: groups, single addresses, answers by multicast, floods, taken ports."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from camaudit.sources.scan.limits import Limits
from camaudit.sources.scan.pacing import Pace
from camaudit.sources.scan.search import (
    MAX_REPLIES_A_SOURCE,
    Searched,
    search_addresses,
    search_groups,
)
from camaudit.sources.scan.vantage import Vantage
from camaudit.sources.spec import Intrusiveness, Search

QUICK = Limits(rate=10_000, burst=1_000, repeats=2, listen=0.2)
LOOPBACK = Vantage(name="lo", index=1, address="127.0.0.1", prefix=8)
GROUP = "239.255.255.250"


def search(**changes: object) -> Search:
    plain = Search(
        id="test.search",
        title="a search",
        port=0,
        groups=(GROUP,),
        unicast=True,
        intrusiveness=Intrusiveness.POLITE,
        requests=lambda nonce: (b"ask " + nonce,),
        read=lambda _data: (),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@contextmanager
def device(
    answer: Callable[[socket.socket, bytes, tuple[str, int]], None],
    address: str = "127.0.0.7",
    group: str | None = None,
) -> Iterator[tuple[int, list[bytes]]]:
    """A device in a thread; yields its port and what it got."""
    got: list[bytes] = []
    stop = threading.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind((group or address, 0))
        if group:
            place = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
            ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, place)
        ear.settimeout(0.05)

        def serve() -> None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
                mouth.bind((address, 0))
                mouth.setsockopt(
                    socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1")
                )
                while not stop.is_set():
                    try:
                        data, source = ear.recvfrom(65535)
                    except TimeoutError:
                        continue
                    got.append(data)
                    answer(mouth, data, source)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield ear.getsockname()[1], got
        finally:
            stop.set()
            thread.join()


def to_sender(mouth: socket.socket, data: bytes, source: tuple[str, int]) -> None:
    mouth.sendto(b"reply to " + data, source)


def ask(
    wanted: Search, addresses: tuple[str, ...] | None = None, limits: Limits = QUICK
) -> tuple[Searched, list[tuple[str, bytes]]]:
    """Search groups, or the addresses given."""
    heard: list[tuple[str, bytes]] = []

    def hear(_search: Search, address: str, _port: int, data: bytes) -> None:
        heard.append((address, data))

    async def main() -> Searched:
        loop = asyncio.get_running_loop()
        pace = Pace(limits.rate, limits.burst, loop.time)
        if addresses is None:
            return await search_groups(wanted, LOOPBACK, limits, pace, lambda: b"n" * 16, hear)
        return await search_addresses(
            wanted, lambda: addresses, None, limits, pace, lambda: b"n" * 16, hear
        )

    return asyncio.run(main()), heard


def test_a_group_is_asked_as_often_as_the_limits_say() -> None:
    with device(to_sender, group=GROUP) as (port, got):
        searched, heard = ask(search(port=port))
    assert got == [b"ask " + b"n" * 16] * 2
    assert heard == [("127.0.0.7", b"reply to ask " + b"n" * 16)] * 2
    assert (searched.sent, searched.replies, searched.sources) == (2, 2, 1)


def test_a_single_address_is_asked_until_it_has_answered() -> None:
    with device(to_sender) as (port, got):
        searched, heard = ask(search(port=port), ("127.0.0.7", "127.0.0.8"))
    assert len(got) == 1
    assert [address for address, _ in heard] == ["127.0.0.7"]
    assert searched.sent == 3  # the silent one twice


def test_an_answer_sent_to_the_group_is_heard() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        reply_port = free.getsockname()[1]

    def to_group(mouth: socket.socket, data: bytes, source: tuple[str, int]) -> None:
        assert source[1] == reply_port  # asked from the port where answers are expected
        mouth.sendto(b"reply", (GROUP, reply_port))

    with device(to_group, group=GROUP) as (port, _):
        _, heard = ask(search(port=port, reply_port=reply_port, reply_groups=(GROUP,)))
    assert ("127.0.0.7", b"reply") in heard


def test_our_own_question_heard_through_the_group_is_no_reply() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    searched, heard = ask(search(port=port, reply_port=port, reply_groups=(GROUP,)))
    assert searched.sent == 2
    assert (searched.replies, searched.sources, heard) == (0, 0, [])


def test_an_answer_to_another_port_than_the_one_that_asked_is_heard() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        reply_port = free.getsockname()[1]

    def to_port(mouth: socket.socket, data: bytes, source: tuple[str, int]) -> None:
        mouth.sendto(b"reply", (source[0], reply_port))

    with device(to_port, group=GROUP) as (port, _):
        _, heard = ask(search(port=port, reply_port=reply_port))
    assert ("127.0.0.7", b"reply") in heard


def test_a_flood_of_replies_is_bounded_by_source_and_counted() -> None:
    def flood(mouth: socket.socket, data: bytes, source: tuple[str, int]) -> None:
        for number in range(500):
            mouth.sendto(b"reply %d" % number, source)

    with device(flood, group=GROUP) as (port, _):
        searched, heard = ask(search(port=port), limits=replace(QUICK, repeats=1))
    assert len(heard) == MAX_REPLIES_A_SOURCE
    assert searched.dropped > 0


def test_a_port_that_another_program_holds_is_said_to_be_taken() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))  # without SO_REUSEADDR
        reply_port = other.getsockname()[1]
        searched, heard = ask(search(port=9, reply_port=reply_port))
    assert "taken by another program" in searched.trouble
    assert str(reply_port) in searched.trouble
    assert (searched.sent, heard) == (0, [])


def test_a_broken_group_address_of_another_family_is_not_asked() -> None:
    searched, _ = ask(search(port=9, groups=("ff02::c",)))
    assert (searched.sent, searched.trouble) == (0, "")


@pytest.mark.parametrize("repeats", [1, 3])
def test_repeats_send_each_datagram_so_often(repeats: int) -> None:
    with device(lambda *_: None, group=GROUP) as (port, got):
        searched, _ = ask(
            search(port=port, requests=lambda _nonce: (b"one", b"two")),
            limits=replace(QUICK, repeats=repeats),
        )
    assert got == [b"one", b"two"] * repeats
    assert searched.sent == 2 * repeats
