"""Observation lines, beyond the example: blocks, pipes, bounds."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pyarrow as pa
import pytest

from camaudit.errors import SourceError
from camaudit.sources.importers.observations import SPEC, read_lines
from camaudit.sources.tables.lines import CHUNK_BYTES, MAX_LINE_BYTES
from tests.importer_examples import problems, read_all, seen

MEBIBYTE = 1 << 20


def line(**members: object) -> bytes:
    return json.dumps(
        {"device": "d", "protocol": "p", "field": "f", "value": "v"} | members
    ).encode()


def test_one_bad_line_costs_only_itself_in_a_block_of_many() -> None:
    lines = [line(device=f"d{number}") for number in range(40_000)]
    lines[20_000] = b"{"
    items = read_all(SPEC, b"\n".join(lines))
    found = {(device, position) for device, _, _, position, _ in seen(items)}
    assert found == {(f"d{n}", f"line {n + 1}") for n in range(40_000) if n != 20_000}
    (problem,) = problems(items)
    assert problem.position == "line 20001"
    assert sum(isinstance(item, pa.RecordBatch) for item in items) >= 2


def test_blank_lines_and_a_mark_do_not_shift_the_numbers() -> None:
    items = read_all(SPEC, b"\xef\xbb\xbf" + line() + b"\r\n\r\n  \n" + line(device="e"))
    assert {(row[0], row[3]) for row in seen(items)} == {("d", "line 1"), ("e", "line 4")}


@pytest.mark.parametrize(
    "data",
    [
        line() + line(),
        line() + line() + b"\n",
        b'{"device": "d",\n"protocol": "p", "field": "f", "value": "v"}',
    ],
)
def test_one_object_is_one_line(data: bytes) -> None:
    items = read_all(SPEC, data)
    assert not seen(items)
    assert all(each.rejected for each in problems(items))
    assert problems(items)


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ({"protocol": ""}, "protocol"),
        ({"field": None}, "field"),
        ({"device": ["d"]}, "device"),
        ({"value": {"a": 1}}, "value"),
        ({"value_b64": "AA=="}, "value"),
        ({"value": None, "value_b64": 7}, "value_b64"),
        ({"seen_at": "2026-13-01T00:00:00Z"}, "seen_at"),
        ({"seen_at": 1_700_000_000}, "seen_at"),
        ({"seen_at": "0001-01-01T00:00:00+14:00"}, ""),
    ],
)
def test_the_member_to_mend_is_named(members: dict[str, object], field: str) -> None:
    items = read_all(SPEC, line() + b"\n" + line(**members))
    assert len(seen(items)) == 1
    assert [(each.position, each.field) for each in problems(items)] == [("line 2", field)]


def test_times_are_utc_and_other_members_are_left_alone() -> None:
    data = b"\n".join(
        [
            line(seen_at="2026-01-02T03:04:05+02:00", maker="x"),
            line(seen_at="2026-01-02T03:04:05"),
            line(),
        ]
    )
    assert {row[3:] for row in seen(read_all(SPEC, data))} == {
        ("line 1", "2026-01-02T01:04:05+00:00"),
        ("line 2", "2026-01-02T03:04:05+00:00"),
        ("line 3", None),
    }


def test_values_of_both_sorts_in_one_block() -> None:
    data = line(value="é") + b"\n" + line(value=None, value_b64="/wA=") + b"\n" + line(value="")
    assert {(row[2], row[3]) for row in seen(read_all(SPEC, data))} == {
        ("é".encode(), "line 1"),
        (b"\xff\x00", "line 2"),
        (b"", "line 3"),
    }


def test_passwords_in_addresses_do_not_come_in() -> None:
    data = line(value="a@b http://u:p@h/") + b"\n" + line(value="a@b://") + b"\n" + line()
    assert [row[2] for row in sorted(seen(read_all(SPEC, data)), key=lambda row: row[3])] == [
        b"a@b http://h/",
        b"a@b://",
        b"v",
    ]


@pytest.mark.parametrize("size", [MAX_LINE_BYTES - 100, MAX_LINE_BYTES + 1, 3 * CHUNK_BYTES])
def test_the_longest_line(size: int) -> None:
    items = read_all(SPEC, line() + b"\n" + line(value="x" * size) + b"\n" + line(device="e"))
    taken = {row[3] for row in seen(items)}
    assert taken == (
        {"line 1", "line 2", "line 3"} if size < MAX_LINE_BYTES else {"line 1", "line 3"}
    )
    assert [each.position for each in problems(items)] == (
        [] if size < MAX_LINE_BYTES else ["line 2"]
    )


def test_utf16_is_sent_back() -> None:
    with pytest.raises(SourceError, match="UTF-16"):
        read_all(SPEC, line().decode().encode("utf-16"))


def test_an_empty_file() -> None:
    with pytest.raises(SourceError, match="no line"):
        read_all(SPEC, b"")
    assert list(read_lines(io.BytesIO(b""))) == []


CHILD = """
import sys
from pathlib import Path
from camaudit.sources.importers.observations import read_lines
from camaudit.model.observation import Problem
for item in read_lines(sys.stdin.buffer):
    print(item.message if isinstance(item, Problem) else item.num_rows)
# ru_maxrss would count what the parent held when it forked; VmHWM begins with the new program
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(each.split()[1]) // 1024 for each in status if each.startswith("VmHWM:")))
"""


def test_an_endless_line_through_a_pipe_is_not_held() -> None:
    size = 400 * MEBIBYTE
    with subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for _ in range(size // MEBIBYTE):
            child.stdin.write(b"x" * MEBIBYTE)
        child.stdin.write(b"\n" + line())
        child.stdin.close()
        message, rows, peak = child.stdout.read().decode().splitlines()
    assert f"{size:,} bytes long" in message
    assert rows == "1"
    assert int(peak) < 256
