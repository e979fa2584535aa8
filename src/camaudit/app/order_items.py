"""Take the lines of an order apart: which things a line asks for, and what each is.

Words decide only what a thing is, never who made it. What no word tells stays unknown: a model
number alone is looked up later, and is never called an accessory here. What is supplied and fitted
in one go is what is supplied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from camaudit.model.orders import Function, Item, OrderLine
from camaudit.packs.order_words import order_words

from .order_functions import Reading, read
from .order_tokens import Element, Mark, elements_of

#: Ours. Things of one line; what a longer list still holds is one more, of which nothing is told.
MAX_ITEMS: Final = 40
#: Ours. Text of one line that is looked at; what follows is one more item, and unknown.
MAX_TEXT: Final = 8_000
#: Ours. How much of a text that is not looked at an item shows.
_SHOWN: Final = 200
#: "12)", "b)".
_LONGEST_ENUMERATOR: Final = 2
#: Ours. Words behind "supply of" in which the thing that is supplied is looked for.
_LOOK_AHEAD: Final = 60


class Joint(IntEnum):
    """What stands between two stretches of words; the greater separates more."""

    DOT = 0
    DASH = 1
    COMMA = 2
    CLOSE = 3
    SLASH = 4
    OPEN = 5
    COLON = 6
    AND = 7
    WITH = 8
    WITHOUT = 9
    INCLUDING = 10
    PLUS = 11
    SEMICOLON = 12
    LINE = 13
    START = 14


_SIGNS: Final = {
    "\n": Joint.LINE,
    ";": Joint.SEMICOLON,
    "•": Joint.SEMICOLON,
    "+": Joint.PLUS,
    "&": Joint.AND,
    ",": Joint.COMMA,
    "|": Joint.COMMA,
    "/": Joint.SLASH,
    ":": Joint.COLON,
    "(": Joint.OPEN,
    "[": Joint.OPEN,
    ")": Joint.CLOSE,
    "]": Joint.CLOSE,
    ".": Joint.DOT,
    "-": Joint.DASH,
}
_WORDS: Final = {
    "including": Joint.INCLUDING,
    "with": Joint.WITH,
    "without": Joint.WITHOUT,
    "and": Joint.AND,
}
#: Between these a line begins anew, or nearly so.
_HARD: Final = frozenset({Joint.LINE, Joint.SEMICOLON, Joint.START})
_TRIMMED: Final = (
    " \t\r\n\v\f\x85\u2028\u2029,.;:+/&|"
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2022\u00b7\u25aa\u25ab\u25a0\u25cf\u25e6\u2043\u2219"
)


@dataclass(slots=True)
class Stretch:
    """Words between two separators, and what separates them from those before."""

    joint: Joint
    elements: list[Element] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    depth: int = 0
    #: What is said here does not come along.
    left_out: bool = False

    @property
    def is_thing(self) -> bool:
        """Tell whether it can stand for itself."""
        found = self.reading
        return found.thing is not None or (found.model and (found.counted or self.joint in _FIRM))


_FIRM: Final = frozenset(
    {Joint.LINE, Joint.SEMICOLON, Joint.START, Joint.PLUS, Joint.INCLUDING, Joint.AND}
)


@dataclass(slots=True)
class _Part:
    """An item in the making."""

    stretches: list[Stretch]
    reading: Reading
    #: "consisting of", "with": commas separate what follows.
    listing: bool = False

    @property
    def start(self) -> int:
        return self.stretches[0].elements[0].start

    @property
    def end(self) -> int:
        """Return where it ends, without what it is said not to have."""
        last = max((at for at, each in enumerate(self.stretches) if not each.left_out), default=-1)
        return self.stretches[last].elements[-1].end


def items_of(line: OrderLine) -> tuple[Item, ...]:
    """Return the things that a line asks for, in order; at least one.

    Brand and model are those of the line's own columns, and belong to its first item; what an
    item's text says of them is read later.
    """
    text, or_equal = _without_equals(line.description[:MAX_TEXT])
    unread = line.description[MAX_TEXT : MAX_TEXT + _SHOWN].strip()
    found = _found(text, MAX_ITEMS - 1 if unread else MAX_ITEMS)
    items = [(_cut(text, start, end), function) for start, end, function in found]
    items = items or [(_trimmed(text), Function.UNKNOWN)]
    if unread:
        items.append((unread, Function.UNKNOWN))
    return tuple(
        Item(
            text=each,
            function=function,
            brand=None if at else line.brand,
            model=None if at else line.model,
            or_equal=or_equal,
        )
        for at, (each, function) in enumerate(items)
    )


def function_of(text: str) -> Function:
    """Return what the first thing of a text is."""
    found = _found(text[:MAX_TEXT], MAX_ITEMS)
    return found[0][2] if found else Function.UNKNOWN


def _without_equals(text: str) -> tuple[str, bool]:
    """Return a text without "or equal", which says nothing of the thing, and whether it has that.

    "Equivalent to" stays: it says that the name behind it is not what is asked for.
    """
    kept, at, found = "", 0, False
    for element in elements_of(text, order_words()):
        if element.has("or_equal"):
            kept = _closed(kept, text[at : element.start])
            at, found = element.end + text.startswith(".", element.end), True
        found = found or element.has("equal_to")
    return _closed(kept, text[at:], last=True), found


def _closed(kept: str, more: str, *, last: bool = False) -> str:
    """Return two pieces of a text joined over the gap, without brackets that are empty now."""
    if kept.endswith("(") and more.startswith(")"):
        kept, more = kept[:-1].rstrip(), more[1:]
    blank = " " if kept and more[:1].isalnum() else ""
    joined = f"{kept}{blank}{more}"
    return joined if last else joined.rstrip().removesuffix("and/").rstrip()


def _cut(text: str, start: int, end: int) -> str:
    """Return a stretch of a text, with the other half of a bracket that opens in it."""
    for opening, closing in ("()", "[]"):
        open_ = text.count(opening, start, end) > text.count(closing, start, end)
        end += open_ and text.startswith(closing, end)
    return _trimmed(text[start:end])


def _trimmed(text: str) -> str:
    """Return a text without signs at its ends, and without a bracket that has no other half."""
    text = text.strip(_TRIMMED)
    while text.endswith(("(", "[")) or text.startswith((")", "]")):
        text = text.rstrip(_TRIMMED + "([").lstrip(_TRIMMED + ")]")
    return text


# ------------------------------------------------------------------------------------- stretches


def _found(text: str, most: int) -> list[tuple[int, int, Function]]:
    elements = elements_of(text, order_words())
    stretches = list(_stretches(elements))
    _apply_left_out(stretches)
    parts = _bounded(_without_headings(_parts(stretches)), most)
    return [(part.start, part.end, part.reading.function) for part in parts]


def _stretches(elements: Sequence[Element]) -> Iterator[Stretch]:
    """Yield what stands between separators, each with the strongest of those before it."""
    leads = _leads(elements)
    starts = frozenset(elements[at].start for at in leads)
    current = Stretch(joint=Joint.START)
    depth = 0
    for at, element in enumerate(elements):
        joint = None if at in leads else _joint(elements, at)
        if joint is None:
            current.elements.append(element)
            continue
        if joint in {Joint.CLOSE, Joint.DOT} and not depth and _is_enumerator(current):
            current.elements.pop()  # "b) bullet camera": a list's member begins
            joint = Joint.SEMICOLON if current.elements else current.joint
        if current.elements:
            yield _finished(current, starts)
            current = Stretch(joint=joint, depth=depth)
        depth = 0 if joint in _HARD else depth
        depth = max(0, depth + (joint is Joint.OPEN) - (joint is Joint.CLOSE))
        current.joint = max(current.joint, joint)
        current.depth = depth
    if current.elements:
        yield _finished(current, starts)


def _is_enumerator(stretch: Stretch) -> bool:
    """Tell whether a stretch ends in the number or letter of a list's member."""
    if not stretch.elements or (len(stretch.elements) == 1 and stretch.joint not in _HARD):
        return False
    last = stretch.elements[-1]
    return last.mark in {Mark.NUMBER, Mark.WORD} and len(last.text) <= _LONGEST_ENUMERATOR


