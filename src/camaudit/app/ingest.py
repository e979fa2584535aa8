"""Import a file: one transaction, keyed by what the file holds and how it was mapped."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final

import pyarrow as pa
from sqlalchemy import Connection

from camaudit import __version__
from camaudit.errors import SourceError
from camaudit.estate import gather, identify
from camaudit.model.ids import ArtefactDigest, SiteId
from camaudit.model.judgement import Judgement
from camaudit.model.observation import Artefact, Body, Problem, Site
from camaudit.model.scan import ScanRecord
from camaudit.model.traffic import Traffic
from camaudit.model.words import JudgementKind
from camaudit.sources.spec import ImporterSpec, Item, ReadOptions
from camaudit.store import EstateStore, add_scan, add_watch, purged_import

from .estate import add_bodies, add_sites, files_of, need_site, sites_of
from .formats import Source, open_source
from .minimise import LeftOut
from .packset import PackSet, load_packs
from .watching import KEEP_DAYS, counts, joined, of_estate, reduced, with_rejected
from .zones import Declaration, declared

#: Problems kept in full; beyond it they are only counted.
MAX_PROBLEMS: Final = 1000

Progress = Callable[[int], None]


@dataclass(slots=True)
class Imported:
    """What an import did."""

    importer: str
    unchanged_since: datetime | None = None
    observations: int = 0
    bodies: int = 0
    sites: int = 0
    scans: int = 0
    watches: int = 0
    left_out: LeftOut | None = None
    devices: int = 0
    new_devices: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the operator asked for."""

    path: Path
    #: What the estate calls it. [default: the name of the file]
    name: str = ""
    importer: str | None = None
    site: str | None = None
    options: ReadOptions = field(default_factory=ReadOptions)
    who: str = "operator"
    #: Of a capture or flow log: the last day on which its traffic is kept.
    keep_until: date | None = None
    #: What it is minimised with; needed for captures and flow logs only.
    packs: Callable[[], PackSet] = load_packs


def ingest(
    store: EstateStore, request: Request, at: datetime, progress: Progress = lambda _rows: None
) -> Imported:
    """Import one file; the same file with the same mapping changes nothing."""
    with _seekable(request.path) as stream:
        digest = _digest(stream)
        try:
            with open_source(stream, request.name or request.path.name, request.importer) as source:
                return _import(store, request, source, digest, at, progress)
        except SourceError as error:
            raise SourceError(f"{request.path}: {error}") from error


def _import(
    store: EstateStore,
    request: Request,
    source: Source,
    digest: ArtefactDigest,
    at: datetime,
    progress: Progress,
) -> Imported:
    spec = source.spec
    result = Imported(importer=spec.id)
    with store.writing() as connection:
        site = _site(store, connection, request)
        networks = _networks(store, connection, spec, site)
        sentinel = networks.profile.sentinel
        request = replace(request, options=replace(request.options, sentinel=sentinel))
        mapping = _mapping_digest(spec, request, networks.hosts())
        result.unchanged_since = store.find_import(connection, digest, mapping)
        if result.unchanged_since is None and spec.traffic:
            # its people's traffic was blanked, and a change of words does not bring it back
            result.unchanged_since = purged_import(connection, digest, site)
        if result.unchanged_since is not None:
            return result
        artefact = Artefact(
            digest=digest,
            kind=spec.id,
            name=request.name or request.path.name,
            collector=f"camaudit {__version__}",
            collected_at=at,
        )
        seq = store.add_import(connection, artefact, mapping, site, at)
        place = _Place(seq, digest, request.who, at, progress)
        items = source.items(request.options)
        if spec.traffic:
            items = _minimised(store, connection, items, request, result, place)
            if site is not None and networks.profile.sentinel is None:
                items = chain((_no_sentinel(site),), items)
        _take(store, connection, items, result, place)
        result.devices, result.new_devices = mint(store, connection, at)
    return result


@dataclass(frozen=True, slots=True)
class _Place:
    seq: int
    digest: ArtefactDigest
    who: str
    at: datetime
    progress: Progress


