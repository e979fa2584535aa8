"""Say who talks across which boundary: a page with a picture for people, lines for programs."""

from .build import build
from .lines import lines
from .redact import redact

__all__ = ["build", "lines", "redact"]
