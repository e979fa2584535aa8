"""scripts/renew_mac_registry.py: what it takes from the package, and what stops it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from camaudit.packs.mac_registry import parse_mac_registry
from scripts import renew_mac_registry as renew


def test_a_name_is_the_first_line_folded() -> None:
    assert renew.clean_name("Axis  Communications\tAB \nEmdalavagen 14\nLUND") == (
        "Axis Communications AB"
    )


def test_invisible_characters_go() -> None:
    assert renew.clean_name("\u200bACME\ufeff") == "ACME"


def test_letters_are_composed() -> None:
    assert renew.clean_name("Geutebru\u0308ck GmbH") == "Geutebrück GmbH"


@pytest.mark.parametrize("entry", ["", "\nLUND", " \t\n", "A" * 251, "A\x00B", "A\x1bB"])
def test_what_is_no_name_stops_it(entry: str) -> None:
    with pytest.raises(renew.RegistryError):
        renew.clean_name(entry)


@pytest.mark.parametrize(
    "content",
    [
        '{"00408C": "Axis", "00408C": "Axis"}',
        '{"00408c": "Axis"}',
        '{"00408": "Axis"}',
        '{"00408C01": "Axis"}',
        '{"00408G": "Axis"}',
        '{"00408C": 1}',
        '"00408C"',
    ],
)
def test_an_unexpected_index_stops_it(content: str) -> None:
    with pytest.raises(renew.RegistryError):
        renew.parse_registry(content.encode())


def test_prefixes_are_sorted() -> None:
    content = '{"ACCC8E": "B", "00408C": "A", "001BC5000": "C", "001BC50": "D"}'
    assert list(renew.parse_registry(content.encode())) == [
        "001BC50",
        "001BC5000",
        "00408C",
        "ACCC8E",
    ]


def test_a_registry_that_shrank_stops_it() -> None:
    with pytest.raises(renew.RegistryError, match="1 blocks of 24 bits; expected"):
        renew.check_counts({"00408C": "Axis"})


def test_what_is_written_is_read_back_and_is_the_same_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renew, "EXPECTED", {6: (1, 9), 7: (1, 9), 9: (1, 9)})
    registry = {"001BC50": "B", "001BC5000": "Ü", "00408C": "A"}
    renew.write(registry, "9.9.9", "2026-01-02", tmp_path / "one")
    renew.write(registry, "9.9.9", "2026-01-02", tmp_path / "two")
    files = [(tmp_path / each / "registry.tsv.gz").read_bytes() for each in ("one", "two")]
    about = (tmp_path / "one" / "registry.json").read_bytes()
    assert files[0] == files[1]
    assert json.loads(about)["blocks"] == {"24": 1, "28": 1, "36": 1}
    read = parse_mac_registry(files[0], about)
    assert read.organisations == registry
    assert read.published_on == date(2026, 1, 2)
