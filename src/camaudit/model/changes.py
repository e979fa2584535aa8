"""What changes in time, and between two editions of a policy pack.

Produced by: policy (changes of rules, differences of packs), app (changes of devices). Read by:
app, reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .ids import DeviceId, RequirementId


class Cause(StrEnum):
    """Why a verdict may be another one from a day on."""

    RULE_BEGAN = "rule_began"
    RULE_ENDED = "rule_ended"
    RULE_SUSPENDED = "rule_suspended"
    RULE_RESUMED = "rule_resumed"
    RULE_CONTESTED = "rule_contested"
    RULE_DESCRIBED = "rule_described"
    #: A date by which something was to be done: announced, or gone by.
    DEADLINE = "deadline"
    EXCEPTION_ENDED = "exception_ended"
    #: A maker came on an instrument's list, or left it.
    LISTING = "listing"
    OWNERSHIP = "ownership"
    ARRIVED = "device_arrived"
    LEFT = "device_left"
    STATE = "device_state"
    BODY = "device_body"
    DECIDED = "decision_made"
    WITHDRAWN = "decision_withdrawn"
    EXPIRED = "decision_expired"
    #: None of these: the facts differ, and the sentence says which.
    FACTS = "facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that is otherwise from a day on."""

    day: date
    cause: Cause
    says: str
    #: The requirement that it is about; ``None``: all of the instrument.
    requirement: RequirementId | None = None
    #: The makers whose coverage it changes; empty where it is about something else.
    makers: tuple[str, ...] = ()
    #: ``None`` for what is not about one device.
    device: DeviceId | None = None
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that two editions of a pack say otherwise; an absent side is ``None``."""

    #: What it is about: ``requirement``, ``strength``, ``dates``, ``entities`` ...
    what: str
    requirement: RequirementId | None
    name: str
    before: str | None
    after: str | None
