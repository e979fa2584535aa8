"""The ONVIF dialogues: what is asked without a login, and where they end."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring

from camaudit.errors import LineError
from camaudit.model.scan import Outcome
from camaudit.sources.protocols.onvif.codec import VERBS, encode_operation
from camaudit.sources.protocols.onvif.probe import DEVICE, PRE_AUTH
from tests.lines import FakeLine, hold

DEVICE_NS = "{http://www.onvif.org/ver10/device/wsdl}"
SERVICES = b"<tds:Service><tds:Namespace>http://www.onvif.org/ver20/ptz/wsdl</tds:Namespace>"


def reply(body: bytes, status: bytes = b"200 OK", *fields: bytes) -> bytes:
    envelope = b"<s:Envelope><s:Body>" + body + b"</s:Body></s:Envelope>"
    return plain(envelope, status, *fields)


def plain(body: bytes, status: bytes = b"200 OK", *fields: bytes) -> bytes:
    lines = (b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *fields, b"", body)
    return b"\r\n".join(lines)


def fault(subcode: bytes, status: bytes = b"400 Bad Request") -> bytes:
    value = b"<s:Value>s:Sender</s:Value><s:Subcode><s:Value>" + subcode + b"</s:Value></s:Subcode>"
    return reply(b"<s:Fault><s:Code>" + value + b"</s:Code></s:Fault>", status)


def operations(line: FakeLine) -> list[str]:
    """Return what was asked, read with a parser of its own."""
    asked = []
    for request in line.sent:
        assert request.startswith(b"POST ")
        body = request.partition(b"\r\n\r\n")[2]
        ((operation,),) = fromstring(body)
        assert operation.tag.startswith(DEVICE_NS)
        asked.append(operation.tag.removeprefix(DEVICE_NS))
    return asked


def test_four_operations_are_asked_in_order() -> None:
    time = (
        b"<UTCDateTime><Time><Hour>3</Hour><Minute>4</Minute><Second>5</Second></Time>"
        b"<Date><Year>2026</Year><Month>1</Month><Day>2</Day></Date></UTCDateTime>"
    )
    line = FakeLine(
        reply(time, b"200 OK", b"Server: gSOAP/2.8"),
        reply(SERVICES + b"</tds:Service>"),
        reply(b"<HostnameInformation><Name>cam</Name></HostnameInformation>"),
        reply(
            b"<GetEndpointReferenceResponse><GUID>urn:uuid:1</GUID></GetEndpointReferenceResponse>"
        ),
    )
    assert [(f"{one.protocol}.{one.field}", one.value) for one in hold(PRE_AUTH, line)] == [
        ("http.server", b"gSOAP/2.8"),
        ("onvif.utc_time", b"2026-01-02T03:04:05Z"),
        ("onvif.service_namespace", b"http://www.onvif.org/ver20/ptz/wsdl"),
        ("onvif.hostname", b"cam"),
        ("onvif.endpoint_reference", b"urn:uuid:1"),
    ]
    assert operations(line) == [
        "GetSystemDateAndTime",
        "GetServices",
        "GetHostname",
        "GetEndpointReference",
    ]
    assert all(b"POST /onvif/device_service HTTP/1.1\r\n" in request for request in line.sent)


def test_a_device_without_get_services_is_asked_for_its_capabilities() -> None:
    capabilities = b"<Capabilities><PTZ><XAddr>x</XAddr></PTZ></Capabilities>"
    unknown = fault(b"ter:ActionNotSupported")
    line = FakeLine(reply(b"<a/>"), unknown, reply(b"<a/>"), reply(capabilities))
    seen = hold(PRE_AUTH, line)
    assert [one.value for one in seen if one.field == "capability"] == [b"PTZ"]
    assert operations(line)[-1] == "GetCapabilities"


@pytest.mark.parametrize("dialogue", [PRE_AUTH, DEVICE])
@pytest.mark.parametrize(
    "first",
    [
        plain(b"<html>Not found</html>", b"404 Not Found"),
        plain(b"", b"404 Not Found"),
        plain(b"", b"401 Unauthorized", b'WWW-Authenticate: Digest realm="x"'),
        fault(b"ter:NotAuthorized"),
        fault(b"NotAuthorized", b"200 OK"),
        reply(b"<a/>", b"403 Forbidden"),
        plain(b"<!DOCTYPE a [<!ENTITY b 'c'>]><s:Envelope><a>&b;</a></s:Envelope>"),
        plain(b"<s:Envelope>" * 5000),
        b"RTSP/1.0 400 Bad Request\r\n\r\n",
        b"\0" * 100,
        LineError(Outcome.RESET),
    ],
)
def test_it_ends_at_the_first_refusal_and_at_what_is_no_envelope(
    dialogue: object, first: bytes | LineError
) -> None:
    line = FakeLine(first, reply(b"<a/>"), reply(b"<a/>"))
    hold(PRE_AUTH if dialogue is PRE_AUTH else DEVICE, line)
    assert len(line.sent) == 1
    assert line.locked == []


def test_the_fault_and_the_challenge_are_signals() -> None:
    seen = hold(DEVICE, FakeLine(fault(b"ter:NotAuthorized")))
    assert [(one.field, one.value) for one in seen] == [
        ("fault", b"s:Sender"),
        ("fault", b"ter:NotAuthorized"),
    ]
    challenge = plain(b"", b"401 Unauthorized", b'WWW-Authenticate: Digest realm="IP Camera"')
    (one,) = hold(DEVICE, FakeLine(challenge))
    assert (one.field, one.value) == ("www_authenticate", b'Digest realm="IP Camera"')


@pytest.mark.parametrize("status", [b"423 Locked", b"429 Too Many Requests", b"490 Blocked"])
def test_a_lockout_is_told_to_the_line(status: bytes) -> None:
    line = FakeLine(reply(b"<a/>", status), reply(b"<a/>"))
    hold(PRE_AUTH, line)
    assert len(line.locked) == len(line.sent) == 1


def test_device_information_and_scopes_are_asked_once_without_a_user() -> None:
    information = (
        b"<GetDeviceInformationResponse><Manufacturer>H264</Manufacturer>"
        b"<Model>HI3518E</Model></GetDeviceInformationResponse>"
    )
    scopes = b"<Scopes><ScopeItem>onvif://www.onvif.org/name/NVT</ScopeItem></Scopes>"
    line = FakeLine(reply(information), reply(scopes))
    assert [(one.field, one.value) for one in hold(DEVICE, line)] == [
        ("manufacturer", b"H264"),
        ("model", b"HI3518E"),
        ("scope_name", b"NVT"),
    ]
    assert operations(line) == ["GetDeviceInformation", "GetScopes"]
    sent = b"".join(line.sent).lower()
    assert not any(word in sent for word in (b"username", b"password", b"authorization", b"wsse"))


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/", "/onvif/device_service"),
        ("/onvif/device", "/onvif/device"),
        ("/ONVIF/Device_Service", "/ONVIF/Device_Service"),
        ("/device_service", "/device_service"),
        ("/cam/onvif-service/1/", "/cam/onvif-service/1/"),
    ],
)
def test_the_announced_address_is_asked(path: str, asked: str) -> None:
    line = FakeLine(plain(b""))
    hold(PRE_AUTH, line, path)
    assert line.sent[0].startswith(f"POST {asked} HTTP/1.1\r\n".encode())


@pytest.mark.parametrize(
    "path",
    [
        "/StableWSDiscoveryEndpoint/x",
        "/cgi-bin/x",
        "/onvif/../x",
        "/onvif/reboot",
        "/onvif x",
        "",
        "/onvif/\r\nX: y",
        "/onvif?x",
        "/onvif/ä",
        "/onvif/" + "a" * 600,
    ],
)
def test_an_address_that_is_no_onvif_service_is_not_asked(path: str) -> None:
    line = FakeLine(reply(b"<a/>"))
    assert hold(PRE_AUTH, line, path) == []
    assert line.sent == []


@pytest.mark.parametrize(
    "operation",
    ["SystemReboot", "GetUsers", "SetHostname", "GetSystemUris", "GetNTP", "", "getservices"],
)
def test_no_other_operation_can_be_written(operation: str) -> None:
    with pytest.raises(ValueError, match="operation"):
        encode_operation(operation, b"/onvif/device_service", b"192.0.2.7")


def test_every_verb_reads_and_names_its_action() -> None:
    for name, action in VERBS.items():
        assert name.startswith("Get")
        request = encode_operation(name, b"/onvif/device_service", b"192.0.2.7")
        assert f'action="{action}"'.encode() in request


@pytest.mark.parametrize("odd", [b"", b"13", b"x", b"99999", b"\xd9\xa3"])
def test_a_time_that_does_not_exist_is_not_shown(odd: bytes) -> None:
    time = (
        b"<UTCDateTime><Time><Hour>3</Hour><Minute>4</Minute><Second>5</Second></Time>"
        b"<Date><Year>2026</Year><Month>" + odd + b"</Month><Day>2</Day></Date></UTCDateTime>"
    )
    assert hold(PRE_AUTH, FakeLine(reply(time))) == []
