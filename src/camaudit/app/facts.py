"""Build the table of facts that rules are judged on: one row a device, null where not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa

from camaudit.estate.device import REGISTER
from camaudit.model.attribution import Attribution
from camaudit.model.configuration import PathAnswer
from camaudit.model.estate import Device
from camaudit.model.ids import BodyId, DeviceId, SiteId
from camaudit.model.isolation import CONFIGURATION, PROBE, Separation
from camaudit.model.judgement import Judgement
from camaudit.model.policy import FACTS, Policy
from camaudit.model.words import (
    Basis,
    BodyKind,
    DeviceState,
    JudgementKind,
    Sensitivity,
    Tenure,
    Zone,
)

from .survey import Survey

#: An estate is what somebody has; orders have other events.
POSSESS: Final = "possess"
#: Kinds of body that work for others, and bring devices of their own.
_CONTRACTORS: Final = frozenset({BodyKind.US_FEDERAL_CONTRACTOR, BodyKind.TW_CONTRACTOR})
#: What a declared zone is worth as proof that a device is off the core network: nothing.
_NOTES: Final = {
    Zone.ISOLATED: "declared isolated, not verified",
    Zone.INTERNET: "declared on an internet-facing network, not verified",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """At which date facts are asked, and what the operator overrides."""

    on: date
    #: From a file that is never stored: site id -> class.
    sensitivity: Mapping[SiteId, Sensitivity] = field(default_factory=dict)


def build_facts(survey: Survey, policy: Policy, probable: float, setting: Setting) -> pa.Table:
    """Return one row of ``model.policy.FACTS`` a device, in the order of ``survey.devices``."""
    columns: dict[str, list[Any]] = {name: [] for name in FACTS.names}
    devices = {device.id: device for device in survey.devices}
    decisions = _decisions(survey, policy.id, setting.on, JudgementKind.DECISION)
    waivers = _decisions(survey, policy.id, setting.on, JudgementKind.WAIVER)
    for device in survey.devices:
        row = _row(survey, device, devices, policy, probable, setting)
        subjects = _subjects(device, row["site.sensitivity"])
        row["decisions"] = _standing(subjects, (each.id for each in policy.requirements), decisions)
        row["exceptions"] = _standing(
            subjects,
            (e.id for e in policy.exceptions if e.expires is None or setting.on <= e.expires),
            waivers,
        )
        for name, column in columns.items():
            column.append(row.get(name))
    arrays = [pa.array(columns[each.name], each.type) for each in FACTS]
    return pa.Table.from_arrays(arrays, schema=FACTS)


def state_of(device: Device, on: date) -> DeviceState | None:
    """Return a device's state at a date; ``None`` where only a later register entry speaks."""
    dated = [change for change in device.states if change.on <= on]
    if dated:
        return dated[-1].state
    later = any(change.who == REGISTER for change in device.states)
    return None if later else DeviceState.IN_SERVICE


def sensitivity_of(survey: Survey, device: Device, setting: Setting) -> Sensitivity:
    """Return the class of a device's site: the operator's file outranks the register."""
    if device.site is None:
        return Sensitivity.UNKNOWN
    given = setting.sensitivity.get(device.site)
    return given if given is not None else survey.sites[device.site].sensitivity


def body_of(survey: Survey, device: Device, on: date) -> tuple[str | None, BodyKind]:
    """Return who answers for a device: its operator, else its owner, else its site's owner."""
    for wanted in ("operator", "owner"):
        if held := _holder(device, wanted, on):
            return held, _kind_of(survey, held)
    site = survey.sites.get(device.site) if device.site else None
    if site is None or site.owner is None:
        return None, BodyKind.UNKNOWN
    return site.owner, _kind_of(survey, site.owner)


def _holder(device: Device, wanted: str, on: date) -> str | None:
    """Return who held a role last, on a day."""
    known = [(role.on or date.min, role.of) for role in device.roles if role.role == wanted]
    held = sorted((each for each in known if each[0] <= on), key=lambda each: each[0])
    return held[-1][1] if held else None


