"""camaudit.packs.makers: what a maker file must be, said with file, line and field."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
import yaml

from camaudit.errors import PackError
from camaudit.model.words import Aspect, Confidence, Kind, Precision
from camaudit.packs.maker_schema import MAX_PATTERN
from camaudit.packs.makers import MakerEntry, check_together, read_makers
from tests.small_packs import words

SIGNATURE: dict[str, Any] = {
    "id": "acme-server",
    "fields": ["http.server"],
    "pattern": r"^Acme/(?P<version>[0-9.]+)$",
    "proves": ["badge"],
    "weight": "strong",
    "confidence": "verified",
    "says": "The web server names itself Acme.",
    "source": "own",
    "examples": [{"text": "Acme/1.2", "gives": {"version": "1.2"}}],
    "not_examples": ["Acmeist/1.2"],
}
TIE: dict[str, Any] = {"to": "acme", "tie": "made_by", "firmness": "firm", "source": "own"}
MAKER: dict[str, Any] = {
    "id": "acme",
    "kind": "manufacturer",
    "names": ["Acme"],
    "jurisdiction": {"code": "SE", "source": "own"},
    "signatures": [SIGNATURE],
    "sources": {"own": {"title": "Acme's own label", "read_on": date(2026, 1, 2)}},
}


def load(content: dict[str, Any], name: str = "acme") -> MakerEntry:
    text = yaml.safe_dump(content, sort_keys=False)
    [entry] = read_makers(text.encode(), f"makers/{name}.yaml", words())
    return entry


def with_signature(**changes: Any) -> dict[str, Any]:
    changed = {key: value for key, value in (SIGNATURE | changes).items() if value is not ...}
    return MAKER | {"signatures": [changed]}


def fault(content: dict[str, Any], name: str = "acme") -> PackError:
    with pytest.raises(PackError) as error:
        load(content, name)
    assert error.value.file == f"makers/{name}.yaml"
    assert error.value.line > 0
    return error.value


def test_a_signature_may_only_take_a_value() -> None:
    (found,) = load(with_signature(proves=[], maker=None)).signatures
    assert (found.maker, found.proves, found.kinds) == (None, (), ())


def test_a_good_file_is_read() -> None:
    found = load(MAKER | {"ties": [TIE | {"from": date(2015, 1, 1), "until": date(2015, 1, 1)}]})
    assert (found.maker.id, found.maker.names, found.maker.jurisdiction) == (
        "acme",
        ("Acme",),
        "SE",
    )
    [signature] = found.signatures
    assert (signature.maker, signature.proves) == ("acme", (Aspect.BADGE,))
    assert signature.confidence is Confidence.VERIFIED
    [tie] = found.maker.ties
    assert tie.from_date == tie.to_date == date(2015, 1, 1)
    [source] = found.maker.sources
    assert (source.id, source.read_on) == ("own", date(2026, 1, 2))
    assert found.check_examples() == 2


@pytest.mark.parametrize(
    ("written", "first", "last", "precision"),
    [
        (date(2020, 2, 3), date(2020, 2, 3), date(2020, 2, 3), Precision.DAY),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), Precision.MONTH),
        (2020, date(2020, 1, 1), date(2020, 12, 31), Precision.YEAR),
    ],
)
def test_an_end_of_a_tie_is_dated_as_exactly_as_it_is_known(
    written: object, first: date, last: date, precision: Precision
) -> None:
    start = load(MAKER | {"ties": [TIE | {"from": written}]}).maker.ties[0]
    end = load(MAKER | {"ties": [TIE | {"until": written}]}).maker.ties[0]
    assert (start.from_date, start.from_precision) == (first, precision)
    assert (end.to_date, end.to_precision) == (last, precision)


def test_a_tie_is_reported_unless_it_says_otherwise() -> None:
    [plain, other] = load(MAKER | {"ties": [TIE, TIE | {"confidence": "unverified"}]}).maker.ties
    assert plain.confidence is Confidence.REPORTED
    assert other.confidence is Confidence.UNVERIFIED


def test_a_signature_may_name_another_maker_or_none() -> None:
    assert load(with_signature()).signatures[0].maker == "acme"
    assert load(with_signature(maker="other")).signatures[0].maker == "other"
    kinds = {"kinds": ["camera"], "kind_weight": "weak", "proves": []}
    none = load(with_signature(maker=None, **kinds)).signatures[0]
    assert (none.maker, none.kinds, none.kind_weight) == (None, (Kind.CAMERA,), "weak")


def test_a_named_set_stands_for_its_fields() -> None:
    found = load(with_signature(fields=["@realm", "http.www_authenticate", "http.title"]))
    assert found.signatures[0].fields == (*dict(words().field_sets)["realm"], "http.title")


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"id": "other"}, "id", "must be the file's name, acme"),
        ({"id": "Acme"}, "id", "match"),
        ({"kind": "shop"}, "kind", "'shop' is none of brand, manufacturer, component_maker"),
        ({"names": []}, "names", "at least 1"),
        ({"colour": "red"}, "colour", ""),
        ({"jurisdiction": {"code": "se", "source": "own"}}, "jurisdiction.code", "match"),
        ({"jurisdiction": {"code": "SE", "source": "x"}}, "jurisdiction.source", "not among"),
        ({"ties": [TIE | {"tie": "likes"}]}, "ties[0].tie", "is none of"),
        ({"ties": [TIE | {"firmness": "sure"}]}, "ties[0].firmness", "is none of"),
        ({"ties": [TIE | {"confidence": "sure"}]}, "ties[0].confidence", "is none of"),
        ({"ties": [TIE | {"from": "2020-13"}]}, "ties[0].from", "is no month"),
        ({"ties": [TIE | {"source": "x"}]}, "ties[0].source", "is not among this file's sources"),
        ({"ties": [TIE | {"kinds": ["hat"]}]}, "ties[0].kinds", "is none of"),
        ({"ties": [TIE | {"models": "("}]}, "ties[0].models", "does not compile"),
        ({"ties": [TIE | {"models": ""}]}, "ties[0].models", "matches the empty value"),
        ({"ties": [TIE | {"except_models": "("}]}, "ties[0].except_models", "does not compile"),
        (
            {"ties": [TIE | {"from": date(2020, 1, 2), "until": date(2020, 1, 1)}]},
            "ties[0].until", "is before `from`",
        ),
        ({"sources": {"own": {"title": 1}}}, "sources.own.title", "string"),
    ],
)  # fmt: skip
def test_a_fault_of_the_file(change: dict[str, Any], field: str, says: str) -> None:
    error = fault(MAKER | change)
    assert error.field == field
    assert says in str(error)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"id": "zacme-server"}, ".id", "must start with acme"),
        ({"fields": []}, ".fields", "at least 1"),
        ({"fields": ["http.server", "http.sever"]}, ".fields[1]", "unknown field http.sever"),
        ({"fields": ["@nothing"]}, ".fields[0]", "unknown field @nothing"),
        ({"weight": "huge"}, ".weight", "'huge' is none of"),
        ({"group": "friends"}, ".group", "'friends' is none of"),
        ({"proves": ["taste"]}, ".proves", "'taste' is none of badge"),
        ({"proves": [], "pattern": "^Acme/[0-9.]+$"}, "", "says nothing: give `proves`, `kinds`"),
        ({"kinds": ["camera"]}, ".kind_weight", "`kinds` and `kind_weight` go together"),
        ({"kind_weight": "weak"}, ".kind_weight", "go together"),
        ({"kinds": ["hat"], "kind_weight": "weak"}, ".kinds", "is none of"),
        ({"kinds": ["camera"], "kind_weight": "hm"}, ".kind_weight", "is none of"),
        ({"capabilities": ["flying"]}, ".capabilities", "'flying' is none of"),
        ({"confidence": "sure"}, ".confidence", "is none of"),
        ({"source": "x"}, ".source", "'x' is not among this file's sources"),
        ({"says": "Short."}, ".says", "at least 10"),
        ({"examples": []}, ".examples", "at least 1"),
        ({"not_examples": []}, ".not_examples", "at least 1"),
        ({"not_examples": ...}, ".not_examples", "required"),
        ({"against": "yes"}, ".against", "boolean"),
        ({"pattern": "(a"}, ".pattern", "does not compile"),
        ({"pattern": "a{99999999999}"}, ".pattern", "does not compile"),
        ({"pattern": "a(?=b)"}, ".pattern", "does not compile"),
        ({"pattern": "(?<!a)b"}, ".pattern", "does not compile"),
        ({"pattern": r"(a)\1"}, ".pattern", "does not compile"),
        ({"pattern": "a++b"}, ".pattern", "does not compile"),
        ({"pattern": "(?>a)b"}, ".pattern", "does not compile"),
        ({"pattern": "(a+)+b"}, ".pattern", "a repetition holds one"),
        ({"pattern": "a*"}, ".pattern", "matches the empty value"),
        ({"pattern": "(?i)^"}, ".pattern", "matches the empty value"),
        ({"pattern": "(?P<colour>red)"}, ".pattern", "unknown groups colour"),
        ({"pattern": "a" * (MAX_PATTERN + 1)}, ".pattern", f"at most {MAX_PATTERN}"),
        ({"patern": "a"}, ".patern", ""),
    ],
)
def test_a_fault_of_a_signature(change: dict[str, Any], field: str, says: str) -> None:
    error = fault(with_signature(**change))
    assert error.field == f"signatures[0]{field}"
    assert says in str(error)


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"examples": [{"text": "Acne/1.2"}]}, ".examples[0]", "does not match 'Acne/1.2'"),
        (
            {"examples": [{"text": "Acme/1.2", "gives": {"version": "1"}}]},
            ".examples[0].gives.version", "gives b'1.2', not '1'",
        ),
        (
            {"examples": [{"text": "Acme/1.2", "gives": {"model": "1"}}]},
            ".examples[0].gives.model", "gives None, not '1'",
        ),
        (
            {"not_examples": ["Acmeist/1.2", "Acme/1.2"]},
            ".not_examples[1]", "acme-server matches its counter-example 'Acme/1.2'",
        ),
    ],
)  # fmt: skip
def test_an_example_that_does_not_hold(change: dict[str, Any], field: str, says: str) -> None:
    file = load(with_signature(**change))
    with pytest.raises(PackError) as error:
        file.check_examples()
    assert error.value.field == f"signatures[0]{field}"
    assert says in str(error.value)


def test_a_fault_is_shown_on_its_own_line() -> None:
    lines = yaml.safe_dump(with_signature(weight="huge"), sort_keys=False).splitlines()
    assert fault(with_signature(weight="huge")).line == lines.index("  weight: huge") + 1


# ------------------------------------------------------------------------ files together


BY_NAME = MAKER | {"signatures": [], "by_name": "anywhere", "sources": {}, "jurisdiction": None}


def test_a_file_that_says_how_gets_signatures_of_its_names() -> None:
    found = load(BY_NAME)
    assert [each.id for each in found.signatures] == ["acme-name", "acme-name-model", "acme-text"]
    for each in found.signatures:
        assert (each.maker, each.proves) == ("acme", (Aspect.BADGE,))
        assert each.source in {source.id for source in found.maker.sources}
    assert [each.weight for each in found.signatures] == ["strong", "strong", "moderate"]


def test_a_file_that_says_nothing_gets_none() -> None:
    assert [each.id for each in load(MAKER).signatures] == ["acme-server"]


def test_a_signature_that_is_written_is_not_derived() -> None:
    own = SIGNATURE | {"id": "acme-name"}
    found = load(BY_NAME | {"signatures": [own], "sources": MAKER["sources"]})
    assert [each.id for each in found.signatures] == ["acme-name", "acme-name-model", "acme-text"]
    assert found.signatures[0].pattern == SIGNATURE["pattern"]


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"by_name": "maybe"}, "by_name", "none of anywhere, with_device, exact, own"),
        ({"names": ["A"]}, "names[0]", "at least 2"),
        ({"names": ["..."]}, "names[0]", "holds no letter or digit"),
        ({"names": [f"Acme{at:04}" for at in range(200)]}, "names", "too many for one pattern"),
    ],
)
def test_a_fault_of_the_names(change: dict[str, Any], field: str, says: str) -> None:
    error = fault(BY_NAME | change)
    assert error.field == field
    assert says in str(error)


def other(name: str, **changes: Any) -> MakerEntry:
    own = SIGNATURE | {"id": f"{name}-server"}
    return load(MAKER | {"id": name, "signatures": [own]} | changes, name)


def together(*files: MakerEntry) -> PackError:
    with pytest.raises(PackError) as error:
        check_together(list(files))
    return error.value


def test_files_that_fit_together() -> None:
    label = other("label", kind="brand", ties=[TIE])
    check_together([load(MAKER), label, other("third", ties=[TIE, TIE | {"to": "label"}])])


def test_a_tie_must_lead_to_a_file() -> None:
    error = together(load(MAKER | {"ties": [TIE | {"to": "nobody"}]}))
    assert (error.field, "no maker is called nobody" in str(error)) == ("ties[0].to", True)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_ties_that_lead_in_a_circle_are_refused(length: int) -> None:
    """Who made it would otherwise be asked for ever."""
    names = [f"m{at}" for at in range(length)]
    files = [
        other(name, ties=[TIE | {"to": names[(at + 1) % length]}]) for at, name in enumerate(names)
    ]
    error = together(*files)
    assert error.field == "ties[0].to"
    assert "back to this maker" in str(error)


def test_who_makes_for_its_owner_is_no_circle() -> None:
    owned = other("label", ties=[TIE | {"tie": "owned_by"}])
    check_together([load(MAKER | {"ties": [TIE | {"to": "label"}]}), owned])


def test_a_signatures_maker_must_have_a_file() -> None:
    error = together(load(with_signature(maker="nobody")))
    assert error.field == "signatures[0].maker"
    assert "no maker is called nobody" in str(error)


def test_a_maker_is_entered_once() -> None:
    error = together(load(MAKER), load(MAKER))
    assert error.field == "id"
    assert "acme stands in makers/acme.yaml too; keep one" in str(error)


def test_a_signature_id_is_taken_once() -> None:
    twice = load(MAKER | {"signatures": [SIGNATURE, copy.deepcopy(SIGNATURE)]})
    error = together(twice)
    assert error.field == "signatures[1].id"
    assert "acme-server is taken by another signature" in str(error)
