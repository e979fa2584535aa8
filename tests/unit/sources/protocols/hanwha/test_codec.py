"""Hanwha: the search, and answers full of a tool's memory."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.hanwha.codec import VERBS, decode_reply, encode_reply
from camaudit.sources.protocols.hanwha.observe import expand_reply, read_reply
from camaudit.sources.protocols.hanwha.probe import SEARCH
from camaudit.wirekit.record import Record


def reply(**places: bytes) -> bytes:
    at = {"session": 1, "mac": 0x13, "ip": 0x25, "mask": 0x35, "model": 0x6D, "url": 0x85}
    data = bytearray(b"\x0b".ljust(0x106, b"\0"))
    for name, value in places.items():
        data[at[name] : at[name] + len(value)] = value
    return bytes(data)


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    (request,) = SEARCH.requests(b"0123456789abcdef")
    assert request == b"\x010123456789abcdef" + bytes(0x106 - 17)
    assert list(VERBS.values()) == [1]


@pytest.mark.parametrize("kind", [*range(0x0B), *range(0x0C, 0x20), 0xFF])
def test_a_packet_of_another_type_is_refused(kind: int) -> None:
    with pytest.raises(DecodeError, match="not the answer"):
        decode_reply(bytes((kind,)) + reply(model=b"SND-0000")[1:])


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(DecodeError):
        decode_reply(b"")


def test_fields_of_nuls_only_are_refused() -> None:
    with pytest.raises(DecodeError, match="without a field"):
        decode_reply(reply(session=b"\xff" * 18, mask=b"255.0.0.0"))


def test_a_model_without_nul_does_not_run_into_what_follows() -> None:
    data = bytearray(reply(model=b"M" * 10, url=b"http://192.0.2.1/"))
    data[0x77:0x85] = b"X" * 14
    assert dict(decode_reply(bytes(data)).fields)["model"] == b"M" * 10


@pytest.mark.parametrize(
    "mac", [b"\xff" * 18, b"00:00:00:00:00:00", b"no address at all!", b":" * 18]
)
def test_text_that_is_no_hardware_address_is_not_shown(mac: bytes) -> None:
    assert [one.field for one in expand_reply(reply(mac=mac, model=b"X"))] == ["model"]


def test_the_reply_that_is_kept_shows_the_same_again_and_holds_nothing_else() -> None:
    raw, *seen = read_reply(reply(mac=b"00:09:18:00:00:01", session=b"secret of a tool"))
    assert b"secret" not in raw.value
    assert list(expand_reply(raw.value)) == seen


@pytest.mark.parametrize("field", [("password", b"x"), ("model", b"m" * 11), ("url", b"a\0b")])
def test_what_has_no_place_cannot_be_written(field: tuple[str, bytes]) -> None:
    with pytest.raises(ValueError, match=field[0]):
        encode_reply(Record(fields=(field,)))
