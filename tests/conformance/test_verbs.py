"""Nothing that changes a device can be asked: every verb of every protocol, and what it may not be.

The tables below are written by hand from the protocols' documents; a new verb, or a new protocol
that asks, fails until it is reviewed here.
"""

from __future__ import annotations

import re

import pytest

from camaudit.errors import DecodeError
from camaudit.sources.protocols import registry
from tests.protocol_examples import codec_module, load_examples

#: Protocol -> everything that it can put on the wire as a verb. All of it reads.
READ_ONLY: dict[str, set[object]] = {
    "bosch-rcp": {0xFF0006DE},
    "dahua-5050": {0xA3},
    "dhip": {"DHDiscover.search"},
    "foscam": {0},
    "ftp": set(),
    "hanwha": {0x01},
    "http": {b"GET"},
    "mdns": {"PTR"},
    "onvif": {
        "http://www.onvif.org/ver10/device/wsdl/" + name
        for name in (
            "GetSystemDateAndTime",
            "GetServices",
            "GetServiceCapabilities",
            "GetCapabilities",
            "GetHostname",
            "GetEndpointReference",
            "GetDeviceInformation",
            "GetScopes",
        )
    },
    "panasonic": {0x000D},
    "rtsp": {b"OPTIONS", b"DESCRIBE"},
    "sadp": {"inquiry"},
    "sip": {b"OPTIONS"},
    "snmp": {"GetRequest-PDU", "GetBulkRequest-PDU"},
    "sony": {b"ENQ:allinfo"},
    "ssdp": {b"M-SEARCH", b"GET"},
    "ssh": set(),
    "telnet": set(),
    "tls": set(),
    "tvt-mhed": {0x0001},
    "ubiquiti": {0x0100},
    "vivotek": {0x4A5D8F1C},
    "vstarcam": {0x44480101},
    "ws-discovery": {"Probe"},
    "xm-netip": {1530},
}
#: Words of requests that change a device, log in to it, or open a stream, in any protocol.
CHANGES = re.compile(
    rb"(?i)\b(?:update|activate|reset|restore|exchangecode|modify|reboot|setconfig|login|password"
    rb"|configManager|magicBox|userManager|Set[A-Z]\w+|Create\w+|Delete\w+|SystemReboot|Upgrade\w*"
    rb"|SETUP|PLAY|RECORD|PUT|POST /|INVITE|REGISTER|NOTIFY|Authorization)\b"
)
#: Messages that change a device: none of them may be read as a message of the protocol either.
WRITES: list[tuple[str, bytes]] = [
    *(
        ("sadp", b"<Probe><Uuid>1</Uuid><Types>%s</Types><MAC>a</MAC></Probe>" % word)
        for word in (b"update", b"activate", b"reset", b"exchangecode", b"modifyNetParam")
    ),
    *(
        ("sadp", b"<%s><Types>%s</Types><MAC>58-50-ed-00-00-01</MAC></%s>" % (root, word, root))
        for root in (b"ProbeMatch", b"probematch", b"Hello")
        for word in (b"update", b"activate", b"reset", b"exchangecode", b"getencryptstring")
    ),
    *(
        ("dhip", b'{"method":"%s","mac":"38:c4:e8:00:00:01","params":{"deviceInfo":{}}}' % word)
        for word in (
            b"configManager.setConfig",
            b"configManager.restore",
            b"global.login",
            b"magicBox.reboot",
            b"userManager.modifyPassword",
            b"DHDiscover.setConfig",
        )
    ),
    ("tvt-mhed", b"MHED\x09\x00\x01\x00\x03\x00\x00\x00" + bytes(228)),
    *(  # log in, set a configuration, control the machine, upgrade
        ("xm-netip", b"\xff" + bytes(13) + number.to_bytes(2, "little") + b"\x02\0\0\0{}")
        for number in (1000, 1040, 1450, 1520)
    ),
    ("dahua-5050", b"\xa4\x01\x00\x01" + bytes(120)),
    ("panasonic", b"\x00\x01\x00\x00\x00\x02" + bytes(60)),
    ("panasonic", b"\x00\x01\x00\x00\x00\x04" + bytes(60)),
    *(
        ("ws-discovery", b"<Envelope><Body><%s><a>x</a></%s></Body></Envelope>" % (word, word))
        for word in (b"SetDiscoveryMode", b"SetScopes", b"SystemReboot", b"CreateUsers", b"Bye")
    ),
    ("mdns", b"\x00\x00\x28\x00" + bytes(8)),  # RFC 2136: a dynamic update
    (
        "snmp",
        bytes.fromhex(
            "3025020101040770726976617465a317020101020100020100300c300a06052b060102010500"
        ),
    ),
]
ASKING = sorted(name for name, spec in registry().items() if spec.searches or spec.dialogues)


def test_every_protocol_that_asks_is_reviewed() -> None:
    assert len(ASKING) >= 24
    assert set(ASKING) == set(READ_ONLY)


@pytest.mark.parametrize("protocol", ASKING)
def test_a_protocol_can_ask_what_was_reviewed_and_no_more(protocol: str) -> None:
    assert set(codec_module(protocol).VERBS.values()) == READ_ONLY[protocol]


@pytest.mark.parametrize("protocol", ASKING)
def test_no_search_holds_a_word_that_changes_a_device(protocol: str) -> None:
    for search in registry()[protocol].searches:
        for nonce in (bytes(16), bytes(range(16)), b"\xff" * 16):
            requests = search.requests(nonce)
            assert requests
            for request in requests:
                assert CHANGES.search(request) is None, request


@pytest.mark.parametrize("protocol", ASKING)
def test_a_search_is_no_answer(protocol: str) -> None:
    """What we send comes back to us through the group, and must not be taken for a device."""
    for search in registry()[protocol].searches:
        for request in search.requests(bytes(16)):
            with pytest.raises(DecodeError):
                search.read(request)


@pytest.mark.parametrize(("protocol", "message"), WRITES)
def test_a_message_that_changes_a_device_is_not_read(protocol: str, message: bytes) -> None:
    for codec in codec_module(protocol).CODECS.values():
        with pytest.raises(DecodeError):
            codec.decode(message)


@pytest.mark.parametrize("protocol", ASKING)
def test_what_can_be_written_holds_no_word_that_changes_a_device(protocol: str) -> None:
    """Replies are written too, for the laws: what comes out of them changes nothing either."""
    if protocol in ("http", "rtsp", "sip", "ssdp", "onvif", "telnet", "ftp", "ssh", "tls"):
        return  # their replies are texts of servers, which say what they like
    for example in load_examples(protocol):
        if example.refused is None:
            codec = codec_module(protocol).CODECS[example.codec]
            assert CHANGES.search(codec.encode(codec.decode(example.data))) is None


def test_the_words_that_are_looked_for_would_be_found() -> None:
    for word in (
        b"<Types>update</Types>",
        b"configManager.setConfig",
        b"SETUP rtsp://x",
        b"SetDNS",
    ):
        assert CHANGES.search(word)
