"""Connections told frame by frame: an opening, what is said each way, and an end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from . import frames
from .frames import ACK, FIN, PSH, SYN, Link

#: What one segment carries (Ethernet's 1500 octets, less 40 of headers of IPv6 and 20 of TCP, and
#: some for options).
SEGMENT: Final = 1400
#: Microseconds from one frame of a conversation to the next, within the site and beyond.
NEAR_US: Final = 300
FAR_US: Final = 9_000


class Frame(NamedTuple):
    """A frame, and when it passes the sensor, in microseconds since 1970."""

    at: int
    data: bytes


@dataclass(slots=True, kw_only=True)
class Connection:
    """One TCP connection; ``link`` and ``ports`` have the client first."""

    link: Link
    ports: tuple[int, int]
    at: int
    pause: int = NEAR_US
    #: The next octet of the client and of the server.
    sent: int = 1_000
    back: int = 2_000
    frames: list[Frame] = field(default_factory=list)

    def open(self) -> None:
        """Shake hands."""
        self._put(True, SYN)
        self.sent += 1
        self._put(False, SYN | ACK)
        self.back += 1
        self._put(True, ACK)

    def say(self, data: bytes, *, back: bool = False) -> None:
        """Let one side say something, in segments, and the other acknowledge it."""
        for start in range(0, len(data), SEGMENT):
            piece = data[start : start + SEGMENT]
            self._put(not back, PSH | ACK, piece)
            if back:
                self.back += len(piece)
            else:
                self.sent += len(piece)
        self._put(back, ACK)

    def close(self) -> None:
        """Part, the client first."""
        self._put(True, FIN | ACK)
        self.sent += 1
        self._put(False, FIN | ACK)
        self.back += 1
        self._put(True, ACK)

    def wait(self, microseconds: int) -> None:
        """Let time pass."""
        self.at += microseconds

    def _put(self, of_client: bool, flags: int, data: bytes = b"") -> None:  # noqa: FBT001
        link = self.link if of_client else self.link.turned()
        ports = self.ports if of_client else (self.ports[1], self.ports[0])
        sequence, known = (self.sent, self.back) if of_client else (self.back, self.sent)
        known = known if flags & ACK else 0
        number = len(self.frames) + sequence
        frame = frames.tcp(link, ports, sequence, known, flags, data, number=number)
        self.frames.append(Frame(self.at, frame))
        self.at += self.pause
