"""Say who probably makes the items of an order, from their words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from camaudit.model.attribution import Conclusion
from camaudit.model.orders import Item
from camaudit.sources.tables import BatchBuilder

from .classifier import Classified, Classifier
from .packset import PackSet

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
        grammars = _grammars(classified, packs)
        for at, (name, code, model) in enumerate(
            zip(classified.devices.to_pylist(), classified.codes.tolist(), models, strict=True)
        ):
            conclusion = classified.conclusions[code]
            known = conclusion.brand is not None and conclusion.brand in grammars[at]
            found[int(name)] = Made(
                conclusion=conclusion,
                model=model if known or (model and _may_be_model(model)) else None,
                known_model=known,
                others=conclusion.others if known else _others(conclusion, packs),
            )
    return [found[number] for number in range(len(items))]


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


def _others(conclusion: Conclusion, packs: PackSet) -> tuple[str, ...] | None:
    """Return who else may have made an item whose model nobody knows."""
    if conclusion.others is None or conclusion.brand is None:
        return None
    graph = packs.attributor.graph
    return tuple(sorted(graph.others(conclusion.brand, conclusion.kind, None)))


def _said(item: Item) -> Iterator[tuple[str, str]]:
    if item.text:
        yield "inventory.text", item.text
    words = item.text.split()
    if item.brand:
        yield "inventory.manufacturer", item.brand
    else:
        for count in range(1, min(_NAME_WORDS, len(words)) + 1):
            yield "inventory.manufacturer", " ".join(words[:count]).strip(",;:-")
    if item.model:
        yield "inventory.model", item.model
    else:
        models = (word for word in _MODEL.findall(item.text) if _may_be_model(word))
        for word in islice(models, _MAX_MODELS):
            yield "inventory.model", word


def _may_be_model(word: str) -> bool:
    return bool(_DIGIT.search(word) and _LETTER.search(word)) and not _NO_MODEL.match(word)
