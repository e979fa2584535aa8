"""camaudit.signals: batches in, batches out; a pattern means what ``re`` says it means."""

from __future__ import annotations

import importlib
import re
from datetime import date
from typing import Any

import hyperscan
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.errors import PackError
from camaudit.model.packs import Signature
from camaudit.model.schemas import OBSERVATIONS, OCCURRENCES, SIGNALS
from camaudit.model.words import Aspect
from camaudit.signals import MAX_VALUE, Index, compile_index, load_index, match
from camaudit.signals.index import SCANNED_AT_ONCE
from camaudit.signals.match import MAX_CAPTURE, parse_date
from tests.small_packs import signature, words

Row = tuple[str, str, bytes]


def index(*signatures: Signature) -> Index:
    return compile_index(signatures, words())


def badge(name: str, pattern: str, *fields: str, **more: Any) -> Signature:
    return signature(
        name, "alpha", Aspect.BADGE, pattern=pattern, fields=fields or ("http.server",), **more
    )


def batch(*rows: Row) -> pa.RecordBatch:
    split = [row[1].split(".", 1) for row in rows]
    count = len(rows)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([row[0] for row in rows], pa.string()),
            pa.array([key[0] for key in split], pa.string()).dictionary_encode(),
            pa.array([key[1] for key in split], pa.string()).dictionary_encode(),
            pa.array([row[2] for row in rows], pa.binary()),
            pa.nulls(count, pa.timestamp("us", tz="UTC")),
            pa.nulls(count, pa.binary(32)),
            pa.nulls(count, pa.string()),
        ],
        schema=OBSERVATIONS,
    )


def found(rows: pa.RecordBatch, about: Index) -> list[tuple[int, str, bytes]]:
    """Return (row, signature id, value) of each occurrence."""
    matches = match(rows, about)
    signals = matches.signals.to_pylist()
    return [
        (each["row"], about.signatures[signals[each["signal"]]["signature"]].id,
         signals[each["signal"]]["value"])
        for each in matches.occurrences.to_pylist()
    ]  # fmt: skip


def test_signals_are_found_in_the_fields_that_signatures_read() -> None:
    about = index(badge("one", "^A"), badge("two", "A$", "http.server", "http.title"))
    rows = batch(
        ("d", "http.server", b"A"),
        ("d", "http.title", b"A"),
        ("d", "rtsp.server", b"A"),
        ("d", "http.server", b"BA"),
    )
    assert found(rows, about) == [
        (0, "one", b"A"), (0, "two", b"A"), (1, "two", b"A"), (3, "two", b"BA"),
    ]  # fmt: skip


def test_the_batches_have_their_schemas_and_occurrences_are_in_order_of_rows() -> None:
    about = index(badge("one", "A"), badge("two", "A", "http.title"))
    matches = match(batch(*((f"d{at}", f"http.{f}", b"A") for at in range(3)
                            for f in ("title", "server"))), about)  # fmt: skip
    assert matches.signals.schema == SIGNALS
    assert matches.occurrences.schema == OCCURRENCES
    assert matches.occurrences.column("row").to_pylist() == list(range(6))
    assert matches.signals.num_rows == 2  # each distinct signal once


def test_nothing_to_match_gives_empty_batches() -> None:
    about = index(badge("one", "A"))
    for rows in (batch(("d", "http.server", b"B")), batch(("d", "x.y", b"A"))):
        matches = match(rows, about)
        assert (matches.signals.num_rows, matches.occurrences.num_rows, matches.cut) == (0, 0, 0)


def test_an_empty_batch_is_matched() -> None:
    empty = batch(("d", "http.server", b"A")).slice(0, 0)
    assert found(empty, index(badge("one", "A"))) == []


def test_a_sieve_only_proposes() -> None:
    about = index(badge("one", "^Acme( [0-9]+)?$", sieve="^Acme"), badge("two", "zq", sieve="zqz"))
    rows = batch(
        ("d", "http.server", b"Acme"),
        ("d", "http.server", b"Acme 7"),
        ("d", "http.server", b"Acme seven"),
        ("d", "http.server", b"zq"),
    )
    assert found(rows, about) == [(0, "one", b"Acme"), (1, "one", b"Acme 7")]


