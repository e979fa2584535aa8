"""What a line of an order asks for: the things, and what each of them is."""

from __future__ import annotations

import time
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.app.order_items import MAX_ITEMS, MAX_TEXT, items_of
from camaudit.model.orders import Function, OrderLine
from tests.order_line_table import ENGLISH, FRENCH, GERMAN, Row

EQUIPMENT, ACCESSORY, SERVICE = Function.EQUIPMENT, Function.ACCESSORY, Function.SERVICE
STORAGE, SOFTWARE, UNKNOWN = Function.STORAGE, Function.SOFTWARE, Function.UNKNOWN


def line(description: str, **more: str) -> OrderLine:
    return OrderLine(line="1", position="row 2", description=description, **more)


def functions(description: str) -> list[Function]:
    return [item.function for item in items_of(line(description))]


#: Decided by what the words mean, as they stand in tenders and quotes.
LINES = [
    ("hard disk 8TB", [STORAGE]),
    ("Seagate SkyHawk 4TB", [STORAGE]),
    ("WD Purple 6 TB surveillance hard drive", [STORAGE]),
    ("microSD card 128GB for camera", [STORAGE]),
    ("Festplatte 4 TB", [STORAGE]),
    ("annual maintenance", [SERVICE]),
    ("Maintenance of 12 Dahua cameras", [SERVICE]),
    ("Installation and commissioning of CCTV system", [SERVICE]),
    ("Wartung der Kameras, jährlich", [SERVICE]),
    ("Extended warranty 3 years for NVR", [SERVICE]),
    ("Cloud subscription, 1 year", [SERVICE]),
    ("Delivery", [SERVICE]),
    ("Training for operators", [SERVICE]),
    ("network camera licence", [SOFTWARE]),
    ("Milestone XProtect Professional+ device licence", [SOFTWARE]),
    ("VMS software, 16 channels", [SOFTWARE]),
    ("Kameralizenz", [SOFTWARE]),
    ("wall bracket for Hikvision DS-2CD2143", [ACCESSORY]),
    ("Hikvision DS-1273ZJ-140 bracket", [ACCESSORY]),
    ("junction box", [ACCESSORY]),
    ("camera mount", [ACCESSORY]),
    ("Power supply 12 V 2 A for camera", [ACCESSORY]),
    ("PoE injector 30 W", [ACCESSORY]),
    ("Cat6 cable, 305 m", [ACCESSORY]),
    ("27 inch monitor", [ACCESSORY]),
    ("Wandhalterung", [ACCESSORY]),
    ("Support mural pour caméra", [ACCESSORY]),
    ("4MP dome camera", [EQUIPMENT]),
    ("4MP dome camera, wall mount, IR 30 m", [EQUIPMENT]),
    ("Network camera for outdoor use", [EQUIPMENT]),
    ("NVR 8ch 2TB", [EQUIPMENT]),
    ("16 channel NVR", [EQUIPMENT]),
    ("Body worn camera", [EQUIPMENT]),
    ("8 port PoE switch", [EQUIPMENT]),
    ("Handheld radio", [EQUIPMENT]),
    ("VMAX A1 Plus recorder", [EQUIPMENT]),
    ("NVR plus 4 cameras", [EQUIPMENT, EQUIPMENT]),
    ("Alarm.com ADC-V724X outdoor camera", [EQUIPMENT]),
    ("Video door station", [EQUIPMENT]),
    ("Netzwerkkamera 5 MP", [EQUIPMENT]),
    ("Caméra dôme 4 MP", [EQUIPMENT]),
    ("DS-2CD2143G2-I", [UNKNOWN]),
    ("Axis P3245-V", [UNKNOWN]),
    ("camera incl. bracket", [EQUIPMENT, ACCESSORY]),
    ("8 channel NVR + 8 turret cameras", [EQUIPMENT, EQUIPMENT]),
    ("NVR kit with 4 x IPC-T221H cameras and 2TB HDD", [EQUIPMENT, EQUIPMENT, STORAGE]),
    ("Kit consisting of: 1x NVR-104MH-C; 4x IPC-T221H turret", [EQUIPMENT, EQUIPMENT]),
    ("Installation of 4 cameras incl. cabling", [SERVICE, ACCESSORY]),
    ("Netzwerkkamera mit Wandhalterung", [EQUIPMENT, ACCESSORY]),
    ("laptop", [Function.OTHER]),
]  # fmt: skip


@pytest.mark.parametrize("row", [*ENGLISH, *GERMAN, *FRENCH], ids=lambda row: row[0])
def test_a_line_asks_for_what_a_person_reads_in_it(row: Row) -> None:
    text, *expected = row
    found = items_of(line(text))
    if any(": " in each for each in expected):
        assert [f"{each.function}: {each.text}" for each in found] == expected
    else:
        assert [each.function.value for each in found] == expected


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_words_say_what_a_thing_is(text: str, expected: list[Function]) -> None:
    assert functions(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Axis P3245-V or equal", True),
        ("Dome camera or approved equivalent", True),
        ("Kamera oder gleichwertig", True),
        ("caméra ou équivalent", True),
        ("Equal opportunities training", False),
        ("Axis P3245-V", False),
    ],
)
def test_what_may_be_replaced_is_marked(text: str, *, expected: bool) -> None:
    assert all(item.or_equal is expected for item in items_of(line(text)))


