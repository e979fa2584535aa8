"""camaudit.app.classify: the contract that other tools call."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from camaudit.app.classifier import MAX_PROBLEMS, Tally
from camaudit.app.classify import classify
from camaudit.app.device_lines import DeviceLine
from camaudit.app.packset import PackSet
from camaudit.model.words import Aspect, Confidence, Firmness, Kind
from camaudit.sources import importers
from camaudit.sources.spec import ReadOptions
from tests.small_packs import brand, maker, pack_set, packs, signature, tie, words

#: In the order of the contract in issue 2.
SHAPE = (
    "device kind kind_confidence maker maker_aspect maker_confidence aspects brand model",
    "firmware_version capabilities conflicts evidence",
)

FIELDS = ("http.server", "http.title", "rtsp.server", "onvif.model", "inventory.model")


def small() -> PackSet:
    def says(name: str, of: str | None, *proves: Aspect, **more: Any) -> Any:
        return signature(name, of, *proves, fields=FIELDS, **more)

    return pack_set(
        packs(
            [
                maker("alpha"),
                maker("beta"),
                brand("label", tie("alpha", Firmness.FIRM)),
                brand("shared", tie("alpha", Firmness.MIXED)),
            ],
            [
                says("hw-alpha", "alpha", Aspect.HARDWARE, Aspect.FIRMWARE, weight="decisive",
                     pattern=r"alpha (?P<model>[A-Z0-9-]+) v(?P<version>[\d.]+)"),
                says("hw-beta", "beta", Aspect.HARDWARE, weight="strong", pattern="^beta"),
                says("badge-label", "label", Aspect.BADGE, weight="strong", pattern="^label"),
                says("badge-shared", "shared", Aspect.BADGE, weight="strong", pattern="^shared"),
                says("hearsay", "beta", Aspect.HARDWARE, weight="decisive", pattern="^heard",
                     confidence=Confidence.REPORTED),
                says("slight", "beta", Aspect.HARDWARE, weight="slight", pattern="^hint"),
                says("camera", None, pattern="camera", kinds=(Kind.CAMERA,), kind_weight="strong"),
                says("ptz", None, pattern="ptz", capabilities=("ptz",)),
                says("switch", None, pattern="^switch", kinds=(Kind.NETWORK,),
                     kind_weight="strong"),
                says("office", None, pattern="^switch", kinds=(Kind.NOT_SURVEILLANCE,),
                     kind_weight="decisive"),
            ],
        )
    )  # fmt: skip


SMALL = small()


def lines(rows: Iterable[object], using: PackSet = SMALL) -> tuple[dict[str, Any], Tally]:
    """Classify rows, given as JSON objects or as raw lines; return lines by device."""
    text = b"\n".join(row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows)
    tally = Tally()
    items = importers.registry()["observations"].read(io.BytesIO(text), ReadOptions(name="t"))
    found = list(classify((item for item in items), using, tally))
    return {each.device: json.loads(msgspec.json.encode(each)) for each in found}, tally


def row(device: str, key: str, value: str) -> dict[str, str]:
    protocol, _, field = key.partition(".")
    return {"device": device, "protocol": protocol, "field": field, "value": value}


def one(*rows: tuple[str, str], using: PackSet = SMALL) -> dict[str, Any]:
    found, _ = lines([row("d", *each) for each in rows], using)
    return dict(found["d"])


# ------------------------------------------------------------------------------- shape


def test_a_line_has_exactly_these_fields() -> None:
    assert list(DeviceLine.__struct_fields__) == " ".join(SHAPE).split()
    assert list(one(("http.server", "nothing known"))) == " ".join(SHAPE).split()


def test_of_what_is_not_known_the_line_says_null() -> None:
    assert one(("http.server", "nothing known")) == {
        "device": "d", "kind": "unknown", "kind_confidence": None, "maker": None,
        "maker_aspect": None, "maker_confidence": None, "aspects": {}, "brand": None,
        "model": None, "firmware_version": None, "capabilities": [], "conflicts": [],
        "evidence": [],
    }  # fmt: skip


def test_a_whole_line() -> None:
    decisive = next(w.log_odds for w in words().weights if w.id == "decisive")
    odds = 2.718281828459045 ** (words().prior_log_odds + decisive)
    share = round(odds / (1 + odds), 4)
    found = one(("http.server", "alpha A-1 v2.0 camera ptz"))
    camera = found.pop("kind_confidence")
    assert camera == pytest.approx(0.96, abs=0.005)
    shown = {"field": "http.server", "value": "alpha A-1 v2.0 camera ptz"}
    assert found == {
        "device": "d",
        "kind": "camera",
        "maker": "alpha",
        "maker_aspect": "hardware",
        "maker_confidence": share,
        "aspects": {
            "firmware": {"maker": "alpha", "confidence": share},
            "hardware": {"maker": "alpha", "confidence": share},
        },
        "brand": None,
        "model": "A-1",
        "firmware_version": "2.0",
        "capabilities": ["ptz"],
        "conflicts": [],
        "evidence": [
            {"signature": "hw-alpha", **shown, "proves": "hardware", "maker": "alpha",
             "weight": "decisive"},
            {"signature": "hw-alpha", **shown, "proves": "firmware", "maker": "alpha",
             "weight": "decisive"},
            {"signature": "camera", **shown, "proves": "kind", "maker": None, "weight": "strong"},
            {"signature": "ptz", **shown, "proves": "capability", "maker": None,
             "weight": "strong"},
        ],
    }  # fmt: skip


def test_confidences_have_four_decimals() -> None:
    found = one(("http.server", "beta camera"), ("rtsp.server", "label"))
    numbers = [found["maker_confidence"], found["kind_confidence"]]
    numbers += [each["confidence"] for each in found["aspects"].values()]
    assert len(numbers) == 4
    assert all(0 < each < 1 and each == round(each, 4) for each in numbers)


# ------------------------------------------------------------------------------ makers


@pytest.mark.parametrize(
    ("value", "maker_", "aspect", "brand_"),
    [
        ("beta", "beta", "hardware", None),
        ("label", "alpha", "badge_tie", "label"),
        ("shared", None, None, "shared"),  # the tie makes it less than a half
        ("hint", None, None, None),  # .30 alone
    ],
)
def test_who_made_it(
    value: str, maker_: str | None, aspect: str | None, brand_: str | None
) -> None:
    found = one(("http.server", value))
    assert (found["maker"], found["maker_aspect"], found["brand"]) == (maker_, aspect, brand_)


def test_what_is_only_reported_stays_below_strong() -> None:
    found = one(("http.server", "heard"), ("rtsp.server", "heard"))
    assert found["maker"] == "beta"
    assert 0.8 <= found["maker_confidence"] < 0.95


def test_a_conflict_is_shown_and_points_at_evidence_lines() -> None:
    found = one(("http.server", "beta"), ("rtsp.server", "camera"), ("http.title", "alpha A v1"))
    [conflict] = found["conflicts"]
    assert (conflict["aspect"], conflict["makers"]) == ("hardware", ["alpha", "beta"])
    named = [found["evidence"][at] for at in conflict["evidence"]]
    assert sorted(each["maker"] for each in named) == ["alpha", "beta"]
    assert {each["proves"] for each in named} == {"hardware"}


def test_the_most_specific_kind_is_given() -> None:
    found = one(("http.server", "switch"))
    assert found["kind"] == "network"


# --------------------------------------------------------------------------- the input


def test_lines_of_a_device_need_not_be_adjacent_and_devices_keep_their_order() -> None:
    rows = [
        row("d2", "http.server", "beta"),
        row("d1", "http.server", "camera"),
        row("d3", "x.y", "z"),
        row("d2", "rtsp.server", "camera"),
        row("d1", "rtsp.server", "beta"),
    ]
    found, tally = lines(rows)
    assert list(found) == ["d2", "d1", "d3"]
    assert found["d1"]["maker"] == found["d2"]["maker"] == "beta"
    assert found["d1"]["kind"] == found["d2"]["kind"] == "camera"
    assert (tally.devices, tally.observations) == (3, 5)


def test_a_value_may_be_bytes() -> None:
    value = base64.b64encode(b"beta \xff\x00").decode()
    rows = [{"device": "d", "protocol": "http", "field": "server", "value_b64": value}]
    found, _ = lines(rows)
    assert found["d"]["maker"] == "beta"
    assert found["d"]["evidence"][0]["value"] == "beta \ufffd\x00"


def test_a_raw_reply_is_decoded_into_its_fields() -> None:
    found = one(("http.response", "HTTP/1.0 200 OK\r\nServer: beta\r\n\r\n"))
    assert found["maker"] == "beta"
    assert found["evidence"][0]["field"] == "http.server"


def test_an_alias_is_the_word_that_it_stands_for() -> None:
    serial = signature("s", "beta", Aspect.HARDWARE, pattern="beta", fields=("onvif.serial",))
    about = pack_set(packs([maker("beta")], [serial]))
    found = one(("onvif.serial_number", "beta"), using=about)
    assert found["evidence"][0]["field"] == "onvif.serial"


def test_unknown_words_are_taken_and_counted() -> None:
    rows = [row("d", "gopher.menu", "a"), row("e", "gopher.menu", "b"), row("d", "http.srv", "c")]
    found, tally = lines(
        [*rows, row("d", "ftp.response", "220 x"), row("d", "http.server", "beta")]
    )
    assert tally.unknown_words == {"gopher.menu": 2, "http.srv": 1}
    assert set(found) == {"d", "e"}


def test_bad_lines_are_counted_and_the_rest_is_answered() -> None:
    found, tally = lines([b"{", row("d", "http.server", "beta"), b'{"device": 1}', b"[]"])
    assert found["d"]["maker"] == "beta"
    assert tally.rejected == 3
    assert len(tally.problems) == 3


def test_problems_are_kept_up_to_a_number_and_counted_beyond() -> None:
    many = [b"{"] * (MAX_PROBLEMS + 5)
    _, tally = lines(many)
    assert (tally.rejected, len(tally.problems)) == (len(many), MAX_PROBLEMS)


def test_nothing_in_is_nothing_out() -> None:
    assert list(classify([], SMALL)) == []


def test_what_is_cut_or_does_not_decode_is_counted() -> None:
    _, tally = lines([row("d", "http.server", "b" * 70_000), row("d", "http.response", "x")])
    assert (tally.cut, tally.undecoded) == (1, 1)


def test_a_long_value_is_shown_up_to_a_length() -> None:
    shown = one(("http.server", "beta" + "x" * 5000))["evidence"][0]["value"]
    assert shown == "beta" + "x" * 996


# ------------------------------------------------------------------------- real packs


def test_a_rebadged_device_shows_its_aspects_apart(shipped: PackSet) -> None:
    """A label by Annke, an address block of Hikvision, and both are shown."""
    found = one(
        ("onvif.manufacturer", "ANNKE"), ("mac.address", "C0:56:E3:01:02:03"), using=shipped
    )
    assert found["brand"] == "annke"
    assert found["maker"] == "hikvision"
    assert found["aspects"]["badge"]["maker"] == "annke"
    assert found["aspects"]["hardware"]["maker"] == "hikvision"
    assert {each["field"] for each in found["evidence"]} >= {
        "onvif.manufacturer", "mac.organisation",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["Web Viewer", "WEB SERVICE", "AXIS", "camera, 4MP"])
def test_generic_words_are_weak_at_most(shipped: PackSet, text: str) -> None:
    for field in ("http.title", "http.server", "inventory.text"):
        found = one((field, text), using=shipped)
        assert (found["maker_confidence"] or 0.0) < 0.8
