"""Put ties between makers into words: what, from when to when, how firm, and who says so."""

from __future__ import annotations

from datetime import date
from typing import Final

from camaudit.attribution import Relation
from camaudit.model.packs import Maker, Source, Tie
from camaudit.model.snapshot import TieLine
from camaudit.model.words import Firmness, Precision, TieKind
from camaudit.reports.phrases import on_day

#: (now, in the past), between the one that has the tie and the one that it leads to.
_VERBS: Final = {
    TieKind.OWNED_BY: ("is owned by", "was owned by"),
    TieKind.SILICON_BY: ("uses chips of", "used chips of"),
    TieKind.TAKEN_OVER_FROM: ("took over from", "took over from"),
}
_MADE: Final = {
    Firmness.FIRM: ("is made by", "was made by"),
    Firmness.MIXED: ("is in part made by", "was in part made by"),
    Firmness.PAST: ("was once made by", "was once made by"),
    Firmness.LISTED: ("is listed as made by", "was listed as made by"),
}


def tie_line(relation: Relation, makers: dict[str, Maker], at: date) -> TieLine:
    """Return a tie ready to be told, as it stands on a day."""
    tie = relation.tie
    source = _source(makers[relation.of], tie)
    return TieLine(
        of=relation.of,
        of_name=makers[relation.of].names[0],
        to=tie.to,
        to_name=makers[tie.to].names[0],
        tie=tie.tie.value,
        when=when(tie),
        standing=standing(tie, at),
        firmness=tie.firmness.value,
        scope=_scope(tie),
        confidence=tie.confidence.value,
        source=source.title,
        url=source.url,
        read_on=source.read_on,
    )


def standing(tie: Tie, at: date) -> str:
    """Return where a day stands: ``holds``, ``ended`` or ``not_yet``."""
    if tie.from_date is not None and at < tie.from_date:
        return "not_yet"
    return "ended" if tie.to_date is not None and at > tie.to_date else "holds"


def when(tie: Tie) -> str:
    """Return the span of a tie, no more exact than it is known; empty where nobody says."""
    start = _moment(tie.from_date, tie.from_precision) if tie.from_date else ""
    end = _moment(tie.to_date, tie.to_precision) if tie.to_date else ""
    if tie.tie is TieKind.TAKEN_OVER_FROM and start:
        return f"in {start}" if tie.from_precision is not Precision.DAY else f"on {start}"
    if start and end:
        return f"from {start} to {end}"
    if start:
        return f"since {start}"
    return f"until {end}" if end else ""


def sentence(line: TieLine) -> str:
    """Return a tie as one sentence, with who says so."""
    kind = TieKind(line.tie)
    now, past = _VERBS[kind] if kind in _VERBS else _MADE[Firmness(line.firmness)]
    verb = past if line.standing == "ended" else now
    text = f"{line.of_name} {verb} {line.to_name}"
    if line.when:
        text += f" {line.when}"
    if line.scope:
        text += f": {line.scope}"
    return f"{text}. Says ({line.confidence}): {line.source}."


def _scope(tie: Tie) -> str:
    parts = [tie.scope or ""]
    if tie.kinds:
        parts.append("only " + ", ".join(kind.value.replace("_", " ") for kind in tie.kinds))
    if tie.models:
        parts.append("only some models")
    elif tie.except_models:
        parts.append("not all models")
    return "; ".join(filter(None, parts))


def _source(maker: Maker, tie: Tie) -> Source:
    return next(source for source in maker.sources if source.id == tie.source)


def _moment(day: date, precision: Precision) -> str:
    if precision is Precision.YEAR:
        return str(day.year)
    text = on_day(day)
    return text.split(" ", 1)[1] if precision is Precision.MONTH else text
