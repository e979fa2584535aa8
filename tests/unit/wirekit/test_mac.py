"""One spelling of hardware addresses."""

from __future__ import annotations

import pytest

from camaudit.wirekit.mac import normalise_mac


@pytest.mark.parametrize(
    "text",
    [
        "58-50-ED-00-00-01",
        "58:50:ed:00:00:01",
        "5850ed000001",
        "58.50.ed.00.00.01",
        " 5850ED000001",
        "58:50:ed:0:0:1",
    ],
)
def test_every_usual_spelling_gives_the_same(text: str) -> None:
    assert normalise_mac(text) == "58:50:ed:00:00:01"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "58-50-ed-00-00",
        "58-50-ed-00-00-01-02",
        "gg:50:ed:00:00:01",
        "00-00-00-00-00-00",
        "0:0:0:0:0:0",
        "58:50:ed::0:1",
        "58-50-ed-0-0-1",
        "ff:ff:ff:ff:ff:ff",
        "58--50-ed-00-00-01",
    ],
)
def test_what_names_no_interface_is_left_out(text: str) -> None:
    assert normalise_mac(text) is None
