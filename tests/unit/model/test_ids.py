"""camaudit.model.ids: one canonical encoding, and what identifiers are digests of."""

from __future__ import annotations

import hashlib
import inspect

from camaudit.model.ids import canonical, content_digest, observation_id, observation_ids

ARTEFACT = bytes(range(32))


def test_the_encoding_is_the_one_that_is_written_down() -> None:
    """Length in eight big-endian bytes, then the part: anyone can recompute a digest."""
    assert canonical([b"ab", b""]) == bytes(7) + b"\x02ab" + bytes(8)


def test_shifting_a_boundary_changes_the_encoding() -> None:
    assert canonical([b"ab", b"c"]) != canonical([b"a", b"bc"])
    assert canonical([b"ab"]) != canonical([b"ab", b""])


def test_an_observation_id_is_the_digest_of_what_was_seen_where() -> None:
    parts = [b"row:1", b"http", b"server", b"\xff\x00", ARTEFACT, b"7"]
    plain = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    assert (
        observation_id("row:1", "http", "server", b"\xff\x00", ARTEFACT, "7")
        == hashlib.sha256(plain).digest()
    )


def test_an_observation_id_takes_no_time() -> None:
    assert list(inspect.signature(observation_id).parameters) == [
        "subject", "protocol", "field", "value", "artefact", "position",
    ]  # fmt: skip


def test_every_part_of_an_observation_counts() -> None:
    usual = ("row:1", "http", "server", b"a", ARTEFACT, "7")
    others = [
        ("row:2", *usual[1:]),
        (usual[0], "rtsp", *usual[2:]),
        (*usual[:2], "title", *usual[3:]),
        (*usual[:3], b"b", *usual[4:]),
        (*usual[:4], bytes(32), usual[5]),
        (*usual[:5], "8"),
    ]
    assert len({observation_id(*each) for each in [usual, *others]}) == 7


def test_many_ids_at_once_are_the_ids_one_by_one() -> None:
    rows = [("row:1", "http", "server", b"a", ""), ("row:1", "http", "title", b"", "7")] * 2
    assert list(observation_ids(rows, ARTEFACT)) == [
        observation_id(*row[:4], ARTEFACT, row[4]) for row in rows
    ]


def test_a_content_digest_tells_nothing_without_its_salt() -> None:
    assert content_digest(b"salt", [b"a"]) != content_digest(b"pepper", [b"a"])
    assert content_digest(b"salt", [b"a"]) == hashlib.sha256(canonical([b"salt", b"a"])).digest()
