"""The example beside each report is what the report says today.

After a meant change, look at the new examples and write them:
``.venv/bin/python -m tests.unit.reports.test_examples``.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import camaudit.reports
from camaudit.reports import ReportSpec, isolation, junit, letter, registry, sarif
from camaudit.reports.terminal import order

from .sample import small
from .sample_isolation import verification
from .sample_order import ABOUT, ORDER

HERE = Path(camaudit.reports.__file__).parent
REPORTS = sorted(registry().values(), key=lambda spec: spec.id)
#: Folders that write the answers to an order or of a verification, and not an assessment.
OTHER_FOLDERS = frozenset({"isolation", "junit", "letter", "sarif"})


def other_examples() -> dict[Path, bytes]:
    """Return what each writer of these says, by the file that keeps it."""
    first, *_ = letter.letters(ORDER)
    return {
        HERE / "isolation" / "examples" / "pretend.html": b"".join(isolation.build(verification())),
        HERE / "junit" / "examples" / "pretend.xml": b"".join(junit.build(ORDER, ABOUT)),
        HERE / "letter" / "examples" / "pretend.md": first.text.encode(),
        HERE / "sarif" / "examples" / "pretend.sarif": b"".join(sarif.build(ORDER, ABOUT)),
        HERE / "terminal" / "examples" / "pretend-order.txt": b"".join(order.build(ORDER, ABOUT)),
    }


def example(report: ReportSpec) -> Path:
    return HERE / report.id / "examples" / f"pretend{report.suffix}"


@pytest.mark.parametrize("report", REPORTS, ids=lambda spec: spec.id)
def test_the_example_is_fresh(report: ReportSpec) -> None:
    assert example(report).read_bytes() == b"".join(report.build(small()))


def test_each_report_has_its_own_folder_and_nobody_else_has_one() -> None:
    folders = {each.name for each in HERE.iterdir() if (each / "__init__.py").is_file()}
    assert folders == {report.id for report in REPORTS} | OTHER_FOLDERS


@pytest.mark.parametrize("file", other_examples(), ids=lambda file: file.name)
def test_the_other_example_is_fresh(file: Path) -> None:
    assert file.read_bytes() == other_examples()[file]


def test_an_example_holds_documentation_addresses_only() -> None:
    public = re.compile(r"\b(?!192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)\d+\.\d+\.\d+\.\d+\b")
    for file in (*map(example, REPORTS), *other_examples()):
        assert public.findall(file.read_text(encoding="utf-8")) == []


def write() -> int:
    """Write every example anew."""
    for report in REPORTS:
        example(report).parent.mkdir(exist_ok=True)
        example(report).write_bytes(b"".join(report.build(small())))
    for file, content in other_examples().items():
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(write())
