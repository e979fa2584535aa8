"""The command line's frame: the group, its shared options, errors and exit codes."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import signal
import sys
from typing import Any, Final

import click

from camaudit import __version__
from camaudit.errors import CamauditError, UsageError

from .exits import EXIT_ERROR, EXIT_USAGE

#: Command -> module below ``camaudit.cli`` that holds it. Loaded when used: starting is quick.
_COMMANDS: Final = {
    "advisories": "advisories",
    "assess": "assess",
    "body": "register",
    "check": "check",
    "classify": "classify",
    "decide": "judge",
    "demo": "demo",
    "devices": "devices",
    "explain": "devices",
    "import": "ingest",
    "init": "register",
    "isolation": "isolation",
    "lab": "lab",
    "makers": "makers",
    "packs": "packs",
    "report": "report",
    "scan": "scan",
    "site": "register",
    "waive": "waive",
}

#: Batches make millions of objects and hardly a cycle: looking for cycles as often as by default
#: takes a quarter of the time of an import.
COLLECT_AFTER: Final = (100_000, 50, 1_000)


class _Lazy(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        loaded = importlib.import_module(f"camaudit.cli.{module}")
        command = getattr(loaded, f"{cmd_name}_command")
        return command if isinstance(command, click.Command) else None


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: camaudit demo",
)
@click.version_option(__version__, prog_name="camaudit")
def cli() -> None:
    """Find every camera, say who really made it, and decide what each rule asks of it."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    os.umask(0o077)  # what we write is for its owner: estates, reports, temporary files
    _fill_closed_streams()
    signal.signal(signal.SIGTERM, _interrupt)
    gc.set_threshold(*COLLECT_AFTER)
    code = _run(arguments)
    try:
        sys.stdout.flush()
    except OSError:  # it was told; or Python would try again at its end, and complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _fill_closed_streams() -> None:
    """Stand in for streams that our parent closed, or a file would be opened in their place.

    They are opened the wrong way round, so that using one is an error and not silence.
    """
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_WRONLY), closefd=False)
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", closefd=False)


def _interrupt(_number: int, _frame: Any) -> None:
    raise KeyboardInterrupt


def _run(arguments: list[str] | None) -> int:
    try:
        result = cli.main(arguments, prog_name="camaudit", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as request:
        return request.exit_code
    except click.ClickException as error:
        error.show()
        return EXIT_USAGE
    except BrokenPipeError:  # the reader has seen enough, e.g. `| head`
        return EXIT_ERROR
    except (CamauditError, KeyboardInterrupt, click.Abort, OSError, MemoryError) as error:
        click.echo(f"camaudit: {_words(error)}", err=True)
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_ERROR
    return result if isinstance(result, int) else 0


def _words(error: BaseException) -> str:
    if isinstance(error, CamauditError):
        return str(error)
    if isinstance(error, OSError):
        return _os_error(error)
    if isinstance(error, MemoryError):
        return "out of memory; split the input or use a larger machine"
    return "stopped; work is kept whole or not at all, so the command can be run again"


def _os_error(error: OSError) -> str:
    advice = {
        errno.ENOSPC: "the disk is full; free some space and run the command again",
        errno.EROFS: "the disk is read-only; choose another place",
        errno.EACCES: "permission denied; check the owner and mode of the file",
        errno.ENOENT: "no such file or directory",
        errno.EBADF: "standard input or output is closed",
        errno.EFBIG: "the file would be larger than this account may write",
    }.get(error.errno or 0, error.strerror or str(error))
    return f"{error.filename}: {advice}" if error.filename else advice
