"""Read a list of sites, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import BinaryIO, Final, TypeVar

from camaudit.model.ids import BodyId, SiteId
from camaudit.model.observation import Problem, Site
from camaudit.model.words import Sensitivity, Tenure, Zone
from camaudit.sources.spec import Item, ReadOptions
from camaudit.sources.tables import HeaderWords, Layout, Remarks, Table, TableKind, open_tables
from camaudit.sources.tables.addresses import parse_networks
from camaudit.sources.tables.cells import yes_or_no
from camaudit.sources.tables.layout import quoted
from camaudit.sources.tables.records import Record, records

WORDS: Final = HeaderWords(
    {
        "id": (
            "site id", "site code", "site reference", "site number", "=id", "=code", "=reference",
            "building id", "building code", "property reference", "=uprn", "=number", "=key",
        ),
        "name": (
            "site name", "=name", "=site", "=building", "building name", "=premises", "=property",
            "=location", "=address", "site address", "standort", "=batiment", "=edificio",
            "=sede", "=gebouw", "=safle",
        ),
        "owner": (
            "owner body", "owner", "owning body", "=body", "body id", "owned by", "=organisation",
            "=department", "=occupier", "holding body", "=eigentumer", "=proprietaire",
        ),
        "sensitivity": (
            "sensitive", "sensitive site", "is sensitive", "site sensitivity", "=classification",
            "=sensitive y n",
        ),
        "tenure": ("tenure", "ownership", "lease", "=holding", "leased or owned"),
        "networks": (
            "networks", "network ranges", "network range", "ip ranges", "ip range", "cidr",
            "cidrs", "subnet", "subnets", "address ranges", "=network", "=netz", "=reseau",
            "ip networks", "ip subnets", "=vlan subnet",
        ),
        "zone": (
            "zone", "declared zone", "network zone", "network type", "connected to", "=isolation",
        ),
    }
)  # fmt: skip

LAYOUT: Final = Layout(
    kind=TableKind.SITES,
    words=WORDS,
    enough=frozenset({"name", "id"}),
    once=frozenset({"id", "name", "owner", "sensitivity", "tenure", "zone"}),
    merged=frozenset({"owner"}),
)

_Word = TypeVar("_Word", bound=StrEnum)

_SENSITIVITY: Final = {
    "sensitive": Sensitivity.YES, "not sensitive": Sensitivity.NO,
    "non sensitive": Sensitivity.NO, "non-sensitive": Sensitivity.NO,
    "unknown": Sensitivity.UNKNOWN, "unclassified": Sensitivity.UNKNOWN,
    "not assessed": Sensitivity.UNKNOWN, "to be assessed": Sensitivity.UNKNOWN,
    "not classified": Sensitivity.UNKNOWN, "withheld": Sensitivity.WITHHELD,
    "not disclosed": Sensitivity.WITHHELD, "redacted": Sensitivity.WITHHELD,
    "undisclosed": Sensitivity.WITHHELD, "refused": Sensitivity.WITHHELD,
}  # fmt: skip
_TENURE: Final = {
    "owned": Tenure.OWNED, "own": Tenure.OWNED, "freehold": Tenure.OWNED, "owner": Tenure.OWNED,
    "leased": Tenure.LEASED, "lease": Tenure.LEASED, "leasehold": Tenure.LEASED,
    "rented": Tenure.LEASED, "tenant": Tenure.LEASED, "licence": Tenure.LEASED,
    "shared": Tenure.SHARED, "co-located": Tenure.SHARED, "hub": Tenure.SHARED,
    "shared occupancy": Tenure.SHARED, "multi-occupancy": Tenure.SHARED,
    "landlord": Tenure.LANDLORD, "let": Tenure.LANDLORD, "let out": Tenure.LANDLORD,
    "sublet": Tenure.LANDLORD, "unknown": Tenure.UNKNOWN,
}  # fmt: skip
_ZONE: Final = {
    "core": Zone.CORE, "core network": Zone.CORE, "corporate": Zone.CORE,
    "corporate network": Zone.CORE, "isolated": Zone.ISOLATED, "standalone": Zone.ISOLATED,
    "stand-alone": Zone.ISOLATED, "separate": Zone.ISOLATED, "separate network": Zone.ISOLATED,
    "segregated": Zone.ISOLATED, "air-gapped": Zone.ISOLATED, "air gapped": Zone.ISOLATED,
    "closed": Zone.ISOLATED, "closed network": Zone.ISOLATED, "internet": Zone.INTERNET,
    "public": Zone.INTERNET, "cloud": Zone.INTERNET,
}  # fmt: skip


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """Yield the sites of every sheet that lists some.

    Raises:
        SourceError: The file cannot be read, or no header in it is understood.
    """
    known: dict[str, tuple[Site, str]] = {}
    for table in open_tables(stream, options, LAYOUT):
        if isinstance(table, Problem):
            yield table
            continue
        for record in records(table, frozenset({"id", "name"})):
            site = _site(record, table)
            if site is not None and _is_new(site, record, known, table.remarks):
                yield site
            yield from table.remarks.drain()
        yield from table.remarks.close()


def _site(record: Record, table: Table) -> Site | None:
    identity = record.get("id") or ("" if "id" in record.columns else record.get("name"))
    if not identity:
        reason = "the row has no id; not taken"
        table.remarks.refuse(record.place, record.label("id"), reason, reason)
        return None
    remarks = table.remarks
    owner = record.get("owner")
    return Site(
        id=SiteId(identity),
        name=record.get("name") or identity,
        owner=BodyId(owner) if owner else None,
        sensitivity=_sensitivity(record, remarks),
        tenure=_word(record, "tenure", _TENURE, Tenure.UNKNOWN, remarks) or Tenure.UNKNOWN,
        networks=_networks(record, remarks),
        zone=_word(record, "zone", _ZONE, None, remarks),
    )


def _sensitivity(record: Record, remarks: Remarks) -> Sensitivity:
    answer = yes_or_no(record.get("sensitivity"))
    if answer is not None:
        return Sensitivity.YES if answer else Sensitivity.NO
    found = _word(record, "sensitivity", _SENSITIVITY, Sensitivity.UNKNOWN, remarks)
    return found or Sensitivity.UNKNOWN


def _word(
    record: Record, name: str, words: Mapping[str, _Word], default: _Word | None, remarks: Remarks
) -> _Word | None:
    text = " ".join(record.get(name).casefold().split())
    if not text:
        return default
    found = words.get(text)
    if found is None:
        listed = ", ".join(dict.fromkeys(words.values()))
        remarks.add(
            record.place,
            record.label(name),
            f"{quoted(text)} is not understood; read as unknown. Use one of: {listed}",
            rejected=False,
        )
        return default
    return found


def _networks(record: Record, remarks: Remarks) -> tuple[str, ...]:
    found = parse_networks(record.get("networks"))
    label = record.label("networks")
    for word in found.bad:
        reason = "is not a network; write it as 10.1.2.0/24"
        remarks.refuse(record.place, label, f"{quoted(word)} {reason}", reason)
    for word in found.widened:
        remarks.add(
            record.place, label, f"{quoted(word)} is read as the network around it", rejected=False
        )
    return found.good


def _is_new(
    site: Site, record: Record, known: dict[str, tuple[Site, str]], remarks: Remarks
) -> bool:
    first, place = known.setdefault(site.id, (site, record.place))
    if first is site:
        return True
    where = f"{quoted(site.id)} stands in {place} already"
    if first == site:
        remarks.add(
            record.place, record.label("id"), f"{where}, with the same content", rejected=False
        )
    else:
        reason = "an id is repeated with other content"
        remarks.refuse(
            record.place, record.label("id"), f"{where}, with other content; not taken", reason
        )
    return False
