"""Header wording does not matter."""

from __future__ import annotations

import pytest

from camaudit.errors import SourceError
from camaudit.sources.importers.inventory.headers import PHRASES, WORDS
from camaudit.sources.tables.headers import HeaderWords, normal

MEANT = {
    "asset_id": ["Asset No.", "ASSET-ID", "asset_tag", "Camera ref", "#", "Inventarnummer"],
    "mac": ["MAC", "Mac Addr.", "macaddress", "Camera MAC address (LAN)", "Adresse MAC"],
    "ip": ["IP", "I.P. Address", "IPAddress", "Camera IP address", "IP-Adresse"],
    "site": ["Site", "SITE NAME", "Building", "Gebäude", "Bâtiment", "Safle"],
    "location": ["Location", "Camera location", "Where installed", "Emplacement"],
    "installed_on": ["Date installed", "Install date", "Inst. date", "Year of installation"],
    "invoiced_on": ["Purchase Date", "Invoice date", "Date d'achat"],
    "manufacturer": ["Make", "Mfr", "Manufacturer:", "Camera Brand", "Hersteller", "Fabricant"],
    "model": ["Model", "Model No", "Manufacturer's part number", "Modèle", "Modell"],
    "make_model": ["Make/Model", "Make & Model", "Brand and model", "Hersteller / Modell"],
    "serial": ["S/N", "s.n.", "Serial #", "SerialNumber", "Manufacturer's serial number"],
    "firmware": ["FW ver", "Firmware version"],
    "quantity": ["Qty", "No. of cameras", "Number of Cameras", "How many?", "Anzahl"],
    "supplier": ["Installed by", "Supplier", "Installer"],
    "text": ["Description", "Camera", "Notes", "Beschreibung"],
    "kind": ["Type", "Camera type", "Category"],
    "recorder": ["NVR", "DVR name", "Parent asset"],
    "networked": ["Networked?", "IP or analogue"],
}  # fmt: skip

CASES = [(header, word) for word, headers in MEANT.items() for header in headers]


@pytest.mark.parametrize(("header", "word"), CASES)
def test_what_a_header_means(header: str, word: str) -> None:
    match = WORDS.match(header)
    assert match is not None
    assert match.word == word


@pytest.mark.parametrize("header", ["Colour", "Risk rating", "Last cleaned", "", "x" * 500])
def test_a_header_that_means_nothing_here(header: str) -> None:
    assert WORDS.match(header) is None


def test_the_whole_header_is_surer_than_a_part() -> None:
    whole, part = WORDS.match("Model"), WORDS.match("Recorder model in rack two")
    assert whole is not None
    assert part is not None
    assert whole.score > part.score


def test_no_phrase_is_claimed_by_two_words() -> None:
    owners: dict[str, str] = {}
    for word, phrases in PHRASES.items():
        for phrase in phrases:
            plain = normal(phrase.removeprefix("=")).replace(" ", "")
            assert owners.setdefault(plain, word) == word, phrase
    assert len(owners) > 200


def test_a_mapping_takes_words_and_keys_and_refuses_others() -> None:
    words = HeaderWords({"ip": ("ip",)}, {"ip": "ip.address"})
    assert words.asked({" Addr ": "ip", "B": "ip.address", "C": "ignore"}) == {
        "addr": "ip",
        "b": "ip",
        "c": "ignore",
    }
    with pytest.raises(SourceError, match=r"'colour'.*use one of: ip, ignore"):
        words.asked({"X": "colour"})
