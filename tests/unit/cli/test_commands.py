"""camaudit.cli: commands that present one use case each; errors say what to do next."""

from __future__ import annotations

import errno
import importlib
import io
import json
import re
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from camaudit import __version__
from camaudit.cli.main import cli
from tests.cases.command import Camaudit


def commands() -> list[tuple[str, ...]]:
    """Return every command and subcommand there is."""
    found: list[tuple[str, ...]] = []
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        found.append((name,))
        if isinstance(command, click.Group):
            found += [(name, each) for each in command.commands]
    return found


COMMANDS = commands()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# -------------------------------------------------------------------------------- frame


def test_the_commands_of_the_design_are_there() -> None:
    top = {name for name, *rest in COMMANDS if not rest}
    assert top == {
        "advisories", "assess", "body", "check", "classify", "decide", "demo", "devices", "explain",
        "import", "init", "isolation", "lab", "makers", "packs", "report", "scan", "site", "waive",
    }  # fmt: skip
    assert len(COMMANDS) > 20


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_help_says_what_it_does_with_an_example(
    camaudit: Camaudit, words: tuple[str, ...]
) -> None:
    text = camaudit(*words, "--help").out
    assert "Example" in text
    example = text[text.index("Example") :]
    assert f"camaudit {words[0]}" in example
    assert words[-1] in example
    assert camaudit(*words, "-h").out == text


