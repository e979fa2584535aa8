"""The search for secrets finds each that was planted, however it was hidden, and nothing else."""

from __future__ import annotations

import base64
import gzip
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from camaudit.lab.traffic.site import Settings
from camaudit.lab.traffic.write import write_capture
from tests.byte_search import Needles, needles_of, needles_of_secrets, search, search_octets

NAME = "clinic-5e0c9a41.example.org"
PASSWORD = "pretend-9f81c2+/x"
RUN = bytes.fromhex("00ff8813a0b1c2d3e4f5061728394a5b")
TEXT = f"seen {NAME} today"


@pytest.fixture(scope="module")
def needles() -> Needles:
    return needles_of([NAME, PASSWORD], [RUN])


def labels(name: str) -> bytes:
    return b"".join(bytes((len(part),)) + part.encode() for part in name.split(".")) + b"\0"


PLANTED: dict[str, tuple[bytes, str]] = {
    "plain": (TEXT.encode(), NAME),
    "capitals": (TEXT.upper().encode(), NAME),
    "utf-16-le": (TEXT.encode("utf-16-le"), NAME),
    "utf-16-be": (b"\0" + TEXT.encode("utf-16-be"), NAME),
    "labels": (b"\x12\x34" + labels(f"www.{NAME}"), NAME),
    "percent": (b"u=pretend-9f81c2%2b%2Fx", PASSWORD),
    "hex": (b"0a" + NAME.encode().hex().upper().encode(), NAME),
    "hex-colons": (RUN.hex(":").encode(), RUN.hex()),
    "base64-0": (base64.b64encode(b"abc" + NAME.encode()), NAME),
    "base64-1": (base64.b64encode(b"a" + PASSWORD.encode() + b"tail"), PASSWORD),
    "base64-2": (base64.b64encode(b"user:ab" * 2 + PASSWORD.encode()), PASSWORD),
    "base64-url": (base64.urlsafe_b64encode(b"abcd" + RUN + b"z"), RUN.hex()),
    "media": (b"\x10" * 99 + RUN, RUN.hex()),
}
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "as-it-is": lambda data: data,
    "gzip": lambda data: b"before" + gzip.compress(data) + b"behind",
    "zlib": lambda data: b"%PDF stream\n" + zlib.compress(data, 9) + b"\nendstream",
    "zlib-window": lambda data: _packed_with_window(data, 10),
    "gzip-twice": lambda data: gzip.compress(b"x" * 50 + gzip.compress(data)),
    "gzip-cut": lambda data: gzip.compress(data + bytes(range(256)) * 30)[:-9],
    "zstd": lambda data: b"page" + pa.Codec("zstd").compress(data, asbytes=True),
    "lz4": lambda data: b"page" + pa.Codec("lz4").compress(data, asbytes=True),
    # a value of Arrow's holds one frame behind the other, and something behind the last
    "zstd-amid": lambda data: pa.Codec("zstd").compress(data, asbytes=True) + b"behind it" * 9,
    "zstd-long": lambda data: _streamed(bytes(300_000) + data, "zstd") + b"\x0a\0\0",
    "zstd-row": lambda data: (
        pa.Codec("zstd").compress(b"1" * 9, asbytes=True) * 3
        + pa.Codec("zstd").compress(data, asbytes=True) * 2
        + b"\0"
    ),
    "lz4-amid": lambda data: pa.Codec("lz4").compress(data, asbytes=True) + b"behind it" * 9,
    "lz4-long": lambda data: _streamed(bytes(300_000) + data, "lz4") + b"\x0a\0\0",
}


def _packed_with_window(data: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, bits)
    return packer.compress(data) + packer.flush()


def _streamed(data: bytes, kind: str) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, kind) as stream:
        stream.write(data)
    return bytes(sink.getvalue().to_pybytes())


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("planted", PLANTED)
def test_what_was_planted_is_found(needles: Needles, planted: str, packing: str) -> None:
    data, secret = PLANTED[planted]
    found = search_octets(needles, PACKED[packing](data), "here")
    assert secret in {each.secret for each in found}
    assert {each.secret for each in found} == {secret}


