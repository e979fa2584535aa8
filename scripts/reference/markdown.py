"""Write Markdown: cells, tables, links, and the line that says where a page comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

GENERATED = "Written by `make docs` from {origin}; change that, not this page."


def cell(text: object) -> str:
    """Return text as it can stand in a table cell."""
    return " ".join(str(text).replace("|", "\\|").split())


def code(text: object) -> str:
    """Return text as code, or nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table."""
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(cell(each) for each in row)} |" for row in rows),
    ]


def page(title: str, origin: str, *parts: Iterable[str]) -> str:
    """Return a whole page; each part is a run of lines, set off by a blank line."""
    lines = [f"# {title}", "", GENERATED.format(origin=origin)]
    for part in parts:
        lines += ["", *part]
    return "\n".join(lines) + "\n"


def address(url: str | None) -> str:
    """Return an address that Markdown turns into a link."""
    return f"<{url}>" if url else ""
