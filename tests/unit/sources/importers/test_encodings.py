"""What was pasted out of a terminal is read alike in any encoding."""

from __future__ import annotations

import pytest

from camaudit.sources.importers import registry
from camaudit.sources.spec import ReadOptions
from tests.importer_examples import Example, load_examples, read_all, seen

PASTED = ("dhcp-leases", "lldp", "mac-tables", "neighbours")
EXAMPLES = [each for each in load_examples() if each.importer.id in PASTED and each.data.isascii()]
every_example = pytest.mark.parametrize(
    "example", [pytest.param(example, id=example.case) for example in EXAMPLES]
)


def test_every_one_has_examples() -> None:
    assert {each.importer.id for each in EXAMPLES} == set(PASTED)


@every_example
def test_an_encoding_that_nothing_in_the_file_tells(example: Example) -> None:
    # EBCDIC: no byte of a letter or digit is that of ASCII
    data = example.data.decode().encode("cp500")
    items = read_all(example.importer, data, ReadOptions(encoding="cp500"))
    assert seen(items) == seen(read_all(example.importer, example.data))


@every_example
def test_what_powershell_kept_is_recognised(example: Example) -> None:
    data = example.data.decode().encode("utf-16")
    scores = {spec.id: spec.sniff("x.txt", data[: 1 << 16]) for spec in registry().values()}
    assert max(scores, key=lambda name: scores[name]) == example.importer.id
    assert seen(read_all(example.importer, data)) == seen(read_all(example.importer, example.data))
