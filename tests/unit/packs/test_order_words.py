"""The words of order lines: read strictly, and found in the singular and the plural."""

from __future__ import annotations

from importlib import resources

import pytest

from camaudit.errors import PackError
from camaudit.model.orders import Function
from camaudit.packs.order_words import NOTHING, order_words, plain, read_order_words, stem

SHIPPED = (resources.files("camaudit.data") / "vocab" / "order_words.yaml").read_text("utf-8")


def function(*words: str) -> Function | None:
    count, entry = order_words().find(words, 0)
    return entry.thing.function if entry.thing and count == len(words) else None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["camera"], Function.EQUIPMENT),
        (["cameras"], Function.EQUIPMENT),
        (["switches"], Function.EQUIPMENT),
        (["junction", "boxes"], Function.ACCESSORY),
        (["batteries"], Function.ACCESSORY),
        (["power", "supplies"], Function.ACCESSORY),
        (["hard", "disks"], Function.STORAGE),
        (["disques", "durs"], Function.STORAGE),
        (["netzwerkkamera"], Function.EQUIPMENT),
        (["kamerahalterung"], Function.ACCESSORY),
        (["kameralizenzen"], Function.SOFTWARE),
        (["wartungspauschale"], Function.SERVICE),
        (["acme"], None),
    ],
)
def test_words_are_found(words: list[str], expected: Function | None) -> None:
    assert function(*words) == expected


def test_the_longest_entry_wins() -> None:
    count, entry = order_words().find(["power", "supply", "supply"], 0)
    assert (count, entry.thing and entry.thing.function) == (2, Function.ACCESSORY)


def test_what_is_no_word_says_nothing() -> None:
    assert order_words().find(["zzz"], 0) == (1, NOTHING)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("cameras", "camera"), ("boxes", "box"), ("bus", "bus"), ("ups", "ups"), ("glass", "glas")],
)
def test_a_stem_is_the_word_without_its_plural(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_case_and_accents_do_not_count() -> None:
    assert plain("Überwachung") == "uberwachung"
    assert plain("DÔME") == "dome"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("function: storage", "function: camera", "'camera' is none of"),
        ("      - hard disk\n", "      - hard disk\n      - nvr\n", "stands among recorder too"),
        ("  too:\n", "  tooo:\n", "must hold exactly"),
        ("weak: true", "weak: yes", "valid boolean"),
        ("plain:\n", "plane:\n", "there is no such field"),
    ],
)
def test_a_fault_is_refused_with_its_place(old: str, new: str, message: str) -> None:
    assert old in SHIPPED
    with pytest.raises(PackError, match=message) as error:
        read_order_words(SHIPPED.replace(old, new, 1).encode())
    assert error.value.file == "vocab/order_words.yaml"
    assert error.value.line > 0
