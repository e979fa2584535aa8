"""camaudit.app.sensitivity: classes from a file that is never stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from camaudit.app import sensitivity
from camaudit.app.sensitivity import read_sensitivity
from camaudit.errors import SourceError
from camaudit.model.ids import SiteId
from camaudit.model.words import Sensitivity


def read(folder: Path, content: bytes) -> dict[SiteId, Sensitivity]:
    path = folder / "classes.csv"
    path.write_bytes(content)
    return read_sensitivity(path)


@pytest.mark.parametrize(
    "head", [b"", b"site,sensitivity\n", b"\xef\xbb\xbfSite ID,Sensitivity\r\n", b"\n , \n"]
)
def test_each_line_is_a_site_and_its_class(tmp_path: Path, head: bytes) -> None:
    found = read(tmp_path, head + b" S-1 , YES \nS-2,no\n\nS-3,withheld\nS-4,unknown\n")
    assert list(found) == ["S-1", "S-2", "S-3", "S-4"]
    assert [str(each) for each in found.values()] == ["yes", "no", "withheld", "unknown"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no line of the form SITE,yes"),
        (b"site,sensitivity\n", "holds no line"),
        (b"S-1,yes\nS-2,secret\n", "line 2: sensitivity: want SITE,CLASS"),
        (b"S-1\n", "line 1"),
        (b",yes\n", "line 1"),
        (b"S-1,yes,more\n", "line 1"),
        (b"S-1,yes\nS-1,no\n", "line 2: site: S-1 stands twice"),
        (b"S-1,y\xff\n", "not a CSV file in UTF-8"),
        (b"S-1,y\x00\n", "line"),
    ],
)
def test_anything_odd_is_refused_with_its_line(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says) as error:
        read(tmp_path, content)
    assert str(tmp_path) in str(error.value)


def test_there_is_an_end_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensitivity, "MAX_LINES", 2)
    assert len(read(tmp_path, b"a,yes\nb,no\n")) == 2
    with pytest.raises(SourceError, match="more than 2 lines"):
        read(tmp_path, b"a,yes\nb,no\nc,no\n")