def test_version_and_no_command(camaudit: Camaudit) -> None:
    assert __version__ in camaudit("--version").out
    assert "Start with: camaudit demo" in camaudit("--help").out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["asess"], "No such command"),
        (["assess", "--as-off"], "No such option"),
        (["assess", "--as-of", "tomorrow"], "is not a date such as 2022-11-24"),
        (["assess", "--fail-on", "maybe"], "'maybe' is not one of"),
        (["report", "--redact", "names"], "want some of"),
        (["assess", "--choose", "x"], "--choose x: want QUESTION=ANSWER"),
        (["assess", "--choose", "x=y"], "x"),
        (["assess", "--policy", "eu-2030"], "no policy is called 'eu-2030'; there are"),
        (["explain", "NOBODY"], "no device is called 'NOBODY'; `camaudit devices` lists them"),
        (["devices", "state", "NOBODY", "removed", "--evidence", "x"], "no device is called"),
        (["devices", "confirm", "HIK-1", "--maker", "nobody", "--evidence", "x"],
         "no maker is called 'nobody'; `camaudit makers list` has them"),
        (["makers", "show", "hikvison"], "no maker is called 'hikvison'; did you mean hikvision"),
        (["makers", "show", "zzzz"], "no maker is called 'zzzz'; `camaudit makers` lists them"),
        (["makers", "path", "axis", "zzzz"], "no maker is called 'zzzz'"),
        (["decide", "z", "--site", "HQ", "--outcome", "keep", "--reason", "x"],
         "has no clause 'z'; there are a, b, c, d, e"),
        (["decide", "c", "--outcome", "keep", "--reason", "x"],
         "say what it is about: --device, --site or --class"),
        (["decide", "c", "--site", "HQ", "--class", "yes", "--outcome", "keep", "--reason", "x"],
         "say what it is about"),
        (["decide", "c", "--site", "NOWHERE", "--outcome", "keep", "--reason", "x"],
         "no site is called 'NOWHERE'; known: ANNEX, DEPOT, HQ, SCHOOL"),
        (["decide", "c", "--class", "secret", "--outcome", "keep", "--reason", "x"],
         "'secret' is none of"),
        (["site", "add", "X", "x", "--owner", "NOBODY"],
         "no body is called 'NOBODY'; add it first: camaudit body add NOBODY NAME"),
        (["site", "add", "X", "x", "--network", "10.0.0.0/99"], "is not a network such as"),
        (["import", "register.csv", "--map", "x"], "--map x: want HEADER=WORD"),
        (["import", "register.csv", "--site", "NOWHERE"], "no site is called 'NOWHERE'"),
        (["import", "register.csv", "--as", "magic"], "no importer is called 'magic'"),
        (["import", "missing.csv"], "does not exist"),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_2_and_says_what_to_do(
    filled: Camaudit, words: list[str], says: str
) -> None:
    ran = filled(*words, code=2)
    assert says in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (KeyboardInterrupt(), 1, "stopped; "),
        (MemoryError(), 1, "out of memory"),
        (OSError(errno.ENOSPC, "x", "f"), 1, "f: the disk is full; free some space"),
        (OSError(errno.EROFS, "x", "f"), 1, "f: the disk is read-only; choose another place"),
        (OSError(errno.EACCES, "x", "f"), 1, "f: permission denied; check the owner and mode"),
        (OSError(errno.EIO, "input/output error"), 1, "input/output error"),
    ],
)
def test_what_goes_wrong_outside_is_told_in_words(
    camaudit: Camaudit, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, says: str
) -> None:
    from camaudit.app import estate

    def broken(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(estate, "init", broken)
    ran = camaudit("init", code=code)
    assert ran.err.strip().startswith("camaudit: ")
    assert says in ran.err


def test_a_stop_signal_is_an_interruption() -> None:
    frame = importlib.import_module("camaudit.cli.main")
    with pytest.raises(KeyboardInterrupt):
        frame._interrupt(signal.SIGTERM, None)


def test_a_reader_that_has_seen_enough_is_no_accident(
    filled: Camaudit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from camaudit.cli import devices

    def closed(*_arguments: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(devices, "print_json", closed)
    assert filled("devices", "--json", code=1).err == ""


# ------------------------------------------------------------------------ init, body, site


def test_init_makes_a_private_estate_once(camaudit: Camaudit) -> None:
    ran = camaudit("init", "--marking", "OFFICIAL-SENSITIVE")
    assert f"created {camaudit.estate}" in ran.out
    assert "may deserve a higher protective marking" in ran.err
    assert mode(camaudit.estate) == 0o600
    content = camaudit.estate.read_bytes()
    again = camaudit("init", code=1)
    assert "is there already; choose another name" in again.err
    assert camaudit.estate.read_bytes() == content


def test_without_an_estate_it_says_how_to_make_one(camaudit: Camaudit) -> None:
    for words in (["devices"], ["assess"], ["body", "list"], ["report"]):
        assert "make one with `camaudit init`" in camaudit(*words, code=1).err


def test_an_option_outranks_the_environment(filled: Camaudit, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    filled("init", "--estate", other)
    assert filled("devices", "--json", "--estate", other).out == ""
    assert len(rows(filled("devices", "--json").out)) == 2


def test_bodies_and_sites_are_added_and_corrected(filled: Camaudit) -> None:
    filled("body", "add", "AGENCY", "An agency", "--kind", "executive_agency", "--parent", "DEP",
           "--also", "us_grant_recipient")  # fmt: skip
    filled("site", "add", "LAB", "Laboratory", "--owner", "AGENCY", "--network", "10.7.0.0/24",
           "--zone", "isolated", "--tenure", "leased", "--lease-ends", "2028-03-31")  # fmt: skip
    leased = {row["id"]: row for row in rows(filled("site", "list", "--json").out)}["LAB"]
    assert (leased["tenure"], leased["lease_ends"]) == ("leased", "2028-03-31")
    filled("site", "add", "LAB", "Laboratory", "--owner", "AGENCY", "--sensitive", "yes")
    bodies = {row["id"]: row for row in rows(filled("body", "list", "--json").out)}
    sites = {row["id"]: row for row in rows(filled("site", "list", "--json").out)}
    assert (bodies["AGENCY"]["kind"], bodies["AGENCY"]["parent"]) == ("executive_agency", "DEP")
    assert (sites["LAB"]["sensitivity"], sites["LAB"]["networks"]) == ("yes", [])
    assert bodies["AGENCY"]["also"] == ["us_grant_recipient"]
    assert "An agency" in filled("body", "list").out
    assert "Laboratory" in filled("site", "list").out


# -------------------------------------------------------------------------------- import


def test_import_says_what_it_did_and_does_it_once(filled: Camaudit, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("Asset ID,Site\nNEW-1,HQ\n")
    first = filled("import", tmp_path / "more.csv")
    assert "3 devices in the estate (1 new); nothing rejected" in first.out
    again = filled("import", tmp_path / "more.csv")
    assert "imported before, on 20" in again.out
    assert "nothing changed" in again.out


def test_rejected_rows_are_told_and_only_strict_makes_them_an_error(
    filled: Camaudit, tmp_path: Path
) -> None:
    good = '{"device":"d","protocol":"http","field":"server","value":"x"}\n'
    (tmp_path / "bad.jsonl").write_text(good + "{\n" * 25)
    ran = filled("import", tmp_path / "bad.jsonl")
    assert "25 rows rejected" in ran.out
    assert "rejected: " in ran.err
    assert "... and 5 more" in ran.err
    (tmp_path / "bad2.jsonl").write_text(good + "\n{\n")
    filled("import", tmp_path / "bad2.jsonl", "--strict", code=1)


def test_a_column_may_be_mapped_by_hand(filled: Camaudit, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("Asset ID,Site,Zzz\nODD-1,HQ,Axis\n")
    filled("import", tmp_path / "odd.csv", "--map", "Zzz=inventory.manufacturer")
    odd = next(r for r in rows(filled("devices", "--json").out) if r["asset_ids"] == ["ODD-1"])
    assert odd["maker"] == "axis"


# ------------------------------------------------------------------------------- devices


def test_devices_are_listed(filled: Camaudit) -> None:
    found = {row["asset_ids"][0]: row for row in rows(filled("devices", "list", "--json").out)}
    assert (found["HIK-1"]["maker"], found["HIK-1"]["site"]) == ("hikvision", "HQ")
    assert 0.9 < found["HIK-1"]["maker_confidence"] < 1.0
    text = filled("devices").out
    assert found["HIK-1"]["id"] in text
    assert "Hikvision" in text


def test_what_people_know_is_recorded(filled: Camaudit) -> None:
    filled("devices", "state", "HIK-1", "removed", "--on", "2024-01-01", "--evidence", "order 118")
    filled("devices", "role", "HIK-1", "owner", "SCH", "--who", "officer")
    filled("devices", "attach", "AXIS-1", "--recorder", "HIK-1", "--channel", "4")
    filled("devices", "confirm", "HIK-1", "--maker", "hikvision", "--evidence", "type plate")
    ran = filled("devices", "sighting", "--site", "HQ", "--place", "gate", "--label", "ANNKE C800")
    assert ran.out.startswith("recorded: D-")
    again = filled(
        "devices", "sighting", "--site", "HQ", "--place", "gate", "--label", "ANNKE C800"
    )
    assert again.out.startswith("known already: D-")
    text = " ".join(filled("explain", "HIK-1").out.split())
    assert "removed" in text
    assert "order 118" in filled("explain", "HIK-1", "--json").out
    assert "Confirmed as produced by Hikvision: type plate." in text


def test_erasing_asks_first(filled: Camaudit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    refused = filled("devices", "erase", "AXIS-1", "--reason", "request 7", code=1)
    assert "stopped" in refused.err
    assert len(rows(filled("devices", "--json").out)) == 2
    ran = filled("devices", "erase", "AXIS-1", "--reason", "request 7", "--yes")
    assert "their digests and a record of this stay" in ran.out
    assert len(rows(filled("devices", "--json").out)) == 1


def test_explain_says_why_in_words_and_in_json(filled: Camaudit) -> None:
    text = " ".join(filled("explain", "HIK-1", "--as-of", "2024-01-01").out.split())
    assert "Likely produced by Hikvision" in text
    assert "breaches" in text
    answer = json.loads(filled("explain", "HIK-1", "--json").out)
    assert "HIK-1" in json.dumps(answer)


# ------------------------------------------------------------------------ decide, assess


def test_decide_only_adds(filled: Camaudit) -> None:
    asked = ("decide", "c", "--device", "HIK-1", "--reason", "in the 2027 refresh")
    first = filled(*asked, "--outcome", "replace", "--review", "2030-01-01", "--who", "officer")
    assert "replace by officer, stands until 2030-01-01" in first.out
    filled(*asked, "--outcome", "withdrawn")
    filled("decide", "d", "--class", "no", "--outcome", "extend", "--reason", "x")
    filled("decide", "c", "--site", "hq", "--outcome", "keep", "--reason", "x")
    from camaudit.app.estate import open_estate

    store = open_estate(filled.estate)
    with store.reading() as connection:
        found = [j for j in store.judgements(connection) if j.kind.value == "decision"]
    assert [each.body["outcome"] for each in found] == ["replace", "withdrawn", "extend", "keep"]
    assert [each.subject.partition(":")[0] for each in found] == [
        "device", "device", "class", "site",
    ]  # fmt: skip


def test_a_review_before_the_decision_makes_no_sense(filled: Camaudit) -> None:
    ran = filled("decide", "c", "--device", "HIK-1", "--outcome", "keep", "--reason", "x",
                 "--on", "2026-01-01", "--review", "2025-01-01", code=2)  # fmt: skip
    assert "the review date is before the decision" in ran.err


def test_assess_leaves_with_3_for_a_breach_of_must_not(filled: Camaudit) -> None:
    assert "TEST-MARKING" in filled("assess", code=3).out


def test_assess_leaves_with_4_where_only_questions_are_open(filled: Camaudit) -> None:
    """Nobody has classified the site: if sensitive, it is breached."""
    filled("assess", "--sensitivity", classes(filled, "HQ,unknown"), code=4)


def test_before_the_camera_was_there_nothing_is_open(filled: Camaudit) -> None:
    filled("assess", "--as-of", "2022-12-01")


def test_a_breach_of_should_counts_only_when_asked(filled: Camaudit) -> None:
    """At a site that is not sensitive, on the core network: clause b advises."""
    given = classes(filled, "HQ,no")
    filled("assess", "--sensitivity", given, code=4)
    filled("assess", "--sensitivity", given, "--fail-on", "should", code=3)


def test_assess_leaves_with_0_where_nothing_is_open(camaudit: Camaudit) -> None:
    camaudit("init")
    camaudit("assess")


def test_assess_in_json(filled: Camaudit) -> None:
    found = rows(filled("assess", "--json", code=3).out)
    assert len(found) > 2
    assert "TEST-MARKING" in json.dumps(found[0])


def classes(camaudit: Camaudit, *lines: str) -> Path:
    path = camaudit.estate.parent / "classes.csv"
    path.write_text("site,sensitivity\n" + "\n".join(lines) + "\n")
    return path


def test_a_sensitivity_file_is_used_and_never_stored(filled: Camaudit) -> None:
    secret = classes(filled, "HQ,withheld", "OPAQUE-SITE-7731,yes")
    before = filled.estate.read_bytes()
    ran = filled("report", "--format", "jsonl", "--sensitivity", secret)
    assert "withheld" in ran.out
    stored = b"".join(path.read_bytes() for path in filled.estate.parent.glob("estate.sqlite*"))
    assert b"OPAQUE-SITE-7731" not in stored
    assert b"withheld" not in stored
    assert filled.estate.read_bytes() == before


def test_a_sensitivity_file_with_a_slip_is_refused(filled: Camaudit) -> None:
    ran = filled("assess", "--sensitivity", classes(filled, "HQ,perhaps"), code=1)
    assert "line 2: sensitivity: want SITE,CLASS" in ran.err


def test_an_interpretation_may_be_chosen(filled: Camaudit) -> None:
    from camaudit.app.assess import need_policy, policies
    from tests.estates import POLICY, small

    choice = need_policy(policies(small()), POLICY).choices[0]
    other = next(option for option, _ in choice.options if option != choice.default)
    usual = filled("assess", "--json", code=3).out
    chosen = filled("assess", "--json", "--choose", f"{choice.id}={other}", code=3).out
    assert usual != chosen


# ------------------------------------------------------------------------------- report


@pytest.mark.parametrize("suffix", ["html", "csv", "jsonl", "txt"])
def test_a_report_is_for_its_owner_and_carries_the_marking(
    filled: Camaudit, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"report.{suffix}"
    ran = filled("report", "--out", path)
    assert "readable by you only" in ran.out
    assert ran.err == ""
    assert mode(path) == 0o600
    assert "TEST-MARKING" in path.read_text()


def test_a_marking_that_is_not_set_is_said_to_be_not_set(
    camaudit: Camaudit, tmp_path: Path
) -> None:
    camaudit("init")
    ran = camaudit("report", "--out", tmp_path / "r.html")
    assert "marking not set; set it with --marking" in ran.err
    assert camaudit("report", "--out", tmp_path / "r.html", "--marking", "NEW").err == ""
    assert "NEW" in camaudit("report").out


@pytest.mark.parametrize(
    ("word", "gone"),
    [("sites", "Head office"), ("addresses", "10.1.0.5"), (" sites , people", "HQ")],
)
def test_a_report_leaves_out_what_it_is_told_to(filled: Camaudit, word: str, gone: str) -> None:
    assert gone in filled("report", "--format", "jsonl").out
    assert gone not in filled("report", "--format", "jsonl", "--redact", word).out
    assert gone not in filled("assess", "--json", "--redact", word, code=3).out


def test_a_report_goes_to_standard_output_when_asked(filled: Camaudit) -> None:
    for words in (["--out", "-", "--format", "csv"], ["--format", "csv"]):
        assert "TEST-MARKING" in filled("report", *words).out
    assert "TEST-MARKING" in filled("report").out


# ----------------------------------------------------------------------------- classify

LINE = '{"device":"d1","protocol":"http","field":"server","value":"Hikvision-Webs"}\n'


def test_classify_needs_no_estate(camaudit: Camaudit, tmp_path: Path) -> None:
    path = tmp_path / "signals.jsonl"
    path.write_text(LINE)
    [found] = rows(camaudit("classify", path, "--json").out)
    assert found["device"] == "d1"
    ran = camaudit("classify", path)
    assert "d1" in ran.out
    assert "1 observations of 1 devices" in ran.err
    assert not camaudit.estate.exists()


@pytest.mark.parametrize("words", [["-"], []])
def test_classify_reads_standard_input(
    camaudit: Camaudit, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE.encode())))
    [found] = rows(camaudit("classify", *words, "--json").out)
    assert found["device"] == "d1"


def test_classify_counts_what_it_did_not_take(camaudit: Camaudit, tmp_path: Path) -> None:
    path = tmp_path / "signals.jsonl"
    long = json.dumps({"device": "d2", "protocol": "http", "field": "server", "value": "x" * 70000})
    raw = json.dumps({"device": "d2", "protocol": "http", "field": "response", "value": "x"})
    odd = json.dumps({"device": "d2", "protocol": "gopher", "field": "menu", "value": "x"})
    path.write_text(f"{LINE}{{\n{long}\n{raw}\n{odd}\n")
    ran = camaudit("classify", path, "--json")
    assert len(rows(ran.out)) == 2
    for part in (
        "1 lines rejected",
        "1 values matched on their first 64 KiB only",
        "1 raw replies did not decode",
        "1 observations in 1 unknown words (gopher.menu)",
    ):
        assert part in ran.err
    camaudit("classify", path, "--json", "--strict", code=1)
    path.write_text(LINE)
    camaudit("classify", path, "--json", "--strict")


def test_classify_says_what_file_is_missing(camaudit: Camaudit) -> None:
    assert (
        "missing.jsonl: no such file or directory"
        in camaudit("classify", "missing.jsonl", code=1).err
    )


# -------------------------------------------------------------------------------- packs


def test_a_policy_is_shown_as_it_stands_on_a_day(camaudit: Camaudit) -> None:
    out = camaudit("packs", "show", "us-bis-entity-list", "--as-of", "2025-12-01").out
    assert "on 2025-12-01: suspended" in out
    assert "no policy is called" in camaudit("packs", "show", "nothing", code=2).err


def test_packs_verify_counts_what_holds(camaudit: Camaudit) -> None:
    out = camaudit("packs", "verify").out
    assert re.search(r"^\d+ makers, \d+ signatures: [1-9]\d+ examples hold$", out, re.MULTILINE)
    assert re.search(r"^\d+ policies, \d+ requirements: [1-9]\d* examples hold$", out, re.MULTILINE)


def test_packs_verify_names_file_line_and_field(camaudit: Camaudit, tmp_path: Path) -> None:
    makers = tmp_path / "ours" / "makers"
    makers.mkdir(parents=True)
    (makers / "acme.yaml").write_text("id: acme\nkind: shop\nnames: [Acme]\nsources: {}\n")
    ran = camaudit("packs", "verify", "--packs", tmp_path / "ours", code=1)
    assert f"{makers / 'acme.yaml'}:2: kind: 'shop' is none of" in ran.err


def test_packs_beside_the_estate_are_in_force(filled: Camaudit) -> None:
    makers = filled.estate.parent / "packs" / "makers"
    makers.mkdir(parents=True)
    (makers / "acme.yaml").write_text("id: acme\nkind: shop\nnames: [Acme]\nsources: {}\n")
    assert f"{makers / 'acme.yaml'}:2: kind: " in filled("devices", code=1).err


# ---------------------------------------------------------------- which devices are one


def test_merge_split_undo_and_history(filled: Camaudit) -> None:
    names = {row["asset_ids"][0]: row["id"] for row in rows(filled("devices", "--json").out)}
    ruled = ("devices", "merge", "HIK-1", "AXIS-1", "--reason", "two cards", "--who", "officer")
    dry = filled(*ruled, "--dry-run").out
    assert dry.startswith(f"would record: {names['AXIS-1']} is one device with {names['HIK-1']}\n")
    assert len(rows(filled("devices", "--json").out)) == 2
    done = filled(*ruled).out
    assert dry.splitlines()[1:] == done.splitlines()[1:-1]
    seq = re.search(r"undo (\d+)", done)
    assert seq is not None
    [row] = rows(filled("devices", "--json").out)
    assert row["id"] == names["HIK-1"]
    told = json.loads(filled("devices", "history", "HIK-1", "--json").out)
    assert told["marking"] == "TEST-MARKING"
    assert told["former"] == [names["AXIS-1"]]
    assert told["steps"][0]["seq"] == int(seq[1])
    filled("devices", "undo", seq[1], "--reason", "wrong unit")
    text = filled("devices", "history", names["AXIS-1"]).out
    assert "TEST-MARKING" in text
    assert f"  {seq[1]}: merged on" in text
    assert "wrong unit" in text
    assert {row["id"] for row in rows(filled("devices", "--json").out)} == {*names.values()}


def test_a_split_needs_a_part_that_there_is(filled: Camaudit) -> None:
    refused = filled("devices", "split", "HIK-1", "--part", "10.9.9.9", "--reason", "r", code=2)
    assert "it is known by" in refused.err
