"""The pages of importers and protocols, read from their declarations and their word lists."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Final

from camaudit.sources import importers, protocols
from camaudit.sources.importers import bodies, inventory, sightings, sites
from camaudit.sources.importers.inventory import headers
from camaudit.sources.protocols import ProtocolSpec

from .charters import charter
from .markdown import code, page, table

#: Modules that hold the header words of an importer.
_WORDS: Final = {
    "bodies": Path(bodies.__file__).with_name("read.py"),
    "sites": Path(sites.__file__).with_name("read.py"),
    "inventory": Path(inventory.__file__).with_name("headers.py"),
    "sightings": Path(sightings.__file__).with_name("read.py"),
}


def pages() -> dict[str, str]:
    """Return the pages by path below ``docs/reference``."""
    return {"importers.md": _importers(), "protocols.md": _protocols()}


def _importers() -> str:
    intro = [
        "`camaudit import` recognises the format from the content; `--as` names one of these.",
        "[How to import a register](../how-to/import-a-register.md) has samples.",
    ]
    specs = importers.registry().values()
    rows = [(code(s.id), s.title, ", ".join(map(code, s.suffixes))) for s in specs]
    words = [
        "## Header words",
        "",
        "Case, accents, punctuation and short forms (`No`, `Mfr`, `Qty`) do not matter. A phrase",
        "with `=` counts only as the whole header; the others may stand within a longer one. With",
        "`--map HEADER=WORD`, `WORD` is a column or the key behind it, or `ignore`.",
    ]
    lists = [_words(name, _phrases(path)) for name, path in _WORDS.items()]
    return page(
        "Importers", "the importers", intro, table(["Id", "Title", "Suffixes"], rows), words, *lists
    )


def _words(importer: str, phrases: Mapping[str, Iterable[str]]) -> list[str]:
    keys = headers.KEYS if importer == "inventory" else {}
    rows = [
        (code(word), code(keys.get(word, "")), " · ".join(listed))
        for word, listed in phrases.items()
    ]
    return [f"### `{importer}`", "", *table(["Column", "Key", "Recognised as"], rows)]


def _phrases(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the word list that a module hands to ``HeaderWords``, from its source."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if node.target.id == "PHRASES" and node.value is not None:
                found: dict[str, tuple[str, ...]] = ast.literal_eval(node.value)
                return found
            if node.target.id == "WORDS" and isinstance(node.value, ast.Call):
                first = node.value.args[0]
                if isinstance(first, ast.Dict):
                    listed: dict[str, tuple[str, ...]] = ast.literal_eval(first)
                    return listed
    raise SystemExit(f"{path} holds no word list")


def _protocols() -> str:
    intro = [
        "What camaudit understands of each protocol. It reads replies that were recorded or handed",
        "over; it asks no device. The intrusiveness is that of asking.",
    ]
    specs = protocols.registry()
    rows = [
        (
            code(spec.id),
            spec.title,
            f"{spec.transport} {', '.join(map(str, spec.ports))}",
            spec.intrusiveness.value,
            spec.reference,
        )
        for spec in specs.values()
    ]
    head = ["Id", "Title", "Transport, ports", "Intrusiveness", "Reference"]
    sections = [_protocol(spec) for spec in specs.values()]
    return page("Protocols", "the protocols", intro, table(head, rows), *sections)


def _protocol(spec: ProtocolSpec) -> list[str]:
    folder = _folder(spec)
    fields = sorted(
        {
            key
            for file in (folder / "examples").glob("*.json")
            for key, _ in json.loads(file.read_text(encoding="utf-8")).get("seen", [])
        }
    )
    return [
        f"## `{spec.id}`",
        "",
        charter(folder / "__init__.py"),
        "",
        f"- Read: {', '.join(map(code, sorted(spec.expands)))}",
        f"- Give, as its examples show: {', '.join(map(code, fields))}",
    ]


def _folder(spec: ProtocolSpec) -> Path:
    for reader in spec.expands.values():
        module = inspect.getmodule(reader)
        if isinstance(module, ModuleType) and module.__file__:
            return Path(module.__file__).parent
    raise SystemExit(f"{spec.id} expands nothing")
