"""Read a database of camera models as JSON: one object a model, in files, lines or one array.

Of an object ``brand``, ``model`` and ``type`` are read, and ``aliases`` where there are any. Paths
of streams are not: makers share them, and a template says what a program may try, not who made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from camaudit.model.ids import MakerId
from camaudit.model.packs import Maker
from camaudit.model.words import Aspect, Kind

from .hints import Hints, names_of, plain_name

#: Ours. Models of a database several times as large as any.
MAX_MODELS: Final = 200_000
#: Ours. A model has letters and a digit, and no more characters than this.
_MAX_MODEL: Final = 60
_MODEL: Final = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ./()+_-]{3,}")
#: Ours. What one pattern may list.
_PATTERN_CHARS: Final = 1200

#: Where devices and registers say their model.
FIELDS: Final = (
    "onvif.model", "onvif.scope_hardware", "onvif.scope_model", "sadp.DeviceDescription",
    "dhip.DeviceType", "dahua-5050.model", "tvt-mhed.model", "upnp.model_name",
    "upnp.model_number", "uniview-lapi.DeviceModel", "hanwha.model", "sony.model", "vivotek.model",
    "panasonic.full_name", "ubiquiti.model", "inventory.model",
)  # fmt: skip

#: Words for types that are no camera; every other type is one.
_OTHERS: Final = {
    "dvr": Kind.RECORDER,
    "nvr": Kind.RECORDER,
    "recorder": Kind.RECORDER,
    "xvr": Kind.RECORDER,
    "encoder": Kind.ENCODER,
    "doorbell": Kind.INTERCOM,
    "intercom": Kind.INTERCOM,
    "bodycam": Kind.BODY_WORN,
    "access_control": Kind.ACCESS_CONTROL,
}


def read_camera_database(files: Mapping[str, bytes], makers: Iterable[Maker]) -> Hints:
    """Return the hints of a database's JSON files, by name; a damaged file is counted."""
    hints, names = Hints(), names_of(makers)
    models: dict[tuple[MakerId, Kind], set[str]] = {}
    brands: dict[str, set[MakerId]] = {}
    for entry in _entries(files, hints):
        brand, kind = entry.get("brand"), _kind(entry.get("type"))
        maker = names.get(plain_name(brand)) if isinstance(brand, str) else None
        if maker is None:
            hints.left_out["models of brands that are not among ours"] += 1
            continue
        for model in _models(entry):
            if len(model) > _MAX_MODEL or not _MODEL.fullmatch(model):
                hints.left_out["models that could be any word"] += 1
                continue
            models.setdefault((maker, kind), set()).add(model.casefold())
            brands.setdefault(model.casefold(), set()).add(maker)
    shared = {model for model, owners in brands.items() if len(owners) > 1}
    hints.left_out["models that several brands have"] += len(shared)
    for (maker, kind), found in sorted(models.items()):
        for at, part in enumerate(_patterns(sorted(found - shared)), start=1):
            hints.add(
                f"camera-database-{maker}-{kind.value}-{at}".replace("_", "-"),
                part,
                FIELDS,
                maker=maker,
                aspect=Aspect.BADGE,
                kind=kind,
                says="A second opinion (camera database): it lists this model under this brand.",
            )
    return hints


def _entries(files: Mapping[str, bytes], hints: Hints) -> Iterator[Mapping[str, Any]]:
    count = 0
    for _, content in sorted(files.items()):
        for found in _documents(content, hints):
            for entry in found if isinstance(found, list) else [found]:
                count += 1
                if isinstance(entry, dict) and "model" in entry and count <= MAX_MODELS:
                    yield entry
                else:
                    hints.left_out["entries that are no model"] += 1


def _documents(content: bytes, hints: Hints) -> list[object]:
    try:
        return [msgspec.json.decode(content)]
    except (msgspec.DecodeError, RecursionError, ValueError):
        pass
    try:
        return list(msgspec.json.Decoder().decode_lines(content))
    except (msgspec.DecodeError, RecursionError, ValueError):
        hints.left_out["files that are not JSON"] += 1
        return []


def _kind(word: object) -> Kind:
    return _OTHERS.get(word.casefold(), Kind.CAMERA) if isinstance(word, str) else Kind.CAMERA


def _models(entry: Mapping[str, Any]) -> Iterator[str]:
    aliases = entry.get("aliases")
    for word in [entry["model"], *(aliases if isinstance(aliases, list) else [])]:
        if isinstance(word, str) and word.strip():
            yield word.strip()


def _patterns(models: list[str]) -> Iterator[str]:
    """Yield patterns that match the models and nothing more, each of a bounded length."""
    part: list[str] = []
    size = 0
    for model in models:
        word = re.escape(model)
        if part and size + len(word) > _PATTERN_CHARS:
            yield f"(?i)^(?P<model>{'|'.join(part)})$"
            part, size = [], 0
        part.append(word)
        size += len(word) + 1
    if part:
        yield f"(?i)^(?P<model>{'|'.join(part)})$"