def test_brand_and_model_are_those_of_the_first_thing() -> None:
    found = items_of(line("NVR + 4 turret cameras", brand="Acme", model="N-8"))
    assert [(each.brand, each.model) for each in found] == [("Acme", "N-8"), (None, None)]


def test_a_line_of_one_thing_has_the_columns_of_the_line() -> None:
    (found,) = items_of(line("dome camera, 4 MP", brand="Acme", model="N-8"))
    assert (found.text, found.brand, found.model) == ("dome camera, 4 MP", "Acme", "N-8")


@pytest.mark.parametrize(
    "phrase",
    [
        "or equal", "or equivalent", "or similar approved", "or approved equal", "or similar",
        "or equal and approved", "OR EQUIVALENT APPROVED", "or equiv.", "and/or equivalent",
        "(or equal)", "oder gleichwertig", "oder gleichwertiger Art", "od. glw.", "o. glw.",
        "ou équivalent", "ou similaire", "ou techniquement équivalent",
    ],
)  # fmt: skip
def test_or_equal_is_marked_and_taken_out(phrase: str) -> None:
    (found,) = items_of(line(f"Acme N-8 dome camera {phrase}, white"))
    assert found.or_equal
    assert found.text == "Acme N-8 dome camera, white"
    assert found.function is EQUIPMENT


def test_what_is_equivalent_to_a_name_is_not_that_name() -> None:
    (found,) = items_of(line("Dome camera equivalent to Acme N-8"))
    assert found.or_equal
    assert "equivalent to" in found.text  # the text itself says that the name is none


@pytest.mark.parametrize("text", ["equal pan and tilt speed", "similar", "or", "gleichwertig"])
def test_a_word_alone_does_not_mark(text: str) -> None:
    assert not items_of(line(text))[0].or_equal


_SOME: Final = (
    "camera NVR 4 x 4x bracket for of with incl. and + , ; / ( ) : - . no excl. supply qty w/ c/w "
    "installation maintenance lens 2.8mm 8TB HDD licence kit DS-2CD2143G2-I or equal not included "
    "Kamera mit Halterung caméra avec disque dur \N{BULLET} & IPC(WD) \N{MULTIPLICATION SIGN}"
)
WORDS = st.sampled_from(["\n", *_SOME.split()])


@given(st.text(max_size=300) | st.lists(WORDS, max_size=60).map(" ".join))
def test_any_text_gives_things_within_bounds(text: str) -> None:
    found = items_of(line(text))
    assert 1 <= len(found) <= MAX_ITEMS
    assert found == items_of(line(text))
    assert len({each.or_equal for each in found}) == 1


@given(st.lists(WORDS.filter(lambda word: word not in {"or", "equal"}), max_size=60))
def test_items_are_stretches_of_the_line_in_order(words: list[str]) -> None:
    text, at = " ".join(words), 0
    for each in items_of(line(text)):
        at = text.index(each.text, at) + len(each.text)


@given(st.sampled_from(["DS-2CD2143G2-I", "IPC-HFW2831S-S-S2", "P3245-LVE", "XNV-8080R"]),
       st.integers(1, 99))  # fmt: skip
def test_a_model_alone_is_never_called_anything(model: str, count: int) -> None:
    for text in (model, f"{count} x {model}", f"{count}x{model}", f"{model}, 2.8mm lens, IR"):
        assert functions(text) == [UNKNOWN]


def test_a_long_list_is_bounded_and_what_is_left_is_unknown() -> None:
    found = items_of(line("camera; " * 5_000))
    assert len(found) == MAX_ITEMS
    assert found[0].function is EQUIPMENT
    # what was not taken apart may be anything
    assert found[-2].function is UNKNOWN
    assert found[-1].function is UNKNOWN


def test_what_is_not_looked_at_is_an_item_of_its_own() -> None:
    found = items_of(line("dome camera " + "white " * MAX_TEXT + "NVR"))
    assert [each.function for each in found] == [EQUIPMENT, UNKNOWN]


@pytest.mark.parametrize(
    "piece",
    ["supply ", "supply, ", "of ", "(", "+", "1 x ", "a-", "1.1", "4x", "w/", "no ", "x", "or "],
)
def test_no_text_takes_long(piece: str) -> None:
    """The walk is linear: a text as long as any takes a fraction of a second."""
    started = time.perf_counter()
    items_of(line(piece * (MAX_TEXT // len(piece))))
    assert time.perf_counter() - started < 5
