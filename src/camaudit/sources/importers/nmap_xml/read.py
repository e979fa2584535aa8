"""Read nmap's XML host by host; nothing is kept of a host once it has been read.

1. No entity is expanded and none is fetched: a file that defines one is refused.
2. A file that was cut off gives the hosts before the cut, and names the cut.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import BatchBuilder

from .host import host_name, is_down, read_host

#: One host with all its script output. A full port scan with every script stays below 1 MiB.
MAX_HOST_BYTES: Final = 16 << 20

#: nmap nests six deep at most (host, ports, port, script, table, elem), scripts a few more.
MAX_DEPTH: Final = 64

_PIECE_BYTES: Final = 1 << 16

#: expat's words for "the file ends too early": no element found, unclosed token, partial
#: character, unclosed CDATA section.
_CUT_OFF: Final = frozenset({3, 5, 6, 20})

_READ_ON: Final = frozenset({"host", "runstats"})


def sniff(name: str, head: bytes) -> int:
    """Answer how surely the file is nmap's."""
    text = head[:4096].replace(b"\0", b"")
    if b"<nmaprun" in text or b"<!DOCTYPE nmaprun" in text:
        return 100
    return 5 if name.lower().endswith(".xml") else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what nmap saw.

    Raises:
        SourceError: The file is not nmap's, defines entities, or is no XML from the start.
    """
    _ = options
    yield from _Scan(_Metered(stream)).items()


class _Scan:
    """One file on its way into batches."""

    def __init__(self, source: _Metered) -> None:
        self._source = source
        self._batch = BatchBuilder()
        self._unused: Counter[str] = Counter()
        self._hosts = self._down = self._nameless = 0
        self._root: Element | None = None

    def items(self) -> Iterator[Item]:
        """Yield batches and problems."""
        cut: Problem | None = None
        events = self._events()
        while True:
            try:
                element = next(events, None)
            except ParseError as error:
                cut = self._cut(error)
                break
            if element is None:
                break
            self._take(element)
            if self._batch.full:
                yield from self._batch.flush()
        yield from self._batch.flush()
        if cut is not None:
            yield cut
        yield from self._summary()

    def _events(self) -> Iterator[Element]:
        """Yield the children of the root that matter, as they end."""
        depth = 0
        try:
            for event, element in iterparse(self._source, ("start", "end")):
                if event == "start":
                    depth += 1
                    self._enter(element, depth)
                    continue
                depth -= 1
                if depth == 1 and self._root is not None:
                    if element.tag in _READ_ON:
                        yield element
                    self._root.clear()
                    self._source.used = 0
        except DefusedXmlException as error:
            raise SourceError(
                "the XML defines or fetches entities, which nmap never does; it was not read, as "
                "such files are made to harm the reader"
            ) from error
        except (ValueError, LookupError) as error:
            if isinstance(error, ParseError):
                raise
            raise SourceError(f"the XML cannot be decoded ({error}); save it as UTF-8") from error

    def _enter(self, element: Element, depth: int) -> None:
        if depth == 1:
            if element.tag != "nmaprun":
                raise SourceError(
                    f"the file is XML, but its root is <{str(element.tag)[:60]}>, not <nmaprun>; "
                    "import the file that nmap -oX wrote"
                )
            self._root = element
        elif depth > MAX_DEPTH:
            raise SourceError(f"the XML is nested more than {MAX_DEPTH} deep; this is not nmap's")

    def _take(self, element: Element) -> None:
        if element.tag == "runstats":
            counts = element.find("hosts")
            down = counts.get("down", "") if counts is not None else ""
            # With -v nmap lists hosts that are down, without it only counts them.
            self._down = max(self._down, int(down) if down.isdecimal() else 0)
            return
        self._hosts += 1
        if is_down(element):
            self._down += 1
            return
        name = host_name(element)
        if name is None:
            self._nameless += 1
            return
        read_host(element, name, self._batch, self._unused)

    def _cut(self, error: ParseError) -> Problem:
        if self._root is None:
            raise SourceError(
                f"the file is not XML ({error}); import the file that nmap -oX wrote"
            ) from error
        line, column = error.position
        how = (
            "is cut off here (was nmap stopped?)"
            if error.code in _CUT_OFF
            else (f"is damaged here ({error})")
        )
        return Problem(
            position=f"line {line} column {column}",
            field="",
            message=f"the file {how}: {self._hosts} hosts were read; what follows is missing",
        )

    def _summary(self) -> Iterator[Problem]:
        if self._down:
            yield _remark(
                f"{self._down} hosts were down or did not answer; nothing is known of them"
            )
        if self._nameless:
            yield Problem(
                position="",
                field="address",
                message=f"{self._nameless} hosts have no usable address and were not taken",
            )
        if not self._hosts:
            yield _remark("the scan lists no host")
        for script, count in sorted(self._unused.items()):
            yield _remark(f"results of the script {script} are not used ({count})")


def _remark(message: str) -> Problem:
    return Problem(position="", field="", message=message, rejected=False)


class _Metered:
    """A stream that refuses to be read on and on within one host, and is never UTF-16."""

    def __init__(self, stream: BinaryIO) -> None:
        self.used = 0
        self._stream = stream
        self._decoder: Any = None
        head = stream.read(4)
        stream.seek(0)
        # PowerShell's ">" writes UTF-16 around XML that calls itself UTF-8.
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._decoder = codecs.getincrementaldecoder("utf-16")("replace")

    def read(self, size: int = _PIECE_BYTES) -> bytes:
        """Read at most ``size`` bytes, or a little more where they are recoded."""
        piece = self._stream.read(size)
        self.used += len(piece)
        if self.used > MAX_HOST_BYTES:
            raise SourceError(
                f"one host takes more than {MAX_HOST_BYTES >> 20} MiB of XML; this is not nmap's"
            )
        if self._decoder is None:
            return piece
        text: str = self._decoder.decode(piece, final=not piece)
        return text.replace('encoding="utf-16"', "").replace('encoding="UTF-16"', "").encode()
