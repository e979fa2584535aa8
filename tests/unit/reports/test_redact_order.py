"""Redaction of an order takes away what was named wherever it stands, and keeps what is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest

from camaudit.errors import UsageError
from camaudit.model.orders import LineAnswer
from camaudit.model.policy import FactUsed
from camaudit.reports import junit, letter, sarif
from camaudit.reports.redact_order import redact_order
from camaudit.reports.terminal import order

from .sample_order import (
    ABOUT,
    BREACHES,
    BREACHING,
    CANNOT_TELL,
    OPEN,
    ORDER,
    gap,
    item,
    line,
    verdict,
)

SECRETS = {
    "sites": ("Wharfside House", "Department for Pretend Affairs"),
    "people": ("Brightlens Supplies",),
    "addresses": ("192.0.2.14", "44:19:b6:0d:5e:11"),
}
TYPED = ("for the vault, ask for post 2", "We state that nothing is wrong with it")


def strings(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, tuple | list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def soaked() -> LineAnswer:
    """Return a line with every secret in every text that people fill."""
    spill = "; ".join((*(text for each in SECRETS.values() for text in each), *TYPED))
    asked = verdict(
        CANNOT_TELL,
        spill,
        gaps=(replace(gap(spill), note=spill),),
        facts=(FactUsed(name="supplier.origin", says="x", value=spill),),
    )
    return line(
        1,
        TYPED[0],
        item(TYPED[0], asked, model=spill, maker="axis", share=0.9),
        line=spill,
        position=spill,
        brand=f"Axis {spill}",
        model="P3245",
        supplier="Brightlens Supplies",
        site="Wharfside House",
        body="Department for Pretend Affairs",
        purpose=spill,
        attestation=TYPED[1],
        verdicts={"pretend-ban": CANNOT_TELL},
        reasons=(spill,),
        ask_supplier=(spill,),
    )


@pytest.mark.parametrize("category", sorted(SECRETS))
def test_a_secret_is_gone_from_every_text(category: str) -> None:
    texts = strings(asdict(redact_order((soaked(),), {category})[0]))
    left = [(secret, text) for secret in SECRETS[category] for text in texts if secret in text]
    assert left == []


@pytest.mark.parametrize("category", ["addresses", "people", "serials", "sites"])
def test_what_people_typed_is_gone_with_any_category(category: str) -> None:
    texts = strings(asdict(redact_order((soaked(),), {category})[0]))
    assert [text for text in texts for typed in TYPED if typed in text] == []


@pytest.mark.parametrize("category", sorted(SECRETS))
def test_no_writer_brings_a_secret_back(category: str) -> None:
    redacted = redact_order((soaked(),), {category})
    about = replace(ABOUT, redacted=(category,))
    for content in (
        b"".join(sarif.build(redacted, about, every=True)).decode(),
        b"".join(junit.build(redacted, about)).decode(),
        b"".join(order.build(redacted, about)).decode(),
        "".join(each.text for each in letter.letters(redacted)),
    ):
        flat = " ".join(content.split())
        assert [secret for secret in (*SECRETS[category], *TYPED) if secret in flat] == []


def test_labels_tell_sites_bodies_and_suppliers_apart() -> None:
    def at(site: str, supplier: str) -> LineAnswer:
        return replace(OPEN, line=replace(OPEN.line, site=site, body=site, supplier=supplier))

    found = redact_order((at("B", "b"), at("A", "a"), at("B", "a")), {"sites", "people"})
    assert [each.line.site for each in found] == ["site 2", "site 1", "site 2"]
    assert [each.line.body for each in found] == ["body 2", "body 1", "body 2"]
    assert [each.line.supplier for each in found] == ["supplier 2", "supplier 1", "supplier 1"]


def test_what_is_judged_stays() -> None:
    (found,) = redact_order((BREACHING,), {"addresses", "people", "serials", "sites"})
    assert found.verdicts == {"pretend-ban": BREACHES}
    (kept,) = found.items
    assert (kept.brand, kept.model, kept.maker) == ("Hikvision", "DS-2CD2143G2", "hikvision")
    assert (found.line.line, found.line.position) == ("1", "row 2")
    assert kept.verdicts["pretend-ban"][0].quote == "no covered equipment may be bought"


def test_a_single_word_is_no_secret_of_its_own() -> None:
    plain = line(1, "camera", item("camera"), reasons=("A camera is equipment.",))
    assert redact_order((plain,), {"sites"})[0].reasons == ("A camera is equipment.",)


def test_nothing_is_taken_where_nothing_is_named() -> None:
    assert redact_order(ORDER, ()) == ORDER


def test_an_unknown_category_is_refused() -> None:
    with pytest.raises(UsageError, match="choose among"):
        redact_order(ORDER, {"prices"})
