"""Say of a firmware version whether a record lists it, and what is missing where that is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from camaudit.model.advisories import Answer, Scope, Unit, VersionRange
from camaudit.model.ids import MakerId

from .versions import Version, build_day, is_less, read_version

_VERSION: Final = "the firmware version, with its build date"
_BUILD: Final = "the build date of the firmware, from its full version or the device's own page"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, why, and what would settle it where it is open."""

    answer: Answer
    reason: str
    settle: str = ""


def still_open(reason: str, settle: str) -> Outcome:
    """Return that it cannot be told."""
    return Outcome(Answer.CANNOT_TELL, reason, settle)


def by_version(maker: MakerId, scope: Scope, unit: Unit) -> Outcome:
    """Return what the version says, should the device be one of the scope's products."""
    version = read_version(unit.version, maker, unit.built_on) if unit.version else None
    open_: list[VersionRange] = []
    for each in scope.ranges:
        within = _within(each, maker, version, unit)
        if within:
            return _agreed(open_, each.answer, _inside(each, unit), maker, version, unit)
        if within is None:
            open_.append(each)
    if not scope.ranges:
        return _without_ranges(scope.otherwise)
    reason = f"Firmware {_firmware(unit)} is outside what the record lists: {_listed(scope)}."
    return _agreed(open_, scope.otherwise, reason, maker, version, unit)


def _without_ranges(answer: Answer) -> Outcome:
    if answer is Answer.AFFECTED:
        return Outcome(answer, "The record says that all versions are affected.")
    if answer is Answer.NOT_AFFECTED:
        return Outcome(answer, "The record says that no version is affected.")
    return still_open("The record gives no versions.", "the maker's notice for this model")


def _agreed(
    open_: Sequence[VersionRange],
    answer: Answer,
    reason: str,
    maker: MakerId,
    version: Version | None,
    unit: Unit,
) -> Outcome:
    """Return the answer unless a range that may fit as well would give another one."""
    undecided = [each for each in open_ if each.answer is not answer]
    if not undecided:
        if answer is Answer.CANNOT_TELL:
            return still_open(
                f"{reason} Of such firmware the record says nothing.", "the maker's notice"
            )
        return Outcome(answer, reason)
    return _missing(undecided[0], maker, version, unit)


def _missing(range_: VersionRange, maker: MakerId, version: Version | None, unit: Unit) -> Outcome:
    """Say which version fact is missing to decide a range."""
    listed = f"the record lists {_range(range_)}"
    needs_build = range_.built_before or range_.built_from
    if needs_build and _built(version, unit) is None:
        if unit.version is None:
            return still_open(f"No build date is known; {listed}.", _VERSION)
        return still_open(f"The version {unit.version} tells no build date; {listed}.", _BUILD)
    if version is None:
        return still_open(f"No firmware version is known; {listed}.", _VERSION)
    if _lacks_build(range_, maker, version):
        return still_open(f"The version {unit.version} lacks its build; {listed}.", _BUILD)
    return still_open(
        f"The version {unit.version} cannot be compared: {listed}, and another product line or "
        "customer build counts apart.",
        "the maker's notice for this line of firmware",
    )


def _lacks_build(range_: VersionRange, maker: MakerId, version: Version) -> bool:
    if version.build is not None:
        return False
    bounds = (range_.from_version, range_.to_version, range_.before_version)
    read = [read_version(each, maker) for each in bounds if each]
    return any(replace(each, build=None) == version for each in read)


def _built(version: Version | None, unit: Unit) -> date | None:
    return (build_day(version) if version else None) or unit.built_on


def _within(
    range_: VersionRange, maker: MakerId, version: Version | None, unit: Unit
) -> bool | None:
    """Tell whether firmware lies in a range: no if any end says so, yes if all do."""
    answers = [*_within_versions(range_, maker, version), *_within_days(range_, version, unit)]
    if False in answers:
        return False
    return None if None in answers else True


def _within_versions(
    range_: VersionRange, maker: MakerId, version: Version | None
) -> Iterator[bool | None]:
    if range_.from_version is not None:
        yield _not(_less(version, range_.from_version, maker))
    if range_.to_version is not None:
        yield _not(_less(version, range_.to_version, maker, swapped=True))
    if range_.before_version is not None:
        yield _less(version, range_.before_version, maker)


def _less(
    version: Version | None, bound: str, maker: MakerId, *, swapped: bool = False
) -> bool | None:
    if version is None:
        return None
    end = read_version(bound, maker)
    if end.build is None and end.grammar != "text":
        version = replace(version, build=None)  # an end without a build means every build of it
    return is_less(end, version) if swapped else is_less(version, end)


def _not(answer: bool | None) -> bool | None:  # noqa: FBT001 - a value, not a switch
    return None if answer is None else not answer


def _within_days(
    range_: VersionRange, version: Version | None, unit: Unit
) -> Iterator[bool | None]:
    built = _built(version, unit)
    if range_.built_from is not None:
        yield None if built is None else built >= range_.built_from
    if range_.built_before is not None:
        yield None if built is None else built < range_.built_before


def _inside(range_: VersionRange, unit: Unit) -> str:
    return f"Firmware {_firmware(unit)} is within what the record lists: {_range(range_)}."


def _firmware(unit: Unit) -> str:
    parts = [unit.version or "of unknown version"]
    if unit.built_on:
        parts.append(f"built on {unit.built_on}")
    return ", ".join(parts)


def _listed(scope: Scope) -> str:
    return "; ".join(_range(each) for each in scope.ranges)


def _range(range_: VersionRange) -> str:
    """Return a range in words."""
    start, end = range_.from_version, range_.to_version
    parts = []
    if start is not None and start == end:
        parts.append(f"version {start}")
    elif start is not None:
        parts.append(f"from {start}")
    if end is not None and start != end:
        parts.append(f"up to and with {end}")
    if range_.before_version is not None:
        parts.append(f"before {range_.before_version}")
    if range_.built_from is not None:
        parts.append(f"built from {range_.built_from}")
    if range_.built_before is not None:
        parts.append(f"built before {range_.built_before}")
    return f"{' '.join(parts) or 'every version'} ({range_.answer.value.replace('_', ' ')})"
