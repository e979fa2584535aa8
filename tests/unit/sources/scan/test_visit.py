"""One device, port after port: what is asked in which order, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.model.scan import Outcome
from camaudit.sources.scan.limits import Limits
from camaudit.sources.scan.line import Device
from camaudit.sources.scan.pacing import Pace
from camaudit.sources.scan.plan import Plan
from camaudit.sources.scan.visit import MAX_SEEN, Visit
from camaudit.sources.spec import Dialogue, Intrusiveness, Line, Transport
from tests.peers import Behaviour, mute, peer, says

QUICK = Limits(
    rate=10_000, burst=1_000, gap=0.0, connect=0.3, reply=0.2, quiet=0.1, exchange=0.5, device=5.0
)
ADDRESS = "127.0.0.1"


async def first_line(line: Line, path: str) -> AsyncIterator[Seen]:
    reply = await line.exchange(b"ask " + path.encode(), lambda data: data.find(b"\n") + 1 or None)
    yield Seen("test", "reply", reply)
    if reply.startswith(b"401"):
        yield Seen("test", "status", b"401")


def dialogue(name: str, ports: Sequence[int], **changes: object) -> Dialogue:
    plain = Dialogue(
        id=name,
        title=name,
        transport=Transport.TCP,
        ports=tuple(ports),
        intrusiveness=Intrusiveness.POLITE,
        requests=1,
        ask=first_line,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def visit(
    peers: Sequence[Behaviour],
    make: Callable[[list[int]], list[Dialogue]],
    hints: Callable[[list[int]], Mapping[str, Sequence[str]]] = lambda _ports: {},
    limits: Limits = QUICK,
    closed: int = 0,
) -> tuple[Visit, list[tuple[str, int, tuple[Seen, ...]]], list[int], list[int]]:
    """Visit a device that has these ports open, and ``closed`` others that refuse."""
    shown: list[tuple[str, int, tuple[Seen, ...]]] = []

    async def main() -> tuple[Visit, list[int], list[int]]:
        loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            told = [await stack.enter_async_context(peer(each)) for each in peers]
            ports = [each.port for each in told]
            for _ in range(closed):
                async with peer(mute) as gone:
                    ports.append(gone.port)
            dialogues = make(ports)
            plan = Plan(searches=(), dialogues=tuple(dialogues), ports=tuple(ports), withheld=())
            device = Device(
                address=ADDRESS,
                limits=limits,
                pace=Pace(limits.rate, limits.burst, loop.time),
                clock=loop.time,
            )
            made = Visit(
                device=device,
                plan=plan,
                show=lambda *what: shown.append(what),
                hints=hints(ports),
            )
            await made.run()
            assert all(each.most_open <= 1 for each in told)
            return made, ports, [each.opened for each in told]

    made, ports, opened = asyncio.run(main())
    return made, shown, ports, opened


def outcomes(made: Visit) -> list[tuple[str, Outcome]]:
    return [(each.probe, each.outcome) for each in made.asked]


def test_each_port_is_asked_and_accounted_for() -> None:
    made, shown, ports, _ = visit([says(b"hello\n"), mute], lambda p: [dialogue("a", p)], closed=1)
    assert outcomes(made) == [
        ("a", Outcome.ANSWERED),
        ("a", Outcome.OPEN),
        ("a", Outcome.REFUSED),
    ]
    assert shown == [("a", ports[0], (Seen("test", "reply", b"hello\n"),))]
    assert made.alive


def test_dialogues_at_one_port_share_its_connection() -> None:
    made, shown, _, opened = visit(
        [says(b"one\n", b"two\n")], lambda p: [dialogue("a", p), dialogue("b", p)]
    )
    assert [each[2][0].value for each in shown] == [b"one\n", b"two\n"]
    assert opened == [1]
    assert len(made.asked) == 2


def test_a_request_to_log_in_ends_the_port_and_not_the_device() -> None:
    made, _, _, opened = visit(
        [says(b"401\n", b"more\n"), says(b"hello\n", b"again\n")],
        lambda p: [dialogue("a", p), dialogue("b", p)],
    )
    assert outcomes(made) == [
        ("a", Outcome.ANSWERED),
        ("b", Outcome.STOPPED),
        ("a", Outcome.ANSWERED),
        ("b", Outcome.ANSWERED),
    ]
    assert opened == [1, 1]


def test_a_lock_out_ends_the_device() -> None:
    async def lock(line: Line, path: str) -> AsyncIterator[Seen]:
        async for seen in first_line(line, path):
            yield seen
        line.lock_out("account blocked")

    made, shown, _, opened = visit(
        [says(b"one\n"), says(b"two\n")], lambda p: [dialogue("a", p, ask=lock)]
    )
    assert outcomes(made) == [("a", Outcome.ANSWERED), ("a", Outcome.STOPPED)]
    assert opened == [1, 0]
    assert len(shown) == 1  # what it said before stands


def test_a_fault_of_a_reader_costs_its_dialogue_alone_and_is_told() -> None:
    async def broken(line: Line, path: str) -> AsyncIterator[Seen]:
        yield Seen("test", "before", b"x")
        raise KeyError("oops")

    async def unreadable(line: Line, path: str) -> AsyncIterator[Seen]:
        raise DecodeError("no such grammar")
        yield Seen("test", "never", b"x")  # type: ignore[unreachable]

    made, shown, _, _ = visit(
        [says(b"hello\n")],
        lambda p: [
            dialogue("broken", p, ask=broken),
            dialogue("unreadable", p, ask=unreadable),
            dialogue("good", p),
        ],
    )
    assert [each[0] for each in shown] == ["broken", "good"]
    assert made.faults == ["broken: KeyError: 'oops'"]
    assert made.asked[1].detail == "no such grammar"


def test_fields_without_end_are_cut() -> None:
    async def stuffed(line: Line, path: str) -> AsyncIterator[Seen]:
        for number in range(10_000):
            yield Seen("test", "field", b"%d" % number)

    _, shown, _, _ = visit([says(b"x\n")], lambda p: [dialogue("a", p, ask=stuffed)])
    assert len(shown[0][2]) == MAX_SEEN


def test_a_url_of_the_device_itself_is_followed_with_its_path() -> None:
    async def paths(line: Line, path: str) -> AsyncIterator[Seen]:
        await line.exchange(b"ask", lambda data: data.find(b"\n") + 1 or None)
        yield Seen("test", "path", path.encode())

    _, shown, ports, _ = visit(
        [says(b"a\n"), says(b"b\n")],
        lambda p: [dialogue("a", p[:1]), dialogue("d", (), ask=paths, follows="test.location")],
        hints=lambda p: {"test.location": [f"http://{ADDRESS}:{p[1]}/desc.xml?x=1"]},
    )
    assert [(each[0], each[1]) for each in shown] == [("a", ports[0]), ("d", ports[1])]
    assert shown[1][2] == (Seen("test", "path", b"/desc.xml?x=1"),)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2:{port}/",
        "http://camera.example:{port}/",
        "https://127.0.0.1:{port}/",
        "http://user:pw@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}/a\r\nX: y",
        "http://127.0.0.1:99999/",
        "file:///etc/passwd",
        "http://[127.0.0.1:{port}/",
    ],
)
def test_a_url_that_leads_away_or_is_odd_is_not_followed(url: str) -> None:
    _, shown, _, opened = visit(
        [says(b"a\n")],
        lambda _p: [dialogue("d", (), follows="test.location")],
        hints=lambda p: {"test.location": [url.format(port=p[0])]},
    )
    assert (shown, opened) == ([], [0])


@pytest.mark.parametrize("here", [False, True])
def test_an_address_without_a_sign_of_life_is_given_up_with_its_reason(here: bool) -> None:  # noqa: FBT001
    limits = replace(QUICK, signs=2)
    unreachable = "no sign of life on the ports before it"

    async def main() -> Visit:
        loop = asyncio.get_running_loop()
        made = Visit(
            device=Device(
                address="127.0.0.1",
                limits=limits,
                pace=Pace(limits.rate, limits.burst, loop.time),
                clock=loop.time,
                here=lambda: here,
            ),
            plan=Plan(
                searches=(), dialogues=(dialogue("a", (1, 2, 3)),), ports=(1, 2, 3), withheld=()
            ),
            show=lambda *_: None,
            hints={},
        )
        made._silent = 2  # as two silent ports leave it; loopback has none
        await made.run()
        return made

    made = asyncio.run(main())
    if here:  # the neighbour table knows a device at the address
        assert {each.outcome for each in made.asked} == {Outcome.REFUSED}
        return
    assert [(each.outcome, each.detail) for each in made.asked] == [
        (Outcome.SKIPPED, unreachable)
    ] * 3
