"""Cutting a stream into messages, and counting anomalies."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.wirekit.anomaly import Anomaly, Tally
from camaudit.wirekit.codec import Buffer, Codec, Frames, until_close
from camaudit.wirekit.limits import MAX_BUFFER_BYTES


def _decode(data: bytes) -> bytes:
    if data.startswith(b"?"):
        raise DecodeError("a question")
    return data


def _end(data: Buffer) -> int | None:
    if data.startswith(b"!"):
        raise DecodeError("no end in sight")
    return data.find(b"\n") + 1 or None


LINES = Codec(decode=_decode, encode=bytes, parts=lambda message: (message,), end=_end)


def test_messages_come_out_as_they_end() -> None:
    frames = Frames(LINES)
    frames.receive(b"one\ntw")
    assert (frames.take(), frames.take()) == (b"one\n", None)
    frames.receive(b"o\n3")
    assert (frames.take(), frames.take(), frames.close()) == (b"two\n", None, b"3")
    assert frames.close() is None


def test_a_message_that_does_not_decode_costs_its_neighbours_nothing() -> None:
    frames = Frames(LINES)
    frames.receive(b"?\nnext\n")
    with pytest.raises(DecodeError, match="a question"):
        frames.take()
    assert frames.take() == b"next\n"


def test_a_stream_without_an_end_in_sight_is_given_up_once() -> None:
    frames = Frames(LINES)
    frames.receive(b"!")
    with pytest.raises(DecodeError, match="no end in sight"):
        frames.take()
    frames.receive(b"one\n")
    assert (frames.take(), frames.close()) == (None, None)


def test_an_endless_message_is_given_up_at_the_ceiling() -> None:
    frames = Frames(LINES)
    frames.receive(b"x" * MAX_BUFFER_BYTES)
    assert frames.take() is None
    frames.receive(b"x")
    with pytest.raises(DecodeError, match="no message ends"):
        frames.take()
    assert frames.close() is None


def test_a_message_that_only_the_connection_ends_waits_for_it() -> None:
    frames = Frames(Codec(decode=_decode, encode=bytes, parts=lambda _: (), end=until_close))
    frames.receive(b"login: ")
    assert (frames.take(), frames.close()) == (None, b"login: ")


def test_a_datagram_codec_has_no_stream() -> None:
    with pytest.raises(ValueError, match="datagram"):
        Frames(Codec(decode=_decode, encode=bytes, parts=lambda _: ()))


def test_anomalies_are_counted_in_the_order_in_which_they_were_met() -> None:
    tally = Tally()
    for code in ("b", "a", "b"):
        tally.add(code)
    tally.add("none", 0)
    tally.add("a", 3)
    assert tally.result() == (Anomaly("b", 2), Anomaly("a", 4))
