"""camaudit.estate.capacity: what a recorder takes, and what hangs under it on record."""

from __future__ import annotations

import pytest

from camaudit.model.estate import Device
from camaudit.model.words import JudgementKind
from tests.subjects import judgement, minted, only, resolved, subject

Said = list[tuple[str, str]]


@pytest.mark.parametrize(
    ("said", "declared"),
    [
        ([("sadp.DigitalChannelNum", "16"), ("sadp.AnalogChannelNum", "8")], 24),
        ([("sadp.DigitalChannelNum", "32")], 32),
        ([("dhip.RemoteVideoInputChannels", "8"), ("dhip.VideoInputChannels", "16")], 16),
        ([("xm-netip.ChannelNum", "4")], 4),
        ([("sadp.DigitalChannelNum", "0"), ("sadp.AnalogChannelNum", "1")], None),
        ([("dhip.VideoInputChannels", "1")], None),
        ([("sadp.DigitalChannelNum", "many")], None),
        ([("sadp.DigitalChannelNum", "-4")], None),
        ([("sadp.DigitalChannelNum", "99999999999")], None),
        ([], None),
    ],
)
def test_what_a_recorder_declares(said: Said, declared: int | None) -> None:
    assert only(resolved([subject("a/1", capacities=said)])).channels_declared == declared


def test_what_hangs_under_it_counts_in_units() -> None:
    rows = [
        subject("a/nvr", asset_ids="NVR-1", capacities=[("sadp.DigitalChannelNum", "16")]),
        subject("a/1", asset_ids="C-1", recorders="NVR-1"),
        subject("a/2", asset_ids="C-2", recorders="NVR-1", quantities="~3"),
        subject("a/3", asset_ids="C-3"),
    ]
    found = resolved(rows)
    by_asset: dict[str, Device] = {device.asset_ids[0]: device for device in found.devices}
    assert by_asset["NVR-1"].channels_declared == 16
    assert by_asset["NVR-1"].channels_seen == 4
    assert by_asset["C-1"].channels_seen == 0
    attached = judgement(
        JudgementKind.PARENT, by_asset["C-3"].id, recorder=by_asset["NVR-1"].id, channel="5"
    )
    again = resolved(rows, [*minted(found), attached])
    assert {d.channels_seen for d in again.devices if d.asset_ids == ("NVR-1",)} == {5}
