"""The codec laws, for every protocol of the registry: total, bounded, split-proof, round trip.

A protocol folder joins by being there: its ``codec.CODECS`` and its examples are found by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.protocols import registry
from camaudit.wirekit.codec import Codec, Frames
from tests.protocol_examples import Example, codec_module, load_examples

from .tree import PACKAGE

MIB = 1 << 20
#: Found in every message of every codec: an unreadable reply says this much and no more.
REFUSED = "DecodeError"


CODECS: dict[tuple[str, str], Codec[Any]] = {
    (protocol, name): codec
    for protocol in registry()
    for name, codec in codec_module(protocol).CODECS.items()
}
EXAMPLES = [(protocol, example) for protocol in registry() for example in load_examples(protocol)]
READABLE = [(protocol, example) for protocol, example in EXAMPLES if example.refused is None]
REFUSALS = [(protocol, example) for protocol, example in EXAMPLES if example.refused is not None]
STREAMS = [
    (protocol, example) for protocol, example in EXAMPLES if CODECS[protocol, example.codec].end
]
DATAGRAMS = [
    (protocol, example)
    for protocol, example in READABLE
    if CODECS[protocol, example.codec].end is None and example.canonical
]

#: What a peer may send to make a careless reader slow. Each is 1 MiB long.
FLOODS: dict[str, bytes] = {
    "less than": b"<" * MIB,
    "carriage returns": b"\r" * MIB,
    "line feeds": b"\n" * MIB,
    "blanks": b" " * MIB,
    "nulls": b"\0" * MIB,
    "interpret as command": b"\xff" * MIB,
    "quotes": b'"' * MIB,
    "escaped quotes": b'"' + b'\\"' * (MIB // 2),
    "braces": b"{" * MIB,
    "brackets and commas": b"[," * (MIB // 2),
    "open elements": b"<a>" * (MIB // 3),
    "comments": b"<!--" * (MIB // 4),
    "titles": b"HTTP/1.1 200 OK\r\n\r\n" + b"<title>" * (MIB // 7),
    "title comments": b"HTTP/1.1 200 OK\r\n\r\n" + b"<!--" * (MIB // 4),
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * (MIB // 6),
    "header lines": b"HTTP/1.1 200 OK\r\n" + b"a:b\n" * (MIB // 4),
    "folded lines": b"RTSP/1.0 200 OK\r\nServer: a\r\n" + b" b\r\n" * (MIB // 4),
    "one header": b"SIP/2.0 200 OK\r\nServer: " + b"a" * MIB,
    "reasons": b"HTTP/1.1 200" + b" \t" * (MIB // 2),
    "user names": b"HTTP/1.1 200 OK\r\n\r\n" + b"username=" * (MIB // 9),
    "quoted names": b"HTTP/1.1 200 OK\r\n\r\n" + b'username="' * (MIB // 10),
    "user information": b"HTTP/1.1 200 OK\r\n\r\n" + b"://a" * (MIB // 4),
    "credentials": b"HTTP/1.1 200 OK\r\n\r\n" + b"Authorization: Basic " * (MIB // 21),
    "replies": b"RTSP/1.0 200 OK\r\n\r\n" * (MIB // 19),
    "file server lines": b"220-a\r\n" * (MIB // 7),
    "greetings": b"SSH\n" * (MIB // 4),
    "options": b"\xff\xfb\x01" * (MIB // 3),
    "open subnegotiations": b"\xff\xfa\x01" * (MIB // 3),
    "scopes": b"onvif://www.onvif.org/name/a " * (MIB // 29),
    "words of a scope": b"onvif://www.onvif.org/name/a" + b" b" * (MIB // 2),
}

TRUNCATED_AT_MOST = 4096


def each(pairs: Iterable[tuple[str, Example]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("protocol", "example"),
        [pytest.param(*pair, id=f"{pair[0]}-{pair[1].case}") for pair in pairs],
    )


every_codec = pytest.mark.parametrize(
    "codec", [pytest.param(codec, id="-".join(key)) for key, codec in CODECS.items()]
)


def read(codec: Codec[Any], data: bytes) -> object:
    """Decode; any exception but ``DecodeError`` fails the test that called."""
    try:
        return codec.decode(data)
    except DecodeError:
        return REFUSED


def expand(protocol: str, key: str, data: bytes) -> tuple[Seen, ...]:
    for pattern, function in registry()[protocol].expands.items():
        before, star, after = pattern.partition("*")
        if key == pattern or (star and key.startswith(before) and key.endswith(after)):
            return tuple(function(data))
    raise AssertionError(f"{protocol} expands no {key}")


def cut(codec: Codec[Any], pieces: Iterable[bytes]) -> Iterator[object]:
    """Yield the messages of a stream that arrives in ``pieces``."""
    frames = Frames(codec)

    def drain() -> Iterator[object]:
        while True:
            try:
                message = frames.take()
            except DecodeError:
                message = REFUSED
            if message is None:
                return
            yield message

    for piece in pieces:
        frames.receive(piece)
        yield from drain()
    try:
        yield frames.close()
    except DecodeError:
        yield REFUSED


def test_the_collections_are_not_empty() -> None:
    assert len(registry()) >= 10
    assert len(CODECS) >= len(registry())
    assert STREAMS
    assert DATAGRAMS


@pytest.mark.parametrize("protocol", list(registry()))
def test_every_codec_has_an_example_a_canonical_one_and_a_counter_example(protocol: str) -> None:
    names = set(codec_module(protocol).CODECS)
    examples = load_examples(protocol)
    assert {example.codec for example in examples if example.refused is None} == names
    assert {example.codec for example in examples if example.canonical} == names
    assert {example.codec for example in examples if example.refused is not None} == names
    assert all(example.provenance for example in examples)


@pytest.mark.parametrize("protocol", list(registry()))
def test_every_expansion_is_shown_by_an_example(protocol: str) -> None:
    shown = [example for example in load_examples(protocol) if example.expands]
    for pattern in registry()[protocol].expands:
        before, star, after = pattern.partition("*")
        assert any(
            key == pattern or (star and key.startswith(before) and key.endswith(after))
            for example in shown
            if (key := example.expands) is not None
        ), pattern


@each(READABLE)
def test_an_example_reads_as_it_says(protocol: str, example: Example) -> None:
    message = CODECS[protocol, example.codec].decode(example.data)
    assert [anomaly.code for anomaly in message.anomalies] == list(example.anomalies)


@each(READABLE)
def test_an_example_shows_what_it_says(protocol: str, example: Example) -> None:
    assert example.expands is not None
    seen = expand(protocol, example.expands, example.data)
    assert [(f"{one.protocol}.{one.field}", one.value.decode()) for one in seen] == list(
        example.seen
    )


@each(REFUSALS)
def test_a_counter_example_is_refused_with_its_reason(protocol: str, example: Example) -> None:
    assert example.refused
    with pytest.raises(DecodeError, match=example.refused):
        CODECS[protocol, example.codec].decode(example.data)


@each(READABLE)
def test_law_round_trip(protocol: str, example: Example) -> None:
    codec = CODECS[protocol, example.codec]
    message = codec.decode(example.data)
    written = codec.encode(message)
    again = codec.decode(written)
    assert again == message
    assert codec.parts(again) == codec.parts(message)
    assert codec.encode(again) == written
    if example.canonical:
        assert written == example.data


@each(EXAMPLES)
def test_law_total_every_truncation_and_every_flipped_byte(protocol: str, example: Example) -> None:
    codec = CODECS[protocol, example.codec]
    data = example.data[:TRUNCATED_AT_MOST]
    for at in range(len(data)):
        read(codec, data[:at])
        for value in (0x00, 0x0A, 0x3C, 0xFF):
            read(codec, data[:at] + bytes((value,)) + data[at + 1 :])


@every_codec
@pytest.mark.parametrize("flood", [pytest.param(data, id=name) for name, data in FLOODS.items()])
def test_law_total_a_flood_is_read_or_refused(codec: Codec[Any], flood: bytes) -> None:
    """The test's own timeout, far above linear time and far below quadratic, is the measure."""
    message = read(codec, flood)
    if message != REFUSED:
        assert codec.decode(codec.encode(message)) == message