def _standing_to(survey: Survey, device: Device, on: date) -> dict[str, Any]:
    """Return what kinds of body answer for a device, how they stand to it, and whose it is."""
    body, kind = body_of(survey, device, on)
    site = survey.sites.get(device.site) if device.site else None
    rented = site is not None and site.tenure in {Tenure.LEASED, Tenure.SHARED}
    owner, operator = (_holder(device, role, on) for role in ("owner", "operator"))
    relation = [
        role
        for role, held in (("owner", owner), ("operator", operator))
        if held and body and _same(survey, held, body)
    ]
    relation += ["tenant"] if rented else []
    also = survey.body_also.get(body.casefold(), ()) if body else ()
    return {
        "body.kind": " ".join((kind.value, *(each.value for each in also))),
        "body.relation": " ".join(relation) or None,
        "device.owner": _whose(survey, owner, body, rented=rented) if owner and body else None,
        "site.lease_ends": site.lease_ends if site else None,
    }


def _whose(survey: Survey, owner: str, body: str, *, rented: bool) -> str:
    """Return whose a device is, seen from the body that answers for it."""
    if _same(survey, owner, body):
        return "body"
    if _kind_of(survey, owner) in _CONTRACTORS:
        return "contractor"
    return "landlord" if rented else "other"


def _same(survey: Survey, one: str, other: str) -> bool:
    """Whether two names, or ids, are of one body."""

    def names(name: str) -> set[str]:
        body = survey.bodies.get(BodyId(name))
        return {name.casefold(), body.name.casefold()} if body else {name.casefold()}

    return not names(one).isdisjoint(names(other))


def _kind_of(survey: Survey, name: str) -> BodyKind:
    return survey.body_kinds.get(name.casefold(), BodyKind.UNKNOWN)


def _row(
    survey: Survey,
    device: Device,
    devices: Mapping[DeviceId, Device],
    policy: Policy,
    probable: float,
    setting: Setting,
) -> dict[str, Any]:
    found = survey.attributions[device.id]
    dating = survey.datings[device.id]
    state = state_of(device, setting.on)
    row: dict[str, Any] = {
        **_standing_to(survey, device, setting.on),
        "device.surveillance": _surveillance(found, policy, probable),
        "device.kind": found.kind.value,
        "device.producer": found.maker,
        "device.producer.confidence": found.maker_confidence,
        "device.producer.aspect": found.maker_aspect,
        "device.producer.clean": found.clean,
        "device.producer.basis": _basis(found, device).value,
        "device.producer.confirmed": False,
        "device.producer.others": None if found.others is None else " ".join(found.others),
        "device.not_before": dating.interval.not_before,
        "device.not_after": dating.interval.not_after,
        "device.doubtful_dates": dating.doubtful,
        "device.present": _present(dating.interval.not_before, dating.interval.not_after, setting),
        "device.state": state.value if state else None,
        "site.sensitivity": sensitivity_of(survey, device, setting).value,
        "event.kind": POSSESS,
        "device.acquired_not_before": device.invoiced.not_before if device.invoiced else None,
        # what is installed was acquired before
        "device.acquired_not_after": (device.invoiced or dating.interval).not_after,
        "device.made_not_before": found.made_on,
        "device.made_not_after": found.made_on or (device.invoiced or dating.interval).not_after,
    }
    declared = _connection(device, devices, setting.on)
    measured = _measured(survey, device, declared, setting.on)
    if "device.core_connected" not in measured:
        measured |= _configured(survey, device, declared, setting.on)
    return row | _confirmed(survey, device) | declared | measured


def _basis(found: Attribution, device: Device) -> Basis:
    """Return what a producer rests on: what no reply confirms is only declared.

    A hardware address in a register is somebody's typing, whatever it would prove on the wire.
    """
    return Basis.DECLARED if found.register_only or not device.on_network else Basis.EVIDENCED


