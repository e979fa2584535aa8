"""SADP replies: what is read, and what can be neither read nor written."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.sadp import codec
from camaudit.sources.protocols.sadp.codec import (
    FIELDS,
    MAX_REPLY_BYTES,
    VERBS,
    ReplyKind,
    SadpReply,
    decode_reply,
    encode_reply,
)
from camaudit.sources.protocols.sadp.observe import expand_reply
from camaudit.sources.protocols.sadp.probe import INQUIRY

SECRETS = ("Salt", "ExchangeCode", "Code", "ResetCode", "Password", "EZVIZCode", "Challenge")


@pytest.mark.parametrize("name", SECRETS)
def test_a_code_that_unlocks_never_reaches_a_message(name: str) -> None:
    data = f"<ProbeMatch><{name}>s3cret</{name}><OEMCode>1</OEMCode></ProbeMatch>".encode()
    assert decode_reply(data).fields == (("OEMCode", "1"),)
    assert "s3cret" not in repr(expand_reply(data))


@pytest.mark.parametrize(
    "types", ["update", "activate", "reset", "exchangecode", "getcode", "Inquiry", ""]
)
def test_the_answer_to_a_command_is_refused(types: str) -> None:
    data = f"<ProbeMatch><Types>{types}</Types><OEMCode>1</OEMCode></ProbeMatch>".encode()
    with pytest.raises(DecodeError, match="inquiry"):
        decode_reply(data)


def test_nothing_that_changes_a_device_can_be_written() -> None:
    assert [kind.value for kind in ReplyKind] == ["ProbeMatch", "Hello"]
    assert set(FIELDS).isdisjoint({"Types", "Password", "Code", *SECRETS})
    for name in ("Types", "Password", "Salt"):
        with pytest.raises(ValueError, match="not a field"):
            encode_reply(SadpReply(kind=ReplyKind.MATCH, fields=((name, "x"),)))
    assert [name for name in dir(codec) if name.startswith("encode_")] == [
        "encode_inquiry",
        "encode_leaves",
        "encode_reply",
    ]


def test_the_inquiry_is_the_one_of_the_discovery_tool() -> None:
    (data,) = INQUIRY.requests(bytes.fromhex("0123456789abcdef0123456789abcdef"))
    assert data == (
        b'<?xml version="1.0" encoding="utf-8"?><Probe>'
        b"<Uuid>01234567-89AB-CDEF-0123-456789ABCDEF</Uuid><Types>inquiry</Types></Probe>"
    )
    assert set(VERBS.values()) == {"inquiry"}


def test_our_own_inquiry_heard_again_is_no_reply() -> None:
    (data,) = INQUIRY.requests(bytes(16))
    with pytest.raises(DecodeError):
        INQUIRY.read(data)


def test_names_in_another_case_are_the_same_names() -> None:
    data = b"<probematch><devicesn>DS-1</devicesn><mac>58-50-ed-00-00-01</mac></probematch>"
    message = decode_reply(data)
    assert message.fields == (("DeviceSN", "DS-1"), ("MAC", "58-50-ed-00-00-01"))
    assert ("field_case", 2) in message.anomalies


@pytest.mark.parametrize("address", ["0.0.0.0", "239.255.255.250", "127.0.0.1", "none", "::"])  # noqa: S104
def test_an_address_that_is_no_devices_own_is_not_shown(address: str) -> None:
    data = f"<ProbeMatch><MAC>x</MAC><IPv4Address>{address}</IPv4Address></ProbeMatch>".encode()
    assert all(seen.protocol != "ip" for seen in INQUIRY.read(data))


def test_the_first_of_two_equal_fields_counts() -> None:
    data = b"<ProbeMatch><MAC>1</MAC><MAC>2</MAC><a><MAC>3</MAC></a></ProbeMatch>"
    message = decode_reply(data)
    assert message.fields == (("MAC", "1"),)
    assert [anomaly.code for anomaly in message.anomalies] == ["field_repeated"]


def test_an_overlong_reply_is_refused() -> None:
    with pytest.raises(DecodeError, match="at most"):
        decode_reply(b"<ProbeMatch>" + b" " * MAX_REPLY_BYTES)


def test_billion_laughs_is_refused() -> None:
    with pytest.raises(DecodeError, match="document type"):
        decode_reply(b'<!DOCTYPE r [<!ENTITY a "ha">]><ProbeMatch>&a;</ProbeMatch>')


REPLY = b"<ProbeMatch><MAC>58-50-ed-00-00-01</MAC></ProbeMatch>"


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (b"\0" * 8, b"\0" * 600),
        (b"\r\n\t", b"\r\n"),
        (b"\x01<\x02<", b""),
        (b"\xff\xfe>", b"\0ersion>V5</SoftwareVersion></ProbeMatch>"),
        (b"", b"&#0;<<>"),
    ],
)
def test_bytes_around_the_document_change_nothing(before: bytes, behind: bytes) -> None:
    assert decode_reply(before + REPLY + behind) == decode_reply(REPLY)


def test_a_misspelt_word_stays_as_it_is() -> None:
    """``flase`` tells the firmware family; put right, it would tell nothing."""
    data = b"<ProbeMatch><HCPlatformEnable>flase</HCPlatformEnable></ProbeMatch>"
    assert decode_reply(data).fields == (("HCPlatformEnable", "flase"),)


def test_the_inquiry_is_written_as_the_makers_tool_does() -> None:
    nonce = bytes.fromhex("0a1b2c3d4e5f60718293a4b5c6d7e8f9")
    (request,) = INQUIRY.requests(nonce)
    assert request == (
        b'<?xml version="1.0" encoding="utf-8"?><Probe>'
        b"<Uuid>0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9</Uuid><Types>inquiry</Types></Probe>"
    )
    assert (INQUIRY.port, INQUIRY.reply_port) == (37020, 37020)
    assert INQUIRY.groups == INQUIRY.reply_groups == ("239.255.255.250",)
