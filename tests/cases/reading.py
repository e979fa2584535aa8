"""Write verdicts in the words of the hand-written tables."""

from __future__ import annotations

from camaudit.app.assess import Assessment
from camaudit.model.policy import Verdict
from camaudit.model.words import VerdictCode


def verdicts(assessment: Assessment, device: str) -> dict[str, str]:
    """Return, for each clause, the verdict on a device in one line."""
    at = next(i for i, each in enumerate(assessment.survey.devices) if each.id == device)
    return {each.clause: in_words(each) for each in assessment.verdicts_of(at)}


def in_words(verdict: Verdict) -> str:
    """Return ``meets/presumed``, ``cannot_tell device.installed``, ``not_applicable`` ..."""
    word = verdict.verdict.value
    if verdict.verdict is VerdictCode.CANNOT_TELL:
        return " ".join([word, *sorted(gap.fact for gap in verdict.gaps)])
    if verdict.verdict is VerdictCode.NOT_APPLICABLE:
        return word
    return f"{word}/{verdict.basis.value if verdict.basis else None}"


def word(line: str) -> str:
    """Return the verdict alone, of a line of a table."""
    return line.replace("/", " ").split()[0]
