"""Weigh signals into who made what, and say why."""

from .attribute import NAMED, Attributed, Attributor
from .explain import Sentence, explain
from .graph import MakerGraph
from .relations import Relation, Relations, in_force
from .weaknesses import Advisor, assess_unit, unit_of

__all__ = [
    "NAMED",
    "Advisor",
    "Attributed",
    "Attributor",
    "MakerGraph",
    "Relation",
    "Relations",
    "Sentence",
    "assess_unit",
    "explain",
    "in_force",
    "unit_of",
]
