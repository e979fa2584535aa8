"""Render the page of a verification: no script, no request, one style whose digest is named."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from camaudit.model.verification import Verification
from camaudit.reports import phrases
from camaudit.reports.pages import make_environment, style_digest, stylesheet

from . import picture, wording

#: More would make a page that nobody reads; JSON Lines have them all.
MOST_DEVICES: Final = 1_000
MOST_CONTACTS: Final = 200


def build(found: Verification) -> Iterator[bytes]:
    """Yield the page in chunks."""
    style = _stylesheet()
    devices = wording.worst_first(found.devices)
    stream = (
        _environment()
        .get_template("isolation.html")
        .stream(
            v=found,
            devices=devices[:MOST_DEVICES],
            total=len(devices),
            counts=wording.counts(found),
            most_contacts=MOST_CONTACTS,
            style=Markup(style),  # noqa: S704 - our own file
            digest=style_digest(style),
        )
    )
    stream.enable_buffering(256)
    return (piece.encode() for piece in stream)


@cache
def _environment() -> Environment:
    environment = make_environment("camaudit.reports.isolation")
    environment.globals.update(words=wording, picture=picture, phrases=phrases)
    return environment


@cache
def _stylesheet() -> str:
    return stylesheet(_environment())
