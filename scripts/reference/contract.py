"""The page of what ``classify`` reads and writes, read from the structures that it writes."""

from __future__ import annotations

from typing import Final, get_type_hints

from camaudit.app import device_lines as contract
from camaudit.model.words import Aspect, Kind
from camaudit.sources import protocols

from .markdown import code, page, table

_DEVICE: Final = {
    "device": "the name that the observations gave",
    "kind": "what it is; readers must accept new words",
    "kind_confidence": "probability of that kind; `null` where the kind is `unknown`",
    "maker": "slug of the likely producer; `null` below .50",
    "maker_aspect": "what `maker` rests on: `hardware`, `firmware`, `badge_tie` or `badge`",
    "maker_confidence": "probability that `maker` produced it",
    "aspects": "the best supported maker of each aspect that any signal speaks of",
    "brand": "slug of the badge's maker or brand",
    "model": "model, as the best source wrote it",
    "firmware_version": "firmware version, as the best source wrote it",
    "capabilities": "what signals indicate that it can do",
    "conflicts": "aspects whose signals point at makers that exclude each other",
    "evidence": "every signal, once for each thing that it proves",
}
_LEFT_OUT: Final = (
    "Of a device that is no surveillance equipment and that a capture or flow log shows,\n"
    "`evidence` holds what rests on the block of its hardware address alone, and `model` and\n"
    "`firmware_version` are `null`: the rest is people's words."
)
_EVIDENCE: Final = {
    "signature": "id of the signature, unique over all packs",
    "field": "the field that it matched",
    "value": "the value, up to 1,000 characters",
    "proves": "an aspect, `kind`, `capability`, or `value` (a model or version was taken from it)",
    "maker": "of whom; `null` where it names no maker",
    "weight": "word of the evidence scale, after doubts",
}
_ASPECT: Final = {
    "maker": "slug of the best supported maker or brand",
    "confidence": "its probability",
}
_CONFLICT: Final = {
    "aspect": "the aspect in question",
    "makers": "slugs that exclude each other",
    "evidence": "places in `evidence`",
}


def pages() -> dict[str, str]:
    """Return the pages by path below ``docs/reference``."""
    intro = [
        "`camaudit classify [FILE|DIRECTORY|-]... --json` reads JSON Lines, one observation a",
        "line, or [another format](../how-to/use-classify.md#other-formats), and writes one line a",
        "device, in the order in which devices first appear; from a million observations on in no",
        "particular order, or by device with `--sort`. It needs no estate and ends with 0, unless",
        "`--strict` is given and a line was rejected. This shape is kept stable.",
        "[How to use it](../how-to/use-classify.md) has samples.",
    ]
    read = [
        "## What it reads",
        "",
        *table(
            ["Name", "Type", "What it is"],
            [
                ("`device`", "text", "any name; lines of one device need not be adjacent"),
                ("`protocol`", "text", "first half of a [field's key](fields.md)"),
                ("`field`", "text", "second half of a field's key, or `response` for a raw reply"),
                ("`value`", "text", "what was seen"),
                ("`value_b64`", "text", "instead of `value`: the bytes in base 64"),
                ("`seen_at`", "text", "optional: when it was seen, RFC 3339"),
            ],
        ),
        "",
        "A word that is not in the vocabulary is accepted and counted on standard error. Raw",
        "replies that are decoded into fields: "
        + ", ".join(
            code(key) for spec in protocols.registry().values() for key in sorted(spec.expands)
        )
        + ".",
    ]
    words = [
        "## Words",
        "",
        f"Kinds: {', '.join(code(each.value) for each in Kind)}.",
        "",
        f"Aspects: {', '.join(code(each.value) for each in Aspect)}.",
        "",
        "Every confidence is a probability from 0 to 1 with four decimals; `null` means unknown.",
        "[Fields](fields.md) lists fields, weights, bands and capabilities.",
    ]
    return {
        "classify.md": page(
            "The classify contract",
            "the structures that `classify` writes",
            intro,
            read,
            ["## What it writes", "", *_rows(contract.DeviceLine, _DEVICE), "", _LEFT_OUT],
            ["### A line of `evidence`", "", *_rows(contract.EvidenceLine, _EVIDENCE)],
            ["### An entry of `aspects`", "", *_rows(contract.AspectLine, _ASPECT)],
            ["### A line of `conflicts`", "", *_rows(contract.ConflictLine, _CONFLICT)],
            words,
        )
    }


def _rows(struct: type, said: dict[str, str]) -> list[str]:
    names = struct.__struct_fields__  # type: ignore[attr-defined]
    if set(names) != set(said):
        raise SystemExit(f"{struct.__name__}: describe {sorted(set(names) ^ set(said))}")
    hints = get_type_hints(struct)
    return table(
        ["Name", "Type", "What it is"],
        [(code(name), _type(hints[name]), said[name]) for name in names],
    )


def _type(hint: object) -> str:
    text = getattr(hint, "__name__", str(hint)) if isinstance(hint, type) else str(hint)
    if str(hint).startswith(("dict[", "list[")):
        text = str(hint)
    for old, new in (
        ("camaudit.app.classify.", ""),
        ("str", "text"),
        ("float", "number"),
        ("None", "null"),
        ("int", "number"),
    ):
        text = text.replace(old, new)
    return text.replace(" | ", " or ")
