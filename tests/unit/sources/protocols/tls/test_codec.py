"""Certificates as devices make them: broken in one part, odd in another, never fatal."""

from __future__ import annotations

from importlib.resources import files

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.tls.codec import MAX_CERTIFICATE_BYTES, decode_certificate
from camaudit.sources.protocols.tls.contain import contained
from camaudit.sources.protocols.tls.names import issuer_and_subject

EXAMPLES = files("camaudit.sources.protocols.tls") / "examples"
DER = (EXAMPLES / "self-signed.bin").read_bytes()
#: UTF8String of nine bytes, twice: in the issuer and in the subject.
MAKER = b"\x0c\x09HIKVISION"


@pytest.mark.parametrize(
    ("tag", "value", "text"),
    [
        (0x13, b"H_K@ISION", "H_K@ISION"),
        (0x0C, b"HIKVISIO\xe9", "HIKVISIO\xe9"),
        (0x14, b"HIKVISIO\xe9", "HIKVISIO\xe9"),
        (0x1E, b"\0H\0I\0K\0V\0", "HIKV\ufffd"),
        (0x1E, b"\xd8\0\0H\0I\0K\0", "\ufffdHIK\ufffd"),
    ],
)
def test_a_name_is_read_whatever_its_string_type_says(tag: int, value: bytes, text: str) -> None:
    odd = DER.replace(MAKER, bytes((tag, len(value))) + value)
    assert decode_certificate(odd).subject.split(",")[2] == f"O={text}"


def test_a_key_of_an_unknown_curve_costs_the_key_only() -> None:
    curve = bytes.fromhex("06082a8648ce3d030107")
    assert DER.count(curve) == 1
    message = decode_certificate(DER.replace(curve, curve[:-1] + b"\x7f"))
    assert (message.key, message.serial) == ("", "1f2e3d")
    assert [odd.code for odd in message.anomalies] == ["key_unreadable"]


def test_a_certificate_of_an_unknown_version_keeps_its_names() -> None:
    message = decode_certificate(DER.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x63"))
    assert message.subject.startswith("CN=www.hikvision.com,OU=DVRNVR,O=HIKVISION")
    assert [odd.code for odd in message.anomalies] == ["refused_but_for_its_names"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x30\x80\x00\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x85\x01\x01\x01\x01\x01",
        b"\x30\x02\x30\x00",
        DER + b"\0",
        DER[1:],
        b"-----BEGIN CERTIFICATE-----",
    ],
)
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError, match=r"not an X\.509 certificate"):
        decode_certificate(data)


def test_an_oversized_certificate_is_refused_unread() -> None:
    with pytest.raises(DecodeError, match="at most 65536 bytes"):
        decode_certificate(DER + bytes(MAX_CERTIFICATE_BYTES))


def test_a_name_of_thousands_of_attributes_is_cut() -> None:
    attribute = bytes.fromhex("310a30080603550403130141")
    name = attribute * 2000
    sequence = b"\x30\x82" + len(name).to_bytes(2, "big") + name
    empty = b"\x30\x00"
    tbs = b"\x02\x01\x01" + empty + sequence + empty + empty
    body = b"\x30\x82" + len(tbs).to_bytes(2, "big") + tbs
    issuer, subject = issuer_and_subject(b"\x30\x82" + len(body).to_bytes(2, "big") + body)
    assert issuer.attributes == (("commonName", "A"),) * 64
    assert subject.attributes == ()


def test_a_panic_of_the_library_is_contained_and_an_interrupt_is_not() -> None:
    panic = type("PanicException", (BaseException,), {})

    def raising(error: type[BaseException]) -> object:
        raise error

    assert contained(lambda: raising(panic)) is None
    assert contained(lambda: raising(ValueError)) is None
    with pytest.raises(KeyboardInterrupt):
        contained(lambda: raising(KeyboardInterrupt))
