"""Write an overlay of weaknesses from published files: CISA's catalogue and CVE records.

Nothing is fetched. A directory or a zip file of CVE records is read file by file; what is no record
is counted, and nothing is unpacked to disk but a zip within a zip, without a name.
"""

from __future__ import annotations

import lzma
import os
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

import yaml

from camaudit.errors import PackError, UsageError
from camaudit.model.ids import MakerId
from camaudit.model.observation import Problem
from camaudit.packs.advisories import FOLDER, load_advisories, says_versions
from camaudit.packs.published import (
    MAX_CATALOGUE_BYTES,
    MAX_RECORD_BYTES,
    Catalogue,
    Published,
    Raw,
    read_catalogue,
    read_record,
)
from camaudit.packs.shipped import PackFiles
from camaudit.packs.vendors import Vendors

from .packset import PackSet
from .publish import write_private

#: Ours. The whole list of CVE records had about 300,000 files and 2 GB in 2026.
MAX_FILES: Final = 2_000_000
MAX_TOTAL: Final = 16 * 1024**3
#: Records in one file of the overlay: a pack file is at most 4 MiB, and a record a few KB.
IN_ONE_FILE: Final = 300
#: Problems kept in full; beyond it they are only counted.
MAX_PROBLEMS: Final = 1000
#: Characters of a file's name that are shown.
MAX_NAME: Final = 200

#: How zipfile says that an archive or an entry is damaged, encrypted or of an unknown kind.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)

KEV: Final = "https://www.cisa.gov/known-exploited-vulnerabilities-catalog"
CVE: Final = "https://github.com/CVEProject/cvelistV5"


@dataclass(slots=True)
class Written:
    """What was read and what was written."""

    catalogue_on: date | None = None
    entries: int = 0
    #: Records in force that the catalogue lists as exploited.
    listed: int = 0
    files: int = 0
    records: int = 0
    #: Ids of the shipped records that say versions, and so were kept.
    kept: int = 0
    #: Withdrawn; of makers that we do not know; of other equipment of those that we do.
    withdrawn: int = 0
    unknown: int = 0
    other: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)

    def note(self, problem: Problem, file: str) -> None:
        """Count a problem, and keep it while there are few."""
        self.rejected += problem.rejected
        if len(self.problems) < MAX_PROBLEMS:
            where = ": ".join(filter(None, (_printable(file), problem.position)))
            self.problems.append(replace(problem, position=where))

    def reject(self, file: str, message: str) -> None:
        """Count a file that was not taken."""
        self.note(Problem(position="", field="", message=message, rejected=True), file)


def write_overlay(
    packs: PackSet, kev: Path | None, cves: tuple[Path, ...], out: Path, on: date
) -> Written:
    """Read the files and write an overlay to ``out``, which must be new or empty."""
    if kev is None and not cves:
        raise UsageError("give --kev FILE, --cve PATH or both")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is not an empty directory; choose a new one")
    result = Written()
    vendors = _vendors(packs)
    catalogue = _catalogue(kev, vendors, packs.advisories.listed, result) if kev else None
    records = _records(cves, vendors, result)
    contents = dict(_files(packs, catalogue, records, result, on))
    _check(packs, catalogue, contents, result)
    folder = out / FOLDER
    folder.mkdir(parents=True)
    for name, content in contents.items():
        write_private(folder / name, (content,))
        result.written.append(folder / name)
    return result


def _vendors(packs: PackSet) -> Vendors:
    named = {slug for each in packs.advisories.advisories for slug in (each.maker, *each.rebrands)}
    return Vendors(packs.makers.makers, packs.makers.signatures, sorted(named))


def _catalogue(path: Path, vendors: Vendors, known: frozenset[str], result: Written) -> Catalogue:
    with path.open("rb") as stream:
        content = stream.read(MAX_CATALOGUE_BYTES + 1)
    found = read_catalogue(content, str(path), vendors)
    result.catalogue_on, result.entries = found.catalogue_on, len(found.listed)
    result.unknown += found.unknown
    result.other += found.other
    for problem in found.problems:
        result.note(problem, path.name)
    missing = sorted(known - set(found.listed))
    if missing and found.whole:
        found.whole = False
        message = (
            f"lacks {len(missing)} entries of an earlier catalogue ({missing[0]} ...): taken as "
            "an extract, so what it does not list stays as it was"
        )
        result.note(Problem(position="", field="", message=message, rejected=False), path.name)
    return found


def _records(
    paths: tuple[Path, ...], vendors: Vendors, result: Written
) -> dict[MakerId, list[Raw]]:
    records: dict[MakerId, dict[str, Raw]] = {}
    for path in paths:
        for name, content in _contents(path, result):
            result.files += 1
            _take(name, read_record(content, vendors), records, result)
    return {maker: list(by_id.values()) for maker, by_id in records.items()}


def _take(
    name: str, found: Published, records: dict[MakerId, dict[str, Raw]], result: Written
) -> None:
    for problem in found.problems:
        result.note(problem, name)
    for maker, raw in found.records.items():
        records.setdefault(maker, {})[raw["ids"][0]] = raw
    result.withdrawn += found.why == "withdrawn"
    result.unknown += found.why == "unknown" and not found.problems
    result.other += found.why == "other"


