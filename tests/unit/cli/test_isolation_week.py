"""A pretend week in small: what happened is found, and nothing of other people is left."""

from __future__ import annotations

from pathlib import Path

from tests.weeks import assert_week, verify_week, write_week


def test_a_week_with_an_outage_and_one_contact_of_three_packets(tmp_path: Path) -> None:
    assert_week(verify_week(write_week(tmp_path / "week.pcapng", packets=60_000)))
