"""Present: commands that each call one use case, and how errors and exit codes look."""

from .main import main

__all__ = ["main"]
