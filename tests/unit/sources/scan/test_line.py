"""Lines under budget: what hostile and odd peers cost, and that nothing is sent beyond it."""

from __future__ import annotations

import asyncio
import errno
import ssl
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast

import pytest

from camaudit.errors import DecodeError, LineError
from camaudit.model.scan import Outcome
from camaudit.sources.scan.limits import Limits
from camaudit.sources.scan.line import MAX_RESETS, DatagramLine, Device, StreamLine
from camaudit.sources.scan.pacing import Pace
from camaudit.sources.spec import Transport
from camaudit.wirekit.codec import Buffer
from tests.peers import Behaviour, Peer, endless, mute, peer, says, slams

QUICK = Limits(
    rate=10_000,
    burst=1_000,
    gap=0.0,
    connect=0.5,
    reply=0.2,
    quiet=0.1,
    exchange=0.5,
    device=5.0,
    device_bytes=1 << 20,
    connections=8,
)


def line_end(data: Buffer) -> int | None:
    at = bytes(data).find(b"\n")
    return at + 1 if at >= 0 else None


def at_once(data: Buffer) -> int | None:
    return 0


def device(limits: Limits = QUICK, **given: Any) -> Device:
    loop = asyncio.get_running_loop()
    pace = Pace(limits.rate, limits.burst, loop.time)
    return Device(address="127.0.0.1", limits=limits, pace=pace, clock=loop.time, **given)


@asynccontextmanager
async def line_to(
    behave: Behaviour, limits: Limits = QUICK
) -> AsyncIterator[tuple[StreamLine, Device, Peer]]:
    async with peer(behave) as told:
        mine = device(limits)
        line = StreamLine(mine, told.port, Transport.TCP)
        yield line, mine, told
        await line.close()


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(main)


def test_a_machine_that_is_too_busy_to_look_blames_no_device() -> None:
    async def main() -> None:
        async with line_to(says(b"one\n"), replace(QUICK, connect=0.05)) as (line, _, _):
            asking = asyncio.create_task(line.exchange(b"a", line_end))
            loop = asyncio.get_running_loop()
            for _ in range(5):
                loop.call_soon(time.sleep, 0.1)
                await asyncio.sleep(0)
            assert await asking == b"one\n"

    run(main())


def test_a_connection_is_kept_for_the_next_exchange() -> None:
    async def main() -> None:
        async with line_to(says(b"one\n", b"two\n")) as (line, mine, told):
            assert await line.exchange(b"a", line_end) == b"one\n"
            assert await line.exchange(b"b", line_end) == b"two\n"
            assert (told.opened, mine.connections) == (1, 1)

    run(main())


def test_a_kept_connection_that_has_gone_is_made_anew_once() -> None:
    async def main() -> None:
        async with line_to(says(b"one\n")) as (line, mine, told):
            assert await line.exchange(b"a", line_end) == b"one\n"
            await asyncio.sleep(0.05)
            assert await line.exchange(b"b", line_end) == b"one\n"
            assert (told.opened, told.most_open, mine.connections) == (2, 1, 2)

    run(main())


def test_an_endless_reply_costs_its_limit() -> None:
    async def main() -> None:
        async with line_to(endless(b"x" * 4096)) as (line, mine, _):
            reply = await line.exchange(b"a", line_end, limit=50_000)
            assert len(reply) == 50_000
            assert mine.received < 50_000 + 300_000  # what one read of the loop may add

    run(main())


def test_the_bytes_of_one_device_have_a_ceiling_over_all_its_connections() -> None:
    async def main() -> None:
        limits = replace(QUICK, device_bytes=100_000, connections=100)
        async with line_to(endless(b"x" * 4096), limits) as (line, mine, told):
            for _ in range(2):
                await line.exchange(b"a", line_end, limit=60_000)
            with pytest.raises(LineError, match="100000 bytes from one device"):
                await line.exchange(b"a", line_end)
            assert mine.outcome is Outcome.CEILING
            assert told.opened == 2

    run(main())


