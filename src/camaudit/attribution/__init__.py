"""Weigh signals into who made what, and say why."""

from .attribute import Attributed, Attributor
from .explain import Sentence, explain
from .graph import MakerGraph
from .relations import Relation, Relations, in_force

__all__ = [
    "Attributed",
    "Attributor",
    "MakerGraph",
    "Relation",
    "Relations",
    "Sentence",
    "explain",
    "in_force",
]
