"""Read a capture from end to end: conversations, activity, addresses, and what payloads say."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO, Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import SourceError
from camaudit.model.schemas import OBSERVATIONS
from camaudit.model.traffic import Damage, Traffic
from camaudit.model.traffic_schemas import NAMES
from camaudit.sources.hearing import Hearing

from .activity import Activity
from .addresses import Sender, Sources
from .arp import Announcements
from .columns import numbers, strings, words
from .conversations import Conversations
from .damage import Tally
from .datagrams import Datagrams
from .flows import read_flows, sum_flows
from .fragments import Fragments
from .links import read_links
from .neighbours import Neighbours
from .network import Packets, read_packets
from .pcap import MAGICS, read_pcap
from .pcapng import MAGIC, Blocks
from .streams import Streams
from .watching import Passive
from .window import Chunk, Window

_MAGIC_BYTES: Final = 4
_HALF: Final = 64
_LOW: Final = (1 << _HALF) - 1
_SEEN_AT: Final = OBSERVATIONS.field("seen_at").type

PACKED: Final = "the file's compression is damaged; what follows was not read"


def is_capture(head: bytes) -> bool:
    """Tell whether a file that begins like this is a capture."""
    return head[:_MAGIC_BYTES] == MAGIC or head[:_MAGIC_BYTES] in MAGICS


def read_capture(
    stream: BinaryIO, passive: Passive | None = None, sentinel: str | None = None
) -> Traffic:
    """Read a pcap or pcapng file, compressed with gz or zst or not.

    ``passive`` reads the payloads; without it only headers are looked at. When ``sentinel`` (an
    address) was heard is told apart. What is damaged is
    counted in ``Traffic.damage``. Memory does not grow with the file: beyond the ceilings of
    ``conversations`` and ``addresses`` rows are brought together, which is counted too.

    Raises:
        SourceError: The file is no capture at all.
    """
    tally = Tally()
    plain, damage = _open(stream)
    window = Window(plain)
    window.need(_MAGIC_BYTES)
    head = bytes(window.memory[window.at : window.at + min(_MAGIC_BYTES, window.left)])
    if not is_capture(head):
        raise SourceError(
            "is no capture: it begins with none of the marks of pcap and pcapng files; save it as "
            "one of these (tcpdump -w, Wireshark: Save as)"
        )
    blocks = Blocks(window, tally) if head == MAGIC else None
    reader = _Reader(tally, passive, Hearing(sentinel))
    for chunk in blocks.chunks() if blocks else read_pcap(window, tally):
        reader.take(chunk)
    if damage():
        tally.hide(f"{PACKED} ({damage()})", window.place(window.end))
    return reader.traffic(blocks.lost if blocks else None)


def _open(stream: BinaryIO) -> tuple[BinaryIO, Callable[[], str]]:
    """Return the stream without its compression, and what tells of damage to that."""
    if _rewinds(stream):
        # open_packed copies what it passes through; most captures need none of it
        start = stream.tell()
        plain = is_capture(stream.read(_MAGIC_BYTES))
        stream.seek(start)
        if plain:
            return stream, str
    from camaudit.sources.bulk import open_packed

    unpacked, packed = open_packed(stream)
    return cast(BinaryIO, unpacked), lambda: packed.damage


def _rewinds(stream: BinaryIO) -> bool:
    try:
        return stream.seekable()
    except (AttributeError, OSError, io.UnsupportedOperation):
        return False


class _Reader:
    """What was read so far."""

    def __init__(self, tally: Tally, passive: Passive | None, hearing: Hearing) -> None:
        self._tally, self._passive, self._hearing = tally, passive, hearing
        self._activity = Activity(tally)
        self._fragments = Fragments(tally)
        self._conversations = Conversations(tally)
        self._sources = Sources(tally)
        self._announcements = Announcements(tally)
        self._neighbours = Neighbours(passive, tally) if passive else None
        self._datagrams = Datagrams(passive, tally) if passive else None
        self._streams = Streams(passive) if passive else None
        self._packets = self._cut = 0

    def take(self, chunk: Chunk) -> None:
        """Read the packets of one chunk."""
        self._packets += len(chunk)
        self._cut += int((chunk.kept < chunk.wire).sum())
        self._activity.add(chunk)
        frames = read_links(chunk, self._tally)
        self._announcements.add(chunk, frames)
        self._sources.hear(chunk, frames)
        if self._neighbours:
            self._neighbours.take(chunk, frames)
        packets = read_packets(chunk, frames, self._tally)
        if not len(packets):
            return
        self._hear(packets)
        self._fragments.fill_in(packets)
        flows = read_flows(packets)
        directions = sum_flows(packets, flows)
        self._conversations.add(directions)
        self._sources.add(directions)
        if self._datagrams and self._streams:
            self._datagrams.take(chunk, packets, flows)
            self._streams.take(chunk, packets, flows)

    def _hear(self, packets: Packets) -> None:
        sentinel = self._hearing.address
        if sentinel is None:
            return
        number = int(sentinel)
        # the lower half first: it tells nearly all others apart
        sent = packets.source_low == np.uint64(number & _LOW)
        sent &= (packets.source_high == np.uint64(number >> _HALF)) & (
            packets.six == (sentinel.version == 6)
        )
        at = packets.at[sent]
        self._hearing.add(at, at)

    def traffic(self, lost: int | None) -> Traffic:
        """Return everything."""
        if self._streams:
            self._streams.close()
        addresses, senders = self._sources.told()
        names, events = pa.Table.from_batches([], NAMES), self._announcements.table()
        batches: list[pa.RecordBatch] = []
        damage: tuple[Damage, ...] = ()
        if self._passive:
            watched = self._passive.result()
            names = watched.names
            events = pa.concat_tables([events, watched.events])
            batches += watched.observations
            damage = watched.damage
        told = {name for each in batches for name in pc.unique(each.column("device")).to_pylist()}
        # what said something is there with its hardware address already
        batches.append(_hardware([each for each in senders if each.mac not in told]))
        return Traffic(
            conversations=self._conversations.table(),
            names=names,
            events=events,
            activity=self._activity.table(),
            observations=pa.Table.from_batches(batches, OBSERVATIONS),
            packets=self._packets,
            first=self._activity.first,
            last=self._activity.last,
            lost=lost,
            cut=self._cut,
            # last: putting the tables together may give up more
            damage=self._tally.told() + damage,
            addresses=addresses,
            heard=self._hearing.table(),
        )


def _hardware(senders: list[Sender]) -> pa.RecordBatch:
    """Return each hardware address that sends IP or ARP as observed, at its first."""
    count = len(senders)
    columns = [
        strings([each.mac.encode() for each in senders], pa.string()),
        words(["mac"] * count),
        words(["address"] * count),
        strings([each.mac.encode() for each in senders], pa.binary()),
        numbers(np.array([each.at for each in senders], np.int64), _SEEN_AT),
        pa.nulls(count, OBSERVATIONS.field("artefact").type),
        strings([f"packet {each.number}".encode() for each in senders], pa.string()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=OBSERVATIONS)
