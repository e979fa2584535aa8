"""On which days the facts of a device are otherwise than on the day before, and why.

It mirrors ``facts``: whatever is asked there at a date must turn on one of these days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from camaudit.model.changes import Cause, Change
from camaudit.model.estate import Device
from camaudit.model.ids import DeviceId, RequirementId
from camaudit.model.judgement import Judgement
from camaudit.model.policy import Policy
from camaudit.model.words import DeviceState, JudgementKind
from camaudit.policy.changes import day_after

from .facts import Setting, sensitivity_of
from .survey import Survey

#: States in which a device is no longer where it was.
_GONE: Final = frozenset({DeviceState.REMOVED, DeviceState.DISPOSED, DeviceState.IN_STORAGE})
#: Kinds of judgement about a policy that stand from a day to a day.
_STANDING: Final = {
    JudgementKind.DECISION: "decision on",
    JudgementKind.WAIVER: "exception",
}
_TAKEN_BACK: Final = "withdrawn"


class DeviceChanges:
    """The changes of each device of an estate, under one policy."""

    def __init__(self, survey: Survey, policy: Policy, setting: Setting) -> None:
        self._survey, self._setting = survey, setting
        self._devices = {device.id: device for device in survey.devices}
        self._known = {rule.id for rule in policy.requirements}
        self._expires = {each.id: each.expires for each in policy.exceptions}
        #: Judgements about the policy, by what they are about.
        self._about: dict[str, list[Judgement]] = {}
        self.judgements = [
            each
            for each in survey.judgements
            if each.kind in _STANDING and each.body["policy"] == policy.id
        ]
        for judgement in self.judgements:
            subject = _subject(survey, judgement.subject)
            self._about.setdefault(subject, []).append(judgement)

    def of(self, device: Device) -> tuple[Change, ...]:
        """Return the changes of a device, oldest first."""
        found = [
            *self._presence(device),
            *_states(device, device.id, "it"),
            *self._recorder(device),
            *self._roles(device),
            *self._decisions(device),
        ]
        return tuple(sorted(found, key=lambda each: each.day))

    def _presence(self, device: Device) -> Iterator[Change]:
        interval = self._survey.datings[device.id].interval
        low, high = interval.not_before, interval.not_after
        if low is not None and low != high:
            yield _change(low, Cause.ARRIVED, "it may have been there from this day", device.id)
        if high is not None:
            says = "it was there from this day" if low == high else "it was there by this day"
            yield _change(high, Cause.ARRIVED, says, device.id)

    def _recorder(self, device: Device) -> Iterator[Change]:
        recorder = self._devices.get(device.recorder) if device.recorder else None
        if recorder is not None:
            yield from _states(recorder, device.id, "its recorder")

    def _roles(self, device: Device) -> Iterator[Change]:
        for role in device.roles:
            if role.on is not None and role.role in ("operator", "owner"):
                says = f"its {role.role} is another from this day"
                yield _change(role.on, Cause.BODY, says, device.id)

    def _decisions(self, device: Device) -> Iterator[Change]:
        sensitivity = sensitivity_of(self._survey, device, self._setting)
        subjects = {
            f"device:{device.id}": "for it",
            f"site:{device.site}": "for its site",
            f"class:{sensitivity.value}": "for its class of sites",
        }
        for subject, whom in subjects.items():
            about = self._about.get(subject, [])
            for at, judgement in enumerate(about):
                yield from self._decision(judgement, about[at + 1 :], whom, device.id)

    def _decision(
        self, judgement: Judgement, later: Sequence[Judgement], whom: str, device: DeviceId
    ) -> Iterator[Change]:
        body: Mapping[str, Any] = judgement.body
        name, on = body["requirement"], date.fromisoformat(body["on"])
        what = f"the {_STANDING[judgement.kind]} {name} {whom}"
        of_rule = judgement.kind is JudgementKind.DECISION and name in self._known
        rule = RequirementId(name) if of_rule else None
        if body["outcome"] == _TAKEN_BACK:
            yield _change(on, Cause.WITHDRAWN, f"{what} is taken back", device, rule)
            return
        says = f"{what} is recorded: {_plain(body['outcome'])}"
        yield _change(on, Cause.DECIDED, says, device, rule)
        until = self._last_day(judgement)
        expired = day_after(until)
        if (
            expired is not None
            and expired > on
            and not any(_follows(each, judgement, expired) for each in later)
        ):
            says = f"{what} stood until {until} and has expired"
            yield _change(expired, Cause.EXPIRED, says, device, rule)

    def _last_day(self, judgement: Judgement) -> date | None:
        """Return until when it stands: its own last day, or that of the exception it rests on."""
        review = judgement.body.get("review_on")
        days = [date.fromisoformat(review) if review else None]
        if judgement.kind is JudgementKind.WAIVER:
            days.append(self._expires.get(judgement.body["requirement"]))
        return min((day for day in days if day is not None), default=None)


def _follows(later: Judgement, judgement: Judgement, day: date) -> bool:
    """Say whether a later judgement stands in the place of one on a day."""
    same = later.kind is judgement.kind
    same &= later.body["requirement"] == judgement.body["requirement"]
    return same and date.fromisoformat(later.body["on"]) <= day


def _states(of: Device, device: DeviceId, what: str) -> Iterable[Change]:
    for state in of.states:
        if state.on == date.min:
            continue
        gone = state.state in _GONE and of.id == device
        yield _change(
            state.on,
            Cause.LEFT if gone else Cause.STATE,
            f"{what} is {_plain(state.state.value)}",
            device,
        )


def _change(
    day: date,
    cause: Cause,
    says: str,
    device: DeviceId,
    requirement: RequirementId | None = None,
) -> Change:
    return Change(day=day, cause=cause, says=says, device=device, requirement=requirement)


def _subject(survey: Survey, subject: str) -> str:
    kind, _, name = subject.partition(":")
    return f"{kind}:{survey.resolution.current(DeviceId(name))}" if kind == "device" else subject


def _plain(word: str) -> str:
    return word.replace("_", " ")
