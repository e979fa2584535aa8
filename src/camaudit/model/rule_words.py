"""Words of a rule on how deep it looks into a device, and on what goes before it.

Produced by: packs.
Read by: policy, packs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ComponentDepth(StrEnum):
    """How deep into a device a rule looks for what a covered maker made."""

    WHOLE_DEVICE = "whole_device"
    #: What is necessary for the proper function of the device.
    ESSENTIAL_COMPONENT = "essential_component"
    ANY_COMPONENT = "any_component"
    FIRMWARE = "firmware"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedence:
    """Another instrument that goes before a requirement where both apply; both are still shown."""

    policy: str
    #: None: the instrument as a whole.
    requirement: str | None
    says: str
    citations: tuple[str, ...]
