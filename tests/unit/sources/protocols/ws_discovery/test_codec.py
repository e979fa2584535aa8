"""WS-Discovery: the probes on the wire, and answers in every spelling, cut and hostile."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.sources.protocols.ws_discovery.codec import (
    DEVICE,
    DRAFT,
    MAX_ANSWER_BYTES,
    MAX_MATCHES,
    VERBS,
    Answer,
    AnswerKind,
    Match,
    decode_answer,
    encode_answer,
    encode_probe,
)
from camaudit.sources.protocols.ws_discovery.probe import PROBE
from camaudit.wirekit.leaves import decode_leaves

UUID_TEXT = "0a1b2c3d-1111-2222-3333-00408c000001"
SOAP = (b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope")
DRAFT_OF_2005 = b"http://schemas.xmlsoap.org/ws/2005/04/discovery"
STANDARD_OF_2009 = b"http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01"


def envelope(body: bytes, header: bytes = b"") -> bytes:
    return b"<s:Envelope><s:Header>%s</s:Header><s:Body>%s</s:Body></s:Envelope>" % (header, body)


def match(inner: bytes) -> bytes:
    return b"<d:ProbeMatch>%s</d:ProbeMatch>" % inner


def endpoint(text: str) -> bytes:
    inner = b"<a:Address>%s</a:Address>" % text.encode()
    return b"<a:EndpointReference>%s</a:EndpointReference>" % inner


def kind_of(probe: bytes) -> tuple[str, str, str]:
    (soap,) = (one for one in SOAP if b'"%s"' % one in probe)
    (discovery,) = (one for one in (DRAFT_OF_2005, STANDARD_OF_2009) if one in probe)
    (types,) = (leaf.text for leaf in decode_leaves(probe).leaves if leaf.name == "Types")
    version = "2005" if discovery == DRAFT_OF_2005 else "2009"
    return ("1.1", "1.2")[SOAP.index(soap)], version, types


def test_every_probe_that_real_cameras_need_is_sent() -> None:
    transmitter, device = "dn:NetworkVideoTransmitter", "tds:Device"
    assert {kind_of(probe) for probe in PROBE.requests(bytes(16))} >= {
        ("1.2", "2005", transmitter),
        ("1.2", "2005", device),
        ("1.2", "2005", ""),
        ("1.1", "2005", transmitter),
        ("1.2", "2009", transmitter),
    }


def test_each_probe_has_an_id_of_its_own_that_comes_from_the_nonce() -> None:
    def ids(nonce: bytes) -> list[UUID]:
        found = [re.search(rb"MessageID>urn:uuid:([^<]+)<", one) for one in PROBE.requests(nonce)]
        return [UUID(one[1].decode()) for one in found if one]

    first, second = ids(bytes(16)), ids(b"\1" * 16)
    assert len({*first, *second}) == len(first) + len(second) == 2 * len(PROBE.requests(bytes(16)))
    assert ids(bytes(16)) == first


def test_types_declares_its_own_prefix_and_that_of_what_is_wanted() -> None:
    probe = encode_probe(UUID(int=1), DRAFT, DEVICE)
    assert (
        b'<d:Types xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"'
        b' xmlns:tds="http://www.onvif.org/ver10/device/wsdl">tds:Device</d:Types>'
    ) in probe


def test_the_action_and_the_destination_are_those_of_the_dialect() -> None:
    for probe in PROBE.requests(bytes(16)):
        texts = {leaf.name: leaf.text for leaf in decode_leaves(probe).leaves}
        if STANDARD_OF_2009 in probe:
            assert texts["To"] == "urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01"
            assert texts["Action"] == f"{STANDARD_OF_2009.decode()}/Probe"
        else:
            assert texts["To"] == "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
            assert texts["Action"] == f"{DRAFT_OF_2005.decode()}/Probe"


def test_only_the_probe_can_be_asked() -> None:
    assert dict(VERBS) == {"probe": "Probe"}
    with pytest.raises(ValueError, match="names a device"):
        encode_answer(Answer(kind=AnswerKind.HELLO, relates_to="", matches=()))


@pytest.mark.parametrize(
    "written",
    [
        f"urn:uuid:{UUID_TEXT}",
        f"uuid:{UUID_TEXT}",
        f"urn:{UUID_TEXT}",
        UUID_TEXT.upper(),
        f"URN:UUID:{UUID_TEXT.upper()}/",
        f"uuid:{{{UUID_TEXT}}}",
        f"\r\n  {UUID_TEXT}\r\n",
    ],
)
def test_an_endpoint_is_the_same_however_it_is_written(written: str) -> None:
    assert PROBE.read(envelope(match(endpoint(written)))) == (
        Seen("ws-discovery", "endpoint", UUID_TEXT.encode()),
    )


@pytest.mark.parametrize("written", ["urn:uuid:", "urn:uuid:front-door", "http://192.0.2.1/", "0a"])
def test_an_endpoint_without_a_uuid_is_not_shown(written: str) -> None:
    inner = endpoint(written) + b"<d:Types>tds:Device</d:Types>"
    assert PROBE.read(envelope(match(inner))) == (Seen("ws-discovery", "types", b"tds:Device"),)


def test_digits_of_the_endpoint_are_not_taken_for_a_hardware_address() -> None:
    """The end of this one has the prefix of Axis, and nothing says that it is an address."""
    seen = PROBE.read(envelope(match(endpoint(UUID_TEXT))))
    assert {one.protocol for one in seen} == {"ws-discovery"}


@pytest.mark.parametrize("kind", AnswerKind)
def test_answers_and_announcements_read_alike(kind: AnswerKind) -> None:
    body = endpoint(UUID_TEXT) + b"<d:MetadataVersion>7</d:MetadataVersion>"
    name = kind.value.encode()
    message = decode_answer(envelope(b"<d:%s>%s</d:%s>" % (name, body, name)))
    assert message.kind is kind
    assert message.matches == (Match(endpoint=UUID_TEXT, metadata_version="7"),)


def test_what_it_relates_to_is_kept_even_where_it_is_cut_or_empty() -> None:
    """DoorBird answers with ``uuid:`` alone (ZoneMinder issue 1664)."""
    body = match(endpoint(UUID_TEXT))
    header = b"<a:RelatesTo>%s</a:RelatesTo>"
    assert decode_answer(envelope(body, header % b"uuid:")).relates_to == "uuid:"
    assert decode_answer(envelope(body, header % b"urn:uuid:1")).relates_to == "urn:uuid:1"
    assert decode_answer(envelope(body)).relates_to == ""


def test_an_address_in_the_header_is_no_endpoint() -> None:
    header = b"<a:ReplyTo><a:Address>%s</a:Address></a:ReplyTo>" % UUID_TEXT.encode()
    data = envelope(match(b"<d:Types>x</d:Types>"), header)
    assert decode_answer(data).matches == (Match(types="x"),)


def test_every_scope_is_kept() -> None:
    scopes = b" ".join(b"onvif://www.onvif.org/type/t%d" % number for number in range(60))
    seen = PROBE.read(envelope(match(b"<d:Scopes>%s</d:Scopes>" % scopes)))
    assert seen == (Seen("ws-discovery", "scopes", scopes),)


def test_several_matches_of_one_answer_stay_apart() -> None:
    other = "ffffffff-1111-2222-3333-00408c000002"
    types = b"<d:Types>tds:Device</d:Types>"
    message = decode_answer(envelope(match(endpoint(UUID_TEXT) + types) + match(endpoint(other))))
    assert [(each.uuid, each.types) for each in message.matches] == [
        (UUID_TEXT, "tds:Device"),
        (other, ""),
    ]


def test_a_password_in_a_service_address_is_blanked() -> None:
    xaddrs = b"<d:XAddrs>http://someone:s3cret@192.0.2.1/onvif/device_service</d:XAddrs>"
    (seen,) = PROBE.read(envelope(match(xaddrs)))
    assert seen.value == b"http://192.0.2.1/onvif/device_service"


def test_a_match_flood_is_cut() -> None:
    flood = match(endpoint("urn:x") + b"<d:Types>y</d:Types>") * (MAX_MATCHES + 5)
    assert len(decode_answer(envelope(flood)).matches) == MAX_MATCHES


@pytest.mark.parametrize(
    "data",
    [
        envelope(b"<d:ProbeMatches/>"),
        envelope(b"<d:ProbeMatches><d:ProbeMatch/></d:ProbeMatches>"),
        envelope(
            b"<s:Fault><s:Code><s:Value>d:MatchingRuleNotSupported</s:Value></s:Code></s:Fault>"
        ),
        envelope(b"<d:Bye>%s</d:Bye>" % endpoint(UUID_TEXT)),
        envelope(b"<d:Resolve>%s</d:Resolve>" % endpoint(UUID_TEXT)),
        envelope(b"<tds:SetDiscoveryMode><x>y</x></tds:SetDiscoveryMode>"),
        envelope(b"<tds:SystemReboot/>"),
        b"<!DOCTYPE e [<!ENTITY a 'b'>]>" + envelope(match(b"<d:Types>&a;</d:Types>")),
        envelope(match(b"<d:Types>x</d:Types>")) + b" " * MAX_ANSWER_BYTES,
    ],
    ids=["none", "empty", "fault", "bye", "resolve", "set", "reboot", "entity", "overlong"],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_answer(data)
