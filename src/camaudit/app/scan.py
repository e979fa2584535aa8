"""The ``scan`` use case: permission first, then the plan, the journal, and the estate."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO, Final, cast

from camaudit import __version__
from camaudit.errors import DecodeError, SourceError, UsageError
from camaudit.model.observation import Site
from camaudit.model.scan import Asked, Heard
from camaudit.packs.scan_policy import ScanPolicy
from camaudit.sources import protocols
from camaudit.sources.scan.coverage import Coverage
from camaudit.sources.scan.engine import Engine, Job
from camaudit.sources.scan.gate import Grant
from camaudit.sources.scan.journal import (
    VERSION,
    EndLine,
    ResumedLine,
    ScanLine,
    Writer,
    read_lines,
)
from camaudit.sources.scan.limits import PROFILES, Limits
from camaudit.sources.scan.plan import Kind, Plan, dry_run, make_plan
from camaudit.sources.scan.search import Searched
from camaudit.sources.scan.targets import AddressSet, parse_targets
from camaudit.sources.scan.vantage import Vantage, vantages
from camaudit.sources.scan.visit import MAX_SEEN
from camaudit.sources.spec import Intrusiveness
from camaudit.store import EstateStore

from .estate import need_site, sites_of
from .expand import Reader
from .ingest import Imported, Request, ingest
from .permission import grant_scan

#: Where journals are kept, beside the estate.
FOLDER: Final = "scans"
#: The journal is forced to the disk this often, in lines: a power cut costs no more.
_SYNC_LINES: Final = 2_000
_COMMUNITY: Final = "snmp.community"
#: Devices that the progress counts; the journal has them all.
_MAX_TOLD: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """What the operator asked for."""

    site: str | None
    targets: tuple[str, ...] = ()
    profile: str = "polite"
    ceiling: Intrusiveness | None = None
    ports: tuple[int, ...] = ()
    only: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    source: str | None = None
    groups: bool = True
    community: str | None = field(default=None, repr=False)
    #: Names of ``Limits`` and what they shall be.
    limits: dict[str, float] = field(default_factory=dict)
    who: str = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A scan that is permitted and planned; nothing has been sent."""

    run: str
    request: ScanRequest
    site: Site | None
    grant: Grant
    plan: Plan
    limits: Limits
    vantages: tuple[Vantage, ...]
    #: Why searches do not go to groups, if so.
    groups_withheld: str | None
    started: datetime

    def kinds(self) -> tuple[Kind, ...]:
        """Return every kind of packet that would be sent, with the most of it."""
        return dry_run(self.plan, self.limits, self.grant.targets.count, len(self.vantages))


