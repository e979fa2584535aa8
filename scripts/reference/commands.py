"""The page of commands, options and exit codes, read from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from camaudit.cli import exits
from camaudit.cli.main import cli

from .markdown import code, page, table

_EXITS = (
    (0, "the command did its work; for `assess`: no finding and nothing open"),
    (exits.EXIT_ERROR, "an error: the message on standard error says what to do next"),
    (exits.EXIT_USAGE, "the command was called wrongly"),
    (
        exits.EXIT_FINDINGS,
        "`assess` only: breaches of `must` or `must_not`, or of a strength named by `--fail-on`",
    ),
    (exits.EXIT_INCOMPLETE, "`assess` only: no such breach, but some verdicts are `cannot_tell`"),
)


#: The program's own; a command keeps the names that it was first asked with.
HELP = cli.context_settings["help_option_names"]


def pages() -> dict[str, str]:
    """Return the pages by path below ``docs/reference``."""
    intro = [
        "Results go to standard output, problems and progress to standard error. `--json` writes",
        "JSON Lines with stable names. The estate is `./camaudit.sqlite` unless `--estate` or",
        "`CAMAUDIT_ESTATE` names another file; a folder `packs/` beside the estate is read as an",
        "overlay, before those of `--packs`.",
    ]
    codes = ["## Exit codes", "", *table(["Code", "Means"], _EXITS)]
    sections = [_section(path, command) for path, command in _commands(("camaudit",), cli)]
    return {"cli.md": page("Command line", "the commands' own help", intro, codes, *sections)}


def _commands(
    path: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, help_option_names=HELP)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from _commands((*path, name), found)


def _section(path: tuple[str, ...], command: click.Command) -> list[str]:
    parent = click.Context(click.Command("")) if len(path) > 1 else None
    context = click.Context(
        command, info_name=" ".join(path), parent=parent, help_option_names=HELP
    )
    usage = " ".join((*path, *command.collect_usage_pieces(context)))
    lines = [f"## {' '.join(path)}", "", code(usage)]
    lines += ["", *_paragraphs(command.help or "")]
    rows = [
        (code(record[0]), record[1])
        for parameter in command.get_params(context)
        if (record := parameter.get_help_record(context)) is not None
    ]
    lines += ["", *table(["Option", "What it does"], rows)]
    if command.epilog:
        lines += ["", *_examples(command.epilog)]
    return lines


def _paragraphs(text: str) -> list[str]:
    lines = [" ".join(part.split()) for part in text.replace("\b\n", "").split("\n\n")]
    return "\n\n".join(lines).splitlines()


def _examples(epilog: str) -> list[str]:
    text = epilog.replace("\b\n", "").strip()
    lines = [line.strip() for line in text.splitlines()]
    lines = [line.removeprefix("Example:").removeprefix("Start with:").strip() for line in lines]
    until = lines.index("") if "" in lines else len(lines)
    shown = [line for line in lines[:until] if line and line != "Examples:"]
    return ["```text", *shown, "```"]
