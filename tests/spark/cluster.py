"""A Spark cluster on loopback: a master and workers of one core each, as processes of their own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.conformance.tree import ROOT

#: Seconds that a process may take to come up; they compete for two cores.
_PATIENCE: Final = 90
_MEMORY: Final = "1g"


def environment(folder: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return what commands need to reach the cluster, and workers to find camaudit."""
    fixed = {"spark.ui.enabled": "false", "spark.eventLog.enabled": "false"}
    conf = folder / "conf"
    conf.mkdir(exist_ok=True)
    text = "".join(f"{name} {value}\n" for name, value in (fixed | dict(settings)).items())
    (conf / "spark-defaults.conf").write_text(text, encoding="utf-8")
    return os.environ | {
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": f"{ROOT / 'src'}",
        "SPARK_CONF_DIR": str(conf),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "SPARK_DAEMON_MEMORY": "192m",
        "SPARK_LOCAL_DIRS": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }


@contextmanager
def cluster(
    folder: Path, cores: Sequence[int | None], settings: Mapping[str, str]
) -> Iterator[str]:
    """Run a master, and a worker for each of ``cores``, bound to that core; give the URL.

    Raises:
        RuntimeError: Java or Spark is missing, or does not come up.
    """
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise RuntimeError("no pyspark: run make test-spark, which installs it")
    if shutil.which("java") is None:
        raise RuntimeError("no Java: run make test-spark, which installs it")
    program = str(Path(found.origin).parent / "bin" / "spark-class")
    port, page = _free_port(), _free_port()
    url = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    master = [program, f"{deploy}.master.Master", "--host", "127.0.0.1"]
    master += ["--port", str(port), "--webui-port", str(page)]
    with ExitStack() as stack:
        log = stack.enter_context(
            _running(master, folder / "master", None, environment(folder, settings))
        )
        _wait(log, "I have been elected leader")
        for number, core in enumerate(cores):
            home = folder / f"worker-{number}"
            worker = [program, f"{deploy}.worker.Worker", "--host", "127.0.0.1"]
            worker += ["--cores", "1", "--memory", _MEMORY, "--work-dir", str(home)]
            worker += ["--webui-port", "0", url]
            log = stack.enter_context(_running(worker, home, core, environment(folder, settings)))
            _wait(log, "Successfully registered with master")
        yield url


@contextmanager
def _running(
    command: list[str], folder: Path, core: int | None, variables: dict[str, str]
) -> Iterator[Path]:
    folder.mkdir()
    log = folder / "log"
    pinned = [] if core is None else ["taskset", "--cpu-list", str(core)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*pinned, *command],
            env=variables,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield log
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(log: Path, words: str) -> None:
    end = time.monotonic() + _PATIENCE
    while words not in (text := log.read_text(encoding="utf-8", errors="replace")):
        if time.monotonic() > end:
            raise RuntimeError(f"{log}: did not say {words!r} in {_PATIENCE} s:\n{text[-2000:]}")
        time.sleep(0.2)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
