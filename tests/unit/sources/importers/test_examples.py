"""Every importer's examples give exactly what is written beside them, and are recognised."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

import pytest

from camaudit.errors import SourceError
from camaudit.model.observation import Body, Problem, Site
from camaudit.model.scan import ScanRecord
from camaudit.model.traffic import Traffic
from camaudit.sources.importers import registry
from tests.importer_examples import Example, load_examples, problems, read_all, seen
from tests.traffic_told import told

EXAMPLES = load_examples()
every_example = pytest.mark.parametrize(
    "example", [pytest.param(example, id=example.case) for example in EXAMPLES]
)


def test_every_importer_has_an_example_that_is_read() -> None:
    read = {each.importer.id for each in EXAMPLES if any("refused" not in x for x in each.expected)}
    assert read == set(registry())
    assert len(read) >= 6


@every_example
def test_what_is_read(example: Example) -> None:
    refused = [line["refused"] for line in example.expected if "refused" in line]
    if refused:
        with pytest.raises(SourceError, match=refused[0]):
            read_all(example.importer, example.data)
        return
    items = read_all(example.importer, example.data)
    assert seen(items) == _expected_seen(example)
    assert _records(items, Body) == [x["body"] for x in example.expected if "body" in x]
    assert _records(items, Site) == [x["site"] for x in example.expected if "site" in x]
    _same_traffic(items, example)
    _same_scans(items, [x["scan"] for x in example.expected if "scan" in x])
    _same_problems(problems(items), [x for x in example.expected if "problem" in x])


@every_example
def test_what_it_is_taken_for(example: Example) -> None:
    scores = {
        spec.id: spec.sniff(example.name, example.data[: 1 << 16]) for spec in registry().values()
    }
    best = max(scores.values())
    assert [name for name, score in scores.items() if score == best] == [example.importer.id]
    assert best >= 90


@every_example
def test_where_it_comes_from_is_said(example: Example) -> None:
    assert example.readme.startswith("Synthetic")


def _expected_seen(example: Example) -> Counter[tuple[str, str, bytes, str, str | None]]:
    found: Counter[tuple[str, str, bytes, str, str | None]] = Counter()
    for line in example.expected:
        if "seen" in line:
            device, key, value, position = line["seen"]
            raw = value.encode() if isinstance(value, str) else bytes.fromhex(value["hex"])
            found[device, key, raw, position, line.get("at")] += 1
    return found


def _same_traffic(items: list[Any], example: Example) -> None:
    """Hold what is told of traffic against what is written, in any order."""
    words = ("conversation", "name", "event", "damage", "address")
    expected = [line for line in example.expected if any(word in line for word in words)]
    got = told(item for item in items if isinstance(item, Traffic))
    assert sorted(map(_line, got)) == sorted(map(_line, expected))


def _line(told_: dict[str, Any]) -> str:
    return json.dumps(told_, sort_keys=True)


def _records(items: list[Any], kind: type[Body | Site]) -> list[dict[str, Any]]:
    rows = [asdict(item) for item in items if isinstance(item, kind)]
    return [{k: list(v) if isinstance(v, tuple) else v for k, v in row.items()} for row in rows]


def _same_scans(items: list[Any], expected: list[dict[str, Any]]) -> None:
    """Hold each record of a scan against what is written of it; the rest is not looked at."""
    got = [{"run": i.run, **i.body} for i in items if isinstance(i, ScanRecord)]
    assert [
        {name: each[name] for name in line} for each, line in zip(got, expected, strict=True)
    ] == (expected)


def _same_problems(got: list[Problem], expected: list[dict[str, Any]]) -> None:
    """Pair each problem with one expectation: place, field, part of the message, weight."""
    left = list(got)
    for line in expected:
        place, field, words = line["problem"]
        fitting = [
            problem
            for problem in left
            if problem.position.startswith(place)
            and (problem.field, problem.rejected) == (field, line["rejected"])
            and words in problem.message
        ]
        assert fitting, f"nothing like {line} among {left}"
        left.remove(fitting[0])
    assert not left