def _finished(stretch: Stretch, leads: frozenset[int]) -> Stretch:
    stretch.reading = read([each for each in stretch.elements if each.start not in leads])
    return stretch


def _joint(elements: Sequence[Element], at: int) -> Joint | None:
    """Return what an element separates, or ``None`` where it belongs to the words around it."""
    element = elements[at]
    if element.mark is Mark.SIGN:
        return _sign(elements, at)
    if element.entry.thing is not None or element.tight or _is_of_name(elements, at):
        return None
    for role, joint in _WORDS.items():
        if element.has(role):
            return joint
    return Joint.WITHOUT if _is_no(elements, at) else None


def _sign(elements: Sequence[Element], at: int) -> Joint | None:
    element = elements[at]
    joint = _SIGNS.get(element.text)
    following = elements[at + 1] if at + 1 < len(elements) else None
    if joint is Joint.DASH and element.tight:
        return None
    if joint is Joint.SLASH and element.tight:
        counts = following is not None and following.mark is Mark.COUNT
        return joint if counts else None
    return joint


def _is_of_name(elements: Sequence[Element], at: int) -> bool:
    """Tell "VMAX A1 Plus recorder" from "recorder plus 4 cameras"."""
    if elements[at].text != "plus":
        return False
    before = at - 1
    while before >= 0 and elements[before].mark is not Mark.SIGN:
        if elements[before].entry.thing is not None:
            return False
        before -= 1
    following = elements[at + 1] if at + 1 < len(elements) else None
    return following is None or following.mark not in {Mark.COUNT, Mark.NUMBER}


