"""Render the page of a verification: no script, no request, one style whose digest is named."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from camaudit.model.verification import Verification
from camaudit.reports import phrases
from camaudit.reports.legible import legible

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
            digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )
    stream.enable_buffering(256)
    return (piece.encode() for piece in stream)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("camaudit.reports.isolation", "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.globals.update(words=wording, picture=picture, phrases=phrases)
    return environment


def _finalize(value: object) -> object:
    if value is None:
        return ""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _stylesheet() -> str:
    loader = _environment().loader
    assert loader is not None  # noqa: S101 - for the type checker; set above
    found: Any = loader.get_source(_environment(), "style.css")[0]
    return str(found)
