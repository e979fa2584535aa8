"""Find out how a text file is encoded, and give it as lines of text."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from camaudit.errors import SourceError
from camaudit.model.observation import Problem

from .lines import LongLine, chunks, line_blocks

_HEAD_BYTES: Final = 1 << 16

#: Small, so that a transcoded piece stays below a chunk.
_TRANSCODE_BYTES: Final = 1 << 18

#: More control characters than this, in a thousand bytes, is no text.
_MAX_CONTROL_PER_MILLE: Final = 100

#: The mark comes before its own prefix: UTF-32 little-endian starts like UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1a")
_FALLBACK: Final = "cp1252"


class Encoding(NamedTuple):
    """How to decode a file, and what had to be assumed for it."""

    name: str
    remark: str = ""


def detect(stream: BinaryIO, declared: str | None) -> Encoding:
    """Return the encoding of a seekable stream, and rewind it.

    Raises:
        SourceError: It is no text, or the declared encoding is not known.
    """
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    found = _declared(declared) if declared else _marked(head) or _unmarked_utf16(head)
    if found is None:
        _require_text(head)
        found = _eight_bit(stream)
    stream.seek(0)
    return found


def text_lines(stream: BinaryIO, encoding: Encoding) -> Iterator[tuple[int, str] | Problem]:
    """Yield numbered lines without their ends; an over-long line is a problem and then empty."""
    sure = encoding.name == "utf-8"
    pieces = chunks(stream) if sure else _transcoded(stream, encoding.name)
    old_mac = _old_mac(stream, encoding)
    for block in line_blocks(_with_line_feeds(pieces) if old_mac else pieces):
        if isinstance(block, LongLine):
            yield Problem(
                position=f"line {block.number}",
                field="",
                message=f"the line is {block.size:,} bytes long and was not read; "
                "a table row has at most 1 MiB",
            )
            yield block.number, ""
            continue
        number = block.first
        for raw in block.data.removesuffix(b"\n").split(b"\n"):
            try:
                text = raw.decode()
            except UnicodeDecodeError:
                text = raw.decode(_FALLBACK, "replace")
                yield _stray(number)
            if "\ufffd" in text:
                yield _lost(number, encoding.name)
            yield number, text.replace("\r", " ") if "\r" in text[:-1] else text.rstrip("\r")
            number += 1


def _stray(number: int) -> Problem:
    return Problem(
        position=f"line {number}",
        field="",
        message="the line is not UTF-8 like the rest of the file; it was read as Windows-1252",
        rejected=False,
    )


def _lost(number: int, name: str) -> Problem:
    return Problem(
        position=f"line {number}",
        field="",
        message=f"the line holds characters that are lost or not {name}; they read as \ufffd",
        rejected=False,
    )


def _declared(name: str) -> Encoding:
    try:
        b"a".decode(name, "replace")
        found = codecs.lookup(name).name
    except (LookupError, UnicodeError, ValueError) as error:
        raise SourceError(
            f"encoding {name!r} is not known; try utf-8, utf-16, cp1252 or cp1250"
        ) from error
    return Encoding("utf-8-sig" if found == "utf-8" else found)


def _marked(head: bytes) -> Encoding | None:
    return next((Encoding(name) for mark, name in _MARKS if head.startswith(mark)), None)


def _unmarked_utf16(head: bytes) -> Encoding | None:
    pairs = len(head) // 2
    if not pairs:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for many, few, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if many * 10 > pairs * 6 and few * 10 < pairs:
            return Encoding(name, f"no byte order mark: read as {name.upper()}")
    return None


def _require_text(head: bytes) -> None:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls * 1000 > len(head) * _MAX_CONTROL_PER_MILLE:
        raise SourceError(
            "this is not a text table; save it as CSV (UTF-8) or as .xlsx and import that"
        )


def _eight_bit(stream: BinaryIO) -> Encoding:
    """Tell UTF-8 from Windows-1252 by the whole file, not by its first page."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in chunks(stream):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _mostly(stream)
    return Encoding("utf-8")


def _mostly(stream: BinaryIO) -> Encoding:
    """Choose for a file that is not all UTF-8, by the lines that are not plain ASCII."""
    stream.seek(0)
    good = bad = 0
    for block in line_blocks(chunks(stream)):
        if isinstance(block, LongLine) or block.data.isascii():
            continue
        for line in block.data.split(b"\n"):
            if not line.isascii():
                if _is_utf8(line):
                    good += 1
                else:
                    bad += 1
    if good > bad:
        return Encoding("utf-8")
    return Encoding(
        _FALLBACK,
        "the file is not UTF-8: read as Windows-1252 (Western Europe); name another encoding if "
        "names look wrong",
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _transcoded(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the stream as UTF-8, with the replacement character where it does not decode."""
    decoder = codecs.getincrementaldecoder(name)("replace")
    while piece := stream.read(_TRANSCODE_BYTES):
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _old_mac(stream: BinaryIO, encoding: Encoding) -> bool:
    """Tell whether lines end with a bare carriage return, as Excel for Mac "CSV (Macintosh)"."""
    head = next(iter(_transcoded(stream, encoding.name)), b"")
    stream.seek(0)
    return b"\r" in head and b"\n" not in head


def _with_line_feeds(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield piece.replace(b"\r", b"\n")
