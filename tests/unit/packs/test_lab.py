"""Persona files: read strictly, and each honest about what it is."""

from __future__ import annotations

import re

import pytest

from camaudit.errors import PackError
from camaudit.packs.lab import load_personas, parse_personas
from camaudit.packs.mac_registry import load_mac_registry

GOOD = b"""# Pretend.
id: one
title: A camera
pretend: true
truth: {maker: axis, brand: Axis, kind: camera, model: P1}
mac: "ac:cc:8e"
values: {word: text}
doors:
  - port: 80
    answers:
      - {starts: "GET / ", reply: {text: "${word} ${mac}"}}
"""


def test_a_persona_is_read() -> None:
    (persona,) = parse_personas({"one.yaml": GOOD}, {}).personas
    assert persona.truth.kind == "camera"
    assert persona.door(80) is persona.doors[0]
    assert persona.door(81) is None


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (b"pretend: true", b"pretend: false", "pretend"),
        (b"pretend: true\n", b"", "pretend"),
        (b"kind: camera", b"kind: kamera", "kind"),
        (b"${mac}", b"${mak}", "mak"),
        (b"id: one", b"id: two", "two.yaml"),
        (b'{text: "${word} ${mac}"}', b"{file: none.txt}", "none.txt"),
        (b'{text: "${word} ${mac}"}', b"{}", "reply"),
        (b'{text: "${word} ${mac}"}', b"{text: a, to: port}", "to_port"),
        (b"starts:", b"tags: [loud], starts:", "loud"),
        (b'mac: "ac:cc:8e"', b'mac: "accc8e"', "mac"),
        (b"port: 80", b"port: 0", "port"),
    ],
)
def test_a_slip_is_refused_with_its_place(was: bytes, becomes: bytes, said: str) -> None:
    assert was in GOOD
    with pytest.raises(PackError, match=re.escape(said)) as refused:
        parse_personas({"one.yaml": GOOD.replace(was, becomes)}, {})
    assert "personas/one.yaml" in str(refused.value)


def test_those_that_ship_are_many_and_different() -> None:
    personas = load_personas().personas
    quiet = [each for each in personas if not each.hostile]
    cameras = [each for each in quiet if each.truth.kind in ("camera", "recorder")]
    assert len(quiet) >= 30
    assert len(cameras) >= 24
    assert len(quiet) - len(cameras) >= 6
    assert len({each.only for each in cameras if each.only}) >= 16
    assert len(personas) - len(quiet) >= 12


def test_hardware_addresses_begin_with_registered_blocks() -> None:
    registry = load_mac_registry()
    unregistered = {
        each.id
        for each in load_personas().personas
        if not each.hostile and registry.lookup(f"{each.mac}:00:00:01") is None
    }
    assert unregistered == set()


def test_hostile_ones_have_addresses_of_nobody() -> None:
    registry = load_mac_registry()
    for each in load_personas().personas:
        if each.hostile:
            assert registry.lookup(f"{each.mac}:00:00:01") is None
