"""The rules that give a string another unit's numbers change those, and nothing else."""

from __future__ import annotations

import math
import re

import pytest

from tests.bench.attribution.measure import wilson
from tests.bench.attribution.mutate import mutate

CASES = {
    "MAC with colons": ("MAC/58:50:ed:1f:e3:85", r"MAC/58:50:ed(:[0-9a-f]{2}){3}"),
    "MAC with dashes": ("<MAC>AC-CB-51-7B-0B-54</MAC>", r"<MAC>AC-CB-51(-[0-9A-F]{2}){3}</MAC>"),
    "MAC without marks": ('realm="AXIS_ACCC8EB3494E"', r'realm="AXIS_ACCC8E[0-9A-F]{6}"'),
    "Hikvision serial": (
        "DS-2CD2385G1-I20200414AAWRE33842150",
        r"DS-2CD2385G1-I20\d\d(0[1-9]|1[0-2])([01]\d|2[0-8])AAWR[A-Z]\d{8}",
    ),
    "Dahua serial": (
        'realm="Login to 4H01D66PAJ2FA64"',
        r'realm="Login to \d[A-Z]\d\d[A-Z]\d\dPA[A-Z]\d[A-Z]{2}\d\d"',
    ),
    "Uniview serial": ("210235UEDW3247000013", r"2102\d\d[A-Z]{4}\d{10}"),
    "Bosch serial": ("BOSCH-404754734001050102", r"BOSCH-\d{18}"),
    "realm code": ('realm="IP Camera(D2959)"', r'realm="IP Camera\([A-Z]\d{4}\)"'),
    "nonce": ('nonce="c9f3698b"', r'nonce="[0-9a-f]{8}"'),
    "build date": ("V5.6.2build 190701", r"V5\.\d\.\dbuild (18|20)\d{4}"),
    "month by name": (
        "4.47 (Mar 13 2008) ready",
        r"4\.\d\d \([A-Z][a-z]{2} \d\d 20(07|09)\) ready",
    ),
    "version": ("uc-httpd 1.0.0", r"uc-httpd 1\.\d\.\d"),
}
KEPT = (
    "1.3.6.1.4.1.39165.1.1.0",
    "-1616143106",
    "d9526978908979fa5018db0bcc762aa0",
    "onvif://www.onvif.org/hardware/DS-TCG406-E",
    "http://www.onvif.org/ver20/ptz/wsdl",
    "192.0.0.64 login:",
    "DCS-5222LB1",
    "WV-NS954 Network Camera",
    "NVR, 4MP",
)


@pytest.mark.parametrize(("text", "form"), CASES.values(), ids=CASES)
def test_another_of_the_same_form(text: str, form: str) -> None:
    changed = mutate(text)
    assert changed != text
    assert re.fullmatch(form, changed), changed
    assert mutate(text) == changed


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_number_of_a_unit_stays(text: str) -> None:
    assert mutate(text) == text


def test_one_value_changes_alike_wherever_it_stands() -> None:
    first, second = (
        mutate("SN 6J0E022PAG35073 and 6J0E022PAG35073").removeprefix("SN ").split(" and ")
    )
    assert first == second


def test_wilson_interval_against_a_worked_case() -> None:
    # Brown, Cai and DasGupta 2001: 95 % interval of 0 of 10 ends at z2 / (n + z2).
    low, high = wilson(0, 10)
    assert low == 0.0
    assert math.isclose(high, 1.959964**2 / (10 + 1.959964**2), rel_tol=1e-9)
    assert wilson(0, 0) == (0.0, 1.0)
