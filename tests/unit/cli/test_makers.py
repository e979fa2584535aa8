"""``camaudit makers``: readable also where there is much to tell, and the same as JSON."""

from __future__ import annotations

import json

from tests.cases.command import Camaudit


def plain(text: str) -> str:
    """Return what was printed without its line breaks."""
    return " ".join(text.split())


def test_the_list_holds_every_maker_and_is_the_default(camaudit: Camaudit) -> None:
    rows = [json.loads(line) for line in camaudit("makers", "list", "--json").out.splitlines()]
    assert {"hikvision", "lorex", "skywatch"} <= {row["id"] for row in rows}
    assert camaudit("makers", "--json").out == camaudit("makers", "list", "--json").out
    hikvision = next(row for row in rows if row["id"] == "hikvision")
    assert hikvision["makes_for"] >= 30


def test_a_search_by_an_old_name(camaudit: Camaudit) -> None:
    out = camaudit("makers", "list", "samsung techwin").out
    assert "hanwha" in out
    assert "hikvision" not in out
    assert "no name holds 'zzzz'" in camaudit("makers", "list", "zzzz").out


def test_lorex_on_both_sides_of_its_sale(camaudit: Camaudit) -> None:
    before = plain(camaudit("makers", "show", "Lorex", "--at", "2021-06-01").out)
    assert "a unit of that day was likely made by Dahua (0.95)" in before
    assert "Owner on record: Dahua." in before
    after = plain(camaudit("makers", "show", "Lorex", "--at", "2023-06-01").out)
    assert "cannot be told by this label alone" in after
    assert "Owner on record: Skywatch." in after
    assert "Lorex was owned by Dahua from February 2018 to 24 November 2022" in after
    assert "Attorney General of Texas" in after
    assert "owned by Skywatch, since 25 November 2022" in after


def test_a_maker_of_dozens_is_told_in_groups_unless_all_are_asked_for(camaudit: Camaudit) -> None:
    short = camaudit("makers", "show", "hikvision").out
    full = camaudit("makers", "show", "hikvision", "--all").out
    assert 2 * len(short.splitlines()) < len(full.splitlines())
    assert "Alibi is in part made by Hikvision" not in plain(short)
    assert "Alibi is in part made by Hikvision" in plain(full)
    assert "Alibi" in short


def test_what_is_shown_ends_no_line_with_a_space(camaudit: Camaudit) -> None:
    lines = camaudit("makers", "show", "lorex").out.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_card_as_json_holds_sentences_and_sources(camaudit: Camaudit) -> None:
    card = json.loads(camaudit("makers", "show", "luminys", "--json").out)
    [tie] = card["up"]
    assert (tie["to"], tie["tie"], tie["when"]) == ("dahua", "taken_over_from", "in January 2024")
    assert tie["sentence"].startswith("Luminys took over from Dahua in January 2024")
    assert tie["url"].startswith("https://")
    assert card["producer"] is None


def test_a_path_in_words_and_as_json(camaudit: Camaudit) -> None:
    out = plain(camaudit("makers", "path", "2N", "Canon").out)
    assert out.startswith("2N - Axis - Canon 2N is owned by Axis since June 2016")
    found = json.loads(camaudit("makers", "path", "pelco", "avigilon", "--json").out)
    assert found["chain"] == ["pelco", "motorola-solutions", "avigilon"]
    none = camaudit("makers", "path", "pelco", "avigilon", "--at", "2010-01-01").out
    assert "No chain of ties joins Pelco and Avigilon by ties that held on 1 January 2010" in plain(
        none
    )
