"""What commands share on a terminal: the screen, problems, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import click
import msgspec
from rich.console import Console
from rich.text import Text

from camaudit.model.observation import Problem
from camaudit.reports.legible import one_line

#: Problems shown one by one; the rest is counted.
SHOWN_PROBLEMS: Final = 20


def screen() -> Console:
    """Return the console for results (standard output)."""
    return Console(highlight=False, soft_wrap=False)


def warn_problems(problems: Sequence[Problem], rejected: int, file: str = "") -> None:
    """Show what was not taken, and from where, on standard error."""
    for problem in problems[:SHOWN_PROBLEMS]:
        mark = "rejected" if problem.rejected else "note"
        where = ": ".join(filter(None, (file, problem.position, problem.field)))
        click.echo(f"{mark}: {where + ': ' if where else ''}{problem.message}", err=True)
    hidden = max(len(problems), rejected) - SHOWN_PROBLEMS
    if hidden > 0:
        click.echo(f"... and {hidden} more", err=True)


@contextmanager
def busy(label: str) -> Iterator[None]:
    """Show that work goes on, on standard error, where that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(label):
        yield


@contextmanager
def progress(label: str) -> Iterator[Callable[[str, int, int], None]]:
    """Yield what is told how far work is; it shows it where ``busy`` would."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _what, _done, _total: None
        return
    with console.status(label) as status:
        yield lambda what, done, total: status.update(f"{what}: {done} of {total}")


def say(out: Console, text: str, indent: int = 0) -> None:
    """Write one paragraph, wrapped, each of its lines as far in."""
    for line in Text(one_line(text)).wrap(out, out.width - indent) or [Text("")]:
        line.rstrip()
        out.print(Text(" " * indent) + line)


def print_json(values: Iterable[object]) -> None:
    """Write values as JSON Lines on standard output."""
    encoder = msgspec.json.Encoder()
    out = sys.stdout.buffer
    for value in values:
        out.write(encoder.encode(value) + b"\n")
    out.flush()


def write_chunks(chunks: Iterable[bytes]) -> None:
    """Write a report's chunks on standard output."""
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