@dataclass(slots=True)
class Progress:
    """How far a scan is; handed to the caller now and then."""

    targets: int
    visited: int = 0
    heard: int = 0
    devices: set[str] = field(default_factory=set)
    packets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scan came to."""

    run: str
    journal: Path
    how: str
    packets: int
    imported: Imported | None


def prepare(store: EstateStore, policy: ScanPolicy, request: ScanRequest, at: datetime) -> Prepared:
    """Check permission and plan a scan; ``UsageError`` says what is missing."""
    profile = PROFILES[request.profile]
    ceiling = request.ceiling or profile.ceiling
    limits = _limits(profile.limits, request.limits, policy)
    with store.reading() as connection:
        judgements = store.judgements(connection)
    sites = sites_of(judgements)
    site = need_site(sites, request.site) if request.site is not None else None
    texts = request.targets or (site.networks if site else ())
    if not texts:
        raise UsageError(
            "no targets: name them with --target, or give the site networks with "
            "`camaudit site add ID NAME --network CIDR`"
        )
    grant = grant_scan(judgements, site, parse_targets(texts), ceiling, policy, at)
    plan = make_plan(
        protocols.registry(),
        grant.ceiling,
        given=(_COMMUNITY,) if request.community else (),
        ports=request.ports,
        only=request.only,
    )
    places = _places(grant.targets, request.interfaces)
    withheld = _groups_withheld(request, grant, places)
    return Prepared(
        run=f"{at:%Y%m%dT%H%M%SZ}" + (f"-{site.id}" if site else ""),
        request=request,
        site=site,
        grant=grant,
        plan=plan,
        limits=limits,
        vantages=() if withheld else places,
        groups_withheld=withheld,
        started=at,
    )


def run(
    store: EstateStore,
    prepared: Prepared,
    now: Callable[[], datetime],
    tell: Callable[[Progress], None] = lambda _progress: None,
    resume: Path | None = None,
) -> Scanned:
    """Scan, write the journal as it goes, and import it when the scan is complete."""
    path, done = _journal_path(store.path, prepared.run), AddressSet.of(())
    if resume is not None:
        path, (prepared, done) = resume, _taken_up(resume, prepared)
    with _journal(path, resuming=resume is not None) as stream:
        sink = _Sink(stream, Progress(targets=prepared.grant.targets.count), tell)
        sink.progress.visited = (done & prepared.grant.targets).count
        sink.put(ResumedLine(at=now()) if resume else _opening(prepared))
        how, engine = asyncio.run(_run(prepared, done, sink, now))
        sink.put(EndLine(at=now(), how=how, packets=engine.packets, undecoded=engine.undecoded))
    imported = None
    if how == "complete":
        imported = bring_in(store, path, prepared.request.who, now())
    return Scanned(
        run=prepared.run, journal=path, how=how, packets=engine.packets, imported=imported
    )


def bring_in(store: EstateStore, journal: Path, who: str, at: datetime) -> Imported:
    """Import a journal into the estate, under the site that it names."""
    with journal.open("rb") as stream:
        opening = _first(stream)
    request = Request(path=journal, importer="scan-journal", site=opening.site, who=who)
    return ingest(store, request, at)


async def _run(
    prepared: Prepared, done: AddressSet, sink: _Sink, now: Callable[[], datetime]
) -> tuple[str, Engine]:
    engine = Engine(_job(prepared, done, now), sink)
    task = asyncio.ensure_future(engine.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    pause = prepared.grant.pauses_at
    timer = None
    if pause is not None:
        timer = loop.call_later(max(0.0, (pause - now()).total_seconds()), task.cancel, "blackout")
    try:
        await task
        how = "complete"
    except asyncio.CancelledError as error:
        how = "blackout" if error.args == ("blackout",) else "stopped"
    finally:
        if timer is not None:
            timer.cancel()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    return how, engine


def _job(prepared: Prepared, done: AddressSet, now: Callable[[], datetime]) -> Job:
    request, grant = prepared.request, prepared.grant
    left = grant.targets - done
    given = {_COMMUNITY: request.community.encode()} if request.community else {}
    return Job(
        plan=prepared.plan,
        limits=prepared.limits,
        addresses=lambda: iter(left),
        may_ask=lambda address, mac: grant.refusal(address, mac, now()),
        vantages=prepared.vantages,
        source=request.source,
        given=given,
        now=now,
        nonce=lambda: os.urandom(16),
    )


class _Sink(Writer):
    """A journal writer that tells how far it is, and forces lines to the disk now and then."""

    def __init__(
        self, stream: BinaryIO, progress: Progress, tell: Callable[[Progress], None]
    ) -> None:
        super().__init__(stream)
        self.progress, self._tell, self._lines = progress, tell, 0

    def heard(self, heard: Heard) -> None:
        super().heard(_read_further(heard))
        self.progress.heard += 1
        if len(self.progress.devices) < _MAX_TOLD:
            self.progress.devices.add(heard.subject)
        self._step()

    def searched(self, searched: Searched) -> None:
        super().searched(searched)
        self._step()

    def visited(self, address: str, asked: tuple[Asked, ...]) -> None:
        super().visited(address, asked)
        self.progress.visited += 1
        self._step()

    def _step(self) -> None:
        self._lines += 1
        self._tell(self.progress)
        if self._lines % _SYNC_LINES == 0:
            os.fsync(self.stream.fileno())


def _read_further(heard: Heard) -> Heard:
    """Add what another protocol reads out of a reply: identity knows fields, and no raw text."""
    seen = dict.fromkeys(heard.seen)
    for each in heard.seen:
        for reader in _readers().get(f"{each.protocol}.{each.field}", ()):
            with suppress(DecodeError):
                seen.update(dict.fromkeys(reader(each.value)))
    return replace(heard, seen=tuple(seen)[:MAX_SEEN])


@cache
def _readers() -> dict[str, list[Reader]]:
    """Return who reads texts of one protocol that another one brings."""
    return {
        key: [spec.expands[key] for spec in protocols.registry().values() if key in spec.expands]
        for key in ("ws-discovery.scopes", "upnp.device_description")
    }


def _opening(prepared: Prepared) -> ScanLine:
    grant = prepared.grant
    return ScanLine(
        v=VERSION,
        run=prepared.run,
        started=prepared.started,
        site=prepared.site.id if prepared.site else None,
        permission=grant.permission,
        right=grant.right,
        profile=prepared.request.profile,
        ceiling=grant.ceiling.value,
        limits=asdict(prepared.limits),
        ports=list(prepared.plan.ports),
        searches=[s.id for s in prepared.plan.searches],
        dialogues=[d.id for d in prepared.plan.dialogues],
        withheld=list(prepared.plan.withheld),
        targets=grant.targets.text(),
        left_out=[
            *((ranges.text(), reason) for ranges, reason in grant.left_out),
            *([("groups", prepared.groups_withheld)] if prepared.groups_withheld else []),
        ],
        vantages=[(v.name, v.address, v.prefix) for v in prepared.vantages],
        collector=f"camaudit {__version__}",
    )


def _limits(limits: Limits, changes: dict[str, float], policy: ScanPolicy) -> Limits:
    kinds = {name: type(value) for name, value in asdict(limits).items()}
    for name, asked in changes.items():
        if asked > policy.most.get(name, asked):
            raise UsageError(
                f"{name} {asked:g} is above {policy.most[name]:g}, the most that the scan policy "
                "allows"
            )
    # what was not asked for bends to the policy
    kept = {n: min(getattr(limits, n), most) for n, most in policy.most.items()} | changes
    return replace(limits, **{name: kinds[name](value) for name, value in kept.items()})


def _places(targets: AddressSet, names: tuple[str, ...]) -> tuple[Vantage, ...]:
    """Return the interfaces on whose networks there are targets, with their IPv6 links."""
    found = vantages(names)
    on = {v.name for v in found if AddressSet.parse(str(v.network)) & targets}
    return tuple(
        v
        for v in found
        if v.name in on and (v.network.is_link_local or AddressSet.parse(str(v.network)) & targets)
    )


def _groups_withheld(request: ScanRequest, grant: Grant, places: tuple[Vantage, ...]) -> str | None:
    """Say why searches may not go to groups: a group reaches every device of a segment."""
    if not request.groups:
        return "searches to groups were not wanted"
    for place in places:
        if place.network.is_link_local:
            continue  # the same segment as that of its other addresses
        refusal = grant.may_search(AddressSet.parse(str(place.network)))
        if refusal is not None:
            return f"{place.name}: {refusal}"
    return None


def _journal_path(estate: Path, run: str) -> Path:
    folder = estate.parent / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{run}.jsonl"


@contextmanager
def _journal(path: Path, *, resuming: bool) -> Iterator[BinaryIO]:
    """Open a journal for its owner only, unbuffered: what was told is in the file."""
    if resuming:
        _cut_off(path)
    elif path.exists():
        raise UsageError(f"{path} is there already: another scan of this site has just begun")
    how = os.O_APPEND if resuming else os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, os.O_WRONLY | how, 0o600), "wb", buffering=0) as stream:
        yield cast(BinaryIO, stream)
        os.fsync(stream.fileno())


def _cut_off(path: Path) -> None:
    """Take away a last line that a crash or a full disk has cut off."""
    with path.open("r+b") as stream:
        end = 0
        for line in stream:
            if not line.endswith(b"\n"):
                stream.truncate(end)
                break
            end += len(line)


def _taken_up(path: Path, prepared: Prepared) -> tuple[Prepared, AddressSet]:
    """Return the scan under its old name, and what its journal has done with."""
    coverage, how = Coverage(), ""
    with path.open("rb") as stream:
        for _, line in read_lines(stream):
            if not isinstance(line, str):
                coverage.add(line)
                how = line.how if isinstance(line, EndLine) else ""
    with path.open("rb") as stream:
        opening = _first(stream)
    if how == "complete":
        raise UsageError(f"{path} is complete; there is nothing to go on with")
    if opening.site != (prepared.site.id if prepared.site else None):
        raise UsageError(f"{path} is a scan of site {opening.site}; name it with --site")
    return replace(prepared, run=opening.run), coverage.visited()


def _first(stream: BinaryIO) -> ScanLine:
    for _, line in read_lines(stream):
        if isinstance(line, ScanLine):
            return line
    raise SourceError("the journal is empty: nothing was written before the scan ended")