def _is_no(elements: Sequence[Element], at: int) -> bool:
    """Tell "no HDD" from "4 no. cameras" and "no. 4"."""
    following = elements[at + 1] if at + 1 < len(elements) else None
    return (
        elements[at].text == "no"
        and elements[at].mark is Mark.WORD
        and following is not None
        and following.mark is Mark.WORD
    )


def _leads(elements: Sequence[Element]) -> frozenset[int]:
    """Return which elements only ask that something be supplied (and fitted).

    What follows them is ordered: "supply, installation and commissioning of 8 cameras".
    """
    found: set[int] = set()
    last = -1
    for at, element in enumerate(elements):
        if at <= last or not element.has("supply", "supply_of"):
            continue
        first, last = _run(elements, at, -1), _run(elements, at, 1)
        run = elements[first : last + 1]
        after = last + 1
        of = after < len(elements) and elements[after].has("scope")
        if not of and not any(each.has("supply") for each in run):
            continue
        body = _until_joint(elements, after + of)
        asked = read(body)
        if asked.thing is not None or asked.model:
            found.update(range(first, after + of))
    return frozenset(found)


def _run(elements: Sequence[Element], at: int, step: int) -> int:
    """Return how far words of supplying and of service go on, each behind a comma or "and"."""
    while True:
        link = at + step
        while 0 <= link < len(elements) and _links(elements[link]):
            link += step
        joined = abs(link - at) > 1
        if not joined or not 0 <= link < len(elements) or not _may_lead(elements[link]):
            return at
        at = link


def _links(element: Element) -> bool:
    return (element.mark is Mark.SIGN and element.text in ",&/") or element.has("and")


def _may_lead(element: Element) -> bool:
    thing = element.entry.thing
    return element.has("supply", "supply_of", "beside") or (
        thing is not None and thing.function is Function.SERVICE
    )


def _until_joint(elements: Sequence[Element], at: int) -> list[Element]:
    body: list[Element] = []
    stop = min(len(elements), at + _LOOK_AHEAD)
    while at < stop and _joint(elements, at) is None:
        body.append(elements[at])
        at += 1
    return body


