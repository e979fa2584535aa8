"""``camaudit isolation configured``: what is permitted as configured, and what nobody can tell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cases.command import Camaudit

NETWORKS = ("--core", "10.0.0.0/8", "--zone", "cctv=192.0.2.0/24", "--json")
INTERFACES = """interface Vlan1
 ip address 10.0.0.1 255.0.0.0
interface Vlan20
 ip address 192.0.2.1 255.255.255.0
"""
OPEN = INTERFACES
SHUT = f"""{INTERFACES} ip access-group CCTV in
 ip access-group CCTV out
ip access-list extended CCTV
 deny ip any any
"""
PUZZLING = f"{SHUT}snmp-server community hunter2 rw\nzone-pair security secret\n"


@pytest.mark.parametrize(
    ("text", "answer", "code"),
    [
        (OPEN, "permitted", 3),
        (SHUT, "not_permitted", 0),
        (PUZZLING, "cannot_tell", 4),
    ],
)
def test_the_answer_is_declared_and_decides_the_exit_code(
    camaudit: Camaudit, tmp_path: Path, text: str, answer: str, code: int
) -> None:
    place = tmp_path / "rules"
    place.write_text(text)
    ran = camaudit("isolation", "configured", place, *NETWORKS, code=code)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [(each["from"], each["to"]) for each in lines] == [
        ("192.0.2.0/24", "10.0.0.0/8"),
        ("10.0.0.0/8", "192.0.2.0/24"),
    ]
    assert {each["answer"] for each in lines} == {answer}
    assert {each["basis"] for each in lines} == {"declared"}
    assert "hunter2" not in ran.out + ran.err


def test_the_two_ends_have_to_be_named(camaudit: Camaudit, tmp_path: Path) -> None:
    place = tmp_path / "rules"
    place.write_text(OPEN)
    ran = camaudit("isolation", "configured", place, "--core", "10.0.0.0/8", code=2)
    assert "--zone NAME=CIDR" in ran.err
