"""Options of ``classify --engine spark`` that are refused before Spark is asked for anything."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from camaudit.cli.main import _run


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str) -> tuple[int, str]:
        code = _run(["classify", *arguments])
        return code, capsys.readouterr().err

    return run


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)


def test_without_the_extra_it_says_what_to_install(
    told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    code, words = told("--engine", "spark", "x.parquet")
    assert code == 1
    assert "not installed (pandas, pyspark): make install-spark" in words


@pytest.mark.parametrize("option", ["--master=local[1]", "--partitions=2"])
def test_its_options_need_the_engine(told: Any, option: str) -> None:
    code, words = told(option, "x.parquet")
    assert code == 2
    assert "are for --engine spark" in words


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("arguments", [(), ("-",), ("x", "-")])
def test_standard_input_is_refused(told: Any, arguments: tuple[str, ...]) -> None:
    code, words = told("--engine", "spark", *arguments)
    assert code == 2
    assert "that its workers can open" in words


@pytest.mark.usefixtures("installed")
def test_other_formats_are_refused(told: Any) -> None:
    code, words = told("--engine", "spark", "--as", "shodan", "x.json")
    assert code == 2
    assert "leave --as out" in words
