"""Put one device's attribution and verdicts into the words of a report."""

from __future__ import annotations

from camaudit.attribution import explain
from camaudit.model.attribution import Attribution, Evidence
from camaudit.model.packs import MakerPacks
from camaudit.model.policy import Citation, Description, Verdict
from camaudit.model.snapshot import AspectLine, CitationLine, Reason, VerdictLine
from camaudit.model.words import VerdictCode

from .packset import PackSet

#: Reasons named in the sentence itself; all of them stand below it.
IN_SENTENCE = 2
_ARTICLES = frozenset({"A", "An", "The", "Its", "It"})


def share(confidence: float) -> str:
    """Return a probability in two digits, which never round up to certainty."""
    return "over 0.99" if confidence >= 0.995 else f"{confidence:.2f}"


def band_of(packs: MakerPacks, confidence: float | None) -> str | None:
    """Return the named band that a confidence lies in."""
    if confidence is None:
        return None
    found = [band for band in packs.vocabulary.bands if confidence >= band.at_least]
    return max(found, key=lambda band: band.at_least).id if found else None


def maker_name(packs: PackSet, maker: str | None) -> str | None:
    """Return a maker's first name, or the slug where no file holds it."""
    return packs.names.get(maker, maker) if maker is not None else None


def reasons(evidence: list[Evidence], packs: PackSet) -> tuple[Reason, ...]:
    """Return every signal in words, what proves most first."""
    weights = {weight.id: -weight.log_odds for weight in packs.makers.vocabulary.weights}
    lines = [
        Reason(
            aspect=", ".join(sentence.aspects) or "kind",
            maker=sentence.maker,
            text=sentence.text,
            seen=sentence.seen,
            weight=sentence.weight,
            signature=sentence.signature,
        )
        for sentence in explain(evidence, packs.makers)
    ]
    return tuple(sorted(lines, key=lambda r: (r.aspect == "kind", weights[r.weight], r.signature)))


def sentence(found: Attribution, lines: tuple[Reason, ...], packs: PackSet) -> str:
    """Say who likely produced a device, and why; never accuse."""
    name = maker_name(packs, found.maker)
    if found.maker is None or found.maker_confidence is None:
        if found.conflicts:
            return (
                "Who produced it cannot be told: the signals contradict each other "
                f"({conflict_text(found, packs)[0]})."
            )
        return "Who produced it cannot be told: no signal names a maker."
    because: dict[str, str] = {}
    for line in _supporting(found, lines):  # two reasons that do not tell the same thing twice
        because.setdefault(packs.groups[line.signature], line.text.rstrip("."))
    why = "; ".join(_within(text) for text in list(because.values())[:IN_SENTENCE])
    return f"Likely produced by {name} ({share(found.maker_confidence)}), because {why}."


def _within(text: str) -> str:
    """Return a sentence as it can go on after a comma: names and abbreviations stay as they are."""
    first, space, rest = text.partition(" ")
    return f"{first.lower()}{space}{rest}" if first in _ARTICLES else text


def _supporting(found: Attribution, lines: tuple[Reason, ...]) -> list[Reason]:
    """Return the reasons that the named maker rests on, strongest first."""
    if found.maker_aspect == "badge_tie":
        return [line for line in lines if line.maker == found.brand] or list(lines)
    mine = [line for line in lines if line.maker == found.maker] or list(lines)
    return sorted(mine, key=lambda line: (found.maker_aspect or "") not in line.aspect)


def conflict_text(found: Attribution, packs: PackSet) -> tuple[str, ...]:
    """Say between whom the evidence of an aspect cannot choose."""
    return tuple(
        f"{each.aspect.value}: "
        + " or ".join(maker_name(packs, maker) or maker for maker in each.makers)
        for each in found.conflicts
    )


def aspect_lines(found: Attribution, packs: PackSet) -> tuple[AspectLine, ...]:
    """Return who each aspect points to."""
    return tuple(
        AspectLine(
            aspect=each.aspect.value,
            maker=maker_name(packs, each.maker) or each.maker,
            confidence=round(each.confidence, 4),
        )
        for each in found.aspects
    )


def verdict_line(verdict: Verdict) -> VerdictLine:
    """Return one verdict in words."""
    return VerdictLine(
        requirement=verdict.requirement,
        clause=verdict.clause,
        title=verdict.title,
        verdict=verdict.verdict.value,
        outstanding=verdict.outstanding,
        strength=verdict.strength.value,
        described_as=described(verdict.described_as),
        basis=verdict.basis.value if verdict.basis else None,
        not_examined=(verdict.not_examined if verdict.verdict is VerdictCode.MEETS else ()),
        sentence=verdict.sentence,
        quote=verdict.quote,
        citations=tuple(citation_line(each) for each in verdict.citations),
        gaps=tuple(gap.question + (f" ({gap.note})" if gap.note else "") for gap in verdict.gaps),
        branches=tuple(
            f"{branch.label}: "
            + ("decision outstanding" if branch.outstanding else _plain(branch.verdict.value))
            for branch in verdict.branches
        ),
        choices=tuple(f"{c.question} {c.option.replace('_', ' ')}" for c in verdict.choices),
        check=verdict.check.value,
    )


def _plain(word: str) -> str:
    return word.replace("_", " ")


def described(descriptions: tuple[Description, ...]) -> str:
    """Return how later documents describe a strength, since when, and why that is not the text."""
    return "; ".join(
        f"{_plain(each.strength.value)} since {each.since:%B %Y} ({each.says})"
        for each in descriptions
    )


def citation_line(citation: Citation) -> CitationLine:
    """Return a citation in plain values."""
    return CitationLine(
        id=citation.id,
        locator=citation.locator,
        url=citation.url,
        quote=citation.quote,
        retrieved=citation.retrieved,
        confidence=citation.confidence.value,
    )
