"""Say what is wrong with a line, in words that name the member to mend."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from camaudit.model.observation import Problem

_NAMES: Final = ("device", "protocol", "field")


def is_blank_line(raw: bytes) -> bool:
    """Tell whether a line holds nothing."""
    return not raw.strip(b" \t\r")


def diagnose(raw: bytes, number: int, error: Exception) -> Problem:
    """Return the first thing wrong with a line that raised ``error`` when it was read."""
    field, message = _wrong(raw)
    return Problem(
        position=f"line {number}", field=field, message=message or f"cannot be read: {error}"
    )


def _wrong(raw: bytes) -> tuple[str, str]:
    if b"\0" in raw:
        return "", "the line holds a NUL byte; it is damaged, or not UTF-8"
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return "", f"byte {error.start + 1} of the line is not UTF-8; send such values as value_b64"
    try:
        line = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        return "", f"not JSON: {error}"
    if not isinstance(line, dict):
        return "", 'not a JSON object; write {"device": ..., "protocol": ..., "field": ..., ...}'
    for name in _NAMES:
        if message := _wrong_name(line.get(name)):
            return name, message
    return _wrong_value(line)


def _wrong_name(value: object) -> str:
    if value is None:
        return "is missing"
    if not isinstance(value, str):
        return f"must be text, not {type(value).__name__}"
    return "" if value else "must not be empty"


def _wrong_value(line: Mapping[str, object]) -> tuple[str, str]:
    text, coded = line.get("value"), line.get("value_b64")
    if (text is None) == (coded is None):
        return "value", "give exactly one of value and value_b64"
    if text is not None and not isinstance(text, str):
        return "value", f"must be text, not {type(text).__name__}"
    if coded is not None:
        if not isinstance(coded, str):
            return "value_b64", f"must be text, not {type(coded).__name__}"
        try:
            base64.b64decode(coded, validate=True)
        except (binascii.Error, ValueError):
            return "value_b64", "is not base64 (RFC 4648 section 4)"
    return _wrong_time(line.get("seen_at"))


def _wrong_time(value: object) -> tuple[str, str]:
    if value is None:
        return "", ""
    if isinstance(value, str):
        try:
            msgspec.convert(value, type=datetime)
        except msgspec.ValidationError:
            pass
        else:
            return "", ""
    return "seen_at", "is not a time such as 2026-11-22T09:30:00Z (RFC 3339)"
