"""The public exception types."""

from __future__ import annotations


class CamauditError(Exception):
    """Base of every error that a user can cause and mend; its text says what to do next."""


class DecodeError(CamauditError):
    """Bytes that are not a message of the protocol that was asked to read them."""


class LineError(CamauditError):
    """Nothing can be had from a port of a device; ``outcome`` is a ``model.scan.Outcome``."""

    def __init__(self, outcome: str, detail: str = "") -> None:
        self.outcome, self.detail = outcome, detail
        super().__init__(f"{outcome}: {detail}" if detail else outcome)


class PackError(CamauditError):
    """A data pack that cannot be trusted: the text names file, line and field."""

    def __init__(self, message: str, *, file: str = "", line: int = 0, field: str = "") -> None:
        self.file, self.line, self.field = file, line, field
        where = ":".join(part for part in (file, str(line) if line else "") if part)
        detail = f"{field}: {message}" if field else message
        super().__init__(f"{where}: {detail}" if where else detail)


class SourceError(CamauditError):
    """An input file as a whole cannot be read (a single bad row is a ``Problem``, not this)."""


class EstateError(CamauditError):
    """The estate cannot be opened, or cannot take this change."""


class UsageError(CamauditError):
    """The request itself does not make sense; nothing was read or written."""
