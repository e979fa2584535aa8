"""What pages share: templates whose text is escaped and legible, and one style that is named."""

from __future__ import annotations

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .legible import legible


def make_environment(package: str) -> Environment:
    """Return the environment of the folder ``template`` of a report's package.

    Whatever is filled in is escaped and made legible, unless it is markup already; ``None`` is
    nothing, and a name that is not given is an error.
    """
    return Environment(
        loader=PackageLoader(package, "template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )


def stylesheet(environment: Environment) -> str:
    """Return ``style.css`` as it stands in the folder."""
    loader = environment.loader
    assert loader is not None  # noqa: S101 - for the type checker; made above
    return loader.get_source(environment, "style.css")[0]


def style_digest(style: str) -> str:
    """Return what ``Content-Security-Policy`` names a style by: its SHA-256 in base64."""
    return base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _finalize(value: object) -> object:
    if value is None:
        return ""
    return legible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
