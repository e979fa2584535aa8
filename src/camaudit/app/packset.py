"""The packs in force, compiled, with a cache so that a second start is quick.

The cache holds nothing that cannot be made again: it is keyed by the packs' digest, the library
version and the processor, checked by a digest of its own, and rebuilt when anything is amiss.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import platform
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from camaudit import __version__
from camaudit.attribution import Advisor, Attributor
from camaudit.errors import CamauditError
from camaudit.model.advisories import AdvisoryPacks
from camaudit.model.clouds import Catalogue
from camaudit.model.ids import MakerId
from camaudit.model.packs import MakerPacks
from camaudit.model.policy import PolicyPacks
from camaudit.packs.advisories import load_advisories
from camaudit.packs.clouds import load_clouds
from camaudit.packs.load import maker_digest, maker_packs
from camaudit.packs.mac_registry import MacRegistry, load_mac_registry
from camaudit.packs.policies import load_policies
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.signals import Index, compile_index, load_index

from .opinions import Opinions
from .publish import write_private

#: Bumped when what is cached, what packs derive or how patterns are compiled, changes.
_SHAPE: Final = 9
_DIGEST_BYTES: Final = 32


class _Cached(msgspec.Struct):
    packs: MakerPacks
    index: bytes


@dataclass(frozen=True)
class PackSet:
    """Everything that `classify` and attribution read."""

    files: PackFiles
    makers: MakerPacks
    index: Index

    @cached_property
    def registry(self) -> MacRegistry:
        """Return the MAC registry, read on first use."""
        return load_mac_registry()

    @cached_property
    def names(self) -> dict[str, str]:
        """Return each maker's first name, by slug."""
        return {maker.id: maker.names[0] for maker in self.makers.makers}

    @cached_property
    def by_name(self) -> dict[str, MakerId]:
        """Return the maker of each name, folded; the first where two share one."""
        found: dict[str, MakerId] = {}
        for maker in self.makers.makers:
            for name in maker.names:
                found.setdefault(name.casefold(), maker.id)
        return found

    @cached_property
    def groups(self) -> dict[str, str]:
        """Return the evidence group of each signature, by its id."""
        own = {word.key: word.group for word in self.makers.vocabulary.fields}
        return {each.id: each.group or own[each.fields[0]] for each in self.makers.signatures}

    @cached_property
    def policies(self) -> PolicyPacks:
        """Return the policy packs in force, read and checked on first use."""
        return load_policies(self.files, self.makers.vocabulary)

    @cached_property
    def advisories(self) -> AdvisoryPacks:
        """Return the published weaknesses in force, read on first use."""
        return load_advisories(self.files)

    @cached_property
    def clouds(self) -> Catalogue:
        """Return the services that equipment is known to contact, read on first use."""
        return load_clouds(self.files, self.names.keys())

    @cached_property
    def advisor(self) -> Advisor:
        """Return what holds devices against these weaknesses."""
        bands = {band.id: band.at_least for band in self.makers.vocabulary.bands}
        return Advisor(self.advisories.advisories, sure=bands["probable"])

    @cached_property
    def attributor(self) -> Attributor:
        """Return the attributor over these packs."""
        return Attributor(self.makers)


class _Carried(msgspec.Struct):
    version: str
    machine: str
    contents: dict[str, bytes]
    places: dict[str, str]
    cached: _Cached


def load_packs(
    overlays: tuple[Path, ...] = (), *, cache: Path | None = None, opinions: Opinions | None = None
) -> PackSet:
    """Load the shipped packs, overlays and second opinions.

    ``cache`` is the directory to keep the compiled form.
    """
    files = find_pack_files(overlays)
    digest = maker_digest(files)
    if opinions is not None:
        digest = hashlib.sha256(f"{digest} {opinions.digest}".encode()).hexdigest()
    path = (cache or cache_directory()) / f"index-{_key(digest)}.bin"
    cached = _read(path)
    if cached is not None:
        with contextlib.suppress(ValueError):
            words = cached.packs.vocabulary
            index = load_index(cached.index, cached.packs.signatures, words)
            return PackSet(files, cached.packs, index)
    packs = maker_packs(files)
    if opinions is not None:
        packs = replace(
            packs, digest=digest, signatures=packs.signatures + opinions.read(packs.makers)
        )
    index = compile_index(packs.signatures, packs.vocabulary)
    _write(path, _Cached(packs=packs, index=index.dump()))
    return PackSet(files, packs, index)


def carried(packs: PackSet) -> bytes:
    """Return the packs, compiled, as bytes for ``unpacked`` on another machine."""
    return msgspec.msgpack.encode(
        _Carried(
            version=__version__,
            machine=_machine(),
            contents=packs.files.contents,
            places=packs.files.places,
            cached=_Cached(packs=packs.makers, index=packs.index.dump()),
        )
    )


def unpacked(data: bytes) -> PackSet:
    """Return the packs that ``carried`` gave, compiled again where the machine is another kind.

    Raises:
        CamauditError: They come from another release of camaudit.
    """
    sent = msgspec.msgpack.decode(data, type=_Carried)
    if sent.version != __version__:
        raise CamauditError(
            f"camaudit {sent.version} sends work to a machine that has camaudit {__version__}; "
            "install the same release on both"
        )
    packs = sent.cached.packs
    if sent.machine == _machine():
        index = load_index(sent.cached.index, packs.signatures, packs.vocabulary)
    else:
        index = compile_index(packs.signatures, packs.vocabulary)
    return PackSet(PackFiles(contents=sent.contents, places=sent.places), packs, index)


def cache_directory() -> Path:
    """Return ``$XDG_CACHE_HOME/camaudit``, by default ``~/.cache/camaudit``."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(root) if Path(root).is_absolute() else Path.home() / ".cache") / "camaudit"


def _key(digest: str) -> str:
    parts = (str(_SHAPE), __version__, digest, _machine())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _machine() -> str:
    """Return what a compiled index fits: the library and the processor."""
    return "\0".join(
        (importlib.metadata.version("hyperscan"), platform.machine(), _processor_features())
    )


def _processor_features() -> str:
    """Return what the compiled patterns depend on: a database is tuned to the processor."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith(("flags", "Features")):
                return line
    return platform.processor()


def _read(path: Path) -> _Cached | None:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            content = file.read()
    except OSError:
        return None
    digest, body = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        return msgspec.msgpack.decode(body, type=_Cached)
    except msgspec.MsgspecError:
        return None


def _write(path: Path, cached: _Cached) -> None:
    """Keep the compiled form; a cache that cannot be written is no error."""
    body = msgspec.msgpack.encode(cached)
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, (hashlib.sha256(body).digest(), body))
