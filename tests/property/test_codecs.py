"""Codecs under random bytes: a valid prefix and a random tail, flipped bytes, odd splits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import DecodeError
from camaudit.sources.protocols import registry
from camaudit.wirekit.codec import Codec, Frames
from tests.protocol_examples import codec_module, load_examples


def _codecs() -> Iterator[tuple[str, Codec[Any], tuple[bytes, ...], bytes]]:
    for protocol in registry():
        module = codec_module(protocol)
        examples = load_examples(protocol)
        for name, codec in module.CODECS.items():
            seeds = tuple(example.data for example in examples if example.codec == name)
            alphabet = bytes(sorted(set(b"".join(seeds))))
            yield f"{protocol}-{name}", codec, seeds, alphabet


CODECS = list(_codecs())
every_codec = pytest.mark.parametrize(
    ("codec", "seeds", "alphabet"), [pytest.param(*rest, id=name) for name, *rest in CODECS]
)


def noise(alphabet: bytes) -> st.SearchStrategy[bytes]:
    """Bytes of any kind, and bytes of the kind that the protocol is made of."""
    familiar = st.lists(st.sampled_from(alphabet), max_size=60).map(bytes)
    return st.binary(max_size=60) | familiar


def holds(codec: Codec[Any], data: bytes) -> None:
    """Total and round trip, for one input."""
    try:
        message = codec.decode(data)
    except DecodeError:
        return
    written = codec.encode(message)
    assert codec.decode(written) == message
    assert codec.encode(codec.decode(written)) == written


def test_every_codec_is_here() -> None:
    assert len(CODECS) >= len(registry()) >= 10
    assert all(seeds for _, _, seeds, _ in CODECS)


@every_codec
@given(draw=st.data())
def test_a_valid_prefix_and_a_random_tail(
    codec: Codec[Any], seeds: tuple[bytes, ...], alphabet: bytes, draw: st.DataObject
) -> None:
    seed = draw.draw(st.sampled_from(seeds))
    at = draw.draw(st.integers(0, len(seed)))
    holds(codec, seed[:at] + draw.draw(noise(alphabet)))


@every_codec
@given(draw=st.data())
def test_a_valid_message_with_a_random_hole(
    codec: Codec[Any], seeds: tuple[bytes, ...], alphabet: bytes, draw: st.DataObject
) -> None:
    seed = draw.draw(st.sampled_from(seeds))
    at = draw.draw(st.integers(0, len(seed)))
    end = draw.draw(st.integers(at, min(len(seed), at + 20)))
    holds(codec, seed[:at] + draw.draw(noise(alphabet)) + seed[end:])


@every_codec
@given(data=st.binary(max_size=300))
def test_any_bytes(
    codec: Codec[Any], seeds: tuple[bytes, ...], alphabet: bytes, data: bytes
) -> None:
    holds(codec, data)


@pytest.mark.parametrize(
    ("codec", "seeds", "alphabet"),
    [
        pytest.param(codec, seeds, alphabet, id=name)
        for name, codec, seeds, alphabet in CODECS
        if codec.end is not None
    ],
)
@given(draw=st.data())
def test_a_stream_reads_the_same_however_it_is_split(
    codec: Codec[Any], seeds: tuple[bytes, ...], alphabet: bytes, draw: st.DataObject
) -> None:
    one, other = draw.draw(st.sampled_from(seeds)), draw.draw(st.sampled_from(seeds))
    data = one + draw.draw(noise(alphabet)) + other
    cuts = sorted(draw.draw(st.sets(st.integers(0, len(data)), max_size=6)))
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    assert list(_cut(codec, pieces)) == list(_cut(codec, [data]))


def _cut(codec: Codec[Any], pieces: list[bytes]) -> Iterator[object]:
    frames = Frames(codec)
    for piece in pieces:
        frames.receive(piece)
        while (message := _step(frames.take)) is not None:
            yield message
    yield _step(frames.close)


def _step(step: Any) -> object:
    try:
        return step()
    except DecodeError:
        return "refused"


@given(data=st.binary(max_size=200))
def test_expanding_raises_nothing_but_decode_error(data: bytes) -> None:
    for spec in registry().values():
        for function in spec.expands.values():
            try:
                seen = tuple(function(data))
            except DecodeError:
                continue
            assert all(one.value for one in seen)
