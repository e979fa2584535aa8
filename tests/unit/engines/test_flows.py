"""Large flow logs: DuckDB gives what the pure function gives, names what it cannot take."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from camaudit.engines.flows import Limits, Told, summarise_flows, write_summary
from camaudit.errors import CamauditError, SourceError
from camaudit.model.conversations import summarise
from camaudit.model.traffic_schemas import CONVERSATIONS
from tests.flow_rows import MICROS, at, conversations, flow, flows, short, whole

OLD = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt"
SMALL = Limits(memory_mib=256, threads=1)


def summary(*paths: Path, by_hour: bool = True) -> tuple[pa.Table, Told]:
    told = Told()
    batches = list(summarise_flows(paths, told, SMALL, by_hour=by_hour))
    for batch in batches:
        assert batch.schema.equals(CONVERSATIONS)
        batch.validate(full=True)
    return pa.Table.from_batches(batches, CONVERSATIONS), told


def parquet(path: Path, batch: pa.RecordBatch | pa.Table) -> Path:
    table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
    pq.write_table(table, path)
    return path


def csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def row(ends: str, proto: str, counts: str, seconds: tuple[int, int] = (1, 5)) -> str:
    """Return a row of nfdump; ``ends``: source, target, ports; ``counts``: in, out."""
    start, end = (f"2026-11-01 08:00:{each:02}" for each in seconds)
    return f"{start},{end},{seconds[1] - seconds[0]}.000,{ends},{proto},...AP.SF,0,0,{counts}"


def many() -> pa.RecordBatch:
    """Flows of all sorts: both ways, equal ports, groups, other protocols, over hours."""
    ends = ["192.0.2.1", "192.0.2.9", "239.1.2.3", "ff02::fb", "2001:db8::1", "255.255.255.255"]
    ends += ["23.64.0.1", "240.0.0.1"]
    rows = []
    for number in range(2000):
        bits = number * 2_654_435_761 % (1 << 32)
        source, target = ends[bits % 8], ends[bits // 8 % 8]
        ports = [(443, 50000), (50000, 443), (123, 123), (0, 2048)][bits // 64 % 4]
        proto = [6, 17, 1, 58, 132, 47][bits // 256 % 6]
        rows.append(
            flow(
                f"{source}:{ports[0]}", f"{target}:{ports[1]}", bits % 10_000, proto=proto,
                packets=bits % 97, bytes=bits % 100_003,
            )
        )  # fmt: skip
    return flows(*rows)


def test_it_gives_what_the_pure_function_gives(tmp_path: Path) -> None:
    batch = many()
    found, told = summary(parquet(tmp_path / "a.parquet", batch))
    assert whole(found) == whole(summarise(batch))
    assert (told.rows, told.rejected, told.problems) == (2000, 0, [])


def test_files_are_taken_together_and_summaries_again(tmp_path: Path) -> None:
    batch = many()
    halves = [parquet(tmp_path / f"{n}.parquet", batch.slice(n * 1000, 1000)) for n in range(2)]
    summaries = [tmp_path / f"summary{n}.parquet" for n in range(2)]
    for half, target in zip(halves, summaries, strict=True):
        write_summary([half], target, SMALL)
    assert whole(summary(*halves)[0]) == whole(summary(*summaries)[0]) == whole(summarise(batch))


def test_conversations_keep_what_flows_do_not_have(tmp_path: Path) -> None:
    rows = [
        {"client": "a", "server": "b", "client_mac": b"\0\0\x5e\0\x53\1", "vlan": 7, "opened": o}
        for o in (True, False)
    ]
    batch = conversations(*rows, {"client": "a", "server": "b"})
    found, _ = summary(parquet(tmp_path / "a.parquet", batch))
    assert whole(found) == whole(summarise(batch))


def test_hours_may_be_left_out(tmp_path: Path) -> None:
    rows = [flow("192.0.2.9:50000", "192.0.2.1:80", seconds) for seconds in (0, 3600, 7200)]
    path = parquet(tmp_path / "a.parquet", flows(*rows))
    assert summary(path)[0].num_rows == 3
    (one,) = summary(path, by_hour=False)[0].to_pylist()
    assert (one["packets_out"], one["first"], one["last"]) == (3, at(0), at(7200))


def test_it_keeps_to_its_memory_by_going_to_the_disk(tmp_path: Path) -> None:
    numbers = pa.array(range(400_000))
    texts = pa.compute.binary_join_element_wise("2001:db8::", numbers.cast(pa.string()), "")
    one = flows(flow("192.0.2.9:50000", "192.0.2.1:80"))
    batch = pa.table({name: pa.repeat(one[name][0], 400_000) for name in one.schema.names})
    batch = batch.set_column(0, "src", texts)
    path = parquet(tmp_path / "a.parquet", batch)
    told = Told()
    tight = Limits(memory_mib=64, threads=1, folder=tmp_path)
    found = sum(batch.num_rows for batch in summarise_flows([path], told, tight))
    assert found == told.rows == 400_000
    with pytest.raises(SourceError, match="allow more memory or disk"):
        list(summarise_flows([path], Told(), Limits(memory_mib=32, threads=1, spill_mib=1)))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "damage",
    [{"src": None}, {"dst": None}, {"proto": None}, {"packets": -1}, {"bytes": None},
     {"start": None}, {"end": at(-1)}],
)  # fmt: skip
def test_rows_that_tell_nothing_are_counted(tmp_path: Path, damage: dict[str, Any]) -> None:
    rows = [flow("192.0.2.9:50000", "192.0.2.1:80"), flow("192.0.2.9:1", "192.0.2.1:2") | damage]
    loose = pa.schema([field.with_nullable(True) for field in flows().schema])
    found, told = summary(parquet(tmp_path / "a.parquet", pa.Table.from_pylist(rows, loose)))
    assert short(found) == {("192.0.2.9", "192.0.2.1", 6, 80, 1, 0, 100, 0)}
    assert (told.rows, told.rejected) == (1, 1)
    assert "1 rows lack an address" in told.problems[0].message


def test_csv_of_nfdump(tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv",
        OLD,
        row("192.0.2.9,192.0.2.1,50000,443", "TCP", "3,300,0,0"),
        row("192.0.2.1,192.0.2.9,443,50000", "TCP", "2,900,0,0"),
        row("192.0.2.9,192.0.2.1,0,8.0", "ICMP", "1,84,0,0", (2, 3)),
        row("192.0.2.9,192.0.2.1,0,x", "UDP", "1,84,0,0", (2, 3)),
        row("192.0.2.9,192.0.2.1,1,2", "Nonsense", "1,84,0,0", (2, 3)),
        "2026-11-01 08:00",
        "Summary",
        "flows,bytes,packets,avg_bps,avg_pps,avg_bpp",
        "5,1,1,1,1,1",
    )  # fmt: skip
    found, told = summary(path)
    assert short(found) == {
        ("192.0.2.9", "192.0.2.1", 6, 443, 3, 2, 300, 900),
        ("192.0.2.1", "192.0.2.9", 1, 0, 0, 1, 0, 84),
    }
    assert (told.rows, told.rejected) == (3, 3)
    assert {(problem.position, problem.field) for problem in told.problems} == {
        ("", "protocol"), ("line 5", "dp"), ("line 7", "te"),
    }  # fmt: skip
    assert {each["first"] for each in found.to_pylist()} == {at(1), at(2)}


def test_what_is_told_of_a_row_quotes_nobody(tmp_path: Path) -> None:
    secret = "annas-own-word.example.org"
    good = row("192.0.2.9,192.0.2.1,50000,443", "TCP", "3,300,0,0")
    cells = good.split(",")
    said = []
    for place in range(len(cells)):
        for word in (secret, f'"{secret}', f'""{secret}" to x'):
            path = csv(
                tmp_path / "a.csv", OLD, ",".join([*cells[:place], word, *cells[place + 1 :]]), good
            )
            said += [each.message for each in summary(path)[1].problems]
    assert said
    assert [each for each in said if secret in each] == []


def test_later_forms_of_nfdump(tmp_path: Path) -> None:
    line = csv(
        tmp_path / "line.csv",
        "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows",
        "2026-11-01 08:00:01.250,1.500,UDP,192.0.2.9,50000,192.0.2.1,53,1,60,1",
    )
    fast = csv(
        tmp_path / "fast.csv",
        "cnt,af,firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,flags,packets,bytes",
        f"1,2,{MICROS // 1000 + 1250},{MICROS // 1000 + 2750},"
        "17,192.0.2.9,50000,192.0.2.1,53,0,1,60",
    )
    for path in (line, fast):
        (one,) = summary(path)[0].to_pylist()
        assert (one["first"], one["last"]) == (at(1.25), at(2.75))
        assert (one["client"], one["protocol"], one["port"]) == ("192.0.2.9", 17, 53)


def test_both_directions_in_a_row(tmp_path: Path) -> None:
    path = csv(
        tmp_path / "a.csv", OLD,
        row("192.0.2.9,192.0.2.1,50000,443", "TCP", "3,300,2,900"),
        row("192.0.2.1,192.0.2.9,443,50000", "TCP", "20,30,40,50"),
    )  # fmt: skip
    assert short(summary(path)[0]) == {("192.0.2.9", "192.0.2.1", 6, 443, 43, 22, 350, 930)}


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    for name, text, words in (
        ("a.csv", "a,b,c\n1,2,3\n", "nfdump -r FILE -o csv"),
        ("b.csv", "", "neither Parquet nor CSV"),
        ("c.csv", f"{OLD},ts\n", "neither Parquet nor CSV"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(SourceError, match=words):
            summary(tmp_path / name)


def test_parquet_of_other_columns_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", pa.table({"x": [1]}))
    with pytest.raises(SourceError, match="its columns are x; wanted are"):
        summary(path)
    batch = flows(flow("192.0.2.9:50000", "192.0.2.1:80"))
    counted = batch.set_column(7, "start", batch["start"].cast(pa.int64()))
    path = parquet(tmp_path / "b.parquet", counted)
    with pytest.raises(SourceError, match="the column start is BIGINT; it must hold timestamps"):
        summary(path)


def test_damaged_parquet_is_refused_with_its_name(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", flows(flow("192.0.2.9:50000", "192.0.2.1:80")))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SourceError, match=r"a\.parquet: cannot be summarised"):
        summary(path)


def test_files_of_two_forms_are_refused(tmp_path: Path) -> None:
    one = parquet(tmp_path / "a.parquet", flows())
    other = csv(tmp_path / "a.csv", OLD)
    with pytest.raises(SourceError, match="one form"):
        summary(one, other)


def test_protocols_may_be_words_in_parquet(tmp_path: Path) -> None:
    batch = flows(flow("192.0.2.9:50000", "192.0.2.1:53"))
    named = pa.Table.from_batches([batch]).set_column(4, "proto", pa.array(["udp"]))
    found, _ = summary(parquet(tmp_path / "a.parquet", named))
    assert short(found) == {("192.0.2.9", "192.0.2.1", 17, 53, 1, 0, 100, 0)}


def test_without_duckdb_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(CamauditError, match=r"make install-bulk, .*'camaudit\[bulk\]'"):
        summary(parquet(tmp_path / "a.parquet", flows()))
