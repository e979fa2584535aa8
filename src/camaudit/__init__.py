"""Find every camera on an estate, say who made it, and decide what each rule asks of it."""

__version__ = "0.1.0"
