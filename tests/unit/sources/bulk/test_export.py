"""What an export makes up as it goes on does not fill the memory."""

from __future__ import annotations

import io
import json

from camaudit.model.observation import Problem
from camaudit.sources.importers import zgrab2
from camaudit.sources.spec import ReadOptions


def test_new_kinds_of_things_left_out_are_counted_together_in_the_end() -> None:
    lines = (
        json.dumps({"ip": "192.0.2.1", "data": {f"module{at}": {"result": {"x": 1}}}}).encode()
        for at in range(3_000)
    )
    found = zgrab2.SPEC.read(io.BytesIO(b"\n".join(lines)), ReadOptions(name="z.jsonl"))
    problems = [each for each in found if isinstance(each, Problem)]
    assert len(problems) <= 51
    assert any("other things are not used" in each.message for each in problems)
