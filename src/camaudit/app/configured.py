"""What configurations permit between a site's networks and the core network: declared, not seen.

With a site, what is permitted between each of its devices and the core network is recorded: weaker
than traffic, and more than what somebody wrote into a register. ``app.facts`` says how it is read.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from camaudit.errors import SourceError, UsageError
from camaudit.isolation.configuration import Device, configured_path, read_configuration
from camaudit.model.configuration import ConfiguredPath, PathAnswer
from camaudit.model.ids import DeviceId
from camaudit.model.isolation import CONFIGURATION, Separation, Zones
from camaudit.model.judgement import Judgement
from camaudit.model.words import JudgementKind
from camaudit.store import EstateStore

from .survey import Survey
from .watching import perhaps

#: Ours. Configurations of large firewalls stay below it.
MAX_BYTES: Final = 32 << 20
#: Reasons that are kept beside an answer in the estate.
_MOST_REASONS: Final = 5


@dataclass(frozen=True, slots=True)
class Configuration:
    """One file of a router or firewall: what was read of it, and its SHA-256 in hexadecimal."""

    device: Device
    digest: str


def read(paths: Sequence[Path]) -> list[Configuration]:
    """Return what the files hold.

    Raises:
        SourceError: A file cannot be read, or is no configuration.
    """
    return [_read(path) for path in paths]


def configured(given: Sequence[Configuration], zones: Zones) -> list[ConfiguredPath]:
    """Return the answer for each pair of a zone's network and a core network, both ways.

    Raises:
        UsageError: No zone or no core network is declared.
    """
    own = [network for entries in zones.site.values() for network in entries]
    if not own or not zones.core:
        raise UsageError(
            "name the networks at the two ends: --zone NAME=CIDR and --core CIDR, or --site"
        )
    return _paths(given, own, zones.core)


def keep_configured(
    store: EstateStore,
    given: Sequence[Configuration],
    known: Survey,
    site: str,
    zones: Zones,
    who: str,
    at: datetime,
) -> int:
    """Record what is permitted for each device of a site with an address; return how many."""
    digests = [each.digest for each in given]
    found: list[Judgement] = []
    for device in known.devices:
        attribution = known.attributions[device.id]
        if device.site != site or not perhaps(attribution.kind, attribution.surveillance):
            continue
        paths = _paths(given, _hosts(device.addresses), zones.core)
        if paths:
            answer = worst(paths)
            found.append(_judgement(device.id, answer, paths, zones, digests, who, at))
    with store.writing() as connection:
        return store.add_judgements(connection, found)


def _judgement(
    device: DeviceId,
    answer: PathAnswer,
    paths: Sequence[ConfiguredPath],
    zones: Zones,
    digests: list[str],
    who: str,
    at: datetime,
) -> Judgement:
    because = dict.fromkeys(why for each in paths if each.answer is answer for why in each.because)
    return Judgement(
        kind=JudgementKind.ISOLATION,
        subject=device,
        body={
            "by": CONFIGURATION,
            # whoever reads answers only is told no more than a configuration can prove
            "answers": [Separation.CANNOT_TELL.value],
            "configured": answer.value,
            "because": list(because)[:_MOST_REASONS],
            "first": None,
            "last": at.isoformat(),
            "hours": 0,
            "complete": False,
            "core": list(zones.core),
            "sources": digests,
        },
        who=who,
        recorded_at=at,
    )


def _paths(
    given: Sequence[Configuration], own: Sequence[str], core: Sequence[str]
) -> list[ConfiguredPath]:
    devices = [each.device for each in given]
    return [
        configured_path(devices, source, target)
        for near in own
        for far in core
        for source, target in ((near, far), (far, near))
    ]


def _hosts(addresses: Sequence[str]) -> list[str]:
    """Return addresses as networks of one; an address of a link has no path."""
    found = [ipaddress.ip_address(each.partition("%")[0]) for each in addresses]
    return [str(ipaddress.ip_network(each)) for each in found if not each.is_link_local]


def worst(found: Sequence[ConfiguredPath]) -> PathAnswer:
    """Return the answer that decides the exit code."""
    answers = {each.answer for each in found}
    order = (PathAnswer.PERMITTED, PathAnswer.CANNOT_TELL, PathAnswer.NOT_PERMITTED)
    return next(each for each in order if each in answers)


def _read(path: Path) -> Configuration:
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceError(f"{path}: is larger than {MAX_BYTES >> 20} MiB: no configuration")
    return Configuration(
        device=read_configuration(data.decode("utf-8", "replace"), path.name),
        digest=hashlib.sha256(data).hexdigest(),
    )
