"""The generated pages of ``docs/reference``: one module a subject, each with ``pages()``."""

from __future__ import annotations

from . import advisories, charters, commands, contract, formats, makers, policies, vocabulary

#: Each returns pages by path below ``docs/reference``.
MODULES = (advisories, charters, commands, contract, formats, makers, policies, vocabulary)
