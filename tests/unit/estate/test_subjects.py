"""camaudit.estate.subjects: what identifies and places a subject, out of observations."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from camaudit.estate import gather
from camaudit.estate.subjects import FIELDS, NAMED, Subject, parse_interval
from camaudit.model.observation import Interval
from camaudit.model.schemas import OBSERVATIONS

Row = tuple[str, str, str, bytes, datetime | None]
DAY = datetime(2024, 5, 1, tzinfo=UTC)


def batch(*rows: Row) -> pa.RecordBatch:
    devices, protocols, fields, values, seen = zip(*rows, strict=True)
    count = len(rows)
    return pa.RecordBatch.from_arrays(
        [
            pa.array(devices, pa.string()),
            pa.array(protocols, pa.string()).dictionary_encode(),
            pa.array(fields, pa.string()).dictionary_encode(),
            pa.array(values, pa.binary()),
            pa.array(seen, pa.timestamp("us", tz="UTC")),
            pa.nulls(count, pa.binary(32)),
            pa.nulls(count, pa.string()),
        ],
        schema=OBSERVATIONS,
    )


def said(key: str, *values: bytes) -> Subject:
    protocol, _, field = key.partition(".")
    return gather([batch(*(("f/1", protocol, field, value, None) for value in values))])["f/1"]


@pytest.mark.parametrize(("key", "attribute"), sorted(FIELDS.items()))
def test_each_field_is_collected_once_in_order(key: str, attribute: str) -> None:
    values = {
        "macs": (b"02:00:00:00:00:02", b"02:00:00:00:00:01"),
        "addresses": (b"192.0.2.2", b"192.0.2.1"),
    }.get(attribute, (b"two", b"one"))
    found = said(key, values[0], values[1], b" " + values[0] + b" ", b"")
    assert getattr(found, attribute) == tuple(value.decode() for value in values)


@pytest.mark.parametrize(("key", "attribute"), sorted(NAMED.items()))
def test_what_is_compared_by_field_is_collected_with_it(key: str, attribute: str) -> None:
    found = said(key, b"two", b"one", b" two ", b"")
    assert getattr(found, attribute) == ((key, "two"), (key, "one"))


def test_every_field_has_an_attribute_of_its_own() -> None:
    others = {key: attribute for key, attribute in FIELDS.items() if key != "sadp.MAC"}
    assert len(set(others.values())) == len(others) > 15
    assert FIELDS["sadp.MAC"] == FIELDS["mac.address"]
    assert FIELDS.keys().isdisjoint(NAMED)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (b"02-00-00-00-00-0A", ["02:00:00:00:00:0a"]),
        (b"02000000000a", ["02:00:00:00:00:0a"]),
        (b"00:00:00:00:00:00", []),
        (b"FF:FF:FF:FF:FF:FF", []),
        (b"01:00:5e:00:00:fb", []),  # a group's
        (b"not a mac", []),
        (b"02:00:00", []),
        (b"\xff\xff", []),
    ],
)
def test_a_hardware_address_has_one_spelling_and_is_one_devices(
    value: bytes, kept: list[str]
) -> None:
    assert said("mac.address", value).macs == tuple(kept)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (b"2001:DB8::0001", ["2001:db8::1"]),
        (b"192.0.2.1", ["192.0.2.1"]),
        (b"192.0.2.300", []),
        (b"camera.example", []),
    ],
)
def test_an_address_has_one_spelling(value: bytes, kept: list[str]) -> None:
    assert said("ip.address", value).addresses == tuple(kept)


def test_where_a_subject_is_known_from() -> None:
    found = gather(
        [
            batch(
                ("f/scan", "http", "server", b"x", None),
                ("f/row", "register", "site", b"HQ", None),
                ("f/row", "mac", "address", b"02:00:00:00:00:01", None),
                ("f/row", "ip", "address", b"192.0.2.1", None),
                ("f/text", "inventory", "model", b"x", None),
                ("f/seen", "sighting", "label", b"x", None),
                ("f/seen", "register", "asset_id", b"A1", None),
                ("f/bare", "mac", "address", b"02:00:00:00:00:01", None),
            )
        ]
    )
    marks = {n: (s.in_register, s.on_network, s.sighted) for n, s in found.items()}
    assert marks == {
        "f/scan": (False, True, False),
        "f/row": (True, False, False),
        "f/text": (True, False, False),
        "f/seen": (False, False, True),  # an asset id on a label is no register entry
        "f/bare": (False, False, False),
    }


def test_first_and_last_seen_span_all_batches() -> None:
    later, earlier = datetime(2025, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)
    found = gather(
        [
            batch(("f/1", "http", "server", b"a", DAY), ("f/1", "http", "server", b"b", None)),
            batch(("f/1", "http", "title", b"c", later), ("f/2", "http", "title", b"d", None)),
            batch(("f/1", "http", "title", b"e", earlier)),
        ]
    )
    assert (found["f/1"].first_seen, found["f/1"].last_seen) == (earlier, later)
    assert (found["f/2"].first_seen, found["f/2"].last_seen) == (None, None)
    assert found["f/1"].file == "f"


def test_nothing_gives_no_subject() -> None:
    assert gather([]) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-03-01", (date(2021, 3, 1), date(2021, 3, 1))),
        ("2021-01-01/2021-12-31", (date(2021, 1, 1), date(2021, 12, 31))),
        ("2021", None),
        ("2021-01-01/", None),
        ("2021-02-30", None),
        ("", None),
    ],
)
def test_dates_and_spans_are_read_and_nothing_else(
    text: str, expected: tuple[date, date] | None
) -> None:
    wanted = Interval(not_before=expected[0], not_after=expected[1]) if expected else None
    assert parse_interval(text) == wanted
