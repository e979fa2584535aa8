"""Foscam: the search, and answers with places that attack."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.foscam.codec import VERBS, decode_reply, encode_reply
from camaudit.sources.protocols.foscam.observe import expand_reply, read_reply
from camaudit.sources.protocols.foscam.probe import SEARCH
from camaudit.wirekit.record import Record


def reply(operation: int = 1, **places: bytes) -> bytes:
    at = {"id": 23, "name": 36, "ip": 57, "system": 77, "port": 85}
    data = bytearray(b"MO_I" + operation.to_bytes(2, "little") + bytes(82))
    for name, value in places.items():
        data[at[name] : at[name] + len(value)] = value
    return bytes(data)


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    assert SEARCH.requests(bytes(16)) == (
        bytes.fromhex("4d4f5f49 0000 00 0000000000000000 04000000 00000000 00000001"),
    )
    assert list(VERBS.values()) == [0]


@pytest.mark.parametrize("operation", [0, 2, 3, 4, 0x0100, 0xFFFF])
def test_a_message_of_another_operation_is_refused(operation: int) -> None:
    with pytest.raises(DecodeError, match="not the answer"):
        decode_reply(reply(operation, name=b"Gate"))


@pytest.mark.parametrize(
    "data",
    [b"", b"MO_I", reply(), reply(port=b"\0\x50"), reply(name=b"x")[:87], b"MO_V" + bytes(84)],
)
def test_what_shows_no_camera_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


def test_text_that_fills_its_place_does_not_run_into_the_next() -> None:
    message = decode_reply(reply(id=b"I" * 13, name=b"N" * 21, ip=b"\xc0\0\x02\x07"))
    assert message.fields == (("mac", b"I" * 13), ("name", b"N" * 21), ("ip", b"\xc0\0\x02\x07"))


def test_an_id_that_is_no_hardware_address_is_not_shown_as_one() -> None:
    assert [one.field for one in expand_reply(reply(id=b"CAMERA-000001", name=b"x"))] == ["name"]


def test_the_reply_that_is_kept_shows_the_same_again() -> None:
    raw, *seen = read_reply(reply(id=b"78A5DD000001", system=b"\x0b\x25\x02\x36", port=b"\0\x50"))
    assert [one.value for one in seen] == [b"78:a5:dd:00:00:01", b"11.37.2.54"]
    assert list(expand_reply(raw.value)) == seen


@pytest.mark.parametrize("field", [("user", b"x"), ("password", b"x"), ("name", b"n" * 22)])
def test_what_has_no_place_cannot_be_written(field: tuple[str, bytes]) -> None:
    with pytest.raises(ValueError, match=field[0]):
        encode_reply(Record(fields=(field,)))
