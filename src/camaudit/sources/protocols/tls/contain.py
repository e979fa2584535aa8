"""Contain what the certificate library raises."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

ValueT = TypeVar("ValueT")


def contained(read: Callable[[], ValueT]) -> ValueT | None:
    """Return what ``read`` returns, ``None`` where the library refuses or fails.

    It raises ``ValueError``, exceptions of its own, and on a fault in its Rust core a panic, which
    to Python is no ``Exception``.
    """
    try:
        return read()
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            return None
        raise
