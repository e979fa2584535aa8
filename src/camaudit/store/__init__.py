"""Keep and fetch model objects; translate, never decide."""

from .estate_file import EstateStore, create_estate, open_estate

__all__ = ["EstateStore", "create_estate", "open_estate"]