@pytest.mark.parametrize("flood", [pytest.param(data, id=name) for name, data in FLOODS.items()])
def test_law_total_expanding_a_flood_raises_nothing_else(flood: bytes) -> None:
    for spec in registry().values():
        for function in spec.expands.values():
            try:
                tuple(function(flood))
            except DecodeError:
                continue


@each(STREAMS)
def test_law_split_proof_byte_by_byte_equals_all_at_once(protocol: str, example: Example) -> None:
    codec = CODECS[protocol, example.codec]
    data = example.data
    whole = list(cut(codec, [data]))
    assert list(cut(codec, [data[at : at + 1] for at in range(len(data))])) == whole
    assert list(cut(codec, [data[:7], data[7:11], data[11:]])) == whole


@each(DATAGRAMS)
def test_law_split_proof_a_truncated_datagram_raises_or_gives_a_prefix(
    protocol: str, example: Example
) -> None:
    codec = CODECS[protocol, example.codec]
    whole = codec.parts(codec.decode(example.data))
    lengths = []
    for at in range(len(example.data)):
        message = read(codec, example.data[:at])
        if message == REFUSED:
            continue
        parts = codec.parts(message)
        assert is_prefix(parts, whole), parts
        lengths.append(len(parts))
    assert all(before <= after for before, after in pairwise(lengths))


