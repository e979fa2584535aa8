"""Importers under damage: truncated, reordered, wrongly encoded, and random bytes."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import SourceError
from camaudit.sources.importers import registry
from camaudit.sources.spec import ImporterSpec, Item
from tests.importer_examples import load_examples, problems, read_all, seen
from tests.workbooks import workbook

EXAMPLES = load_examples()
IMPORTERS = registry()
TABLES = ("bodies", "inventory", "sightings", "sites")

every_example = pytest.mark.parametrize(
    ("importer", "data"),
    [pytest.param(each.importer, each.data, id=each.case) for each in EXAMPLES],
)
every_importer = pytest.mark.parametrize(
    "importer", [pytest.param(spec, id=name) for name, spec in IMPORTERS.items()]
)


def items_or_refusal(importer: ImporterSpec, data: bytes) -> list[Item] | None:
    """Read; the only exception let through to the operator is ``SourceError``, with words."""
    importer.sniff("x", data)
    try:
        return read_all(importer, data)
    except SourceError as error:
        said = str(error)
    assert said
    return None


WORKBOOK = workbook(
    {
        "Cameras": [
            ["Site", "Asset", "Model", "Qty"],
            ["HQ", "C1", "P3245", 1],
            ["", "C2", "P1", 2.5],
        ]
    },
    merges={"Cameras": ["A2:A3"]},
)


def test_the_sets_are_not_empty() -> None:
    assert len(IMPORTERS) >= 6
    assert len(EXAMPLES) >= 9
    assert read_all(IMPORTERS["inventory"], WORKBOOK)


@every_example
@given(draw=st.data())
def test_truncated(importer: ImporterSpec, data: bytes, draw: st.DataObject) -> None:
    cut = draw.draw(st.integers(0, len(data)))
    items_or_refusal(importer, data[:cut])


@pytest.mark.parametrize("name", ["nmap-xml", "observations"])
@given(draw=st.data())
def test_a_cut_file_says_nothing_that_the_whole_file_does_not(
    name: str, draw: st.DataObject
) -> None:
    data = draw.draw(st.sampled_from([e.data for e in EXAMPLES if e.importer.id == name]))
    whole = items_or_refusal(IMPORTERS[name], data)
    part = items_or_refusal(IMPORTERS[name], data[: draw.draw(st.integers(0, len(data)))])
    if part is not None and whole is not None:
        assert seen(part) <= seen(whole)


@every_example
@given(draw=st.data())
def test_some_bytes_are_others(importer: ImporterSpec, data: bytes, draw: st.DataObject) -> None:
    damaged = bytearray(data)
    for at in draw.draw(st.lists(st.integers(0, len(data) - 1), max_size=20)):
        damaged[at] = draw.draw(st.sampled_from(b'\x00\x80\xff\xe9"<&\n,;') | st.integers(0, 255))
    items_or_refusal(importer, bytes(damaged))


@every_example
@given(encoding=st.sampled_from(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp500", "utf-7"]))
def test_in_another_encoding(importer: ImporterSpec, data: bytes, encoding: str) -> None:
    items_or_refusal(importer, data.decode("latin-1").encode(encoding))


@every_importer
@given(data=st.binary(max_size=300))
def test_random_bytes(importer: ImporterSpec, data: bytes) -> None:
    items_or_refusal(importer, data)


@every_importer
@given(text=st.text(alphabet="ABC Modelipsacte19.:-/,;\"'\t\n\r<>{}[]=\0é", max_size=300))
def test_random_text(importer: ImporterSpec, text: str) -> None:
    items_or_refusal(importer, text.encode())


@pytest.mark.parametrize("name", TABLES)
@given(cut=st.integers(0, len(WORKBOOK)))
def test_a_truncated_workbook(name: str, cut: int) -> None:
    items_or_refusal(IMPORTERS[name], WORKBOOK[:cut])


@pytest.mark.parametrize("name", TABLES)
@given(changes=st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255))))
def test_a_damaged_workbook(name: str, changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(WORKBOOK)
    for at, value in changes:
        damaged[at] = value
    items_or_refusal(IMPORTERS[name], bytes(damaged))


ROWS = st.lists(
    st.tuples(
        st.integers(0, 9999).map("A{}".format),
        st.sampled_from(["HQ", "Depot", "Annexe"]),
        st.sampled_from(["Hikvision DS-2CD2143G0-I", "AXIS P3245", "camera", "x"]),
        st.sampled_from(["192.0.2.1", "192.0.2.999", "-", ""]),
        st.sampled_from(["2021", "13/04/2021", "soon", ""]),
    ),
    min_size=1,
    max_size=12,
)


def register(rows: list[tuple[str, ...]]) -> bytes:
    """Return the rows as a register."""
    lines = [("Asset", "Site", "Model", "IP address", "Installed"), *rows]
    return "\n".join(",".join(line) for line in lines).encode()


@given(rows=ROWS, draw=st.data())
def test_the_order_of_rows_does_not_matter(
    rows: list[tuple[str, ...]], draw: st.DataObject
) -> None:
    shuffled = draw.draw(st.permutations(rows))
    first = read_all(IMPORTERS["inventory"], register(rows))
    second = read_all(IMPORTERS["inventory"], register(shuffled))
    assert _facts(first) == _facts(second)
    assert Counter(p.field for p in problems(first)) == Counter(p.field for p in problems(second))


def _facts(items: list[Item]) -> Counter[frozenset[tuple[str, bytes]]]:
    """Return what is said of each row, without its number."""
    rows: dict[str, set[tuple[str, bytes]]] = {}
    for device, key, value, *_ in seen(items):
        rows.setdefault(device, set()).add((key, value))
    return Counter(map(frozenset, rows.values()))


@given(draw=st.data())
def test_the_order_of_lines_does_not_matter(draw: st.DataObject) -> None:
    (data,) = [each.data for each in EXAMPLES if each.importer.id == "observations"]
    shuffled = b"\n".join(draw.draw(st.permutations(data.split(b"\n"))))
    spec = IMPORTERS["observations"]
    plain = [
        Counter((device, key, value) for device, key, value, *_ in seen(read_all(spec, each)))
        for each in (data, shuffled)
    ]
    assert plain[0] == plain[1]