def _apply_left_out(stretches: Sequence[Stretch]) -> None:
    """Mark what does not come along: "excl. bracket and cable", "HDD not included"."""
    before = False
    for each in stretches:
        goes_on = each.joint is Joint.AND and before
        before = each.joint is Joint.WITHOUT or goes_on
        each.left_out = before or each.reading.left_out
    if all(each.left_out for each in stretches):
        for each in stretches:
            each.left_out = False


# ----------------------------------------------------------------------------------------- parts


def _parts(stretches: Sequence[Stretch]) -> list[_Part]:
    parts: list[_Part] = []
    coordinated = _coordinated(stretches)
    for at, each in enumerate(stretches):
        following = stretches[at + 1] if at + 1 < len(stretches) else None
        if not parts:
            parts.append(_begun(each))
        elif _splits(parts[-1], each, following, listed=at in coordinated):
            _begin(parts, each)
        else:
            _join(parts[-1], each)
    return parts


def _begun(stretch: Stretch) -> _Part:
    return _Part(stretches=[stretch], reading=stretch.reading)


def _begin(parts: list[_Part], stretch: Stretch) -> None:
    listing = parts[-1].listing and stretch.joint not in _HARD
    parts.append(_begun(stretch))
    parts[-1].listing = listing or stretch.joint in {Joint.INCLUDING, Joint.WITH}


def _join(part: _Part, stretch: Stretch) -> None:
    """Add words that go on with an item; what is not told yet they may tell."""
    part.stretches.append(stretch)
    if stretch.joint in {Joint.INCLUDING, Joint.WITH} or (
        stretch.joint in {Joint.COLON, Joint.OPEN} and part.reading.container
    ):
        part.listing = True
    found = stretch.reading
    if stretch.left_out or part.reading.function is not Function.UNKNOWN:
        return
    if part.reading.model and (found.weak or found.function is Function.STORAGE):
        return  # of that model
    if part.reading.scoped or (found.thing is None and not found.model):
        return
    if part.reading.container and (part.reading.bare or _is_plain(part)):
        part.stretches[:-1] = []  # "kit consisting of": it says nothing of its own
    part.reading = found


def _splits(part: _Part, each: Stretch, following: Stretch | None, *, listed: bool) -> bool:
    """Tell whether a stretch of words begins a thing of its own."""
    found = each.reading
    if each.left_out or found.detail:
        return False
    if found.capacity:
        return part.reading.function is Function.EQUIPMENT and each.joint in _FIRM
    if not each.is_thing or _is_heading_for(part, each) or _in_scope(part, each):
        return False
    if each.joint in _HARD:
        return not _is_label(following)
    if each.joint is Joint.AND:
        return _goes_apart(part, each)
    if each.joint is Joint.WITH:
        return _comes_with(part, each)
    return each.joint in _FIRM or _is_listed(part, each, following, listed=listed)


def _is_heading_for(part: _Part, each: Stretch) -> bool:
    """Tell whether the words before only head this thing: "Reception: dome camera"."""
    before = part.reading
    nothing = before.function is Function.UNKNOWN and not before.model
    if not nothing or before.scoped:
        return False
    return not (before.container and each.joint is Joint.LINE)


def _in_scope(part: _Part, each: Stretch) -> bool:
    """Tell whether a thing goes on with what a service is done to, or an accessory is for."""
    before, found = part.reading, each.reading
    service = before.function is Function.SERVICE
    if service and found.function is Function.SERVICE:
        return each.joint not in _HARD and each.joint is not Joint.PLUS
    if each.joint in _HARD or before.function in {Function.EQUIPMENT, Function.UNKNOWN}:
        return False
    if service and before.thing is not None and before.thing.keeps:
        return not (each.joint is Joint.PLUS and not before.scoped)
    if not before.scoped:
        return False
    if service:
        return each.joint is not Joint.INCLUDING and (
            each.joint is not Joint.PLUS or found.function is Function.EQUIPMENT
        )
    return found.function in {Function.EQUIPMENT, Function.UNKNOWN} and not found.counted


def _is_label(following: Stretch | None) -> bool:
    """Tell whether a word only names a property: "Housing: metal"."""
    return _is_labelled(following) and not (following is not None and following.reading.model)


