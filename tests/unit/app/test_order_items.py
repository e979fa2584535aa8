"""What a line of an order asks for: the things, and what each of them is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.app.order_items import MAX_ITEMS, items_of
from camaudit.model.orders import Function, OrderLine

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


@given(st.text(max_size=300))
def test_any_text_gives_things_within_bounds(text: str) -> None:
    found = items_of(line(text))
    assert 1 <= len(found) <= MAX_ITEMS


def test_a_long_list_is_bounded() -> None:
    assert len(items_of(line("camera; " * 5_000))) <= MAX_ITEMS
