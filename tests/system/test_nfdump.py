"""What the real nfcapd collects and the real nfdump writes, read by the importer and the engine."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import time
from pathlib import Path

import pytest

from camaudit.engines.flows import Told, summarise_flows
from camaudit.model.traffic import Traffic
from camaudit.sources.importers import registry
from tests.flow_rows import MICROS
from tests.importer_examples import problems, read_all
from tests.traffic_told import told

pytestmark = pytest.mark.system

UTC = {**os.environ, "TZ": "UTC"}
#: When the exporter was started, in seconds since 1970: flows count milliseconds from there.
STARTED = MICROS // 1_000_000
#: Source, target, ports, protocol, flags, packets, bytes, first, last.
FLOWS = [
    ("192.0.2.10", "198.51.100.5", 51000, 443, 6, 0x1B, 10, 4000, 1000, 5000),
    ("198.51.100.5", "192.0.2.10", 443, 51000, 6, 0x1B, 12, 9000, 2000, 5000),
    ("192.0.2.10", "192.0.2.53", 40000, 53, 17, 0, 1, 60, 2000, 2000),
    ("192.0.2.10", "192.0.2.1", 0, 2048, 1, 0, 1, 84, 3000, 3000),
]


def netflow(flows: list[tuple[str, str, int, int, int, int, int, int, int, int]]) -> bytes:
    """Return a NetFlow 5 datagram (Cisco, "NetFlow Export Datagram Format"), sent 100 s later."""
    head = struct.pack("!HHIIIIBBH", 5, len(flows), 100_000, STARTED + 100, 0, 0, 0, 0, 0)
    records = [
        socket.inet_aton(source) + socket.inet_aton(target) + bytes(4)
        + struct.pack("!HHIIIIHH", 1, 2, packets, size, first, last, *ports)
        + struct.pack("!BBBBHHBBH", 0, flags, protocol, 0, 0, 0, 24, 24, 0)
        for source, target, *ports, protocol, flags, packets, size, first, last in flows
    ]  # fmt: skip
    return head + b"".join(records)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of nfcapd, which listened on the loopback interface."""
    folder = tmp_path_factory.mktemp("nfcapd")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        port = sender.getsockname()[1]
    # -w is not given: files need not begin on the hour
    collector = subprocess.Popen(
        ["nfcapd", "-b", "127.0.0.1", "-p", str(port), "-l", folder, "-t", "3600"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(netflow(FLOWS), ("127.0.0.1", port))
        time.sleep(1)
    finally:
        collector.terminate()
        collector.wait(20)
    (found,) = [file for file in folder.iterdir() if file.name.startswith("nfcapd.2")]
    return found


def nfdump(file: Path, form: str) -> bytes:
    return subprocess.run(
        ["nfdump", "-r", file, "-o", form], env=UTC, check=True, capture_output=True
    ).stdout


def test_csv_of_the_real_nfdump_is_read(collected: Path) -> None:
    data = nfdump(collected, "csv")
    spec = max(registry().values(), key=lambda each: each.sniff("x.csv", data))
    assert spec.id == "nfdump-csv"
    items = read_all(spec, data)
    lines = told(item for item in items if isinstance(item, Traffic))
    assert [problem for problem in problems(items) if problem.rejected] == []
    shown = {
        (*line["conversation"], line["opened"], *line["counts"], *line["at"]) for line in lines
    }
    eight = "2026-11-01T08:00:"
    assert shown == {
        ("192.0.2.10", "198.51.100.5", 6, 443, True, 10, 12, 4000, 9000,
         f"{eight}01Z", f"{eight}05Z"),
        ("192.0.2.10", "192.0.2.53", 17, 53, True, 1, 0, 60, 0, f"{eight}02Z", f"{eight}02Z"),
        ("192.0.2.10", "192.0.2.1", 1, 0, True, 1, 0, 84, 0, f"{eight}03Z", f"{eight}03Z"),
    }  # fmt: skip


def test_the_engine_finds_the_same_conversations(collected: Path, tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_bytes(nfdump(collected, "csv"))
    counts = Told()
    rows = [row for batch in summarise_flows([path], counts) for row in batch.to_pylist()]
    assert (counts.rows, counts.rejected) == (4, 0)
    # Which side of ICMP began is not told to the engine: the address that sorts first is the client
    assert {(row["client"], row["server"], row["protocol"], row["port"]) for row in rows} == {
        ("192.0.2.10", "198.51.100.5", 6, 443),
        ("192.0.2.10", "192.0.2.53", 17, 53),
        ("192.0.2.1", "192.0.2.10", 1, 0),
    }


def test_a_file_of_the_real_nfcapd_is_sent_to_nfdump(collected: Path) -> None:
    data = collected.read_bytes()
    spec = max(registry().values(), key=lambda each: each.sniff(collected.name, data[: 1 << 16]))
    with pytest.raises(Exception, match="nfdump -r FILE -o csv"):
        read_all(spec, data)
