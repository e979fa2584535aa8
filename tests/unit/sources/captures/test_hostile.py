"""Captures that attack their reader: it ends, keeps what is whole, and counts what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from camaudit.app.formats import open_source
from camaudit.errors import SourceError
from camaudit.model.observation import Problem
from camaudit.model.traffic import Traffic
from camaudit.sources.spec import ReadOptions
from tests.hostile_captures import GOOD, HOSTILE, NAME, Hostile

#: Of these less is kept, or nothing is counted, than the sentence may let one expect, and why.
FEWER_KEPT = {
    "no-octets": "a run of records without an octet is taken for a hole in the file",
    "hardly-there": "the same",
}
NOT_COUNTED = {
    "ng-options-run-over": "options of a packet are not read",
    "gz-of-gz": "it is unpacked twice, and is whole then",
    "fragments-past-the-end": "pieces are never put together",
    "extension-too-long": "the packet is kept with the protocol of the header itself",
    "contradicting": "of what is sent twice the first counts",
    "dns-ladder": "the names before the pointers are read, the others have none",
    "tls-hello-length": "what never comes to its end is not read",
    "tls-names": "what is no name is left out",
    "dhcp-option-runs-over": "the options before it are read",
    "arp-cut": "what is no announcement is not read",
}

pytestmark = pytest.mark.timeout(300)


def read(place: Path) -> tuple[list[Traffic], list[Problem]]:
    with place.open("rb") as stream, open_source(stream, place.name, "pcap") as source:
        items = list(source.items(ReadOptions(name=place.name)))
    return (
        [each for each in items if isinstance(each, Traffic)],
        [each for each in items if isinstance(each, Problem)],
    )


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda each: each.id)
def test_it_ends_and_what_is_whole_is_kept(hostile: Hostile, tmp_path: Path) -> None:
    place = tmp_path / f"{hostile.id}{hostile.suffix}"
    place.write_bytes(hostile.build())
    try:
        (traffic,), problems = read(place)
    except SourceError:
        # the file as a whole is no capture
        assert not hostile.whole or hostile.id in FEWER_KEPT
        assert hostile.damaged
        return
    if hostile.whole is not None and hostile.id not in FEWER_KEPT:
        assert traffic.packets >= hostile.whole  # more where reading goes on behind the damage
    if hostile.damaged and hostile.id not in NOT_COUNTED:
        assert traffic.damage or problems
    if hostile.shows:
        assert NAME in traffic.names.column("name").to_pylist()
        assert traffic.packets >= GOOD
