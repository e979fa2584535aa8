"""UPnP descriptions: the root device and no other."""

from __future__ import annotations

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols.ssdp.observe import expand_description


@pytest.mark.parametrize(
    "text",
    [
        "<root><device>{}</device></root>",
        "<device>{}</device>",
        "{}",
        "<r:root xmlns:r='urn:x'><r:device>{}</r:device></r:root>",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<root><device>{}</device></root>",
    ],
)
def test_a_description_is_read_whole_and_in_part(text: str) -> None:
    data = text.format("<manufacturer>AXIS</manufacturer>").encode()
    assert [(one.field, one.value) for one in expand_description(data)] == [
        ("manufacturer", b"AXIS")
    ]


def test_an_embedded_device_is_not_the_device() -> None:
    data = (
        b"<root><device><deviceList><device><manufacturer>Other</manufacturer></device>"
        b"</deviceList></device></root>"
    )
    assert expand_description(data) == ()


def test_billion_laughs_is_refused() -> None:
    with pytest.raises(DecodeError, match="document type"):
        expand_description(b'<!DOCTYPE r [<!ENTITY a "ha">]><root>&a;</root>')