def is_prefix(parts: tuple[object, ...], whole: tuple[object, ...]) -> bool:
    if parts == whole[: len(parts)]:
        return True
    last, full = parts[-1], whole[len(parts) - 1]
    cut_short = isinstance(last, bytes) and isinstance(full, bytes) and full.startswith(last)
    return cut_short and parts[:-1] == whole[: len(parts) - 1]


def test_a_prefix_is_told_from_what_is_none() -> None:
    assert is_prefix((b"ab", b"c"), (b"ab", b"cd"))
    assert not is_prefix((b"a", b"cd"), (b"ab", b"cd"))
    assert not is_prefix((b"x",), (b"ab",))


@pytest.mark.parametrize("protocol", list(registry()))
def test_law_silent_a_codec_keeps_no_state_outside_its_messages(protocol: str) -> None:
    """Imports are checked by contract; here: no ``global``, no module value that can change."""
    file = PACKAGE / "sources" / "protocols" / protocol.replace("-", "_") / "codec.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global | ast.Nonlocal)]
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    assert assigned == [], "module values are annotated Final"


@pytest.mark.parametrize("protocol", list(registry()))
def test_law_bounded_every_ceiling_says_where_it_comes_from(protocol: str) -> None:
    folder = PACKAGE / "sources" / "protocols" / protocol.replace("-", "_")
    assert without_citation(folder.joinpath("codec.py").read_text(encoding="utf-8")) == []


def test_law_bounded_holds_for_the_shared_ceilings() -> None:
    text = (PACKAGE / "wirekit" / "limits.py").read_text(encoding="utf-8")
    assert text.count("MAX_") > 10
    assert without_citation(text) == []


def without_citation(text: str) -> list[str]:
    lines = text.splitlines()
    return [
        line
        for before, line in pairwise(lines)
        if line.startswith("MAX_") and not before.startswith(("#:", "MAX_"))
    ]


def test_a_ceiling_without_citation_is_found() -> None:
    assert without_citation("x = 1\nMAX_A: Final = 1") == ["MAX_A: Final = 1"]
