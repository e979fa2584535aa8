"""What the purchase gate says, for people at a terminal, for machines and for suppliers."""

from .junit import junit
from .letter import letters
from .sarif import sarif
from .screen import render

__all__ = ["junit", "letters", "render", "sarif"]
