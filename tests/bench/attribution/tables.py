"""The tables of RESULTS.md, as Markdown."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from camaudit.model.words import OUTSIDE_KINDS, Kind

from .devices import Contradiction, Tried
from .leave_out import LeftOut
from .measure import Answer
from .reliability import SURE, Trial, bands, brier, precision_at, sure_share

#: Kinds that are no surveillance device, or that say nothing.
OUTSIDE: Final = frozenset({*OUTSIDE_KINDS, Kind.UNKNOWN, Kind.SERVICE})
#: What a false name would cost most.
LISTED: Final = frozenset({"hikvision", "dahua"})
STRONG: Final = 0.95
#: Shares of covered makers among the devices looked at.
PREVALENCES: Final = (0.01, 0.10, 0.60)
_ASSUMED: Final = (
    "The assumed base rate is that of `weights.yaml`: before any signal, a maker that some signal "
    "names has the log odds {}, a probability of {:.2f}.\n"
)
_BRIER: Final = "\nBrier score {:.4f}. Of the right answers, {:.1%} stand at {:.2f} or above.\n"
_CONTROL: Final = "".join(map(chr, range(32)))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in lines)


def summary(found: Sequence[Answer], changed: Sequence[Answer]) -> str:
    """Return what the real strings come to, as given and changed."""
    altered = sum(a.row.value != b.row.value for a, b in zip(found, changed, strict=True))
    rows = []
    for name, each in (("as given", found), (f"changed ({altered} differ)", changed)):
        covered = [one for one in each if one.row.maker]
        right = sum(one.right for one in covered)
        wrong = sum(one.wrong for one in each)
        rows.append((name, len(each), len(covered), right, _percent(right, len(covered)), wrong))
    head = ("set", "strings", "of covered makers", "right", "share", "named falsely")
    lost = sum(a.right and not b.right for a, b in zip(found, changed, strict=True))
    return f"{table(head, rows)}\n\nThe changed set loses {lost} lines."


def by_set(sets: Mapping[str, Sequence[Answer]]) -> str:
    """Return how many names are right and false, set by set."""
    rows = []
    for name, each in sets.items():
        judged = [one for one in each if one.judged]
        covered = [one for one in judged if one.row.maker]
        rows.append(
            (
                name,
                len(judged),
                len(covered),
                sum(one.right for one in covered),
                sum(one.wrong for one in judged),
                sum(one.wrong and one.line.maker in LISTED for one in judged),
            )
        )
    head = ("set", "strings", "of covered makers", "named rightly", "named falsely")
    return table((*head, "of these Hikvision or Dahua"), rows)


def by_maker(found: Sequence[Answer]) -> str:
    """Return a line a maker."""
    makers: dict[str, list[Answer]] = defaultdict(list)
    for one in found:
        makers[one.row.maker or "another, or nobody"].append(one)
    rows = [
        (
            maker,
            len(each),
            sum(one.line.maker is not None and one.right for one in each),
            sum(one.line.maker is None for one in each),
            sum(one.wrong for one in each),
        )
        for maker, each in sorted(makers.items())
    ]
    return table(("maker", "strings", "right", "silent", "named falsely"), rows) + "\n"


def reliability(evidence: Mapping[str, Sequence[Trial]], prior: float) -> str:
    """Return a table for each kind of evidence, and one of all."""
    together = [one for each in evidence.values() for one in each]
    parts = [_ASSUMED.format(prior, _logistic(prior))]
    for name, each in (*evidence.items(), ("together", together)):
        rows = [
            (
                f"{band.low:.2f} to {band.high:.2f}",
                band.answers,
                f"{band.count:.0f}",
                f"{band.mean:.3f}" if band.count else "-",
                f"{band.right / band.count:.3f}" if band.count else "-",
                "{:.3f} to {:.3f}".format(*band.interval),
                ("yes" if band.holds else "**no**") if band.count else "-",
            )
            for band in bands(each)
        ]
        head = ("band", "answers", "groups", "mean confidence", "share right", "interval", "holds")
        parts += [
            f"### {name.capitalize()}\n",
            table(head, rows),
            _BRIER.format(brier(each), sure_share(each), SURE),
        ]
    return "\n".join(parts)


def base_rates(found: Sequence[Answer], sought_out: str) -> str:
    """Return precision at each share of covered makers, without and with the set sought out."""
    usual = rates([one for one in found if one.row.set != sought_out])
    hard = rates(found)
    rows = [
        (f"{share:.0%}", *(f"{precision_at(share, *each):.3f}" for each in (usual, hard)))
        for share in PREVALENCES
    ]
    rows += [
        (name, f"{one:.4f}", f"{other:.4f}")
        for name, one, other in zip(("recall", "false"), usual, hard, strict=True)
    ]
    return table(("covered makers", "precision", "with the look-alikes"), rows)


def rates(found: Sequence[Answer]) -> tuple[float, float]:
    """Return recall on devices of covered makers, and the share of all else that is misnamed."""
    covered = [one for one in found if one.row.maker and one.row.kind not in OUTSIDE_KINDS]
    others = [one for one in found if not one.row.maker or one.row.kind in OUTSIDE_KINDS]
    return (
        sum(one.right for one in covered) / len(covered),
        sum(one.wrong for one in others) / len(others),
    )


def left_out(found: Sequence[LeftOut]) -> str:
    """Return whom packs without a maker name for its strings."""
    makers = len({one.row.maker for one in found})
    counted = Counter(
        "another" if one.another else "its family" if one.maker else "nobody" for one in found
    )
    rows = [(who, counted[who]) for who in ("nobody", "its family", "another")]
    others = sorted(
        (one for one in found if one.another),
        key=lambda one: (-one.confidence, one.row.maker or "", one.row.value),
    )
    lines = [
        f"- {_show(one.row.protocol, one.row.field, one.row.value)} of {one.row.maker}: "
        f"{one.maker} at {one.confidence:.2f}"
        for one in others
    ]
    text = table((f"named, of {len(found)} strings of {makers} makers", "strings"), rows)
    return "\n".join([text, *(["", *lines] if lines else [])])


def kinds(sets: Mapping[str, Sequence[Answer]]) -> str:
    """Return how many kinds are right, and how many things are falsely taken for cameras."""
    rows = []
    for name, each in sets.items():
        inside = [one for one in each if one.row.kind and one.row.kind not in OUTSIDE]
        strong = [one for one in inside if one.right and _sure(one) >= STRONG]
        outside = [one for one in each if one.row.kind in OUTSIDE_KINDS]
        rows.append(
            (
                name,
                len(inside),
                sum(one.line.kind == one.row.kind for one in inside),
                len(strong),
                sum(one.line.kind == one.row.kind for one in strong),
                len(outside),
                sum(one.false_camera for one in outside),
            )
        )
    head = ("set", "with a kind", "right", "strong", "right", "no cameras", "false cameras")
    return table(head, [row for row in rows if row[1] or row[5]])


def degraded(found: Mapping[str, Sequence[Tried]]) -> str:
    """Return how right and how sure answers are, the less evidence there is."""
    rows = []
    for name, each in found.items():
        named = [one for one in each if one.line.maker is not None]
        right = sum(one.line.maker == one.maker for one in named)
        mean = math.fsum(one.line.maker_confidence or 0.0 for one in named) / len(named)
        share = _percent(len(named), len(each))
        rows.append((name, len(each), share, _percent(right, len(named)), f"{mean:.3f}"))
    return table(("evidence", "devices", "coverage", "accuracy", "mean confidence"), rows)


def contradictory(found: Sequence[Contradiction]) -> str:
    """Return whether contradictions are shown, and what they do to confidence."""
    rows = [
        ("devices", len(found)),
        ("both makers shown", sum(one.shown for one in found)),
        ("a conflict listed", sum(bool(one.line.conflicts) for one in found)),
        ("confidence lower than without the contradiction", sum(one.fell for one in found)),
        ("a maker named at .95 or above", sum(one.after >= STRONG for one in found)),
        ("the mean of confidence without", f"{_mean([one.before for one in found]):.3f}"),
        ("with", f"{_mean([one.after for one in found]):.3f}"),
    ]
    return table(("what", "count"), rows)


def generic(found: Sequence[Answer]) -> str:
    """Return how strongly strings that many show name anybody."""
    named = [one for one in found if one.line.maker]
    loud = sum(_sure(one) >= 0.8 for one in named)
    return (
        f"Of {len(found)} strings that many makers' devices show, {len(named)} name somebody, "
        f"{loud} of them at .80 or above. Whose they are is not known."
    )


def faults(sets: Mapping[str, Sequence[Answer]]) -> str:
    """List the false names and the missed real strings."""
    lines = [
        f"- {name}: {_show(one.row.protocol, one.row.field, one.row.value)}: expected "
        f"{one.row.maker or 'none'}, got {one.line.maker or 'none'}"
        + (f" at {_sure(one):.2f}" if one.line.maker else "")
        for name, each in sets.items()
        for one in each
        if one.judged and (one.wrong or (one.row.real and not one.right))
    ]
    return "\n".join(lines or ["Nothing."]) + "\n"


def _show(protocol: str, field: str, value: str) -> str:
    text = "".join(" " if char in _CONTROL else char for char in value)[:80]
    return f"`{protocol}.{field}` `{text.replace('`', ' ').strip()}`"


def _sure(one: Answer) -> float:
    return one.line.maker_confidence or 0.0


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _logistic(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
