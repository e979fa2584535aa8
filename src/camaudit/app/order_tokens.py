"""Cut the text of an order line into words, numbers, measures and model numbers.

Each step walks the text once from left to right; no pattern can go back over what it has read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from camaudit.model.orders import Function
from camaudit.packs.order_words import NOTHING, Entry, OrderWords, plain


class Mark(StrEnum):
    """What a piece of text is by its form."""

    WORD = "word"
    NUMBER = "number"
    #: A number with its unit, a standard, a size: it never counts things.
    MEASURE = "measure"
    MODEL = "model"
    #: "4 x": how many.
    COUNT = "count"
    #: A sign, or a new line.
    SIGN = "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A word, phrase, number or sign of a line; ``start`` and ``end`` are places in its text."""

    mark: Mark
    start: int
    end: int
    #: Plain: without case and accents; of a sign the sign itself.
    text: str
    entry: Entry = NOTHING
    #: It stands without a blank before and behind it, or is part of a word with hyphens.
    tight: bool = False

    def has(self, *roles: str) -> bool:
        """Tell whether the words may be one of these."""
        return not self.entry.roles.isdisjoint(roles)


#: Signs of print, and those that mean the same; one for one, so that places stay what they are.
_ONE_FOR_ONE: Final = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b\u00b4\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u00b7\u25aa\u25ab\u25a0\u25cf\u25e6\u2043\u2219"), "\u2022"),
    ord("\u00d7"): "x",
}
#: What hangs together: letters and digits, with signs between them that names and numbers hold.
_CHUNK: Final = re.compile(
    r"(?P<short>(?<!\w)(?:[cC]/[wW]|[wW]/[oO](?!\w)|[wW]/|[pPsSfF]/[fFiI](?!\w)))"
    r"|(?P<chunk>[^\W_]+(?:[-._'][^\W_]+)*(?:\++(?![^\W_])|\([^\W_]{1,8}\)(?![^\W_]))?)"
    r"|(?P<line>[\r\n\v\f\x85\u2028\u2029]+)"
    r"|(?P<sign>[^\s])"
)
_PARTS: Final = re.compile(r"[-._'+]+")
#: "1.NVR": the number of a member of a list.
_ENUMERATED: Final = re.compile(r"\d{1,2}\.(?=[^\W\d_]{2})")
_NUMBER: Final = re.compile(r"\d{1,12}(?:[.,]\d{1,12})*")
_RANGE: Final = re.compile(r"\d+(?:[-./x]\d+)+")
#: A number and its unit, or the number behind which a word stands: "8TB", "4-channel", "2.8mm".
_WITH_UNIT: Final = re.compile(r"(\d+(?:[-.x]\d+)*)-?([^\W\d_]+|°)")
#: "4x", "4xDS-2CD2143".
_TIMES: Final = re.compile(r"(\d{1,4})x(?!\d+(?![^\W_]))")
_TIMES_BEFORE: Final = re.compile(r"x(\d{1,4})")
_STANDARD: Final = re.compile(
    r"h\.?26\d\+*|ip\d{2}k?|ik\d{2}|cat\.?\d[a-z]?|rj-?\d+|rg-?\d+[a-z]?|rs-?\d{3}"
    r"|802\.\d+[a-z]*\+*|wi-?fi\d?|usb-?[\dc](?:\.\d)?|[1-9]k\+*|[2-6]g|\d{3,4}[pi]|raid-?\d*"
    r"|mpeg-?\d|a[3-5]|f\d(?:\.\d)?|\d+base-?[a-z]+\d*|poe\+*|m12|u\d|24/7|din\d*|iso\d*|en\d+"
)
#: "alarm.com" is a name, and no alarm.
_DOMAIN: Final = re.compile(r"[a-z0-9-]{2,40}\.(?:com|net|org|io|eu|de|fr|co\.uk)")
_HAS_DIGIT: Final = re.compile(r"\d")
_HAS_LETTER: Final = re.compile(r"[^\W\d_]")
#: Ours. Shorter is no model number: "M8", "4K".
_SHORTEST_MODEL: Final = 4
#: Behind these a dot is that of an abbreviation.
_ABBREVIATED: Final = ("count", "including", "without", "or_equal", "number", "unit")
_LONGEST_ABBREVIATION: Final = 3


def elements_of(text: str, words: OrderWords) -> list[Element]:
    """Return the elements of a text in order; what is no word, number or sign is passed over."""
    text = text.translate(_ONE_FOR_ONE)
    raw = [piece for match in _CHUNK.finditer(text) for piece in _pieces(match, words)]
    return _counted(_dots(_phrases(_short(raw, words), words), text))