def test_one_byte_at_a_time_costs_the_time_of_an_exchange() -> None:
    async def main() -> None:
        async with line_to(endless(b"x", pause=0.02)) as (line, _, _):
            loop = asyncio.get_running_loop()
            before = loop.time()
            reply = await line.exchange(b"a", line_end)
            assert 0 < len(reply) < 60
            assert loop.time() - before < 5 * QUICK.exchange  # generous: it must end at all

    run(main())


def test_looking_for_an_end_is_linear_however_the_bytes_are_split() -> None:
    looks: list[int] = []

    def end(data: Buffer) -> int | None:
        looks.append(len(data))
        return None

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        for _ in range(20_000):
            writer.write(b"xxxxx")
            await asyncio.sleep(0)

    async def main() -> None:
        async with line_to(behave, replace(QUICK, reply=1.0, exchange=5.0)) as (line, _, _):
            await line.exchange(b"a", end, limit=100_000)

    run(main())
    # 100,000 bytes in 20,000 pieces: a look at each piece would come to 10**9 bytes
    assert sum(looks) < 50_000_000


def test_a_mute_peer_is_open_and_says_nothing() -> None:
    async def main() -> None:
        async with line_to(mute) as (line, mine, _):
            with pytest.raises(LineError) as caught:
                await line.exchange(b"a", line_end)
            assert caught.value.outcome == Outcome.OPEN
            assert mine.closed is None

    run(main())


def test_a_greeting_that_comes_at_once_is_not_lost() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.read(1)

    async def main() -> None:
        async with line_to(behave) as (line, _, _):
            assert await line.exchange(b"", line_end) == b"220 ready\r\n"

    run(main())


def test_what_came_unasked_before_a_request_is_no_reply() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(10):
            writer.write(b"reply\nand more\n")

    async def main() -> None:
        async with line_to(behave) as (line, _, _):
            assert await line.exchange(b"a", line_end) == b"reply\n"
            await asyncio.sleep(0.05)
            assert await line.exchange(b"b", line_end) == b"reply\n"

    run(main())


def test_a_flood_before_anybody_asks_is_cut_off() -> None:
    async def main() -> None:
        async with line_to(endless(b"x" * 65536)) as (line, mine, _):
            for _ in range(QUICK.connections):
                assert await line.exchange(b"", at_once) == b""
                await asyncio.sleep(0.05)
            with pytest.raises(LineError, match="8 connections"):
                await line.exchange(b"", at_once)
            assert mine.connections == QUICK.connections

    run(main())


def test_an_end_that_cannot_be_found_gives_what_came() -> None:
    def end(data: Buffer) -> int | None:
        if data:
            raise DecodeError("no such grammar")
        return None

    async def main() -> None:
        async with line_to(says(b"noise")) as (line, _, _):
            assert await line.exchange(b"a", end) == b"noise"

    run(main())


def test_a_refused_port_is_refused_and_costs_one_connection() -> None:
    async def main() -> None:
        async with peer(mute) as told:
            port = told.port
        mine = device()
        line = StreamLine(mine, port, Transport.TCP)
        with pytest.raises(LineError) as caught:
            await line.exchange(b"a", line_end)
        assert caught.value.outcome == Outcome.REFUSED
        assert mine.connections == 1

    run(main())


def test_a_device_that_breaks_off_again_and_again_is_left_alone() -> None:
    async def main() -> None:
        async with line_to(slams, replace(QUICK, connections=50)) as (line, mine, told):
            for _ in range(20):
                with pytest.raises(LineError):
                    await line.exchange(b"a", line_end)
            assert mine.outcome is Outcome.STOPPED
            assert told.opened <= MAX_RESETS

    run(main())


