"""Show what the rules would say if some facts were otherwise, beside what they say."""

from __future__ import annotations

from rich.table import Table

from camaudit.app.assess import Assessment
from camaudit.app.what_if import suppose
from camaudit.errors import UsageError

from .terminal import print_json, screen


def show_supposed(assessment: Assessment, supposed: tuple[str, ...], *, as_json: bool) -> None:
    """Print the counts as they are and as supposed; every line says what is supposed."""
    given = dict(_fact(each) for each in supposed)
    counts = suppose(assessment, given)
    if as_json:
        print_json(
            {
                "what_if": given,
                "requirement": each.requirement,
                "verdict": each.verdict,
                "as_it_is": each.as_it_is,
                "supposed": each.supposed,
            }
            for each in counts
        )
        return
    said = ", ".join(f"{name} is {value}" for name, value in given.items())
    table = Table(title=f"What if {said}? Supposed for every device; nothing is stored.")
    for heading in ("Requirement", "Verdict"):
        table.add_column(heading)
    for heading in ("As it is", "Supposed", "Difference"):
        table.add_column(heading, justify="right")
    for each in counts:
        table.add_row(
            each.requirement,
            each.verdict.replace("_", " "),
            str(each.as_it_is),
            str(each.supposed),
            f"{each.supposed - each.as_it_is:+d}",
        )
    screen().print(table)


def _fact(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise UsageError(f"--what-if {text}: want FACT=VALUE, such as site.sensitive=yes")
    return name, value
