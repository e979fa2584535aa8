"""The CSV and JSON Lines exports: what a program may rely on."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from camaudit.reports import registry
from camaudit.reports.csv.build import COLUMNS, cell

from .sample import DEVICES, device, duty, empty, sample

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "reports.md"


def table(snapshot: Any = None) -> list[dict[str, str]]:
    content = b"".join(registry()["csv"].build(snapshot or sample())).decode()
    return list(csv.DictReader(io.StringIO(content, newline="")))


def lines(snapshot: Any = None) -> list[dict[str, Any]]:
    content = b"".join(registry()["jsonl"].build(snapshot or sample())).decode()
    return [json.loads(line) for line in content.split("\n")[:-1]]


def test_csv_has_a_row_for_each_device_and_requirement() -> None:
    rows = table()
    assert [(row["device"], row["requirement"]) for row in rows] == [
        (each.id, line.requirement) for each in DEVICES for line in each.verdicts
    ]
    assert tuple(rows[0]) == COLUMNS


def test_each_row_of_csv_carries_marking_dates_and_pack() -> None:
    for row in table():
        assert row["marking"] == "OFFICIAL-SENSITIVE"
        assert (row["rules_on"], row["facts_on"]) == ("2026-11-22", "2026-11-22")
        assert row["known_at"] == "2026-11-22T09:00:00+00:00"
        assert row["policy_digest"] == "5f" * 32


def test_csv_of_an_empty_estate_still_carries_the_marking() -> None:
    (row,) = table(empty())
    assert row["marking"] == "OFFICIAL-SENSITIVE"
    assert row["device"] == ""


def test_a_device_without_verdicts_is_not_dropped() -> None:
    devices = (device("D-ALONE"),)
    (row,) = table(sample(devices=devices, duties=(), questions=()))
    assert (row["device"], row["requirement"]) == ("D-ALONE", "")


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://192.0.2.1/")',
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\uff1d1",
    ],
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text).startswith("'")
    assert cell((text, "x")).startswith("'")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0.93, "0.93"),
        (-1, "-1"),
        (("a", "b"), "a; b"),
        ("a\nb", "a b"),
        ("3=4", "3=4"),
    ],
)
def test_a_cell(value: object, expected: str) -> None:
    assert cell(value) == expected


def test_the_hostile_device_is_harmless_in_csv() -> None:
    row = next(row for row in table() if row["device"] == "D-H0ST1LE9")
    assert row["brand"] == '\'=HYPERLINK("http://192.0.2.1/")'
    assert row["location"] == "gate\ufffd\ufffd[2Jx"


def test_json_lines_begin_with_the_report_and_name_their_types_in_order() -> None:
    found = lines()
    assert found[0]["type"] == "report"
    assert found[0]["format"] == "camaudit-report/1"
    assert found[0]["devices"] == len(DEVICES)
    types = list(dict.fromkeys(line["type"] for line in found))
    assert types == [
        "report",
        "policy",
        "figure",
        "duty",
        "count",
        "unknown",
        "question",
        "site",
        "weakness_figure",
        "weakness",
        "device",
    ]


def test_every_number_of_json_lines_has_its_denominator() -> None:
    counted = [line for line in lines() if line["type"] in ("figure", "unknown", "duty", "count")]
    assert counted != []
    assert [line for line in counted if not isinstance(line["of"], int)] == []
    assert {line["of"] for line in counted if line["type"] == "duty"} == {len(DEVICES)}
    questions = [line for line in lines() if line["type"] == "question"]
    assert {line["of"] for line in questions} == {5 * len(DEVICES)}


def test_a_device_of_json_lines_is_whole() -> None:
    found = next(line for line in lines() if line.get("id") == "D-K3QW7PLM")
    assert found["people"][0] == {"role": "owner", "who": "Department for Pretend Affairs"}
    assert found["history"][0]["evidence"] == "saw it, photo 12"
    assert found["verdicts"][0]["outcome"] == "breaches (evidenced)"
    assert found["verdicts"][0]["citations"][0]["retrieved"] == "2026-11-20"
    assert found["aspects"][0] == {"aspect": "badge", "maker": "Annke", "confidence": 0.96}


def test_json_lines_keep_the_value_as_it_was_even_where_utf_8_cannot() -> None:
    devices = (device("D-1", location="x\ud800\u2028y"),)
    snapshot = sample(devices=devices, duties=(), questions=())
    assert lines(snapshot)[-1]["location"] == "x\ud800\u2028y"


def test_duties_of_the_sample_add_up() -> None:
    assert duty("a", DEVICES).breaches == 1
    assert duty("b", DEVICES).breaches == 2


# ----------------------------------------------------------------------------- the documentation


def documented(section: str) -> list[str]:
    text = REFERENCE.read_text(encoding="utf-8")
    part = re.split(r"^## ", text, flags=re.MULTILINE)
    (body,) = (each for each in part if each.startswith(section))
    return re.findall(r"^\| `([a-z_.]+)` \|", body, re.MULTILINE)


def test_every_column_of_csv_is_documented_in_order() -> None:
    assert documented("CSV") == list(COLUMNS)


def test_every_field_of_json_lines_is_documented() -> None:
    fields: set[str] = set()
    for line in lines():
        fields |= {f"{line['type']}.{name}" for name in line}
    said = documented("JSON Lines")
    assert sorted(fields - set(said)) == []
    assert sorted(set(said) - fields) == []
    assert len(said) == len(set(said))


def test_every_field_inside_a_device_is_documented() -> None:
    inner: set[str] = set()
    for line in lines():
        for name, value in line.items():
            if isinstance(value, list):
                inner |= {
                    f"{name}.{key}" for each in value if isinstance(each, dict) for key in each
                }
    assert sorted(inner ^ set(documented("Within"))) == []
