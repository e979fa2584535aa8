"""Conversations as each watched device sees them, and added up by peer, port and direction.

Whether a conversation is a contact is decided over the whole watch: something came back. A TCP
opening that nothing answered, or that bare headers answered (a refusal), and a datagram that
nothing answered are attempts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from camaudit.errors import UsageError
from camaudit.model.isolation import Watched
from camaudit.model.traffic import Traffic

from .addresses import Mask, Numbers

Column: TypeAlias = npt.NDArray[Any]

TCP: Final = 6
UDP: Final = 17

#: RFC 9293 3.1: the longest header (60 bytes), on the longer of the two fixed IP headers less what
#: SYN never carries: a SYN with every usual option stays below this.
_MOST_OF_AN_OPENING: Final = 80
#: An IP header and a TCP header without options, as a refusal (RST) is sent.
_BARE_IPV4: Final = 40
_BARE_IPV6: Final = 60

#: Ours. A host has an address or two of each family; behind more stands a router.
MOST_OWN_ADDRESSES: Final = 8

_MAC_BYTES: Final = 6


class State(IntEnum):
    """What came of it."""

    CONTACT = 0
    #: A TCP opening that nothing answered: no path is shown.
    SILENT = 1
    #: A TCP opening that bare headers answered: somebody refused, here or there.
    REFUSED = 2
    #: Datagrams that nothing answered: whether they arrived is not seen.
    UNANSWERED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """Rows of conversations, each as one watched device sees it; and their sums.

    Addresses and hardware addresses are numbers into sorted lists, so that nothing depends on the
    order of rows. ``group`` leads from a row to its sum.
    """

    addresses: pa.Array
    macs: pa.Array
    device: Numbers
    row: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    #: Whether the row by itself was answered.
    answered: Mask
    first: Column
    last: Column
    sums: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """One entry for each device, peer, protocol, port and direction."""

    device: Numbers
    peer: Numbers
    #: Number of the peer's hardware address; -1: not seen, or several.
    peer_mac: Numbers
    protocol: Column
    port: Column
    outbound: Mask
    opened: Mask
    sent: Column
    received: Column
    packets: Column
    packets_sent: Column
    first: Column
    last: Column
    state: npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Both ends of all conversations as numbers into sorted lists; -1 is null."""

    addresses: pa.Array
    macs: pa.Array
    client: Numbers
    server: Numbers
    client_mac: Numbers
    server_mac: Numbers


def read_ends(conversations: pa.Table) -> Ends:
    """Number the ends of conversations, in the order of their text."""
    addresses, client, server = _numbered(conversations, "client", "server")
    macs, client_mac, server_mac = _numbered(conversations, "client_mac", "server_mac")
    return Ends(
        addresses=addresses,
        macs=macs,
        client=client,
        server=server,
        client_mac=client_mac,
        server_mac=server_mac,
    )


def _numbered(table: pa.Table, one: str, other: str) -> tuple[pa.Array, Numbers, Numbers]:
    both = pa.chunked_array(
        [*table.column(one).chunks, *table.column(other).chunks], table.column(one).type
    )
    values, numbers = number(both)
    return values, numbers[: table.num_rows], numbers[table.num_rows :]


