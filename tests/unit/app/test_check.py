"""The purchase gate, with the shipped packs: what is refused, what passes, what is asked."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from camaudit.app import check
from camaudit.app.assess import need_policy, policies
from camaudit.app.check import Intent, check_order
from camaudit.app.order_lines import order_answer_line
from camaudit.app.packset import PackSet, load_packs
from camaudit.errors import UsageError
from camaudit.model.ids import SiteId
from camaudit.model.orders import LineAnswer, OrderLine
from camaudit.model.words import Sensitivity

ON = date(2026, 11, 26)
PART_A = "us-889-part-a"
STATEMENT = "uk-2022-statement"
PURPOSE = "government_facility_security"
COVERED = "Hikvision DS-2CD2143G2-I camera"


@cache
def packs() -> PackSet:
    return load_packs()


def answer(
    description: str, regime: str = PART_A, intent: dict[str, Any] | None = None, **line: str
) -> LineAnswer:
    asked: dict[str, Any] = {"on": ON, "purpose": PURPOSE} | (intent or {})
    order = [OrderLine(line="1", position="row 2", description=description, **line)]
    (found,) = check_order(
        order, packs(), [need_policy(policies(packs()), regime)], Intent(**asked)
    )
    return found


def verdict(description: str, regime: str = PART_A, **more: Any) -> str:
    return answer(description, regime, **more).verdicts[regime].value


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Hikvision DS-2CD2143G2-I 4MP dome camera", "breaches"),
        ("DS-2CD2143G2-I", "breaches"),
        ("Dahua IPC-HDW2831T-AS turret", "breaches"),
        ("EZVIZ C6N", "breaches"),
        ("Amcrest IP8M-2496E turret camera", "breaches"),
        ("Hytera PD785 handheld radio", "breaches"),
        ("Huawei S5735-L24T4X switch", "breaches"),
        ("ZTE router ZXHN H298A", "breaches"),
        ("ZTE ZXR10 router", "breaches"),
        ("24-port switch, ZTE ZXR10 5960", "breaches"),
        ("switch Huawei S5720-28X", "breaches"),
        ("2x Huawei AR6120", "breaches"),
        ("Supply of Huawei NE40E router", "breaches"),
        ("Huawei Technologies CloudEngine S5731 switch", "breaches"),
        ("Axis P3245-V network camera", "meets"),
        ("Axis P1468-LE bullet camera", "meets"),
        ("Hanwha XNV-8082R dome camera", "meets"),
        ("Bosch NBE-3502-AL bullet camera", "meets"),
        ("Annke C800 turret camera", "cannot_tell"),
        ("Annke 8CH NVR kit", "cannot_tell"),
        ("Honeywell H4W4PER2 camera", "cannot_tell"),
        ("a camera of nobody", "cannot_tell"),
        ("hard disk 8TB", "not_applicable"),
        ("annual maintenance", "not_applicable"),
        ("wall bracket for Hikvision DS-2CD2143", "not_applicable"),
    ],
)
def test_lines_under_section_889(description: str, expected: str) -> None:
    assert verdict(description) == expected


@pytest.mark.parametrize(
    ("description", "brand", "model", "expected"),
    [
        # Axis and Pelco number alike; the column says whose it is, and Axis knows the number
        ("9 mm bullet", "Axis Communications", "P1465-LE", "meets"),
        ("9 mm bullet", "Axis", "P1465-LE", "meets"),
        # two names, or a name and another maker's number: neither decides
        ("Hikvision P1465-LE bullet", "Axis", None, "cannot_tell"),
        ("Axis or Hikvision P1465-LE camera", None, None, "cannot_tell"),
        ("dome", "Axis", "DS-2CD2143G2-I", "cannot_tell"),
        # Dahua numbers recorders as VIGI does
        ("TP-Link VIGI NVR1008H-8MP 8 channel", None, None, "meets"),
        # a name further on in the line
        ("CCTV 16CH DVR HIKVISION", None, None, "breaches"),
        ("Dome camera ECI-D24F2 (Hikvision), value line", None, None, "breaches"),
        ("Dome camera compatible with Hikvision recorders", None, None, "cannot_tell"),
        ("Dome camera for Hikvision NVR or Dahua NVR", None, None, "cannot_tell"),
        # what a service is done to, and what a screen belongs to, may be covered
        ("Annual maintenance of 24 Dahua cameras", None, None, "cannot_tell"),
        ("Hikvision DS-D5043UC-C 43in monitor", None, None, "cannot_tell"),
        ("43 inch monitor", None, None, "not_applicable"),
        # the seller's word against what is known of a label; a maker's own label stays
        ("Amcrest IP8M-2496E turret camera, NDAA compliant", None, None, "cannot_tell"),
        ("Amcrest IP8M-2496E turret camera, not NDAA compliant", None, None, "breaches"),
        ("Hikvision DS-2CD2143G2-I camera, NDAA compliant", None, None, "breaches"),
        # models of labels that buy from several
        ("Honeywell Performance HED3PR3 dome", None, None, "breaches"),
        ("Honeywell 30 Series HN30080200 NVR", None, None, "meets"),
        ("LTS Platinum CMIP7043W-28M dome", None, None, "breaches"),
        ("Luma LUM-820-IP-BMHB bullet", None, None, "meets"),
        ("Luma LUM-510-IP-BD bullet", None, None, "breaches"),
        ("Luma camera", None, None, "cannot_tell"),
        ("Digital Watchdog DWC-MV75WiATW dome", None, None, "meets"),
        ("Digital Watchdog DWC-V7553TIR bullet", None, None, "cannot_tell"),
        ("Digital Watchdog camera", None, None, "cannot_tell"),
    ],
)
def test_a_label_and_its_model_decide_together(
    description: str, brand: str | None, model: str | None, expected: str
) -> None:
    columns = {key: text for key, text in (("brand", brand), ("model", model)) if text}
    assert verdict(description, **columns) == expected


@pytest.mark.parametrize("brand", ["Annke", "LTS", "Swann", "Alibi", "Safire", "Honeywell"])
def test_a_badge_with_a_tie_to_a_covered_maker_never_passes_without_its_model(brand: str) -> None:
    for text in (f"{brand} camera", f"{brand} 8 channel recorder", f"{brand} X-99 thing", brand):
        assert verdict(text) in {"cannot_tell", "breaches"}


def test_without_a_purpose_it_is_asked_for() -> None:
    found = answer("Hikvision DS-2CD2143G2-I camera", intent={"purpose": None})
    assert found.verdicts[PART_A].value == "cannot_tell"
    assert any("critical infrastructure" in each for each in found.reasons)
    assert verdict("Huawei S5735 switch", intent={"purpose": None}) == "breaches"


def test_a_kit_is_judged_by_its_gravest_part() -> None:
    found = answer("Axis P3245-V camera + Hikvision DS-7616NI-K2 NVR")
    assert len(found.items) == 2
    assert found.verdicts[PART_A].value == "breaches"


def test_or_equal_is_never_cleared() -> None:
    found = answer("Axis P3245-V camera or equal")
    assert found.verdicts[PART_A].value == "cannot_tell"
    assert any("delivered" in each for each in found.ask_supplier)


def test_what_passes_says_what_it_rests_on_and_what_was_not_examined() -> None:
    found = answer("Axis P3245-V camera")
    assert found.basis is not None
    assert found.basis.value == "declared"
    assert "components" in found.not_examined


# --------------------------------------------------------------------------- the statement


def at_site(sensitive: str | None, event: str = "procure") -> dict[str, Any]:
    classes = {SiteId("HQ"): Sensitivity(sensitive)} if sensitive else {}
    return {"site": "HQ", "sensitivity": classes, "event": event}


def test_a_covered_line_for_a_sensitive_site_is_refused_before_it_is_deployed() -> None:
    assert verdict(COVERED, STATEMENT, intent=at_site("yes")) == "breaches"
    like_for_like = at_site("yes", "deploy")
    assert verdict(COVERED, STATEMENT, intent=like_for_like) == "breaches"


@pytest.mark.parametrize("event", ["procure", "deploy", "stock"])
def test_without_a_class_of_the_site_it_cannot_be_told(event: str) -> None:
    found = answer(COVERED, STATEMENT, at_site(None, event))
    assert found.verdicts[STATEMENT].value == "cannot_tell"


def test_stock_asks_where_it_will_go_even_where_a_site_is_named() -> None:
    found = answer(COVERED, STATEMENT, at_site("no", "stock"))
    assert found.verdicts[STATEMENT].value == "cannot_tell"
    assert any("Where will it go?" in each for each in found.reasons)


def test_a_body_that_is_not_bound_is_not_concerned() -> None:
    found = verdict(COVERED, STATEMENT, intent=at_site("yes"), body="council")
    assert found == "not_applicable"


# -------------------------------------------------------------------------------- suppliers


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, "cannot_tell"),
        ("does_not", "meets"),
        ("does", "breaches"),
        ("yes", "cannot_tell"),
    ],
)
def test_a_regime_that_tests_the_supplier_answers_from_its_statement(
    stated: str | None, expected: str
) -> None:
    line = {"attestation": stated} if stated else {}
    for text in ("Hikvision DS-2CD2143G2-I camera", "Axis P3245-V camera"):
        assert verdict(text, "us-889-part-b", **line) == expected


def test_a_statement_that_is_not_weighed_is_shown() -> None:
    found = answer("Axis P3245-V camera", attestation="We are NDAA compliant")
    assert any("We are NDAA compliant" in each and "not weighed" in each for each in found.reasons)


def test_no_entry_is_assumed_in_the_debarment_list() -> None:
    text = "Hikvision DS-2CD2143G2-I camera"
    assert verdict(text, "uk-procurement-act-2023") == "cannot_tell"
    assert verdict(text, "uk-procurement-act-2023", attestation="not_excluded") == "meets"


# --------------------------------------------------------------------------------- the shape


def test_the_shape_of_a_line_is_kept() -> None:
    found = order_answer_line(answer("Axis P3245-V camera"))
    assert found.line == "1"
    assert set(found.verdicts) == {PART_A}
    assert [each.maker for each in found.items] == ["axis"]


def test_a_word_that_rules_do_not_know_is_refused_with_its_place() -> None:
    with pytest.raises(UsageError, match=r"line 1 \(row 2\): event: 'borrow'"):
        answer("a camera", event="borrow")
    with pytest.raises(UsageError, match="purpose"):
        answer("a camera", purpose="fun")


def test_a_list_that_is_no_order_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MAX_LINES", 1)
    lines = [OrderLine(line=str(at), position="", description="camera") for at in range(2)]
    with pytest.raises(UsageError, match="camaudit import"):
        check_order(lines, packs(), [], Intent(on=ON))


def test_an_empty_order_gives_nothing() -> None:
    assert check_order([], packs(), [need_policy(policies(packs()), PART_A)], Intent(on=ON)) == []


@pytest.mark.parametrize(
    ("description", "maker"),
    [
        ("ZTE ZXR10 router", "zte"),
        ("Core router, ZTE ZXR10 M6000", "zte"),
        ("Huawei USG6305E firewall", "huawei"),
        ("Huawei Technologies AP4050DN access point", "huawei"),
        # who made the camera is not told by what it is connected to
        ("Camera on Huawei S5720 switch", None),
        ("Bracket for a camera behind a ZTE ZXHN router", None),
    ],
)
def test_network_equipment_is_attributed_where_the_line_begins_with_it(
    description: str, maker: str | None
) -> None:
    (item,) = answer(description).items
    assert item.maker == maker


def test_the_debarment_list_is_the_buyers_to_read() -> None:
    """Whether an entry describes the contract is no question to the one who may stand in it."""
    found = answer("Axis P3245-V camera", "uk-procurement-act-2023")
    question = "Is there an entry for this supplier"
    assert any(question in each for each in found.reasons)
    assert not any(question in each for each in found.ask_supplier)


def test_a_buyer_may_be_a_body_of_several_kinds() -> None:
    """Semicolons stand between them; the grant's rule binds it, the agencies' rule does not."""
    body = "education; us-grant-recipient"
    grants = answer("Huawei S5735 switch", "us-2cfr-200-216", body=body, event="spend_grant")
    assert grants.verdicts["us-2cfr-200-216"].value == "breaches"
    assert answer("Huawei S5735 switch", PART_A, body=body).verdicts[PART_A].value == (
        "not_applicable"
    )
    with pytest.raises(UsageError, match="body: 'education nonsense' is none of"):
        answer("Huawei S5735 switch", PART_A, body="education; nonsense")
