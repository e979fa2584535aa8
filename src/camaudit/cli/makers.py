"""``camaudit makers``: who makes for whom, who owns whom, from when to when, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from rich.tree import Tree

from camaudit.app import clock
from camaudit.app.makers import MakerCard, MakerPath, MakerRow, Makers
from camaudit.app.packset import load_packs
from camaudit.app.ties import sentence
from camaudit.model.snapshot import TieLine
from camaudit.reports.phrases import on_day

from .groups import ListByDefault
from .options import Day, overlay_option
from .terminal import print_json, screen

#: More of a kind are told as names alone, unless ``--all`` asks for each.
MOST_TOLD: Final = 8
#: (what it is from the one that has the tie, and from the other's side)
_WORDS: Final = {
    "made_by": ("made by", "makes"),
    "owned_by": ("owned by", "owns"),
    "silicon_by": ("uses chips of", "supplies chips to"),
    "taken_over_from": ("took over from", "handed over to"),
}
_KINDS: Final = {
    "brand": "a brand",
    "manufacturer": "a manufacturer",
    "component_maker": "a maker of components",
    "owner": "an owner of makers",
}
#: Only a tie of making has one that matters to a reader.
_FIRMNESS: Final = ("", "firm", "mixed", "past", "listed")
_STANDING: Final = {"holds": "", "ended": "ended", "not_yet": "not yet"}

_at_option = click.option("--at", type=Day(), help="As it stood on that day. [default: today]")
_json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON Lines.")


@click.group(
    "makers",
    cls=ListByDefault,
    epilog="""\b
Examples:
  camaudit makers
  camaudit makers list samsung
  camaudit makers show Lorex --at 2021-06-01
  camaudit makers path Luminys Hikvision""",
)
def makers_command() -> None:
    """Look up who makes a brand, who owned it when, and who says so."""


@makers_command.command(
    "list",
    epilog="""\b
Examples:
  camaudit makers list
  camaudit makers list 'samsung techwin'
  camaudit makers list --json""",
)
@click.argument("text", required=False)
@_at_option
@_json_option
@overlay_option
def makers_list(
    text: str | None, at: date | None, *, as_json: bool, overlays: tuple[Path, ...]
) -> None:
    """List makers and brands, or those with TEXT in any of their names."""
    rows = _makers(overlays).rows(text, at)
    if as_json:
        print_json(asdict(row) for row in rows)
        return
    if not rows:
        click.echo(f"no name holds {text!r}; `camaudit makers` lists all")
        return
    maker = Column("Maker", no_wrap=True)
    table = Table(maker, "Also", "Kind", "In", "Signatures", "Made by", "Owned by", "Makes for")
    for row in rows:
        table.add_row(*map(Text, _cells(row)))
    screen().print(table)


@makers_command.command(
    "show",
    epilog="""\b
Examples:
  camaudit makers show Lorex
  camaudit makers show 'Samsung Techwin' --at 2014-01-01
  camaudit makers show hikvision --all""",
)
@click.argument("name")
@_at_option
@click.option("--all", "tell_all", is_flag=True, help="Tell every tie in a sentence of its own.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@overlay_option
def makers_show(
    name: str, at: date | None, *, tell_all: bool, as_json: bool, overlays: tuple[Path, ...]
) -> None:
    """Show who makes and owns the maker of this NAME, and whom it makes for."""
    card = _makers(overlays).card(name, at)
    if as_json:
        print_json([_card_object(card)])
    else:
        _print_card(screen(), card, tell_all=tell_all)


@makers_command.command(
    "path",
    epilog="""\b
