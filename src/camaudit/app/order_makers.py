"""Say who probably makes the items of an order, from their words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Final

from camaudit.attribution import NAMED
from camaudit.model.attribution import Conclusion
from camaudit.model.ids import MakerId
from camaudit.model.orders import Function, Item
from camaudit.model.words import Aspect
from camaudit.sources.tables import BatchBuilder

from .classifier import Classified, Classifier
from .packset import PackSet

#: Ours. How sure a label is that an order gives: as sure as a register's.
NAMED_IN_ORDER: Final = 0.9
#: Words at the beginning of a text that may be a brand's name.
_NAME_WORDS: Final = 3
#: Words of a text that may be a model, and how long one is.
_MAX_MODELS: Final = 12
_MODEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9()/.+_-]{2,59}")
#: Ours. For how many labels a maker makes whose name is looked for everywhere.
_MANY: Final = 8
#: Signs around a word that are none of it.
_AROUND: Final = ",;:.()[]\"'/"
#: What stands before a name that only tells what a thing is used with.
_USED_WITH: Final = re.compile(
    r"(?i)\b(?:for|to (?:suit|fit|replace)|compatible|works? with|fits|replac\w*|instead|not|unlike"
    r"|equivalent|existing|for use|für|passend|kompatibel|statt|ersetzt|pour|compatible avec)\b"
)
#: A text that says that section 889 is met.
_CLAIMS: Final = re.compile(r"(?i)(?<!non )(?<!non-)(?<!not )\b(?:ndaa|section 889)\b")
#: The companies that section 889 names.
_NAMED_IN_889: Final = frozenset({"hikvision", "dahua", "hytera", "huawei", "zte"})
_DIGIT: Final = re.compile(r"\d")
_LETTER: Final = re.compile(r"[A-Za-z]")
#: Sizes, standards and numbers of channels look like models and are none.
_NO_MODEL: Final = re.compile(
    r"(?i)^(?:\d+(?:\.\d+)?(?:mp|tb|gb|mm|m|w|v|vdc|vac|ah|ch|k|x|fps|port|u|in|ft|deg|hz|mbps|mpx)"
    r"|\d+p|h\.?26[45]\+?|ip\d{2}|ik\d{2}|rj-?45|cat-?\d[a-z]?|rg-?\d+|poe\+*|usb\d?|802\.\d[a-z]*"
    r"|\d+[x/-]\d+|ndaa|tvi|cvi|ahd|onvif|4k|8k|5g|4g)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Who probably makes an item."""

    conclusion: Conclusion
    #: As the text has it.
    model: str | None
    #: Whether the brand's own model grammar knows the model, and not only the brand's name.
    known_model: bool
    #: Who else is known to make units of this brand and (where it is known) model; ``None`` where
    #: no brand is told or something contradicts it.
    others: tuple[str, ...] | None


#: The models that a maker's own grammar knows, by maker.
_Models = Mapping[MakerId, str]


def makers_of(items: Sequence[Item], packs: PackSet) -> list[Made]:
    """Return who probably makes each item, in order.

    An item's brand and model are what the line says in columns of their own; in a text the words
    that may be names or models are tried too, and signatures decide whether they are.
    """
    builder = BatchBuilder()
    for number, item in enumerate(items):
        for key, value in _said(item):
            builder.add(f"{number}", key, value.encode(), "")
        builder.add(f"{number}", "order.item", b"1", "")  # every item is a device
    found: dict[int, Made] = {}
    classify = Classifier(packs)
    for batch in builder.flush():
        classified = classify(batch)
        models = classified.captured("model").to_pylist()
        read = _models(classified, packs)
        for at, (name, code, model) in enumerate(
            zip(classified.devices.to_pylist(), classified.codes.tolist(), models, strict=True)
        ):
            item, conclusion = items[int(name)], classified.conclusions[code]
            found[int(name)] = _made(item, conclusion, model, read[at], packs)
    return [found[number] for number in range(len(items))]


def _made(
    item: Item, conclusion: Conclusion, model: str | None, read: _Models, packs: PackSet
) -> Made:
    label = _label(item, packs)
    if label and label in read and _only_numbers_alike(item, conclusion, label, packs):
        # The label and its own grammar outweigh that another maker numbers alike.
        model = read[label]
        conclusion = _labelled(_settled(conclusion, label), label, model, packs)
    known = any(maker in read for maker in (conclusion.brand, conclusion.maker) if maker)
    if (conclusion.maker_confidence or 0.0) < NAMED_IN_ORDER and not conclusion.conflicts:
        ids = packs.by_name
        for maker in (ids[text] for name in _names(item) if (text := name.casefold()) in ids):
            if conclusion.brand in {None, maker}:
                conclusion = _labelled(conclusion, maker, model if known else None, packs)
                break
    if conclusion.brand is None and (within := _within(item, packs)):
        conclusion = _labelled(conclusion, within, None, packs)
    named = conclusion.maker in _NAMED_IN_889 and conclusion.maker != conclusion.brand
    if named and _CLAIMS.search(item.text):
        # The seller's word against what is known of the label: neither decides.
        conclusion = replace(conclusion, maker=None, maker_confidence=None)
    return Made(
        conclusion=conclusion,
        model=model if known or (model and _may_be_model(model)) else None,
        known_model=known,
        others=_others(conclusion, model if known else None, packs),
    )


