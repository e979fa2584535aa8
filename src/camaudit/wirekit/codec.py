"""The common shape of a codec, and the cutter that turns a byte stream into messages.

1. Any bytes decode, or raise ``DecodeError``; nothing else, in time linear in their length.
2. ``decode(encode(message)) == message``. Anomalies belong to the bytes and are not compared.
3. No clock, no randomness, no logging, no state outside the objects that the caller holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from camaudit.errors import DecodeError

from .limits import MAX_BUFFER_BYTES

MessageT = TypeVar("MessageT")

#: What ``end`` looks at: a growing buffer, without copying it.
Buffer = bytes | bytearray


def until_close(data: Buffer) -> None:
    """Answer that only the end of the connection ends the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec(Generic[MessageT]):
    """Bytes and messages of one kind.

    Attributes:
        decode: Bytes of one message -> message.
        encode: Message -> bytes.
        parts: What a message consists of, in the order of the bytes. Of a truncated datagram a
            prefix of this must come out; the last part may itself be cut.
        end: Streams only: the length of the first message in a buffer, ``None`` for "need more".
    """

    decode: Callable[[bytes], MessageT]
    encode: Callable[[MessageT], bytes]
    parts: Callable[[MessageT], tuple[object, ...]]
    end: Callable[[Buffer], int | None] | None = None


class Frames(Generic[MessageT]):
    """Cut a stream into messages, however the network has split it.

    ``receive`` bytes, then ``take`` messages until it answers ``None`` for "need more". A message
    that ends but does not decode raises ``DecodeError``, and the next one is read after it. Where
    the end of a message cannot be found, ``take`` raises once, and the stream is given up.
    """

    __slots__ = ("_buffer", "_decode", "_end", "_given_up")

    def __init__(self, codec: Codec[MessageT]) -> None:
        if codec.end is None:
            raise ValueError("a datagram codec has no stream to cut")
        self._decode, self._end = codec.decode, codec.end
        self._buffer = bytearray()
        self._given_up = False

    def receive(self, piece: bytes) -> None:
        """Keep the next bytes; those of a stream that was given up are not kept."""
        if not self._given_up:
            self._buffer += piece

    def take(self) -> MessageT | None:
        """Return the next whole message, or ``None`` where more bytes are needed."""
        try:
            size = self._end(self._buffer)
        except DecodeError:
            self._give_up()
            raise
        if size is not None:
            return self._cut(size)
        if len(self._buffer) > MAX_BUFFER_BYTES:
            self._give_up()
            raise DecodeError(f"no message ends within {MAX_BUFFER_BYTES} bytes")
        return None

    def close(self) -> MessageT | None:
        """Return what the end of the connection ended, or ``None`` where nothing was left."""
        return self._cut(len(self._buffer)) if self._buffer else None

    def _give_up(self) -> None:
        self._given_up = True
        self._buffer.clear()

    def _cut(self, size: int) -> MessageT:
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        return self._decode(piece)