def _surveillance(found: Attribution, policy: Policy, probable: float) -> bool | None:
    if found.kind_confidence is not None and found.kind_confidence >= probable:
        return found.kind.value in policy.equipment_kinds
    if found.surveillance is None:
        return None
    if found.surveillance >= probable:
        return True
    return False if found.surveillance <= 1.0 - probable else None


def _confirmed(survey: Survey, device: Device) -> dict[str, Any]:
    judgement = survey.confirmed.get(device.id)
    if judgement is None:
        return {}
    return {
        "device.producer": judgement.body["maker"],
        "device.producer.confidence": 1.0,
        "device.producer.aspect": "hardware",
        "device.producer.clean": True,
        "device.producer.confirmed": True,
        "device.producer.others": "",
    }


def _present(low: date | None, high: date | None, setting: Setting) -> bool | None:
    if high is not None and high <= setting.on:
        return True
    if low is not None and low > setting.on:
        return False
    return None


def _connection(device: Device, devices: Mapping[DeviceId, Device], on: date) -> dict[str, Any]:
    """Return how a device reaches the network; an analogue head takes its recorder's connection."""
    recorder = devices.get(device.recorder) if device.recorder else None
    through = recorder if recorder is not None and not device.addresses else device
    zone = through.zone
    networked = through.networked if recorder is None else (through.networked is not False)
    result: dict[str, Any] = {
        "device.networked": networked,
        "device.core_basis": "declared",
        # declared is not measured: only what is on no network at all reaches nobody
        "device.internet": True if zone is Zone.INTERNET else (None if networked else networked),
    }
    if DeviceState.DISCONNECTED in (state_of(device, on), state_of(through, on)):
        return result | {"device.core_connected": False}
    if networked is False:
        return result | {"device.core_connected": None}
    if zone is Zone.CORE:
        return result | {"device.core_connected": True}
    return result | {
        "device.core_connected": None,
        "device.core_note": _NOTES.get(zone) if zone else None,
    }


def _measured(
    survey: Survey, device: Device, declared: Mapping[str, Any], on: date
) -> dict[str, Any]:
    """Return what traffic showed, as recorded by a day; it outranks what is declared.

    A contact is one whatever the register says, until a complete watch shows otherwise: one that
    cannot tell takes nothing back. Isolation that contradicts a declared connection leaves it open:
    one of the two is wrong, and somebody has to look.
    """
    found = [
        judgement
        for judgement in survey.isolations.get(device.id, ())
        if _last_day(judgement) <= on and _shows(judgement)
    ]
    if not found:
        return {}
    if Separation.ISOLATED in found[-1].body["answers"]:
        watched = _watched(found[-1])
        if declared.get("device.core_connected"):
            note = f"{watched}: isolated, though it is declared on the core network"
            return {"device.core_connected": None, "device.core_note": note}
        return {
            "device.core_connected": False,
            "device.core_basis": "evidenced",
            "device.core_note": watched,
            "device.internet": False,
        }
    contacts = _contacts(found)
    reaches = {Separation.REACHES_INTERNET, Separation.REACHES_MAKER_CLOUD}
    result: dict[str, Any] = {"device.internet": True} if contacts.keys() & reaches else {}
    if (core := contacts.get(Separation.CONNECTED_TO_CORE)) is not None:
        return result | {
            "device.core_connected": True,
            "device.core_basis": "evidenced",
            "device.core_note": _watched(core),
        }
    if (
        declared.get("device.core_connected") is None
        and declared.get("device.networked") is not False
    ):
        indirect = contacts.get(Separation.INDIRECT_PATH)
        why = "cannot tell" if indirect is None else "an indirect path was seen"
        result["device.core_note"] = f"{_watched(indirect or found[-1])}: {why}"
    return result


def _contacts(found: Sequence[Judgement]) -> dict[str, Judgement]:
    """Return what was seen since the last complete watch, and the latest judgement that saw it."""
    contacts: dict[str, Judgement] = {}
    for judgement in reversed(found):
        answers = set(judgement.body["answers"])
        if Separation.ISOLATED in answers:
            break
        for answer in answers - {Separation.CANNOT_TELL}:
            contacts.setdefault(answer, judgement)
        if judgement.body["complete"]:
            break
    return contacts


