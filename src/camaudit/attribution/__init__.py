"""Weigh signals into who made what, and say why."""

from .attribute import Attributor
from .explain import Sentence, explain
from .graph import MakerGraph

__all__ = ["Attributor", "MakerGraph", "Sentence", "explain"]
