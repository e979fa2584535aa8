"""Read a list of bodies. It is held until its end: a parent may be named by a later row's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final, NamedTuple

from camaudit.model.ids import BodyId
from camaudit.model.observation import Body, Problem
from camaudit.model.words import BodyKind
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import HeaderWords, Layout, Remarks, Table, TableKind, open_tables
from camaudit.sources.tables.layout import quoted
from camaudit.sources.tables.records import Record, records

from .kinds import body_kind

WORDS: Final = HeaderWords(
    {
        "id": (
            "body id", "organisation id", "body code", "organisation code", "=id", "=code",
            "=reference", "=body reference", "=abbreviation", "=acronym", "=short name", "=number",
        ),
        "name": (
            "body name", "organisation name", "name of body", "name of organisation", "=name",
            "=body", "=organisation", "=department", "=title", "=full name", "=public body",
            "authority name", "=authority", "=council",
        ),
        "parent": (
            "parent", "parent body", "parent department", "parent organisation", "parent id",
            "sponsor", "sponsor department", "sponsoring department", "=part of", "reports to",
            "belongs to",
        ),
        "kind": (
            "kind", "type", "body type", "body kind", "organisation type", "organisation kind",
            "type of body", "type of organisation", "=category", "classification", "=class",
            "=sector", "=format",
        ),
    }
)  # fmt: skip

LAYOUT: Final = Layout(
    kind=TableKind.BODIES,
    words=WORDS,
    enough=frozenset({"name", "id"}),
    once=frozenset({"id", "name", "parent", "kind"}),
)


class _Listed(NamedTuple):
    record: Record
    body: Body
    parent: str


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the bodies of every sheet that lists some.

    Raises:
        SourceError: The file cannot be read, or no header in it is understood.
    """
    listed: dict[str, _Listed] = {}
    for table in open_tables(stream, options, LAYOUT):
        if isinstance(table, Problem):
            yield table
            continue
        _collect(table, listed)
        yield from table.remarks.close()
    remarks = Remarks()
    by_name = _by_name(listed)
    for each in listed.values():
        yield _with_parent(each, listed, by_name, remarks)
    yield from remarks.close()


def _collect(table: Table, listed: dict[str, _Listed]) -> None:
    for record in records(table, frozenset({"id", "name"})):
        identity = record.get("id") or ("" if "id" in record.columns else record.get("name"))
        if not identity:
            reason = "the row has no id; not taken"
            table.remarks.refuse(record.place, record.label("id"), reason, reason)
            continue
        body = Body(
            id=BodyId(identity),
            name=record.get("name") or identity,
            kind=_kind(record, table.remarks),
        )
        each = _Listed(record, body, record.get("parent"))
        first = listed.setdefault(identity, each)
        if first is not each:
            _repeated(first, each, table.remarks)


def _repeated(first: _Listed, again: _Listed, remarks: Remarks) -> None:
    place, label = again.record.place, again.record.label("id")
    where = f"{quoted(again.body.id)} stands in {first.record.place} already"
    if (first.body, first.parent) == (again.body, again.parent):
        remarks.add(place, label, f"{where}, with the same content", rejected=False)
    else:
        reason = "an id is repeated with other content"
        remarks.refuse(place, label, f"{where}, with other content; not taken", reason)


def _kind(record: Record, remarks: Remarks) -> BodyKind:
    text = record.get("kind")
    if not text:
        return BodyKind.UNKNOWN
    kind = body_kind(text)
    if kind is None:
        known = ", ".join(BodyKind)
        remarks.add(
            record.place,
            record.label("kind"),
            f"{quoted(text)} is no kind of body that is known; read as unknown. Kinds: {known}",
            rejected=False,
        )
        return BodyKind.UNKNOWN
    return kind


def _by_name(listed: Mapping[str, _Listed]) -> dict[str, str]:
    """Return folded names that belong to one body only."""
    names: dict[str, str] = {}
    for identity, each in listed.items():
        folded = each.body.name.casefold()
        names[folded] = "" if folded in names else identity
    return {name: identity for name, identity in names.items() if identity}


def _with_parent(
    each: _Listed, listed: Mapping[str, _Listed], by_name: Mapping[str, str], remarks: Remarks
) -> Body:
    parent = each.parent
    if parent and parent not in listed:
        parent = by_name.get(parent.casefold(), parent)
    if parent == each.body.id:
        message = "a body is named as its own parent; read as having none"
        remarks.add(each.record.place, each.record.label("parent"), message, rejected=False)
        parent = ""
    body = each.body
    return Body(
        id=body.id, name=body.name, kind=body.kind, parent=BodyId(parent) if parent else None
    )
