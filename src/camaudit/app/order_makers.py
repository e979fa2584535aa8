"""Say who probably makes the items of an order, from their words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Final

from camaudit.attribution import NAMED
from camaudit.model.attribution import Conclusion
from camaudit.model.orders import Item
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


def makers_of(items: Sequence[Item], packs: PackSet) -> list[Made]:
    """Return who probably makes each item, in order.

    An item's brand and model are what the line says in columns of their own; in a text the words
    that may be names or models are tried too, and signatures decide whether they are.
    """
    found = _made(items, packs, named=False)
    # The name and the brand's own grammar outweigh that another maker numbers alike.
    torn = [at for at, made in enumerate(found) if made.known_model and made.conclusion.conflicts]
    again = _made([items[at] for at in torn], packs, named=True) if torn else []
    for at, made in zip(torn, again, strict=True):
        if made.known_model and made.conclusion.brand == found[at].conclusion.brand:
            found[at] = made
    return found


def _made(items: Sequence[Item], packs: PackSet, *, named: bool) -> list[Made]:
    """Return who makes the items; ``named``: models count behind the brand's name only."""
    builder = BatchBuilder()
    for number, item in enumerate(items):
        for key, value in _said(item, packs, named=named):
            builder.add(f"{number}", key, value.encode(), "")
        builder.add(f"{number}", "order.item", b"1", "")  # every item is a device
    found: dict[int, Made] = {}
    classify = Classifier(packs)
    for batch in builder.flush():
        classified = classify(batch)
        models = classified.captured("model").to_pylist()
        grammars = _grammars(classified, packs)
        for at, (name, code, model) in enumerate(
            zip(classified.devices.to_pylist(), classified.codes.tolist(), models, strict=True)
        ):
            conclusion = classified.conclusions[code]
            known = not grammars[at].isdisjoint({conclusion.brand, conclusion.maker})
            if (conclusion.maker_confidence or 0.0) < NAMED_IN_ORDER and not conclusion.conflicts:
                conclusion = _by_name(items[int(name)], conclusion, packs)
            found[int(name)] = Made(
                conclusion=conclusion,
                model=model if known or (model and _may_be_model(model)) else None,
                known_model=known,
                others=_others(conclusion, model if known else None, packs),
            )
    return [found[number] for number in range(len(items))]


def _by_name(item: Item, conclusion: Conclusion, packs: PackSet) -> Conclusion:
    """Return what a name at the beginning leads to, where no signature reads that name.

    On the wire such names mean other devices as often as cameras; in an order they are the label.
    """
    for text in _names(item):
        maker = packs.by_name.get(text.casefold())
        if maker is None or conclusion.brand not in {None, maker}:
            continue
        producer = packs.attributor.graph.producer(maker, None, conclusion.kind, None)
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
    return conclusion


def _names(item: Item) -> Iterator[str]:
    words = item.text.split()
    if item.brand:
        yield item.brand
    for count in range(min(_NAME_WORDS, len(words)), 0, -1):
        yield " ".join(words[:count]).strip(",;:-")


def _grammars(classified: Classified, packs: PackSet) -> list[frozenset[str]]:
    """Return, for each device, the makers whose own grammar read a model.

    Signatures that are derived from a name take any word behind it for a model; they have a sieve.
    """
    captured = classified.signals.column("model").to_pylist()
    signatures = packs.makers.signatures
    makers = [
        str(signature.maker)
        if text and not (signature := signatures[number]).sieve and signature.maker
        else None
        for number, text in zip(
            classified.signals.column("signature").to_pylist(), captured, strict=True
        )
    ]
    bounds, members = classified.offsets.tolist(), classified.members.tolist()
    return [
        frozenset(maker for at in members[start:end] if (maker := makers[at]))
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


def _said(item: Item, packs: PackSet, *, named: bool) -> Iterator[tuple[str, str]]:
    if item.text:
        yield "inventory.text", item.text
    if item.brand:
        yield "inventory.manufacturer", item.brand
    else:
        for name in _names(item):
            yield "inventory.manufacturer", name
    lead = next((name for name in _names(item) if name.casefold() in packs.by_name), "")
    prefix = f"{lead} " if named and lead else ""
    if item.model:
        yield "inventory.model", f"{prefix}{item.model}"
    elif not named:
        models = (word for word in _MODEL.findall(item.text) if _may_be_model(word))
        for word in islice(models, _MAX_MODELS):
            yield "inventory.model", word


def _may_be_model(word: str) -> bool:
    return bool(_DIGIT.search(word) and _LETTER.search(word)) and not _NO_MODEL.match(word)
