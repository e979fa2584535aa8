"""Small maker packs from literals, so that a test says all that it depends on.

The vocabulary is the shipped one: its weights are promises (alone: .30 .60 .85 .96 .99).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from camaudit.app.packset import PackSet
from camaudit.model.attribution import Evidence
from camaudit.model.ids import MakerId, SignatureId
from camaudit.model.packs import Maker, MakerPacks, Signature, Source, Tie, Vocabulary
from camaudit.model.words import Aspect, Confidence, Firmness, Kind, MakerKind, TieKind
from camaudit.packs.load import vocabulary
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.signals import compile_index

#: Fields of independent groups, with which evidence adds up.
FIELDS = ("http.server", "rtsp.server", "onvif.manufacturer", "tls.subject", "snmp.sysDescr")


@cache
def files() -> PackFiles:
    return find_pack_files()


@cache
def words() -> Vocabulary:
    return vocabulary(files())


def maker(
    slug: str,
    kind: MakerKind = MakerKind.MANUFACTURER,
    *ties: Tie,
    jurisdiction: str | None = None,
) -> Maker:
    return Maker(
        id=MakerId(slug),
        kind=kind,
        names=(slug.title(),),
        jurisdiction=jurisdiction,
        jurisdiction_source=None,
        ties=ties,
        sources=(Source(id="test", title="A test's own word"),),
    )


def brand(slug: str, *ties: Tie) -> Maker:
    return maker(slug, MakerKind.BRAND, *ties)


def tie(
    to: str,
    firmness: Firmness = Firmness.FIRM,
    *,
    since: date | None = None,
    until: date | None = None,
    owned: bool = False,
    kind: TieKind = TieKind.MADE_BY,
    kinds: tuple[Kind, ...] = (),
    models: str | None = None,
    except_models: str | None = None,
) -> Tie:
    return Tie(
        to=MakerId(to),
        tie=TieKind.OWNED_BY if owned else kind,
        firmness=firmness,
        from_date=since,
        to_date=until,
        scope=None,
        kinds=kinds,
        models=models,
        except_models=except_models,
        source="test",
    )


def signature(
    name: str,
    of: str | None,
    *proves: Aspect,
    weight: str = "strong",
    pattern: str | None = None,
    **more: Any,
) -> Signature:
    """Return a signature whose pattern is its own name, unless another is given."""
    given: dict[str, Any] = {
        "fields": FIELDS,
        "group": None,
        "kinds": (),
        "kind_weight": None,
        "capabilities": (),
        "confidence": Confidence.VERIFIED,
        "against": False,
        "says": f"The value holds {name}.",
        "source": "test",
    }
    return Signature(
        id=SignatureId(name),
        maker=MakerId(of) if of else None,
        pattern=name if pattern is None else pattern,
        proves=proves,
        weight=weight,
        **(given | more),
    )


def packs(makers: Sequence[Maker], signatures: Sequence[Signature]) -> MakerPacks:
    return MakerPacks(
        digest="test", vocabulary=words(), makers=tuple(makers), signatures=tuple(signatures)
    )


def pack_set(made: MakerPacks) -> PackSet:
    return PackSet(files(), made, compile_index(made.signatures, made.vocabulary))


def evidence(made: MakerPacks, name: str, field: str = "http.server", **captured: Any) -> Evidence:
    """Return the evidence that a signature gives in a field, with what it captured."""
    number = [each.id for each in made.signatures].index(SignatureId(name))
    return Evidence(
        signature=number,
        field=field,
        value=name.encode(),
        **captured,
    )
