"""Read the words that say what an order line asks for, and find them in a text's words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from pydantic import BaseModel, ConfigDict

from camaudit.model.orders import Function

from .strict import Document, Path, parse, validate

FILE: Final = "vocab/order_words.yaml"
#: A stem that is shorter than this is no word any more: "gas" is not the plural of "ga".
_SHORTEST: Final = 3
#: Ours. A longer word is none, and its endings are not tried.
_LONGEST_WORD: Final = 60
_LANGUAGES: Final = ("en", "de", "fr")
#: How German words end in the plural.
_GERMAN_PLURALS: Final = ("e", "n", "en")
#: The kinds of words between things.
JOINTS: Final = frozenset({"scope", "with", "including", "and", "too", "without", "left_out"})

Words = tuple[str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Thing(_Strict):
    function: str
    weak: bool = False
    keeps: bool = False
    container: bool = False
    carries_camera: bool = False
    follows_model: bool = False
    en: list[str] = []
    de: list[str] = []
    fr: list[str] = []


class _Supply(_Strict):
    always: list[str]
    before_of: list[str]
    beside: list[str]


class _Properties(_Strict):
    before: list[str]
    after: list[str]
    of_weak: list[str]


class _File(_Strict):
    things: dict[str, _Thing]
    joints: dict[str, list[str]]
    supply: _Supply
    containers: list[str]
    plain: list[str]
    modifiers: list[str]
    properties: _Properties
    storage_names: list[str]
    counts: list[str]
    numbers: list[str]
    units: list[str]
    or_equal: list[str]
    equal_to: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A kind of thing or service that words name."""

    id: str
    function: Function
    #: Beside another thing mostly a property of that one.
    weak: bool
    #: A service that keeps what is there, and brings nothing new.
    keeps: bool
    #: Holds other things, where these are listed.
    container: bool
    #: A camera is part of it.
    carries_camera: bool
    #: Right behind a model number it says what the model is: "T91L61 wall mount".
    follows_model: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a word or a phrase may be; most are one thing, some several."""

    roles: frozenset[str] = frozenset()
    thing: Thing | None = None
    #: The thing is named in French, where what is said first is what is meant.
    french: bool = False


#: A word that says nothing here.
NOTHING: Final = Entry()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWords:
    """All words, by their plain form (``plain``)."""

    phrases: Mapping[Words, Entry]
    stems: Mapping[Words, Entry]
    endings: Mapping[str, Entry]
    beginnings: Mapping[str, Entry]
    longest: int

    def find(self, words: Sequence[str], at: int) -> tuple[int, Entry]:
        """Return how many of the plain words from ``at`` on are an entry, and which."""
        for count in range(min(self.longest, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + count])
            entry = self.phrases.get(phrase) or self.stems.get(tuple(map(stem, phrase)))
            if entry is not None:
                return count, entry
        return 1, self._compound(words[at])

    def _compound(self, word: str) -> Entry:
        """Return what the longest known ending, or else beginning, of a word says."""
        if len(word) <= _LONGEST_WORD:
            for at in range(1, len(word)):
                if word[at:] in self.endings:
                    return self.endings[word[at:]]
            for at in range(len(word) - 1, 0, -1):
                if word[:at] in self.beginnings:
                    return self.beginnings[word[:at]]
        return NOTHING


def plain(word: str) -> str:
    """Return a word without case and accents."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in parts if not unicodedata.combining(each))


def stem(word: str) -> str:
    """Return the singular of a plain word, as far as its last letters tell."""
    if word.endswith("ies") and len(word) > _SHORTEST + 2:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and len(word) > _SHORTEST else word


@cache
def order_words() -> OrderWords:
    """Return the shipped words; they are read once."""
    shipped = resources.files("camaudit.data") / "vocab" / "order_words.yaml"
    return read_order_words(shipped.read_bytes())


