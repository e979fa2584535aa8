"""What nmap's XML becomes beyond the examples."""

from __future__ import annotations

import pyarrow as pa
import pytest

from camaudit.errors import SourceError
from camaudit.sources.importers.nmap_xml import SPEC
from camaudit.sources.importers.nmap_xml.read import MAX_HOST_BYTES
from camaudit.sources.spec import Item
from tests.importer_examples import problems, read_all, seen, values

HOST = "host:192.0.2.5"


def scan(*hosts: str) -> bytes:
    return f"<nmaprun>{''.join(hosts)}</nmaprun>".encode()


def host(inner: str = "", address: str = "192.0.2.5", attributes: str = "") -> str:
    return (
        f'<host {attributes}><status state="up"/><address addr="{address}" addrtype="ipv4"/>'
        f"{inner}</host>"
    )


def port(inner: str, number: int = 80, service: str = "http", attributes: str = "") -> str:
    return (
        f'<ports><port protocol="tcp" portid="{number}"><state state="open"/>'
        f'<service name="{service}" {attributes}/>{inner}</port></ports>'
    )


def one(inner: str, number: int = 80, service: str = "http", attributes: str = "") -> list[Item]:
    return read_all(SPEC, scan(host(port(inner, number, service, attributes))))


NO_TITLE = "Site doesn&apos;t have a title (text/html)."
MD5 = "0123456789abcdef0123456789abcdef"
AUTH = "&#xa;HTTP/1.1 401 Unauthorized&#xa;  Basic realm=IP Camera"
CERTIFICATE = "Subject: commonName=a/organizationName=B, Ltd&#xa;Not valid before: 2020"
UPNP = "&#xa;  Server: Linux UPnP/1.0&#xa;    Name: Gate&#xa;    Manufacturer: Acme&#xa;  x"


@pytest.mark.parametrize(
    ("script", "output", "key", "value"),
    [
        ("http-title", "NVR&#xa;Requested resource was /a", "http.title", "NVR"),
        ("http-title", NO_TITLE, "http.title", None),
        ("http-title", "Did not follow redirect to x", "http.title", None),
        ("http-headers", "  Server: X/1&#xa;  (Request type: HEAD)", "http.server", "X/1"),
        ("http-headers", "  Set-Cookie: SID=abc; path=/", "http.set_cookie", "SID=; path=/"),
        ("http-auth", AUTH, "http.www_authenticate", 'Basic realm="IP Camera"'),
        ("http-favicon", f"Unknown favicon MD5: {MD5.upper()}", "http.favicon_md5", MD5),
        ("http-favicon", "Apache Tomcat", "http.favicon_md5", None),
        ("ssl-cert", CERTIFICATE, "tls.subject", "CN=a,O=B, Ltd"),
        ("ssl-cert", CERTIFICATE, "tls.issuer", None),
        ("upnp-info", UPNP, "upnp.manufacturer", "Acme"),
        ("upnp-info", UPNP, "upnp.friendly_name", "Gate"),
        ("upnp-info", UPNP, "ssdp.server", "Linux UPnP/1.0"),
        ("banner", "SSH-2.0-x", "ssh.banner", "SSH-2.0-x"),
    ],
)
def test_a_script_by_its_output(script: str, output: str, key: str, value: str | None) -> None:
    assert values(one(f'<script id="{script}" output="{output}"/>'), key).get(HOST) == value


def test_a_title_that_is_given_as_such_outranks_the_output() -> None:
    script = '<script id="http-title" output="x"><elem key="title">NVR</elem></script>'
    assert values(one(script), "http.title") == {HOST: "NVR"}


@pytest.mark.parametrize(
    ("number", "service", "key"),
    [
        (21, "ftp", "ftp.banner"),
        (2323, "telnet", "telnet.banner"),
        (23, "unknown", "telnet.banner"),
    ],
)
def test_a_banner_goes_by_its_service_then_by_its_port(number: int, service: str, key: str) -> None:
    assert values(one('<script id="banner" output="hello"/>', number, service), key) == {
        HOST: "hello"
    }


def test_a_banner_of_an_unknown_service_is_not_guessed() -> None:
    keys = {key for _, key, *_ in seen(one('<script id="banner" output="hello"/>', 9999, "x"))}
    assert keys == {"ip.address", "port.open"}


FINGERPRINT = (
    r"SF-Port80-TCP:V=7.93%r(GetRequest,9,&quot;HTTP/1\.1\x20200\x20OK\r\nServer:\x20\xa9\\\&quot;\r\n\r\n&quot;)"
    r"%r(HTTPOptions,9,&quot;HTTP/1\.1\x20501\r\n\r\n&quot;)%r(NULL,3,&quot;\xff\xfd\x01&quot;);"
)


def test_raw_replies_are_recovered_byte_for_byte() -> None:
    items = one("", attributes=f'servicefp="{FINGERPRINT}"')
    raw = {key: value for _, key, value, *_ in seen(items)}
    assert raw["http.response"] == b'HTTP/1.1 200 OK\r\nServer: \xa9\\"\r\n\r\n'
    assert "telnet.response" not in raw