def number(values: pa.ChunkedArray) -> tuple[pa.Array, Numbers]:
    """Return the distinct values, sorted, and the place of each value among them; null is -1."""
    encoded = values.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = (
            encoded.chunk(0)
            if encoded.num_chunks
            else pa.array([], values.type).dictionary_encode()
        )
    order = np.asarray(pc.sort_indices(encoded.dictionary))
    rank = np.empty(len(order) + 1, dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[-1] = -1
    numbers = np.asarray(encoded.indices.fill_null(-1).cast(pa.int64()))
    return encoded.dictionary.take(pa.array(order)), rank[numbers]


def find(values: pa.Array, wanted: Sequence[Any]) -> Numbers:
    """Return where each wanted value stands in a list of distinct values; -1: nowhere."""
    # the few are put into a table and the many run past it, not the other way about
    few = pa.array(wanted, values.type)
    distinct = few.unique()
    which = np.asarray(pc.index_in(values, distinct).fill_null(-1))
    places = np.full(len(distinct), -1, dtype=np.int32)
    hits = np.flatnonzero(which >= 0)
    places[which[hits]] = hits
    found: Numbers = places[np.asarray(pc.index_in(few, distinct))]
    return found


def raw_mac(text: str) -> bytes:
    """Return the six bytes of a hardware address in lower case with colons."""
    try:
        found = bytes.fromhex(text.replace(":", ""))
    except ValueError:
        found = b""
    if len(found) != _MAC_BYTES:
        raise UsageError(f"{text!r} is no hardware address; write aa:bb:cc:dd:ee:ff")
    return found


def see_flows(traffic: Traffic, ends: Ends, devices: Sequence[Watched]) -> Flows:
    """Return the conversations of the watched devices."""
    by_mac, by_address = _owners(ends, devices)
    client = _either(by_mac[ends.client_mac], by_address[ends.client])
    server = _either(by_mac[ends.server_mac], by_address[ends.server])
    within = client == server  # a device that talks to itself
    out = np.flatnonzero((client >= 0) & ~within)
    back = np.flatnonzero((server >= 0) & ~within)
    row = np.concatenate([out, back])
    outbound = np.arange(len(row)) < len(out)
    table = traffic.conversations
    columns = {
        "device": np.concatenate([client[out], server[back]]),
        "peer": np.concatenate([ends.server[out], ends.client[back]]),
        "peer_mac": np.concatenate([ends.server_mac[out], ends.client_mac[back]]),
        "protocol": _column(table, "protocol")[row],
        "port": _column(table, "port")[row],
        "outbound": outbound,
        "opened": _column(table, "opened")[row],
        "first": _moments(table, "first")[row],
        "last": _moments(table, "last")[row],
    }
    for name, there, here in (
        ("packets_sent", "packets_out", "packets_back"),
        ("packets_received", "packets_back", "packets_out"),
        ("sent", "bytes_out", "bytes_back"),
        ("received", "bytes_back", "bytes_out"),
    ):
        columns[name] = np.where(outbound, _column(table, there)[row], _column(table, here)[row])
    sums, group = _add_up(columns, ends.addresses)
    replied = np.where(outbound, columns["packets_received"], columns["packets_sent"]) > 0
    one_sided = (columns["protocol"] == TCP) & ~_is_opening(columns)
    return Flows(
        addresses=ends.addresses,
        macs=ends.macs,
        device=columns["device"],
        row=row,
        group=group,
        answered=(sums.state[group] == State.CONTACT) & (replied | one_sided),
        first=columns["first"],
        last=columns["last"],
        sums=sums,
    )


def answered(traffic: Traffic) -> Mask:
    """Tell which conversations, each by itself, were answered by more than a refusal."""
    return answered_rows(traffic, read_ends(traffic.conversations))


def answered_rows(traffic: Traffic, ends: Ends) -> Mask:
    """Do what ``answered`` does with the ends read before."""
    table = traffic.conversations
    size, packets = _column(table, "bytes_back"), _column(table, "packets_back")
    opening = _column(table, "opened") & (
        _column(table, "bytes_out") <= _MOST_OF_AN_OPENING * _column(table, "packets_out")
    )
    bare = np.where(_sixth(ends.addresses)[ends.server], _BARE_IPV6, _BARE_IPV4)
    refused = (_column(table, "protocol") == TCP) & opening & (size == bare * packets)
    answered: Mask = (packets > 0) & ~refused
    return answered


def _column(table: pa.Table, name: str) -> Column:
    found: Column = table.column(name).to_numpy()
    return found


def _moments(table: pa.Table, name: str) -> Column:
    found: Column = table.column(name).cast(pa.int64()).to_numpy()
    return found


def _either(one: Numbers, other: Numbers) -> Numbers:
    return np.where(one >= 0, one, other)


def _owners(ends: Ends, devices: Sequence[Watched]) -> tuple[Numbers, Numbers]:
    """Return the device of each hardware address and each address; the last entry is nobody's."""
    by_mac = np.full(len(ends.macs) + 1, -1, dtype=np.int32)
    by_address = np.full(len(ends.addresses) + 1, -1, dtype=np.int32)
    for owners, values, entries in (
        (by_mac, ends.macs, [(at, raw_mac(m)) for at, d in enumerate(devices) for m in d.macs]),
        (
            by_address,
            ends.addresses,
            [(at, a) for at, d in enumerate(devices) for a in d.addresses],
        ),
    ):
        if entries:
            places = find(values, [value for _, value in entries])
            # from the last to the first: who is named first keeps it
            for (at, _), place in reversed(list(zip(entries, places, strict=True))):
                if place >= 0:
                    owners[place] = at
    return by_mac, by_address


def _is_opening(columns: dict[str, Column]) -> Mask:
    """Tell which TCP rows hold no more, from who opened, than openings."""
    outbound = columns["outbound"]
    size = np.where(outbound, columns["sent"], columns["received"])
    packets = np.where(outbound, columns["packets_sent"], columns["packets_received"])
    opened: Mask = columns["opened"] & (size <= _MOST_OF_AN_OPENING * packets)
    return opened


#: What makes a sum's key, the first one first.
_KEY: Final = ("device", "peer", "protocol", "port", "outbound")


def _add_up(columns: dict[str, Column], addresses: pa.Array) -> tuple[Sums, Column]:
    """Return the sums by key, in the order of the key, and the number of each row's sum."""
    order = np.lexsort([columns[name] for name in reversed(_KEY)])
    sorted_columns = {name: values[order] for name, values in columns.items()}
    changes = np.zeros(len(order), dtype=np.bool_)
    changes[:1] = True
    for name in _KEY:
        changes[1:] |= sorted_columns[name][1:] != sorted_columns[name][:-1]
    starts = np.flatnonzero(changes)
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.cumsum(changes) - 1

    def total(name: str) -> Column:
        return _reduce(np.add, sorted_columns[name], starts)

    key = {name: sorted_columns[name][starts] for name in _KEY}
    sent, received = total("sent"), total("received")
    packets_sent, packets_received = total("packets_sent"), total("packets_received")
    outbound = key["outbound"].astype(np.bool_)
    opening = _reduce(np.logical_and, _is_opening(sorted_columns), starts)
    opening &= key["protocol"] == TCP
    replies = np.where(outbound, packets_received, packets_sent)
    bare = np.where(_sixth(addresses)[key["peer"]], _BARE_IPV6, _BARE_IPV4)
    refused = opening & (np.where(outbound, received, sent) == bare * replies)
    state = np.full(len(starts), State.CONTACT, dtype=np.int8)
    state[(key["protocol"] != TCP) & (replies == 0)] = State.UNANSWERED
    state[refused] = State.REFUSED
    state[opening & (replies == 0)] = State.SILENT
    peer_mac = _reduce(np.minimum, sorted_columns["peer_mac"], starts)
    several = peer_mac != _reduce(np.maximum, sorted_columns["peer_mac"], starts)
    sums = Sums(
        device=key["device"],
        peer=key["peer"],
        peer_mac=np.where(several, -1, peer_mac).astype(np.int32),
        protocol=key["protocol"],
        port=key["port"],
        outbound=outbound,
        opened=_reduce(np.logical_and, sorted_columns["opened"], starts),
        sent=sent,
        received=received,
        packets=packets_sent + packets_received,
        packets_sent=packets_sent,
        first=_reduce(np.minimum, sorted_columns["first"], starts),
        last=_reduce(np.maximum, sorted_columns["last"], starts),
        state=state,
    )
    return sums, group


def _reduce(how: np.ufunc, values: Column, starts: Column) -> Column:
    if not len(starts):
        return values[:0]
    reduced: Column = how.reduceat(values, starts)
    return reduced


def _sixth(addresses: pa.Array) -> Mask:
    """Tell which addresses are IPv6; one more entry, for none."""
    return np.append(np.asarray(pc.match_substring(addresses, ":"), dtype=np.bool_), False)
