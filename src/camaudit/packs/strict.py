"""Read YAML so that a typing slip cannot become a fact.

1. YAML 1.2 scalars only: ``no`` and ``12:30`` are text; ``true``, ``null``, numbers and ISO dates
   are what they look like.
2. Duplicate keys, anchors, aliases, tags and merge keys are refused.
3. Every error names file, line and field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from camaudit.errors import PackError

#: A pack file is written and read by people; beyond this it is not one.
MAX_PACK_BYTES: Final = 4 * 1024 * 1024

#: Lists and mappings within each other; no schema of ours comes near.
MAX_DEPTH: Final = 40

_TEXT_STYLES: Final = frozenset({"'", '"', "|", ">"})
_BOOLEANS: Final = {"true": True, "false": False}
_NULLS: Final = frozenset({"", "null", "~"})
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: pydantic's word for a field that the model does not have, and ours.
_UNKNOWN: Final = "extra_forbidden"
_UNKNOWN_WORDS: Final = "there is no such field; check the spelling"

Path = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed file: plain Python values, and the line that each of them starts on."""

    file: str
    data: Any
    lines: dict[Path, int]

    def line_of(self, path: Path) -> int:
        """Return the line of ``path``, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def error(self, path: Path, message: str) -> PackError:
        """Return (not raise) an error that points at ``path``."""
        return PackError(message, file=self.file, line=self.line_of(path), field=_dotted(path))


def parse(content: bytes, file: str) -> Document:
    """Parse one YAML document; raise ``PackError`` on anything ambiguous."""
    if len(content) > MAX_PACK_BYTES:
        raise PackError(f"larger than {MAX_PACK_BYTES} bytes", file=file)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PackError(f"not UTF-8 at byte {error.start}", file=file) from error
    try:
        _check_events(text, file)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise PackError(str(error.problem or error.context), file=file, line=line) from error
    except yaml.YAMLError as error:
        raise PackError(f"not YAML: {error}", file=file) from error
    if node is None:
        raise PackError("the file is empty", file=file)
    lines: dict[Path, int] = {}
    return Document(file=file, data=_convert(node, (), lines, file), lines=lines)


def validate(document: Document, model: type[ModelT], path: Path = ()) -> ModelT:
    """Check the part of ``document`` at ``path`` against a pydantic model, with line and field."""
    data = document.data
    for step in path:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # A misspelt field gives two errors; it helps to hear of the one that stands in the file.
        first = min(error.errors(), key=lambda each: each["type"] != _UNKNOWN)
        where = path + _yaml_path(first["loc"], data)
        if first["type"] == "missing":
            where += first["loc"][-1:]
        message = _UNKNOWN_WORDS if first["type"] == _UNKNOWN else first["msg"]
        raise document.error(where, _plain(message, error.error_count())) from error


def _plain(message: str, count: int) -> str:
    more = f" (and {count - 1} more)" if count > 1 else ""
    return message.removeprefix("Value error, ") + more


def _yaml_path(location: tuple[str | int, ...], data: Any) -> Path:
    """Drop from a pydantic location the steps that are not in the file (union member names)."""
    path: list[str | int] = []
    for step in location:
        if _holds(data, step):
            data = data[step]
            path.append(step)
    return tuple(path)


def _holds(data: Any, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _check_events(text: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        anchor = getattr(event, "anchor", None)
        tag = getattr(event, "tag", None)
        line = event.start_mark.line + 1 if event.start_mark else 0
        if anchor is not None:
            raise PackError("anchors and aliases are not allowed", file=file, line=line)
        if tag is not None:
            raise PackError(f"tag {tag} is not allowed", file=file, line=line)
        if depth > MAX_DEPTH:  # composing a node calls itself for each level, and C has no limit
            raise PackError(f"nested more than {MAX_DEPTH} deep", file=file, line=line)


def _convert(node: yaml.Node, path: Path, lines: dict[Path, int], file: str) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, file)
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, path, file)
    return [_convert(each, (*path, at), lines, file) for at, each in enumerate(node.value)]


def _mapping(
    node: yaml.MappingNode, path: Path, lines: dict[Path, int], file: str
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise PackError("a key must be text", file=file, line=line, field=_dotted(path))
        key = str(key_node.value)
        if key == "<<":
            raise PackError("merge keys are not allowed", file=file, line=line)
        if key in result:
            raise PackError(
                "the key stands twice", file=file, line=line, field=_dotted((*path, key))
            )
        result[key] = _convert(value_node, (*path, key), lines, file)
        lines[(*path, key)] = line
    return result


def _scalar(node: yaml.ScalarNode, path: Path, file: str) -> Any:
    text = str(node.value)
    if node.style in _TEXT_STYLES:  # quoted or block: text, whatever it looks like
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            line = node.start_mark.line + 1
            raise PackError(str(error), file=file, line=line, field=_dotted(path)) from error
    return text


def _dotted(path: Path) -> str:
    out = ""
    for step in path:
        out += f"[{step}]" if isinstance(step, int) else (f".{step}" if out else step)
    return out
