"""``camaudit packs schema`` writes the schema that the packs are checked with."""

from __future__ import annotations

import json

from camaudit.packs.load import vocabulary
from camaudit.packs.policies import fact_words
from camaudit.packs.policy_json import DIALECT, policy_json_schema
from camaudit.packs.shipped import find_pack_files
from tests.cases.command import Camaudit


def test_the_schema_is_printed_whole(camaudit: Camaudit) -> None:
    files = find_pack_files()
    said = json.loads(camaudit("packs", "schema").out)
    assert said == policy_json_schema(fact_words(files), vocabulary(files))
    assert said["$schema"] == DIALECT
