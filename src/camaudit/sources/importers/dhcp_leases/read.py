"""Recognise the form of a lease file, and turn each lease into observations.

A lease proves that a device was there then, and says nothing of what it is but its own words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import MAX_BATCH_ROWS, BatchBuilder, strip_secrets
from camaudit.sources.tables.addresses import names_device
from camaudit.sources.tables.pasted import SNIFFED_LINES, PastedLine, head_text, pasted_lines
from camaudit.wirekit.secrets import blank

from .forms import form_of
from .lease import Entry, Lease, Passed


def sniff(name: str, head: bytes) -> int:
    """Tell how sure it is that this is a lease file."""
    del name
    lines = head_text(head).splitlines()[:SNIFFED_LINES]
    return 97 if any(form_of(line) is not None for line in lines) else 0


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield what each lease says; ``SourceError`` where the form is not known."""
    problems: list[Problem] = []
    lines = _only_lines(pasted_lines(stream, options.encoding), problems)
    reader, first = _form(lines)
    batch = BatchBuilder()
    passed: Counter[Passed] = Counter()
    for entry in reader(chain(first, lines)):
        yield from problems
        problems.clear()
        if isinstance(entry, Problem):
            yield entry
        elif isinstance(entry, Passed):
            passed[entry] += 1
        elif not names_device(entry.mac):
            passed[Passed.GROUP] += 1
        else:
            _add(batch, entry)
        if len(batch) > MAX_BATCH_ROWS - 4:
            yield from batch.flush()
    yield from problems
    yield from batch.flush()
    for reason, count in passed.items():
        yield Problem(position="", field="", message=f"{count} {reason}", rejected=False)


def _only_lines(
    found: Iterable[PastedLine | Problem], problems: list[Problem]
) -> Iterator[PastedLine]:
    for each in found:
        if isinstance(each, Problem):
            problems.append(each)
        else:
            yield each


def _form(
    lines: Iterator[PastedLine],
) -> tuple[Callable[[Iterable[PastedLine]], Iterator[Entry]], list[PastedLine]]:
    """Return the reader, and the lines from the one on that told it."""
    for count, line in enumerate(lines):
        reader = form_of(line.text)
        if reader is not None:
            return reader, [line]
        if count >= SNIFFED_LINES:
            break
    raise SourceError("no lease of ISC dhcpd, dnsmasq, Kea or Windows is in the file")


def _add(batch: BatchBuilder, lease: Lease) -> None:
    device = f"mac:{lease.mac}"
    for key, text in (
        ("mac.address", lease.mac),
        ("ip.address", lease.ip),
        ("dhcp.hostname", lease.hostname),
        ("dhcp.vendor_class", lease.vendor_class),
    ):
        if text:
            batch.add(device, key, blank(strip_secrets(text).encode()), lease.where, lease.seen)
