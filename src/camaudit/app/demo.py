"""The main job on the bundled example estate, which is made up from end to end.

1. What stands on paper, and what others have scanned, is imported.
2. One site is scanned live. Its devices are the lab's; who runs them is the caller's business.
3. The estate is judged, and the report written.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from camaudit.errors import UsageError
from camaudit.model.ids import SiteId
from camaudit.model.permission import Permission, Right
from camaudit.model.snapshot import Snapshot
from camaudit.packs.scan_policy import load_scan_policy
from camaudit.reports import registry
from camaudit.sources.spec import Intrusiveness, ReadOptions

from . import judge, scan
from .assess import Assessment, Question, assess
from .estate import init, open_estate
from .ingest import Imported, Request, ingest
from .packset import PackSet
from .permission import permit
from .publish import write_private
from .snapshot import build_snapshot

#: In this order: what comes later refers to what came before. The second word is the site.
_ON_PAPER: Final = (("bodies.csv", None), ("sites.csv", None), ("register.csv", None))
_SEEN: Final = (
    ("scan-hq.xml", "HQ"),
    ("scan-depot.xml", "DEPOT"),
    ("signals.jsonl", None),
    ("sightings.csv", None),
)
POLICY: Final = "uk-2022-statement"
MARKING: Final = "EXAMPLE ONLY"
#: The site that is scanned live, and the devices that the lab is to put on its network: personas.
LIVE: Final = SiteId("ANNEX")
LIVE_NETWORK: Final = "127.20.12.0/27"
LIVE_DEVICES: Final = (
    "annke-camera",
    "axis-camera",
    "hikvision-factory",
    "hikvision-recorder",
    "locked-camera",
    "lorex-camera",
    "printer",
)
#: Loopback feels no load, so the scan need not be slow; how it asks each device stays as it is.
_LIVE_LIMITS: Final = {"rate": 1000.0, "connect": 0.5, "repeats": 2.0, "listen": 1.0}
_WHO: Final = "demo"
#: Asset id of the camera whose register entry, label and maker all differ.
REBADGED: Final = "CCTV-003"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo made."""

    estate: Path
    report: Path
    imports: tuple[tuple[str, Imported], ...]
    #: How many devices of covered makers the register alone names.
    register_names: int
    assessment: Assessment
    snapshot: Snapshot


def folder() -> Traversable:
    """Return the folder of the bundled example estate."""
    return resources.files("camaudit.data") / "demo"


def build_demo(directory: Path, at: datetime) -> tuple[Path, list[tuple[str, Imported]]]:
    """Create the example estate in a directory and import everything into it."""
    estate = directory / "demo.sqlite"
    done = _import_all(estate, (*_ON_PAPER, *_SEEN), at)
    store = open_estate(estate)
    for decision in json.loads((folder() / "decisions.json").read_text(encoding="utf-8")):
        device = judge.need_device(store, decision["device"])
        judge.decide(
            store,
            judge.Decision(
                policy=POLICY,
                requirement=decision["clause"],
                subject=f"device:{device}",
                outcome=decision["outcome"],
                reason=decision["reason"],
                on=date.fromisoformat(decision["on"]),
                review_on=None,
            ),
            decision["who"],
            at,
        )
    return estate, done


def permit_live(estate: Path, at: datetime) -> str:
    """Permit the scan of the live site, first by one person; return why one is not enough."""
    store, policy = open_estate(estate), load_scan_policy()
    one = Permission(
        number=0,
        site=LIVE,
        by="head of estates",
        approvers=(),
        right=Right.OWNER,
        reference=MARKING,
        networks=(),
        public=(),
        ceiling=Intrusiveness.PROBING.value,
        valid_from=at.date(),
        valid_until=at.date() + timedelta(days=30),
    )
    permit(store, one, policy, _WHO, at)
    try:
        prepare_live(estate, at)
    except UsageError as error:
        refusal = str(error)
    else:
        raise AssertionError("a sensitive site was to be scanned on one word")
    permit(store, replace(one, approvers=("departmental security officer",)), policy, _WHO, at)
    return refusal


def prepare_live(estate: Path, at: datetime) -> scan.Prepared:
    """Plan the scan of the live site; ``UsageError`` where it is not permitted."""
    request = scan.ScanRequest(
        site=LIVE, profile="thorough", source="127.0.0.1", limits=_LIVE_LIMITS, who=_WHO
    )
    return scan.prepare(open_estate(estate), load_scan_policy(), request, at)


def scan_live(
    estate: Path,
    prepared: scan.Prepared,
    now: Callable[[], datetime],
    tell: Callable[[scan.Progress], None],
) -> scan.Scanned:
    """Scan the live site while its devices answer, and import what they said."""
    return scan.run(open_estate(estate), prepared, now, tell)


def finish_demo(
    estate: Path, done: list[tuple[str, Imported]], packs: PackSet, at: datetime
) -> Demo:
    """Assess the estate, and write the HTML report beside it."""
    assessment, snapshot = _judge(estate, packs, at)
    report = estate.parent / "report.html"
    write_private(report, registry()["html"].build(snapshot))
    return Demo(
        estate=estate,
        report=report,
        imports=tuple(done),
        register_names=_register_names(packs, at),
        assessment=assessment,
        snapshot=snapshot,
    )


def covered_devices(snapshot: Snapshot) -> int:
    """Return how many devices the report counts as by makers that the statement covers."""
    return next(each.value for each in snapshot.figures if each.id == "devices-such")


def _register_names(packs: PackSet, at: datetime) -> int:
    with tempfile.TemporaryDirectory() as directory:
        estate = Path(directory) / "register.sqlite"
        _import_all(estate, _ON_PAPER, at)
        return covered_devices(_judge(estate, packs, at)[1])


def _judge(estate: Path, packs: PackSet, at: datetime) -> tuple[Assessment, Snapshot]:
    question = Question(policy=POLICY, rules_on=at.date(), facts_on=at.date(), known_at=at)
    assessment = assess(open_estate(estate), packs, question)
    return assessment, build_snapshot(assessment, packs, estate.name, at)


def _import_all(
    estate: Path, files: tuple[tuple[str, str | None], ...], at: datetime
) -> list[tuple[str, Imported]]:
    init(estate, MARKING, at)
    store = open_estate(estate)
    with store.writing() as connection:
        store.set(connection, "pretend", "yes")
    done = []
    for name, site in files:
        with _on_disk(name) as path:
            request = Request(path=path, site=site, options=ReadOptions(name=name), who=_WHO)
            done.append((name, ingest(store, request, at)))
    return done


@contextmanager
def _on_disk(name: str) -> Iterator[Path]:
    with resources.as_file(folder() / name) as path:
        yield path
