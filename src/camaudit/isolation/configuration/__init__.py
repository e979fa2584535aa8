"""Evidence from configurations: what routers and firewalls are told to do, which may not happen."""

from __future__ import annotations

from .deciding import configured_path
from .device import Device
from .reading import read_configuration

__all__ = ["Device", "configured_path", "read_configuration"]