def test_printable_strings_are_put_together_as_a_reply() -> None:
    script = (
        '<script id="fingerprint-strings" output="x"><elem key="GetRequest">'
        "&#xa;    HTTP/1.0 200 OK&#xa;    Server: cam/1"
        "&#xa;    &lt;title&gt;Cam&lt;/title&gt;</elem></script>"
    )
    assert values(one(script), "http.response") == {
        HOST: "HTTP/1.0 200 OK\r\nServer: cam/1\r\n\r\n<title>Cam</title>"
    }


def test_user_names_and_passwords_do_not_come_in() -> None:
    items = one('<script id="http-headers" output="  Location: http://admin:12345@192.0.2.5/"/>')
    assert values(items, "http.location") == {HOST: "http://192.0.2.5/"}


def test_a_service_that_nmap_only_looked_up_by_its_port_says_nothing() -> None:
    assert values(one("", attributes='method="table"'), "nmap.service") == {}


@pytest.mark.parametrize(
    ("attributes", "seen_at"),
    [
        ('starttime="1" endtime="2"', "1970-01-01T00:00:02+00:00"),
        ('starttime="1"', "1970-01-01T00:00:01+00:00"),
        ('endtime="soon"', None),
        ('endtime="999999999999999999"', None),
        ("", None),
    ],
)
def test_when(attributes: str, seen_at: str | None) -> None:
    items = read_all(SPEC, scan(host(attributes=attributes)))
    assert {row[4] for row in seen(items)} == {seen_at}


def test_a_host_is_named_by_its_hardware_address_where_there_is_no_other() -> None:
    data = scan('<host><address addr="44:19:B6:0A:0B:0C" addrtype="mac"/></host>')
    assert {row[:3] for row in seen(read_all(SPEC, data))} == {
        ("host:44:19:b6:0a:0b:0c", "mac.address", b"44:19:b6:0a:0b:0c")
    }


def test_a_host_without_an_address_is_counted() -> None:
    (problem,) = problems(read_all(SPEC, scan('<host><address addr="?"/></host>')))
    assert problem.rejected
    assert problem.message.startswith("1 hosts")


def test_what_powershell_writes() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?>' + scan(host()).decode()
    assert values(read_all(SPEC, text.encode("utf-16")), "ip.address") == {HOST: "192.0.2.5"}
    honest = text.replace("UTF-8", "UTF-16")
    assert values(read_all(SPEC, honest.encode("utf-16")), "ip.address") == {HOST: "192.0.2.5"}


@pytest.mark.parametrize(("cut", "hosts"), [("</nmaprun>", 2), ("</host></nmaprun>", 1)])
def test_a_cut_at_the_end_keeps_every_whole_host(cut: str, hosts: int) -> None:
    data = scan(host(), host(address="192.0.2.6"))
    assert data.endswith(cut.encode())
    items = read_all(SPEC, data[: -len(cut)])
    assert len(values(items, "ip.address")) == hosts
    (problem,) = problems(items)
    assert problem.rejected
    assert f"cut off here (was nmap stopped?): {hosts} hosts" in problem.message


def test_damage_in_the_middle_keeps_what_stands_before_it() -> None:
    items = read_all(SPEC, scan(host()) + b"<oops>")
    assert values(items, "ip.address") == {HOST: "192.0.2.5"}
    (problem,) = problems(items)
    assert "damaged here" in problem.message


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not XML"),
        (b"Starting Nmap 7.93", "not XML"),
        (b"<html></html>", "its root is <html>"),
        (f'<!DOCTYPE n [<!ENTITY l0 "ha">{LAUGHS}]><nmaprun>&l9;</nmaprun>'.encode(), "entities"),
        (b'<!DOCTYPE n [<!ENTITY x SYSTEM "file:///x">]><nmaprun>&x;</nmaprun>', "entities"),
        (b'<!DOCTYPE n [<!ENTITY % x SYSTEM "file:///x"> %x;]><nmaprun/>', "entities"),
        (b'<?xml version="1.0" encoding="shift_jis"?><nmaprun/>', "save it as UTF-8"),
        (b"<nmaprun>" + b"<a>" * 100, "nested"),
        (b"<nmaprun><host>" + b"x" * (MAX_HOST_BYTES + 1), "one host takes more than"),
    ],
)
def test_a_file_that_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read_all(SPEC, data)


def test_hosts_do_not_pile_up() -> None:
    one_host = host(port('<script id="http-title" output="NVR"/>'))
    items = read_all(SPEC, scan(*[one_host] * 12_000))
    batches = [item for item in items if isinstance(item, pa.RecordBatch)]
    assert len(batches) > 1
    assert sum(batch.num_rows for batch in batches) == 36_000


def test_a_scan_of_nobody() -> None:
    (problem,) = problems(read_all(SPEC, scan()))
    assert (problem.message, problem.rejected) == ("the scan lists no host", False)
