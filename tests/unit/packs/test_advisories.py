"""camaudit.packs.advisories: what a file of records must be, and what ships."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import yaml

from camaudit.errors import PackError
from camaudit.model.advisories import Answer, Known
from camaudit.model.words import Confidence
from camaudit.packs.advisories import AdvisoryFile, advisory_files, load_advisories, says_versions
from camaudit.packs.shipped import PackFiles, find_pack_files
from camaudit.packs.strict import parse
from tests.small_packs import files

RECORD: dict[str, Any] = {
    "ids": ["CVE-2020-0001"],
    "title": "The camera runs commands of others.",
    "confidence": "verified",
    "source": "cve",
    "affected": [
        {"models": "(?i)^AC-", "versions": [{"before": "1.2"}], "otherwise": "not_affected"}
    ],
    "examples": [{"model": "AC-1", "version": "1.1", "gives": "affected"}],
    "not_examples": [{"model": "AC-1", "version": "1.2"}],
}
FILE: dict[str, Any] = {
    "maker": "acme",
    "advisories": [RECORD],
    "sources": {"cve": {"title": "The CVE record", "read_on": date(2026, 11, 1)}},
}
CATALOGUE: dict[str, Any] = {
    "catalogue_on": date(2025, 8, 25),
    "source": {"title": "A catalogue"},
    "listed": {"CVE-2020-0001": date(2021, 1, 2)},
}

#: Makers of whom records speak before a maker file does; it may only shrink.
AWAITED = frozenset(
    {
        "digiever",
        "goahead",
        "ptzoptics",
        "throughtek",
        "valuehd",
    }
)


def record(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in (RECORD | changes).items() if value is not ...}


def content(data: dict[str, Any]) -> bytes:
    # through JSON, so that what stands in two places is not written as an alias
    plain = json.loads(json.dumps(data, default=lambda day: f"day {day}"))
    text = yaml.safe_dump(plain, sort_keys=False, width=1000)
    return text.replace("day ", "").encode()


def read(*records: dict[str, Any], **changes: Any) -> AdvisoryFile:
    data = FILE | {"advisories": list(records)} | changes
    return AdvisoryFile(parse(content(data), "advisories/acme.yaml"))


def packs(*documents: dict[str, Any]) -> PackFiles:
    contents = {f"advisories/{at}.yaml": content(each) for at, each in enumerate(documents)}
    return PackFiles(contents=contents, places={name: name for name in contents})


def test_a_good_file_is_read() -> None:
    (found,) = read(RECORD).advisories
    assert (found.ids, found.maker, found.confidence) == (
        ("CVE-2020-0001",),
        "acme",
        Confidence.VERIFIED,
    )
    (scope,) = found.scopes
    assert scope.ranges[0].before_version == "1.2"
    assert scope.otherwise is Answer.NOT_AFFECTED
    assert found.source.read_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ids": ["CVE-20-1"]}, "ids"),
        ({"ids": []}, "ids"),
        ({"source": "hearsay"}, "source"),
        ({"confidence": "sure"}, "confidence"),
        ({"examples": ...}, "examples"),
        ({"not_examples": ...}, "not_examples"),
        ({"affected": []}, "affected"),
        ({"affected": [{"models": "(?i)^AC-"}]}, "otherwise"),
        ({"affected": [{"models": "(a+)+$", "otherwise": "affected"}]}, "models"),
        ({"affected": [{"models": "(", "otherwise": "affected"}]}, "models"),
        ({"affected": [{"kinds": ["toaster"], "otherwise": "affected"}]}, "kinds"),
        ({"affected": [{"versions": [{}], "otherwise": "affected"}]}, "versions"),
        (
            {"affected": [{"versions": [{"to": "1", "before": "2"}], "otherwise": "affected"}]},
            "versions",
        ),
        ({"known_exploited": True}, "known_exploited"),
    ],
)
def test_a_fault_is_told_with_file_line_and_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(PackError) as error:
        read(record(**changes))
    assert error.value.file == "advisories/acme.yaml"
    assert error.value.line > 1
    assert field in error.value.field


def test_an_id_stands_once_in_a_file() -> None:
    with pytest.raises(PackError, match="stands twice"):
        read(RECORD, record(title="Another title of it."))


def test_an_imported_file_needs_no_examples() -> None:
    (found,) = read(record(examples=..., not_examples=...), imported_on=date(2026, 1, 1)).advisories
    assert found.imported


def test_a_failing_example_is_told_where_it_stands() -> None:
    file = read(RECORD)
    assert file.check_examples(lambda _, unit: _by_hand(unit.version)) == 2
    with pytest.raises(PackError, match="gives nothing, not affected") as error:
        file.check_examples(lambda _advisory, _unit: None)
    assert error.value.field == "advisories[0].examples[0].gives"
    with pytest.raises(PackError, match="for its counter-example"):
        file.check_examples(lambda _advisory, _unit: Answer.AFFECTED)


def _by_hand(version: str | None) -> Answer:
    return Answer.AFFECTED if version == "1.1" else Answer.NOT_AFFECTED


@pytest.mark.parametrize(
    ("changes", "known", "added"),
    [
        ({}, Known.YES, date(2021, 1, 2)),
        ({"listed": {}, "not_listed": ["CVE-2020-0001"]}, Known.NO, None),
        ({"listed": {}, "whole": True}, Known.NO, None),
        ({"listed": {}}, Known.UNKNOWN, None),
        ({"listed": {}, "whole": True, "doubted": {"CVE-2020-0001": "said"}}, Known.UNKNOWN, None),
    ],
)
def test_the_catalogue_says_what_is_exploited(
    changes: dict[str, Any], known: Known, added: date | None
) -> None:
    (found,) = load_advisories(packs(FILE, CATALOGUE | changes)).advisories
    assert (found.exploited.known, found.exploited.added) == (known, added)
    assert found.exploited.catalogue_on == date(2025, 8, 25)


def test_of_what_a_newer_extract_does_not_list_the_older_catalogue_speaks() -> None:
    newer = CATALOGUE | {"catalogue_on": date(2026, 1, 1), "listed": {}}
    (found,) = load_advisories(packs(FILE, CATALOGUE, newer)).advisories
    assert found.exploited.known is Known.YES
    assert found.exploited.catalogue_on == date(2025, 8, 25)


def test_a_record_is_exploited_if_any_of_its_ids_is_and_else_as_unsure_as_the_least_sure() -> None:
    two = FILE | {"advisories": [record(ids=["CVE-2020-0001", "CVE-2020-0002"])]}

    def known(**changes: Any) -> Known:
        (found,) = load_advisories(packs(two, CATALOGUE | changes)).advisories
        return found.exploited.known

    assert known() is Known.YES
    assert known(listed={}, not_listed=["CVE-2020-0001"]) is Known.UNKNOWN
    assert known(listed={}, not_listed=["CVE-2020-0001", "CVE-2020-0002"]) is Known.NO


def test_the_newest_catalogue_counts_and_none_says_nothing() -> None:
    newer = CATALOGUE | {"catalogue_on": date(2026, 1, 1), "listed": {}, "whole": True}
    for order in ((newer, CATALOGUE), (CATALOGUE, newer)):
        found = load_advisories(packs(FILE, *order))
        assert found.catalogue_on == date(2026, 1, 1)
        assert found.advisories[0].exploited.known is Known.NO
    assert load_advisories(packs(FILE)).advisories[0].exploited.known is Known.UNKNOWN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"listed": {"CVE-2020-0001": date(2025, 8, 26)}}, "listed"),
        ({"not_listed": ["CVE-2020-0001"]}, "not_listed"),
    ],
)
def test_a_catalogue_does_not_contradict_itself(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(PackError) as error:
        load_advisories(packs(FILE, CATALOGUE | changes))
    assert error.value.field.startswith(field)


def test_an_imported_record_takes_the_place_of_one_without_versions_only() -> None:
    silent = record(ids=["CVE-2020-0001", "CVE-2020-0002"], affected=[{"otherwise": "cannot_tell"}])
    imported = FILE | {
        "advisories": [record(examples=..., not_examples=..., title="As the record has it.")],
        "imported_on": date(2026, 1, 1),
    }
    for order in (
        (FILE | {"advisories": [silent]}, imported),
        (imported, FILE | {"advisories": [silent]}),
    ):
        found = load_advisories(packs(*order)).advisories
        assert {each.ids: each.imported for each in found} == {
            ("CVE-2020-0001",): True,
            ("CVE-2020-0002",): False,
        }
    (kept,) = load_advisories(packs(FILE, imported)).advisories
    assert not kept.imported


def test_every_shipped_record_has_a_hand_written_device_for_each_answer_that_it_can_give() -> None:
    for file in advisory_files(files()):
        for raw in file._raw.advisories:
            given = {each.gives for each in raw.examples}
            wanted = {Answer.CANNOT_TELL}
            if raw.confidence is not Confidence.UNVERIFIED:
                for scope in raw.affected:
                    wanted |= {each.answer for each in scope.versions}
                    wanted |= {scope.otherwise} if scope.versions else set()
                    wanted |= {scope.otherwise} & {Answer.AFFECTED}
            assert wanted <= given, raw.ids[0]


def test_shipped_records_are_those_of_the_reference_and_speak_of_known_makers() -> None:
    found = load_advisories(find_pack_files())
    assert found.catalogue_on == date(2025, 8, 25)
    makers = {
        name.removeprefix("makers/").removesuffix(".yaml") for name in files().below("makers")
    }
    named = {maker for each in found.advisories for maker in (each.maker, *each.rebrands)}
    assert named - makers <= AWAITED
    by_id = {name: each for each in found.advisories for name in each.ids}
    assert by_id["CVE-2021-36260"].exploited.added == date(2022, 1, 10)
    assert by_id["CVE-2021-33044"].exploited.added == date(2024, 8, 21)
    assert by_id["CVE-2017-7921"].exploited.known is Known.UNKNOWN
    assert by_id["CVE-2025-31700"].exploited.known is Known.NO
    assert "CVE-2021-39236" not in by_id
    assert not says_versions(by_id["CVE-2024-3850"])
