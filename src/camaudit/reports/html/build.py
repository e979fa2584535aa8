"""Render the report page by page of text: no script, no request, one style whose digest is named.

1. The page's policy (``Content-Security-Policy``) allows the one style by its SHA-256 and nothing
   else, so that no text of a device can load or run anything even if it were to escape.
2. Only ``charts`` and ``ties`` make markup; everything else is escaped by Jinja.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from camaudit.model.snapshot import DutyCount, Snapshot
from camaudit.reports import phrases
from camaudit.reports.grounds import insist, judged, verdicts_given
from camaudit.reports.legible import legible
from camaudit.reports.pages import make_environment, style_digest, stylesheet
from camaudit.reports.standing import groups, worst_first

from . import charts, ties

#: More would make a page that a browser opens with trouble and nobody reads.
MOST_DEVICES: Final = 2_000
MOST_SITES: Final = 2_000
#: Template pieces joined into one chunk.
_PIECES: Final = 256


def build(snapshot: Snapshot) -> Iterator[bytes]:
    """Yield the page in chunks."""
    insist(snapshot)
    stream = _environment().get_template("report.html").stream(**_context(snapshot))
    stream.enable_buffering(_PIECES)
    return (piece.encode() for piece in stream)


def _context(snapshot: Snapshot) -> dict[str, Any]:
    style = _style(phrases.banner(snapshot))
    sites = sorted(snapshot.sites, key=lambda s: (-s.breaches, -s.cannot_tell, -s.devices, s.name))
    return {
        "s": snapshot,
        "style": Markup(style),  # noqa: S704 - our own file; the marking in it is escaped for CSS
        "digest": style_digest(style),
        "groups": groups(snapshot.devices, MOST_DEVICES),
        "most_devices": MOST_DEVICES,
        "sites": sites[:MOST_SITES],
        "sites_left": max(0, len(sites) - MOST_SITES),
        "verdicts_given": verdicts_given(snapshot),
        "ties": ties.pictures(snapshot.ties, ties.on_record(snapshot)),
        "headlines": list(_headlines(snapshot.duties)),
        "open_clauses": [duty for duty in snapshot.duties if duty.cannot_tell],
    }


def _headlines(duties: tuple[DutyCount, ...]) -> Iterator[tuple[str, DutyCount, int, str]]:
    """Yield (tone, duty, number, what) for whatever a reader must not miss."""
    for duty in duties:
        if duty.breaches:
            verb = "breaches" if duty.breaches == 1 else "breach"
            yield "breaches", duty, duty.breaches, verb
    for duty in duties:
        if duty.outstanding:
            verb = "has" if duty.outstanding == 1 else "have"
            yield "outstanding", duty, duty.outstanding, f"{verb} a decision outstanding on"


@cache
def _environment() -> Environment:
    environment = make_environment("camaudit.reports.html")
    environment.globals.update(phrases=phrases, charts=charts, judged=judged, tie_words=ties.WORDS)
    environment.filters.update(
        day=phrases.on_day,
        plain=phrases.plain,
        outcome=phrases.outcome,
        tone=phrases.tone,
        worst_first=worst_first,
    )
    return environment


@cache
def _stylesheet() -> str:
    return stylesheet(_environment())


def _style(banner: str) -> str:
    """Return the style with the marking in the margins of each printed page."""
    text = _css_string(banner)
    return _stylesheet() + (
        "@page{"
        f"@top-center{{content:{text}}}"
        f"@bottom-center{{content:{text}}}"
        '@bottom-right{content:"Page " counter(page) " of " counter(pages)}}\n'
    )


def _css_string(text: str) -> str:
    """Return any text as a CSS string: all but letters and digits as escapes."""
    inner = "".join(
        each if each.isascii() and each.isalnum() else f"\\{ord(each):x} "
        for each in legible(text).replace("\n", " ")
    )
    return f'"{inner}"'
