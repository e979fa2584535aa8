"""camaudit.packs.name_signatures: what a name gives, tried on every name that ships."""

from __future__ import annotations

import re

import pytest

from camaudit.packs.load import maker_packs
from camaudit.packs.name_signatures import NameSignature, NameUse, name_signatures
from tests.small_packs import files


def found(pattern: str, text: str) -> re.Match[bytes] | None:
    return re.search(pattern.encode(), text.encode())


def derived(use: NameUse, *names: str) -> dict[str, NameSignature]:
    return {each.suffix: each for each in name_signatures(names, use)}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Swann", ["SWANN", "swann", " Swann ", "Swann Ltd", "Swann Technologies Co., Ltd."]),
        ("ActiveCam", ["Active Cam", "active-cam", "ACTIVECAM"]),
        ("CP PLUS", ["CP-Plus", "cp_plus", "CPPLUS"]),
        ("Q-See", ["QSee", "Q See", "Q-See."]),
        ("L.T.S", ["L.T.S.", "LTS"]),
        ("Nelly's", ["Nellys", "NELLY'S"]),
        ("Aditya Infotech Ltd.", ["Aditya Infotech", "Aditya Infotech Limited"]),
        ("iTooner", ["ITOONER"]),
        ("萤石", ["萤石"]),
        ("A+B", ["a+b"]),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_joined(name: str, written: list[str]) -> None:
    pattern = derived(NameUse.ANYWHERE, name)["name"].pattern
    for text in [name, *written]:
        assert found(pattern, text), text
    for text in [f"Not {name}", f"{name}x", f"{name} compatible", f"{name} replaced 2023", ""]:
        assert not found(pattern, text), text


def test_a_model_number_is_read_after_a_name_and_holds_a_digit() -> None:
    pattern = derived(NameUse.ANYWHERE, "Swann", "Swann Security")["name-model"].pattern
    for text in ("Swann AB-1234C", "SWANN_AB-1234C", "swann%20AB-1234C", "Swann Security/AB-1234C"):
        match = found(pattern, text)
        assert match, text
        assert match["model"] == b"AB-1234C"
    for text in ("Swann", "Swann compatible", "AB-1234C", "Swannx AB-1234C"):
        assert not found(pattern, text), text


def test_free_text_must_consist_of_the_name_and_words_for_a_device() -> None:
    pattern = derived(NameUse.ANYWHERE, "Swann")["text"].pattern
    for text in ("Swann", "Swann dome", "Swann 4MP dome camera", "SWANN NVRs x 3"):
        assert found(pattern, text), text
    for text in ("Swann bracket", "replaced Swann camera", "Swann camera bracket", "Swann Road"):
        assert not found(pattern, text), text


def test_makers_of_other_goods_are_believed_where_text_names_a_device() -> None:
    pattern = derived(NameUse.WITH_DEVICE, "Swann")["text"].pattern
    assert found(pattern, "Swann dome camera")
    assert not found(pattern, "Swann")
    assert not found(pattern, "Swann dome")


def test_an_ordinary_word_counts_only_as_all_that_a_manufacturer_field_says() -> None:
    only = derived(NameUse.EXACT, "Capture")
    assert list(only) == ["name"]
    assert (only["name"].fields, only["name"].weight) == ("@manufacturer", "moderate")
    assert found(only["name"].pattern, "CAPTURE")
    assert not found(only["name"].pattern, "Capture AB-1234C")


def test_the_sieve_lets_through_whatever_the_pattern_fits() -> None:
    """It is the start of the pattern, complete in itself."""
    for use in NameUse:
        for each in name_signatures(("Swann", "KT&C"), use):
            assert each.pattern.startswith(each.sieve)
            for text in ("Swann", " KT&C", "KT&C AB-1", "swann dome camera"):
                assert not found(each.pattern, text) or found(each.sieve, text)


def test_names_of_a_file_that_says_more_give_nothing() -> None:
    assert name_signatures(("Swann",), NameUse.OWN) == ()


def test_every_shipped_name_is_found_and_nothing_near_it() -> None:
    """The proof of the derived signatures, which stand in no file with examples of their own."""
    packs = maker_packs(files())
    shipped = {(each.maker, each.pattern) for each in packs.signatures}
    endings = {"name": "", "name-model": " AB-1234C", "text": " 4MP dome camera"}
    tried = 0
    for maker in packs.makers:
        for each in (one for use in NameUse for one in name_signatures(maker.names, use)):
            if (maker.id, each.pattern) not in shipped:
                continue
            for name in maker.names:
                plain = re.sub(r"([ ,.]+(Co|Ltd|Inc|Corp))+\.?$", "", name)
                text = plain + endings[each.suffix]
                assert found(each.pattern, text), (maker.id, text)
                for near in (f"Not {text}", f"{text} bracket"):
                    assert not found(each.pattern, near), (maker.id, near)
                tried += 1
    assert tried >= 250


@pytest.mark.parametrize("use", [each for each in NameUse if each is not NameUse.OWN])
@pytest.mark.parametrize("again", [" inc.", " ", ".", "1", "()", " 4k", " co corp"])
def test_no_text_keeps_a_derived_pattern_busy(use: NameUse, again: str) -> None:
    """A pattern with two ways to divide a text would run into the limit of the test run."""
    for each in name_signatures(("Example Cam",), use):
        assert re.search(each.pattern, "Example Cam" + again * 4000 + " !") is None
