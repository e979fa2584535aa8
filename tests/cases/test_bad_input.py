"""Files that are damaged, hostile, or not what they say: words instead of a traceback, no harm."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests import child
from tests.cases.command import Camaudit
from tests.cases.states import rows_of
from tests.endless import MOST_RESIDENT_KIB, classify_long_line

REGISTER = "asset,make,model,ip\nA1,Axis,P3245-LV,10.1.1.1\nA2,Dahua,IPC-HFW2431S,10.1.1.2\n"
HOST = '<host><status state="up"/><address addr="10.2.0.{n}" addrtype="ipv4"/></host>\n'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def scan(hosts: str, doctype: str = "") -> str:
    return f'<?xml version="1.0"?>\n{doctype}<nmaprun scanner="nmap">\n{hosts}</nmaprun>\n'


#: Name of the file, what it holds, and words that the refusal must have.
REFUSED: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "billion laughs": (
        "laughs.xml",
        scan(HOST.format(n="&l9;"), f'<!DOCTYPE nmaprun [<!ENTITY l0 "lol">{LAUGHS}]>\n').encode(),
        ("entities",),
    ),
    "quadratic": (
        "blown.xml",
        scan("&x;" * 50_000, f'<!DOCTYPE nmaprun [<!ENTITY x "{"x" * 50_000}">]>\n').encode(),
        ("entities",),
    ),
    "external entity": (
        "fetch.xml",
        scan(
            HOST.format(n="&x;"), '<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        ).encode(),
        ("entities",),
    ),
    "another XML": ("feed.xml", b"<?xml version='1.0'?><rss></rss>", ("nmap",)),
    "empty": ("nothing.csv", b"", ("not recognised", "--as")),
    "zeros": ("zeros.csv", bytes(5000), ("not recognised", "--as")),
    "noise": ("noise.csv", bytes(range(256)) * 20, ("--as",)),
    "picture": ("photo.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64), ("--as",)),
    "workbook cut off": ("book.xlsx", b"PK\x03\x04" + b"\x14\0" * 500, ()),
    "UTF-16 lines": (
        "lines.jsonl",
        '{"device":"d","protocol":"http","field":"server","value":"x"}\n'.encode("utf-16"),
        (),
    ),
}


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An estate that already holds something to lose."""
    folder = tmp_path_factory.mktemp("pattern")
    (folder / "register.csv").write_text(REGISTER)
    child.camaudit("init", "--estate", folder / "estate.sqlite")
    child.camaudit("import", folder / "register.csv", "--estate", folder / "estate.sqlite")
    return folder / "estate.sqlite"


@pytest.fixture
def estate(pattern: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(pattern, tmp_path / "estate.sqlite"))


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_refused(
    camaudit: Camaudit, name: str, estate: Path, tmp_path: Path
) -> None:
    file, content, words = REFUSED[name]
    (tmp_path / file).write_bytes(content)
    before = rows_of(estate)
    told = camaudit("import", tmp_path / file, "--estate", estate, code=1)
    assert file in told.err
    assert all(word in told.err for word in words), told.err
    assert rows_of(estate) == before


def test_a_scan_that_was_cut_off_gives_the_hosts_before_the_cut(
    camaudit: Camaudit, estate: Path, tmp_path: Path
) -> None:
    whole = scan("".join(HOST.format(n=n) for n in range(1, 4)))
    (tmp_path / "cut.xml").write_text(whole[: whole.index("10.2.0.3") + 4])
    told = camaudit("import", tmp_path / "cut.xml", "--estate", estate)
    assert "cut off here" in told.err
    assert "2 hosts were read" in told.err
    assert "(2 new)" in told.out
    camaudit("import", tmp_path / "cut.xml", "--estate", estate)
    (tmp_path / "cut-too.xml").write_text(whole[: whole.index("10.2.0.2") + 4])
    camaudit("import", tmp_path / "cut-too.xml", "--estate", estate, "--strict", code=1)


def test_rows_with_nul_bytes_are_rejected_and_counted(
    camaudit: Camaudit, estate: Path, tmp_path: Path
) -> None:
    (tmp_path / "nul.csv").write_bytes(
        b"asset,make,model,ip\nB1,Axis,P1,10.1.2.1\nB2,Ax\0is,P2,10.1.2.2\nB3,Axis,P3,10.1.2.3\n"
    )
    told = camaudit("import", tmp_path / "nul.csv", "--estate", estate)
    assert "row 3" in told.err
    assert "NUL" in told.err
    assert "(2 new)" in told.out
    assert "1 rows rejected" in told.out


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "mac-roman"])
def test_another_encoding_costs_no_row(
    camaudit: Camaudit, encoding: str, estate: Path, tmp_path: Path
) -> None:
    text = "asset,make,model,location\nC1,Mobotix,M16,Küche, Süd\nC2,Axis,P1,Straße\n"
    (tmp_path / "coded.csv").write_bytes(text.encode(encoding))
    assert "(2 new)" in camaudit("import", tmp_path / "coded.csv", "--estate", estate).out


