"""LLDP neighbours: what must not be told of them, and files without one."""

from __future__ import annotations

import json

import pytest

from camaudit.sources.importers import registry
from tests.importer_examples import problems, read_all, seen, values

LLDP = registry()["lldp"]
TEXT = """Local Intf: Gi0/1
Chassis id: 0040.8c00.0007
Port id: token=hunter2
System Name: cam-7 pwd=hunter2
System Description: AXIS P0000 password=hunter2 {}
Time remaining: 1 seconds
"""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("PIN: hunter2", "PIN: [removed]"),
        ("admin_password = hunter2, black", "admin_password = [removed], black"),
        ("at http://root:hunter2@192.0.2.7/", "at http://192.0.2.7/"),
    ],
)
def test_secrets_in_what_a_neighbour_says_are_taken_out(said: str, kept: str) -> None:
    items = read_all(LLDP, TEXT.format(said).encode())
    assert not [row for row in seen(items) if b"hunter2" in row[2]]
    assert values(items, "lldp.system_description") == {
        "mac:00:40:8c:00:00:07": f"AXIS P0000 password=[removed] {kept}"
    }


def test_secrets_are_taken_out_of_json_too() -> None:
    chassis = {"id": {"type": "mac", "value": "00:40:8c:00:00:07"}, "descr": "X password=hunter2"}
    document = {"lldp": {"interface": {"eth1": {"chassis": {"cam": chassis}}}}}
    items = read_all(LLDP, json.dumps(document).encode())
    assert values(items, "lldp.system_description") == {
        "mac:00:40:8c:00:00:07": "X password=[removed]"
    }


@pytest.mark.parametrize(
    "data", [b'{"lldp": {}}', b'{"lldp": [{"interface": []}]}', b"LLDP neighbors:\n"]
)
def test_a_file_without_a_neighbour_says_so(data: bytes) -> None:
    (problem,) = problems(read_all(LLDP, data))
    assert "no neighbour" in problem.message
    assert not problem.rejected


def test_what_is_not_the_json_of_lldpctl_is_a_problem() -> None:
    found = problems(read_all(LLDP, b'{"lldp": {'))
    assert [each.rejected for each in found] == [True, False]
    assert "not the JSON of lldpctl" in found[0].message
