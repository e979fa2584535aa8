"""camaudit.sources.protocols.lldp: values, ids, addresses and the inventory."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.lldp.codec import (
    MAX_FRAME_BYTES,
    Inventory,
    Kind,
    decode_frame,
    encode_frame,
)
from camaudit.sources.protocols.lldp.observe import observe
from tests.payloads import announced

TIA = b"\x00\x12\xbb"


def shown(data: bytes) -> dict[str, bytes]:
    return {f"{one.protocol}.{one.field}": one.value for one in observe(decode_frame(data))}


def test_only_what_is_read_is_kept() -> None:
    message = decode_frame(
        announced(
            (4, b"eth0"),
            (127, TIA + b"\x01\0\0\0"),
            (127, TIA + b"\x0aP1"),
            (127, TIA + b"\x0bAsset 7"),  # an asset id is what somebody gave it
            (127, b"\x00\x80\xc2\x0aP2"),
        )
    )
    assert message.inventory(Inventory.MODEL) == b"P1"
    assert message.value(Kind.SYSTEM_NAME) == b""
    assert [kind for kind, _ in message.values] == [1, 2, 3, 127]
    assert decode_frame(encode_frame(message)) == message


def test_the_version_of_the_software_goes_before_that_of_what_starts_it() -> None:
    boot, software = (127, TIA + b"\x06boot 1"), (127, TIA + b"\x079.80")
    assert shown(announced(boot, software))["lldp.firmware"] == b"9.80"
    assert shown(announced(boot))["lldp.firmware"] == b"boot 1"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (b"\5\1\xc0\x00\x02\x0a\2\0\0\0\1\0", b"192.0.2.10"),
        (b"\x11\2" + bytes.fromhex("20010db8000000000000000000000010"), b"2001:db8::10"),
        (b"\5\1\0\0\0\0", None),
        (b"\5\1\xe0\0\0\1", None),
        (b"\7\6\0\x40\x8c\0\0\1", None),  # IANA address family 6: a hardware address
        (b"\xff\1\xc0", None),
        (b"", None),
    ],
)
def test_management_addresses(address: bytes, told: bytes | None) -> None:
    assert shown(announced((8, address))).get("ip.address") == told


def test_a_group_is_no_chassis() -> None:
    told = shown(announced(mac=bytes.fromhex("0180c200000e")))
    assert told == {}


def test_no_more_than_a_frame_is_read() -> None:
    with pytest.raises(DecodeError, match="at most"):
        decode_frame(announced().ljust(MAX_FRAME_BYTES + 1, b"\0"))
    assert decode_frame(announced().ljust(MAX_FRAME_BYTES, b"\0")).anomalies == ()
