"""DHIP replies: whole, cut, padded, hostile."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.dhip.codec import (
    MAX_REPLY_BYTES,
    VERBS,
    DhipReply,
    decode_reply,
    encode_reply,
)
from camaudit.sources.protocols.dhip.observe import expand_reply
from camaudit.sources.protocols.dhip.probe import SEARCH

BEGIN = b'{"mac":"38:c4:e8:00:00:01","method":"client.notifyDevInfo","params":{"deviceInfo":{'


def reply(info: bytes) -> DhipReply:
    return decode_reply(BEGIN + info + b"}}}")


@pytest.mark.parametrize(
    ("tail", "fields"),
    [
        (b'"DeviceType":"A","Vendor":"B"}}}', (("DeviceType", "A"), ("Vendor", "B"))),
        (b'"DeviceType":"A","Vendor":"B"', (("DeviceType", "A"),)),
        (b'"DeviceType":"A","Vendor":"B', (("DeviceType", "A"),)),
        (b'"DeviceType":"A","Ven', (("DeviceType", "A"),)),
        (b'"DeviceType":"A","IPv4Address":{"IPAddress":"10.0', (("DeviceType", "A"),)),
        (
            b'"DeviceType":"a,b]}{","Vendor":"C","x":[1,2',
            (("DeviceType", "a,b]}{"), ("Vendor", "C")),
        ),
        (b'"DeviceType":"a\\"b","Vendor":"C\\', (("DeviceType", 'a"b'),)),
        (b"", ()),
    ],
)
def test_a_reply_cut_short_gives_its_whole_members(
    tail: bytes, fields: tuple[tuple[str, str | int], ...]
) -> None:
    assert decode_reply(BEGIN + tail).fields == fields


def test_values_of_another_type_are_left_out_and_counted() -> None:
    message = reply(
        b'"Vendor":null,"Version":["x"],"DeviceType":true,"MachineName":1.5,'
        b'"VideoInputChannels":-1,"RemoteVideoInputChannels":70000,"SerialNo":"S","Other":[]'
    )
    assert message.fields == (("SerialNo", "S"),)
    assert message.anomalies == (("field_unreadable", 6),)


def test_a_number_beyond_any_recorder_is_left_out() -> None:
    message = reply(b'"VideoInputChannels":' + b"9" * 30 + b',"Vendor":"V"')
    assert message.fields == (("Vendor", "V"),)


def test_a_number_too_long_for_an_integer_is_refused() -> None:
    with pytest.raises(DecodeError, match="not the JSON"):
        reply(b'"VideoInputChannels":' + b"9" * 5000)


def test_a_name_in_another_encoding_is_read_all_the_same() -> None:
    message = reply(b'"MachineName":"\xd6\xd0","Vendor":"V"')
    assert message.fields == (("MachineName", "\ufffd\ufffd"), ("Vendor", "V"))
    assert message.anomalies == (("not_utf8", 1),)


def test_a_mac_of_another_type_or_form_is_not_shown() -> None:
    data = BEGIN.replace(b'"38:c4:e8:00:00:01"', b"[]") + b'"Vendor":" "}}}'
    assert decode_reply(data).mac == ""
    assert expand_reply(data) == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b'"x"',
        b"]",
        b'{"a":]}',
        b"{" * 17,
        b'{"method":"client.notifyDevInfo"}',
        b'{"method":"client.notifyDevInfo","params":[]}',
        b'{"method":"client.notifyDevInfo","mac":"x"} trailing',
        b'{"method":"global.login","params":{"userName":"admin"}}',
        b'{"method":"configManager.setConfig","mac":"38:c4:e8:00:00:01"}',
        b"\x20\0\0\0DHIP",
        b" " * (MAX_REPLY_BYTES + 1),
    ],
)
def test_what_is_no_reply_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_reply(data)


def test_nothing_but_the_reply_can_be_written() -> None:
    assert b'"method":"client.notifyDevInfo"' in encode_reply(DhipReply(mac="x"))
    with pytest.raises(ValueError, match="not a field"):
        encode_reply(DhipReply(mac="x", fields=(("userName", "x"),)))


def test_the_longest_reply_can_be_read_again() -> None:
    message = reply(b'"Vendor":"' + b"\\u0001" * 2000 + b'"')
    assert message.fields == (("Vendor", "\x01" * 1024),)
    assert decode_reply(encode_reply(message)) == message


def test_the_search_has_the_header_of_32_bytes_and_ends_with_a_new_line() -> None:
    (data,) = SEARCH.requests(bytes(16))
    body = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
    size = len(body).to_bytes(4, "little")
    assert data == b"\x20\0\0\0DHIP" + bytes(8) + size + bytes(4) + size + bytes(4) + body
    assert set(VERBS.values()) == {"DHDiscover.search"}
    with pytest.raises(DecodeError):
        SEARCH.read(data)


def test_the_address_of_the_device_is_shown() -> None:
    data = (
        b'{"mac":"38:c4:e8:00:00:01","method":"client.notifyDevInfo","params":{"deviceInfo":'
        b'{"HttpPort":80,"IPv4Address":{"IPAddress":"192.168.1.108","SubnetMask":"255.0.0.0"}}}}'
    )
    seen = {f"{one.protocol}.{one.field}": one.value for one in SEARCH.read(data)}
    assert seen["ip.address"] == seen["dhip.IPv4Address"] == b"192.168.1.108"
    assert seen["dhip.HttpPort"] == b"80"


def test_an_address_that_units_share_from_the_factory_is_not_read() -> None:
    message = reply(b'"IPv6Address":{"IPAddress":"2001:250:3000:1::1:2\\/112"},"Vendor":"V"')
    assert message.fields == (("Vendor", "V"),)


def test_inputs_outputs_and_ports_are_read() -> None:
    message = reply(
        b'"AlarmInputChannels":8,"AlarmOutputChannels":0,"VideoOutputChannels":16,'
        b'"HttpsPort":443,"Port":37777,"Init":2714'
    )
    assert dict(message.fields) == {
        "AlarmInputChannels": 8,
        "AlarmOutputChannels": 0,
        "VideoOutputChannels": 16,
        "HttpsPort": 443,
        "Port": 37777,
        "Init": 2714,
    }


@pytest.mark.parametrize("value", [b"null", b'"192.0.2.1"', b"[]", b'{"IPAddress":null}', b"{}"])
def test_an_address_of_another_shape_costs_its_neighbours_nothing(value: bytes) -> None:
    message = reply(b'"IPv4Address":' + value + b',"Vendor":"V"')
    assert message.fields == (("Vendor", "V"),)
    assert message.anomalies == (("field_unreadable", 1),)
