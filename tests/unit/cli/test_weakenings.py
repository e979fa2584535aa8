"""Makers of one's own that make a shipped policy ask less are named before anything is judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from camaudit.app.packset import PackSet, load_packs
from camaudit.cli.weakenings import warn_replaced
from camaudit.model.packs import Maker
from camaudit.model.words import TieKind


def with_own(own: Maker) -> PackSet:
    """Return the packs that ship, with one maker as an overlay would replace it."""
    shipped = load_packs()
    name = f"makers/{own.id}.yaml"
    places = shipped.files.places | {name: f"ours/{name}"}
    makers = tuple(own if each.id == own.id else each for each in shipped.makers.makers)
    return PackSet(
        replace(shipped.files, places=places),
        replace(shipped.makers, makers=makers),
        shipped.index,
    )


def shipped_maker(name: str) -> Maker:
    return next(each for each in load_packs().makers.makers if each.id == name)


def test_a_brand_that_is_no_longer_made_by_a_covered_maker(
    capsys: pytest.CaptureFixture[str],
) -> None:
    annke = shipped_maker("annke")
    assert any((t.to, t.tie) == ("hikvision", TieKind.MADE_BY) for t in annke.ties)
    warn_replaced(with_own(replace(annke, ties=())))
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("warning: makers that are not the shipped ones weaken policies")
    (line,) = (each for each in said if "made by hikvision" in each)
    assert {"uk-2022-statement", "us-889-part-a"} <= set(line.strip().partition(":")[0].split(", "))


def test_a_maker_that_is_incorporated_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """The statement asks for that; section 889 names Hikvision and does not."""
    warn_replaced(with_own(replace(shipped_maker("hikvision"), jurisdiction="SE", ties=())))
    lines = [each for each in capsys.readouterr().err.splitlines() if "covers hikvision" in each]
    assert any("uk-2022-statement" in each for each in lines)
    assert not any("us-889" in each for each in lines)


def test_what_says_the_same_or_ships_is_not_named(capsys: pytest.CaptureFixture[str]) -> None:
    warn_replaced(with_own(replace(shipped_maker("annke"), names=("Another name",))))
    warn_replaced(load_packs())
    assert capsys.readouterr().err == ""