def test_an_alias_leads_to_its_word() -> None:
    alias, key = next(iter(words().aliases))
    assert found(batch(("d", alias, b"A")), index(badge("one", "A", key))) == [(0, "one", b"A")]


def test_a_value_is_matched_on_its_first_64_kib_and_the_cut_is_counted() -> None:
    about = index(badge("end", "Z$"), badge("start", "^A"))
    whole, cut = b"A" + b"." * (MAX_VALUE - 2) + b"Z", b"A" + b"." * (MAX_VALUE - 1) + b"Z"
    assert MAX_VALUE == 65536
    rows = batch(("d", "http.server", whole), ("d", "http.server", cut))
    assert [each[:2] for each in found(rows, about)] == [(0, "end"), (0, "start"), (1, "start")]
    assert match(rows, about).cut == 1


def test_values_are_bytes() -> None:
    about = index(badge("raw", r"^\x00\xff$"), badge("text", "é"))
    rows = batch(("d", "http.server", b"\x00\xff"), ("d", "http.server", "café".encode()))
    assert [each[:2] for each in found(rows, about)] == [(0, "raw"), (1, "text")]


def test_captures_are_read_into_their_columns() -> None:
    pattern = r"(?P<model>\S+) v(?P<version>\S+) (?P<serial>\S+) (?P<made>\d+) (?P<built>\S+)"
    about = index(badge("all", pattern))
    row = b"DS-2CD v5.7 SN01 20210203 2022-03-04"
    [hit] = captured(row, about)
    assert (hit["model"], hit["version"], hit["serial"]) == ("DS-2CD", "5.7", "SN01")
    assert (hit["made_on"], hit["built_on"]) == (date(2021, 2, 3), date(2022, 3, 4))


def captured(value: bytes, about: Index) -> list[dict[str, Any]]:
    signals = match(batch(("d", "http.server", value)), about).signals.to_pylist()
    return [dict(each) for each in signals]


def test_a_capture_is_cut_and_an_empty_one_is_none() -> None:
    about = index(badge("one", r"^(?P<model>a*)(?P<version>\s+)?(?P<serial>b)?x"))
    [hit] = captured(b"a" * (MAX_CAPTURE + 9) + b"x", about)
    assert hit["model"] == "a" * MAX_CAPTURE
    [blank] = captured(b"  x", about)
    assert (blank["model"], blank["version"], blank["serial"]) == (None, None, None)


@pytest.mark.parametrize(
    ("captured", "expected"),
    [
        (b"20210203", date(2021, 2, 3)),
        (b"210203", date(2021, 2, 3)),
        (b"2021-02-03", date(2021, 2, 3)),
        (b"19950101", date(1995, 1, 1)),
        (b"19941231", None),
        (b"20800101", None),
        (b"20210230", None),
        (b"2021", None),
        (b"2021020", None),
        (b"2021ab03", None),
        (b"x2102033", None),
        (b"", None),
        (None, None),
    ],
)
def test_a_date_is_a_plausible_day_or_nothing(
    captured: bytes | None, expected: date | None
) -> None:
    assert parse_date(captured) == expected


def test_free_text_that_names_a_maker_for_another_reason_is_doubted() -> None:
    about = index(badge("one", "(?i)acme", "inventory.text", "inventory.model"))
    rows = batch(
        ("d", "inventory.text", b"Acme camera"),
        ("d", "inventory.text", b"replaces an Acme camera"),
        ("d", "inventory.model", b"replaces an Acme camera"),
    )
    doubted = [each["doubted"] for each in match(rows, about).signals.to_pylist()]
    assert sorted(doubted) == [False, False, True]


def test_a_pattern_that_hyperscan_refuses_is_named() -> None:
    with pytest.raises(PackError, match="hyperscan refuses the pattern") as error:
        index(badge("fine", "a"), badge("behind", "(?<=a)b"))
    assert error.value.field == "behind"