def _pieces(match: re.Match[str], words: OrderWords) -> Iterator[Element]:
    start, end, text = match.start(), match.end(), match.group()
    if match["line"]:
        yield Element(mark=Mark.SIGN, start=start, end=end, text="\n")
    elif match["sign"]:
        yield Element(
            mark=Mark.SIGN, start=start, end=end, text=text, tight=_is_tight(match.string, start)
        )
    elif match["short"]:
        entry = words.phrases.get((text.lower(),), NOTHING)
        yield Element(mark=Mark.WORD, start=start, end=end, text=text.lower(), entry=entry)
    else:
        yield from _chunk(text, start, words)


def _is_tight(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before.strip()) and bool(after.strip())


def _chunk(text: str, start: int, words: OrderWords) -> Iterator[Element]:
    """Yield what a chunk is: a model, a measure, a count and what follows, or its words."""
    low = plain(text)
    if _DOMAIN.fullmatch(low):
        yield Element(mark=Mark.WORD, start=start, end=start + len(text), text=low)
    elif len(low) != len(text) or not _HAS_DIGIT.search(low):
        yield from _words(text, start)
    elif text.endswith(")") and not _is_model(low.partition("(")[0]):
        yield from _bracketed(text, start, words)
    elif before := _ENUMERATED.match(low):
        cut = before.end()
        yield Element(mark=Mark.NUMBER, start=start, end=start + cut - 1, text=low[: cut - 1])
        yield Element(mark=Mark.SIGN, start=start + cut - 1, end=start + cut, text=")")
        yield from _words_or_one(text[cut:], start + cut, words)
    elif (times := _TIMES.match(low)) and not _STANDARD.fullmatch(low):
        cut = times.end()
        yield Element(mark=Mark.COUNT, start=start, end=start + cut, text=times[1])
        rest = text[cut:].lstrip("-._'")
        if rest:
            yield from _words_or_one(rest, start + len(text) - len(rest), words)
    else:
        yield from _one(text, start, words)


def _words_or_one(text: str, start: int, words: OrderWords) -> Iterator[Element]:
    if _HAS_DIGIT.search(text):
        yield from _one(text, start, words)
    else:
        yield from _words(text, start)


def _one(text: str, start: int, words: OrderWords) -> Iterator[Element]:
    """Yield what a chunk is that has a digit and is no count."""
    low, end = plain(text), start + len(text)
    mark, entry = Mark.WORD, NOTHING
    if unit := _WITH_UNIT.fullmatch(low):
        if not _STANDARD.fullmatch(low):
            yield from _number_and_word(text, low, start, unit, words)
            return
    elif before := _TIMES_BEFORE.fullmatch(low):
        mark, low = Mark.COUNT, before[1]
    elif _NUMBER.fullmatch(low):
        mark = Mark.NUMBER
    elif _RANGE.fullmatch(low):
        mark = Mark.MEASURE
    elif _is_model(low):
        mark, entry = Mark.MODEL, _named_model(low, words)
    yield Element(mark=mark, start=start, end=end, text=low, entry=entry)


def _bracketed(text: str, start: int, words: OrderWords) -> Iterator[Element]:
    """Yield a word and what stands in brackets right behind it: "4MP(2.8mm)"."""
    cut, end = text.index("("), start + len(text)
    yield from _chunk(text[:cut], start, words)
    yield Element(mark=Mark.SIGN, start=start + cut, end=start + cut + 1, text="(")
    yield from _chunk(text[cut + 1 : -1], start + cut + 1, words)
    yield Element(mark=Mark.SIGN, start=end - 1, end=end, text=")")


def _number_and_word(
    text: str, low: str, start: int, unit: re.Match[str], words: OrderWords
) -> Iterator[Element]:
    """Yield "8TB" as a measure, "4-channel" too, "4cameras" as two, and "12ABC" as a model."""
    end = start + len(text)
    _, entry = words.find([unit[2]], 0)
    if "unit" in entry.roles:
        yield Element(mark=Mark.MEASURE, start=start, end=end, text=low)
    elif entry.roles or "-" in text:
        cut = unit.start(2)
        mark = Mark.NUMBER if unit[1].isdecimal() else Mark.MEASURE
        yield Element(mark=mark, start=start, end=start + unit.end(1), text=unit[1])
        yield Element(mark=Mark.WORD, start=start + cut, end=end, text=unit[2])
    else:
        mark = Mark.MODEL if _is_model(low) else Mark.MEASURE
        yield Element(mark=mark, start=start, end=end, text=low)


