"""``camaudit packs schema``: what a policy pack may hold, for editors and checkers."""

from __future__ import annotations

import json

import click

from camaudit.packs.load import vocabulary
from camaudit.packs.policies import fact_words
from camaudit.packs.policy_json import policy_json_schema
from camaudit.packs.shipped import find_pack_files


@click.command("schema", epilog="Example: camaudit packs schema > policy.schema.json")
def schema_command() -> None:
    """Write the JSON Schema of a policy pack, with the facts that its rules may ask.

    Editors check a `pack.yaml` against it. Whether the pack as a whole holds together, and whether
    its examples come out, `camaudit packs verify` tells.
    """
    files = find_pack_files()
    schema = policy_json_schema(fact_words(files), vocabulary(files))
    click.echo(json.dumps(schema, indent=2, ensure_ascii=False))