def test_patterns_that_are_refused_only_together_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    compile_one = hyperscan.Database.compile

    def refuse_two(self: Any, expressions: list[bytes], **more: Any) -> None:
        if len(expressions) > 1:
            raise hyperscan.error("too many")
        compile_one(self, expressions=expressions, **more)

    full = type("Full", (hyperscan.Database,), {"compile": refuse_two})
    monkeypatch.setattr(hyperscan, "Database", full)
    with pytest.raises(PackError, match="refuses the patterns together: too many"):
        index(badge("one", "a"), badge("two", "b"))


def test_a_dumped_index_matches_as_before() -> None:
    signatures = (badge("one", "^A"), badge("two", "B+"))
    made = compile_index(signatures, words())
    again = load_index(made.dump(), signatures, words())
    rows = batch(("d", "http.server", b"ABB"), ("e", "http.server", b"B"))
    assert found(rows, again) == found(rows, made) != []


@pytest.mark.parametrize("dumped", [b"", b"not a database", b"\x00" * 64])
def test_what_is_no_dump_is_refused(dumped: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be loaded"):
        load_index(dumped, (badge("one", "^A"),), words())


def test_values_that_do_not_fit_into_one_scan_are_all_matched() -> None:
    about = index(badge("one", r"^x"), badge("any", r"[^q]+z"))
    rows = [(f"d{at}", "http.server", b"x" * 1000 + b"%d" % at) for at in range(1000)]
    assert sum(len(row[2]) for row in rows) > 3 * SCANNED_AT_ONCE
    assert [each[:2] for each in found(batch(*rows), about)] == [(at, "one") for at in range(1000)]


def test_a_value_that_looks_like_everything_costs_no_more_than_its_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.import_module("camaudit.signals.match"), "MAX_CANDIDATES", 5)
    about = index(*(badge(f"s{at}", f"word{at}") for at in range(10)))
    crowd = " ".join(f"word{at}" for at in range(10)).encode()
    rows = batch(("d", "http.server", crowd), ("e", "http.server", b"word9"))
    tried = [(0, f"s{at}") for at in range(5)]
    assert [each[:2] for each in found(rows, about)] == [*tried, (1, "s9")]
    assert match(rows, about).cut == 1


@pytest.mark.parametrize("pattern", [r"\Aalpha", r"(?-m:^alpha)", r"(?i-m)alpha"])
def test_what_holds_at_the_start_of_a_text_only_is_refused(pattern: str) -> None:
    with pytest.raises(PackError, match=r"write \^") as error:
        index(badge("one", pattern))
    assert error.value.field == "one"


PATTERNS = (
    r"^a", r"b$", r"(?i)ab+c", r"\bx\d{2,3}\b", r"[^a]\xff", r"a|b(?:c|d)*x", r"^z$|zz",
    r"^[ -~]{2}", r"^\s*c\s*$", r"[^a]c$", r"(?s)a.c", r"\Bz", r"x\s",
)  # fmt: skip
INDEX = index(*(badge(f"p{at}", each) for at, each in enumerate(PATTERNS)))


@given(st.lists(st.text(alphabet="abcxz019 \n\xff", max_size=8), max_size=12))
def test_the_index_finds_exactly_what_re_finds(texts: list[str]) -> None:
    values = [text.encode("latin-1") for text in texts]
    rows = batch(*(("d", "http.server", value) for value in values)) if values else None
    if rows is None:
        return
    expected = [
        (row, f"p{number}", value)
        for row, value in enumerate(values)
        for number, pattern in enumerate(PATTERNS)
        if re.search(pattern.encode(), value)
    ]
    assert found(rows, INDEX) == expected


def test_a_value_that_many_signatures_match_is_held_once() -> None:
    about = index(*(badge(f"s{at}", "A", "http.server", "http.title") for at in range(20)))
    signals = match(batch(("d", "http.server", b"A" * 1000)), about).signals
    assert signals.num_rows == 20
    assert signals.column("value").dictionary.to_pylist() == [b"A" * 1000]