def read_order_words(content: bytes) -> OrderWords:
    """Check the words; raise ``PackError`` with file, line and field on the first fault."""
    document = parse(content, FILE)
    raw = validate(document, _File)
    found: dict[Words, Entry] = {}
    endings: dict[str, Entry] = {}
    beginnings: dict[str, Entry] = {}
    for path, text, entry in _entries(document, raw):
        word = plain(text.strip("*"))
        if text.startswith("*"):
            target: dict[str, Entry] = endings
        elif text.endswith("*"):
            target = beginnings
        else:
            words = tuple(split_words(word))
            found[words] = _joined(document, path, text, found.get(words), entry)
            continue
        target[word] = _joined(document, path, text, target.get(word), entry)
    stems: dict[Words, Entry] = {}
    for words, entry in found.items():
        stems.setdefault(tuple(map(stem, words)), entry)
    for path, text, entry in _entries(document, raw):
        if path[2:3] == ("de",) and not text.endswith("*"):
            _add_plurals(plain(text), entry, stems, endings)
    return OrderWords(
        phrases=found,
        stems=stems,
        endings=endings,
        beginnings=beginnings,
        longest=max(map(len, found)),
    )


def _add_plurals(
    word: str, entry: Entry, stems: dict[Words, Entry], endings: dict[str, Entry]
) -> None:
    for more in _GERMAN_PLURALS:
        if word.startswith("*"):
            endings.setdefault(word[1:] + more, entry)
        else:
            stems.setdefault(tuple(split_words(word + more)), entry)


def split_words(text: str) -> Iterator[str]:
    """Yield the words of a phrase: what stands between blanks, hyphens and apostrophes."""
    yield from text.replace("'", " ").replace("-", " ").split()


def _entries(document: Document, raw: _File) -> Iterator[tuple[Path, str, Entry]]:
    if set(raw.joints) != JOINTS:
        raise document.error(("joints",), f"must hold exactly {', '.join(sorted(JOINTS))}")
    for name, group in raw.things.items():
        thing = _thing(document, name, group)
        for language in _LANGUAGES:
            for at, text in enumerate(getattr(group, language)):
                entry = Entry(roles=frozenset({"thing"}), thing=thing, french=language == "fr")
                yield ("things", name, language, at), text, entry
    lists: dict[Path, tuple[str, list[str]]] = {
        ("joints", name): (name, words) for name, words in raw.joints.items()
    }
    lists[("supply", "always")] = ("supply", raw.supply.always)
    lists[("supply", "before_of")] = ("supply_of", raw.supply.before_of)
    lists[("supply", "beside")] = ("beside", raw.supply.beside)
    lists[("properties", "before")] = ("before", raw.properties.before)
    lists[("properties", "after")] = ("after", raw.properties.after)
    lists[("properties", "of_weak")] = ("of_weak", raw.properties.of_weak)
    for field, role in (
        ("containers", "container"),
        ("plain", "plain"),
        ("modifiers", "modifier"),
        ("storage_names", "storage_name"),
        ("counts", "count"),
        ("numbers", "number"),
        ("units", "unit"),
        ("or_equal", "or_equal"),
        ("equal_to", "equal_to"),
    ):
        lists[(field,)] = (role, getattr(raw, field))
    for path, (role, words) in lists.items():
        for at, text in enumerate(words):
            yield (*path, at), text, Entry(roles=frozenset({role}))


def _thing(document: Document, name: str, group: _Thing) -> Thing:
    known = [each.value for each in Function if each is not Function.UNKNOWN]
    if group.function not in known:
        raise document.error(
            ("things", name, "function"), f"{group.function!r} is none of {', '.join(known)}"
        )
    return Thing(
        id=name,
        function=Function(group.function),
        weak=group.weak,
        keeps=group.keeps,
        container=group.container,
        carries_camera=group.carries_camera,
        follows_model=group.follows_model,
    )


def _joined(document: Document, path: Path, text: str, old: Entry | None, new: Entry) -> Entry:
    """Return both entries of a word in one; a word names one kind of thing only."""
    if old is None:
        return new
    if old.thing and new.thing and old.thing != new.thing:
        raise document.error(
            path, f"{text!r} stands among {old.thing.id} too; keep the word in one place"
        )
    return Entry(
        roles=old.roles | new.roles,
        thing=old.thing or new.thing,
        french=old.french if old.thing else new.french,
    )