def test_the_place_is_told(needles: Needles) -> None:
    (found,) = search_octets(needles, b"12345" + NAME.encode(), "log")
    assert (found.file, found.offset, found.form) == ("log", 5, "plain")
    assert str(found) == f"log at 5: {NAME} (plain)"


@pytest.mark.parametrize(
    "innocent",
    [
        b"",
        b"clinic-5e0c9a41.example.com",
        b"clinic-5e0c9a42.example.org",
        RUN[:-1],
        RUN[::-1],
        base64.b64encode(b"pretend-9f81c3+/x"),
        gzip.compress(b"nothing to see" * 1_000, mtime=0),
        bytes(range(256)) * 400,
    ],
)
def test_what_is_innocent_is_not_reported(needles: Needles, innocent: bytes) -> None:
    assert search_octets(needles, innocent, "here") == []


def test_a_long_cell_of_sqlite_is_read_across_pages(needles: Needles, tmp_path: Path) -> None:
    path = tmp_path / "estate.sqlite"
    store = sqlite3.connect(path)
    store.execute("PRAGMA page_size = 512")
    store.execute("CREATE TABLE note (words TEXT, packed BLOB)")
    long = ("." * 400 + NAME) * 9  # somewhere a name lies over the edge of a page
    store.execute("INSERT INTO note VALUES (?, ?)", (long, zlib.compress(PASSWORD.encode())))
    store.commit()
    store.close()
    found = search(needles, [path])
    assert {each.secret for each in found} == {NAME, PASSWORD}
    assert any("table note" in each.file for each in found)


def test_the_write_ahead_log_is_searched(needles: Needles, tmp_path: Path) -> None:
    path = tmp_path / "estate.sqlite"
    store = sqlite3.connect(path)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("CREATE TABLE note (words TEXT)")
    store.execute("INSERT INTO note VALUES (?)", (NAME,))
    store.commit()
    try:
        files = {each.file.split(" > ")[0] for each in search(needles, [tmp_path])}
    finally:
        store.close()
    assert str(tmp_path / "estate.sqlite-wal") in files


def test_archives_and_columns_are_opened(needles: Needles, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "report.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet1.xml", f"<v>{NAME}</v>" * 50)
    table = pa.table({"name": ["a", NAME], "media": [b"", RUN * 40]})
    pq.write_table(table, tmp_path / "flows.parquet", compression="snappy")
    found = search(needles, [tmp_path])
    assert any("report.xlsx > sheet1.xml" in each.file for each in found)
    assert any("flows.parquet > column name" in each.file for each in found)
    assert any("flows.parquet > column media" in each.file for each in found)


def test_outputs_are_searched(needles: Needles) -> None:
    (found,) = search(needles, [], stdout=b"", stderr=f"note: {PASSWORD}".encode())
    assert (found.file, found.secret) == ("stderr", PASSWORD)


def test_few_places_of_one_secret_are_told(needles: Needles) -> None:
    assert len(search_octets(needles, NAME.encode() * 1_000, "log")) == 3


@pytest.mark.parametrize("short", ["abc", "12345"])
def test_what_is_too_short_is_refused(short: str) -> None:
    with pytest.raises(ValueError, match="too short"):
        needles_of([short])


def test_nothing_to_look_for_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        needles_of()


def test_a_capture_is_full_of_its_secrets_and_an_empty_store_is_not(tmp_path: Path) -> None:
    path = tmp_path / "site.pcap"
    truth = write_capture(path, Settings(packets=6_000, days=0.1))
    needles = needles_of_secrets(truth.secrets)
    found = {each.secret for each in search(needles, [path])}
    assert set(truth.secrets.names) <= found
    assert len(found & set(truth.secrets.media)) > 500
    clean = tmp_path / "clean.log"
    clean.write_bytes(b"54 devices, 31 cameras\n" * 1_000)
    assert search(needles, [clean]) == []
