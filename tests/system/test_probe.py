"""Probing from the core side: what answers is connected, and silence is only silence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.running import running
from tests.system.segment import Host, segment

pytestmark = pytest.mark.system


def camaudit(host: Host, estate: Path, *words: str | Path, code: int = 0) -> str:
    done = subprocess.run(
        [*host.inside, sys.executable, "-m", "camaudit", *words, "--estate", estate],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_what_answers_is_connected_and_silence_is_only_silence(tmp_path: Path) -> None:
    estate = tmp_path / "estate.sqlite"
    register = tmp_path / "register.csv"
    register.write_text(
        "asset id,manufacturer,model,ip address,site\n"
        "CAM-1,Hikvision,DS-2CD2143G0-I,192.0.2.3,HQ\n"
        "CAM-2,Dahua,IPC-HFW2431S,192.0.2.77,HQ\n"
    )
    with segment() as net:
        host, core = net.join(3), net.scanner
        camaudit(core, estate, "init")
        camaudit(core, estate, "site", "add", "HQ", "Head office", "--network", "192.0.2.0/26")
        camaudit(core, estate, "import", register)
        probe = ("isolation", "probe", "--site", "HQ", "--json")
        camaudit(core, estate, *probe, code=2)  # no core network is declared
        camaudit(core, estate, "isolation", "declare", "HQ", "--core", "192.0.2.0/24")
        camaudit(core, estate, *probe, code=2)  # nobody has permitted it
        permit = ("site", "permit", "HQ", "--by", "head of estates", "--right", "owner")
        network = ("--network", "192.0.2.0/24")
        camaudit(core, estate, *permit, "--until", "2027-06-30", *network)
        serve = (sys.executable, "-m", "http.server", "80", "--directory", tmp_path)
        with running([*host.inside, *serve], tmp_path / "log.txt"):
            net.knock(host, 80)
            lines = camaudit(core, estate, *probe, code=3).splitlines()
    found = {each["address"]: each for each in map(json.loads, lines)}
    assert found["192.0.2.3"]["reached"]
    assert "declared core" in found["192.0.2.3"]["says"]
    assert not found["192.0.2.77"]["reached"]
    assert "look the same" in found["192.0.2.77"]["says"]
