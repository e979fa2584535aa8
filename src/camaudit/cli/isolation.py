"""``camaudit isolation``: whether devices are off the core network, and whom they talk to."""

from __future__ import annotations

import click

from .watches import capture_command, purge_command, watches_command


@click.group("isolation", epilog="Start with: camaudit isolation watches --help")
def isolation_command() -> None:
    """Tell whether devices are off the core network and whom they talk to, by their traffic."""


for _command in (capture_command, watches_command, purge_command):
    isolation_command.add_command(_command)
