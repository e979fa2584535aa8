"""camaudit.store.watches: traffic is kept until its day, and then as a digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from camaudit.errors import EstateError
from camaudit.model.ids import ArtefactDigest
from camaudit.model.observation import Artefact
from camaudit.model.traffic import Damage
from camaudit.store import EstateStore, add_watch, create_estate, watches
from camaudit.store.watches import _encode
from tests.traffic import CAMERA, asked, minutes, talk, traffic

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
SECRET = "only-here.example"


def keep(store: EstateStore, site: str | None = "HQ") -> None:
    seen = replace(
        traffic(
            [talk("10.0.0.2", "198.51.100.7", client_mac=CAMERA)],
            [asked(SECRET, "10.0.0.2", mac=CAMERA)],
            activity=minutes(3),
            addresses={CAMERA: {"10.0.0.2": 20}},
            lost=None,
        ),
        damage=(Damage(what="a cut record", count=2, first="packet 7", hides=True),),
        carried={CAMERA: 9},
        beyond={"198.51.100.7": ("10.1.1.0/24", "internet")},
    )
    with store.writing() as connection:
        artefact = Artefact(
            digest=ArtefactDigest(b"\1" * 32),
            kind="pcap",
            name="a.pcap",
            collector="test",
            collected_at=NOW,
        )
        number = store.add_import(connection, artefact, b"\2" * 32, site, NOW)
        add_watch(connection, number, seen, {"hosts": 3}, date(2026, 12, 3))


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.sqlite")
    keep(store)
    with store.reading() as connection:
        (found,) = watches(connection, "HQ")
        assert watches(connection, "ANNEX") == []
    assert (found.site, found.name, found.keep_until) == ("HQ", "a.pcap", date(2026, 12, 3))
    assert found.left_out == {"hosts": 3}
    assert found.traffic is not None
    assert found.traffic.names.column("name").to_pylist() == [SECRET]
    assert found.traffic.conversations.column("server").to_pylist() == ["198.51.100.7"]
    assert found.traffic.activity.num_rows == 3
    assert found.traffic.lost is None
    assert found.traffic.damage == (
        Damage(what="a cut record", count=2, first="packet 7", hides=True),
    )
    assert found.traffic.addresses == {CAMERA: {"10.0.0.2": 20}}
    assert found.traffic.carried == {CAMERA: 9}
    assert found.traffic.beyond == {"198.51.100.7": ("10.1.1.0/24", "internet")}
    assert found.traffic.heard.column("address").to_pylist() == ["10.0.0.2", "198.51.100.7"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-9],
        lambda content: content.replace(b"client", b"cl\xffent"),
        lambda content: content.replace(b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"),
        lambda content: content.replace(b"conversations", b"conversationz"),
        lambda content: content.replace(b"a cut record", b"a cut \xfe\xfecord"),
        lambda content: content[:0],
    ],
    ids=["cut", "schema", "lengths", "table", "text", "nothing"],
)
def test_a_watch_that_is_damaged_is_told_as_that(
    tmp_path: Path, damage: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    # the store lets nobody change a watch: this one is damaged as it is kept
    names = add_watch.__globals__
    monkeypatch.setitem(names, "_encode", lambda *given: damage(_encode(*given)))
    store = create_estate(tmp_path / "estate.sqlite")
    keep(store)
    with store.reading() as connection, pytest.raises(EstateError, match="is damaged"):
        watches(connection)


def test_an_erased_watch_leaves_a_tombstone_and_no_byte_in_the_file(tmp_path: Path) -> None:
    place = tmp_path / "estate.sqlite"
    store = create_estate(place)
    keep(store)
    with store.writing() as connection:
        (before,) = watches(connection)
        content = connection.execute(text("SELECT content FROM watches")).scalar_one()
        assert store.erase_watches(connection, [before.seq], "officer", "due", NOW) == 1
    store.scrub()
    with store.reading() as connection:
        (after,) = watches(connection)
    assert after.traffic is None
    assert after.content_digest == before.content_digest
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    pieces = [content[at : at + 32] for at in range(0, len(content) - 32, 32)]
    assert len(pieces) > 20
    # what Arrow puts into every stream stands nowhere else in an estate
    assert [piece for piece in pieces if any(piece) and piece in held] == []


def test_a_watch_cannot_be_changed_or_deleted(tmp_path: Path) -> None:
    store = create_estate(tmp_path / "estate.sqlite")
    keep(store)
    for statement in ("DELETE FROM watches", "UPDATE watches SET keep_until = '2099-01-01'"):
        with pytest.raises(EstateError, match="append-only"), store.writing() as connection:
            connection.execute(text(statement))
