"""Say why, in sentences that a site manager can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from camaudit.model.attribution import Evidence
from camaudit.model.packs import MakerPacks
from camaudit.model.words import Aspect

#: Longer values are cut in sentences; the whole value stays in the store.
MAX_QUOTE = 80
DOUBTED = " But the text may name it for another reason."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One signal in words: what it proves, of whom, what was seen where, and how much it weighs."""

    aspects: tuple[Aspect, ...]
    maker: str | None
    text: str
    seen: str
    weight: str
    signature: str


def explain(evidence: Sequence[Evidence], packs: MakerPacks) -> tuple[Sentence, ...]:
    """Return one sentence a signal, in the order given."""
    words = {word.key: word.says for word in packs.vocabulary.fields}
    result = []
    for each in evidence:
        signature = packs.signatures[each.signature]
        result.append(
            Sentence(
                aspects=signature.proves,
                maker=signature.maker,
                text=signature.says + (DOUBTED if each.doubted else ""),
                seen=f"{words[each.field]} is {quote(each.value)}",
                weight=packs.vocabulary.doubts.weight if each.doubted else signature.weight,
                signature=signature.id,
            )
        )
    return tuple(result)


def quote(value: bytes) -> str:
    """Return a value as it can stand in a sentence: printable, cut, in quotation marks."""
    text = value.decode("utf-8", "replace")
    text = "".join(c if c.isprintable() else "\ufffd" for c in " ".join(text.split()))
    return f"“{text[:MAX_QUOTE]}…”" if len(text) > MAX_QUOTE else f"“{text}”"
