"""Second opinions: what becomes a hint, what is counted, and that hints carry no answer alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from camaudit.app.opinions import Opinions, opinion_notes
from camaudit.app.packset import load_packs
from camaudit.errors import PackError
from camaudit.model.packs import Maker
from camaudit.model.words import Aspect, Kind, MakerKind
from camaudit.packs.opinions import GROUP, Hints, read_camera_database, read_recog
from camaudit.packs.opinions.hints import names_of, plain_name
from camaudit.packs.opinions.recog import _renamed


def maker(slug: str, *names: str) -> Maker:
    return Maker(
        id=slug,  # type: ignore[arg-type]
        kind=MakerKind.MANUFACTURER,
        names=names or (slug,),
        jurisdiction=None,
        jurisdiction_source=None,
        ties=(),
        sources=(),
    )


MAKERS = (maker("axis", "Axis", "Axis Communications AB"), maker("acme", "ACME Co., Ltd."))


def prints(*texts: str, matches: str = "http_header.server") -> dict[str, bytes]:
    inner = "".join(texts)
    return {"x/a.xml": f'<fingerprints matches="{matches}">{inner}</fingerprints>'.encode()}


def one(pattern: str, flags: str = "", **params: str) -> str:
    told = "".join(
        f'<param pos="{pos}" name="{name.replace("_", ".", 1)}" value="{value}"/>'
        for name, (pos, value) in ((n, v.split(":", 1)) for n, v in params.items())
    )
    return (
        f'<fingerprint pattern="{pattern}" flags="{flags}"><description>A thing</description>'
        f"<example>x</example>{told}</fingerprint>"
    )


def test_a_fingerprint_becomes_a_weak_hint_of_its_own_group() -> None:
    xml = prints(one("^Cam/([0-9.]+)$", "REG_ICASE", hw_vendor="0:axis", hw_device="0:IP Camera",
                     hw_version="1:"))  # fmt: skip
    (found,) = read_recog(xml, MAKERS).signatures
    assert (found.maker, found.kinds, found.proves) == ("axis", (Kind.CAMERA,), (Aspect.BADGE,))
    assert (found.group, found.weight, found.kind_weight) == (GROUP, "weak", "weak")
    assert (found.fields, found.pattern) == (("http.server",), "(?i)^Cam/(?P<version>[0-9.]+)$")


def test_the_vendor_of_the_system_counts_where_none_of_the_hardware_is_known() -> None:
    xml = prints(one("^A/", hw_vendor="0:Nobody", os_vendor="0:Axis"))
    (found,) = read_recog(xml, MAKERS).signatures
    assert (found.maker, found.proves) == ("axis", (Aspect.FIRMWARE,))


def reasons(hints: Hints) -> dict[str, int]:
    return {reason: count for reason, count in hints.left_out.items() if count}


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?&lt;name&gt;a)b", "another dialect"),
        ("(a+)+b", "keep busy"),
        ("a*", "empty text"),
        ("x" * 2000, "too long"),
        ("(?=a)ab", "another dialect"),
        (r"\Aab", "another dialect"),
    ],
)
def test_patterns_that_cannot_be_used_are_counted(pattern: str, reason: str) -> None:
    hints = read_recog(prints(one(pattern, hw_vendor="0:Axis")), MAKERS)
    assert hints.signatures == []
    ((said, count),) = reasons(hints).items()
    assert (reason in said, count) == (True, 1)


def test_what_is_not_ours_is_counted() -> None:
    hints = read_recog(prints(one("^a", hw_vendor="0:Nobody"), one("^b")), MAKERS)
    assert reasons(hints) == {"fingerprints of makers and kinds that are not among ours": 2}
    hints = read_recog(prints(one("^a", hw_vendor="0:Axis"), matches="odd.thing"), MAKERS)
    assert reasons(hints) == {"matches='odd.thing'": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"<fingerprints",
        b'<!DOCTYPE a [<!ENTITY b "c">]><fingerprints>&b;</fingerprints>',
        b"<fingerprints/>",
        b"\xff\xfe",
    ],
)
def test_files_that_are_no_fingerprints_are_refused(content: bytes) -> None:
    with pytest.raises(PackError):
        read_recog({"a.xml": content}, MAKERS)


@pytest.mark.parametrize(
    ("pattern", "named"),
    [
        (r"a(b)(c)", r"a(b)(?P<model>c)"),
        (r"\((?:a)(b)(c)", r"\((?:a)(b)(?P<model>c)"),
        (r"[()](b)[^](](c)", r"[()](b)[^](](?P<model>c)"),
    ],
)
def test_groups_are_counted_as_the_matcher_counts_them(pattern: str, named: str) -> None:
    assert _renamed(pattern, {2: "model"}) == named


def test_names_are_compared_whole_and_without_the_form_of_the_company() -> None:
    assert plain_name("ACME Co., Ltd.") == plain_name("acme") == "acme"
    assert plain_name("Acme Optics") != plain_name("Acme")
    assert plain_name("Co") == "co"
    assert names_of((maker("a", "Same"), maker("b", "SAME Ltd"), maker("c", "Own"))) == {"own": "c"}


def test_models_of_a_database_are_hints_for_their_brand() -> None:
    entries = [
        {"brand": "Axis", "model": "Q1234-LE", "type": "bullet", "aliases": ["Q1234 LE Mk II"]},
        {"brand": "ACME", "model": "NR-16.A", "type": "nvr"},
        {"brand": "Nobody", "model": "ZZ-99"},
        {"brand": "Axis", "model": "PRO"},
        {"no": "model"},
    ]
    hints = read_camera_database({"a.json": json.dumps(entries).encode()}, MAKERS)
    told = {(s.maker, s.kinds, s.pattern) for s in hints.signatures}
    assert told == {
        ("axis", (Kind.CAMERA,), r"(?i)^(?P<model>q1234\ le\ mk\ ii|q1234\-le)$"),
        ("acme", (Kind.RECORDER,), r"(?i)^(?P<model>nr\-16\.a)$"),
    }
    assert reasons(hints) == {
        "models of brands that are not among ours": 1,
        "models that could be any word": 1,
        "entries that are no model": 1,
    }


def test_a_model_of_several_brands_is_no_hint() -> None:
    lines = b'{"brand": "Axis", "model": "AB-12"}\n{"brand": "ACME", "model": "ab-12"}\n'
    hints = read_camera_database({"a.json": lines, "b.json": b"no JSON"}, MAKERS)
    assert hints.signatures == []
    assert reasons(hints) == {"models that several brands have": 1, "files that are not JSON": 1}


def test_many_models_are_divided_among_patterns() -> None:
    entries = [{"brand": "Axis", "model": f"Z{n:05}-XX"} for n in range(1000)]
    hints = read_camera_database({"a.json": json.dumps(entries).encode()}, MAKERS)
    assert reasons(hints) == {}
    assert 5 < len(hints.signatures) < 50
    assert len({each.id for each in hints.signatures}) == len(hints.signatures)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the packs, with these opinions and without, are compiled to once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def opinions(tmp_path_factory: pytest.TempPathFactory) -> Opinions:
    tmp_path = tmp_path_factory.mktemp("opinions")
    recog = tmp_path / "recog"
    recog.mkdir()
    texts = [one(f"^Odd Cam Server {n}", hw_vendor="0:Dahua", hw_device="0:IP Camera")
             for n in ("", "[0-9]", "1")]  # fmt: skip
    (recog / "http.xml").write_bytes(prints(*texts)["x/a.xml"])
    cameras = tmp_path / "cameras.json"
    cameras.write_text(json.dumps([{"brand": "Dahua", "model": "ODDBALL-77", "type": "dome"}]))
    return Opinions((recog,), (cameras,))


def answer(
    opinions: Opinions | None, cache: Path, *lines: tuple[str, str, str]
) -> dict[str, object]:
    from camaudit.app.classify import classify
    from camaudit.sources.tables import BatchBuilder

    packs = load_packs(cache=cache, opinions=opinions)
    batch = BatchBuilder()
    for protocol, field, value in lines:
        batch.add("d", f"{protocol}.{field}", value.encode(), "line 1")
    (line,) = classify(batch.flush(), packs)
    return {"maker": line.maker, "confidence": line.maker_confidence, "kind": line.kind,
            "weights": {each.weight for each in line.evidence}}  # fmt: skip


def test_second_opinions_alone_give_no_more_than_weak(opinions: Opinions, cache: Path) -> None:
    lines = (("http", "server", "Odd Cam Server 1"), ("onvif", "model", "ODDBALL-77"))
    assert answer(None, cache, *lines)["maker"] is None
    found = answer(opinions, cache, *lines)
    assert found["maker"] == "dahua"
    assert found["weights"] in ({"slight", "weak"}, {"weak"})
    assert isinstance(found["confidence"], float)
    assert 0.5 <= found["confidence"] < 0.8
    # once more, from the cache
    assert answer(opinions, cache, *lines) == found
    assert answer(None, cache, *lines)["maker"] is None


def test_a_device_s_own_words_outweigh_them(opinions: Opinions, cache: Path) -> None:
    own = (("mac", "address", "00:40:8C:01:02:03"), ("onvif", "manufacturer", "AXIS"))
    lines = (("http", "server", "Odd Cam Server 1"), ("onvif", "model", "ODDBALL-77"), *own)
    assert answer(opinions, cache, *lines)["maker"] == "axis"


def test_what_is_used_is_told(opinions: Opinions, cache: Path) -> None:
    packs = load_packs(cache=cache, opinions=opinions)
    assert list(opinion_notes(opinions, packs.makers.makers)) == [
        "recog: 3 hints",
        "camera database: 1 hints",
    ]
