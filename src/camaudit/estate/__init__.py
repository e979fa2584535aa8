"""Decide which observations are one device, and where it lives."""

from .dating import Dating, date_installation
from .places import Files
from .resolve import identify, resolve
from .subjects import Subject, gather

__all__ = ["Dating", "Files", "Subject", "date_installation", "gather", "identify", "resolve"]
