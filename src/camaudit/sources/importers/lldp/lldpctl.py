"""Read ``lldpctl -f json``, which leaves lists of one out, and ``-f json0``, which never does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .neighbour import Neighbour


def json_neighbours(document: Any) -> Iterator[Neighbour]:
    """Yield the neighbours of a decoded document."""
    for number, (link, about) in enumerate(_interfaces(document), start=1):
        found = Neighbour(f"interface {number} {link}")
        name, chassis, port = *_chassis(about), _one(about.get("port"))
        found.tell("lldp.chassis_id", _text(_one(chassis.get("id")).get("value")))
        found.tell("lldp.port_id", _text(_one(port.get("id")).get("value")))
        found.tell("lldp.system_name", name)
        found.tell("lldp.system_description", _text(chassis.get("descr")))
        found.tell("lldp.local_port", link)
        for address in _all(chassis.get("mgmt-ip")):
            found.tell("ip.address", _text(address))
        for capability in _all(chassis.get("capability")):
            if kind := _text(_one(capability).get("type")):
                found.more("lldp.capabilities", kind, ", ")
        yield found


def _interfaces(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for lldp in _all(_one(document).get("lldp")):
        for entry in _all(_one(lldp).get("interface")):
            if isinstance(entry, dict) and ("chassis" in entry or "via" in entry):  # json0
                yield _text(entry.get("name")), entry
            elif isinstance(entry, dict):
                for link, each in entry.items():
                    yield from ((link, about) for about in _all(each) if isinstance(about, dict))


def _chassis(about: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return a system's name, and what it says; ``json`` makes the name the key of the rest."""
    chassis = _one(about.get("chassis"))
    if "value" not in _one(chassis.get("id")):
        name, said = next(iter(chassis.items()), ("", {}))
        if isinstance(said, dict):
            return name, said
    return _text(chassis.get("name")), chassis


def _all(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _one(value: Any) -> dict[str, Any]:
    first = next(iter(_all(value)), None)
    return first if isinstance(first, dict) else {}


def _text(value: Any) -> str:
    """Return a text, which ``json0`` wraps as ``[{"value": ...}]``."""
    first = next(iter(_all(value)), "")
    if isinstance(first, dict):
        first = first.get("value", "")
    return first if isinstance(first, str) else ""
