"""Recognise; never conclude."""

from .index import Index, compile_index, load_index
from .match import MAX_VALUE, Matches, match

__all__ = ["MAX_VALUE", "Index", "Matches", "compile_index", "load_index", "match"]