def _watched(judgement: Judgement) -> str:
    day = _last_day(judgement)
    if judgement.body.get("by") == PROBE:
        return f"probed on {day}"
    return f"watched for {judgement.body['hours']:g} hours until {day}"


def _shows(judgement: Judgement) -> bool:
    """Tell whether a judgement is by traffic, and more than a probe that was met with silence."""
    by = judgement.body.get("by")
    silence = judgement.body["answers"] == [Separation.CANNOT_TELL.value]
    return by != CONFIGURATION and not (silence and by == PROBE)


def _configured(
    survey: Survey, device: Device, declared: Mapping[str, Any], on: date
) -> dict[str, Any]:
    """Return what configurations permit, as last recorded by a day, where traffic left it open.

    A path that is permitted is a connection as declared; it outranks a zone in the register, but
    not that the device is unplugged or on no network. That none is permitted is never isolation: it
    leaves a declared connection open. The internet is not asked of: where the last router leads to
    is in no configuration.
    """
    found = [
        judgement
        for judgement in survey.isolations.get(device.id, ())
        if judgement.body.get("by") == CONFIGURATION and _last_day(judgement) <= on
    ]
    unplugged = declared.get("device.core_connected") is False
    if not found or unplugged or declared.get("device.networked") is False:
        return {}
    answer = PathAnswer(found[-1].body["configured"])
    note = f"as configured on {_last_day(found[-1])}"
    if answer is PathAnswer.PERMITTED:
        return {
            "device.core_connected": True,
            "device.core_basis": Basis.DECLARED.value,
            "device.core_note": f"{note}: a path to the core network is permitted",
        }
    if answer is PathAnswer.CANNOT_TELL:
        return {}
    note = f"{note}: no path to the core network is permitted, which is no proof"
    if declared.get("device.core_connected"):
        note = f"{note}; it is declared on the core network"
    return {"device.core_connected": None, "device.core_note": note}


def _last_day(judgement: Judgement) -> date:
    last = judgement.body["last"]
    return datetime.fromisoformat(last).date() if last else judgement.recorded_at.date()


@dataclass(frozen=True, slots=True)
class _Decision:
    requirement: str
    subject: str


def _decisions(survey: Survey, policy: str, on: date, kind: JudgementKind) -> frozenset[_Decision]:
    """Return what is decided or excepted at a date: from its day to its review or last day."""
    latest: dict[tuple[str, str], Judgement] = {}
    for judgement in survey.judgements:
        body = judgement.body
        if (
            judgement.kind is kind
            and body["policy"] == policy
            and date.fromisoformat(body["on"]) <= on
        ):
            latest[body["requirement"], _subject(survey, judgement.subject)] = judgement
    return frozenset(
        _Decision(requirement, subject)
        for (requirement, subject), judgement in latest.items()
        if judgement.body["outcome"] != "withdrawn" and _stands(judgement, on)
    )


def _subject(survey: Survey, subject: str) -> str:
    kind, _, name = subject.partition(":")
    return f"{kind}:{survey.resolution.current(DeviceId(name))}" if kind == "device" else subject


def _stands(judgement: Judgement, on: date) -> bool:
    review = judgement.body.get("review_on")
    return not review or on <= date.fromisoformat(review)


def _subjects(device: Device, sensitivity: str) -> tuple[str, ...]:
    """Return what a decision for a device can be about: itself, its site, its site's class."""
    site = (f"site:{device.site}",) if device.site else ()
    return (f"device:{device.id}", f"class:{sensitivity}", *site)


def _standing(subjects: Iterable[str], ids: Iterable[str], made: frozenset[_Decision]) -> str:
    """Return which of the ids have something on record for any of the subjects."""
    about = tuple(subjects)
    return " ".join(
        sorted(each for each in ids if any(_Decision(each, subject) in made for subject in about))
    )
