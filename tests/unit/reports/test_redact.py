"""Redaction takes away what was named wherever it stands, and leaves what a reader needs."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from camaudit.model.snapshot import DeviceRow, Snapshot
from camaudit.reports.redact import CATEGORIES, redact
from camaudit.reports.scrub import Scrubber, worth_hiding

from .sample import DEVICES, SECRETS, sample

ALL = {"sites", "addresses", "serials", "people"}


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, tuple | list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def soaked(category: str) -> Snapshot:
    """Return the sample with a category's secrets in every text that people or devices fill."""
    spill = "; ".join(SECRETS[category])

    def soak(device: DeviceRow) -> DeviceRow:
        return replace(
            device,
            location=spill,
            brand=spill,
            model=spill,
            remarks=(spill,),
            sentence=spill,
            conflicts=(spill,),
            installed=f"not before 2024-01-15 ({spill})",
            dating=(spill,),
            reasons=tuple(replace(each, seen=spill) for each in device.reasons),
            history=(("in_service", "2026-01-01", spill, spill),),
            verdicts=tuple(
                replace(line, sentence=spill, gaps=(spill,)) for line in device.verdicts
            ),
        )

    snapshot = sample()
    return replace(
        snapshot,
        estate=f"estate of {spill}",
        figures=tuple(replace(each, note=spill) for each in snapshot.figures),
        unknowns=tuple(replace(each, note=spill) for each in snapshot.unknowns),
        questions=tuple(replace(each, question=spill, obtain=spill) for each in snapshot.questions),
        devices=tuple(map(soak, snapshot.devices)),
    )


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_a_secret_is_gone_from_every_text(category: str) -> None:
    texts = strings(asdict(redact(soaked(category), {category})))
    left = {
        (secret, text)
        for text in texts
        for secret in SECRETS[category]
        if secret.lower() in text.lower()
    }
    assert left == set()


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_what_people_typed_and_devices_sent_is_gone_with_any_category(category: str) -> None:
    for device in redact(sample(), {category}).devices:
        assert device.location is None
        assert device.remarks == ()
        assert [reason.seen for reason in device.reasons if reason.seen] == []
        assert [evidence for *_, evidence in device.history if evidence] == []


def test_sites_and_bodies_keep_labels_that_tell_them_apart() -> None:
    redacted = redact(sample(), {"sites"})
    assert [site.name for site in redacted.sites] == [
        "site 5",  # wharfside, the last in the order of the ids
        "site 4",
        "site 1",
        "site 3",
        "site 2",
    ]
    assert {site.owner for site in redacted.sites} == {"body 1", "body 2"}
    for old, new in zip(DEVICES, redacted.devices, strict=True):
        assert (old.site is None) == (new.site is None)
        assert new.site in {None, *(site.id for site in redacted.sites)}
    assert redacted.devices[-1].site_name == "unlisted site 1"


def test_ids_classes_verdicts_and_counts_stay() -> None:
    redacted = redact(sample(), ALL)
    for old, new in zip(DEVICES, redacted.devices, strict=True):
        assert (new.id, new.sensitivity, new.maker) == (old.id, old.sensitivity, old.maker)
        assert [line.verdict for line in new.verdicts] == [line.verdict for line in old.verdicts]
        assert [line.quote for line in new.verdicts] == [line.quote for line in old.verdicts]
    assert redacted.duties == sample().duties
    assert redacted.policy == sample().policy


def test_only_what_was_named_is_gone() -> None:
    first = redact(sample(), {"people"}).devices[0]
    assert first.people == ()
    assert first.addresses == DEVICES[0].addresses
    assert first.serial == DEVICES[0].serial
    assert first.site_name == "Wharfside House"
    assert first.history == (("in_service", "2026-11-02", "", ""),)


def test_redacting_twice_is_redacting_both() -> None:
    twice = redact(redact(sample(), {"people"}), {"serials"})
    assert twice.redacted == ("people", "serials")
    assert twice.devices[0].people == ()
    assert twice.devices[0].serial is None


def test_a_recorder_that_is_no_device_id_is_dropped() -> None:
    devices = (replace(DEVICES[0], recorder="NVR at the gate"), *DEVICES[1:])
    redacted = redact(sample(devices=devices), {"people"})
    assert redacted.devices[0].recorder is None
    assert redacted.devices[9].recorder == "D-7TRA2VVE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at 192.0.2.14 now", "at [redacted] now"),
        ("in 10.0.0.0/8", "in [redacted]"),
        ("44:19:B6:0d:5e:11, seen", "[redacted], seen"),
        ("44-19-b6-0d-5e-11", "[redacted]"),
        ("4419.b60d.5e11", "[redacted]"),
        ("host 2001:db8::5 answers", "host [redacted] answers"),
        ("(fe80::1)", "([redacted])"),
        ("Likely produced by X (0.93), clause a", "Likely produced by X (0.93), clause a"),
        ("not before 2024-01-15", "not before 2024-01-15"),
    ],
)
def test_what_looks_like_an_address_goes(text: str, expected: str) -> None:
    assert Scrubber((), addresses=True).text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a camera at Mill House, gate", "a camera at [redacted], gate"),
        ("a camera at MILL HOUSE", "a camera at [redacted]"),
        ("Mill Houses", "Mill Houses"),
        ("Mill", "Mill"),
        ("see HQ", "see [redacted]"),
        ("see hq", "see hq"),  # too short to be told from a word in another case
        ("#12-AB7 and 7", "[redacted] and 7"),
    ],
)
def test_a_known_secret_goes_as_a_whole(text: str, expected: str) -> None:
    scrubber = Scrubber(("Mill House", "HQ", "7", "", "12-AB7", "#12-AB7"), addresses=False)
    assert scrubber.text(text).replace("#[", "[") == expected


def test_a_device_s_own_secret_goes_from_inside_a_word_too() -> None:
    scrubber = Scrubber((), addresses=False)
    assert scrubber.text("DS-2CD-AB123456-x", "ab123456") == "DS-2CD-[redacted]-x"
    assert scrubber.text("abc", "b") == "abc"


@pytest.mark.parametrize(
    ("secret", "worth"), [("a", False), ("1", False), ("123", False), ("1234", True), ("HQ", True)]
)
def test_what_cannot_be_told_from_text_is_not_searched(secret: str, *, worth: bool) -> None:
    assert worth_hiding(secret) is worth
