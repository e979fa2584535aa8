"""A small estate in a directory of its own, filled through the importers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from camaudit.app import judge
from camaudit.app.assess import Assessment, Question, assess
from camaudit.app.estate import EstateStore, init, open_estate
from camaudit.app.ingest import Imported, Request, ingest
from camaudit.app.packset import PackSet
from camaudit.app.survey import Survey, survey
from camaudit.model.estate import Device
from camaudit.model.packs import Signature
from camaudit.model.words import Aspect, Firmness, Kind
from camaudit.sources.spec import ReadOptions
from tests.small_packs import brand, maker, pack_set, packs, signature, tie

TEXTS = ("inventory.manufacturer", "inventory.text", "http.server", "sighting.label")
POLICY = "uk-2022-statement"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
TODAY = AT.date()
BODIES = "Body ID,Name,Kind\nDEP,Department,department\nSCH,School,education\n"
SITES = """\
Site ID,Name,Owner,Sensitive,Networks,Zone
HQ,Head office,DEP,yes,10.1.0.0/24,core
DEPOT,Depot,DEP,no,10.2.0.0/24,
ANNEX,Annex,DEP,unknown,,isolated
SCHOOL,School,SCH,yes,10.4.0.0/24,
"""


@cache
def small() -> PackSet:
    """Return two makers and a label; a maker's cameras say its name and a serial with a date."""

    def says(name: str, of: str, pattern: str, *proves: Aspect) -> Signature:
        return signature(
            name,
            of,
            *proves,
            pattern=pattern,
            weight="decisive",
            fields=TEXTS,
            says=f"It says {of.title()}.",
            kinds=(Kind.CAMERA,),
            kind_weight="strong",
        )

    def reads(name: str, field: str, pattern: str) -> Signature:
        return signature(name, None, pattern=pattern, fields=(field,), capabilities=("audio",))

    return pack_set(
        packs(
            [
                maker("hikvision", jurisdiction="CN"),
                maker("axis", jurisdiction="SE"),
                brand("annke", tie("hikvision", Firmness.FIRM)),
            ],
            [
                says("hik-name", "hikvision", "(?i)hikvision", Aspect.BADGE, Aspect.HARDWARE),
                signature("hik-block", "hikvision", Aspect.HARDWARE, pattern="Hikvision",
                          fields=("mac.organisation",)),
                says("axis-name", "axis", "(?i)axis", Aspect.BADGE),
                says("annke-name", "annke", "(?i)annke", Aspect.BADGE),
                reads("hik-made", "inventory.serial", r"^SN(?P<made>\d{8})"),
                reads("serial", "inventory.serial", "^(?P<serial>SN.+)$"),
                reads("built", "inventory.firmware", r"build (?P<built>\d{6})"),
                signature("printer", None, pattern="(?i)printer", fields=TEXTS,
                          kinds=(Kind.ACCESSORY,), kind_weight="decisive"),
            ],
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Estate:
    """One estate, and the short ways in which tests fill and ask it."""

    folder: Path
    store: EstateStore

    @property
    def path(self) -> Path:
        return self.store.path

    def add(self, name: str, text: str, at: datetime = AT, **more: Any) -> Imported:
        """Import a file with this text."""
        path = self.folder / name
        path.write_text(text)
        mapping = more.pop("mapping", {})
        options = ReadOptions(name=name, mapping=mapping)
        return ingest(self.store, Request(path=path, options=options, **more), at)

    def ask(self, **question: Any) -> Assessment:
        """Assess with the small packs; by default as of today."""
        given: dict[str, Any] = {
            "policy": POLICY, "rules_on": TODAY, "facts_on": TODAY, "known_at": AT,
        }  # fmt: skip
        return assess(self.store, small(), Question(**(given | question)))

    def survey(self, **more: Any) -> Survey:
        return survey(self.store, small(), **more)

    def device(self, name: str, seen: Survey | None = None) -> Device:
        """Return a device by asset id, MAC or address."""
        found = judge.need_device(self.store, name)
        return next(each for each in (seen or self.survey()).devices if each.id == found)

    def ids(self) -> dict[str, str]:
        """Return the device of each subject."""
        return dict(self.survey().resolution.device_of)

    def facts(self, name: str, **question: Any) -> dict[str, Any]:
        """Return the row of facts of a device."""
        assessment = self.ask(**question)
        at = self._place(assessment, name)
        return dict(assessment.evaluation.facts.to_pylist()[assessment.rows[at]])

    def verdicts(self, name: str, **question: Any) -> dict[str, str]:
        """Return the verdict of each clause for a device."""
        assessment = self.ask(**question)
        at = self._place(assessment, name)
        return {each.requirement: each.verdict.value for each in assessment.verdicts_of(at)}

    def _place(self, assessment: Assessment, name: str) -> int:
        found = judge.need_device(self.store, name)
        return [device.id for device in assessment.survey.devices].index(found)

    def decide(self, clause: str, subject: str, outcome: str, on: str, review: str | None = None,
               at: datetime = AT) -> None:  # fmt: skip
        decision = judge.Decision(
            policy=POLICY,
            requirement=clause,
            subject=subject,
            outcome=outcome,
            reason="tested",
            on=date.fromisoformat(on),
            review_on=date.fromisoformat(review) if review else None,
        )
        judge.decide(self.store, decision, "officer", at)

    def waive(self, exception: str, subject: str, on: str, *, until: str | None = None,
              withdrawn: bool = False, policy: str = "us-889-part-a") -> None:  # fmt: skip
        waiver = judge.Waiver(
            policy=policy,
            exception=exception,
            subject=subject,
            approver="the director",
            evidence="letter 7",
            reason="tested",
            on=date.fromisoformat(on),
            until=date.fromisoformat(until) if until else None,
            withdrawn=withdrawn,
        )
        judge.waive(self.store, waiver, "officer", AT)


def make_estate(folder: Path, *, register: bool = True) -> Estate:
    """Return an estate, with its bodies and sites unless told otherwise."""
    folder.mkdir(exist_ok=True)
    path = folder / "estate.sqlite"
    init(path, None, AT)
    estate = Estate(folder, open_estate(path))
    if register:
        estate.add("bodies.csv", BODIES)
        estate.add("sites.csv", SITES)
    return estate