Examples:
  camaudit makers path 2N Canon
  camaudit makers path Lorex Dahua --at 2023-06-01""",
)
@click.argument("one")
@click.argument("other")
@click.option("--at", type=Day(), help="By ties that held on that day. [default: of any day]")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
@overlay_option
def makers_path(
    one: str, other: str, at: date | None, *, as_json: bool, overlays: tuple[Path, ...]
) -> None:
    """Say how two are tied, by the shortest chain of ties."""
    found = _makers(overlays).path(one, other, at)
    if as_json:
        steps = [[_tie_object(line) for line in step] for step in found.steps]
        print_json([asdict(found) | {"steps": steps}])
    else:
        _print_path(screen(), found)


def _makers(overlays: tuple[Path, ...]) -> Makers:
    return Makers(load_packs(overlays), clock.now().date())


def _cells(row: MakerRow) -> tuple[str, ...]:
    return (
        row.id,
        ", ".join(row.names[1:]),
        row.kind.replace("_", " "),
        row.jurisdiction or "",
        str(row.signatures),
        ", ".join(row.made_by),
        ", ".join(row.owned_by),
        str(row.makes_for or ""),
    )


def _tie_object(line: TieLine) -> dict[str, Any]:
    return asdict(line) | {"sentence": sentence(line)}


def _card_object(card: MakerCard) -> dict[str, Any]:
    return asdict(card) | {
        "up": [_tie_object(line) for line in card.up],
        "down": [_tie_object(line) for line in card.down],
    }


def _print_card(out: Console, card: MakerCard, *, tell_all: bool) -> None:
    row = card.row
    where = f", incorporated in {row.jurisdiction}" if row.jurisdiction else ""
    says = f" ({card.jurisdiction_source})" if card.jurisdiction_source else ""
    _say(out, f"{row.name} ({row.id}): {_KINDS[row.kind]}{where}{says}")
    if row.names[1:]:
        _say(out, f"Also called: {', '.join(row.names[1:])}")
    _say(out, f"Signatures that name it: {row.signatures}")
    out.print()
    _say(out, f"On {on_day(card.at)}")
    _say(out, _producer(card), 2)
    held = [line for line in card.up if line.of == row.id and line.tie == "owned_by"]
    owners = dict.fromkeys(line.to_name for line in held if line.standing == "holds")
    _say(out, f"Owner on record: {', '.join(owners) or 'none'}.", 2)
    if card.up:
        out.print()
        _say(out, "Who makes and owns it")
        for line in card.up:
            _say(out, sentence(line), 2)
    if card.down:
        out.print()
        _say(out, "Its ties to others")
        for text in _told(card.down, tell_all=tell_all):
            _say(out, text, 2)
    if card.up or card.down:
        out.print()
        out.print(_tree(card))


def _producer(card: MakerCard) -> str:
    if card.producer is None or card.producer_share is None:
        return "Who made a unit of that day cannot be told by this label alone."
    if card.producer == card.row.id:
        return "It makes its own units, where no tie says otherwise."
    return (
        f"By this label alone, a unit of that day was likely made by {card.producer_name} "
        f"({card.producer_share:.2f})."
    )


def _told(lines: Sequence[TieLine], *, tell_all: bool) -> Iterable[str]:
    """Yield sentences, or one line of names for each kind of tie of which there are many."""
    for (tie, firmness, standing), group in _groups(lines).items():
        if tell_all or len(group) <= MOST_TOLD:
            yield from map(sentence, group)
        else:
            yield _heading(tie, firmness, standing, group) + ": " + _names(group)


def _groups(lines: Sequence[TieLine]) -> dict[tuple[str, str, str], list[TieLine]]:
    groups: dict[tuple[str, str, str], list[TieLine]] = {}
    for line in lines:
        firmness = line.firmness if line.tie == "made_by" else ""
        groups.setdefault((line.tie, firmness, line.standing), []).append(line)
    ranks = list(_WORDS), _FIRMNESS, list(_STANDING)

    def rank(key: tuple[str, str, str]) -> list[int]:
        return [words.index(word) for words, word in zip(ranks, key, strict=True)]

    return {key: groups[key] for key in sorted(groups, key=rank)}


def _heading(tie: str, firmness: str, standing: str, group: Sequence[TieLine]) -> str:
    number = len({line.of for line in group})
    notes = ", ".join(filter(None, (firmness, _STANDING[standing])))
    return f"{_WORDS[tie][1]} {number}" + (f" ({notes})" if notes else "")


def _names(group: Sequence[TieLine]) -> str:
    return ", ".join(dict.fromkeys(line.of_name for line in group))


def _tree(card: MakerCard) -> Tree:
    tree = Tree(Text(card.row.name))
    _grow(tree, card.row.id, card.up, (card.row.id,))
    for (tie, firmness, standing), group in _groups(card.down).items():
        head = _heading(tie, firmness, standing, group)
        tree.add(Text(f"{head}: {_names(group)}"))
    return tree


def _grow(tree: Tree, maker: str, lines: Sequence[TieLine], above: tuple[str, ...]) -> None:
    """Add the ties of a maker, and below each those of the one that it leads to, once."""
    opened: set[str] = set()
    for line in lines:
        if line.of != maker:
            continue
        notes = (
            line.when,
            line.firmness if line.tie == "made_by" else "",
            _STANDING[line.standing],
        )
        text = ", ".join(filter(None, (f"{_WORDS[line.tie][0]} {line.to_name}", *notes)))
        branch = tree.add(Text(text))
        if line.to not in opened and line.to not in above:
            opened.add(line.to)
            _grow(branch, line.to, lines, (*above, line.to))


def _print_path(out: Console, found: MakerPath) -> None:
    on = f" by ties that held on {on_day(found.at)}" if found.at else ""
    if not found.chain:
        _say(out, f"No chain of ties joins {found.names[0]} and {found.names[1]}{on}.")
        return
    _say(out, " - ".join(found.names) + on)
    for step in found.steps:
        for line in step:
            _say(out, sentence(line), 2)


def _say(out: Console, text: str, indent: int = 0) -> None:
    for line in Text(text).wrap(out, out.width - indent):
        line.rstrip()
        out.print(Text(" " * indent) + line)