def _minimised(
    store: EstateStore,
    connection: Connection,
    items: Iterator[Item],
    request: Request,
    result: Imported,
    place: _Place,
) -> Iterator[Item]:
    """Hold everything back until it is known whose it is; keep traffic, yield observations."""
    held: list[pa.RecordBatch] = []
    told: list[str] = []
    traffic: Traffic | None = None
    rejected, first = 0, ""
    for item in items:
        if isinstance(item, pa.RecordBatch):
            held.append(item)
        elif isinstance(item, Traffic):
            traffic = item if traffic is None else joined(traffic, item)
        else:
            if isinstance(item, Problem):
                told.append(item.message)
                first = first or (item.position if item.rejected else "")
                rejected += item.rejected
            yield item
    if traffic is None:
        return
    for each in traffic.damage:
        if any(each.what in message for message in told):
            continue  # its reader has said so itself
        message = f"{each.what} ({each.count:,} times)" if each.count > 1 else each.what
        yield Problem(position=each.first, field="", message=message, rejected=False)
    packs = request.packs()
    traffic = with_rejected(traffic, rejected, first)
    kept, result.left_out = reduced(
        held, traffic, packs, of_estate(store, connection, packs, request.site)
    )
    until = request.keep_until or place.at.date() + timedelta(days=KEEP_DAYS)
    add_watch(connection, place.seq, kept, counts(result.left_out), until)
    result.watches += 1
    yield from kept.observations.to_batches()


def _take(
    store: EstateStore,
    connection: Connection,
    items: Iterator[Item],
    result: Imported,
    place: _Place,
) -> None:
    bodies: list[Body] = []
    sites: list[Site] = []
    for item in items:
        if isinstance(item, pa.RecordBatch):
            result.observations += store.add_observations(connection, place.seq, place.digest, item)
            place.progress(item.num_rows)
        elif isinstance(item, Problem):
            result.rejected += item.rejected
            if len(result.problems) < MAX_PROBLEMS:
                result.problems.append(item)
        elif isinstance(item, Body):
            bodies.append(item)
        elif isinstance(item, ScanRecord):
            add_scan(connection, place.seq, item)
            result.scans += 1
        elif isinstance(item, Site):
            sites.append(item)
    result.bodies = add_bodies(store, connection, bodies, place.who, place.at)
    result.sites = add_sites(store, connection, sites, place.who, place.at)


def mint(store: EstateStore, connection: Connection, at: datetime) -> tuple[int, int]:
    """Give every device an id that lasts; return how many devices there are, and new ones."""
    judgements = store.judgements(connection)
    known = {j.subject for j in judgements if j.kind is JudgementKind.DEVICE_MINTED}
    names = identify(
        gather(store.observations(connection)),
        judgements,
        list(sites_of(judgements).values()),
        files_of(store, connection),
        store.secret(connection),
    ).names
    store.add_judgements(
        connection,
        (
            Judgement(
                kind=JudgementKind.DEVICE_MINTED,
                subject=minted.device,
                body={"anchors": list(minted.anchors)},
                who="camaudit",
                recorded_at=at,
            )
            for minted in names.to_mint
        ),
    )
    return len(names.ids), sum(device not in known for device in names.ids)


def _site(store: EstateStore, connection: Connection, request: Request) -> str | None:
    if request.site is None:
        return None
    return need_site(sites_of(store.judgements(connection)), request.site).id


def _networks(
    store: EstateStore, connection: Connection, spec: ImporterSpec, site: str | None
) -> Declaration:
    """Return what is declared of a site, as far as it decides what is kept of a file."""
    if site is None or not spec.traffic:
        return Declaration()
    return declared(store.judgements(connection), SiteId(site))


def _no_sentinel(site: str) -> Problem:
    message = (
        f"no sentinel is declared for site {site}: what it sends is left out with the traffic of "
        f"other hosts. After `camaudit isolation declare {site} --sentinel ADDRESS` import again"
    )
    return Problem(position="", field="", message=message, rejected=False)


def _mapping_digest(spec: ImporterSpec, request: Request, hosts: AbstractSet[str]) -> bytes:
    """Return what tells two imports of a file apart: of traffic also whose besides is kept."""
    asked = asdict(request.options) | {"importer": spec.id, "site": request.site}
    asked.pop("name")
    asked.pop("sentinel")  # one of the hosts
    if hosts:
        asked["hosts"] = sorted(hosts)
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).digest()


def _digest(stream: BinaryIO) -> ArtefactDigest:
    state = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        state.update(chunk)
    stream.seek(0)
    return ArtefactDigest(state.digest())


@contextmanager
def _seekable(path: Path) -> Iterator[BinaryIO]:
    """Open a file; a pipe is first copied to a temporary file that only its owner can read."""
    with path.open("rb") as stream:
        if stream.seekable():
            yield stream
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy)
            copy.seek(0)
            yield copy
