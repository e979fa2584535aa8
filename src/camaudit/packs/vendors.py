"""Find the maker that a published record means by the vendor and products that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker, Signature
from camaudit.model.words import OUTSIDE_KINDS, MakerKind

#: Words of company names that tell nobody apart.
_COMPANY: Final = frozenset(
    re.findall(
        r"\w+",
        "ab ag bv co communications company corp corporation digital electronics gmbh inc "
        "international limited llc ltd networks pte security sa spa systems technologies "
        "technology vision",
    )
)
#: A shorter name stands inside other words and names too easily. Ours.
_SURE_LENGTH: Final = 5
#: The share of a maker's signatures with a kind that name surveillance equipment. Ours.
_MOSTLY: Final = 0.8
_VIDEO: Final = re.compile(
    r"(?i)\b(?:camera|nvr|dvr|xvr|video|surveillance|cctv|ip ?cam|webcam|doorbell|intercom|ptz)"
)
_WORD: Final = re.compile(r"[a-z0-9]+")
#: A run of letters, digits and hyphens that may be a model.
_TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,40}")
_VERSION: Final = re.compile(r"[vV]?[0-9]+[a-zA-Z]{0,2}")
_WILD: Final = re.compile(r"[xX]{1,10}")
#: A model that ends in a wildcard may go on; others end where letters and digits do.
_END: Final = "(?:[^0-9A-Z]|$)"
#: Models joined in one pattern; a pack's pattern is no longer than 1,500 characters.
_TOGETHER: Final = 12


class Vendors:
    """The makers and brands that we know, by the names that records give them."""

    def __init__(
        self, makers: Iterable[Maker], signatures: Iterable[Signature], others: Iterable[MakerId]
    ) -> None:
        """``others`` are slugs of whom records speak before a maker file does."""
        self._names: dict[str, MakerId] = {}
        for slug in others:
            self._names.setdefault(_folded(slug), slug)
        for maker in makers:
            if maker.kind in (MakerKind.BRAND, MakerKind.MANUFACTURER):
                self._names |= {_folded(name): maker.id for name in (maker.id, *maker.names)}
        self._names.pop("", None)
        kinds: dict[MakerId, list[bool]] = {}
        for signature in signatures:
            if signature.maker is not None and signature.kinds:
                inside = OUTSIDE_KINDS.isdisjoint(signature.kinds)
                kinds.setdefault(signature.maker, []).append(inside)
        #: Who is known for surveillance equipment above all.
        self._video = {m for m, inside in kinds.items() if sum(inside) >= _MOSTLY * len(inside)}

    def find(self, vendor: str) -> MakerId | None:
        """Return the maker that a vendor's name means, if we know it."""
        folded = _folded(vendor)
        if folded in self._names:
            return self._names[folded]
        inside = [
            name
            for name in self._names
            if len(name) >= _SURE_LENGTH and f" {name} " in f" {folded} "
        ]
        return self._names[max(inside, key=len)] if inside else None

    def is_video(self, maker: MakerId, *texts: str) -> bool:
        """Tell whether a record on a maker is, or may be, about surveillance equipment."""
        return maker in self._video or any(_VIDEO.search(text) for text in texts)


def _folded(name: str) -> str:
    words = _WORD.findall(name.casefold())
    return " ".join([word for word in words if word not in _COMPANY] or words)


def model_patterns(product: str) -> Iterator[str]:
    """Yield patterns that fit the models which a product's name spells out, if any."""
    tokens = [_pattern(token) for token in dict.fromkeys(_TOKEN.findall(product)) if _names(token)]
    for start in range(0, len(tokens), _TOGETHER):
        yield f"(?i)(?:^|[^0-9A-Z])(?:{'|'.join(tokens[start : start + _TOGETHER])})"


def _names(token: str) -> bool:
    """Tell whether a word of a product's name is a model: letters and digits, and no version."""
    return (
        len(token) > 3
        and any(each.isdigit() for each in token)
        and any(each.isalpha() for each in token)
        and not _VERSION.fullmatch(token)
    )


def _pattern(token: str) -> str:
    """Return a pattern for a model; a run of x stands for as many characters, or a few more."""
    clean = token.rstrip("-")
    parts: list[str] = []
    done = 0
    for run in _WILD.finditer(clean):
        length = len(run.group())
        parts += [re.escape(clean[done : run.start()]), f"[0-9A-Z]{{{length},{length + 3}}}"]
        done = run.end()
    parts.append(re.escape(clean[done:]))
    return "".join(parts) + ("" if clean[-1:] in "xX" else _END)