def _is_labelled(following: Stretch | None) -> bool:
    return following is not None and following.joint is Joint.COLON


def _is_number_of(following: Stretch) -> bool:
    """Tell whether only a number follows: "Camera: 8 pcs, NVR: 1 pc", "DVR - 1"."""
    found = following.reading
    number = (found.counted or found.numbered) and found.bare and found.thing is None
    return number and following.joint in {Joint.COLON, Joint.DASH}


def _goes_apart(part: _Part, each: Stretch) -> bool:
    """Tell whether "and" stands between two things: "PTZ camera and NVR"."""
    found = each.reading
    if found.weak:
        return part.reading.weak or part.reading.function is not Function.EQUIPMENT
    return part.reading.function is not Function.UNKNOWN or part.reading.model


def _comes_with(part: _Part, each: Stretch) -> bool:
    """Tell whether what a thing is "with" is a thing too, and not a property of it."""
    found, before = each.reading, part.reading
    if found.weak and not found.counted:
        return False
    if found.thing is not None and found.thing.keeps:
        return False
    carries = before.thing is not None and before.thing.carries_camera
    return not (carries and found.function is Function.EQUIPMENT and not found.counted)


def _is_listed(part: _Part, each: Stretch, following: Stretch | None, *, listed: bool) -> bool:
    """Tell whether a thing behind a comma or the like is one more, and no property."""
    found, before = each.reading, part.reading
    if following is not None and _is_number_of(following):
        return not found.weak
    if following is not None and _is_labelled(following):
        return following.reading.model and each.joint is Joint.COMMA
    if each.joint is Joint.COLON:
        return False
    if each.depth and not (before.container or part.listing):
        return False
    named = found.model and before.model and found.thing is not None and not found.weak
    if found.counted or found.too or named:
        return True
    if found.weak:
        return listed or (part.listing and before.weak)
    numbered = found.numbered and found.thing is not None
    differs = each.joint is Joint.SLASH and found.function is not before.function
    return listed or numbered or differs or part.listing


def _coordinated(stretches: Sequence[Stretch]) -> frozenset[int]:
    """Return which stretches behind a comma are members of a list that ends in "and"."""
    found: set[int] = set()
    run: list[int] = []
    for at, each in enumerate(stretches):
        thing = each.reading.thing is not None and not each.reading.detail
        if each.joint is Joint.COMMA and thing:
            run.append(at)
        elif each.joint is Joint.AND and thing and run:
            first = stretches[run[0] - 1].reading
            if first.thing is not None:
                found.update(run)
            run = []
        else:
            run = []
    return frozenset(found)


def _without_headings(parts: list[_Part]) -> list[_Part]:
    """Join a kit's name to the first of what it holds, or drop it where it says nothing."""
    if len(parts) < 2 or not _is_kit_of(parts[0], parts[1:]):
        return parts
    head, first = parts[0], parts[1]
    if not (head.reading.bare or _is_plain(head)):
        first.stretches[:0] = head.stretches
    return parts[1:]


def _is_plain(head: _Part) -> bool:
    """Tell whether a heading has no model, name or other word that may say something."""
    return not head.reading.model and not any(
        element.text[:1].isalpha() and not element.entry.roles
        for stretch in head.stretches
        for element in stretch.elements
    )


def _is_kit_of(head: _Part, held: Sequence[_Part]) -> bool:
    """Tell whether the first part is only a name for what follows."""
    found = head.reading
    if not found.container or held[0].stretches[0].joint is Joint.LINE:
        return False
    if found.thing is None:
        return True
    kinds = {part.reading.thing.id for part in held if part.reading.thing}
    if found.thing.container:
        return any(part.reading.function is Function.EQUIPMENT for part in held)
    return found.thing.id in kinds


def _bounded(parts: list[_Part], most: int) -> list[_Part]:
    """Return at most so many; the last then holds the rest, of which nothing is told."""
    if len(parts) <= most:
        return parts
    rest = [stretch for part in parts[most - 1 :] for stretch in part.stretches]
    return [*parts[: most - 1], _Part(stretches=rest, reading=Reading())]
