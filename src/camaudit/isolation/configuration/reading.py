"""Tell which vendor a configuration is of, and read it line by line."""

from __future__ import annotations

import re
from typing import Final

from camaudit.errors import SourceError

from .device import Device
from .fortios import FortiosReader
from .ios import IosReader
from .junos import JunosReader
from .linux import IptablesReader, is_route, read_route

#: Ours. A firewall's backup has some megabytes.
MAX_CHARACTERS: Final = 8 << 20

_FORTIOS: Final = re.compile(r"^\s*config (?:system|firewall|router)\b", re.MULTILINE)
_JUNOS: Final = re.compile(
    r"^\s*set (?:interfaces|firewall|routing-options|system)\b", re.MULTILINE
)


def read_configuration(text: str, file: str) -> Device:
    """Read one configuration; lines that are not understood are noted in it, without secrets.

    Raises:
        SourceError: It is too large to be one, or holds nothing.
    """
    if len(text) > MAX_CHARACTERS:
        raise SourceError(f"{file}: larger than {MAX_CHARACTERS} characters")
    device = Device(file=file)
    lines = [(at, line.rstrip()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise SourceError(f"{file}: the configuration is empty")
    if _FORTIOS.search(text):
        _read_by(FortiosReader(device), lines)
    elif _JUNOS.search(text):
        _read_by(JunosReader(device), lines)
    else:
        _read_mixed(device, lines)
    return device


def _read_by(reader: FortiosReader | JunosReader, lines: list[tuple[int, str]]) -> None:
    for number, line in lines:
        if not line.lstrip().startswith("#"):
            reader.take(number, line)
    reader.finish()


def _read_mixed(device: Device, lines: list[tuple[int, str]]) -> None:
    """Read what people paste together: routing tables, iptables and Cisco IOS."""
    tables, ios = IptablesReader(device), IosReader(device)
    for number, line in lines:
        if tables.take(number, line):
            continue
        if is_route(line):
            read_route(device, number, line)
        else:
            ios.take(number, line)
