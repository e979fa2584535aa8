"""Subjects, sites and judgements from literals, for tests of what is one device."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from camaudit.estate import Files, Subject, resolve
from camaudit.model.estate import Device, Resolution
from camaudit.model.ids import SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Site
from camaudit.model.words import JudgementKind

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
M1, M2, M3 = "02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03"
HQ = Site(id=SiteId("HQ"), name="Head office", networks=("10.1.0.0/24",))
DEPOT = Site(id=SiteId("DEPOT"), name="Depot", networks=("10.2.0.0/24",))


def subject(name: str, **given: Any) -> Subject:
    """Return a subject, named ``file/row``; a single text stands for a tuple of one."""
    tuples: dict[str, Any] = {
        key: (value,)
        if isinstance(value, str)
        else tuple(value)
        if isinstance(value, list)
        else value
        for key, value in given.items()
    }
    return Subject(name=name, **tuples)


def resolved(
    subjects: Iterable[Subject],
    judgements: Sequence[Judgement] = (),
    sites: Sequence[Site] = (HQ, DEPOT),
    files: Files | None = None,
) -> Resolution:
    return resolve({s.name: s for s in subjects}, judgements, sites, files or Files())


def groups(found: Resolution) -> set[frozenset[str]]:
    """Return which subjects are together."""
    return {frozenset(device.subjects) for device in found.devices}


def minted(found: Resolution) -> list[Judgement]:
    """Return what an import lays down so that ids stay."""
    return [
        judgement(JudgementKind.DEVICE_MINTED, each.device, anchors=list(each.anchors))
        for each in found.to_mint
    ]


def judgement(kind: JudgementKind, about: str, who: str = "tester", **body: Any) -> Judgement:
    return Judgement(kind=kind, subject=about, body=body, who=who, recorded_at=AT)


def only(found: Resolution) -> Device:
    [device] = found.devices
    return device
