"""Orders, quotations and invoices of UBL 2.1; elements as its schemas name them."""

from __future__ import annotations

import pytest

from camaudit.errors import SourceError
from camaudit.sources.orders.ubl import MAX_CHILD_BYTES, MAX_DEPTH
from tests.unit.sources.orders.reading import lines_of, read

_NAMES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
SELLER = (
    "<cac:SellerSupplierParty><cac:Party><cac:PartyName><cbc:Name>Acme</cbc:Name></cac:PartyName>"
    "</cac:Party></cac:SellerSupplierParty>"
)
ITEM = (
    "<cac:Item><cbc:Description>4 MP dome</cbc:Description><cbc:Name>Camera</cbc:Name>"
    "<cbc:BrandName>Bosch</cbc:BrandName><cbc:ModelName>NDE-5702</cbc:ModelName>"
    "<cac:SellersItemIdentification><cbc:ID>S-1</cbc:ID></cac:SellersItemIdentification>"
    "</cac:Item>"
)


def document(kind: str, *inner: str) -> str:
    space = f"urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
    return f'<?xml version="1.0"?><{kind} xmlns="{space}" {_NAMES}>{"".join(inner)}</{kind}>'


def order(item: str, beside: str = "", header: str = "") -> str:
    line = f"<cac:LineItem><cbc:ID>7</cbc:ID>{beside}{item}</cac:LineItem>"
    return document("Order", header, f"<cac:OrderLine>{line}</cac:OrderLine>")


def place(identity: str) -> str:
    return (
        f"<cac:Delivery><cac:DeliveryLocation><cbc:ID>{identity}</cbc:ID></cac:DeliveryLocation>"
        "</cac:Delivery>"
    )


QUANTITY = '<cbc:Quantity unitCode="EA">12</cbc:Quantity>'


LINES = {
    "Order": (
        f"<cac:OrderLine><cac:LineItem><cbc:ID>7</cbc:ID>{QUANTITY}{ITEM}</cac:LineItem>"
        "</cac:OrderLine>"
    ),
    "Quotation": (
        "<cac:QuotationLine><cbc:ID>7</cbc:ID><cac:LineItem><cbc:ID>1</cbc:ID>"
        f"{QUANTITY}{ITEM}</cac:LineItem></cac:QuotationLine>"
    ),
    "Invoice": (
        "<cac:InvoiceLine><cbc:ID>7</cbc:ID>"
        f'<cbc:InvoicedQuantity unitCode="EA">12</cbc:InvoicedQuantity>{ITEM}</cac:InvoiceLine>'
    ),
}


@pytest.mark.parametrize(("kind", "line"), LINES.items())
def test_the_documents(kind: str, line: str) -> None:
    (found,) = lines_of(document(kind, SELLER, place("HQ"), line))
    assert (found.line, found.position) == ("7", f"{kind}Line 1")
    assert found.description == "Camera, 4 MP dome, S-1"
    assert (found.brand, found.model) == ("Bosch", "NDE-5702")
    assert (found.supplier, found.quantity, found.site) == ("Acme", "12 EA", "HQ")


def test_a_model_is_the_makers_number_where_it_is_not_named() -> None:
    item = (
        "<cac:Item><cbc:Name>Dome</cbc:Name><cac:ManufacturersItemIdentification><cbc:ID>M-1"
        "</cbc:ID></cac:ManufacturersItemIdentification><cac:ManufacturerParty><cac:PartyName>"
        "<cbc:Name>Axis</cbc:Name></cac:PartyName></cac:ManufacturerParty></cac:Item>"
    )
    (line,) = lines_of(order(item))
    assert (line.brand, line.model, line.description) == ("Axis", "M-1", "Dome")


def test_a_line_has_its_own_place() -> None:
    (line,) = lines_of(order(ITEM, place("Depot"), place("HQ")))
    assert line.site == "Depot"


def test_several_places_are_not_chosen_from() -> None:
    lines, problems = read(order(ITEM, place("Depot") + place("HQ")))
    assert lines[0].site == "Depot; HQ"
    assert [each.field for each in problems] == ["cac:Delivery"]


def test_an_address_stands_for_a_place_without_a_name() -> None:
    address = (
        "<cac:Delivery><cac:DeliveryLocation><cac:Address>"
        "<cbc:StreetName>1 High St</cbc:StreetName><cbc:CityName>Town</cbc:CityName>"
        "</cac:Address></cac:DeliveryLocation></cac:Delivery>"
    )
    (line,) = lines_of(order(ITEM, address))
    assert line.site == "1 High St, Town"


