"""The same estate on three days, and three dates that differ: rule, fact and knowledge."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from camaudit.app.assess import Assessment, Question, assess
from camaudit.app.packset import load_packs
from camaudit.model.policy import Verdict
from camaudit.model.words import Strength
from camaudit.store import open_estate
from tests.cases import reading
from tests.cases.command import Camaudit

HERE = Path(__file__).parent / "dates"
CLAUSES = ("a", "b", "c", "d")
TODAY = date(2026, 11, 22)
#: No row binds; a must-not is breached; likewise.
EXIT_CODES = {date(2022, 11, 23): 0, date(2022, 11, 25): 3, date(2023, 8, 1): 3}

Table = dict[str, dict[str, str]]


def read_tables() -> dict[date, Table]:
    """Return the hand-written tables, by day."""
    tables: dict[date, Table] = {}
    day = date.min
    for line in (HERE / "table.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            day = date.fromisoformat(line.removeprefix("== "))
            tables[day] = {}
        elif line and not line.startswith("#"):
            device, *words = (cell.strip() for cell in line.split("|"))
            assert device not in tables[day], f"{day}: {device} stands twice"
            tables[day][device] = dict(zip(CLAUSES, words, strict=True)) | {"e": "not_applicable"}
    return tables


TABLES = read_tables()


@pytest.fixture
def estate(camaudit: Camaudit) -> Camaudit:
    """Return an estate with the files imported and the judgements recorded, by the command line."""
    camaudit("init", on=TODAY)
    for name in ("bodies.csv", "sites.csv", "register.csv", "signals.jsonl"):
        camaudit("import", HERE / name, "--strict", on=TODAY)
    for device, state, day in (
        ("removed", "removed", "2023-05-01"),
        ("unplugged", "disconnected", "2023-07-25"),
    ):
        camaudit(
            "devices", "state", device, state, "--on", day,
            "--evidence", "work order", "--who", "contractor", on=TODAY,
        )  # fmt: skip
    camaudit(
        "decide", "c", "--device", "decided", "--outcome", "replace", "--reason", "in the refresh",
        "--on", "2023-03-01", "--who", "security officer", on=TODAY,
    )  # fmt: skip
    return camaudit


def question(rules: date, facts: date | None = None, known: date = TODAY) -> Question:
    """Return a question at dates; knowledge runs to the end of its day."""
    return Question(
        policy="uk-2022-statement",
        rules_on=rules,
        facts_on=facts or rules,
        known_at=datetime.combine(known, time.max, UTC),
    )


def table_of(found: Assessment) -> Table:
    """Return what was found, as the hand-written table has it."""
    return {
        device.asset_ids[0]: reading.verdicts(found, device.id) for device in found.survey.devices
    }


def test_the_tables_are_whole() -> None:
    assert list(TABLES) == list(EXIT_CODES)
    names = [list(table) for table in TABLES.values()]
    assert len(names[0]) == 21
    assert names[1:] == [names[0], names[0]]


@pytest.mark.parametrize("day", TABLES, ids=str)
def test_device_by_clause(day: date, estate: Camaudit) -> None:
    found = table_of(assess(open_estate(estate.estate), load_packs(), question(day)))
    assert found.keys() == TABLES[day].keys()
    wrong = {name: row for name, row in found.items() if row != TABLES[day][name]}
    assert wrong == {}, f"the table says { ({name: TABLES[day][name] for name in wrong}) }"


@pytest.mark.parametrize("day", TABLES, ids=str)
def test_the_command_says_the_same(day: date, estate: Camaudit) -> None:
    ran = estate("assess", "--as-of", str(day), "--json", on=TODAY, code=EXIT_CODES[day])
    lines = [json.loads(line) for line in ran.out.splitlines()]
    devices = [line for line in lines if line["type"] == "device"]
    found = {
        line["asset_ids"][0]: {each["clause"]: each["verdict"] for each in line["verdicts"]}
        for line in devices
    }
    table = TABLES[day]
    told = {
        name: {clause: reading.word(line) for clause, line in row.items()}
        for name, row in table.items()
    }
    assert found == told


@pytest.mark.parametrize(
    ("day", "described"),
    [(date(2022, 11, 25), None), (date(2023, 7, 20), None), (date(2023, 8, 1), Strength.MUST)],
    ids=str,
)
def test_clause_b_is_advice_throughout_and_later_also_described_as_a_must(
    day: date, described: Strength | None, estate: Camaudit
) -> None:
    verdict = _verdict(assess(open_estate(estate.estate), load_packs(), question(day)), "old", "b")
    assert verdict.strength is Strength.SHOULD
    assert [each.strength for each in verdict.described_as] == ([described] if described else [])


def _verdict(found: Assessment, asset: str, clause: str) -> Verdict:
    at = next(i for i, each in enumerate(found.survey.devices) if asset in each.asset_ids)
    return next(each for each in found.verdicts_of(at) if each.clause == clause)


#: A register of today says "Removed" and "Disconnected" and not since when: today that holds, of
#: any earlier day it leaves open whether the devices were in service, and how connected.
STATUSES = [
    ("gone", "2026-11-22", "not_applicable", "not_applicable"),
    ("gone", "2022-11-25", "cannot_tell device.state", "cannot_tell device.state"),
    ("unplugged", "2026-11-22", "meets/declared", "cannot_tell decision.c"),
    # Which facts are named as missing is left to the program; that it is open is not.
    ("unplugged", "2022-11-25", "cannot_tell", "cannot_tell"),
]


@pytest.mark.parametrize(("device", "day", "clause_b", "clause_c"), STATUSES)
def test_a_status_without_a_date_says_nothing_of_earlier_days(
    device: str, day: str, clause_b: str, clause_c: str, camaudit: Camaudit
) -> None:
    camaudit("init", on=TODAY)
    for name in ("bodies.csv", "sites.csv", "status.csv"):
        camaudit("import", HERE / name, "--strict", on=TODAY)
    asked = question(date.fromisoformat(day))
    row = table_of(assess(open_estate(camaudit.estate), load_packs(), asked))[device]
    for clause, told in (("b", clause_b), ("c", clause_c)):
        found = row[clause] if " " in told or "/" in told else reading.word(row[clause])
        assert found == told, clause


# --- rule date, fact date and date of knowledge


@pytest.fixture
def learnt(camaudit: Camaudit) -> Camaudit:
    """Return an estate of one Annke camera, put up on 2022-12-01, of which more becomes known.

    2022-12-10: it is in the register; nobody has classified the site.
    2023-05-10: the site is classified as sensitive.
    2023-06-10: its replies show Hikvision firmware and hardware.
    2024-02-10: it turns out to have been removed on 2023-12-01.
    """
    later = HERE / "later"
    first = date(2022, 12, 10)
    camaudit("init", on=first)
    for name in ("bodies.csv", "sites-first.csv", "register.csv"):
        camaudit("import", later / name, "--strict", on=first)
    camaudit("import", later / "sites-classified.csv", "--strict", on=date(2023, 5, 10))
    camaudit("import", later / "signals.jsonl", "--strict", on=date(2023, 6, 10))
    camaudit(
        "devices", "state", "gate", "removed", "--on", "2023-12-01",
        "--evidence", "work order", "--who", "contractor", on=date(2024, 2, 10),
    )  # fmt: skip
    return camaudit


#: Rule date, fact date, date of knowledge; verdict under clause a; under clause c.
LEARNT = [
    # What was known at the end of 2022 leaves both the maker and the site open.
    ("2023-08-01", "2023-08-01", "2022-12-31",
     "cannot_tell device.producer site.sensitivity",
     "cannot_tell device.producer site.sensitivity"),
    ("2023-08-01", "2023-08-01", "2023-05-31",
     "cannot_tell device.producer", "cannot_tell device.producer"),
    ("2023-08-01", "2023-08-01", "2023-06-30", "breaches/evidenced", "cannot_tell decision.c"),
    # The same facts and knowledge under the rules of the day before the statement.
    ("2022-11-23", "2023-08-01", "2023-06-30", "not_applicable", "not_applicable"),
    # In 2024 one can still ask about August 2023: it was there.
    ("2024-06-01", "2023-08-01", "2024-06-01", "breaches/evidenced", "cannot_tell decision.c"),
    # And about New Year: before the removal was known, and after.
    ("2024-06-01", "2024-01-01", "2024-01-31", "breaches/evidenced", "cannot_tell decision.c"),
    ("2024-06-01", "2024-01-01", "2024-02-29", "not_applicable", "not_applicable"),
    # On the day before it was put up it was not there, whatever is known later.
    ("2023-08-01", "2022-11-30", "2024-06-01", "not_applicable", "not_applicable"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "facts", "known", "clause_a", "clause_c"), LEARNT)
def test_three_dates(
    rules: str, facts: str, known: str, clause_a: str, clause_c: str, learnt: Camaudit
) -> None:
    asked = question(*(date.fromisoformat(each) for each in (rules, facts, known)))
    found = table_of(assess(open_estate(learnt.estate), load_packs(), asked))
    assert {clause: found["gate"][clause] for clause in "ac"} == {"a": clause_a, "c": clause_c}


@pytest.mark.parametrize(("rules", "facts", "known", "clause_a", "clause_c"), LEARNT)
def test_three_dates_by_the_command(
    rules: str, facts: str, known: str, clause_a: str, clause_c: str, learnt: Camaudit
) -> None:
    words = [reading.word(clause_a), reading.word(clause_c)]
    code = 3 if "breaches" in words else (4 if "cannot_tell" in words else 0)
    ran = learnt(
        "assess", "--as-of", rules, "--facts-as-of", facts, "--known-at", known, "--json",
        on=TODAY, code=code,
    )  # fmt: skip
    (device,) = [line for line in map(json.loads, ran.out.splitlines()) if line["type"] == "device"]
    verdicts = {each["clause"]: each["verdict"] for each in device["verdicts"]}
    assert [verdicts["a"], verdicts["c"]] == words


def test_before_anything_was_known_there_is_nothing(learnt: Camaudit) -> None:
    ran = learnt("assess", "--as-of", "2023-08-01", "--known-at", "2022-12-09", "--json", on=TODAY)
    assert [line for line in ran.out.splitlines() if '"type":"device"' in line] == []
