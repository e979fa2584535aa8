"""VStarcam: the search, and answers that tell passwords."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.vstarcam.codec import VERBS, decode_reply, encode_reply
from camaudit.sources.protocols.vstarcam.observe import expand_reply, read_reply
from camaudit.sources.protocols.vstarcam.probe import SEARCH
from camaudit.wirekit.record import Record


def reply(**places: bytes) -> bytes:
    at = {"ip": 4, "mac": 0x54, "serial": 0x5C, "name": 0x7C, "firmware": 0xCC}
    data = bytearray(b"DH\x01\x08".ljust(0x210, b"\0"))
    for name, value in places.items():
        data[at[name] : at[name] + len(value)] = value
    return bytes(data)


def test_the_search_is_the_one_thing_that_can_be_written() -> None:
    assert SEARCH.requests(bytes(16)) == (b"DH\x01\x01",)
    assert list(VERBS.values()) == [0x44480101]


@pytest.mark.parametrize(
    "start", [b"DH\x01\x01", b"DH\x01\x02", b"DH\x02\x08", b"HD\x01\x08", b"DH"]
)
def test_a_message_of_another_command_is_refused(start: bytes) -> None:
    with pytest.raises(DecodeError, match="not the answer"):
        decode_reply(start.ljust(0x210, b"\1"))


@pytest.mark.parametrize("data", [b"", b"DH", reply(), reply(name=b"x")[:0xFF]])
def test_what_shows_no_camera_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


@pytest.mark.parametrize("at", [*range(0x9C, 0xCC, 4), *range(0xEC, 0x200, 4)])
def test_users_and_passwords_are_neither_read_nor_kept_wherever_they_stand(at: int) -> None:
    data = bytearray(reply(name=b"IPCAM"))
    data[at : at + 4] = b"SECR"
    raw, *seen = read_reply(bytes(data))
    assert b"SECR" not in raw.value
    assert [one.value for one in seen] == [b"IPCAM"]
    assert list(expand_reply(raw.value)) == seen


def test_text_that_fills_its_place_does_not_run_into_the_next() -> None:
    data = bytearray(reply(serial=b"S" * 32, name=b"N" * 32, firmware=b"F" * 32))
    data[0x9C:0xCC] = b"x" * 0x30
    data[0xEC:] = b"x" * (0x210 - 0xEC)
    fields = dict(decode_reply(bytes(data)).fields)
    assert fields == {"serial": b"S" * 32, "name": b"N" * 32, "firmware": b"F" * 32}


@pytest.mark.parametrize("field", [("user", b"x"), ("password", b"x"), ("name", b"n" * 33)])
def test_what_has_no_place_cannot_be_written(field: tuple[str, bytes]) -> None:
    with pytest.raises(ValueError, match=field[0]):
        encode_reply(Record(fields=(field,)))