def _named_model(low: str, words: OrderWords) -> Entry:
    """Return what a model is called in front: "NVR-104MH-C" is a recorder."""
    front, hyphen, _ = low.partition("-")
    entry = words.phrases.get((front,), NOTHING) if hyphen else NOTHING
    equipment = entry.thing is not None and entry.thing.function is Function.EQUIPMENT
    return entry if equipment else NOTHING


def _is_model(low: str) -> bool:
    return (
        len(low) >= _SHORTEST_MODEL
        and bool(_HAS_DIGIT.search(low))
        and bool(_HAS_LETTER.search(low))
        and not _STANDARD.fullmatch(low)
    )


def _words(text: str, start: int) -> Iterator[Element]:
    at, tight = 0, _PARTS.search(text.strip("+")) is not None
    for match in [*_PARTS.finditer(text), None]:
        end = match.start() if match else len(text)
        if end > at:
            low = plain(text[at:end])
            yield Element(mark=Mark.WORD, start=start + at, end=start + end, text=low, tight=tight)
        at = match.end() if match else at


def _phrases(raw: Sequence[Element], words: OrderWords) -> list[Element]:
    """Join neighbouring words that are one entry, the longest first."""
    found: list[Element] = []
    texts = [each.text for each in raw]
    at = 0
    while at < len(raw):
        if raw[at].mark is not Mark.WORD or raw[at].entry is not NOTHING:
            found.append(raw[at])
            at += 1
            continue
        stop = at
        while stop < len(raw) and stop < at + words.longest and raw[stop].mark is Mark.WORD:
            stop += 1
        count, entry = words.find(texts[at:stop], 0)
        last = raw[at + count - 1]
        found.append(
            replace(raw[at], end=last.end, text=" ".join(texts[at : at + count]), entry=entry)
        )
        at += count
    return found


def _short(raw: Sequence[Element], words: OrderWords) -> list[Element]:
    """Drop the dots behind very short words: "od. glw.", "4 no."."""
    kept: list[Element] = []
    for element in raw:
        if element.text == "." and kept and kept[-1].mark is Mark.WORD:
            _, entry = words.find([kept[-1].text], 0)
            if len(kept[-1].text) <= _LONGEST_ABBREVIATION and entry.thing is None:
                continue
        kept.append(element)
    return kept


def _dots(found: Sequence[Element], text: str) -> list[Element]:
    """Drop the dots of other abbreviations, and those within a name; the rest end a sentence."""
    kept: list[Element] = []
    for element in found:
        if element.text == "." and element.mark is Mark.SIGN:
            short = bool(kept) and kept[-1].has(*_ABBREVIATED) and kept[-1].entry.thing is None
            if short or text[element.end : element.end + 1].strip():
                continue
        kept.append(element)
    return kept


def _counted(found: Sequence[Element]) -> list[Element]:
    """Tell numbers that count things from those that measure one."""
    kept: list[Element] = []
    at = 0
    while at < len(found):
        element, following = found[at], found[at + 1 : at + 3]
        if element.mark is Mark.COUNT and following and _is_zoom(following[0]):
            kept.append(_merged(Mark.MEASURE, element, following[0]))
            at += 2
        elif element.mark is Mark.NUMBER or element.has("number"):
            used, joined = _number(element, following)
            kept.append(joined)
            at += used
        elif element.has("count") and following and following[0].mark is Mark.NUMBER:
            # "qty 4", "x 4"; "No. 4" is a name
            mark = Mark.MEASURE if element.text == "no" else Mark.COUNT
            kept.append(_merged(mark, element, following[0]))
            at += 2
        else:
            kept.append(element)
            at += 1
    return kept


def _number(element: Element, following: Sequence[Element]) -> tuple[int, Element]:
    """Return a number joined with the count or unit behind it, and how many elements that are."""
    first = following[0] if following else None
    if first is None or first.mark in {Mark.NUMBER, Mark.COUNT}:
        return 1, element
    if first.text in {'"', "°", "%"}:
        return 2, _merged(Mark.MEASURE, element, first)
    if element.mark is Mark.NUMBER and first.has("count") and not first.entry.thing:
        if len(following) > 1 and _is_zoom(following[1]):
            return 3, _merged(Mark.MEASURE, element, following[1])
        return 2, _merged(Mark.COUNT, element, first)
    if first.has("unit") and not first.entry.thing:
        return 2, _merged(Mark.MEASURE, element, first)
    return 1, element


def _is_zoom(element: Element) -> bool:
    return element.text in {"zoom", "optical", "digital", "optisch", "optique"}


def _merged(mark: Mark, first: Element, last: Element) -> Element:
    return Element(mark=mark, start=first.start, end=last.end, text=f"{first.text} {last.text}")