def test_a_wrong_encoding_by_name_is_refused(
    camaudit: Camaudit, estate: Path, tmp_path: Path
) -> None:
    before = rows_of(estate)
    (tmp_path / "plain.csv").write_text("asset,make\nD1,Axis\n")
    for encoding in ("no-such-encoding", "base64"):
        told = camaudit(
            *("import", tmp_path / "plain.csv", "--encoding", encoding, "--estate", estate), code=1
        )
        assert "plain.csv" in told.err
        assert encoding in told.err
    assert rows_of(estate) == before


def test_lines_that_are_not_observations_are_counted(camaudit: Camaudit, tmp_path: Path) -> None:
    good = b'{"device":"d","protocol":"http","field":"server","value":"App-webs/"}\n'
    bad = [b"\0\0\0\n", b"{}\n", b"[1]\n", b'{"device":"d\xff"}\n', b"[" * 100_000 + b"\n"]
    (tmp_path / "lines.jsonl").write_bytes(good + b"".join(bad) + good)
    told = camaudit("classify", tmp_path / "lines.jsonl", "--json")
    assert told.out.count("\n") == 1
    assert "hikvision" in told.out
    assert f"{len(bad)} lines rejected" in told.err
    assert all(f"line {number}:" in told.err for number in range(2, 2 + len(bad)))
    camaudit("classify", tmp_path / "lines.jsonl", "--json", "--strict", code=1)


def a_text(path: Path) -> None:
    path.write_text("these are notes, not an estate\n" * 300)


def nothing(path: Path) -> None:
    path.touch()


def another_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.execute("PRAGMA user_version = 1")


