"""The gate: every refusal with its words, and what no target can override."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import UsageError
from camaudit.model.ids import SiteId
from camaudit.model.observation import Site
from camaudit.model.permission import Blackout, Exclusion, ExclusionReason, Permission, Right
from camaudit.sources.scan.gate import Rules, grant, parse_hours
from camaudit.sources.scan.targets import AddressSet, parse_targets
from camaudit.sources.spec import Intrusiveness

POLITE, PROBING = Intrusiveness.POLITE, Intrusiveness.PROBING
#: A Wednesday.
AT = datetime(2026, 11, 25, 21, 0, tzinfo=UTC)
SITE = Site(id=SiteId("HQ"), name="Head office", networks=("192.0.2.0/24",))
ALLOWED = Permission(
    number=7,
    site=SITE.id,
    by="head of estates",
    approvers=(),
    right=Right.OWNER,
    reference="ticket 12",
    networks=(),
    public=(),
    ceiling="polite",
    valid_from=date(2026, 11, 1),
    valid_until=date(2026, 12, 31),
)
RULES = Rules(site=SITE, permissions=(ALLOWED,), exclusions=(), blackouts=(), two_approvers=False)
TARGETS = parse_targets(["192.0.2.0/28"])


def excluding(what: str) -> Exclusion:
    return Exclusion(number=9, site=SITE.id, what=what, reason=ExclusionReason.MEDICAL, note="")


def dark(hours: str, zone: str = "UTC") -> Blackout:
    return Blackout(number=10, site=SITE.id, hours=hours, zone=zone, reason="office hours")


def test_a_permission_covers_the_networks_of_its_site() -> None:
    got = grant(RULES, TARGETS, POLITE, AT)
    assert got.targets == TARGETS
    assert got.left_out == ()
    assert got.permission is not None
    assert "7" in got.permission
    assert "ticket 12" in got.permission
    assert got.right == "owner"


@pytest.mark.parametrize(
    ("rules", "ceiling", "words"),
    [
        (replace(RULES, permissions=()), POLITE, "camaudit site permit HQ"),
        (replace(RULES, site=None, permissions=()), POLITE, "--site"),
        (RULES, PROBING, "allows polite questions only"),
        (replace(RULES, two_approvers=True), POLITE, "one approver"),
        (
            replace(RULES, permissions=(replace(ALLOWED, valid_until=date(2026, 11, 24)),)),
            POLITE,
            "ended on 2026-11-24",
        ),
        (
            replace(RULES, permissions=(replace(ALLOWED, valid_from=date(2026, 11, 26)),)),
            POLITE,
            "begins on 2026-11-26",
        ),
        (replace(RULES, blackouts=(dark("Wed 20:00-22:30"),)), POLITE, "ends at 2026-11-25 22:30"),
        (replace(RULES, exclusions=(excluding("192.0.2.0/24"),)), POLITE, "excluded at this site"),
    ],
)
def test_each_refusal_says_what_is_missing(
    rules: Rules, ceiling: Intrusiveness, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        grant(rules, TARGETS, ceiling, AT)


def test_two_approvers_are_two_people() -> None:
    rules = replace(RULES, two_approvers=True)
    same = replace(ALLOWED, approvers=(" Head of Estates ",))
    with pytest.raises(UsageError, match="one approver"):
        grant(replace(rules, permissions=(same,)), TARGETS, POLITE, AT)
    two = replace(ALLOWED, approvers=("network manager",))
    assert grant(replace(rules, permissions=(two,)), TARGETS, POLITE, AT).targets == TARGETS


def test_addresses_outside_the_permission_are_left_out_and_named() -> None:
    got = grant(RULES, parse_targets(["192.0.2.7", "10.0.0.7"]), POLITE, AT)
    assert list(got.targets) == ["192.0.2.7"]
    assert [(what.text(), reason) for what, reason in got.left_out] == [
        ("10.0.0.7", "outside the networks of the permission")
    ]


def test_a_public_address_needs_to_be_named() -> None:
    site = replace(SITE, networks=("192.0.2.0/24", "8.8.8.0/24"))
    rules = replace(RULES, site=site)
    with pytest.raises(UsageError, match="--public"):
        grant(rules, parse_targets(["8.8.8.8"]), POLITE, AT)
    named = replace(rules, permissions=(replace(ALLOWED, public=("8.8.8.8/32",)),))
    assert list(grant(named, parse_targets(["8.8.8.0/30", "8.8.8.8"]), POLITE, AT).targets) == [
        "8.8.8.8"
    ]


def test_this_machine_needs_no_permission_but_keeps_its_exclusions() -> None:
    rules = replace(RULES, site=None, permissions=())
    assert grant(rules, parse_targets(["127.0.0.7"]), PROBING, AT).permission is None
    kept = replace(RULES, exclusions=(excluding("127.0.0.7"),))
    with pytest.raises(UsageError, match="excluded"):
        grant(kept, parse_targets(["127.0.0.7"]), POLITE, AT)


def test_the_permissions_of_a_site_hold_on_this_machine_too() -> None:
    here = parse_targets(["127.0.0.7"])
    assert grant(RULES, here, POLITE, AT).permission is not None
    with pytest.raises(UsageError, match="allows polite questions only"):
        grant(RULES, here, PROBING, AT)
    with pytest.raises(UsageError, match="one approver"):
        grant(replace(RULES, two_approvers=True), here, POLITE, AT)


def test_a_hardware_address_is_excluded_once_it_is_known() -> None:
    rules = replace(RULES, exclusions=(excluding("00:40:8c:00:00:01"),))
    got = grant(rules, TARGETS, POLITE, AT)
    assert got.refusal("192.0.2.1", None, AT) is None
    assert got.refusal("192.0.2.1", "00:40:8c:00:00:01", AT) is not None


def test_a_blackout_that_begins_later_pauses_the_scan() -> None:
    got = grant(replace(RULES, blackouts=(dark("Thu 07:00-18:00"),)), TARGETS, POLITE, AT)
    begins = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
    assert got.pauses_at == begins
    assert got.refusal("192.0.2.1", None, AT) is None
    assert got.refusal("192.0.2.1", None, begins) is not None


def test_the_end_of_the_permission_ends_the_scan() -> None:
    ends = replace(RULES, permissions=(replace(ALLOWED, valid_until=date(2026, 11, 25)),))
    got = grant(ends, TARGETS, POLITE, AT)
    assert got.pauses_at == datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "at", "holds"),
    [
        ("Mon-Fri 08:00-18:00", "UTC", datetime(2026, 11, 25, 8, 0, tzinfo=UTC), True),
        ("Mon-Fri 08:00-18:00", "UTC", datetime(2026, 11, 25, 18, 0, tzinfo=UTC), False),
        ("Mon-Fri 08:00-18:00", "UTC", datetime(2026, 11, 28, 9, 0, tzinfo=UTC), False),
        ("Sat-Mon 00:00-24:00", "UTC", datetime(2026, 11, 29, 9, 0, tzinfo=UTC), True),
        ("Tue 22:00-06:00", "UTC", datetime(2026, 11, 25, 5, 59, tzinfo=UTC), True),
        ("Tue 22:00-06:00", "UTC", datetime(2026, 11, 24, 5, 59, tzinfo=UTC), False),
        # in summer London is an hour ahead of UTC
        ("Mon-Fri 08:00-18:00", "Europe/London", datetime(2026, 7, 1, 7, 30, tzinfo=UTC), True),
        ("Mon-Fri 08:00-18:00", "Europe/London", datetime(2026, 12, 1, 7, 30, tzinfo=UTC), False),
    ],
)
def test_hours_hold_when_their_clock_says(text: str, zone: str, at: datetime, holds: bool) -> None:  # noqa: FBT001
    assert parse_hours(text, zone).holds(at) is holds


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("always", "UTC"),
        ("Mon 25:00-26:00", "UTC"),
        ("Mon 08:00-08:00", "UTC"),
        ("Foo 08:00-09:00", "UTC"),
        ("Mon 08:00-09:00", "Mars/Olympus"),
        ("Mon 08:00-09:00", "../etc/passwd"),
    ],
)
def test_hours_that_make_no_sense_are_refused(text: str, zone: str) -> None:
    with pytest.raises(UsageError):
        parse_hours(text, zone)


octets = st.integers(1, 254)


@given(st.sets(octets, min_size=1), st.sets(octets), octets)
def test_what_is_excluded_is_in_no_grant(asked: set[int], kept: set[int], probe: int) -> None:
    rules = replace(RULES, exclusions=tuple(excluding(f"192.0.2.{n}") for n in kept))
    targets = AddressSet.of(f"192.0.2.{n}" for n in asked)
    if asked <= kept:
        with pytest.raises(UsageError):
            grant(rules, targets, POLITE, AT)
        return
    got = grant(rules, targets, POLITE, AT)
    assert set(got.targets) == {f"192.0.2.{n}" for n in asked - kept}
    assert (got.refusal(f"192.0.2.{probe}", None, AT) is not None) == (probe in kept)


def test_a_search_to_everybody_needs_a_segment_that_is_permitted_as_a_whole() -> None:
    segment = AddressSet.parse("192.0.2.0/24")
    assert grant(RULES, TARGETS, POLITE, AT).may_search(segment) is None
    larger = AddressSet.parse("192.0.0.0/16")
    assert "beyond the networks" in str(grant(RULES, TARGETS, POLITE, AT).may_search(larger))
    for what in ("192.0.2.200", "00:40:8c:00:00:01"):
        kept = replace(RULES, exclusions=(excluding(what),))
        assert "excluded" in str(grant(kept, TARGETS, POLITE, AT).may_search(segment))
    here = grant(
        replace(RULES, site=None, permissions=()), parse_targets(["127.0.0.7"]), POLITE, AT
    )
    assert here.may_search(AddressSet.parse("127.0.0.0/8")) is None
