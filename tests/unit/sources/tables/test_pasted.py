"""Text pasted out of a terminal, in any encoding."""

from __future__ import annotations

import io

import pytest

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.tables.pasted import PastedLine, head_text, pasted_lines, prompted_name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_lines_of_any_encoding_that_can_be_told(encoding: str) -> None:
    data = "Schnittstelle\r\n192.0.2.1 ä\r\n".encode(encoding)
    lines = [line for line in pasted_lines(io.BytesIO(data), None) if not isinstance(line, Problem)]
    assert lines == [PastedLine(1, "Schnittstelle"), PastedLine(2, "192.0.2.1 ä")]
    assert head_text(data).splitlines() == ["Schnittstelle", "192.0.2.1 ä"]


def test_an_encoding_that_was_named_is_taken() -> None:
    data = "192.0.2.1 caméra\n".encode("cp850")
    assert list(pasted_lines(io.BytesIO(data), "cp850")) == [PastedLine(1, "192.0.2.1 caméra")]


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(SourceError, match="not a text"):
        list(pasted_lines(io.BytesIO(b"\1\2\3\4" * 9), None))
    assert head_text(b"\1\2\3\4" * 9) == ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("sw-1#show mac address-table", "sw-1"),
        ("sw-1> sh lldp neighbors detail", "sw-1"),
        ("user@edge-1> show lldp neighbors", "edge-1"),
        ("<core>display mac-address", "core"),
        ("[admin@sw-7] > interface bridge host print", "sw-7"),
        ("[admin@sw-7] /interface/bridge> host print", "sw-7"),
        ("ticket #1234 shows nothing", ""),
        ("AXIS P0000> Network Camera", ""),
    ],
)
def test_the_name_in_a_prompt(line: str, name: str) -> None:
    assert prompted_name(line) == name
