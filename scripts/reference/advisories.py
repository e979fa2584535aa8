"""The page of published weaknesses: which firmware, known to be exploited or not, who says so."""

from __future__ import annotations

from camaudit.model.advisories import Advisory, Known, Scope, VersionRange
from camaudit.packs.advisories import load_advisories
from camaudit.packs.shipped import find_pack_files

from .markdown import address, code, page, table


def pages() -> dict[str, str]:
    """Return the pages by path below ``docs/reference``."""
    packs = load_advisories(find_pack_files())
    intro = [
        f"{len(packs.advisories)} records of {sum(len(a.ids) for a in packs.advisories)} published",
        f"weaknesses in `data/advisories/`; exploited as the catalogue of {packs.catalogue_on}",
        'lists them. "Cannot tell" outside of ranges means that the record does not say. How they',
        "are used is in [Look up known weaknesses](../how-to/look-up-weaknesses.md).",
    ]
    rows = [_row(each) for each in packs.advisories]
    head = ["Ids", "Maker", "What", "Affected", "Exploited", "Confidence and source"]
    return {
        "advisories.md": page(
            "Published weaknesses", "`data/advisories/`", intro, table(head, rows)
        )
    }


def _row(advisory: Advisory) -> tuple[object, ...]:
    names = ", ".join(code(each) for each in (advisory.maker, *advisory.rebrands))
    source = advisory.source
    told = f"{advisory.confidence.value}: {source.title} {address(source.url)}".strip()
    what = " ".join(filter(None, (advisory.title, advisory.note)))
    affected = "; ".join(_scope(each) for each in advisory.scopes)
    return ", ".join(advisory.ids), names, what, affected, _exploited(advisory), told


def _exploited(advisory: Advisory) -> str:
    exploited = advisory.exploited
    if exploited.known is Known.YES:
        return f"yes, since {exploited.added}"
    return exploited.note or ("not listed" if exploited.known is Known.NO else "not known")


def _scope(scope: Scope) -> str:
    kinds = ", ".join(kind.value.replace("_", " ") for kind in scope.kinds)
    which = " ".join(filter(None, (kinds, code(scope.models) if scope.models else "")))
    ranges = ", ".join(_range(each) for each in scope.ranges)
    otherwise = scope.otherwise.value.replace("_", " ")
    outside = f"otherwise {otherwise}" if ranges else otherwise
    return ": ".join(filter(None, (which, ", ".join(filter(None, (ranges, outside))))))


def _range(range_: VersionRange) -> str:
    ends = (
        ("from", range_.from_version),
        ("to", range_.to_version),
        ("before", range_.before_version),
        ("built from", range_.built_from),
        ("built before", range_.built_before),
    )
    told = " ".join(f"{word} {end}" for word, end in ends if end is not None)
    return f"{told} {range_.answer.value.replace('_', ' ')}"