def _files(
    packs: PackSet,
    catalogue: Catalogue | None,
    records: dict[MakerId, list[Raw]],
    result: Written,
    on: date,
) -> Iterator[tuple[str, bytes]]:
    """Yield the overlay's files: the catalogue, then the records of each maker."""
    held = packs.advisories.advisories
    read_here = {
        (each.maker, name)
        for each in held
        if says_versions(each) and not each.imported
        for name in each.ids
    }
    new = {
        maker: [raw for raw in raws if (maker, raw["ids"][0]) not in read_here]
        for maker, raws in records.items()
    }
    result.kept += sum(map(len, records.values())) - sum(map(len, new.values()))
    yield from _makers("cve", {"title": "CVE record, read by program", "url": CVE}, new, result, on)
    if catalogue is None:
        return
    day = catalogue.catalogue_on
    source = {"title": f"CISA, Known Exploited Vulnerabilities catalogue of {day}", "url": KEV}
    listed = {"listed": dict(sorted(catalogue.listed.items()))}
    head: Raw = {"catalogue_on": day, "source": source, "whole": catalogue.whole}
    yield f"kev-{day}.yaml", _yaml(head | listed)
    # the catalogue gives no versions: it adds only what no record speaks of
    known = {name for each in held for name in each.ids}
    known |= {raw["ids"][0] for raws in new.values() for raw in raws}
    bare = {
        maker: [raw for raw in raws if raw["ids"][0] not in known]
        for maker, raws in catalogue.products.items()
    }
    yield from _makers("kev", source, bare, result, on)


def _makers(
    kind: str, source: Raw, records: dict[MakerId, list[Raw]], result: Written, on: date
) -> Iterator[tuple[str, bytes]]:
    for maker, raws in sorted(records.items()):
        result.records += len(raws)
        for start in range(0, len(raws), IN_ONE_FILE):
            data = {
                "maker": maker,
                "imported_on": on,
                "sources": {"record": source | {"read_on": on}},
                "advisories": raws[start : start + IN_ONE_FILE],
            }
            yield f"{kind}-{on}-{maker}-{start // IN_ONE_FILE + 1}.yaml", _yaml(data)


class _Dumper(yaml.SafeDumper):
    """Writes what the strict reader takes: no anchors and no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write the same value twice where it stands twice."""
        del data
        return True


def _yaml(data: Raw) -> bytes:
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=False, width=100)
    return str(text).encode()


def _check(
    packs: PackSet, catalogue: Catalogue | None, contents: dict[str, bytes], result: Written
) -> None:
    """Load what is to be written as it will be loaded, before anything is written."""
    added = {f"{FOLDER}/{name}": content for name, content in contents.items()}
    files = PackFiles(
        contents=packs.files.contents | added,
        places=packs.files.places | {name: name for name in added},
    )
    found = load_advisories(files)
    if catalogue is not None:
        held = {name for each in found.advisories for name in each.ids}
        result.listed = len(held & set(catalogue.listed))


# ------------------------------------------------------------------------- files, directories, zips


def _contents(path: Path, result: Written) -> Iterator[tuple[str, bytes]]:
    """Yield every file of records at ``path`` with its name; count what is passed over."""
    budget = Counter(files=MAX_FILES, bytes=MAX_TOTAL)
    if path.is_dir():
        yield from _directory(path, budget, result)
    elif zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            yield from _zip(stream, path.name, budget, result, nested=True)
    else:
        with path.open("rb") as stream:
            yield path.name, stream.read(MAX_RECORD_BYTES + 1)


def _directory(path: Path, budget: Counter[str], result: Written) -> Iterator[tuple[str, bytes]]:
    for folder, folders, names in os.walk(path, followlinks=False):
        folders.sort()
        for name in sorted(names):
            if not _is_record(name):
                continue
            file = Path(folder) / name
            try:
                if file.is_symlink() or not file.is_file():
                    raise OSError("no plain file")
                with file.open("rb") as stream:
                    content = stream.read(MAX_RECORD_BYTES + 1)
            except OSError as error:
                result.reject(str(file), f"cannot be read: {error.strerror or error}")
                continue
            _spend(budget, len(content), str(path))
            yield str(file.relative_to(path)), content


def _zip(
    stream: IO[bytes], name: str, budget: Counter[str], result: Written, *, nested: bool
) -> Iterator[tuple[str, bytes]]:
    """Yield the records in a zip; the list's daily file is a zip within a zip."""
    try:
        archive = zipfile.ZipFile(stream)
    except _BROKEN as error:
        raise PackError(f"is no whole zip file: {error}", file=name) from error
    with archive:
        for entry in archive.infolist():
            inner = nested and entry.filename.endswith(".zip")
            if not inner and not _is_record(entry.filename):
                continue
            try:
                if inner:
                    with tempfile.TemporaryFile() as copy:
                        _copy(archive, entry, copy, budget)
                        yield from _zip(copy, entry.filename, budget, result, nested=False)
                    continue
                with archive.open(entry) as file:
                    content = file.read(MAX_RECORD_BYTES + 1)
            except _BROKEN as error:
                result.reject(entry.filename, f"cannot be unpacked: {error}")
                continue
            _spend(budget, len(content), name)
            yield entry.filename, content


def _copy(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, copy: IO[bytes], budget: Counter[str]
) -> None:
    with archive.open(entry) as file:
        while part := file.read(1024 * 1024):
            budget["bytes"] -= len(part)
            if budget["bytes"] < 0:
                raise PackError(f"unpacks to more than {MAX_TOTAL} bytes", file=entry.filename)
            copy.write(part)
    copy.seek(0)


def _spend(budget: Counter[str], size: int, file: str) -> None:
    budget["files"] -= 1
    budget["bytes"] -= size
    if budget["files"] < 0 or budget["bytes"] < 0:
        raise PackError(f"holds more than {MAX_FILES} files or {MAX_TOTAL} bytes", file=file)


def _printable(name: str) -> str:
    """Return a file's name, which may be anything in a zip, fit for a terminal."""
    return "".join(each if each.isprintable() else "?" for each in name[:MAX_NAME])


def _is_record(name: str) -> bool:
    base = name.rsplit("/", 1)[-1]
    return base.startswith("CVE-") and base.endswith(".json")
