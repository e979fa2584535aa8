"""camaudit.packs.shipped and load: the files in force, and an organisation's own beside them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from camaudit.attribution import MakerGraph
from camaudit.errors import PackError
from camaudit.model.words import Confidence, Firmness, Kind, MakerKind, TieKind
from camaudit.packs.load import maker_digest, maker_files, maker_packs, vocabulary
from camaudit.packs.makers import read_makers
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.packs.strict import MAX_PACK_BYTES
from tests.small_packs import files

ACME = """\
id: acme
kind: manufacturer
names: [Acme]
signatures:
  - id: acme-server
    fields: [http.server]
    pattern: '^Acme$'
    proves: [hardware]
    weight: strong
    confidence: verified
    says: The web server names itself Acme.
    source: own
    examples: [{text: Acme}]
    not_examples: [Acmeist]
sources:
  own: {title: "Our own acceptance tests"}
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    (tmp_path / "makers").mkdir()
    return tmp_path


def add(overlay: Path, text: str = ACME, name: str = "makers/acme.yaml") -> None:
    path = overlay / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def declare(overlay: Path, name: str, reason: str = "we know better") -> None:
    (overlay / "overrides.yaml").write_text(f"overrides: {{{name}: {reason}}}\n")


def test_a_new_file_adds_a_maker(overlay: Path) -> None:
    add(overlay)
    found = find_pack_files((overlay,))
    assert found.contents["makers/acme.yaml"] == ACME.encode()
    assert found.places["makers/acme.yaml"] == str(overlay / "makers/acme.yaml")
    packs = maker_packs(found)
    assert "acme-server" in {each.id for each in packs.signatures}
    assert packs.digest == maker_digest(found) != maker_digest(files())


def test_a_shipped_file_is_replaced_only_with_a_reason(overlay: Path) -> None:
    changed = files().contents["makers/axis.yaml"] + b"\n# ours\n"
    add(overlay, changed.decode(), "makers/axis.yaml")
    with pytest.raises(PackError, match=r"replaces a shipped file; say why in overrides\.yaml"):
        find_pack_files((overlay,))
    declare(overlay, "makers/axis.yaml")
    assert find_pack_files((overlay,)).contents["makers/axis.yaml"] == changed


def test_a_replacement_that_replaces_nothing_is_a_slip(overlay: Path) -> None:
    add(overlay)
    declare(overlay, "makers/axsi.yaml")
    with pytest.raises(PackError, match=r"makers/axsi\.yaml replaces nothing"):
        find_pack_files((overlay,))


def test_overrides_are_read_strictly(overlay: Path) -> None:
    add(overlay)
    (overlay / "overrides.yaml").write_text("override: {}\n")
    with pytest.raises(PackError, match=r"overrides\.yaml:1: "):
        find_pack_files((overlay,))


def test_what_holds_no_packs_is_no_overlay(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing", tmp_path / "makers"):
        with pytest.raises(PackError, match=r"makers/, policies/ or scan\.yaml in it"):
            find_pack_files((place,))


def test_a_file_that_would_be_passed_over_is_refused(overlay: Path) -> None:
    add(overlay, name="makers/acme.yml")
    with pytest.raises(PackError, match=r"ends in \.yaml; rename it"):
        find_pack_files((overlay,))


def test_other_files_beside_are_no_packs(overlay: Path) -> None:
    add(overlay, "hello", "makers/notes.txt")
    assert find_pack_files((overlay,)).contents == files().contents


def test_a_file_that_nobody_wrote_by_hand_is_refused(overlay: Path) -> None:
    add(overlay, "#" * (MAX_PACK_BYTES + 1))
    with pytest.raises(PackError, match="larger than"):
        find_pack_files((overlay,))


def test_an_overlay_has_no_word_lists(overlay: Path) -> None:
    add(overlay, "weights: []", "vocab/weights.yaml")
    assert find_pack_files((overlay,)).contents == files().contents


def test_a_fault_in_an_overlay_is_shown_where_it_stands(overlay: Path) -> None:
    add(overlay, ACME.replace("strong", "huge"))
    found = find_pack_files((overlay,))
    with pytest.raises(PackError, match="'huge' is none of") as error:
        maker_files(found, vocabulary(found))
    assert error.value.file == str(overlay / "makers/acme.yaml")


def test_an_overlay_may_not_take_a_shipped_signature_id(overlay: Path) -> None:
    add(overlay, ACME.replace("id: acme", "id: ax", 1).replace("acme-server", "axis-product-name"),
        "makers/ax.yaml")  # fmt: skip
    with pytest.raises(PackError, match="axis-product-name is taken by another signature"):
        maker_packs(find_pack_files((overlay,)))


def test_an_overlay_may_not_enter_a_shipped_maker_again(overlay: Path) -> None:
    text = ACME.replace("id: acme", "id: axis", 1).replace("acme-server", "axis-x")
    add(overlay, text, "makers/sub/axis.yaml")
    with pytest.raises(PackError, match=r"axis stands in makers/axis\.yaml too; keep one"):
        maker_packs(find_pack_files((overlay,)))


LIST = """\
brands:
  - {id: bright, names: [Bright], ties: [{to: axis, tie: made_by, firmness: listed, source: own}]}
  - {id: acme, names: [Acme], by_name: exact, jurisdiction: {code: "SE", source: own}}
sources:
  own: {title: "Our own list", read_on: 2026-01-02}
"""


def test_a_list_of_brands_adds_them(overlay: Path) -> None:
    add(overlay, LIST, "makers/brands-own.yaml")
    found = maker_packs(find_pack_files((overlay,)))
    bright, acme = (next(m for m in found.makers if m.id == name) for name in ("bright", "acme"))
    assert (bright.kind, [tie.to for tie in bright.ties]) == (MakerKind.BRAND, ["axis"])
    assert (acme.jurisdiction, acme.jurisdiction_source) == ("SE", "own")
    for maker in (bright, acme):
        assert {source.title for source in maker.sources} >= {"Our own list"}
    assert [each.id for each in found.signatures if each.maker in ("bright", "acme")] == [
        "bright-name", "bright-name-model", "bright-text", "acme-name",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "says"),
    [
        ("to: axis", "to: nobody", 2, "brands[0].ties[0].to", "no maker is called nobody"),
        ("id: acme", "id: axis", 3, "brands[1].id", "axis stands in makers/axis.yaml too"),
        ("id: acme", "id: bright", 3, "brands[1].id", "bright stands in "),
        ("exact", "own_words", 3, "brands[1].by_name", "'own_words' is none of anywhere"),
        ("names: [Acme], ", "", 3, "brands[1].names", "required"),
        ("by_name: exact", "signatures: []", 3, "brands[1].signatures", "no such field"),
        ("firmness: listed, source: own", "firmness: listed, source: x", 2,
         "brands[0].ties[0].source", "'x' is not among this file's sources"),
        ("brands:", "id: brands\nbrands:", 1, "id", "no such field"),
    ],
)  # fmt: skip
def test_a_fault_of_a_row_is_shown_where_it_stands(
    overlay: Path, old: str, new: str, line: int, field: str, says: str
) -> None:
    assert old in LIST
    add(overlay, LIST.replace(old, new), "makers/brands-own.yaml")
    with pytest.raises(PackError, match=re.escape(says)) as error:
        maker_packs(find_pack_files((overlay,)))
    place = (error.value.file, error.value.line, error.value.field)
    assert place == (str(overlay / "makers/brands-own.yaml"), line, field)


