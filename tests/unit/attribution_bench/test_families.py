"""Six families of makers are found in what their devices say, and in nothing that resembles it."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from camaudit.app.packset import load_packs
from camaudit.packs.mac_registry import load_mac_registry
from tests.bench.attribution.families import NAMES, Finding, findings, summary


@pytest.fixture(scope="module")
def found() -> list[Finding]:
    return findings()


def test_the_list_is_as_large_and_varied_as_promised(found: list[Finding]) -> None:
    rows = [one.answer.row for one in found]
    counted = Counter((row.protocol, row.field, row.value) for row in rows)
    assert [key for key, count in counted.items() if count > 1] == []
    assert sum(row.maker is not None for row in rows) >= 600
    assert sum(row.maker is None for row in rows) >= 200
    assert len({(row.protocol, row.field) for row in rows}) >= 60
    assert {row.maker for row in rows if not row.near_miss} == NAMES
    assert all(one.source for one in found)


@pytest.mark.parametrize("family", sorted(NAMES))
def test_95_of_100_strings_of_a_family_are_found(found: list[Finding], family: str) -> None:
    mine = [one for one in found if one.answer.row.maker == family]
    assert sum(one.right for one in mine) >= 0.95 * len(mine), summary(mine)


def test_the_kind_is_right_for_95_of_100_that_tell_it(found: list[Finding]) -> None:
    told = [one for one in found if one.answer.row.kind is not None]
    assert sum(one.kind_right for one in told) >= 0.95 * len(told), summary(told)


def test_no_near_miss_is_taken_for_one_of_them(found: list[Finding]) -> None:
    assert [one for one in found if one.answer.row.maker is None and not one.right] == []


def test_a_cloud_host_never_says_who_made_the_device(found: list[Finding]) -> None:
    clouds = [one for one in found if one.aspect == "cloud"]
    assert len(clouds) >= 20
    assert [one for one in clouds if one.answer.line.maker is not None] == []


@pytest.mark.parametrize(
    ("signature", "owner"), [("hikvision-mac-told", "Hikvision"), ("uniview-mac-told", "Uniview")]
)
def test_prefixes_written_in_a_pattern_are_registered_to_nobody_else(
    signature: str, owner: str
) -> None:
    packs, registry = load_packs(), load_mac_registry()
    pattern = next(each.pattern for each in packs.makers.signatures if each.id == signature)
    prefixes = re.findall(r"(?<=[:|])[0-9a-f]{6}(?=[|)])", pattern)
    assert len(prefixes) >= 5
    # the shipped registry may be older than a prefix
    registered = [name for each in prefixes if (name := registry.lookup_prefix(each))]
    assert len(registered) >= 0.75 * len(prefixes)
    assert [name for name in registered if owner not in name] == []
