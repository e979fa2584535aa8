"""camaudit.sources.protocols.dhcp: options, their pieces and their ceilings."""

from __future__ import annotations

from camaudit.sources.protocols.dhcp.codec import (
    MAX_OPTION_BYTES,
    Operation,
    Option,
    decode_message,
    encode_message,
)
from camaudit.sources.protocols.dhcp.observe import observe
from tests.payloads import CAMERA, dhcp


def test_the_client_and_what_it_wants() -> None:
    message = decode_message(dhcp(1, (12, b"cam"), (54, b"\1\2\3\4")))
    assert (message.operation, message.type, message.mac) == (Operation.REQUEST, 1, CAMERA)
    assert message.option(Option.HOST_NAME) == b"cam"
    assert message.options == ((53, b"\1"), (12, b"cam"))


def test_an_option_in_pieces_is_one() -> None:
    """RFC 3396 7: pieces are joined in their order, wherever other options stand between."""
    message = decode_message(dhcp(1, (60, b"AXIS,Net"), (12, b"c"), (60, b"work")))
    assert message.option(Option.VENDOR_CLASS) == b"AXIS,Network"
    assert decode_message(encode_message(message)) == message


def test_an_option_has_a_ceiling() -> None:
    message = decode_message(dhcp(1, *((60, b"x" * 255),) * 9))
    assert len(message.option(Option.VENDOR_CLASS)) == MAX_OPTION_BYTES
    assert [each.code for each in message.anomalies] == ["option_cut"] * 1
    assert decode_message(encode_message(message)) == message


def test_an_overload_that_names_itself_is_walked_once() -> None:
    """RFC 2132 9.3: an overload within an overloaded field means nothing."""
    data = bytearray(dhcp(1, (52, b"\3")))
    data[44:48] = b"\x34\1\3\xff"
    data[108:117] = b"\x34\1\3\x0c\3cam\xff"
    assert decode_message(bytes(data)).option(Option.HOST_NAME) == b"cam"


def test_without_an_overload_the_fields_are_no_options() -> None:
    data = bytearray(dhcp(1))
    data[108:114] = b"\x0c\3cam\xff"
    assert decode_message(bytes(data)).option(Option.HOST_NAME) == b""


def test_an_address_that_is_not_ethernet_s_is_no_mac() -> None:
    data = bytearray(dhcp(1, (12, b"cam")))
    data[1] = 32  # RFC 4390: InfiniBand
    message = decode_message(bytes(data))
    assert message.mac is None
    assert [each.field for each in observe(message)] == ["hostname"]
