"""What routers and firewalls are configured to do: weaker than what was seen, and never proof.

Produced by: isolation. Read by: app, reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .words import Basis


class PathAnswer(StrEnum):
    """Whether a configuration lets one network open conversations to another."""

    PERMITTED = "permitted"
    NOT_PERMITTED = "not_permitted"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a configuration; of what is not understood only the first word or two."""

    file: str
    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredPath:
    """The answer for one pair of networks, and the lines that it rests on."""

    source: str
    target: str
    answer: PathAnswer
    because: tuple[str, ...]
    lines: tuple[Line, ...]
    not_understood: tuple[Line, ...]
    #: A configuration is a declaration: it says what is meant to happen.
    basis: Basis = Basis.DECLARED
