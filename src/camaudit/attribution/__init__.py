"""Weigh signals into who made what, and say why."""

from .attribute import Attributed, Attributor
from .explain import Sentence, explain
from .graph import MakerGraph

__all__ = ["Attributed", "Attributor", "MakerGraph", "Sentence", "explain"]
