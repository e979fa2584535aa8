"""camaudit.sources.protocols.dhcpv6: options, identifiers, names, relays and their ceilings."""

from __future__ import annotations

import struct

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.dhcpv6.codec import (
    MAX_OPTION_BYTES,
    Option,
    decode_message,
    encode_message,
)
from camaudit.sources.protocols.dhcpv6.observe import host_name, observe, relayed_mac
from tests.payloads import CAMERA, dhcpv6, dhcpv6_relayed


def shown(data: bytes) -> list[tuple[str, bytes]]:
    return [(f"{one.protocol}.{one.field}", one.value) for one in observe(decode_message(data))]


def identified(identifier: bytes) -> bytes:
    return b"\1\0\0\1" + struct.pack("!HH", 1, len(identifier)) + identifier


@pytest.mark.parametrize(
    "identifier",
    [
        b"\0\1\0\1" + bytes(4) + CAMERA,  # RFC 8415 11.2: with the time
        b"\0\3\0\1" + CAMERA,  # 11.4
    ],
)
def test_an_identifier_may_hold_a_hardware_address(identifier: bytes) -> None:
    assert shown(identified(identifier))[0] == ("mac.address", CAMERA.hex(":").encode())


@pytest.mark.parametrize(
    "identifier",
    [
        b"\0\2\0\0\xab\x11" + CAMERA,  # 11.3: an enterprise's own
        b"\0\4" + bytes(16),  # 11.5: a UUID
        b"\0\3\0\x20" + CAMERA,  # InfiniBand
        b"\0\3\0\1" + CAMERA[:5],
        b"\0\3\0\1" + bytes(6),
        b"\0\3\0\1" + b"\x01" + CAMERA[1:],
    ],
)
def test_any_other_is_a_name_and_no_address(identifier: bytes) -> None:
    assert shown(identified(identifier)) == [("dhcp.client_id", identifier.hex().encode())]


@pytest.mark.parametrize(
    ("option", "name"),
    [
        (b"\0\3cam", b"cam"),  # RFC 4704 4.2: part of a name has no end
        (b"\1\3cam\7example\0", b"cam.example"),
        (b"\1", b""),
        (b"", b""),
        (b"\0\3ca", b""),
        (b"\0\xc0\x02", b""),
        (b"\0" + b"\1a" * 200, b""),
    ],
)
def test_names(option: bytes, name: bytes) -> None:
    assert host_name(option) == name


def test_texts_of_a_class_are_told_one_by_one() -> None:
    body = struct.pack("!I", 368) + b"\0\4AXIS\0\3cam\0\x09cut"
    keys = shown(dhcpv6(1, (16, body), elapsed=None))
    assert [value for key, value in keys if key == "dhcp.vendor_class"] == [b"AXIS", b"cam"]
    assert ("dhcp.enterprise", b"368") in keys


def test_an_option_counts_once_and_has_a_ceiling() -> None:
    message = decode_message(dhcpv6(1, (39, b"\0\3cam"), (39, b"\0\5other"), (16, b"x" * 2000)))
    assert message.option(Option.CLIENT_NAME) == b"\0\3cam"
    assert len(message.option(Option.VENDOR_CLASS)) == MAX_OPTION_BYTES
    assert [each.code for each in message.anomalies] == ["option_cut"]
    assert decode_message(encode_message(message)) == message


def test_many_options_are_not_all_walked() -> None:
    message = decode_message(b"\1\0\0\1" + b"\0\x63\0\0" * 1000)
    assert [each.code for each in message.anomalies] == ["many_options"]


def test_who_asks_behind_relays_is_told_by_the_one_next_to_it() -> None:
    other = bytes.fromhex("020000000009")
    inner = dhcpv6_relayed(dhcpv6(1), (79, b"\0\1" + CAMERA))
    message = decode_message(dhcpv6_relayed(inner, (79, b"\0\1" + other)))
    assert relayed_mac(message) == CAMERA
    assert decode_message(encode_message(message)) == message


def test_relays_without_end_are_refused() -> None:
    data = dhcpv6(1)
    for _ in range(40):
        data = dhcpv6_relayed(data)
    with pytest.raises(DecodeError, match="relays"):
        decode_message(data)