def test_a_supplier_that_is_only_registered() -> None:
    seller = (
        "<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Acme "
        "Ltd</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>"
    )
    (line,) = lines_of(order(ITEM, header=seller))
    assert line.supplier == "Acme Ltd"


def test_sub_lines_and_substitutes_are_lines() -> None:
    sub = (
        "<cac:SubLineItem><cbc:ID>7.1</cbc:ID><cac:Item><cbc:Name>hard disk</cbc:Name></cac:Item>"
        "</cac:SubLineItem>"
    )
    other = (
        "<cac:SellerProposedSubstituteLineItem><cbc:ID>7s</cbc:ID><cac:Item><cbc:Name>other dome"
        "</cbc:Name></cac:Item></cac:SellerProposedSubstituteLineItem>"
    )
    lines = lines_of(
        document("Order", f"<cac:OrderLine><cac:LineItem><cbc:ID>7</cbc:ID>{ITEM}{sub}"
                 f"</cac:LineItem>{other}</cac:OrderLine>")
    )  # fmt: skip
    assert [(each.line, each.position) for each in lines] == [
        ("7", "OrderLine 1"),
        ("7.1", "OrderLine 1 SubLineItem 1"),
        ("7s", "OrderLine 1 SellerProposedSubstituteLineItem 1"),
    ]


def test_a_note_that_leaves_the_product_open() -> None:
    (line,) = lines_of(order(ITEM, "<cbc:Note>or approved equal</cbc:Note>"))
    assert line.description.endswith("or approved equal")


def test_a_property_named_as_a_column() -> None:
    item = ITEM.replace(
        "</cac:Item>",
        "<cac:AdditionalItemProperty><cbc:Name>Attestation</cbc:Name><cbc:Value>does_not</cbc:Value>"
        "</cac:AdditionalItemProperty></cac:Item>",
    )
    (line,) = lines_of(order(item))
    assert line.attestation == "does_not"


def test_a_line_without_an_item_is_named() -> None:
    lines, problems = read(order(""))
    assert lines == []
    assert (problems[0].position, problems[0].field) == ("OrderLine 1", "cac:Item")


def test_without_the_namespace_it_is_read_and_said() -> None:
    line = "<OrderLine><LineItem><ID>1</ID><Item><Name>dome</Name></Item></LineItem></OrderLine>"
    lines, problems = read(f"<Order>{line}</Order>")
    assert [each.description for each in lines] == ["dome"]
    assert any("namespace" in each.message for each in problems)


def test_a_cut_document_gives_the_lines_before_the_cut() -> None:
    data = document("Order", order(ITEM)[order(ITEM).index("<cac:OrderLine>") : -8] * 2)
    lines, problems = read(data[: data.rindex("<cac:Item>")])
    assert [each.position for each in lines] == ["OrderLine 1"]
    assert any("cut off" in each.message and each.rejected for each in problems)


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Order><OrderLine><LineItem><Item><Name>'
    "&b;</Name></Item></LineItem></OrderLine></Order>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Order><ID>&a;</ID></Order>'


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, '<!DOCTYPE Order SYSTEM "x.dtd"><Order/>'])
def test_entities_and_document_types_are_refused(data: str) -> None:
    with pytest.raises(SourceError, match="entities"):
        read(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("<html><body/></html>", "its root is <html>"),
        ("<Order", "not XML"),
        ("<Order>" + "<a>" * (MAX_DEPTH + 1), "nested"),
        ('<?xml version="1.0" encoding="no-such"?><Order/>', "decoded|not XML"),
        ("<Order><Note>" + "x" * (MAX_CHILD_BYTES + (1 << 20)), "one element takes more"),
    ],
)
def test_no_order(data: str, words: str) -> None:
    with pytest.raises(SourceError, match=words):
        read(data)


def test_a_document_in_utf_16() -> None:
    (line,) = lines_of(order(ITEM).replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"))
    assert line.line == "7"


def test_a_document_without_lines_says_so() -> None:
    lines, problems = read(document("Order", SELLER))
    assert lines == []
    assert [each.rejected for each in problems] == [True]


def test_secrets_are_taken_out() -> None:
    assert "hunter2" not in repr(read(order(ITEM.replace("4 MP dome", "dome, password: hunter2"))))
