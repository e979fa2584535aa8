"""The samples of the tutorial and the how-tos run, and give the output that they show.

1. ``sh`` blocks run as they stand; every command in them must succeed.
2. ``console`` blocks hold commands after ``$ `` (continued after ``> ``) and their output, standard
   error included. A line ``...`` stands for any lines, ``...`` within a line for anything.
3. The blocks of a page run in one shell, one after the other, in an empty folder.
4. Of the README the ``console`` blocks run here; its ``sh`` blocks are for ``tests/system``.
5. Pages below ``extend`` get a copy of ``src`` to add to, and run what is in it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest

from camaudit.app.packset import cache_directory
from tests.pretend import alone

from .sample_server import CLIENT
from .tree import PACKAGE, ROOT, name_of

README = ROOT / "README.md"
PAGES = [
    README,
    *sorted((ROOT / "docs" / "tutorial").rglob("*.md")),
    *sorted((ROOT / "docs" / "how-to").rglob("*.md")),
]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
#: Languages of blocks that are shown and not run.
SHOWN = frozenset({"csv", "json", "python", "text", "yaml"})
#: Maker files that have no tie to others than these.
MAKERS = ("axis.yaml", "canon.yaml", "uniview.yaml")
MARK, FAILED = "\x01", "\x02"


class Step(NamedTuple):
    """Something to run; ``told`` is the output that the page shows, if it shows any."""

    script: str
    told: str | None


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def steps(page: Path) -> Iterator[Step]:
    for language, body in blocks(page):
        if language == "sh" and page != README:
            yield Step(body, None)
        elif language == "console":
            yield from session(body)


def session(body: str) -> Iterator[Step]:
    script: list[str] = []
    told: list[str] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            if script:
                yield Step("\n".join(script), "\n".join(told))
            script, told = [line[2:]], []
        elif line.startswith("> ") and not told:
            script.append(line[2:])
        else:
            told.append(line)
    yield Step("\n".join(script), "\n".join(told))


def fits(shown: str, output: str) -> bool:
    pattern = ""
    for line in shown.splitlines():
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*?".join(map(re.escape, line.rstrip().split("..."))) + r"\n"
    return re.fullmatch(pattern, output) is not None


def plain(output: str) -> str:
    lines = [line.rstrip() for line in output.replace(FAILED, "").splitlines()]
    return "".join(f"{line}\n" for line in lines)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of samples, with a quick ``camaudit`` on its PATH."""
    folder = tmp_path_factory.mktemp("samples")
    programs = folder / "bin"
    programs.mkdir()
    client = programs / "camaudit"
    client.write_text(f"#!{sys.executable} -SE\n{CLIENT}")
    client.chmod(0o755)
    place = folder / "socket"
    environment = {
        "COLUMNS": "100",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(PACKAGE.parent),  # for what the demo starts as a process of its own
        "SAMPLE_SERVER": str(place),
        "USER": "operator",
        "XDG_CACHE_HOME": str(cache_directory().parent),  # compiled once for all tests
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.conformance.sample_server", str(place)], cwd=ROOT
    )
    while not place.exists() and server.poll() is None:
        time.sleep(0.05)
    yield environment
    server.kill()
    server.wait()


def run(all_steps: list[Step], folder: Path, environment: dict[str, str]) -> list[str]:
    """Return the output of each step; one too few where a step ended the shell."""
    done = subprocess.run(
        ["bash", "-c", as_script(all_steps)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    told, *rest = done.stdout.decode("utf-8", "replace").split(MARK)
    outputs = [told]
    for code, output in zip(rest[::2], rest[1::2], strict=True):
        # the mark itself fails with the code of the step before it, and so springs the trap
        outputs.append(output if code == "0" else output.removeprefix(FAILED))
    return outputs


def as_script(all_steps: list[Step]) -> str:
    """Return a script that sets off the output of each step, and marks commands that fail."""
    lines = [
        r"trap 'printf \\002' ERR",
        r"mark() { local code=$?; printf '\001%d\001' $code; return $code; }",
    ]
    for step in all_steps:
        lines += [step.script.rstrip("\n"), "mark"]
    return "\n".join(lines)


def test_the_documents_have_samples() -> None:
    assert {"first-estate.md", "use-classify.md", "maker.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_says_what_it_is(page: Path) -> None:
    languages = [language for language, _ in blocks(page)]
    assert {*languages} - SHOWN <= {"sh", "console"}
    assert {"sh", "console"} & {*languages}, "nothing on this page runs"


@pytest.mark.timeout(300)  # other tests may have the ports of the demo's lab
@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_samples_run_and_say_what_is_shown(
    page: Path, tmp_path: Path, shared: dict[str, str]
) -> None:
    environment = shared
    if page.parent.name == "extend":
        copy_of_src(tmp_path)
        python = Path(sys.executable).parent
        environment = shared | {
            "PATH": f"{python}:{os.environ['PATH']}",
            "PYTHONPATH": str(tmp_path / "src"),
        }
    all_steps = list(steps(page))
    with alone() if any("camaudit demo" in step.script for step in all_steps) else nullcontext():
        outputs = run(all_steps, tmp_path, environment)
    assert len(outputs) == len(all_steps) + 1, outputs[-1]  # the last is what follows the last mark
    for step, output in zip(all_steps, outputs, strict=False):
        assert "Traceback" not in output, f"{step.script}\n{output}"
        if step.told is None:
            assert FAILED not in output, f"{step.script}\n{output}"
        else:
            shown = f"$ {step.script}\n{plain(output)}"
            assert fits(step.told, plain(output)), f"the page shows another output than\n{shown}"


def copy_of_src(folder: Path) -> None:
    """Make ``src/camaudit`` in a folder: real folders, and links to the files.

    Of the makers only three are taken: compiling all of them takes longer than all else here.
    """
    for file in PACKAGE.rglob("*"):
        left_out = file.parent.name in ("makers", "clouds") and file.name not in MAKERS
        if file.is_file() and "__pycache__" not in file.parts and not left_out:
            copy = folder / "src" / "camaudit" / file.relative_to(PACKAGE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.symlink_to(file)


@pytest.mark.parametrize(
    ("shown", "output", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\n...\nc", "a\nb\nb\nc\n", True),
        ("a\n...", "a\n", True),
        ("took ... s", "took 3 s\n", True),
        ("took ... s", "took 3\n s\n", False),
        ("a.c", "abc\n", False),
        ("a", "a\nb\n", False),
        ("", "a\n", False),
    ],
)
def test_what_fits(shown: str, output: str, same: bool) -> None:  # noqa: FBT001
    assert fits(shown, output) is same


def test_a_failing_command_is_noticed(tmp_path: Path, shared: dict[str, str]) -> None:
    outputs = run([Step("false\ntrue", None), Step("true", None)], tmp_path, shared)
    assert [FAILED in output for output in outputs] == [True, False, False]
    assert len(run([Step("exit 3", ""), Step("true", "")], tmp_path, shared)) == 1


def test_the_exit_code_can_be_asked_for(tmp_path: Path, shared: dict[str, str]) -> None:
    outputs = run([Step("(exit 4)", ""), Step("echo $?", "4")], tmp_path, shared)
    assert outputs[1] == "4\n"
