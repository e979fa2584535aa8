"""The hostile captures are what they say: tshark, which others wrote, sees it too."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.hostile_captures import GOOD, HOSTILE, NAME, Hostile

pytestmark = pytest.mark.timeout(300)


def tshark(path: Path, *words: str) -> list[str]:
    """Return what tshark says of packets; it ends with an error where a file is hurt."""
    done = subprocess.run(
        ["tshark", "-n", "-r", str(path), *words], capture_output=True, check=False, timeout=120
    )
    return done.stdout.decode("utf-8", "replace").splitlines()


@pytest.mark.parametrize("hostile", [e for e in HOSTILE if e.shows], ids=lambda each: each.id)
def test_a_stranger_sees_what_the_sentence_says(hostile: Hostile, tmp_path: Path) -> None:
    path = tmp_path / f"{hostile.id}{hostile.suffix}"
    path.write_bytes(hostile.build())
    shown = tshark(path, "-T", "fields", "-e", "dns.qry.name")
    assert shown[:GOOD] == [NAME] * GOOD  # every capture begins with the good packets
    if hostile.whole is not None:
        assert len(shown) == hostile.whole
    assert len(shown) >= GOOD
    assert tshark(path, "-Y", str(hostile.shows), "-T", "fields", "-e", "frame.number")