@pytest.mark.parametrize(("nobody", "outcome"), [(True, Outcome.SILENT), (False, Outcome.FILTERED)])
def test_an_address_that_nobody_on_the_segment_has_is_silent_and_not_filtered(
    *, nobody: bool, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreachable(*_: object, **__: object) -> None:
        raise OSError(errno.EHOSTUNREACH, "No route to host")

    async def main() -> None:
        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", unreachable)
        line = StreamLine(device(nobody=lambda: nobody), 80, Transport.TCP)
        with pytest.raises(LineError) as caught:
            await line.exchange(b"a", line_end)
        assert caught.value.outcome == outcome

    run(main())


def test_no_connection_is_made_beyond_the_budget() -> None:
    async def main() -> None:
        limits = replace(QUICK, connections=3)
        async with line_to(says(b"x\n"), limits) as (line, _, told):
            outcomes = []
            for _ in range(10):
                try:
                    await line.exchange(b"a", line_end)
                    await line.close()
                except LineError as error:
                    outcomes.append(error.outcome)
            assert told.opened == 3
            assert outcomes == [Outcome.CEILING] * 7

    run(main())


def test_a_device_that_may_not_be_asked_any_more_is_not_asked() -> None:
    async def main() -> None:
        async with peer(says(b"x\n")) as told:
            answers = iter([None, "a blackout has begun"])
            mine = device(allowed=lambda: next(answers, "a blackout has begun"))
            line = StreamLine(mine, told.port, Transport.TCP)
            with pytest.raises(LineError, match="blackout"):
                await line.exchange(b"a", line_end)
            assert mine.outcome is Outcome.SKIPPED
            assert told.opened == 0

    run(main())


def test_locking_out_ends_everything_with_the_device() -> None:
    async def main() -> None:
        async with line_to(says(b"x\n", b"y\n")) as (line, mine, told):
            await line.exchange(b"a", line_end)
            line.lock_out("account blocked")
            other = StreamLine(mine, told.port, Transport.TCP)
            for each in (line, other):
                with pytest.raises(LineError, match="account blocked"):
                    await each.exchange(b"b", line_end)
            assert told.opened == 1

    run(main())


def test_text_instead_of_tls_is_told_apart() -> None:
    async def main() -> None:
        async with peer(endless(b"HTTP/1.0 400 Bad Request\r\n\r\n", pause=0.01)) as told:
            line = StreamLine(device(), told.port, Transport.TLS)
            with pytest.raises(LineError) as caught:
                await line.exchange(b"a", line_end)
            assert caught.value.outcome == Outcome.TLS_FAILED

    run(main())


def test_a_handshake_that_never_ends_costs_the_time_of_a_connection() -> None:
    async def main() -> None:
        async with peer(mute) as told:
            line = StreamLine(device(), told.port, Transport.TLS)
            with pytest.raises(LineError) as caught:
                await line.exchange(b"a", line_end)
            assert caught.value.outcome == Outcome.SILENT
            assert "handshake" in caught.value.detail

    run(main())


def test_our_tls_trusts_nothing_and_agrees_to_old_versions() -> None:
    from camaudit.sources.scan.line import _tls

    context = _tls()
    assert context.verify_mode is ssl.CERT_NONE
    assert context.minimum_version is ssl.TLSVersion.MINIMUM_SUPPORTED


def test_a_datagram_is_repeated_and_the_first_reply_counts() -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        got: list[bytes] = []

        class Answer(asyncio.DatagramProtocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                self.transport = transport

            def datagram_received(self, data: bytes, addr: Any) -> None:
                got.append(data)
                if len(got) == 2:  # the first one is lost
                    cast(asyncio.DatagramTransport, self.transport).sendto(b"reply", addr)

        transport, _ = await loop.create_datagram_endpoint(Answer, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        mine = device(replace(QUICK, repeats=3))
        line = DatagramLine(mine, port)
        assert await line.exchange(b"ask") == b"reply"
        assert got == [b"ask", b"ask"]
        assert mine.connections == 1
        transport.close()
        await asyncio.sleep(0)
        with pytest.raises(LineError) as caught:
            await line.exchange(b"ask")
        await line.close()
        assert caught.value.outcome in (Outcome.REFUSED, Outcome.SILENT)

    run(main())


def test_a_pace_holds_over_everybody_who_asks() -> None:
    async def main() -> None:
        now = 0.0
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        pace = Pace(10.0, 2, lambda: now)
        original = asyncio.sleep
        asyncio.sleep = sleep  # type: ignore[assignment]
        try:
            for _ in range(5):
                await pace.take()
        finally:
            asyncio.sleep = original
        assert slept == pytest.approx([0.1, 0.2, 0.3])
        assert pace.spent == 5

    run(main())
