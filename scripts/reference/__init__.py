"""The generated pages of ``docs/reference``: one module a subject, each with ``pages()``."""

from __future__ import annotations

from . import charters, commands, contract, formats, makers, policies, vocabulary

#: Each returns pages by path below ``docs/reference``.
MODULES = (charters, commands, contract, formats, makers, policies, vocabulary)
