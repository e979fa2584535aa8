"""When was it put there: an interval, from everything that bounds it.

1. The register gives both bounds; a first sighting and the day on which a file that names the
   device was imported give the latest; an invoice and a production date in a serial number give
   the earliest: what was made later cannot have been there.
2. A firmware build bounds nothing: firmware is updated in place. It is named all the same.
3. A production date outranks the register. A doubtful one decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from camaudit.model.observation import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Dating:
    """The interval in which a device was installed, and the reasons in words."""

    interval: Interval
    doubtful: bool
    reasons: tuple[str, ...]


def date_installation(
    *,
    installed: Interval | None,
    invoiced: Interval | None,
    first_seen: datetime | None,
    listed_on: date | None,
    made_on: date | None,
    built_on: date | None,
    serial_doubt: str | None,
) -> Dating:
    """Narrow the installation interval; ``serial_doubt`` says why a serial is not to be trusted."""
    bounds = _Bounds()
    if made_on and serial_doubt:
        bounds.say(f"the serial number says made on {made_on}, but {serial_doubt}: not used")
    elif made_on:
        bounds.from_(made_on, f"made on {made_on} (serial number), so not there before")
    if invoiced and invoiced.not_before:
        bounds.from_(invoiced.not_before, f"invoiced from {invoiced.not_before}")
    if first_seen:
        bounds.until(first_seen.date(), f"first seen on {first_seen.date()}")
    if listed_on and not (first_seen and first_seen.date() <= listed_on):
        bounds.until(listed_on, f"known to the estate since {listed_on}")
    if installed is not None:
        _add_register(installed, bounds)
    if built_on:
        bounds.say(
            f"firmware built on {built_on}: bounds nothing, since firmware is updated in place"
        )
    return bounds.dating()


@dataclass(slots=True)
class _Bounds:
    """The latest lower and the earliest upper bound so far, and where they come from."""

    low: date | None = None
    high: date | None = None
    reasons: list[str] = field(default_factory=list)

    def say(self, reason: str) -> None:
        self.reasons.append(reason)

    def from_(self, day: date, reason: str | None = None) -> None:
        self.low = max(self.low or day, day)
        if reason:
            self.say(reason)

    def until(self, day: date, reason: str | None = None) -> None:
        self.high = min(self.high or day, day)
        if reason:
            self.say(reason)

    def dating(self) -> Dating:
        doubtful = bool(self.low and self.high and self.low > self.high)
        if doubtful:
            self.say(
                f"the dates contradict each other: not before {self.low}, not after {self.high}"
            )
        return Dating(
            interval=Interval(not_before=None if doubtful else self.low, not_after=self.high),
            doubtful=doubtful,
            reasons=tuple(self.reasons),
        )


def _add_register(installed: Interval, bounds: _Bounds) -> None:
    """Add the register's bounds, unless the unit was made or invoiced only after them."""
    if bounds.low and installed.not_after and installed.not_after < bounds.low:
        bounds.say(
            f"the register says installed {_span(installed)}, before the unit can have been "
            "there: not used"
        )
        return
    if installed.not_before:
        bounds.from_(installed.not_before)
    if installed.not_after:
        bounds.until(installed.not_after)
    bounds.say(f"the register says installed {_span(installed)}")


def _span(interval: Interval) -> str:
    if interval.not_before == interval.not_after:
        return f"on {interval.not_before}"
    if interval.not_before is None or interval.not_after is None:
        bound = interval.not_before or interval.not_after
        return f"{'by' if interval.not_before is None else 'not before'} {bound}"
    return f"between {interval.not_before} and {interval.not_after}"
