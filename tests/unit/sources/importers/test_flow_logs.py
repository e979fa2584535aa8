"""Flow logs beyond the examples: joined files, columns that the operator names, what stays out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from camaudit.errors import SourceError
from camaudit.model.traffic import Traffic
from camaudit.sources.importers import registry
from camaudit.sources.spec import ImporterSpec, Item, ReadOptions
from tests.importer_examples import Example, load_examples, problems, read_all, seen
from tests.traffic_told import told

ZEEK, EVE, NFDUMP, FIREWALL = (
    registry()[name] for name in ("zeek", "suricata-eve", "nfdump-csv", "firewall-csv")
)
HEAD = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"


def lines(items: list[Item], word: str) -> list[list[object]]:
    found = told(item for item in items if isinstance(item, Traffic))
    return [line[word] for line in found if word in line]


def zeek(path: str, fields: str, *rows: str) -> str:
    names = "\t".join(fields.split())
    cells = "".join("\t".join(row.split(" ")) + "\n" for row in rows)
    return f"{HEAD}#path\t{path}\n#fields\t{names}\n{cells}"


# ----------------------------------------------------------------------------------------- Zeek

SSL = "ts id.orig_h id.orig_p id.resp_h id.resp_p server_name"


def test_joined_logs_of_zeek_are_read_each_by_its_head() -> None:
    first = zeek("ssl", SSL, "1793520000.0 192.0.2.1 50000 192.0.2.9 443 a.example")
    second = zeek(
        "http", "host id.resp_h id.orig_h ts", "b.example 192.0.2.9 192.0.2.1 1793520000.0"
    )
    names = lines(read_all(ZEEK, (first + second).encode()), "name")
    assert sorted(str(row[1:4]) for row in names) == [
        "['http_host', 'b.example', '192.0.2.9']", "['sni', 'a.example', '192.0.2.9']",
    ]  # fmt: skip


def test_another_separator_and_escapes() -> None:
    log = zeek("ssl", SSL, "1793520000.0 192.0.2.1 50000 192.0.2.9 443 caf\\xe9.example")
    log = log.replace("\t", "|").replace("\\x09", "\\x7c")
    assert [row[2] for row in lines(read_all(ZEEK, log.encode()), "name")] == ["café.example"]


def test_a_tsv_log_without_its_head_is_refused() -> None:
    with pytest.raises(SourceError, match="'#fields'"):
        read_all(ZEEK, b"#path\tconn\n1793520000.0\tC1\n")


def test_a_log_of_zeek_that_is_not_read_is_refused_with_those_that_are() -> None:
    with pytest.raises(SourceError, match="conn, dhcp, dns, http, known_devices, ssl"):
        read_all(ZEEK, zeek("weird", "ts name", "1793520000.0 x").encode())


@pytest.mark.parametrize(
    ("history", "state", "client", "opened"),
    [
        ("S", "S0", "192.0.2.1", True),
        ("ShR", "RSTR", "192.0.2.1", True),
        ("hR", "RSTRH", "192.0.2.1", True),  # a SYN-ACK proves the SYN that was missed
        ("s", "OTH", "192.0.2.9", True),
        ("", "SF", "192.0.2.1", True),
        ("", "OTH", "192.0.2.9", False),
        ("^dA", "OTH", "192.0.2.9", False),
    ],
)
def test_who_opened_by_the_history_of_zeek(
    history: str,
    state: str,
    client: str,
    opened: bool,  # noqa: FBT001
) -> None:
    record = {
        "ts": 1793520000.0, "id.orig_h": "192.0.2.1", "id.orig_p": 22, "id.resp_h": "192.0.2.9",
        "id.resp_p": 60000, "proto": "tcp", "conn_state": state, "orig_pkts": 1,
    } | ({"history": history} if history else {})  # fmt: skip
    items = read_all(ZEEK, json.dumps(record).encode())
    (line,) = (each for each in told(i for i in items if isinstance(i, Traffic)))
    assert (line["conversation"][0], line["opened"]) == (client, opened)


def test_bytes_of_the_payload_stand_in_and_are_told() -> None:
    record = {
        "ts": 1793520000.0, "id.orig_h": "192.0.2.1", "id.orig_p": 50000, "id.resp_h": "192.0.2.9",
        "id.resp_p": 80, "proto": "tcp", "conn_state": "SF", "orig_bytes": 70, "resp_bytes": 90,
    }  # fmt: skip
    items = read_all(ZEEK, json.dumps(record).encode())
    assert lines(items, "counts") == [[0, 0, 70, 90]]
    assert lines(items, "damage") == [["connections with bytes of the payload only", 1, "line 1"]]


# -------------------------------------------------------------------------------------- secrets


@pytest.mark.parametrize("case", ["zeek-json", "suricata-eve-names", "firewall-csv-palo-alto"])
def test_paths_queries_and_users_stay_out(case: str) -> None:
    (example,) = [each for each in load_examples() if each.case == case]
    items = read_all(example.importer, example.data)
    shown = repr([told(i for i in items if isinstance(i, Traffic)), seen(items), problems(items)])
    for secret in ("secret", "token", "abc", "user=", "admin", "/fw", "bob", "CN=", "fw/1"):
        assert secret not in shown


# ------------------------------------------------------------------------------------- firewall


def read_firewall(text: str, **mapping: str) -> list[Item]:
    return read_all(FIREWALL, text.encode(), ReadOptions(mapping=mapping))


def test_columns_may_be_named_by_the_operator() -> None:
    text = "wer;wohin;wann;was;wo\n192.0.2.1;192.0.2.9;2026-11-01T08:00:00Z;tcp;443\n"
    with pytest.raises(SourceError, match="firewall log"):
        read_firewall(text)
    named = {
        "wer": "source",
        "wohin": "destination",
        "wann": "time",
        "was": "protocol",
        "wo": "port",
    }
    items = read_firewall(text, **named)
    assert lines(items, "conversation") == [["192.0.2.1", "192.0.2.9", 6, 443]]


def test_without_a_time_nothing_is_read() -> None:
    with pytest.raises(SourceError, match="--map 'HEADER=time'"):
        read_firewall("source,destination,protocol,port\n192.0.2.1,192.0.2.9,tcp,443\n")


HEADER = "Source IP,Destination IP,Destination Port,Protocol,Time\n"


@pytest.mark.parametrize(
    ("times", "read"),
    [
        (["13/11/2026 08:00:00", "01/11/2026 08:00:00"], "2026-11-01T08:00:00Z"),
        (["11/13/2026 08:00:00 AM", "11/01/2026 8:00:00 AM"], "2026-11-01T08:00:00Z"),
        (["1 Nov 2026 08:00:00"] * 2, "2026-11-01T08:00:00Z"),
        (["Nov 01 2026 08:00:00"] * 2, "2026-11-01T08:00:00Z"),
        (["2026/11/01 08:00:00"] * 2, "2026-11-01T08:00:00Z"),
    ],
)
def test_times_as_makers_write_them(times: list[str], read: str) -> None:
    rows = "".join(f"192.0.2.{n},192.0.2.9,443,tcp,{text}\n" for n, text in enumerate(times, 1))
    assert [read, read] in lines(read_firewall(HEADER + rows), "at")


def test_a_day_that_could_be_a_month_is_not_guessed() -> None:
    items = read_firewall(HEADER + "192.0.2.1,192.0.2.9,443,tcp,01/11/2026 08:00:00\n")
    assert any("which number is the day" in problem.message for problem in problems(items))
    assert lines(items, "conversation") == []


def test_a_row_without_a_port_is_taken_and_told() -> None:
    items = read_firewall(HEADER + "192.0.2.1,192.0.2.9,,tcp,2026-11-01T08:00:00Z\n")
    assert lines(items, "conversation") == [["192.0.2.1", "192.0.2.9", 6, 0]]
    assert any("no port of the destination" in problem.message for problem in problems(items))


# --------------------------------------------------------------------------------------- nfdump


def test_both_directions_in_a_row_of_nfdump() -> None:
    header = "ts,te,td,sa,da,sp,dp,pr,flg,ipkt,ibyt,opkt,obyt\n"
    row = "2026-11-01 08:00:00,2026-11-01 08:00:02,2.0,192.0.2.1,192.0.2.9,50000,443,TCP,,"
    row += "3,300,2,900\n"
    items = read_all(NFDUMP, (header + row).encode())
    assert lines(items, "counts") == [[3, 2, 300, 900]]


def test_joined_files_of_nfdump_have_their_header_again() -> None:
    (example,) = [each for each in load_examples() if each.case == "nfdump-csv-new"]
    twice = lines(read_all(NFDUMP, example.data * 2), "counts")
    assert [4, 4, 304, 304] in twice
    assert len(problems(read_all(NFDUMP, example.data * 2))) == 3  # two bad rows, and the zone


# --------------------------------------------------------------------------- what is told of faults

SECRET = "annas-own-word.example.org"
TEXT = [
    example
    for example in load_examples()
    if example.importer in (ZEEK, EVE, NFDUMP, FIREWALL) and example.name.rpartition(".")[2] != "gz"
]


def _spoilt(data: bytes) -> Iterator[bytes]:
    """Yield a log with each value in turn made somebody's word, cut off, or doubled."""
    rows = data.decode().splitlines()
    for at, row in enumerate(rows):
        if row.startswith("#") or (at == 0 and not row.startswith(("{", "<"))):
            continue  # heads are nobody's words
        for found in re.finditer(r'[^,\t"{}:\[\] ]+', row):
            for word in (SECRET, f"{found[0]},{SECRET}", f'{SECRET}"'):
                spoilt = row[: found.start()] + word + row[found.end() :]
                yield "\n".join([*rows[:at], spoilt, *rows[at + 1 :]]).encode()


@pytest.mark.parametrize("example", TEXT, ids=lambda example: example.case)
def test_what_is_told_of_a_fault_quotes_nobody(example: Example) -> None:
    """A line that cannot be taken may be anybody's: where it stands is told, not what it says."""
    said = [text for data in _spoilt(example.data) for text in _faults(example.importer, data)]
    assert said
    assert [text for text in said if SECRET in text] == []


def _faults(importer: ImporterSpec, data: bytes) -> list[str]:
    try:
        items = read_all(importer, data)
    except SourceError as error:
        return [str(error)]
    return [f"{each.position} {each.field} {each.message}" for each in problems(items)]
