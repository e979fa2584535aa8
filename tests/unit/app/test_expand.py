"""camaudit.app.expand: raw replies, scopes and hardware addresses, read into fields."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from camaudit.app.expand import MAX_FIELDS, MAX_ROUNDS, Expander
from camaudit.errors import DecodeError
from camaudit.model.observation import Seen
from camaudit.packs.mac_registry import MacRegistry, load_mac_registry
from camaudit.sources import protocols
from tests.unit.signals.test_signals import batch

HTTP = b'HTTP/1.1 401 Unauthorized\r\nServer: Webs\r\nWWW-Authenticate: Basic realm="R"\r\n\r\n'


@pytest.fixture(scope="module")
def registry() -> MacRegistry:
    return load_mac_registry()


def expanded(registry: MacRegistry, *rows: tuple[str, str, bytes]) -> set[tuple[str, str, bytes]]:
    """Return what was derived, as (device, key, value)."""
    expander = Expander(registry, {"web.reply": "http.response"})
    [_, *derived] = expander.expand(batch(*rows))
    return {
        (row["device"], f"{row['protocol']}.{row['field']}", row["value"])
        for each in derived
        for row in each.to_pylist()
    }


def test_a_raw_reply_becomes_its_fields_of_the_same_device(registry: MacRegistry) -> None:
    found = expanded(registry, ("d1", "http.response", HTTP), ("d2", "http.title", b"x"))
    assert ("d1", "http.server", b"Webs") in found
    assert {device for device, _, _ in found} == {"d1"}


def test_an_alias_is_expanded_too(registry: MacRegistry) -> None:
    assert ("d", "http.server", b"Webs") in expanded(registry, ("d", "web.reply", HTTP))


def test_one_value_of_two_devices_is_read_for_both(registry: MacRegistry) -> None:
    found = expanded(registry, ("d1", "http.response", HTTP), ("d2", "http.response", HTTP))
    assert {device for device, key, _ in found if key == "http.server"} == {"d1", "d2"}


@pytest.mark.parametrize(
    ("key", "value"),
    [("mac.address", b"00:40:8C:01:02:03"), ("mdns.txt_macaddress_prefix", b"00408C")],
)
def test_an_address_becomes_its_organisation(registry: MacRegistry, key: str, value: bytes) -> None:
    [(_, found, name)] = expanded(registry, ("d", key, value))
    assert found == "mac.organisation"
    assert b"axis" in name.lower()


@pytest.mark.parametrize("value", [b"02:00:00:00:00:01", b"DA-A1-19-00-00-01", b"5254.0012.3456"])
def test_an_address_that_its_owner_made_up_becomes_that(
    registry: MacRegistry, value: bytes
) -> None:
    found = expanded(registry, ("d", "mac.address", value))
    assert found == {("d", "mac.administration", b"local")}


@pytest.mark.parametrize("value", [b"03:00:00:00:00:01", b"\xff", b"", b"x" * 1000])
def test_an_address_of_nobody_becomes_nothing(registry: MacRegistry, value: bytes) -> None:
    assert expanded(registry, ("d", "mac.address", value)) == set()


def test_a_field_within_a_field_is_expanded_as_well(registry: MacRegistry) -> None:
    """A hardware address that a raw reply gives leads to its organisation."""
    reply = next(
        key for spec in protocols.registry().values() for key in spec.expands if "sadp" in key
    )
    text = b'<?xml version="1.0"?><ProbeMatch><MAC>00-40-8c-01-02-03</MAC></ProbeMatch>'
    found = expanded(registry, ("d", reply, text))
    assert any(key == "mac.organisation" for _, key, _ in found)


def test_what_will_not_decode_is_counted_once_a_value(registry: MacRegistry) -> None:
    expander = Expander(registry, {})
    rows = batch(("d", "http.response", b"\x00"), ("e", "http.response", b"\x00"))
    assert expander.expand(rows) == [rows]
    assert expander.undecoded == 1


def forever(value: bytes) -> Iterator[Seen]:
    yield Seen("loop", "again", value + b"x")


def stuffed(_value: bytes) -> Iterator[Seen]:
    for at in range(MAX_FIELDS + 100):
        yield Seen("stuffed", "field", str(at).encode())


def test_rounds_and_fields_are_bounded(registry: MacRegistry) -> None:
    expander = Expander(registry, {})
    expander._exact |= {"loop.again": forever, "stuffed.reply": stuffed}
    assert len(expander.expand(batch(("d", "loop.again", b"x")))) == 1 + MAX_ROUNDS
    [_, derived] = expander.expand(batch(("d", "stuffed.reply", b"x")))
    assert derived.num_rows == MAX_FIELDS


def test_a_codec_that_gives_up_in_the_middle_gives_nothing(registry: MacRegistry) -> None:
    def half(_value: bytes) -> Iterator[Seen]:
        yield Seen("half", "field", b"x")
        raise DecodeError("gone")

    expander = Expander(registry, {})
    expander._exact["half.reply"] = half
    assert len(expander.expand(batch(("d", "half.reply", b"x")))) == 1


def test_the_wildcard_takes_every_onvif_answer(registry: MacRegistry) -> None:
    expander = Expander(registry, {})
    assert expander._reader("onvif", "GetAnythingResponse") is not None
    assert expander._reader("onvif", "model") is None
    assert expander._reader("http", "GetAnythingResponse") is None
