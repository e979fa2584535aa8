"""Say what the words between two separators of an order line mean: a thing, a service, or nothing.

In English the last of the nouns that stand together says what is ordered ("camera wall bracket"),
in French the first does. What follows "for" and "of" is what it is for. Words that are not told
leave it unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from camaudit.model.orders import Function
from camaudit.packs.order_words import Entry, Thing

from .order_tokens import Element, Mark

#: Signs that may stand within a name of a thing.
_SILENT: Final = frozenset("'\"*®™°#")
_LENS_UNIT: Final = "mm"
_CAPACITY: Final = ("tb", "gb", "to", "go")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a stretch of words asks for."""

    thing: Thing | None = None
    #: It has a model number before what it is for.
    model: bool = False
    #: Asked for by number: ``4 x`` and the like.
    counted: bool = False
    #: It begins with a plain number, or one in words.
    numbered: bool = False
    #: Only a property of something: a lens of 2.8 mm, a built-in microphone.
    detail: bool = False
    #: What it is for, or done to, was said; more of that may follow.
    scoped: bool = False
    #: "kit", "set": it holds other things.
    container: bool = False
    #: Nothing but such words and plain ones.
    bare: bool = False
    #: A quantity and a capacity, without a word: "2 x 4 TB".
    capacity: bool = False
    #: "... included".
    too: bool = False
    #: "... not included".
    left_out: bool = False
    #: Words that say nothing here, such as a name.
    words: bool = False

    @property
    def function(self) -> Function:
        """Return what it is, as far as the words tell."""
        return self.thing.function if self.thing else Function.UNKNOWN

    @property
    def weak(self) -> bool:
        """Tell whether it is mostly a property of what stands beside it."""
        return self.thing is not None and self.thing.weak


def read(elements: Sequence[Element]) -> Reading:
    """Return what the elements between two separators ask for."""
    body = [each for each in elements if not _is_silent(each)]
    start = _after_count(body)
    counted = any(each.mark is Mark.COUNT for each in body[:start])
    head, scoped = _head(body[start:])
    found = _Chain(head)
    thing, is_detail = found.thing, found.detail
    numbered = start > 0 and not counted
    rest = [each for each in head if not _says_nothing(each)]
    return Reading(
        thing=thing,
        model=any(each.mark is Mark.MODEL for each in head),
        counted=counted,
        numbered=numbered,
        detail=is_detail,
        scoped=scoped or found.has_object,
        container=any(each.has("container") for each in head)
        or (thing is not None and thing.container),
        bare=not rest,
        capacity=thing is None and _is_capacity(body),
        too=any(each.has("too") for each in body),
        left_out=any(each.has("left_out") for each in body),
        words=any(each.mark is Mark.WORD and not each.entry.roles for each in head),
    )


def _is_silent(element: Element) -> bool:
    return element.mark is Mark.SIGN and element.text in _SILENT


def _after_count(body: Sequence[Element]) -> int:
    """Return where the words begin behind a leading quantity."""
    at = 0
    while at < len(body) and (
        body[at].mark in {Mark.COUNT, Mark.NUMBER} or body[at].has("number", "count")
    ):
        if body[at].entry.thing:
            break
        at += 1
    return at


def _head(body: Sequence[Element]) -> tuple[Sequence[Element], bool]:
    """Return the words before "for" and "of", and whether there are such.

    Where only "a set" or "4 pieces" stand before, what follows is what is ordered.
    """
    begin = 0
    for at, element in enumerate(body):
        if not element.has("scope") or element.entry.thing:
            continue
        before = body[begin:at]
        if any(each.entry.thing or each.mark is Mark.MODEL for each in before):
            return before, True
        if any(not _says_nothing(each) and not each.has("modifier") for each in before):
            return before, True
        begin = at + 1
        begin += _after_count(body[begin:])
    return body[begin:], False


def _says_nothing(element: Element) -> bool:
    """Tell whether an element is a quantity, a container or a word that any heading may have."""
    if element.entry.thing:
        return element.entry.thing.container
    return element.mark in {Mark.NUMBER, Mark.COUNT, Mark.MEASURE, Mark.SIGN} or element.has(
        "container", "plain", "count", "number", "unit", "including", "scope", "too"
    )


def _is_capacity(body: Sequence[Element]) -> bool:
    """Tell whether only a quantity and a capacity are given."""
    sizes = [each for each in body if each.mark is Mark.MEASURE]
    others = [each for each in body if each.mark not in {Mark.MEASURE, Mark.COUNT, Mark.NUMBER}]
    return len(sizes) == 1 and sizes[0].text.endswith(_CAPACITY) and not others


@dataclass(slots=True)
class _Candidate:
    """A thing that is named, and where."""

    at: int
    end: int
    thing: Thing
    french: bool
    detail: bool


