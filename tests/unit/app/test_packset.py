"""camaudit.app.packset: a cache that holds nothing which cannot be made again."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from camaudit.app import packset
from camaudit.app.packset import PackSet, cache_directory, load_packs
from camaudit.model.words import Aspect
from tests.small_packs import files, maker, packs, signature


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Make compiling quick, and count how often it happens."""
    made = packs([maker("alpha")], [signature("s", "alpha", Aspect.BADGE)])
    counted: list[str] = []

    def compile_small(_files: object) -> Any:
        counted.append("compiled")
        return made

    monkeypatch.setattr(packset, "maker_packs", compile_small)
    return counted


def only(folder: Path) -> Path:
    [path] = folder.iterdir()
    return path


def test_the_second_start_reads_what_the_first_one_kept(
    tmp_path: Path, compiled: list[str]
) -> None:
    first, second = load_packs(cache=tmp_path), load_packs(cache=tmp_path)
    assert compiled == ["compiled"]
    assert second.makers == first.makers
    found = second.index.candidates(pa.array([b"xs"], pa.binary()), "http.server")
    assert (found.values.tolist(), found.signatures.tolist()) == ([0], [0])
    assert second.names == {"alpha": "Alpha"}


def test_the_cache_is_for_its_owner_only(tmp_path: Path, compiled: list[str]) -> None:
    folder = tmp_path / "cache"
    load_packs(cache=folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only(folder).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: content[:40],
        lambda _content: b"",
        lambda _content: hashlib.sha256(b"junk").digest() + b"junk",
        lambda content: _with_index(content, b"not a database"),
    ],
    ids=["a bit", "cut", "empty", "not ours", "another library's"],
)
def test_a_damaged_cache_is_made_again(tmp_path: Path, compiled: list[str], damage: Any) -> None:
    good = load_packs(cache=tmp_path)
    path = only(tmp_path)
    kept = path.read_bytes()
    path.write_bytes(damage(kept))
    assert load_packs(cache=tmp_path).makers == good.makers
    assert len(compiled) == 2
    load_packs(cache=tmp_path)
    assert len(compiled) == 2  # and it was mended


def _with_index(content: bytes, index: bytes) -> bytes:
    kept = msgspec.msgpack.decode(content[32:])
    body = msgspec.msgpack.encode(kept | {"index": index})
    return hashlib.sha256(body).digest() + body


def test_what_another_user_put_there_is_not_read(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_packs(cache=tmp_path)
    me = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: me + 1)
    load_packs(cache=tmp_path)
    assert len(compiled) == 2


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, compiled: list[str]) -> None:
    """A file stands where the directory should be: that holds for root as well."""
    (tmp_path / "file").write_text("")
    for _ in range(2):
        assert load_packs(cache=tmp_path / "file" / "cache").makers.digest == "test"
    assert len(compiled) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_other_packs_have_another_place(tmp_path: Path, compiled: list[str]) -> None:
    overlay = tmp_path / "ours"
    (overlay / "makers").mkdir(parents=True)
    (overlay / "makers" / "acme.yaml").write_text("id: acme\n")
    load_packs(cache=tmp_path / "cache")
    load_packs((overlay,), cache=tmp_path / "cache")
    assert len(compiled) == 2
    assert len(list((tmp_path / "cache").iterdir())) == 2


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("/somewhere", Path("/somewhere/camaudit")),
        ("", Path("/home/of/mine/.cache/camaudit")),
        ("relative", Path("/home/of/mine/.cache/camaudit")),  # the specification says: ignore
    ],
)
def test_where_the_cache_is(root: str, expected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", root)
    monkeypatch.setenv("HOME", "/home/of/mine")
    assert cache_directory() == expected


def test_the_processor_is_part_of_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    here = packset._key("digest")
    assert packset._key("other") != here
    monkeypatch.setattr(packset, "_processor_features", lambda: "flags: none")
    assert packset._key("digest") != here


def test_without_a_list_of_features_the_name_must_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_path: Path) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    assert isinstance(packset._processor_features(), str)


def test_the_shipped_packs_have_their_parts(shipped: PackSet) -> None:
    assert shipped.makers.signatures == shipped.index.signatures
    assert shipped.registry is shipped.registry
    assert shipped.attributor is shipped.attributor
    assert shipped.files.contents.keys() == files().contents.keys()
