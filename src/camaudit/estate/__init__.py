"""Decide which observations are one device, and where it lives."""

from .compare import Change, Difference, Look, compare
from .dating import Dating, date_installation
from .places import Files
from .resolve import identify, resolve
from .subjects import Subject, gather

__all__ = [
    "Change",
    "Dating",
    "Difference",
    "Files",
    "Look",
    "Subject",
    "compare",
    "date_installation",
    "gather",
    "identify",
    "resolve",
]