class _Chain:
    """The things that a stretch of words names, and which of them is meant."""

    def __init__(self, head: Sequence[Element]) -> None:
        self._head = head
        self._found = [
            self._candidate(at, each.entry.thing)
            for at, each in enumerate(head)
            if each.entry.thing is not None and not self._cancelled(at)
        ]
        self.thing: Thing | None = None
        self.detail = False
        #: What is done is done to something: "install 8 cameras".
        self.has_object = False
        self._choose()

    def _choose(self) -> None:
        if not self._found:
            return
        at = self._strong_start()
        meant = self._found[at]
        first = meant
        while at + 1 < len(self._found) and self._together(self._found[at], self._found[at + 1]):
            at += 1
            if self._is_mounted(meant, self._found[at]):
                break
            meant = self._meant(meant, self._found[at])
        last = self._last()
        if last is not meant and last.thing.function in _LAST_WORD and self._ends(last):
            meant = last  # "dome camera 4 MP, annual maintenance"
        if self._belongs_to_model(meant):
            return
        self.thing, self.detail = meant.thing, meant.detail
        service = meant.thing.function is Function.SERVICE
        self.has_object = service and any(
            each.at > first.at and each.thing.function is not Function.SERVICE
            for each in self._found
            if each.at > meant.at
        )

    def _is_mounted(self, one: _Candidate, other: _Candidate) -> bool:
        """Tell whether a mount only says how the device is fixed: "dome wall mount 4 MP"."""
        device = one.thing.function is Function.EQUIPMENT
        return device and other.thing.follows_model and not self._ends(other)

    def _last(self) -> _Candidate:
        """Return the last thing but for counted devices behind it: "licence pack 4 cameras"."""
        last = self._found[-1]
        counts = last.at > 0 and self._head[last.at - 1].mark in {Mark.NUMBER, Mark.COUNT}
        devices = counts and last.thing.function is Function.EQUIPMENT and len(self._found) > 1
        return self._found[-2] if devices else last

    def _candidate(self, at: int, thing: Thing) -> _Candidate:
        entry: Entry = self._head[at].entry
        return _Candidate(
            at=at,
            end=at + 1,
            thing=thing,
            french=entry.french,
            detail=thing.weak and self._describes(at),
        )

    def _cancelled(self, at: int) -> bool:
        """Tell whether what stands beside a word says that it is a property: "2 HDD bays"."""
        before = at - 1
        while before >= 0 and self._is_passed_over(self._head[before]):
            before -= 1
        if before >= 0 and self._head[before].has("before"):
            return True
        following = self._head[at + 1] if at + 1 < len(self._head) else None
        return (
            following is not None
            and following.has("after")
            and following.entry.thing is None
            and not self._more_follows(at + 2)
        )

    def _is_passed_over(self, element: Element) -> bool:
        number = element.mark in {Mark.MEASURE, Mark.NUMBER, Mark.COUNT}
        return number or (element.has("plain") and not element.has("before"))

    def _more_follows(self, at: int) -> bool:
        """Tell whether another thing stands right there: "camera channel licence"."""
        return at < len(self._head) and self._head[at].entry.thing is not None

    def _describes(self, at: int) -> bool:
        before = self._head[at - 1] if at else None
        if before is None:
            return False
        lens = before.mark is Mark.MEASURE and before.text.replace(" ", "").endswith(_LENS_UNIT)
        return lens or before.has("of_weak", "before")

    def _strong_start(self) -> int:
        """Return which thing comes first; a weak one or a disk gives way to equipment behind it."""
        first = self._found[0].thing
        if not first.weak and first.function is not Function.STORAGE:
            return 0
        for at, each in enumerate(self._found):
            if each.thing.function is Function.EQUIPMENT:
                return at if self._apart(0, at) else 0
        return 0

    def _apart(self, first: int, last: int) -> bool:
        """Tell whether the things up to there are not one chain of words anyway."""
        pairs = zip(self._found[first:last], self._found[first + 1 : last + 1], strict=True)
        return not all(self._together(one, other) for one, other in pairs)

    def _together(self, one: _Candidate, other: _Candidate) -> bool:
        between = self._head[one.end : other.at]
        return all(
            each.text == "/" or (each.mark is Mark.WORD and each.has("modifier", "container"))
            for each in between
        )

    def _meant(self, one: _Candidate, other: _Candidate) -> _Candidate:
        """Return which of two things that stand together is meant."""
        function, then = one.thing.function, other.thing.function
        if one.french and then is Function.EQUIPMENT and function is not Function.EQUIPMENT:
            return one
        if function is Function.SERVICE and then is Function.EQUIPMENT:
            return one
        if function is Function.SOFTWARE and other.thing.id == "camera":
            return one
        if function is Function.SERVICE and then is Function.SERVICE:
            return one
        return other

    def _ends(self, found: _Candidate) -> bool:
        return all(
            each.has("plain", "count", "unit", "container")
            or each.mark is not Mark.WORD
            or (each.entry.thing is not None and each.entry.thing.function is Function.EQUIPMENT)
            for each in self._head[found.end :]
        )

    def _belongs_to_model(self, meant: _Candidate) -> bool:
        """Tell whether a model that stands before is what is ordered, and this a property of it."""
        models = [at for at in range(meant.at) if self._head[at].mark is Mark.MODEL]
        if not models:
            return False
        if meant.thing.function is Function.STORAGE:
            return not any(each.has("storage_name") for each in self._head[: meant.end])
        if meant.thing.follows_model and self._ends(meant):
            between = self._head[models[-1] + 1 : meant.at]
            return not all(each.has("modifier", "and") for each in between)
        return meant.thing.weak


#: What says what is meant even at the end of a long description.
_LAST_WORD: Final = frozenset({Function.SERVICE, Function.SOFTWARE})
