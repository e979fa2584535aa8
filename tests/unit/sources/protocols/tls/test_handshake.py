"""camaudit.sources.protocols.tls.handshake: what clients offer, and JA4 after its specification."""

from __future__ import annotations

import hashlib

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.tls.handshake import (
    MAX_EXTENSIONS,
    ClientHello,
    decode_client_hello,
    decode_presented,
    encode_client_hello,
    ja4,
    protocols_offered,
    server_name,
)
from tests.payloads import hello, vector
from tests.payloads import server_name as named

#: FoxIO, "JA4: TLS Client Fingerprinting": the published example, and what it comes to.
CIPHERS = (
    *(0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9),
    *(0xCCA8, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035),
)
EXTENSIONS = (
    *(0x001B, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002D, 0x000D),
    *(0x0005, 0x0023, 0x0012, 0x002B, 0xFF01, 0x000B, 0x000A, 0x0015),
)
SIGNATURES = (0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601)
PUBLISHED = "t13d1516h2_8daaf6152771_e5627efa2ab1"


def words(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)


CONTENT = {
    0x0010: vector(vector(b"h2", 1) + vector(b"http/1.1", 1)),
    0x002B: vector(words(0x0304, 0x0303), 1),
    0x000D: vector(words(*SIGNATURES)),
}


def client(
    ciphers: tuple[int, ...] = CIPHERS,
    extensions: tuple[int, ...] = EXTENSIONS,
    version: int = 0x0303,
    **content: bytes,
) -> ClientHello:
    bodies = CONTENT | {int(code[1:], 16): body for code, body in content.items()}
    return ClientHello(
        version=version,
        ciphers=ciphers,
        extensions=tuple((code, bodies.get(code, b"")) for code in extensions),
    )


def test_the_published_example() -> None:
    assert ja4(client()) == PUBLISHED


def test_order_and_grease_do_not_count() -> None:
    grease = (0x0A0A, 0x3A3A, 0xFAFA)
    assert ja4(client(CIPHERS[::-1], EXTENSIONS[::-1])) == PUBLISHED
    assert ja4(client((*grease, *CIPHERS), (*EXTENSIONS, *grease))) == PUBLISHED
    versions = vector(words(0x8A8A, 0x0304), 1)
    assert ja4(client(x002B=versions)) == PUBLISHED


def test_signature_algorithms_count_in_their_order() -> None:
    turned = vector(words(*SIGNATURES[::-1]))
    assert ja4(client(x000D=turned))[:23] == PUBLISHED[:23]
    assert ja4(client(x000D=turned)) != PUBLISHED


@pytest.mark.parametrize(
    ("version", "shown"),
    [(0x0303, "12"), (0x0302, "11"), (0x0301, "10"), (0x0300, "s3"), (0x0002, "00")],
)
def test_without_a_list_of_versions_the_old_field_counts(version: int, shown: str) -> None:
    assert ja4(client(extensions=(), version=version))[1:3] == shown


def test_a_client_without_extensions() -> None:
    suites = hashlib.sha256(b"002f").hexdigest()[:12]
    assert ja4(client((0x2F,), ())) == f"t12i010000_{suites}_000000000000"


def test_without_signature_algorithms_no_underscore_stands_at_the_end() -> None:
    expected = hashlib.sha256(b"000a,000b").hexdigest()[:12]
    assert ja4(client(extensions=(0x0B, 0x0A))).endswith(f"_{expected}")


@pytest.mark.parametrize(
    ("protocol", "ends"),
    [(b"h2", "h2"), (b"http/1.1", "h1"), (b"x", "xx"), (b"\xab\xcd", "ad"), (b"0\xab", "3b")],
)
def test_the_ends_of_the_first_protocol(protocol: bytes, ends: str) -> None:
    """Where an end is no letter or digit, the ends of its hexadecimal form stand for it."""
    assert ja4(client(x0010=vector(vector(protocol, 1))))[8:10] == ends


def test_more_than_99_count_as_99() -> None:
    many = tuple(range(0x0100, 0x0100 + 120))
    assert ja4(client(many, many))[4:8] == "9999"


def test_a_hello_is_read_back() -> None:
    assert decode_client_hello(encode_client_hello(client())) == client()


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("Camera.Example.", "camera.example"),
        ("a_b-c.example", "a_b-c.example"),
        ("joe@example.org", ""),
        ("", ""),
        ("x" * 256, ""),
        ("a b", ""),
    ],
)
def test_the_name_of_the_server(given: str, read: str) -> None:
    assert server_name(decode_client_hello(hello(named(given)))) == read


def test_a_list_of_protocols_that_is_cut_off() -> None:
    body = vector(vector(b"h2", 1) + b"\x09http")
    assert protocols_offered(decode_client_hello(hello((16, body)))) == (b"h2",)


def test_extensions_have_a_ceiling() -> None:
    message = decode_client_hello(hello(*((at, b"") for at in range(MAX_EXTENSIONS + 9))))
    assert len(message.extensions) == MAX_EXTENSIONS
    assert not message.is_whole


def test_a_message_in_many_records_is_put_together() -> None:
    whole = hello(named("camera.example"))
    pieces = (whole[at : at + 7] for at in range(5, len(whole), 7))
    assert decode_client_hello(b"".join(b"\x16\3\1" + vector(piece) for piece in pieces)) == (
        decode_client_hello(whole)
    )


def test_a_client_s_own_first_message_is_no_certificate() -> None:
    with pytest.raises(DecodeError, match="no certificate in plain sight"):
        decode_presented(hello())