def _label(item: Item, packs: PackSet) -> MakerId | None:
    """Return the maker whose name an item bears: in its column, or at the beginning."""
    folded = (name.casefold() for name in _names(item))
    return next((packs.by_name[name] for name in folded if name in packs.by_name), None)


def _within(item: Item, packs: PackSet) -> MakerId | None:
    """Return who makes for many labels and is named further on in a text, if only one is.

    Such names are no ordinary words. What follows "for" and the like is what a thing is used with;
    but what a service is for is what it is done to.
    """
    if item.function is Function.EQUIPMENT:
        text = _USED_WITH.split(item.text, maxsplit=1)[0]
    elif item.function in {Function.SERVICE, Function.SOFTWARE}:
        text = item.text
    else:
        return None
    graph = packs.attributor.graph
    texts = set(_runs(text))
    found = {
        maker
        for maker in graph.makes_for(_MANY)
        if any(name.casefold() in texts for name in graph[maker].names)
    }
    return found.pop() if len(found) == 1 else None


def _runs(text: str) -> list[str]:
    """Return all runs of words of a text that may be a name."""
    words = [word.strip(_AROUND) for word in text.casefold().split()]
    return [
        " ".join(words[at : at + count])
        for count in range(1, _NAME_WORDS + 1)
        for at in range(len(words))
    ]


def _only_numbers_alike(item: Item, conclusion: Conclusion, label: MakerId, packs: PackSet) -> bool:
    """Tell whether others are only thought of because they have models of such a form."""
    if not conclusion.conflicts or {aspect for aspect, _ in conclusion.conflicts} != {Aspect.BADGE}:
        return False
    named = {packs.by_name[text] for text in _runs(item.text) if text in packs.by_name}
    return named <= {label}


def _settled(conclusion: Conclusion, label: MakerId) -> Conclusion:
    """Return a conclusion without its conflicts, and without a maker that is not the label's."""
    own = conclusion.brand == label
    return replace(
        conclusion,
        conflicts=(),
        brand=None,
        maker=conclusion.maker if own else None,
        maker_confidence=conclusion.maker_confidence if own else None,
    )


def _labelled(
    conclusion: Conclusion, maker: MakerId, model: str | None, packs: PackSet
) -> Conclusion:
    """Return what a name in an order leads to, where no signature tells more.

    On the wire such names mean other devices as often as cameras; in an order they are the label.
    """
    producer = packs.attributor.graph.producer(maker, None, conclusion.kind, model)
    share = NAMED_IN_ORDER * producer.share if producer else 0.0
    if producer is None or share < NAMED or share <= (conclusion.maker_confidence or 0.0):
        return replace(conclusion, brand=maker, others=conclusion.others or ())
    return replace(
        conclusion,
        brand=maker,
        maker=producer.maker,
        maker_aspect="badge",
        maker_confidence=share,
        others=(),
    )


def _names(item: Item) -> Iterator[str]:
    words = item.text.split()
    if item.brand:
        yield item.brand
    for count in range(min(_NAME_WORDS, len(words)), 0, -1):
        yield " ".join(words[:count]).strip(",;:-")


def _models(classified: Classified, packs: PackSet) -> list[_Models]:
    """Return, for each device, the makers whose own grammar read a model, and which.

    Signatures that are derived from a name take any word behind it for a model; they have a sieve.
    """
    captured = classified.signals.column("model").to_pylist()
    numbers = classified.signals.column("signature").to_pylist()
    signatures = [packs.makers.signatures[number] for number in numbers]
    bounds, members = classified.offsets.tolist(), classified.members.tolist()
    return [
        {
            maker: captured[at]
            for at in members[start:end]
            if captured[at] and (maker := signatures[at].maker) and not signatures[at].sieve
        }
        for start, end in pairwise(bounds)
    ]


def _others(conclusion: Conclusion, model: str | None, packs: PackSet) -> tuple[str, ...] | None:
    """Return who else may have made an item.

    A model of the brand's own numbering outweighs what a single list tells of the brand.
    """
    if conclusion.others is None or conclusion.brand is None:
        return None
    graph = packs.attributor.graph
    found = graph.others(conclusion.brand, conclusion.kind, model, listed=model is None)
    return tuple(sorted(found))


def _said(item: Item) -> Iterator[tuple[str, str]]:
    if item.text:
        yield "inventory.text", item.text
    if item.brand:
        yield "inventory.manufacturer", item.brand
    else:
        for name in _names(item):
            yield "inventory.manufacturer", name
    if item.model:
        yield "inventory.model", item.model
        if item.brand:  # numbers that are plain ones mean something behind a name only
            yield "inventory.model", f"{item.brand} {item.model}"
    else:
        models = (word for word in _MODEL.findall(item.text) if _may_be_model(word))
        for word in islice(models, _MAX_MODELS):
            yield "inventory.model", word


def _may_be_model(word: str) -> bool:
    return bool(_DIGIT.search(word) and _LETTER.search(word)) and not _NO_MODEL.match(word)
