"""The pages of the closed word lists: fields with weights and bands, and facts."""

from __future__ import annotations

import math

from camaudit.model.packs import Vocabulary
from camaudit.model.policy import FactWord
from camaudit.packs.facts import FACTS_FILE, load_facts
from camaudit.packs.load import vocabulary
from camaudit.packs.makers import OTHER_GROUPS
from camaudit.packs.shipped import find_pack_files

from .markdown import code, page, table


def pages() -> dict[str, str]:
    """Return the pages by path below ``docs/reference``."""
    files = find_pack_files()
    return {
        "fields.md": _fields(vocabulary(files)),
        "facts.md": _facts(load_facts(files.contents[FACTS_FILE])),
    }


def _fields(words: Vocabulary) -> str:
    intro = [
        "The words that maker files, importers and `classify` share. How they are used:",
        "[how attribution weighs](../explanation/how-attribution-weighs.md).",
    ]
    groups: dict[str, list[tuple[str, str]]] = {}
    for word in words.fields:
        groups.setdefault(word.group, []).append((code(word.key), word.says))
    listed = ["## Fields by group", ""]
    listed += [
        "Signals are independent only across groups. A field's key is `protocol.field`. Groups",
        f"that no field has by itself: {', '.join(map(code, sorted(OTHER_GROUPS)))}.",
    ]
    for name, rows in groups.items():
        listed += ["", f"### `{name}`", "", *table(["Field", "What it is"], rows)]
    return page(
        "Fields, weights and bands",
        "`data/vocab/`",
        intro,
        _weights(words),
        _bands(words),
        _firmness(words),
        _doubts(words),
        _capabilities(words),
        listed,
        _sets(words),
        _aliases(words),
    )


def _alone(log_odds: float, prior: float) -> str:
    odds = math.exp(prior + log_odds)
    return f"{odds / (1 + odds):.2f}"


def _weights(words: Vocabulary) -> list[str]:
    prior = words.prior_log_odds
    return [
        "## Weights",
        "",
        f"The prior log odds are {prior} (odds of 1 to {math.exp(-prior):.0f}); log odds are",
        "natural logarithms. Reported and unverified facts never lift an answer above",
        f"{words.reported_cap}.",
        "",
        *table(
            ["Weight", "Log odds", "One such signal alone gives"],
            [(code(w.id), f"{w.log_odds:.2f}", _alone(w.log_odds, prior)) for w in words.weights],
        ),
    ]


def _bands(words: Vocabulary) -> list[str]:
    rows = [(code(band.id), f"{band.at_least:.2f}", band.says) for band in words.bands]
    return ["## Bands of confidence", "", *table(["Band", "From", "Said as"], rows)]


def _firmness(words: Vocabulary) -> list[str]:
    rows = [(code(word.value), f"{share:.2f}") for word, share in words.firmness]
    return [
        "## Firmness of a tie",
        "",
        "How probable it is that a unit under a label was made by the maker that the tie names.",
        "",
        *table(["Firmness", "Share"], rows),
    ]


def _doubts(words: Vocabulary) -> list[str]:
    doubts = words.doubts
    return [
        "## Doubts in free text",
        "",
        f"In {', '.join(map(code, doubts.fields))}: where one of these patterns matches, every",
        f"signal of that text counts as `{doubts.weight}`, or as less if it weighs less.",
        "",
        "```text",
        *doubts.patterns,
        "```",
    ]


def _capabilities(words: Vocabulary) -> list[str]:
    rows = [(code(word), says) for word, says in words.capabilities]
    return ["## Capabilities", "", *table(["Capability", "What it is"], rows)]


def _sets(words: Vocabulary) -> list[str]:
    rows = [(code(f"@{name}"), ", ".join(map(code, keys))) for name, keys in words.field_sets]
    return ["## Sets", "", *table(["Set", "Fields"], rows)]


def _aliases(words: Vocabulary) -> list[str]:
    rows = [(code(alias), code(key)) for alias, key in words.aliases]
    return ["## Aliases", "", *table(["Written", "Read as"], rows)]


def _facts(facts: tuple[FactWord, ...]) -> str:
    intro = [
        "What rules may ask of a device. A rule that names another fact is refused. A text that is",
        "none of a fact's words counts as not known. How they are used:",
        "[how a verdict comes about](../explanation/how-a-verdict-comes-about.md).",
    ]
    overview = table(
        ["Fact", "Type", "What it says"],
        [(code(fact.name), fact.type.value, fact.says) for fact in facts],
    )
    return page("Facts", "`data/vocab/facts.yaml`", intro, overview, *map(_fact, facts))


def _fact(fact: FactWord) -> list[str]:
    rows = [
        ("Columns", ", ".join(map(code, fact.columns))),
        ("Words", ", ".join(map(code, fact.words))),
        ("Not known", ", ".join(map(code, fact.unknown))),
        ("Remark in", code(fact.note or "")),
        ("Gap", fact.gap),
        ("Question", fact.question),
        ("To find out", fact.obtain),
        ("Shown both ways", "; ".join(f"{label} ({code(word)})" for word, label in fact.branches)),
    ]
    shown = [row for row in rows if row[1]]
    return [f"## `{fact.name}`", "", *table(["", fact.says.capitalize()], shown)]