def test_three_hundred_brands_ship() -> None:
    brands = [each for each in maker_packs(files()).makers if each.kind is MakerKind.BRAND]
    assert len(brands) >= 300


def test_no_list_that_nobody_checked_makes_a_brand_somebodys() -> None:
    """However many ties a brand has: `listed`, `past` and `mixed` lead below .50."""
    packs = maker_packs(files())
    graph = MakerGraph(packs.makers, packs.vocabulary)
    asked = 0
    for each in packs.makers:
        makes = [tie for tie in each.ties if tie.tie is TieKind.MADE_BY]
        if each.kind is MakerKind.BRAND and makes and not any(
            tie.firmness is Firmness.FIRM for tie in makes
        ):  # fmt: skip
            producer = graph.producer(each.id, None, Kind.CAMERA, None)
            assert producer is not None
            assert producer.share < 0.5, each.id
            asked += 1
    assert asked >= 250


def test_an_unchecked_list_is_unverified() -> None:
    """One list alone may not pass for knowledge."""
    unchecked = ("sec-consult", "ipvm-hik", "ipvm-dahua", "ipvm-uniview", "cisa-udp")
    rows = [
        each
        for name, content in files().below("makers").items()
        if name.startswith("makers/brands-")
        for each in read_makers(content, name, vocabulary(files()))
    ]
    ties = [tie for each in rows for tie in each.maker.ties if tie.source in unchecked]
    assert len(ties) >= 120
    for tie in ties:
        assert tie.confidence is Confidence.UNVERIFIED
        assert tie.firmness in (Firmness.LISTED, Firmness.MIXED)


def test_no_maker_file_at_all_is_a_fault() -> None:
    bare = PackFiles(
        contents={n: c for n, c in files().contents.items() if n.startswith("vocab/")},
        places=files().places,
    )
    with pytest.raises(PackError, match="no maker file was found"):
        maker_packs(bare)


def test_a_digest_names_the_files_and_their_content() -> None:
    one = PackFiles(contents={"makers/a.yaml": b"x", "vocab/v.yaml": b""}, places={})
    expected = hashlib.sha256(b"makers/a.yaml\x001\x00x").hexdigest()
    assert one.digest("makers") == one.digest("makers/") == expected
    renamed = PackFiles(contents={"makers/b.yaml": b"x"}, places={})
    shifted = PackFiles(contents={"makers/a.yaml": b"", "vocab/v.yaml": b"x"}, places={})
    digests = {each.digest("makers", "vocab") for each in (one, renamed, shifted)}
    assert len(digests) == 3


def test_files_below_a_folder_come_in_order() -> None:
    two = PackFiles(contents={"makers/b": b"", "makers/a": b"", "makersx/c": b""}, places={})
    assert list(two.below("makers")) == ["makers/a", "makers/b"]
