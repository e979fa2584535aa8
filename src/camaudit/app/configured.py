"""What configurations permit between a site's networks and the core network: declared, not seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from camaudit.errors import SourceError, UsageError
from camaudit.isolation.configuration import configured_path, read_configuration
from camaudit.model.configuration import ConfiguredPath, PathAnswer
from camaudit.model.isolation import Zones

#: Ours. Configurations of large firewalls stay below it.
MAX_BYTES: Final = 32 << 20


def configured(paths: Sequence[Path], zones: Zones) -> list[ConfiguredPath]:
    """Return the answer for each pair of a zone's network and a core network, both ways.

    Raises:
        UsageError: No zone or no core network is declared.
        SourceError: A file cannot be read, or is no configuration.
    """
    own = [network for entries in zones.site.values() for network in entries]
    if not own or not zones.core:
        raise UsageError(
            "name the networks at the two ends: --zone NAME=CIDR and --core CIDR, or --site"
        )
    devices = [read_configuration(_text(path), path.name) for path in paths]
    return [
        configured_path(devices, source, target)
        for near in own
        for far in zones.core
        for source, target in ((near, far), (far, near))
    ]


def worst(found: Sequence[ConfiguredPath]) -> PathAnswer:
    """Return the answer that decides the exit code."""
    answers = {each.answer for each in found}
    order = (PathAnswer.PERMITTED, PathAnswer.CANNOT_TELL, PathAnswer.NOT_PERMITTED)
    return next(each for each in order if each in answers)


def _text(path: Path) -> str:
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceError(f"{path}: is larger than {MAX_BYTES >> 20} MiB: no configuration")
    return data.decode("utf-8", "replace")
