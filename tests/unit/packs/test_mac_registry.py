"""camaudit.packs.mac_registry: whom an address is registered to, against an independent table."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import PackError
from camaudit.packs.mac_registry import MacRegistry, load_mac_registry, parse_mac_registry

VENDORS = Path(__file__).with_name("mac_vendors.txt")
SHIPPED = Path(__file__).parents[3] / "src" / "camaudit" / "data" / "mac"


def vendor_rows() -> list[tuple[frozenset[str], str]]:
    rows: list[tuple[frozenset[str], str]] = []
    for line in VENDORS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            names, _, prefixes = line.partition(" | ")
            rows += [(frozenset(names.split(" ; ")), prefix) for prefix in prefixes.split()]
    return rows


@pytest.fixture(scope="module")
def registry() -> MacRegistry:
    return load_mac_registry()


def small(*lines: str) -> bytes:
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)


def about(table: bytes, **changes: object) -> bytes:
    content = gzip.decompress(table)
    facts = {
        "package": "oui-data",
        "version": "0.0.0",
        "licence": "BSD-2-Clause",
        "published_on": "2026-01-02",
        "blocks": {"24": content.count(b"\n")},
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return json.dumps(facts | changes).encode()


# --------------------------------------------------------------------------- what it answers


def test_the_independent_table_is_whole() -> None:
    rows = vendor_rows()
    assert len(rows) == 278
    assert len({prefix for _, prefix in rows}) == 278


def test_every_vendor_of_the_independent_table_is_found(registry: MacRegistry) -> None:
    wrong = [
        (prefix, found, sorted(names))
        for names, prefix in vendor_rows()
        if (found := registry.lookup(prefix + "0A1B2C")) not in names
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("mac", "organisation"),
    [
        ("00:40:8C:01:02:03", "Axis Communications AB"),
        ("AC:CC:8E:01:02:03", "Axis Communications AB"),
        ("B8:A4:4F:01:02:03", "Axis Communications AB"),
        ("C0:56:E3:01:02:03", "Hangzhou Hikvision Digital Technology Co.,Ltd."),
        ("F8:4D:FC:01:02:03", "Hangzhou Hikvision Digital Technology Co.,Ltd."),
        ("90:02:A9:01:02:03", "Zhejiang Dahua Technology Co., Ltd."),
        ("9C:8E:CD:01:02:03", "Amcrest Technologies"),
        ("EC:71:DB:01:02:03", "Reolink Innovation Limited"),
        ("00:03:C5:01:02:03", "Mobotix AG"),
        ("00:16:2F:01:02:03", "Geutebrück GmbH"),
        ("00:12:31:01:02:03", "Motion Control Systems, Inc."),
    ],
)
def test_known_addresses(registry: MacRegistry, mac: str, organisation: str) -> None:
    assert registry.lookup(mac) == organisation


@pytest.mark.parametrize(
    "mac",
    [
        "00:40:8C:01:02:0A",
        "00-40-8c-01-02-0a",
        "0:40:8c:1:2:a",
        "0040.8c01.020a",
        "00408C01020A",
        " 00408c01020a\n",
        b"00:40:8c:01:02:0a",
    ],
)
def test_every_usual_form_of_an_address_is_read(registry: MacRegistry, mac: str | bytes) -> None:
    assert registry.lookup(mac) == "Axis Communications AB"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00:40:8C",  # a prefix is not an address
        "00:40:8C:01:02",
        "00:40:8C:01:02:03:04",
        "00:40-8C:01:02:03",
        "0040:8C01:0203",
        "00408C01020G",
        "00 40 8C 01 02 03",
        "٠٠٤٠٨ج٠١٠٢٠٣",
        b"\x00\x40\x8c\x01\x02\x03",
        b"\xff" * 12,
        "00000000-0000-0000-0000-00408C010203",
    ],
)
def test_what_is_no_address_names_nobody(registry: MacRegistry, text: str | bytes) -> None:
    assert registry.lookup(text) is None


@pytest.mark.parametrize(
    "mac",
    [
        "02:60:8C:01:02:03",  # U/L bit set, though the block was once registered (3Com)
        "06:40:8C:01:02:03",
        "01:00:5E:00:00:01",  # IPv4 multicast
        "01:40:8C:01:02:03",
        "FF:FF:FF:FF:FF:FF",
    ],
)
def test_made_up_and_group_addresses_name_nobody(registry: MacRegistry, mac: str) -> None:
    assert registry.lookup(mac) is None


def test_an_unregistered_block_names_nobody(registry: MacRegistry) -> None:
    # Seen on Xiongmai boards, registered to nobody.
    assert registry.lookup("00:3E:0B:01:02:03") is None


def test_the_longest_block_decides() -> None:
    table = small(
        "001BC5\tIEEE Registration Authority",
        "001BC50\tTwenty-eight",
        "001BC5000\tThirty-six",
        "00408C\tAxis",
    )
    registry = parse_mac_registry(table, about(table))
    assert registry.lookup("00:1B:C5:00:01:02") == "Thirty-six"
    assert registry.lookup("00:1B:C5:01:01:02") == "Twenty-eight"
    assert registry.lookup("00:1B:C5:11:01:02") is None  # a divided block, this part not given out
    assert registry.lookup("00:40:8C:11:01:02") == "Axis"


def test_a_prefix_is_as_good_as_its_length() -> None:
    table = small(
        "001BC5\tIEEE Registration Authority",
        "001BC50\tTwenty-eight",
        "001BC5000\tThirty-six",
        "00408C\tAxis",
    )
    registry = parse_mac_registry(table, about(table))
    assert registry.lookup_prefix("00:40:8c") == "Axis"
    assert registry.lookup_prefix("00408C") == "Axis"
    assert registry.lookup_prefix("001BC5") is None
    assert registry.lookup_prefix("001BC50") == "Twenty-eight"
    assert registry.lookup_prefix("001BC5000") == "Thirty-six"
    assert registry.lookup_prefix("00408") is None


@pytest.mark.parametrize("kind", [pa.string(), pa.binary()])
def test_a_column_is_looked_up_value_by_value(registry: MacRegistry, kind: pa.DataType) -> None:
    texts = ["00:40:8C:01:02:03", None, "nonsense", "00:40:8C:01:02:03", "C0:56:E3:01:02:03"]
    wanted = [
        "Axis Communications AB",
        None,
        None,
        "Axis Communications AB",
        "Hangzhou Hikvision Digital Technology Co.,Ltd.",
    ]
    macs = pa.array(texts).cast(kind)
    assert registry.lookup_many(macs).to_pylist() == wanted
    assert registry.lookup_many(macs.dictionary_encode()).to_pylist() == wanted
    assert registry.lookup_many(pa.chunked_array([macs[:2], macs[2:]])).to_pylist() == wanted


def test_an_empty_column_is_an_empty_column(registry: MacRegistry) -> None:
    assert registry.lookup_many(pa.array([], pa.binary())).to_pylist() == []


@given(st.one_of(st.text(), st.binary()))
def test_any_text_is_answered(text: str | bytes) -> None:
    registry = load_mac_registry()
    assert registry.lookup(text) is None or isinstance(registry.lookup(text), str)


@given(st.binary(min_size=6, max_size=6))
def test_an_address_names_whom_its_whole_prefix_names(address: bytes) -> None:
    registry = load_mac_registry()
    assert registry.lookup(address.hex()) == registry.lookup_prefix(address.hex(":"))


# -------------------------------------------------------------------------- what it refuses


def test_a_changed_table_is_refused() -> None:
    said = about(small("00408C\tAxis"))
    with pytest.raises(PackError, match=r"registry\.tsv\.gz: its text has the SHA-256"):
        parse_mac_registry(small("00408C\tAxys"), said)


def test_a_table_of_another_length_is_refused() -> None:
    table = small("00408C\tAxis")
    with pytest.raises(PackError, match="1 blocks"):
        parse_mac_registry(table, about(table, blocks={"24": 2}))


@pytest.mark.parametrize("table", [b"", b"00408C\tAxis\n", small("00408C\tAxis")[:-9]])
def test_a_damaged_table_is_refused(table: bytes) -> None:
    with pytest.raises(PackError, match=r"registry\.tsv\.gz"):
        parse_mac_registry(table, about(small("00408C\tAxis")))


@pytest.mark.parametrize("said", [b"", b"{}", b"[]", about(small("00408C\tAxis"), extra=1)])
def test_a_damaged_description_is_refused(said: bytes) -> None:
    with pytest.raises(PackError, match=r"registry\.json"):
        parse_mac_registry(small("00408C\tAxis"), said)


# ------------------------------------------------------------------------------ what ships


def test_the_shipped_table_is_dated_and_complete(registry: MacRegistry) -> None:
    sizes = [len(prefix) for prefix in registry.organisations]
    assert registry.source == "oui-data 2.1.9"
    assert registry.published_on.isoformat() == "2026-08-26"
    assert {size: sizes.count(size) for size in set(sizes)} == {6: 40_010, 7: 6_565, 9: 7_155}
    assert list(registry.organisations) == sorted(registry.organisations)


def test_the_shipped_file_holds_no_time_or_name() -> None:
    header = (SHIPPED / "registry.tsv.gz").read_bytes()[:10]
    assert header[:3] == b"\x1f\x8b\x08"
    assert header[3:8] == bytes(5)  # RFC 1952, 2.3: no flags (so no file name), no MTIME