def a_later_estate(path: Path) -> None:
    child.camaudit("init", "--estate", path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def a_torn_estate(path: Path) -> None:
    child.camaudit("init", "--estate", path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x5a" * (len(whole) - 4096))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (a_text, "not an estate"),
        (nothing, "not an estate"),
        (another_database, "another program"),
        (a_later_estate, "newer camaudit"),
        (a_torn_estate, "damaged"),
    ],
)
def test_what_is_no_estate_is_named_and_left_alone(
    camaudit: Camaudit, make: Callable[[Path], None], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "thing.sqlite"
    make(path)
    (tmp_path / "register.csv").write_text(REGISTER)
    before = path.read_bytes()
    for command in (("import", tmp_path / "register.csv"), ("devices", "list"), ("assess",)):
        told = camaudit(*command, "--estate", path, code=1)
        assert "thing.sqlite" in told.err
        assert words in told.err
    assert path.read_bytes() == before


def test_a_directory_and_nothing_at_all_are_no_estates(camaudit: Camaudit, tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text(REGISTER)
    told = camaudit("import", tmp_path / "register.csv", "--estate", tmp_path, code=2)
    assert "directory" in told.err
    told = camaudit("devices", "list", "--estate", tmp_path / "none.sqlite", code=1)
    assert "camaudit init" in told.err
    assert not (tmp_path / "none.sqlite").exists()


def test_init_never_overwrites(camaudit: Camaudit, estate: Path) -> None:
    before = rows_of(estate)
    assert "there already" in camaudit("init", "--estate", estate, code=1).err
    assert rows_of(estate) == before


def test_a_read_only_estate_is_read_and_not_written(estate: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("asset,make\nE1,Axis\n")
    before = rows_of(estate)
    estate.chmod(0o400)
    told = child.camaudit(
        "import", tmp_path / "more.csv", "--estate", estate, code=1, prefix=child.ORDINARY
    )
    assert "estate.sqlite" in told.err
    assert "owner and mode" in told.err
    assert (
        "P3245-LV"
        in child.camaudit("devices", "list", "--estate", estate, prefix=child.ORDINARY).out
    )
    assert rows_of(estate) == before


def test_a_read_only_folder_takes_no_estate_and_no_report(estate: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    for command in (
        ("init", "--estate", closed / "new.sqlite"),
        ("report", "--out", closed / "report.html", "--estate", estate),
    ):
        told = child.camaudit(*command, code=1, prefix=child.ORDINARY)
        assert str(command[2]) in told.err
        assert "permission denied" in told.err
    assert list(closed.iterdir()) == []


PACK = """id: acme
kind: brand
names: [Acme Vision]
signatures:
  - id: acme-server
    fields: [http.server]
    pattern: '^Acme Vision'
    proves: [badge]
    weight: strong
    confidence: verified
    says: The web server names Acme Vision.
    source: made-up
    examples: [{text: "Acme Vision 2"}]
    not_examples: ["Acne"]
sources:
  made-up: {title: "A test", url: "https://acme.example/", read_on: 2026-01-01}
"""
LINE = b'{"device":"d","protocol":"http","field":"server","value":"Acme Vision 2"}\n'


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    (tmp_path / "ours" / "makers").mkdir(parents=True)
    (tmp_path / "one.jsonl").write_bytes(LINE)
    return tmp_path / "ours"


def test_the_overlay_is_sound_before_it_is_spoilt(
    camaudit: Camaudit, overlay: Path, tmp_path: Path
) -> None:
    (overlay / "makers" / "acme.yaml").write_text(PACK)
    told = camaudit("classify", tmp_path / "one.jsonl", "--json", "--packs", overlay)
    assert '"maker":"acme"' in told.out


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field"),
    [
        ("    weight: strong", "    wieght: strong", 9, "wieght"),
        ("    weight: strong", "    weight: strnog", 9, "weight"),
        ("    proves: [badge]", "    proves: [bagde]", 8, "proves"),
        ("kind: brand", "kind: brnad", 2, "kind"),
        ("'^Acme Vision'", "'^Acme (Vision'", 7, "pattern"),
        ("'^Acme Vision'", "'^(?=Acme) Vision'", 7, "pattern"),
        ("    source: made-up", "    source: mad-up", 12, "source"),
        ("    fields: [http.server]", "    fields: [http.sevrer]", 6, "fields"),
        ("names: [Acme Vision]", "names: [Acme Vision", 4, ""),
        ("kind: brand", "kind: brand\nkind: brand", 3, "kind"),
    ],
)
def test_a_typing_slip_in_a_maker_pack(
    camaudit: Camaudit, right: str, wrong: str, line: int, field: str, overlay: Path, tmp_path: Path
) -> None:
    assert PACK.count(right) == 1
    (overlay / "makers" / "acme.yaml").write_text(PACK.replace(right, wrong))
    told = camaudit("classify", tmp_path / "one.jsonl", "--packs", overlay, code=1)
    assert f"makers/acme.yaml:{line}:" in told.err
    assert field in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "field"),
    [
        ('["Acne"]', '["Acme Vision 3"]', 14, "not_examples"),
        ('[{text: "Acme Vision 2"}]', '[{text: "Acne Vision"}]', 13, "examples"),
    ],
)
def test_an_example_that_does_not_hold(
    camaudit: Camaudit, right: str, wrong: str, line: int, field: str, overlay: Path
) -> None:
    assert PACK.count(right) == 1
    (overlay / "makers" / "acme.yaml").write_text(PACK.replace(right, wrong))
    told = camaudit("packs", "verify", "--packs", overlay, code=1)
    assert f"makers/acme.yaml:{line}:" in told.err
    assert field in told.err


def test_an_overlay_must_say_what_it_replaces(
    camaudit: Camaudit, overlay: Path, tmp_path: Path
) -> None:
    (overlay / "makers" / "axis.yaml").write_text(PACK.replace("acme", "axis"))
    told = camaudit("classify", tmp_path / "one.jsonl", "--packs", overlay, code=1)
    assert "makers/axis.yaml" in told.err
    assert "overrides.yaml" in told.err


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("legal_force:", "legal_froce:"),
        ("strength: must_not", "strength: must_nott"),
        ("in_group: subject_to_law", "in_gruop: subject_to_law"),
    ],
)
def test_a_typing_slip_in_a_policy_pack(
    camaudit: Camaudit, right: str, wrong: str, overlay: Path, estate: Path
) -> None:
    shipped = Path(__file__).parents[2] / "src/camaudit/data/policies/uk-2022-statement"
    folder = overlay / "policies" / "our-rules"
    folder.mkdir(parents=True)
    for file in shipped.iterdir():
        text = file.read_text(encoding="utf-8").replace("id: uk-2022-statement", "id: our-rules")
        (folder / file.name).write_text(text, encoding="utf-8")
    pack = folder / "pack.yaml"
    text = pack.read_text(encoding="utf-8")
    at = text.index(right)
    pack.write_text(text[:at] + wrong + text[at + len(right) :], encoding="utf-8")
    line = text[:at].count("\n") + 1
    told = camaudit(
        *("assess", "--policy", "our-rules", "--packs", overlay, "--estate", estate), code=1
    )
    assert f"policies/our-rules/pack.yaml:{line}:" in told.err
    assert wrong.partition(":")[0] in told.err


def test_a_line_longer_than_memory_allows_is_passed_over(tmp_path: Path) -> None:
    out, told, peak = classify_long_line(400, tmp_path, within_s=60)
    assert "line 1: the line is 419,430,463 bytes long and was not read" in told
    assert [line.partition(",")[0] for line in out.splitlines()] == ['{"device":"next"']
    assert peak < MOST_RESIDENT_KIB
